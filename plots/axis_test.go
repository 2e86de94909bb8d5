package plots

import (
	"strings"
	"testing"

	"gonum.org/v1/plot"
)

func TestTicks(t *testing.T) {
	for _, test := range []struct {
		lo, hi float64
		ticker plot.Ticker
		want   string
	}{
		{0, 10, ticks{count: 5}, "0 2 4 6 8 10"},
		{3566.97, 10339.5, ticks{count: 7}, "4000 5000 6000 7000 8000 9000 10000"},
		{-1.2, 2.1, ticks{count: 6}, "−1.0 −0.5 0.0 0.5 1.0 1.5 2.0"},
		{0, 0.3, ticks{count: 6}, "0.00 0.05 0.10 0.15 0.20 0.25 0.30"},
		{-3e-17, 4e-17, ticks{count: 4}, "−2e−17 0 2e−17 4e−17"},
		{1e6, 1.00002e6, ticks{count: 4}, "1.000000e6 1.000005e6 1.000010e6 1.000015e6 1.000020e6"},
		{0, 5e9, ticks{count: 5}, "0 1e9 2e9 3e9 4e9 5e9"},
		{-0.5, 1.5, ticks{5, true}, "0 1"},
		{-0.5, 99.5, ticks{5, true}, "0 20 40 60 80"},
		{0.5, 2e6, logTicks{7}, "1 10 100 1000 10000 100000 1e6"},
		{1e-20, 1e20, logTicks{6}, "1e−20 1e−15 1e−10 1e−5 1 100000 1e10 1e15 1e20"},
		{2, 9, logTicks{7}, "2 3 4 5 6 7 8 9"},
	} {
		var got []string
		for _, tick := range test.ticker.Ticks(test.lo, test.hi) {
			if tick.Label != "" && test.lo <= tick.Value && tick.Value <= test.hi {
				got = append(got, tick.Label)
			}
		}
		if s := strings.Join(got, " "); s != test.want {
			t.Errorf("%g to %g with %T: got %s, want %s", test.lo, test.hi, test.ticker, s, test.want)
		}
	}
}

func TestWiden(t *testing.T) {
	for _, test := range []struct {
		lo, hi, margin float64
		log            bool
		want           limits
	}{
		{0, 10, 0.1, false, limits{-1, 11}},
		{5, 5, 0.1, false, limits{4.5, 5.5}},
		{0, 0, 0.1, false, limits{-0.5, 0.5}},
		{100, 100, 0, false, limits{90, 110}},
		{1, 100, 0.5, true, limits{0.1, 1000}},
	} {
		if got := widen(test.lo, test.hi, test.margin, test.log); got != test.want {
			t.Errorf("widen(%g, %g, %g, %v) = %v, want %v", test.lo, test.hi, test.margin, test.log, got, test.want)
		}
	}
}

// TestXRangeFitsY: the y axis is that of the part that is seen, unless nothing lies in it.
func TestXRangeFitsY(t *testing.T) {
	y := []float64{1, 2, 100, 3, 4}
	for _, test := range []struct {
		f    *Figure
		want box
	}{
		{Line(y).XRange(-0.5, 1.5), box{0, 1, 1, 2}},
		{Scatter(y).XRange(2.5, 9), box{3, 4, 3, 4}},
		{Line(y).XRange(50, 60), box{0, 4, 1, 100}},
		{Band(y, y).Line(y).XRange(0.5, 1.5), box{1, 1, 2, 2}},
	} {
		if got := test.f.area(false); got != test.want {
			t.Errorf("%v: got %v, want %v", test.f, got, test.want)
		}
	}
}
