package boss

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gofive/h5/fits"
)

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
