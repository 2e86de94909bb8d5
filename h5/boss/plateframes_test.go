package boss

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// plateFolder gives the files of plate 3655 of the survey.
func plateFolder(t *testing.T) string {
	t.Helper()
	return filepath.Join(survey(t), "plates", "3655")
}

// The plate's files give the exposures that the generator writes into its own files of HDF5.
func TestExposuresOfPlates(t *testing.T) {
	ctx, dir := context.Background(), plateFolder(t)
	for name, o := range map[string]Options{"v1": {}, "v2": {Layout: V2}, "v2-gzip": {Layout: V2, Gzip: 1}} {
		out := filepath.Join(dir, name+".h5")
		r, err := Convert(ctx, []string{dir}, out, o)
		fine(t, r, err)
		if r.Fibers != 5 || len(r.Notes) > 0 {
			t.Errorf("%s: %v", name, r)
		}
		for _, fiber := range []int{30, 734} {
			own := filepath.Join(t.TempDir(), "own.h5")
			if err := Sample(own, SampleOptions{Fibers: []int{fiber}, Exposures: 1}); err != nil {
				t.Fatal(err)
			}
			equalFibers(t, out, own, false)
		}
		os.Remove(out)
	}
}

// What is wrong with frames is listed, once, and costs no more than what cannot be read.
func TestDamagedFrames(t *testing.T) {
	const blue, red = "108341/b", "108341/r"
	cframe, frame, flat := "spCFrame-b1-00108341.fits", "spFrame-b1-00108341.fits.gz", "spFlat-b1-00108347.fits.gz"
	for name, test := range map[string]struct {
		harm func(t *testing.T, dir string)
		says string
		want []string // exposures of fiber 30
		bare bool     // CALIB is NaN
	}{
		"no spCFrame":         {remove(cframe), cframe, []string{red}, false},
		"no spFrame":          {remove(frame), "spFrame-b1-00108341.fits: file does not exist", []string{red}, false},
		"no flat":             {remove(flat), "spFlat-b1-00108347.fits: CALIB is NaN", []string{blue, red}, true},
		"short spCFrame":      {cut(cframe), "left out: ", []string{red}, false},
		"short spFrame":       {cut(frame), "spFrame-b1-00108341.fits: left out from fiber 2 on: ", []string{red}, false},
		"short flat":          {cut(flat), "CALIB is NaN", []string{blue, red}, true},
		"flipped spFrame":     {flip(frame), "checksum", []string{red}, false},
		"no FITS":             {fill(cframe, "nothing"), "no FITS file does", []string{red}, false},
		"a camera's as other": {swap(cframe, "spCFrame-r1-00108341.fits"), "is of camera r1", nil, false},
		"other shape":         {swap("spFrame-b1-00108341.fits.gz", "spFrame-b2-00108341.fits.gz"), "left out from fiber 2 on: its image has the shape [2 4112], that of spCFrame [3 4128]", []string{red}, false},
	} {
		t.Run(name, func(t *testing.T) {
			dir := plateFolder(t)
			test.harm(t, dir)
			out := filepath.Join(t.TempDir(), "out.h5")
			r, err := Convert(context.Background(), []string{dir}, out, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if r.Fibers != 5 || r.Lost() > 0 || strings.Count(r.String(), test.says) != 1 {
				t.Errorf("%v\nwant 5 fibers and once %q", r, test.says)
			}
			d, err := readFiber(open(t, out), FiberID{3655, 55240, 30})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range d.frames {
				got = append(got, f.id.String())
				bare := math.IsNaN(floats(t, f.table, "CALIB")[100])
				if f.id.camera == "b" && bare != test.bare {
					t.Errorf("%v: CALIB is NaN: %v", f.id, bare)
				}
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("exposures %q, want %q", got, test.want)
			}
		})
	}
}

// Frames may all be packed with gzip, or none.
func TestPackedOrNot(t *testing.T) {
	dir, out := plateFolder(t), filepath.Join(t.TempDir(), "out.h5")
	for name, change := range map[string]func(path string) error{"spCFrame-*.fits": pack, "spFrame-*.gz": unpackTo, "spFlat-*.gz": unpackTo} {
		found, err := filepath.Glob(filepath.Join(dir, name))
		if err != nil || len(found) != 4 {
			t.Fatal(found, err)
		}
		for _, path := range found {
			if err := errors.Join(change(path), os.Remove(path)); err != nil {
				t.Fatal(err)
			}
		}
	}
	r, err := Convert(context.Background(), []string{dir}, out, Options{})
	fine(t, r, err)
	own := filepath.Join(t.TempDir(), "own.h5")
	if err := Sample(own, SampleOptions{Fibers: []int{734}, Exposures: 1}); err != nil {
		t.Fatal(err)
	}
	equalFibers(t, out, own, false)
}

// unpackTo writes what gzip has packed beside it.
func unpackTo(path string) error {
	in, err := os.Open(path)
	if err != nil {
		return err
	}
	defer in.Close()
	f, err := os.Create(strings.TrimSuffix(path, ".gz"))
	if err != nil {
		return err
	}
	_, err = unpackAll(f, in)
	return errors.Join(err, f.Close())
}

// Where nothing can be unpacked the work stops, and goes on later: no frame is at fault.
func TestNoRoomToUnpack(t *testing.T) {
	dir, out := plateFolder(t), filepath.Join(t.TempDir(), "out.h5")
	t.Run("none", func(t *testing.T) {
		t.Setenv("TMPDIR", filepath.Join(dir, "none"))
		if r, err := Convert(context.Background(), []string{dir}, out, Options{}); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "the same command again goes on") {
			t.Errorf("%v, %v", r, err)
		}
	})
	r, err := Convert(context.Background(), []string{dir}, out, Options{})
	fine(t, r, err)
}

