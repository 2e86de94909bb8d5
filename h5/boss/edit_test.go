package boss

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gofive/h5"
)

func TestEdit(t *testing.T) {
	ctx, dir := context.Background(), survey(t)
	for name, layout := range map[string]Layout{"v1": V1, "v2": V2} {
		base, full := filepath.Join(dir, name+".h5"), filepath.Join(dir, name+"-full.h5")
		r, err := Convert(ctx, []string{filepath.Join(dir, "spectra")}, full, Options{Layout: layout})
		fine(t, r, err)
		r, err = Subset(ctx, []string{full}, "PLATE == 3655", base, Options{})
		fine(t, r, err)
		mark(t, base)
		r, err = Add(ctx, base, []string{full}, "FIBERID == 2", Options{})
		fine(t, r, err)
		if got := held(t, base); len(got) != 6 {
			t.Errorf("%s: after add: %q", name, got)
		}
		r, err = Remove(ctx, base, "FIBERID > 100", Options{})
		fine(t, r, err)
		r, err = Update(ctx, base, []string{full}, "FIBERID == 30", Options{})
		fine(t, r, err)
		if got := held(t, base); !slices.Equal(got, []string{"3655-55240-0030", "3656-55241-0030"}) {
			t.Errorf("%s: after update: %q", name, got)
		}
		zbest, err := open(t, base).catalog("zbest")
		if err != nil || zbest.NumRows() != 2 {
			t.Errorf("%s: zbest has %d rows, %v", name, zbest.NumRows(), err)
		}
		equalFibers(t, full, base, false)
		marked(t, base)
		if s := open(t, base).(*h5File); s.layout() != layout {
			t.Errorf("%s became %v", name, s.layout())
		}
	}
}

// TestEditOfNothing leaves a file alone that is as it is to be, on ranks too, and writes it anew where another form is asked for.
func TestEditOfNothing(t *testing.T) {
	ctx, dir := context.Background(), survey(t)
	base, source := filepath.Join(dir, "base.h5"), filepath.Join(dir, "spectra")
	fine(t, must(Convert(ctx, []string{source}, base, Options{})), nil)
	before, err := os.Stat(base)
	if err != nil {
		t.Fatal(err)
	}
	for name, edit := range map[string]func(o Options) (*Result, error){
		"add":    func(o Options) (*Result, error) { return Add(ctx, base, []string{source}, "", o) },
		"update": func(o Options) (*Result, error) { return Update(ctx, base, []string{source}, "FIBERID > 0", o) },
		"remove": func(o Options) (*Result, error) { return Remove(ctx, base, "Z > 100", o) },
	} {
		results, errs := onRanks(2, func(_ int, o Options) (*Result, error) { return edit(o) })
		alone, err := edit(Options{})
		for i, r := range append(results, alone) {
			if fine(t, r, append(errs, err)[i]); r.Fibers != 10 || r.Nights != 2 || !strings.Contains(r.String(), "nothing to do: "+base+" keeps its 10 fibers of 2 nights") {
				t.Errorf("%s: %v", name, r)
			}
		}
		if after, err := os.Stat(base); err != nil || !os.SameFile(before, after) || !after.ModTime().Equal(before.ModTime()) {
			t.Errorf("%s wrote the file anew, %v", name, err)
		}
	}
	r := fine(t, must(Remove(ctx, base, "Z > 100", Options{Gzip: 1})), nil)
	if after, err := os.Stat(base); err != nil || after.Size() >= before.Size() {
		t.Errorf("compressed: %v, %v", r, err)
	}
}

// mark puts things into a file that no command knows.
func mark(t *testing.T, path string) {
	t.Helper()
	f, err := h5.OpenFile(path, "r+")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	night, err := f.Group("3655/55240")
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(f.SetAttr("who", "me"), night.SetAttr("seeing", 1.25), f.Set("notes/1", "clouds"), f.Set("3655/55240/comment", []int32{1, 2})); err != nil {
		t.Fatal(err)
	}
}

func marked(t *testing.T, path string) {
	t.Helper()
	f, err := h5.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	night, err := f.Group("3655/55240")
	if err != nil {
		t.Fatal(err)
	}
	who, err1 := h5.AttrAs[string](f, "who")
	seeing, err2 := h5.AttrAs[float64](night, "seeing")
	notes, err3 := f.Has("notes/1")
	comment, err4 := f.Has("3655/55240/comment")
	if err := errors.Join(err1, err2, err3, err4); err != nil || who != "me" || seeing != 1.25 || !notes || !comment {
		t.Errorf("what was in the file besides is lost: %q %v %v %v %v", who, seeing, notes, comment, err)
	}
}
