package plots

import (
	"bytes"
	"errors"
	"image"
	"image/png"
	"math"
	"strings"
	"testing"
)

// file is a source of numbers that nobody may have in memory.
type file struct {
	n   int
	at  func(i int) float64
	err error
}

func (f *file) Len() int { return f.n }

func (f *file) Extremes(pieces int, _ ...any) (lo, hi []float64, err error) {
	x := make([]float64, f.n)
	for i := range x {
		x[i] = f.at(i)
	}
	if lo, hi, err = samples[float64](x).Extremes(pieces); f.err != nil {
		return nil, nil, f.err
	}
	return lo, hi, err
}

func (f *file) Histogram(bins int, _ ...any) (counts []int, edges []float64, err error) {
	counts, edges = make([]int, bins), make([]float64, bins+1)
	for i := range counts {
		counts[i], edges[i+1] = i, float64(i+1)/float64(bins)
	}
	return counts, edges, f.err
}

// spike is 1 at one place of 10^7, and else nearly 0.
func spike(i int) float64 {
	if i == 7_654_321 {
		return 1
	}
	return math.Sin(float64(i)) / 100
}

// TestLongLinesKeepSpikes looks for a spike of one sample among 10^7: above the middle it is all that tells
// the picture from that of the same line without it.
func TestLongLinesKeepSpikes(t *testing.T) {
	const n = 10_000_000
	flat := make([]float32, n)
	peak := make([]float32, n)
	peak[7_654_321] = 1
	for name, y := range map[string][2]any{
		"file":    {&file{n: n, at: spike}, &file{n: n, at: func(i int) float64 { return math.Sin(float64(i)) / 100 }}},
		"float32": {peak, flat},
	} {
		with, without := drawn(t, y[0]), drawn(t, y[1])
		bounds := with.Bounds()
		row, found := bounds.Dy()/3, 0
		for x := range bounds.Dx() {
			if with.At(x, row) == without.At(x, row) {
				continue
			}
			found++
			if part := float64(x) / float64(bounds.Dx()); math.Abs(part-0.77) > 0.03 {
				t.Errorf("%s: the spike is at %.3f of the picture", name, part)
			}
		}
		if found == 0 {
			t.Errorf("%s: the spike is lost", name)
		}
	}
}

func drawn(t *testing.T, y any) image.Image {
	t.Helper()
	data, err := Line(y).YRange(-0.1, 1.1).PNG()
	if err != nil {
		t.Fatal(err)
	}
	picture, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return picture
}

func TestLongLines(t *testing.T) {
	const n = 1_000_000
	ramp := &file{n: n, at: func(i int) float64 { return float64(i) }}
	gap := &file{n: n, at: func(i int) float64 {
		if i < n/2 {
			return math.NaN()
		}
		return float64(i)
	}}
	for _, test := range []struct {
		name   string
		values []any
		want   string // the span, or what is wrong
	}{
		{"y", []any{ramp}, "x 62 to 999937, y 0 to 999999"},
		{"y with gaps", []any{gap}, "x 500062 to 999937, y 500000 to 999999"},
		{"evenly", []any{Linspace(10, 20), ramp}, "x 10.0006 to 19.9994, y 0 to 999999"},
		{"backwards", []any{&file{n: n, at: func(i int) float64 { return float64(-i) }}, ramp}, "x -999937 to -62, y 0 to 999999"},
		{"x in memory", []any{make([]float64, n), ramp}, "x 0 to 0, y 0 to 999999"},
		{"forth and back", []any{&file{n: n, at: func(i int) float64 { return float64(i * i % n) }}, ramp}, "x goes forth and back"},
		{"too few", []any{[]int{1, 2}, ramp}, "x has 2 values and y has 1,000,000"},
		{"fails", []any{&file{n: n, at: spike, err: errors.New("h5: read: closed")}}, "plots: Line: y: h5: read: closed"},
		{"all gaps", []any{&file{n: n, at: func(int) float64 { return math.NaN() }}}, "nothing to draw"},
		{"a short one", []any{Linspace(1, 2), []int{5, 6, 7}}, "x 1 to 2, y 5 to 7"},
	} {
		f := Line(test.values...)
		got := ""
		if err := f.Err(); err != nil {
			got = err.Error()
		} else {
			got = span(f.layers[0].bounds(false, false))
		}
		if !strings.Contains(got, test.want) {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

func TestLongHistogram(t *testing.T) {
	h, err := newHistogram(&file{n: 1_000_000}, []int{4})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := h.describe(), "histogram of 6 values in 4 bins, 0 to 1, 999,994 not finite"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if _, err := newHistogram(&file{n: 1_000_000, err: errors.New("closed")}, nil); err == nil || !strings.Contains(err.Error(), "Histogram: closed") {
		t.Errorf("got %v", err)
	}
}