func remove(name string) func(*testing.T, string) {
	return func(t *testing.T, dir string) {
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
}

// change replaces what is in a file.
func change(t *testing.T, path string, with func([]byte) []byte) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	write(t, path, string(with(content)))
}

func cut(name string) func(*testing.T, string) {
	return func(t *testing.T, dir string) {
		change(t, filepath.Join(dir, name), func(b []byte) []byte { return b[:len(b)*2/3] })
	}
}

// flip changes a byte of the sum at the end of what gzip has packed.
func flip(name string) func(*testing.T, string) {
	return func(t *testing.T, dir string) {
		change(t, filepath.Join(dir, name), func(b []byte) []byte { b[len(b)-6] ^= 1; return b })
	}
}

func fill(name, content string) func(*testing.T, string) {
	return func(t *testing.T, dir string) { write(t, filepath.Join(dir, name), content) }
}

func swap(a, b string) func(*testing.T, string) {
	return func(t *testing.T, dir string) {
		a, b, c := filepath.Join(dir, a), filepath.Join(dir, b), filepath.Join(dir, "swapped")
		if err := errors.Join(os.Rename(a, c), os.Rename(b, a), os.Rename(c, b)); err != nil {
			t.Fatal(err)
		}
	}
}

// A plate without a plan has coadds, and that is said once; so are files that nobody knows.
func TestPlateWithoutPlan(t *testing.T) {
	dir := plateFolder(t)
	remove("spPlancomb-3655-55240.par")(t, dir)
	remove("photoPlate-3655-55240.fits")(t, dir)
	for _, name := range []string{"README", "spArc-b1-00108348.fits.gz", "x.log", "y.log", "spZall-3655-55240.fits"} {
		write(t, filepath.Join(dir, name), "?")
	}
	out := filepath.Join(t.TempDir(), "out.h5")
	r, err := Convert(context.Background(), []string{dir}, out, Options{})
	fine(t, r, err)
	text := r.String()
	for _, line := range []string{"there is no spPlancomb-3655-55240.par beside it: coadds without single exposures", "no catalogs of photometry, for there is no photoPlate beside it", "passed over 4 files"} {
		if strings.Count(text, line) != 1 || !strings.Contains(r.HTML(), line) {
			t.Errorf("%s\nwant once: %s", text, line)
		}
	}
	if strings.Contains(text, "spZall") {
		t.Errorf("spZall is known, and not needed:\n%s", text)
	}
	if frames, err := open(t, out).frames(FiberID{3655, 55240, 30}); err != nil || frames != nil {
		t.Errorf("exposures %v, %v", frames, err)
	}
}

