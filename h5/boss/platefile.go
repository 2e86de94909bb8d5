package boss

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"

	"gofive/h5"
	"gofive/h5/fits"
)

// plateFile is a spPlate-*.fits, and the files beside it that tell more of the same plate and night.
type plateFile struct {
	file     *fits.File
	night    night
	ids      []FiberID
	rows     map[int]int // of fibers in the images
	wave     []float32
	tables   map[string]*plateTable
	names    []string // of tables
	model    *fits.HDU
	modelRow map[int]int
	opened   []*fits.File
	frameSet *plateFrames
	missing  []error
	said     []string
}

// plateTable is a catalog and where it is.
type plateTable struct {
	hdu    *fits.HDU
	number bool // it has a row a fiber and no column that says which
}

// The images of a spPlate by number, and of what column.
var plateImages = []struct {
	hdu  int
	name string
}{{0, "FLUX"}, {1, "IVAR"}, {2, "AND_MASK"}, {3, "OR_MASK"}, {4, "WAVEDISP"}, {6, "SKY"}}

const plugHDU = 5

// plateCatalogs are the files beside a spPlate that hold catalogs, each in HDU 1.
var plateCatalogs = []struct {
	file, catalog string
	needed        bool
}{{"spZbest", "zbest", true}, {"spZline", "zline", true},
	{"photoMatchPlate", "photo/match", false}, {"photoPosPlate", "photo/matchpos", false}, {"photoPlate", "photo/matchflux", false}}

func openPlate(path string) (source, error) {
	f, err := fits.Open(path)
	if err != nil {
		return nil, err
	}
	s := &plateFile{file: f, opened: []*fits.File{f}, rows: map[int]int{}, tables: map[string]*plateTable{}, modelRow: map[int]int{}}
	if err := s.look(); err != nil {
		s.Close()
		return nil, fail("open", path, err)
	}
	return s, nil
}

func (s *plateFile) Close() error {
	var err error
	if s.frameSet != nil {
		err = s.frameSet.close()
	}
	for _, f := range s.opened {
		err = errors.Join(err, f.Close())
	}
	return err
}

// look reads what is the same for all fibers.
func (s *plateFile) look() error {
	h := s.file.HDU(0).Header
	var err1, err2 error
	s.night.plate, err1 = h.Int("PLATEID")
	s.night.mjd, err2 = h.Int("MJD")
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	if err := s.lookAtImages(); err != nil {
		return err
	}
	plug := s.file.HDU(plugHDU)
	fibers, err := fiberNumbers(plug)
	if err != nil {
		return fmt.Errorf("plugmap: %w", err)
	}
	if n := s.file.HDU(0).Shape()[0]; len(fibers) != n {
		return fmt.Errorf("the images have %d rows and plugmap %d: which row is which fiber is unknown", n, len(fibers))
	}
	for row, fiber := range fibers {
		if _, twice := s.rows[fiber]; twice {
			return fmt.Errorf("plugmap has fiber %d twice", fiber)
		}
		s.rows[fiber] = row
		s.ids = append(s.ids, FiberID{s.night.plate, s.night.mjd, fiber})
	}
	sortIDs(s.ids)
	s.tables["plugmap"], s.names = &plateTable{hdu: plug}, []string{"plugmap"}
	s.lookBeside()
	s.lookForPlan()
	return nil
}

// lookAtImages makes sure that the images have one shape.
func (s *plateFile) lookAtImages() error {
	h := s.file.HDU(0).Header
	c0, err1 := h.Float64("COEFF0")
	c1, err2 := h.Float64("COEFF1")
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	for _, image := range plateImages {
		h := s.file.HDU(image.hdu)
		if h.Err != nil {
			return h.Err
		}
		shape, first := h.Shape(), s.file.HDU(0).Shape()
		if len(shape) != 2 || len(first) != 2 || shape[0] != first[0] || shape[1] != first[1] {
			return fmt.Errorf("HDU %d, %s, has the shape %v and HDU 0 %v", image.hdu, image.name, shape, first)
		}
	}
	s.wave = make([]float32, s.file.HDU(0).Shape()[1])
	for i := range s.wave {
		s.wave[i] = float32(math.Pow(10, c0+c1*float64(i)))
	}
	return nil
}

func fiberNumbers(h *fits.HDU) ([]int, error) {
	v, err := h.Column("FIBERID").Values()
	if err != nil {
		return nil, err
	}
	a, err := h5.NewArray(v)
	if err != nil {
		return nil, err
	}
	return a.Ints()
}

