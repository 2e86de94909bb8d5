package boss

import (
	"math"
	"path/filepath"
	"slices"
	"testing"

	"gofive/h5"
)

const data = "../../../shared/data/"

// real gives a file of the survey, or skips the test.
func real(t *testing.T, path string) string {
	t.Helper()
	found, _ := filepath.Glob(data + path)
	if len(found) == 0 {
		t.Skipf("SKIPPED: no real spectrum at shared/data/%s, so nothing of this is tested", path)
	}
	return found[0]
}

func open(t *testing.T, path string) source {
	t.Helper()
	s, err := openSource(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// The same fiber of three formats is the same spectrum.
func TestSourcesAgree(t *testing.T) {
	id := FiberID{3655, 55240, 446}
	one := open(t, real(t, "boss/spec-3655-55240-0446.fits"))
	v1 := open(t, real(t, "h5boss/3655-55240_v1.h5"))
	v2 := open(t, real(t, "h5boss/3655-55240_v2.h5"))
	want, err := one.coadd(id)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(want.Names(), coaddNames) || want.NumRows() != 4620 {
		t.Errorf("%d rows of %v", want.NumRows(), want.Names())
	}
	got, err := v1.coadd(id)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range coaddNames {
		if !near(floats(t, got, name), floats(t, want, name)) {
			t.Errorf("%s of layout v1 differs from the FITS file", name)
		}
	}
	if got, err = v2.coadd(id); err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(floats(t, got, "WAVE"), func(x float64) bool { return x > floats(t, want, "WAVE")[0]-0.01 })
	for _, name := range coaddNames {
		if !near(floats(t, got, name)[at:at+4620], floats(t, want, name)) {
			t.Errorf("%s of layout v2 differs from the FITS file", name)
		}
	}
	for _, s := range []source{one, v1} {
		zbest, err := s.catalog("zbest")
		if err != nil {
			t.Fatal(err)
		}
		row, err := zbest.Query("FIBERID == 446")
		if err != nil || row.NumRows() != 1 {
			t.Fatalf("%d rows of fiber 446, %v", row.NumRows(), err)
		}
		if z := floats(t, row, "Z")[0]; z < 0.522 || z > 0.523 {
			t.Errorf("z = %v, want 0.5222", z)
		}
		plugmap, err := s.catalog("plugmap")
		if err != nil || !slices.Equal(plugmap.Names()[:2], []string{"PLATE", "MJD"}) {
			t.Errorf("plugmap has %v, %v; want the plate and night first", plugmap, err)
		}
		cards, err := s.attrs(id)
		if !slices.ContainsFunc(cards, func(c card) bool { return c == card{"PLATEID", int64(3655)} }) {
			t.Errorf("no PLATEID among %d cards, %v", len(cards), err)
		}
	}
}

// near reports whether numbers are equal but for the last digits of a float32: wavelengths come from a grid or from
// rounded logarithms.
func near(a, b []float64) bool {
	return slices.EqualFunc(a, b, func(x, y float64) bool { return math.Abs(x-y) <= 1e-6*math.Abs(x) })
}

func floats(t *testing.T, table *h5.Table, name string) []float64 {
	t.Helper()
	c, err := table.Column(name)
	if err != nil {
		t.Fatal(err)
	}
	x, err := c.Float64s()
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestFramesAgree(t *testing.T) {
	id := FiberID{7338, 57859, 739}
	one := open(t, real(t, "boss/spec-7338-57859-0739.fits"))
	v1 := open(t, real(t, "h5boss/7338-57859_v1_exposures.h5"))
	want, err := one.frames(id)
	if err != nil || len(want) != 6 {
		t.Fatalf("%v, %v", want, err)
	}
	if got, err := v1.frames(id); !slices.Equal(got, want) {
		t.Fatalf("%v, %v, want %v", got, err, want)
	}
	for _, f := range want {
		a, cards, err := one.frame(id, f)
		if err != nil {
			t.Fatal(err)
		}
		b, attrs, err := v1.frame(id, f)
		if err != nil {
			t.Fatal(err)
		}
		if len(attrs) != len(cards) {
			t.Errorf("%v: %d attributes, %d cards", f, len(attrs), len(cards))
		}
		for _, name := range frameNames {
			if name != "WAVE" && !slices.Equal(floats(t, a, name), floats(t, b, name)) {
				t.Errorf("%v: %s differs", f, name)
			}
		}
	}
}