func TestPlanned(t *testing.T) {
	got := planned(`# SPEXP is not here
SPEXP 3655 55240 3655-55237-01 science 900.0 { spFrame-b1-00108341.fits spFrame-r1-00108341.fits UNKNOWN "spFrame-r2-00108341.fits" }
SPEXP 3655 55240 3655-55237-01 science 900.0 { spFrame-b1-00108341.fits ../spFrame-b1-1.fits spFrame-b2-00108342.fits}
`)
	want := []string{"spFrame-b1-00108341.fits", "spFrame-r1-00108341.fits", "spFrame-r2-00108341.fits", "spFrame-b2-00108342.fits"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

// A night with single exposures is cut into parts: what they hold together is what one part holds, and a run that was
// interrupted goes on with the part it was at.
func TestNightInParts(t *testing.T) {
	dir := plateFolder(t)
	for name, o := range map[string]Options{"v1": {}, "v2": {Layout: V2}, "v1-gzip": {Gzip: 1}} {
		t.Run(name, func(t *testing.T) {
			to := t.TempDir()
			whole, cut := filepath.Join(to, "whole.h5"), filepath.Join(to, "cut.h5")
			r, err := Convert(context.Background(), []string{dir}, whole, o)
			fine(t, r, err)
			files, err := inputs([]string{dir})
			if err != nil {
				t.Fatal(err)
			}
			run := func(stop int) (*Result, error) {
				w := &work{op: "convert", out: cut, opts: o, result: Result{Did: "converted"}, partFibers: 4}
				w.opts.Layout = max(o.Layout, V1)
				w.listing(files, nil)
				return w.run(&stopAfter{Context: context.Background(), parts: stop, dir: cut + ".part"})
			}
			if r, err = run(2); !errors.Is(err, context.Canceled) {
				t.Fatalf("%v, %v: it should have been interrupted", r, err)
			}
			r, err = run(100)
			fine(t, r, err)
			if r.Resumed == 0 || r.Resumed == 5 || r.Fibers != 5 || r.Nights != 1 {
				t.Errorf("%v: want 5 fibers of 1 night, some of them resumed", r)
			}
			equalFibers(t, cut, whole, false)
			sameCatalogs(t, cut, whole, night{3655, 55240})
		})
	}
}

// stopAfter is done when so many parts are.
type stopAfter struct {
	context.Context
	parts int
	dir   string
}

func (c *stopAfter) Err() error {
	if done, _ := filepath.Glob(filepath.Join(c.dir, "*.json")); len(done) >= c.parts {
		return context.Canceled
	}
	return nil
}

func sameCatalogs(t *testing.T, got, want string, n night) {
	t.Helper()
	a, b := open(t, got), open(t, want)
	names, err := b.catalogs(n)
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		x, err1 := a.nightCatalog(n, name)
		y, err2 := b.nightCatalog(n, name)
		if err := errors.Join(err1, err2); err != nil {
			t.Error(err)
		} else if x.sum() != y.sum() {
			t.Errorf("%s differs", name)
		}
	}
}

// An earlier run is not gone on with when a frame has changed since.
func TestChangedFrame(t *testing.T) {
	dir := plateFolder(t)
	key := func() string {
		w := &work{}
		w.listing([]string{filepath.Join(dir, "spPlate-3655-55240.fits")}, nil)
		return w.key()
	}
	before := key()
	if again := key(); again != before {
		t.Errorf("%s and then %s", before, again)
	}
	change(t, filepath.Join(dir, "spCFrame-r2-00108341.fits"), func(b []byte) []byte { return append(b, 0) })
	if key() == before {
		t.Error("the key of the work stays with another spCFrame")
	}
}

// The same options write the same files.
func TestSampleFramesAreDeterministic(t *testing.T) {
	content := func() string {
		dir := t.TempDir()
		if err := SampleFITS(dir, SampleFITSOptions{Fibers: []int{7, 600}, Exposures: 1}); err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		err := fs.WalkDir(os.DirFS(dir), ".", func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			b, err := os.ReadFile(filepath.Join(dir, path))
			fmt.Fprintf(&out, "%s %x\n", path, b)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	if content() != content() {
		t.Error("the same options gave other files")
	}
}

// Every command keeps the exposures of plates, with their header cards, and the catalogs.
func TestCommandsKeepExposures(t *testing.T) {
	ctx, from, dir := context.Background(), plateFolder(t), t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	spectra := in("spectra")
	for _, step := range []struct {
		out string
		run func(out string) (*Result, error)
	}{
		{in("v1.h5"), func(out string) (*Result, error) { return Convert(ctx, []string{from}, out, Options{}) }},
		{in("v2.h5"), func(out string) (*Result, error) {
			return Convert(ctx, []string{in("v1.h5")}, out, Options{Layout: V2})
		}},
		{in("back.h5"), func(out string) (*Result, error) {
			return Convert(ctx, []string{in("v2.h5")}, out, Options{Layout: V1})
		}},
		{in("direct.h5"), func(out string) (*Result, error) { return Subset(ctx, []string{from}, "FIBERID > 0", out, Options{}) }},
		{in("subset.h5"), func(out string) (*Result, error) {
			return Subset(ctx, []string{in("v2.h5")}, "FIBERID > 0", out, Options{})
		}},
		{in("subset.h5"), func(out string) (*Result, error) {
			if _, err := Remove(ctx, out, "FIBERID == 734", Options{}); err != nil {
				return nil, err
			}
			return Add(ctx, out, []string{in("v1.h5")}, "", Options{})
		}},
	} {
		r, err := step.run(step.out)
		fine(t, r, err)
		equalFibers(t, step.out, in("v1.h5"), false)
		sameCatalogs(t, step.out, in("v1.h5"), night{3655, 55240})
	}
	r, err := Export(ctx, []string{in("v1.h5")}, "", spectra, Options{})
	fine(t, r, err)
	d, err := readFiber(open(t, filepath.Join(spectra, "spec-3655-55240-0734.fits")), FiberID{3655, 55240, 734})
	if err != nil || len(d.frames) != 2 {
		t.Fatal(d, err)
	}
	want, err := readFiber(open(t, in("v1.h5")), FiberID{3655, 55240, 734})
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range d.frames {
		if a, b := floats(t, f.table, "CALIB"), floats(t, want.frames[i].table, "CALIB"); f.id != want.frames[i].id || !slices.Equal(a, b) {
			t.Errorf("exported exposure %v differs", f.id)
		}
	}
}
