package boss

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gofive/h5"
)

func TestSubset(t *testing.T) {
	ctx, dir := context.Background(), survey(t)
	var files []string
	for name, layout := range map[string]Layout{"a": V1, "b": V2} {
		files = append(files, filepath.Join(dir, name+".h5"))
		r, err := Convert(ctx, []string{filepath.Join(dir, "spectra")}, files[len(files)-1], Options{Layout: layout})
		fine(t, r, err)
	}
	index := filepath.Join(dir, "index.h5")
	r, err := Index(ctx, files, index, Options{})
	fine(t, r, err)
	list := filepath.Join(dir, "list.pmf")
	write(t, list, "plates mjds fibers\n3655 55240 118\n3656 55241 734\n\n")
	csv := filepath.Join(dir, "list.csv")
	write(t, csv, "fibers,mjds,plates\r\n118,55240,3655\r\n734,55241,3656\r\n")
	two := []string{"3655-55240-0118", "3656-55241-0734"}
	for name, test := range map[string]struct {
		query string
		want  []string
	}{
		"pmf": {list, two}, "csv": {csv, two},
		"expression":  {"PLATE == 3655 && FIBERID == 118 || PLATE == 3656 && CLASS == 'STAR' && FIBERID > 700", two},
		"plugmap":     {"OBJTYPE != 'x' && FIBERID in (2, 501)", []string{"3655-55240-0002", "3655-55240-0501", "3656-55241-0002", "3656-55241-0501"}},
		"not indexed": {"SECTARGET >= 0 && ZOFFSET > -1 && FIBERID == 2 && PLATE == 3655", []string{"3655-55240-0002"}},
	} {
		for from, sources := range map[string][]string{"v1": files[:1], "v2": files[1:], "index": {index}} {
			out := filepath.Join(dir, name+from+".h5")
			r, err := Subset(ctx, sources, test.query, out, Options{})
			fine(t, r, err)
			if got := held(t, out); !slices.Equal(got, test.want) {
				t.Errorf("%s of %s: %q, want %q", name, from, got, test.want)
			}
			if equal := len(test.want); from == "index" && r.Equal != equal {
				t.Errorf("%s: %d fibers are in both files alike, want %d", name, r.Equal, equal)
			}
			equalFibers(t, files[0], out, false)
			zline, err := open(t, out).catalog("zline")
			if err != nil || zline.NumRows() != 32*len(test.want) {
				t.Errorf("%s of %s: %d rows of lines, %v", name, from, zline.NumRows(), err)
			}
		}
	}
}

// A file that changed after the index was made is looked into itself.
func TestIndexOfChangedFile(t *testing.T) {
	ctx, dir := context.Background(), survey(t)
	packed, index := filepath.Join(dir, "a.h5"), filepath.Join(dir, "index.h5")
	r, err := Convert(ctx, []string{filepath.Join(dir, "spectra", "3655")}, packed, Options{})
	fine(t, r, err)
	r, err = Index(ctx, []string{packed}, index, Options{})
	fine(t, r, err)
	r, err = Add(ctx, packed, []string{filepath.Join(dir, "spectra", "3656")}, "", Options{})
	fine(t, r, err)
	out := filepath.Join(dir, "out.h5")
	r, err = Subset(ctx, []string{index}, "FIBERID == 30", out, Options{})
	fine(t, r, err)
	if got := held(t, out); len(got) != 2 {
		t.Errorf("%q, want fiber 30 of both plates", got)
	}
}

