package boss

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gofive/h5/fits"
)

// shared gives a file of the shared data, or skips.
func shared(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join("../../../shared/data", name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("SKIPPED: there is no ../shared/data/%s", name)
	}
	return path
}

// TestRealSpectraAlike reads the same fibers from both layouts and from their FITS files: wavelengths, fluxes,
// masks and what the catalog says are equal, and the figure is drawn.
func TestRealSpectraAlike(t *testing.T) {
	v1, v2 := shared(t, "h5boss/3655-55240_v1.h5"), shared(t, "h5boss/3655-55240_v2.h5")
	set, err := Query(v1, "")
	if err != nil {
		t.Fatal(err)
	}
	if set.Len() != 10 {
		t.Errorf("%v", set)
	}
	for a, err := range set.Each() {
		if err != nil {
			t.Fatal(err)
		}
		f, err := Open(shared(t, "boss/spec-"+a.FiberID.String()+".fits"))
		if err != nil {
			t.Fatal(err)
		}
		b, err := Spectrum(v2, a.Plate, a.MJD, a.Fiber)
		if err != nil {
			t.Fatal(err)
		}
		if f.Class != a.Class || f.Z != a.Z || f.ZErr != a.ZErr || f.ZWarning != a.ZWarning || a.Class == "" {
			t.Errorf("%v: %q in HDF5, %q in FITS", a.FiberID, a, f)
		}
		alike(t, a, f)
		alike(t, a, b)
		if b := a.MimeBundle(); b["image/png"] == nil || b["application/vnd.vegalite.v5+json"] == nil {
			t.Errorf("%v: no picture", a.FiberID)
		}
	}
}

// alike compares spectra pixel by pixel of the survey's grid; one may reach further than the other, where it
// has no data.
func alike(t *testing.T, a, b *Spec) {
	t.Helper()
	shift := a.pixel() - b.pixel()
	same := 0
	for i := range b.Wave {
		j := i - shift
		if j < 0 || j >= len(a.Wave) {
			if b.Ivar[i] > 0 {
				t.Errorf("%v: only one has data at %g", a.FiberID, b.Wave[i])
			}
			continue
		}
		if a.Ivar[j] > 0 != (b.Ivar[i] > 0) || a.Ivar[j] > 0 && (a.Flux[j] != b.Flux[i] || a.Ivar[j] != b.Ivar[i] || a.AndMask[j] != b.AndMask[i] || !about(a.Wave[j], b.Wave[i], 1e-6)) {
			t.Errorf("%v at %g: %g ± %g and %g ± %g", a.FiberID, b.Wave[i], a.Flux[j], a.Ivar[j], b.Flux[i], b.Ivar[i])
			return
		}
		same++
	}
	if same < 4000 {
		t.Errorf("%v: only %d pixels were compared", a.FiberID, same)
	}
}

// TestRealLines compares our lines with those of the survey's pipeline, and what we measure of strong ones with
// what it fitted.
func TestRealLines(t *testing.T) {
	path := shared(t, "boss/spec-3655-55240-0660.fits") // a galaxy that forms stars
	f, err := fits.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	names, err := f.HDU(3).Column("LINENAME").Strings()
	if err != nil {
		t.Fatal(err)
	}
	waves, err := f.HDU(3).Column("LINEWAVE").Float64s()
	if err != nil {
		t.Fatal(err)
	}
	areas, err := f.HDU(3).Column("LINEAREA").Float64s()
	if err != nil {
		t.Fatal(err)
	}
	if len(names) != len(LineList) {
		t.Fatalf("the pipeline fits %d lines, we know %d", len(names), len(LineList))
	}
	s, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	for i, l := range LineList {
		if strings.TrimSpace(names[i]) != l.Name || math.Abs(waves[i]-l.Wave) > 2e-3 {
			t.Errorf("line %d is %s at %.4f, the pipeline has %s at %.4f", i, l.Name, l.Wave, names[i], waves[i])
		}
		if !strings.Contains("[S_II] 6730 [O_II] 3727", l.Name) {
			continue
		}
		if m, err := s.Measure(l.Name); err != nil || m[0].Flux < 3*m[0].FluxErr && areas[i] > 100 {
			t.Errorf("%s: %v, the pipeline has an area of %.4g; %v", l.Name, m, areas[i], err)
		}
	}
}
