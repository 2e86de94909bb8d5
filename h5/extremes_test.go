package h5

import (
	"fmt"
	"math"
	"slices"
	"testing"
)

// TestExtremesKeepSpikes hides single samples among 10^7 and finds each again in its stretch.
func TestExtremesKeepSpikes(t *testing.T) {
	f := scratch(t)
	const n, pieces = 10_000_000, 1600
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(math.Sin(float64(i) / 1e5))
	}
	spikes := []int{0, 1, 62_499, 4_999_999, 5_000_000, n - 1}
	for i, at := range spikes {
		x[at] = float32(100 + i)
	}
	x[1234567] = -50
	plain, err := f.CreateDataset("plain", Float32, Shape{n})
	must(t, err)
	packed, err := f.CreateDataset("packed", Float32.BigEndian(), Shape{n}, DatasetCreate{Chunks: Shape{70_001}, Gzip: 1, Shuffle: true})
	must(t, err)
	for _, d := range []*Dataset{plain, packed} {
		must(t, d.Write(x))
		lo, hi, err := d.Extremes(pieces)
		must(t, err)
		same(t, []int{len(lo), len(hi)}, fmt.Sprint([]int{pieces, pieces}))
		for i, at := range spikes {
			if got := hi[at*pieces/n]; got != float64(100+i) && !(i == 0 && got == 101) {
				t.Errorf("%v: the sample at %d is lost: the greatest there is %v", d, at, got)
			}
		}
		if lo[1234567*pieces/n] != -50 || slices.Min(lo) != -50 || slices.Max(hi) != 105 {
			t.Errorf("%v: from %v to %v", d, slices.Min(lo), slices.Max(hi))
		}
	}
}

// TestExtremes compares with the plain way, over stretches that do not fit into the pieces that are read.
func TestExtremes(t *testing.T) {
	f := scratch(t)
	const n = 300_007
	x := make([]float64, n)
	for i := range x {
		x[i] = math.Mod(float64(i)*0.61803, 1)
	}
	for i := 1000; i < 3000; i++ {
		x[i] = math.NaN()
	}
	must(t, f.Set("x", x))
	d := must1(t)(f.Dataset("x"))
	a, err := d.Slice()
	must(t, err)
	for _, pieces := range []int{1, 2, 7, 1000, n / 2, n - 1, n, 2 * n} {
		for _, of := range []interface {
			Extremes(pieces int, sel ...any) (lo, hi []float64, err error)
		}{d, a} {
			lo, hi, err := of.Extremes(pieces)
			must(t, err)
			k := min(pieces, n)
			if len(lo) != k || len(hi) != k {
				t.Fatalf("%d pieces: %d and %d", pieces, len(lo), len(hi))
			}
			for i, seen := 0, 0; i < k; i++ {
				end := (i+1)*(n/k) + (i+1)*(n%k)/k
				wantLo, wantHi := math.NaN(), math.NaN()
				for _, v := range x[seen:end] {
					if v == v && !(v >= wantLo) {
						wantLo = v
					}
					if v == v && !(v <= wantHi) {
						wantHi = v
					}
				}
				if fmt.Sprint(lo[i], hi[i]) != fmt.Sprint(wantLo, wantHi) {
					t.Fatalf("%T, %d pieces: piece %d goes from %v to %v, want %v to %v", of, pieces, i, lo[i], hi[i], wantLo, wantHi)
				}
				seen = end
			}
		}
	}
}

func refine(t *testing.T, p *Part, sel ...any) *Part {
	t.Helper()
	out, err := p.refined(sel)
	must(t, err)
	return out
}

func TestExtremesOfParts(t *testing.T) {
	f := scratch(t)
	type row struct {
		A int16
		B float64
	}
	rows := make([]row, 100_000)
	for i := range rows {
		rows[i] = row{int16(i % 1000), float64(i)}
	}
	must(t, f.Set("rows", rows))
	must(t, f.Set("grid", [][]int32{{1, 5, 3}, {9, 7, 8}}))
	must(t, f.Set("words", []string{"a"}))
	must(t, f.Set("none", []float64{}))
	set := func(name string) *Dataset { return must1(t)(f.Dataset(name)) }
	for _, c := range []struct {
		p    *Part
		n    int
		want string
	}{
		{set("rows").Part(Columns("B")), 100_000, "[0 50000] [49999 99999]"},
		{set("rows").Part(Columns("A"), "500:1500"), 1000, "[500 0] [999 499]"},
		{set("rows").Part(Columns("B"), "::-1"), 100_000, "[50000 0] [99999 49999]"},
		{set("grid").Part(), 6, "[1 7] [5 9]"},
		{set("grid").Part(":, 1:"), 4, "[3 7] [5 8]"},
		{set("grid").Part("1, [0, 2]"), 2, "[9 8] [9 8]"},
		{set("none").Part(), 0, "[] []"},
		{refine(t, set("rows").Part(Columns("B"), "10:90:2"), "5:-5:3"), 10, "[20 50] [44 74]"},
		{refine(t, set("grid").Part("1", "1:"), ":"), 2, "[7 8] [7 8]"},
		{refine(t, set("grid").Part(":, 1:"), "1"), 2, "[7 8] [7 8]"},
	} {
		lo, hi, err := c.p.Extremes(2)
		must(t, err)
		same(t, fmt.Sprint(lo, hi), c.want)
		same(t, c.p.Len(), c.n)
		a, err := c.p.Slice()
		must(t, err)
		same(t, a.Shape(), c.p.Shape().String())
	}
	_, _, err := set("rows").Part(Columns("A"), "[1, 5, 3]").Extremes(2, ":1")
	check(t, err, ErrRange, "lists of places")
	_, _, err = set("rows").Part(Columns("A"), "1:3").Extremes(2, "5")
	check(t, err, ErrRange, "outside axis 0 of length 2")
	_, _, err = set("rows").Extremes(2)
	check(t, err, ErrType, `h5.Columns("A")`)
	_, _, err = set("rows").Extremes(2, Columns("C"))
	check(t, err, ErrNotFound)
	_, _, err = set("words").Extremes(2)
	check(t, err, ErrType, "only numbers can be reduced")
	_, _, err = set("grid").Extremes(0)
	check(t, err, ErrRange, "0 pieces")
	_, _, err = set("grid").Extremes(3, "9")
	check(t, err, ErrRange)
	same(t, fmt.Sprint(set("rows").Part(Columns("B"), "3:5")), "part of /rows [3:5 B]")
}