// A list that has lines twice, blanks, and fibers that are nowhere gives those that are there, once each; that one has no pixel
// that counts is said of a copy too.
func TestSubsetByBadList(t *testing.T) {
	ctx, dir := context.Background(), survey(t)
	mask(t, spec(dir, 3655, 118))
	packed, list, out := filepath.Join(dir, "packed.h5"), filepath.Join(dir, "list.pmf"), filepath.Join(dir, "out.h5")
	if _, err := Convert(ctx, []string{filepath.Join(dir, "spectra", "3655")}, packed, Options{}); err != nil {
		t.Fatal(err)
	}
	write(t, list, "plates mjds fibers\n\n3655 55240 30\n 3655  55240 118 \n3655 55240 30\n3655 55240 700\n9999 55240 1\nx\n\n")
	r, err := Subset(ctx, []string{packed}, list, out, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"3655-55240-0030", "3655-55240-0118"}; !slices.Equal(held(t, out), want) || len(r.Problems) != 5 || r.Lost() != 3 {
		t.Errorf("%q is in the file, want %q; %v", held(t, out), want, r)
	}
	for _, says := range []string{"3655-55240-0030: " + list + ": line 5: it is there already", "3655-55240-0700: no input has it", "9999-55240-0001: no input has it",
		"line 8:", "no pixel has an inverse variance above 0"} {
		if !strings.Contains(r.String(), says) {
			t.Errorf("nothing about %q in\n%v", says, r)
		}
	}
}

func TestListOfFibers(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "list")
	write(t, path, "plates mjds fibers\n3655 55240 1\n\n3655\t55240\t2\n 3655,55240,1 \n3655 x 3\n3655 55240\n   \n")
	s, err := parseSelection(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.order) != 2 || len(s.problems) != 3 {
		t.Errorf("%v, %v", s.order, s.problems)
	}
	for line, p := range map[string]Problem{"line 5: it is there already": s.problems[0], `line 6: "x"`: s.problems[1], "line 7:": s.problems[2]} {
		if !strings.Contains(p.What, line) {
			t.Errorf("%q, want %q", p.What, line)
		}
	}
	write(t, path, "plates mjds fibers\n")
	for query, says := range map[string]string{path: "it names no fiber", filepath.Join(dir, "none.pmf"): "no such file", dir: "this is a folder"} {
		if _, err := parseSelection(query); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %q", query, err, says)
		}
	}
}

// Two files that hold the same spectrum and say something else of it are listed too; the first one's rows are taken.
func TestConflictingCatalogs(t *testing.T) {
	ctx, dir := context.Background(), survey(t)
	a, b, out := filepath.Join(dir, "a.h5"), filepath.Join(dir, "b.h5"), filepath.Join(dir, "out.h5")
	night := []string{spec(dir, 3655, 30), spec(dir, 3655, 118), spec(dir, 3655, 501)}
	for _, path := range []string{a, b} {
		r, err := Convert(ctx, night, path, Options{})
		fine(t, r, err)
	}
	changeDataset(t, b, "3655/55240/zbest", func(d *h5.Dataset) error { return d.WriteField("Z", float32(9), 1) })
	changeDataset(t, b, "3655/55240/zline", func(d *h5.Dataset) error { return d.WriteField("LINEZ", float32(9), 70) })
	r, err := Subset(ctx, []string{a, b}, "", out, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Problems) != 2 || r.Lost() != 0 || r.Equal != 1 || r.Fibers != 3 {
		t.Errorf("%v", r)
	}
	for _, want := range []string{"3655-55240-0118", "its rows of zbest (Z) differ from those of " + a, "3655-55240-0501", "its rows of zline (LINEZ) differ from those of " + a} {
		if !strings.Contains(r.String(), want) {
			t.Errorf("%v: want %q", r, want)
		}
	}
	equalFibers(t, out, a, true)
}

