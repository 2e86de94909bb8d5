package boss

import (
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"gofive/h5"
	"gofive/h5/fits"
)

// specFile is a spec-*.fits: one fiber.
type specFile struct {
	file *fits.File
	id   FiberID
}

// The parts of a spec-*.fits, by number: names may be missing.
const (
	coaddHDU = 1
	allHDU   = 2 // its row of spAll
	lineHDU  = 3 // its rows of spZline
	frameHDU = 4 // and all behind it
)

func openSpec(path string) (source, error) {
	f, err := fits.Open(path)
	if err != nil {
		return nil, err
	}
	s := &specFile{file: f}
	if s.id, err = s.whose(); err != nil {
		f.Close()
		return nil, fail("open", path, err)
	}
	return s, nil
}

func (s *specFile) Close() error { return s.file.Close() }

// whose finds the fiber in header, catalog and name, which must not contradict each other.
func (s *specFile) whose() (FiberID, error) {
	var found FiberID
	var from string
	for _, try := range []struct {
		where string
		id    func() FiberID
	}{{"the header", s.headerID}, {"the catalog row", s.rowID}, {"the name", s.nameID}} {
		id := try.id()
		switch {
		case id == FiberID{}:
		case found == FiberID{}:
			found, from = id, try.where
		case id != found:
			return found, fmt.Errorf("%s says that it is %v, %s that it is %v", from, found, try.where, id)
		}
	}
	if found == (FiberID{}) {
		return found, errors.New("neither header nor name say which plate, night and fiber it is of")
	}
	return found, nil
}

func (s *specFile) headerID() (id FiberID) {
	h := s.file.HDU(0).Header
	var errs [3]error
	id.Plate, errs[0] = h.Int("PLATEID")
	id.MJD, errs[1] = h.Int("MJD")
	id.Fiber, errs[2] = h.Int("FIBERID")
	return orNone(id, errs[:]...)
}

func (s *specFile) rowID() (id FiberID) {
	h := s.file.HDU(allHDU)
	if h.Err != nil || h.Rows() < 1 {
		return id
	}
	r := func(name string) (int, error) {
		v, err := h.Column(name).Read(0, 1)
		if err != nil {
			return 0, err
		}
		a, err := h5.NewArray(v)
		if err != nil {
			return 0, err
		}
		n, err := a.Ints()
		if err != nil || len(n) != 1 {
			return 0, errors.New("no number")
		}
		return n[0], nil
	}
	var errs [3]error
	id.Plate, errs[0] = r("PLATE")
	id.MJD, errs[1] = r("MJD")
	id.Fiber, errs[2] = r("FIBERID")
	return orNone(id, errs[:]...)
}

func (s *specFile) nameID() FiberID { return nameID(s.file.Path()) }

// nameID reads a name like spec-3655-55240-0030.fits.
func nameID(path string) (id FiberID) {
	name := strings.TrimSuffix(strings.TrimSuffix(filepath.Base(path), ".gz"), ".fits")
	part := strings.Split(name, "-")
	if len(part) != 4 || part[0] != "spec" {
		return id
	}
	var errs [3]error
	id.Plate, errs[0] = strconv.Atoi(part[1])
	id.MJD, errs[1] = strconv.Atoi(part[2])
	id.Fiber, errs[2] = strconv.Atoi(part[3])
	return orNone(id, errs[:]...)
}

func orNone(id FiberID, errs ...error) FiberID {
	if errors.Join(errs...) != nil {
		return FiberID{}
	}
	return id
}

func (s *specFile) fibers() ([]FiberID, error) { return []FiberID{s.id}, nil }

func (s *specFile) coadd(FiberID) (*h5.Table, error) {
	h := s.file.HDU(coaddHDU)
	r, err := s.spectrum(h, coaddNames)
	if err != nil {
		return nil, err
	}
	return r.table()
}

// spectrum reads a table of pixels. FITS has the logarithm of the wavelength, HDF5 the wavelength.
func (s *specFile) spectrum(h *fits.HDU, names []string) (*rows, error) {
	r, err := fitsRows(h, 0, h.Rows())
	if err != nil {
		return nil, err
	}
	if r, err = r.fromFITS(names); err != nil {
		return nil, fmt.Errorf("HDU %d: %w", h.Index, err)
	}
	loglam, err := r.column("WAVE").values.Float32s()
	if err != nil {
		return nil, err
	}
	r.columns[0].values, err = h5.NewArray(waves(loglam))
	return r, err
}

// waves gives wavelengths from their logarithms, so that rounding gives the logarithms back. The grid of the
// header's COEFF0 and COEFF1 is not theirs to all digits.
func waves(loglam []float32) []float32 {
	out := make([]float32, len(loglam))
	for i, l := range loglam {
		out[i] = float32(math.Pow(10, float64(l)))
	}
	return out
}

// logarithm is the column LOGLAM of a wavelength.
func logarithm(wave float32) float32 { return float32(math.Log10(float64(wave))) }

