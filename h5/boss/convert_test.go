package boss

import (
	"bytes"
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

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

// TestConvertReal packs real spectra in both layouts: what is read from the files is what the FITS files hold.
func TestConvertReal(t *testing.T) {
	real(t, "boss/spec-3655-55240-0446.fits")
	for _, o := range []Options{{}, {Gzip: 1}, {Layout: V2}, {Layout: V2, Gzip: 1}} {
		t.Run(o.Layout.String()+"-gzip"+string(rune('0'+o.Gzip)), func(t *testing.T) {
			out := filepath.Join(t.TempDir(), "out.h5")
			r, err := Convert(context.Background(), []string{data + "boss"}, out, o)
			if err != nil {
				t.Fatal(err)
			}
			if r.Fibers != 14 || r.Nights != 5 || len(r.Problems) != 0 {
				t.Errorf("%v", r)
			}
			sameAsFITS(t, out)
		})
	}
}

func sameAsFITS(t *testing.T, path string) {
	t.Helper()
	got := open(t, path)
	files, err := filepath.Glob(data + "boss/spec-*.fits")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		want := open(t, file)
		ids, _ := want.fibers()
		a, err := readFiber(want, ids[0])
		if err != nil {
			t.Fatal(err)
		}
		b, err := readFiber(got, ids[0])
		if err != nil {
			t.Fatal(err)
		}
		if a.sum(false) != b.sum(false) {
			t.Errorf("%s: the file holds another spectrum", file)
		}
		if strings.Contains(file, "7338") && len(b.frames) != 6 {
			t.Errorf("%s: %d exposures, want 6", file, len(b.frames))
		}
	}
}
