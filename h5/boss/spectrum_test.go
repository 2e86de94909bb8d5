package boss

import (
	"math"
	"slices"
	"testing"
)

func TestCoaddIsWhatItSays(t *testing.T) {
	for _, fiber := range append([]int{1, 2, 3, 999}, defaultFibers...) {
		o := newObject(7, fiber)
		rows := coadd(7, &o)
		var pulls []float64
		bad, bright, partial := 0, 0, 0
		for i, row := range rows {
			if want := float32(math.Pow(10, 3.5515+1e-4*float64(i))); row.Wave != want {
				t.Fatalf("fiber %d: WAVE[%d] = %v, want %v", fiber, i, row.Wave, want)
			}
			for _, x := range []float32{row.Flux, row.Ivar, row.WaveDisp, row.Sky, row.Model} {
				if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
					t.Fatalf("fiber %d row %d: %+v is not finite", fiber, i, row)
				}
			}
			if row.OrMask&row.AndMask != row.AndMask {
				t.Fatalf("fiber %d row %d: AND_MASK %x has bits that OR_MASK %x lacks", fiber, i, row.AndMask, row.OrMask)
			}
			if rejected := row.AndMask&(FullReject|NoData) != 0; rejected != (row.Ivar == 0) {
				t.Fatalf("fiber %d row %d: mask %x with ivar %v", fiber, i, row.AndMask, row.Ivar)
			}
			if row.Ivar > 0 {
				pulls = append(pulls, float64(row.Flux-row.Model)*math.Sqrt(float64(row.Ivar)))
			} else {
				bad++
			}
			if row.AndMask&BrightSky != 0 {
				bright++
			}
			if row.OrMask != row.AndMask {
				partial++
			}
		}
		mean, deviation := moments(pulls)
		if math.Abs(mean) > 0.06 || math.Abs(deviation-1) > 0.05 {
			t.Errorf("fiber %d: (FLUX-MODEL)*sqrt(IVAR) has mean %.3f and deviation %.3f, want 0 and 1", fiber, mean, deviation)
		}
		if bad == 0 || bad > 60 || bright < 30 || bright > 300 || partial < 100 {
			t.Errorf("fiber %d: %d pixels without data, %d under bright sky, %d rejected in part", fiber, bad, bright, partial)
		}
	}
}

func moments(x []float64) (mean, deviation float64) {
	for _, v := range x {
		mean += v / float64(len(x))
	}
	for _, v := range x {
		deviation += (v - mean) * (v - mean) / float64(len(x))
	}
	return mean, math.Sqrt(deviation)
}

// A line must stand where its redshift puts it.
func TestLinesAreRedshifted(t *testing.T) {
	for _, test := range []struct {
		fiber int
		line  string
	}{{30, "C_IV 1549"}, {30, "Ly_alpha"}, {118, "H_alpha"}, {118, "[O_III] 5007"}, {446, "Mg_II 2799"}} {
		o := newObject(1, test.fiber)
		i := slices.IndexFunc(LineList, func(l Line) bool { return l.Name == test.line })
		at := LineList[i].Wave * (1 + o.z)
		sigma := profile(at)
		if peak, beside := o.flux(at, sigma), o.continuum(at); peak < 1.2*beside {
			t.Errorf("fiber %d, %s at %.1f Å: flux %.2f over a continuum of %.2f", test.fiber, test.line, at, peak, beside)
		}
	}
}

func TestSameSeedSameSpectrum(t *testing.T) {
	make := func(seed uint64, fiber int) []coaddRow {
		o := newObject(seed, fiber)
		return coadd(seed, &o)
	}
	if !slices.Equal(make(1, 30), make(1, 30)) {
		t.Error("the same seed gives two spectra")
	}
	if slices.Equal(make(1, 30), make(2, 30)) {
		t.Error("two seeds give the same spectrum")
	}
}

func TestFrames(t *testing.T) {
	o := newObject(1, 30)
	for _, c := range cameras {
		rows := c.frame(1, &o, 0)
		if len(rows) != c.rows {
			t.Errorf("camera %s has %d rows, want %d", c.name, len(rows), c.rows)
		}
		for i, row := range rows {
			if i > 0 && row.Wave <= rows[i-1].Wave {
				t.Fatalf("camera %s: wavelength falls at row %d", c.name, i)
			}
			if math.IsNaN(float64(row.Flux)) || (row.Calib <= 0) != (row.Mask&NoData != 0) || (row.Ivar == 0) != (row.Mask&(FullReject|NoData) != 0) {
				t.Fatalf("camera %s row %d: %+v", c.name, i, row)
			}
		}
		if slices.Equal(rows, c.frame(1, &o, 1)) {
			t.Errorf("camera %s saw the same in two exposures", c.name)
		}
	}
}

func TestCatalogRows(t *testing.T) {
	for _, fiber := range defaultFibers {
		o := newObject(1, fiber)
		best := bestFit(1, &o, coadd(1, &o))
		if d := math.Abs(float64(best.Z) - o.z); d > 6*float64(best.ZErr)+1e-6 {
			t.Errorf("fiber %d: Z is off by %g with an error of %g", fiber, d, best.ZErr)
		}
		if (best.ZWarning != 0) != o.sky || len(best.ObjID) != 19 {
			t.Errorf("fiber %d: ZWARNING %d, OBJID %q", fiber, best.ZWarning, best.ObjID)
		}
		fits := lineFits(1, &o, best)
		if len(fits) != 32 {
			t.Errorf("fiber %d has %d lines, want 32", fiber, len(fits))
		}
		for _, f := range fits {
			if len(f.Name) != 13 || f.ZErr < 0 && f.Area != 0 {
				t.Errorf("fiber %d: %+v", fiber, f)
			}
		}
	}
}

func TestCards(t *testing.T) {
	for name, test := range map[string]struct {
		cards    []card
		low, top int
	}{
		"coadd": {coaddCards(), 110, 135},
		"b":     {frameCards(cameras[0], 1, firstExposure), 140, 195},
	} {
		seen := map[string]bool{}
		for _, c := range test.cards {
			if seen[c.name] || len(c.name) > 8 {
				t.Errorf("%s: card %s stands twice or is too long for FITS", name, c.name)
			}
			seen[c.name] = true
			switch c.value.(type) {
			case string, int64, float64, bool:
			default:
				t.Errorf("%s: card %s is %T", name, c.name, c.value)
			}
		}
		if n := len(test.cards); n < test.low || n > test.top {
			t.Errorf("%s has %d cards, want %d to %d", name, n, test.low, test.top)
		}
	}
}
