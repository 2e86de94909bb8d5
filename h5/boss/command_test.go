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
	"sync"
	"syscall"
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

func TestConvertSpectra(t *testing.T) {
	ctx, dir := context.Background(), survey(t)
	for name, o := range map[string]Options{"v1": {}, "v2": {Layout: V2}, "v1-gzip": {Gzip: 2}, "v2-gzip": {Layout: V2, Gzip: 2}} {
		out := filepath.Join(dir, name+".h5")
		r, err := Convert(ctx, []string{filepath.Join(dir, "spectra")}, out, o)
		fine(t, r, err)
		if r.Fibers != 10 || r.Nights != 2 {
			t.Errorf("%s: %v", name, r)
		}
		for _, plate := range []int{3655, 3656} {
			for _, fiber := range []int{2, 30, 118, 501, 734} {
				equalFibers(t, out, spec(dir, plate, fiber), false)
			}
		}
		if _, err := os.Stat(out + ".part"); err == nil {
			t.Errorf("%s: the parts are still there", name)
		}
	}
	// From one layout to the other and back nothing changes.
	back := filepath.Join(dir, "back.h5")
	r, err := Convert(ctx, []string{filepath.Join(dir, "v2.h5")}, back, Options{Layout: V1})
	fine(t, r, err)
	equalFibers(t, back, filepath.Join(dir, "v1.h5"), false)
	for _, name := range []string{"plugmap", "zbest", "zline"} {
		a, err1 := open(t, back).catalog(name)
		b, err2 := open(t, filepath.Join(dir, "v1.h5")).catalog(name)
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		if rowsOf(a).sum() != rowsOf(b).sum() || a.NumRows() == 0 {
			t.Errorf("%s is not what it was", name)
		}
	}
}

// The plate's files hold the fibers of the spec-*.fits, on the grid of the plate.
func TestConvertPlates(t *testing.T) {
	dir := survey(t)
	out := filepath.Join(dir, "out.h5")
	r, err := Convert(context.Background(), []string{filepath.Join(dir, "plates")}, out, Options{})
	fine(t, r, err)
	got := open(t, out)
	names, err := got.catalogs(night{3656, 55241})
	if want := []string{"photo/match", "photo/matchflux", "photo/matchpos", "plugmap", "zbest", "zline"}; err != nil || !slices.Equal(names, want) {
		t.Errorf("catalogs %q, %v", names, err)
	}
	id := FiberID{3656, 55241, 118}
	a, err := got.coadd(id)
	if err != nil {
		t.Fatal(err)
	}
	b, err := open(t, spec(dir, 3656, 118)).coadd(id)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range coaddNames {
		if x, y := floats(t, a, name), floats(t, b, name); name != "WAVE" && !slices.Equal(x, y) || !near(x, y) {
			t.Errorf("%s is not what the spec-*.fits has", name)
		}
	}
	match, err := got.catalog("photo/match")
	if err != nil {
		t.Fatal(err)
	}
	one, err := match.Query("PLATE == 3656 && FIBERID == 118")
	if err != nil || one.NumRows() != 1 {
		t.Errorf("photo/match has %v, %v", one, err)
	}
}

func TestExportGivesTheSame(t *testing.T) {
	ctx, dir := context.Background(), survey(t)
	for name, layout := range map[string]Layout{"v1": V1, "v2": V2} {
		packed, out := filepath.Join(dir, name+".h5"), filepath.Join(dir, name)
		r, err := Convert(ctx, []string{filepath.Join(dir, "spectra")}, packed, Options{Layout: layout})
		fine(t, r, err)
		r, err = Export(ctx, []string{packed}, "CLASS == 'QSO'", out, Options{})
		fine(t, r, err)
		files, err := filepath.Glob(filepath.Join(out, "spec-*.fits"))
		if err != nil || len(files) != r.Fibers || r.Fibers < 2 {
			t.Errorf("%d files, %v", len(files), r)
		}
		sameHDUs(t, filepath.Join(out, "spec-3655-55240-0030.fits"), spec(dir, 3655, 30))
		r, err = Export(ctx, []string{packed}, "FIBERID == 30", out, Options{})
		if err != nil || r.Lost() != 2 || !strings.Contains(r.String(), "file exists") && !strings.Contains(r.String(), "file already exists") {
			t.Errorf("over files that exist: %v, %v", r, err)
		}
	}
}

