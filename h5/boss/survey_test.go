package boss

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"gofive/h5"
	"gofive/h5/fits"
)

// surveyed is made once, for it takes seconds.
var surveyed = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "boss")
	if err != nil {
		return "", err
	}
	return dir, SampleFITS(dir, SampleFITSOptions{Plates: 2, Fibers: []int{2, 30, 118, 501, 734}, Exposures: 1})
})

func TestMain(m *testing.M) {
	code := m.Run()
	if dir, err := surveyed(); err == nil {
		os.RemoveAll(dir)
	}
	os.Exit(code)
}

// survey gives a folder with spec-*.fits and plate files of two plates with five fibers each.
func survey(t *testing.T) string {
	t.Helper()
	from, err := surveyed()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	return dir
}

// fine runs a command that must not find a problem.
func fine(t *testing.T, r *Result, err error) *Result {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Problems) > 0 {
		t.Fatal(r)
	}
	return r
}

func spec(dir string, plate, fiber int) string {
	return filepath.Join(dir, "spectra", FiberID{plate, 0, 0}.String()[:4], "spec-"+FiberID{plate, mjd + plate - 3655, fiber}.String()+".fits")
}

// held lists the fibers of a file.
func held(t *testing.T, path string) (out []string) {
	t.Helper()
	ids, err := heldBy(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		out = append(out, id.String())
	}
	return out
}

// equalFibers compares all fibers of two sources.
func equalFibers(t *testing.T, got, want string, byLogarithm bool) {
	t.Helper()
	a, b := open(t, got), open(t, want)
	ids, err := b.fibers()
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		x, err := readFiber(a, id)
		if err != nil {
			t.Error(err)
			continue
		}
		y, err := readFiber(b, id)
		if err != nil {
			t.Fatal(err)
		}
		if x.sum(byLogarithm) != y.sum(byLogarithm) {
			t.Errorf("%s of %v: %v differ from %s", got, id, x.differences(y), want)
		}
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// removeHDUs leaves only the coadd of a file.
func removeHDUs(t *testing.T, path string) {
	t.Helper()
	rewrite(t, path, func(d *fiberData, all, lines *rows) (*rows, *rows) { d.frames = nil; return nil, nil })
}

// mask gives all pixels no weight.
func mask(t *testing.T, path string) {
	t.Helper()
	rewrite(t, path, func(d *fiberData, all, lines *rows) (*rows, *rows) {
		d.coadd, _ = d.coadd.With("IVAR", make([]float32, d.coadd.NumRows()))
		return all, lines
	})
}

func rewrite(t *testing.T, path string, change func(d *fiberData, all, lines *rows) (*rows, *rows)) {
	t.Helper()
	s, err := openSource(path)
	if err != nil {
		t.Fatal(err)
	}
	id := nameID(path)
	d, err1 := readFiber(s, id)
	all, err2 := s.nightCatalog(id.night(), "zbest")
	lines, err3 := s.nightCatalog(id.night(), "zline")
	if err := errors.Join(err1, err2, err3, s.Close()); err != nil {
		t.Fatal(err)
	}
	all, lines = change(d, all, lines)
	header, err := headerOf(d.cards)
	if err != nil {
		t.Fatal(err)
	}
	if all != nil {
		err = writeSpec(path, id, d, all, lines)
	} else {
		w, err := fits.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		err = errors.Join(w.Image(fits.Header(header), nil, nil), writeTableHDU(w, nil, toFITS(rowsOf(d.coadd))), w.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
}

// changeDataset opens a dataset of a file to change it.
func changeDataset(t *testing.T, path, dataset string, do func(*h5.Dataset) error) {
	t.Helper()
	f, err := h5.OpenFile(path, "r+")
	if err != nil {
		t.Fatal(err)
	}
	d, err := f.Dataset(dataset)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(do(d), d.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
}