func (s *specFile) attrs(FiberID) ([]card, error) { return cardsOf(s.file.HDU(0).Header), nil }

// cardsOf gives header cards as attributes. Of a key that stands more than once the first counts, as for
// astropy; comments and history are one text each.
func cardsOf(h fits.Header) (out []card) {
	texts := map[string][]string{}
	seen := map[string]bool{}
	for _, c := range h {
		key := strings.ToUpper(c.Key)
		if key == "COMMENT" || key == "HISTORY" || key == "" {
			texts[key] = append(texts[key], c.Comment)
			continue
		}
		if !seen[key] {
			seen[key] = true
			out = append(out, card{key, cardValue(c.Value)})
		}
	}
	for _, key := range []string{"COMMENT", "HISTORY"} {
		if text := strings.Trim(strings.Join(texts[key], "\n"), " \n"); text != "" {
			out = append(out, card{key, text})
		}
	}
	return out
}

// cardValue is what an attribute holds: that of a card without a value is an empty text.
func cardValue(v any) any {
	if v == nil {
		return ""
	}
	return v
}

func (s *specFile) frames(FiberID) ([]frameID, error) {
	var out []frameID
	for _, h := range s.file.HDUs()[min(frameHDU, len(s.file.HDUs())):] {
		id, err := s.frameOf(h)
		if err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	slices.SortFunc(out, frameID.compare)
	return out, nil
}

// frameOf tells exposure and camera by the name of the HDU, as B2-00241937-00241936-00241935, or else by the card
// EXPIDnnn of the primary header in its place.
func (s *specFile) frameOf(h *fits.HDU) (frameID, error) {
	name := h.Name()
	if name == "" {
		name = s.file.HDU(0).Header.Text(fmt.Sprintf("EXPID%03d", h.Index-frameHDU+1))
	}
	part := strings.Split(strings.ToLower(name), "-")
	if len(part) > 1 && part[0] != "" && (part[0][0] == 'b' || part[0][0] == 'r') {
		if n, err := strconv.Atoi(part[1]); err == nil {
			return frameID{n, part[0][:1]}, nil
		}
	}
	return frameID{}, fmt.Errorf("HDU %d: neither its name %q nor the header say which exposure it is", h.Index, h.Name())
}

func (s *specFile) frame(_ FiberID, want frameID) (*h5.Table, []card, error) {
	for _, h := range s.file.HDUs()[min(frameHDU, len(s.file.HDUs())):] {
		if id, err := s.frameOf(h); err != nil || id != want {
			continue
		}
		r, err := s.spectrum(h, frameNames)
		if err != nil {
			return nil, nil, err
		}
		t, err := r.table()
		return t, cardsOf(h.Header), err
	}
	return nil, nil, fmt.Errorf("there is no exposure %v", want)
}

// specCatalogs are the catalogs that a spec-*.fits gives rows of, and where.
var specCatalogs = map[string]int{"plugmap": allHDU, "zbest": allHDU, "zline": lineHDU}

func (s *specFile) catalogs(night) ([]string, error) {
	var out []string
	for _, name := range []string{"plugmap", "zbest", "zline"} {
		if h := s.file.HDU(specCatalogs[name]); h.Err == nil && h.Kind == fits.Table {
			out = append(out, name)
		}
	}
	return out, nil
}

// nightCatalog gives the rows of the fiber. zbest is the whole row of spAll; plugmap, which the survey makes of
// another file, is those of its columns that say where and why the fiber was plugged.
func (s *specFile) nightCatalog(_ night, name string) (*rows, error) {
	hdu, ok := specCatalogs[name]
	if !ok {
		return nil, fmt.Errorf("there is no catalog %s", name)
	}
	h := s.file.HDU(hdu)
	r, err := fitsRows(h, 0, h.Rows())
	if err == nil && name == "plugmap" {
		r = r.plugmap()
	}
	if err == nil && r.column("FIBERID") == nil {
		r.columns = append([]column{intColumn("FIBERID", slices.Repeat([]int32{int32(s.id.Fiber)}, r.n))}, r.columns...)
	}
	return r, err
}

// plugColumns are those of plugmap, with their names in spAll where these differ.
var plugColumns = [][2]string{{"FIBERID"}, {"OBJTYPE"}, {"XFOCAL"}, {"YFOCAL"}, {"RA", "PLUG_RA"}, {"DEC", "PLUG_DEC"}, {"LAMBDA_EFF"},
	{"ZOFFSET"}, {"PRIMTARGET"}, {"SECTARGET"}, {"BOSS_TARGET1"}}

func (r *rows) plugmap() *rows {
	out := &rows{n: r.n}
	for _, name := range plugColumns {
		from := name[1]
		if from == "" {
			from = name[0]
		}
		if c := r.column(from); c != nil {
			out.columns = append(out.columns, column{name[0], c.values, c.typ})
		}
	}
	return out
}

func (s *specFile) catalog(name string) (*h5.Table, error) { return allNights(s, name) }