// What images say of objects comes back as files of the plate, of the fibers that are exported, with their numbers.
func TestExportOfPhoto(t *testing.T) {
	ctx, dir := context.Background(), survey(t)
	for name, layout := range map[string]Layout{"v1": V1, "v2": V2} {
		packed, out := filepath.Join(dir, name+".h5"), filepath.Join(dir, name)
		r, err := Convert(ctx, []string{filepath.Join(dir, "plates", "3655")}, packed, Options{Layout: layout})
		fine(t, r, err)
		for query, want := range map[string]int{"": 5, "FIBERID == 30 || FIBERID == 501": 2} {
			r, err = Export(ctx, []string{packed}, query, out, Options{Overwrite: true})
			fine(t, r, err)
			for _, kind := range []string{"photoMatchPlate", "photoPosPlate", "photoPlate"} {
				all, got := fitsTable(t, filepath.Join(dir, "plates", "3655", kind+"-3655-55240.fits")), fitsTable(t, filepath.Join(out, kind+"-3655-55240.fits"))
				fibers := got.ints("FIBERID")
				places := []int{}
				for place, fiber := range []int{2, 30, 118, 501, 734} {
					if slices.Contains(fibers, fiber) {
						places = append(places, place)
					}
				}
				some, err := all.take(places)
				if err != nil || len(fibers) != want || len(places) != want || len(got.columns) != len(all.columns)+1 || len(got.differing(some)) > 0 {
					t.Errorf("%s %s of %q: fibers %v, columns %v differ; %v", name, kind, query, fibers, got.differing(some), err)
				}
			}
		}
		r, err = Export(ctx, []string{packed}, "FIBERID == 2", out, Options{})
		if err != nil || r.Lost() != 1 {
			t.Errorf("over files that exist: %v, %v", r, err)
		}
	}
}

