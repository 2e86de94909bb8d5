package h5

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestHistogram(t *testing.T) {
	f := scratch(t)
	inf := math.Inf(1)
	must(t, f.Set("x", []float64{0, 0.5, 1, 1.5, 2, 4, math.NaN(), -1, 9, inf, -inf}))
	must(t, f.Set("nan", []float64{math.NaN(), inf}))
	d := must1(t)(f.Dataset("x"))
	whole, err := d.Slice()
	must(t, err)
	for _, c := range []struct {
		bins  int
		sel   []any
		want  string
		edges string
	}{
		{4, []any{Between(0, 4)}, "[2 2 1 1]", "[0 1 2 3 4]"},
		{2, []any{Between(-1, 9)}, "[6 2]", "[-1 4 9]"},
		{2, nil, "[6 2]", "[-1 4 9]"},
		{2, []any{":6"}, "[4 2]", "[0 2 4]"},
		{2, []any{":6", Between(0, 1)}, "[1 2]", "[0 0.5 1]"},
		{2, []any{"1:2"}, "[0 1]", "[0 0.5 1]"},
		{1, []any{"8:9"}, "[1]", "[8.5 9.5]"},
		{3, []any{"[5, 3, 5]"}, "[1 0 2]", "[1.5 2.3333333333333335 3.166666666666667 4]"},
	} {
		for _, of := range []interface {
			Histogram(bins int, sel ...any) ([]int, []float64, error)
		}{d, whole, d.Part()} {
			counts, edges, err := of.Histogram(c.bins, c.sel...)
			must(t, err)
			same(t, fmt.Sprint(counts, edges), c.want+" "+c.edges)
		}
	}
	_, _, err = d.Histogram(0, Between(0, 1))
	check(t, err, ErrRange, "0 bins from 0 to 1")
	_, _, err = d.Histogram(3, Between(0, 5e-324))
	check(t, err, ErrRange, "3 bins from 0 to 5e-324")
	_, _, err = d.Histogram(3, Between(2, 1))
	check(t, err, ErrRange, "3 bins from 2 to 1")
	_, _, err = d.Histogram(3, Between(0, 0))
	check(t, err, ErrRange, "3 bins from 0 to 0")
	_, _, err = d.Histogram(math.MaxInt, Between(0, 1))
	check(t, err, ErrTooLarge)
	_, _, err = must1(t)(f.Dataset("nan")).Histogram(3)
	check(t, err, ErrRange, "no finite elements", "h5.Between")
}

// writePairs writes x and y to datasets of several pieces, contiguous and in chunks, and as fields of rows.
func writePairs(t *testing.T, f *File, x []float64, y []int32) {
	t.Helper()
	type row struct {
		X float64
		S int8
		Y int32
	}
	rows := make([]row, len(x))
	for i := range rows {
		rows[i] = row{x[i], 1, y[i]}
	}
	must(t, f.Set("x", x))
	must(t, f.Set("y", y))
	must(t, f.Set("rows", rows))
	packed, err := f.CreateDataset("packed", Float32.BigEndian(), Shape{len(x)}, DatasetCreate{Chunks: Shape{100_000}, Gzip: 1})
	must(t, err)
	must(t, packed.Write(y))
}

func pairsIn(t *testing.T, f *File) [][2]any {
	t.Helper()
	set := func(name string) *Dataset { return must1(t)(f.Dataset(name)) }
	return [][2]any{
		{set("x"), set("y")},
		{set("x"), set("packed").Part()},
		{set("rows").Part(Columns("X")), set("rows").Part(Columns("Y"))},
	}
}

// TestHistogram2D counts in a file that is written, and in one that is read past the library.
func TestHistogram2D(t *testing.T) {
	f := scratch(t)
	r := rand.New(rand.NewPCG(1, 2))
	n := 500_000
	x, y := make([]float64, n), make([]int32, n)
	for i := range x {
		x[i], y[i] = r.NormFloat64(), int32(r.IntN(1000))
	}
	x[7], x[9] = math.NaN(), math.Inf(1)
	want := make([][]int, 20)
	for i := range want {
		want[i] = make([]int, 30)
	}
	for i := range x {
		if column := (x[i] + 3) * 5; column >= 0 && column < 30 && y[i] < 800 {
			want[y[i]/40][int(column)]++
		}
	}
	writePairs(t, f, x, y)
	countPairsOf(t, pairsIn(t, f), want)
	a, b := must1(t)(f.Dataset("x")), must1(t)(f.Dataset("y"))
	_, _, _, err := a.Histogram2D(b.Part(":10"), 2, 2)
	check(t, err, ErrShape, "shape (10) beside (500000) of /x", "select as much")
	_, _, _, err = a.Histogram2D([]int{1}, 2, 2)
	check(t, err, ErrType, "the second is a []int")
	_, _, _, err = a.Histogram2D(b, 1<<31, 1<<31, Between(0, 1), Between(0, 1))
	check(t, err, ErrTooLarge)
	counts, _, _, err := a.Histogram2D(b, 1, 1, "10:20:2")
	must(t, err)
	same(t, counts, "[[5]]")
	must(t, f.Close())
	f, err = Open(f.Filename())
	must(t, err)
	defer f.Close()
	countPairsOf(t, pairsIn(t, f), want)
}

func countPairsOf(t *testing.T, pairs [][2]any, want [][]int) {
	t.Helper()
	type histogram2D interface {
		Histogram2D(y any, xBins, yBins int, sel ...any) ([][]int, []float64, []float64, error)
	}
	for i, pair := range pairs {
		got, xEdges, yEdges, err := pair[0].(histogram2D).Histogram2D(pair[1], 30, 20, Between(-3, 3), Between(0, 799.999999))
		must(t, err)
		if !slices.EqualFunc(got, want, slices.Equal) || len(xEdges) != 31 || len(yEdges) != 21 || xEdges[15] != 0 {
			t.Errorf("pair %d: got %v\n%v\n%v, want %v", i, got, xEdges, yEdges, want)
		}
		got, xEdges, _, err = pair[0].(histogram2D).Histogram2D(pair[1], 2, 2)
		must(t, err)
		if all := got[0][0] + got[0][1] + got[1][0] + got[1][1]; all != 500_000-2 || xEdges[0] > -3 {
			t.Errorf("pair %d: %v from %v", i, got, xEdges)
		}
	}
}