// lookBeside opens the files that hold catalogs and the model. They may be in a folder named for the version of the
// reduction.
func (s *plateFile) lookBeside() {
	var without []string
	for _, c := range plateCatalogs {
		path := s.beside(c.file)
		if path == "" {
			if c.needed {
				s.missing = append(s.missing, fmt.Errorf("there is no %s-%04d-%d.fits beside it", c.file, s.night.plate, s.night.mjd))
			} else {
				without = append(without, c.file)
			}
			continue
		}
		f, err := fits.Open(path)
		if err != nil {
			s.missing = append(s.missing, err)
			continue
		}
		s.opened = append(s.opened, f)
		h := f.HDU(1)
		fibers, err := fiberNumbers(h)
		if h.Err != nil {
			s.missing = append(s.missing, h.Err)
			continue
		}
		s.names = append(s.names, c.catalog)
		s.tables[c.catalog] = &plateTable{h, err != nil}
		if c.catalog == "zbest" {
			s.lookAtModel(f, fibers)
		}
	}
	if without != nil {
		s.said = append(s.said, fmt.Sprintf("%s: no catalogs of photometry, for there is no %s beside it", s.file.Path(), strings.Join(without, ", ")))
	}
}

func (s *plateFile) lookAtModel(f *fits.File, fibers []int) {
	h := f.HDU(2)
	if shape := h.Shape(); h.Err != nil || len(shape) != 2 || shape[0] != len(fibers) || shape[1] != len(s.wave) {
		s.missing = append(s.missing, fmt.Errorf("%s: HDU 2 is no model of these spectra; MODEL is NaN", f.Path()))
		return
	}
	s.model = h
	for row, fiber := range fibers {
		s.modelRow[fiber] = row
	}
}

// beside finds a file of the same plate and night.
func (s *plateFile) beside(kind string) string {
	name := fmt.Sprintf("%s-%04d-%d.fits", kind, s.night.plate, s.night.mjd)
	dir := folder(s.file.Path())
	run := strings.TrimSpace(s.file.HDU(0).Header.Text("RUN2D"))
	for _, pattern := range []string{filepath.Join(dir, name), filepath.Join(dir, filepath.Base("/"+run), name), filepath.Join(dir, "*", name)} {
		if found, err := filepath.Glob(pattern); err == nil && len(found) > 0 {
			return found[0]
		}
		if _, err := os.Stat(pattern + ".gz"); err == nil {
			return pattern + ".gz"
		}
	}
	return ""
}

// notes are what is missing beside the file, and what of it is damaged.
func (s *plateFile) notes() []error {
	return append(s.missing[:len(s.missing):len(s.missing)], s.frameSet.missing...)
}

func (s *plateFile) remarks() []string { return s.said }

func (s *plateFile) fibers() ([]FiberID, error) { return s.ids, nil }

func (s *plateFile) coadd(id FiberID) (*h5.Table, error) {
	row, ok := s.rows[id.Fiber]
	if !ok || id.night() != s.night {
		return nil, fmt.Errorf("%s has no fiber %v", s.file.Path(), id)
	}
	args := []any{"WAVE", s.wave}
	for _, image := range plateImages {
		v, err := s.file.HDU(image.hdu).Read(row*len(s.wave), len(s.wave))
		if err != nil {
			return nil, err
		}
		args = append(args, image.name, v)
	}
	model, err := s.modelOf(id.Fiber)
	if err != nil {
		return nil, err
	}
	return h5.NewTable(append(args, "MODEL", model)...)
}

// modelOf reads the fit of a fiber, NaN where there is none.
func (s *plateFile) modelOf(fiber int) (any, error) {
	if row, ok := s.modelRow[fiber]; ok {
		return s.model.Read(row*len(s.wave), len(s.wave))
	}
	none := make([]float32, len(s.wave))
	for i := range none {
		none[i] = float32(math.NaN())
	}
	return none, nil
}

func (s *plateFile) attrs(FiberID) ([]card, error) { return cardsOf(s.file.HDU(0).Header), nil }

func (s *plateFile) frames(id FiberID) ([]frameID, error) { return s.frameSet.of(id.Fiber) }

func (s *plateFile) frame(id FiberID, f frameID) (*h5.Table, []card, error) {
	return s.frameSet.frame(id.Fiber, f)
}

func (s *plateFile) catalogs(night) ([]string, error) { return s.names, nil }

// nightCatalog reads a table. Those of photo/ have a row a fiber, in the order of plugmap, and get the column FIBERID.
func (s *plateFile) nightCatalog(_ night, name string) (*rows, error) {
	t := s.tables[name]
	if t == nil {
		return nil, fmt.Errorf("there is no catalog %s", name)
	}
	r, err := fitsRows(t.hdu, 0, t.hdu.Rows())
	if err != nil || !t.number {
		return r, err
	}
	if r.n != len(s.rows) {
		return nil, fmt.Errorf("%s has %d rows for %d fibers", name, r.n, len(s.rows))
	}
	fibers := make([]int16, r.n)
	for fiber, row := range s.rows {
		fibers[row] = int16(fiber)
	}
	a, err := h5.NewArray(fibers)
	if err != nil {
		return nil, err
	}
	r.columns = append(r.columns, column{"FIBERID", a, h5.Int16})
	return r, nil
}

func (s *plateFile) catalog(name string) (*h5.Table, error) { return allNights(s, name) }