func TestUnknownAndConflictingFibers(t *testing.T) {
	ctx, dir := context.Background(), survey(t)
	a, b := filepath.Join(dir, "a.h5"), filepath.Join(dir, "b.h5")
	r, err := Convert(ctx, []string{spec(dir, 3655, 30)}, a, Options{})
	fine(t, r, err)
	rewrite(t, spec(dir, 3655, 30), func(d *fiberData, all, lines *rows) (*rows, *rows) {
		flux := make([]float32, d.coadd.NumRows())
		flux[7] = -1
		d.coadd, _ = d.coadd.With("FLUX", flux)
		return all, lines
	})
	r, err = Convert(ctx, []string{spec(dir, 3655, 30)}, b, Options{})
	fine(t, r, err)
	list := filepath.Join(dir, "list")
	write(t, list, "3655 55240 30\n3655 55240 999\n")
	out := filepath.Join(dir, "out.h5")
	r, err = Subset(ctx, []string{a, b}, list, out, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Problems) != 2 || r.Lost() != 1 || r.Equal != 0 || !strings.Contains(r.String(), "its FLUX differ from those of "+a) || !strings.Contains(r.String(), "3655-55240-0999: no input has it") {
		t.Errorf("%v", r)
	}
	equalFibers(t, out, a, false)
	before, _ := os.ReadFile(out)
	if _, err = Subset(ctx, []string{a}, list, out, Options{}); !errors.Is(err, fs.ErrExist) || !strings.Contains(err.Error(), "--overwrite") {
		t.Errorf("over a file that exists: %v", err)
	}
	if after, _ := os.ReadFile(out); !bytes.Equal(before, after) {
		t.Error("the file that exists was touched")
	}
	if _, err := Subset(ctx, []string{a}, "Z > 100", filepath.Join(dir, "none.h5"), Options{}); err == nil || !strings.Contains(err.Error(), "no fiber is to be found") {
		t.Errorf("nothing found: %v", err)
	}
	if _, err := Subset(ctx, []string{a}, "CLAS == 'QSO'", filepath.Join(dir, "none.h5"), Options{}); err == nil || !strings.Contains(err.Error(), `did you mean "CLASS"?`) {
		t.Errorf("a column misspelled: %v", err)
	}
	other := filepath.Join(dir, "other.fits")
	if err := os.WriteFile(other, []byte("hello world"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Convert(ctx, []string{other}, filepath.Join(dir, "none.h5"), Options{}); err == nil || !strings.Contains(err.Error(), "no FITS file") {
		t.Errorf("a text with a name of FITS: %v", err)
	}
}

// A subset has rows of the same types as the file that it is of.
func TestSubsetKeepsTypes(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	packed := real(t, "h5boss/3655-55240_v1.h5")
	out := filepath.Join(dir, "out.h5")
	r, err := Subset(ctx, []string{packed}, "Z > 2", out, Options{})
	fine(t, r, err)
	a, err1 := h5.Open(packed)
	b, err2 := h5.Open(out)
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	defer b.Close()
	for _, path := range []string{"3655/55240/plugmap", "3655/55240/zbest", "3655/55240/zline", "3655/55240/30/coadd"} {
		x, err1 := a.Dataset(path)
		y, err2 := b.Dataset(path)
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		if !x.Datatype().Equal(y.Datatype()) {
			t.Errorf("%s is of %v, and was of %v", path, y.Datatype(), x.Datatype())
		}
	}
}

func TestNegativeAndMissingRedshifts(t *testing.T) {
	ctx, dir := context.Background(), survey(t)
	for fiber, z := range map[int]float32{2: -0.001, 30: float32(math.NaN())} {
		rewrite(t, spec(dir, 3655, fiber), func(d *fiberData, all, lines *rows) (*rows, *rows) {
			a, _ := h5.NewArray([]float32{z})
			all.column("Z").values = a
			return all, lines
		})
	}
	out := filepath.Join(dir, "out.h5")
	r, err := Convert(ctx, []string{filepath.Join(dir, "spectra", "3655")}, out, Options{})
	fine(t, r, err)
	for query, want := range map[string]int{"Z < 0 && FIBERID == 2": 1, "isnan(Z)": 1, "Z > -10": 4} {
		if w, err := selected("test", []string{out}, query); err != nil || len(w.picks) != want {
			t.Errorf("%s: %d fibers, %v, want %d", query, len(w.picks), err, want)
		}
	}
	if text, err := Info(out); err != nil || strings.Contains(text.String(), "NaN") {
		t.Errorf("%v, %v", text, err)
	}
}
