package h5

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// reduced is what the reductions give.
func reduced(t *testing.T, d *Dataset, sel ...any) [5]float64 {
	t.Helper()
	var out [5]float64
	for i, f := range []func(...any) (float64, error){d.Sum, d.Mean, d.Std, d.Min, d.Max} {
		v, err := f(sel...)
		must(t, err)
		out[i] = v
	}
	return out
}

// TestReductions compares with the plain formulas, over datasets of several pieces.
func TestReductions(t *testing.T) {
	f := scratch(t)
	r := rand.New(rand.NewPCG(5, 6))
	numbers := make([]float64, 3_000_000)
	for i := range numbers {
		numbers[i] = 1e6 + math.Round(r.NormFloat64()*100)
	}
	for _, typ := range []*Datatype{Float64, Int32.BigEndian()} {
		for _, o := range []DatasetCreate{{}, {Chunks: Shape{170, 1000}, Gzip: 1}} {
			d, err := f.CreateDataset(fmt.Sprint(typ, o.Gzip), typ, Shape{1000, 3000}, o)
			must(t, err)
			must(t, d.Write(numbers))
			for _, sel := range [][]any{nil, {"3:", "7:2995"}, {"::-3, 1::2"}, {Points{{1, 1}, {1, 1}, {-1, -1}}}, {[]int{5, 3, 5, 700}}, {[]int{1, 2}, []int{10, 2000, 10}}} {
				a, err := d.Slice(sel...)
				must(t, err)
				x, err := a.Float64s()
				must(t, err)
				got, want := reduced(t, d, sel...), plainly(x)
				for i := range want {
					if math.Abs(got[i]-want[i]) > 1e-9*math.Abs(want[i]) {
						t.Errorf("%v %v: reduction %d gives %v, want %v", d, sel, i, got[i], want[i])
					}
				}
			}
		}
	}
}

func plainly(x []float64) [5]float64 {
	sum, squares := 0.0, 0.0
	for _, v := range x {
		sum += v - 1e6 // whole numbers: nothing is rounded
	}
	mean := sum / float64(len(x))
	for _, v := range x {
		squares += (v - 1e6 - mean) * (v - 1e6 - mean)
	}
	return [5]float64{sum + 1e6*float64(len(x)), mean + 1e6, math.Sqrt(squares / float64(len(x))), slices.Min(x), slices.Max(x)}
}

func TestReductionsOfOddNumbers(t *testing.T) {
	f := scratch(t)
	set := func(name string, v any) *Dataset {
		must(t, f.Set(name, v))
		return must1(t)(f.Dataset(name))
	}
	same(t, fmt.Sprint(reduced(t, set("nan", []float64{1, math.NaN(), 3}))), "[NaN NaN NaN NaN NaN]")
	same(t, fmt.Sprint(reduced(t, set("inf", []float64{1, math.Inf(1), 3}))), "[+Inf +Inf NaN 1 +Inf]")
	same(t, fmt.Sprint(reduced(t, set("bool", []bool{true, false, true, true}))), "[3 0.75 0.4330127018922193 0 1]")
	same(t, fmt.Sprint(reduced(t, set("one", int8(-3)))), "[-3 -3 0 -3 -3]")
	none := set("none", []float64{})
	sum, err := none.Sum()
	must(t, err)
	mean, err := none.Mean()
	must(t, err)
	same(t, fmt.Sprint(sum, mean), "0 NaN")
	_, err = none.Max()
	check(t, err, ErrRange, "there are no elements")
	_, err = set("words", []string{"a"}).Mean()
	check(t, err, ErrType, "only numbers can be reduced")
	_, err = set("rows", []struct{ A, B int }{{1, 2}}).Sum()
	check(t, err, ErrType, `of rows one field, such as h5.Columns("A")`)
	sum, err = must1(t)(f.Dataset("rows")).Sum(Columns("B"))
	must(t, err)
	same(t, sum, "2")
}