// fitsTable reads the table of a FITS file.
func fitsTable(t *testing.T, path string) *rows {
	t.Helper()
	f, err := fits.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := fitsRows(f.HDU(1), 0, f.HDU(1).Rows())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// sameHDUs compares every column of two FITS files.
func sameHDUs(t *testing.T, got, want string) {
	t.Helper()
	a, err1 := fits.Open(got)
	b, err2 := fits.Open(want)
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	defer b.Close()
	if len(a.HDUs()) != len(b.HDUs()) {
		t.Fatalf("%d HDUs, want %d", len(a.HDUs()), len(b.HDUs()))
	}
	for i := 1; i < len(b.HDUs()); i++ {
		x, err1 := fitsRows(a.HDU(i), 0, a.HDU(i).Rows())
		y, err2 := fitsRows(b.HDU(i), 0, b.HDU(i).Rows())
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		if x.sum() != y.sum() || len(y.columns) == 0 {
			t.Errorf("HDU %d differs", i)
		}
	}
}

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

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
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

// Bad input is listed, and the rest is written.
func TestBadInput(t *testing.T) {
	dir := survey(t)
	at := func(fiber int) string { return spec(dir, 3655, fiber) }
	good, err := os.ReadFile(at(2))
	if err != nil {
		t.Fatal(err)
	}
	lying := bytes.Replace(good, []byte("NAXIS2  =                 4622"), []byte("NAXIS2  =              9994622"), 1)
	if bytes.Equal(lying, good) {
		t.Fatal("the header has no NAXIS2 to lie about")
	}
	write(t, at(2), string(lying))
	cut, _ := os.ReadFile(at(30))
	write(t, at(30), string(cut[:60_000]))
	write(t, at(118), "this is no FITS file")
	other, _ := os.ReadFile(at(501))
	write(t, at(734), string(other))
	write(t, spec(dir, 3656, 2), "")
	removeHDUs(t, spec(dir, 3656, 30))
	mask(t, spec(dir, 3656, 118))
	out := filepath.Join(dir, "out.h5")
	r, err := Convert(context.Background(), []string{filepath.Join(dir, "spectra")}, out, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for fiber, says := range map[string]string{
		"3655-55240-0002": "the file ends at", "3655-55240-0030": "the file ends at", "3655-55240-0118": "fits: open", "3655-55240-0734": "the name that it is 3655-55240-0734",
		"3656-55241-0002": "empty", "3656-55241-0030": "HDU 3 is missing", "3656-55241-0118": "no pixel has an inverse variance above 0",
	} {
		if !slices.ContainsFunc(r.Problems, func(p Problem) bool { return p.Fiber.String() == fiber && strings.Contains(p.What, says) }) {
			t.Errorf("%s: nothing about %q in\n%v", fiber, says, r)
		}
	}
	if want := []string{"3655-55240-0501", "3656-55241-0030", "3656-55241-0118", "3656-55241-0501", "3656-55241-0734"}; !slices.Equal(held(t, out), want) || r.Lost() != 5 {
		t.Errorf("%q is in the file, want %q; %d lost", held(t, out), want, r.Lost())
	}
	if table, err := r.Table(); err != nil || table.NumRows() != len(r.Problems) {
		t.Errorf("%v, %v", table, err)
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

// small is a conversion in parts of a night.
func small(t *testing.T, sources, out string, o Options) *work {
	t.Helper()
	files, err := inputs([]string{sources})
	if err != nil {
		t.Fatal(err)
	}
	w := &work{op: "convert", out: out, opts: o, result: Result{Did: "converted"}, partFibers: 1}
	w.listing(files, nil)
	return w
}

// A disk that is full in the middle of a conversion, or while fibers are copied as they are, leaves what is complete, and the next
// run goes on with it.
func TestDiskFullAndResume(t *testing.T) {
	// A part takes 2 MB; while layout v2 is written, twice as much; a mega more must be free to copy a fiber as it is.
	for name, test := range map[string]struct {
		room   string
		layout Layout
		copied bool
	}{"v1": {"3m", V1, false}, "v2": {"5m", V2, false}, "copied": {"4m", V1, true}} {
		t.Run(name, func(t *testing.T) {
			dir, disk, o := survey(t), t.TempDir(), Options{Layout: test.layout}
			spectra := filepath.Join(dir, "spectra")
			sources := spectra
			if test.copied {
				sources = filepath.Join(dir, "packed.h5")
				r, err := Convert(context.Background(), []string{spectra}, sources, o)
				fine(t, r, err)
			}
			if err := syscall.Mount("gofive", disk, "tmpfs", 0, "size="+test.room); err != nil {
				t.Skipf("SKIPPED: a small tmpfs cannot be mounted here: %v", err)
			}
			t.Cleanup(func() { syscall.Unmount(disk, syscall.MNT_DETACH) })
			out := filepath.Join(disk, "out.h5")
			_, err := small(t, sources, out, o).run(context.Background())
			if !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), "the same command again goes on with it") {
				t.Fatalf("on a full disk: %v", err)
			}
			if _, err := os.Stat(out); err == nil {
				t.Error("there is an output all the same")
			}
			if err := syscall.Mount("", disk, "", syscall.MS_REMOUNT, "size=100m"); err != nil {
				t.Fatal(err)
			}
			r, err := small(t, sources, out, o).run(context.Background())
			fine(t, r, err)
			if r.Resumed != 5 || r.Fibers != 10 {
				t.Errorf("%v; want 5 fibers of the first run", r)
			}
			for _, fiber := range []int{2, 734} {
				equalFibers(t, out, spec(dir, 3655, fiber), false)
				equalFibers(t, out, spec(dir, 3656, fiber), false)
			}
			if left, _ := filepath.Glob(filepath.Join(disk, "*")); len(left) != 1 {
				t.Errorf("%q is left beside the output", left)
			}
		})
	}
}

// What an interrupted run kept is not taken for other work, nor for inputs that have changed.
func TestInterrupted(t *testing.T) {
	dir := survey(t)
	sources, out := filepath.Join(dir, "spectra"), filepath.Join(dir, "out.h5")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := small(t, sources, out, Options{Layout: V1}).run(ctx); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("there is an output of a run that was interrupted")
	}
	rewrite(t, spec(dir, 3655, 30), func(d *fiberData, all, lines *rows) (*rows, *rows) { return all, lines })
	r, err := small(t, sources, out, Options{Layout: V1}).run(context.Background())
	fine(t, r, err)
	if r.Resumed != 0 || r.Fibers != 10 {
		t.Errorf("%v", r)
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

func TestCommandLine(t *testing.T) {
	for _, test := range []struct{ args, says string }{
		{"frob", `there is no command "frob"`},
		{"convert x", "say with -o where to write"},
		{"convert", "give at least one file"},
		{"subset -o y.h5 x", "say with -q which fibers"},
		{"convert x -o y --layout v3", `layout "v3"`},
		{"convert x -o y --compress zip", `compression "zip"`},
		{"convert x -o y --compress gzip:12", `compression "gzip:12"`},
		{"convert /none -o y", "no such file"},
		{"info --frob x", "frob"},
	} {
		if err := Main(&bytes.Buffer{}, strings.Fields(test.args), Options{}); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("gofive boss %s: %v, want %q", test.args, err, test.says)
		}
	}
	dir := t.TempDir()
	if err := SampleMain(&bytes.Buffer{}, []string{"boss", "--fits", dir, "--fibers", "2"}); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := Main(&out, []string{"convert", "--compress", "gzip", filepath.Join(dir, "spectra"), "-o", filepath.Join(dir, "x.h5")}, Options{}); err != nil {
		t.Fatal(err)
	}
	if err := Main(&out, []string{"info", filepath.Join(dir, "x.h5")}, Options{}); err != nil || !strings.Contains(out.String(), "3655/55240  v1  2 fibers") {
		t.Errorf("%s, %v", &out, err)
	}
}

// A plate without its fit, or with a fiber that the fit lacks, is converted, and what is missing is listed.
func TestPlateWithMissingParts(t *testing.T) {
	ctx, dir := context.Background(), survey(t)
	id := FiberID{3655, 55240, 118}
	plate := filepath.Join(dir, "plates", "3655")
	zbest := filepath.Join(plate, sampleRun, "spZbest-3655-55240.fits")
	p := &samplePlate{night: id.night(), seed: 1}
	p.make([]int{2, 30, 501, 734})
	if err := p.writeTable(zbest, p.best, true); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct { // the second change is to what the first left
		name   string
		change func() error
		says   []string
	}{
		{"fiber", func() error { return nil }, []string{"3655-55240-0118: " + filepath.Join(plate, "spPlate-3655-55240.fits") + ": the catalog zbest has no row of it"}},
		{"file", func() error { return os.Remove(zbest) }, []string{"3655/55240", "there is no spZbest-3655-55240.fits beside it"}},
	} {
		if err := test.change(); err != nil {
			t.Fatal(err)
		}
		out := filepath.Join(dir, test.name+".h5")
		r, err := Convert(ctx, []string{plate}, out, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, says := range test.says {
			if !strings.Contains(r.String(), says) {
				t.Errorf("%s: nothing about %q in %v", test.name, says, r)
			}
		}
		if r.Lost() != 0 || r.Fibers != 5 {
			t.Errorf("%s: %v", test.name, r)
		}
		coadd, err := open(t, out).coadd(id)
		if err != nil {
			t.Fatal(err)
		}
		if model := floats(t, coadd, "MODEL"); !math.IsNaN(model[100]) {
			t.Errorf("%s: MODEL is %v and nobody fitted it", test.name, model[100])
		}
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

// What is not what was read from the input does not become an output, whether it was written or copied as it was.
func TestVerifyFindsDamage(t *testing.T) {
	dir := survey(t)
	packed := filepath.Join(dir, "packed.h5")
	if _, err := Convert(context.Background(), []string{filepath.Join(dir, "spectra", "3655")}, packed, Options{}); err != nil {
		t.Fatal(err)
	}
	for name, source := range map[string]string{"written": filepath.Join(dir, "spectra", "3655"), "copied": packed} {
		t.Run(name, func(t *testing.T) {
			checkDamageFound(t, small(t, source, filepath.Join(dir, name+".h5"), Options{Layout: V1}))
		})
	}
}

func checkDamageFound(t *testing.T, w *work) {
	ctx := context.Background()
	w.sort()
	s, err := openStore(w)
	if err != nil {
		t.Fatal(err)
	}
	parts, err := w.writeParts(ctx, s)
	if err == nil {
		err = w.takeParts(s, parts)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := verify(ctx, s.path(0), s.sums, w.meaning); err != nil {
		t.Fatal(err)
	}
	for path, says := range map[string]string{"3655/55240/30/coadd": "fiber 3655-55240-0030: what is in", "3655/55240/zbest": "3655/55240/zbest: what is in"} {
		field := map[bool]string{true: "SKY", false: "Z"}[strings.HasSuffix(path, "coadd")]
		var was *h5.Array
		changeDataset(t, s.path(0), path, func(d *h5.Dataset) (err error) {
			if was, err = d.Field(field); err != nil {
				return err
			}
			return d.WriteField(field, float32(3), 1)
		})
		if err := verify(ctx, s.path(0), s.sums, w.meaning); !errors.Is(err, errDiffers) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %q", path, err, says)
		}
		changeDataset(t, s.path(0), path, func(d *h5.Dataset) error { return d.WriteField(field, was.Raw()) })
	}
	const coadd = "3655/55240/30/coadd"
	var was any
	changeDataset(t, s.path(0), coadd, func(d *h5.Dataset) (err error) {
		was, err = h5.AttrAs[string](d, "PLUGFILE")
		return errors.Join(err, d.SetAttr("PLUGFILE", "another"))
	})
	if err := verify(ctx, s.path(0), s.sums, w.meaning); !errors.Is(err, errDiffers) {
		t.Errorf("a changed header card: %v", err)
	}
	// Written once more it lies elsewhere in the file, and means the same.
	changeDataset(t, s.path(0), coadd, func(d *h5.Dataset) error { return errors.Join(d.DeleteAttr("PLUGFILE"), d.SetAttr("PLUGFILE", was)) })
	if err := verify(ctx, s.path(0), s.sums, w.meaning); err != nil {
		t.Errorf("a header card in another place: %v", err)
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
