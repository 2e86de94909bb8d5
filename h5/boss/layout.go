package boss

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gofive/h5"
)

// FiberID names a spectrum: a fiber, 1 to 1000, of a plate in a night.
type FiberID struct{ Plate, MJD, Fiber int }

// String gives the name as the survey's files have it: 3655-55240-0030.
func (id FiberID) String() string { return fmt.Sprintf("%04d-%d-%04d", id.Plate, id.MJD, id.Fiber) }

func (id FiberID) night() night { return night{id.Plate, id.MJD} }

func (id FiberID) compare(o FiberID) int {
	return cmp.Or(id.night().compare(o.night()), cmp.Compare(id.Fiber, o.Fiber))
}

// night is a plate in a night: what the survey observed at once, and the group that holds it.
type night struct{ plate, mjd int }

func (n night) String() string { return fmt.Sprintf("%d/%d", n.plate, n.mjd) }

func (n night) compare(o night) int {
	return cmp.Or(cmp.Compare(n.plate, o.plate), cmp.Compare(n.mjd, o.mjd))
}

// frameID names what one camera saw of a fiber in one exposure: camera is b or r.
type frameID struct {
	exposure int
	camera   string
}

func (f frameID) String() string { return fmt.Sprintf("%d/%s", f.exposure, f.camera) }

func (f frameID) compare(o frameID) int {
	return cmp.Or(cmp.Compare(f.exposure, o.exposure), cmp.Compare(f.camera, o.camera))
}

// source is a file of spectra, whatever its format: one of H5Boss in either layout, a spec-*.fits, a
// spPlate with what lies beside it.
type source interface {
	// fibers are what the file holds, in order.
	fibers() ([]FiberID, error)
	// coadd is the spectrum of a fiber, with the columns of coaddNames first.
	coadd(FiberID) (*h5.Table, error)
	// attrs are the header cards of a fiber's spectrum.
	attrs(FiberID) ([]card, error)
	// frames are the single exposures of a fiber, in order.
	frames(FiberID) ([]frameID, error)
	// frame is one of them, with the columns of frameNames first, and its header cards.
	frame(FiberID, frameID) (*h5.Table, []card, error)
	// catalogs are the names of a night's tables, such as zbest and photo/match.
	catalogs(night) ([]string, error)
	// nightCatalog is one of them as it is.
	nightCatalog(night, string) (*rows, error)
	// catalog is a table of all nights of the file; it has the columns PLATE, MJD and FIBERID.
	catalog(name string) (*h5.Table, error)
	Close() error
}

// noted is a source that lacks something which such files have.
type noted interface {
	notes() []error
	// remarks are what it lacks and need not have.
	remarks() []string
}

// The columns of spectra in the order of layout v1.
var (
	coaddNames = []string{"WAVE", "FLUX", "IVAR", "AND_MASK", "OR_MASK", "WAVEDISP", "SKY", "MODEL"}
	frameNames = []string{"WAVE", "FLUX", "IVAR", "MASK", "WAVEDISP", "SKY", "X", "CALIB"}
)

// openSource opens a file of spectra. What it is its content tells; its name counts only where that is neither, for
// the message.
func openSource(path string) (source, error) {
	stat, err := os.Stat(path)
	if err != nil {
		return nil, fail("open", path, err)
	}
	if stat.IsDir() {
		return nil, fail("open", path, errors.New("this is a folder; give a file"))
	}
	begin, err := firstBytes(path)
	if err != nil {
		return nil, fail("open", path, err)
	}
	if strings.HasPrefix(begin, "SIMPLE") || strings.HasPrefix(begin, "\x1f\x8b") || strings.HasSuffix(path, ".fits") {
		return openFITS(path)
	}
	return openH5(path)
}

func firstBytes(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	b := make([]byte, 8)
	n, _ := f.Read(b) // an empty file is no source, and its reader says so
	return string(b[:n]), nil
}

func openFITS(path string) (source, error) {
	if strings.HasPrefix(filepath.Base(path), "spPlate") {
		return openPlate(path)
	}
	return openSpec(path)
}

// fail says what was tried on which file.
func fail(op, path string, err error) error {
	if err == nil {
		return nil
	}
	if path == "" {
		return fmt.Errorf("boss: %s: %w", op, err)
	}
	return fmt.Errorf("boss: %s %s: %w", op, path, err)
}

func sortIDs(ids []FiberID) { slices.SortFunc(ids, FiberID.compare) }

// nightsOf are the nights of fibers, in order.
func nightsOf(fibers []FiberID) []night {
	var out []night
	for _, id := range fibers {
		out = append(out, id.night())
	}
	slices.SortFunc(out, night.compare)
	return slices.Compact(out)
}

// ofNight are those of a night among fibers that are in order.
func ofNight(fibers []FiberID, n night) []FiberID {
	before := func(id FiberID, n night) int { return id.night().compare(n) }
	from, _ := slices.BinarySearchFunc(fibers, n, before)
	to := from
	for to < len(fibers) && fibers[to].night() == n {
		to++
	}
	return fibers[from:to]
}

// allNights puts the tables of a name of all nights behind one another.
func allNights(s source, name string) (*h5.Table, error) {
	fibers, err := s.fibers()
	if err != nil {
		return nil, err
	}
	var all []*rows
	for _, n := range nightsOf(fibers) {
		names, err := s.catalogs(n)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(names, name) {
			continue
		}
		r, err := s.nightCatalog(n, name)
		if err != nil {
			return nil, err
		}
		all = append(all, r.of(n))
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("there is no catalog %s", name)
	}
	merged, err := merge(all)
	if err != nil {
		return nil, fmt.Errorf("catalog %s: %w", name, err)
	}
	return merged.table()
}
