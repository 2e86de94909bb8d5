package boss

import (
	"context"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// All files of a fiber give the same exposures: FITS of the fiber and of its plate, HDF5 in both layouts.
func TestExposures(t *testing.T) {
	ctx, dir := context.Background(), survey(t)
	paths := []string{spec(dir, 3655, 734), filepath.Join(dir, "plates", "3655", "spPlate-3655-55240.fits")}
	for name, layout := range map[string]Layout{"v1.h5": V1, "v2.h5": V2} {
		out := filepath.Join(dir, name)
		r, err := Convert(ctx, []string{filepath.Join(dir, "plates", "3655")}, out, Options{Layout: layout})
		fine(t, r, err)
		paths = append(paths, out)
	}
	o := newObject(1, 734)
	want := cameras[1].frame(1, &o, 0)
	for _, path := range paths {
		s, err := Spectrum(path, 3655, 55240, 734)
		if err != nil {
			t.Fatal(err)
		}
		es, err := s.Exposures()
		if err != nil || len(es) != 2 || es[0].Camera != "b" || es[1].Camera != "r" || es[1].Number != 108341 {
			t.Fatalf("%s: %v, %v", path, es, err)
		}
		e := es[1]
		if len(e.Wave) != 4128 || len(es[0].Wave) != 4112 || e.Z != s.Z || e.Class != "STAR" || e.Seconds != exposureTime || !strings.HasPrefix(e.Begun, "2010-") {
			t.Errorf("%s: %v", path, e)
		}
		for i, row := range want {
			if float32(e.Wave[i]) != row.Wave || float32(e.Flux[i]) != row.Flux || float32(e.Calib[i]) != row.Calib || e.AndMask[i] != row.Mask {
				t.Fatalf("%s, pixel %d: %g %g %g %x, want %+v", path, i, e.Wave[i], e.Flux[i], e.Calib[i], e.AndMask[i], row)
			}
		}
		table, err := es.Table()
		if err != nil || table.NumRows() != 2 {
			t.Errorf("%v, %v", table, err)
		}
	}
}

func TestExposuresFigure(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sample.h5")
	if err := Sample(path, SampleOptions{Fibers: []int{30, 118}, Exposures: 3}); err != nil {
		t.Fatal(err)
	}
	s, err := Spectrum(path, 3655, 55240, 30)
	if err != nil {
		t.Fatal(err)
	}
	es, err := s.Exposures()
	if err != nil || len(es) != 6 {
		t.Fatal(es, err)
	}
	smooth := es.Smooth(IvarWeighted(5))
	if slices.Equal(smooth[0].Flux, es[0].Flux) || math.IsNaN(smooth[0].Flux[100]) {
		t.Error("smoothing changed nothing")
	}
	svg, err := smooth.Plot(RestFrame(), Between(1200, 2000)).SVG()
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"108341 b", "108343 r", "3 single exposures", "3655-55240-0030", "rest wavelength"} {
		if !strings.Contains(string(svg), text) {
			t.Errorf("the figure does not say %q", text)
		}
	}
	other, err := Spectrum(path, 3655, 55240, 118)
	if err != nil {
		t.Fatal(err)
	}
	none, err := other.Exposures()
	if err != nil || len(none) != 0 || none.String() != "no single exposures" || none.Plot().Err() == nil {
		t.Errorf("fiber without exposures: %v, %v", none, err)
	}
	if _, err := (&Spec{}).Exposures(); err == nil || !strings.Contains(err.Error(), "a stack has no exposures") {
		t.Errorf("of no file: %v", err)
	}
}
