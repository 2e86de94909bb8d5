package h5gonum

import (
	"errors"
	"path/filepath"
	"testing"

	"gofive/h5"
	"gonum.org/v1/hdf5"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestThereAndBack opens a file here, reads a dataset there, and the other way round.
func TestThereAndBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.h5")
	f, err := h5.Create(path)
	must(t, err)
	must(t, f.Set("a/x", []float64{1, 2, 3}))
	d, err := f.Dataset("a/x")
	must(t, err)

	theirs, err := Dataset(d)
	must(t, err)
	got := make([]float64, 3)
	must(t, theirs.Read(&got))
	if got[2] != 3 {
		t.Errorf("they read %v", got)
	}
	must(t, theirs.Close())
	if n, err := h5.Read[float64](d); err != nil || len(n) != 3 {
		t.Errorf("after their Close: %v, %v", n, err)
	}

	g, err := f.Group("a")
	must(t, err)
	group, err := Group(g)
	must(t, err)
	if n, err := group.NumObjects(); err != nil || n != 1 {
		t.Errorf("their group has %d objects, %v", n, err)
	}
	must(t, group.Close())

	file, err := File(f)
	must(t, err)
	must(t, f.Close())
	same, err := From(file) // ours is closed, theirs is not
	must(t, err)
	back, ok := same.(*h5.File)
	if !ok || back.Filename() != path || !back.Writable() {
		t.Errorf("their file is %v", same)
	}
	inside, err := file.OpenDataset("a/x")
	must(t, err)
	o, err := From(inside)
	must(t, err)
	if o.Path() != "/a/x" {
		t.Errorf("their dataset is at %q", o.Path())
	}
	must(t, inside.Close())
	must(t, file.Close())
	must(t, o.SetAttr("units", "K"))
	must(t, o.File().Close())
	must(t, back.Close())
	if _, err := o.Attrs(); !errors.Is(err, h5.ErrClosed) {
		t.Errorf("a closed file gives %v", err)
	}
}

func TestWhatIsNoObject(t *testing.T) {
	if _, err := From(hdf5.Identifier{}); err == nil {
		t.Error("no id became an object")
	}
	space, err := hdf5.CreateSimpleDataspace([]uint{3}, nil)
	must(t, err)
	defer space.Close()
	if _, err := From(space); err == nil {
		t.Error("a dataspace became an object")
	}
	path := filepath.Join(t.TempDir(), "x.h5")
	f, err := h5.Create(path)
	must(t, err)
	must(t, f.Close())
	if _, err := File(f); !errors.Is(err, h5.ErrClosed) {
		t.Errorf("a closed file gives %v", err)
	}
}
