package h5

import (
	"fmt"
	"math"
	"reflect"
	"testing"

	"gonum.org/v1/gonum/mat"
)

func newArrayOf(t *testing.T, v any) *Array {
	t.Helper()
	a, err := NewArray(v)
	must(t, err)
	return a
}

// TestSlicesThatAreViews writes into slices and looks for it in the whole.
func TestSlicesThatAreViews(t *testing.T) {
	for _, c := range []struct {
		sel  string
		view bool
	}{
		{"1", true}, {"1:3", true}, {":", true}, {"1, 1:", true}, {"2, 1", true}, {"-1:", true}, {"1:2, 1:2", true}, {"3:3", true},
		{":, 1", false}, {"::2", false}, {"[0,2]", false}, {"::-1", false}, {"1:3, 1:2", false},
	} {
		a := newArrayOf(t, [][]float64{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}})
		part, err := a.Slice(c.sel)
		must(t, err)
		before := fmt.Sprint(a.Raw())
		for i := range part.Raw().([]float64) {
			part.Raw().([]float64)[i] = -1
		}
		if view := fmt.Sprint(a.Raw()) != before; view != (c.view && part.Len() > 0) {
			t.Errorf("%s: a view %v, want %v", c.sel, view, c.view)
		}
	}
}

func TestShapes(t *testing.T) {
	a := newArrayOf(t, [][]int32{{1, 2, 3}, {4, 5, 6}})
	for _, c := range []struct {
		of   func() (*Array, error)
		want string
	}{
		{func() (*Array, error) { return a.Reshape(3, -1) }, "int32 (3, 2) [[1 2] [3 4] [5 6]]"},
		{func() (*Array, error) { return a.Reshape(-1) }, "int32 (6) [1 2 3 4 5 6]"},
		{func() (*Array, error) { return a.Transpose() }, "int32 (3, 2) [[1 4] [2 5] [3 6]]"},
		{func() (*Array, error) { return a.Transpose(0, -1) }, "int32 (2, 3) [[1 2 3] [4 5 6]]"},
		{func() (*Array, error) { return Concat(0, []string{"a"}, []string{"b", "c"}) }, "string (3) [\"a\" \"b\" \"c\"]"},
		{func() (*Array, error) { return Concat(1, a, [][]float32{{0.5}, {1.5}}) }, "float64 (2, 4) [[1 2 3 0.5] [4 5 6 1.5]]"},
		{func() (*Array, error) { return Stack(1, []bool{true, false}, []bool{false, false}) }, "bool (2, 2) [[true false] [false false]]"},
		{func() (*Array, error) { return Linspace(0, 1, 5) }, "float64 (5) [0 0.25 0.5 0.75 1]"},
		{func() (*Array, error) { return Linspace(2, 1, 1) }, "float64 (1) [2]"},
		{func() (*Array, error) { return Arange(1, 2, 0.25) }, "float64 (4) [1 1.25 1.5 1.75]"},
		{func() (*Array, error) { return Arange(1, 0, 1) }, "float64 (0) []"},
		{func() (*Array, error) { return Zeros(Int8, 2, 1) }, "int8 (2, 1) [[0] [0]]"},
		{func() (*Array, error) { return newArrayOf(t, []float64{2, math.NaN(), 1, 2, math.NaN()}).Unique() }, "float64 (3) [1 2 NaN]"},
		{func() (*Array, error) { return newArrayOf(t, []string{"b", "a", "b"}).ArgSort() }, "int64 (3) [1 0 2]"},
		{func() (*Array, error) { return newArrayOf(t, []bool{true, false}).Sort() }, "bool (2) [false true]"},
		{func() (*Array, error) { return newArrayOf(t, []bool{false, true, true}).ArgMax() }, "1"},
	} {
		got, err := c.of()
		must(t, err)
		same(t, got, c.want)
	}
	for _, c := range []struct {
		of   func() (*Array, error)
		kind error
		want string
	}{
		{func() (*Array, error) { return a.Reshape(4, -1) }, ErrShape, "6 elements of shape (2, 3) do not fit into shape [4 -1]"},
		{func() (*Array, error) { return a.Reshape(-1, -1) }, ErrShape, "do not fit"},
		{func() (*Array, error) { return a.Reshape(0, -1) }, ErrShape, "do not fit"},
		{func() (*Array, error) { return a.Transpose(0, 0) }, ErrRange, "give each axis once"},
		{func() (*Array, error) { return Concat(0) }, ErrRange, "no elements"},
		{func() (*Array, error) { return Concat(2, a, a) }, ErrRange, "axis 2"},
		{func() (*Array, error) { return Concat(0, a, []int{1}) }, ErrShape, "array 1 is of shape (1)"},
		{func() (*Array, error) { return Concat(0, []int{1}, []string{"a"}) }, ErrType, "unlike types"},
		{func() (*Array, error) { return Stack(0, a, []int{1}) }, ErrShape, "array 1 is of shape (1)"},
		{func() (*Array, error) { return Arange(0, 1, 0) }, ErrRange, "in steps of 0"},
		{func() (*Array, error) { return Zeros(String, 1) }, ErrType, "zeros of type string"},
		{func() (*Array, error) { return a.Percentiles([]float64{50, 101}) }, ErrRange, "percentile 101"},
		{func() (*Array, error) { return newArrayOf(t, []string{"a"}).ArgMin() }, ErrType, "string"},
		{func() (*Array, error) { return newArrayOf(t, []float64{}).ArgMin() }, ErrRange, "no elements"},
		{func() (*Array, error) { return a.Dot(a) }, ErrShape, "shapes (2, 3) and (2, 3)"},
	} {
		_, err := c.of()
		check(t, err, c.kind, c.want)
	}
}

// TestMatrices looks at what gonum and an array share.
func TestMatrices(t *testing.T) {
	a := newArrayOf(t, [][]float64{{1, 2}, {3, 4}, {5, 6}})
	m, err := a.Matrix()
	must(t, err)
	m.Set(2, 1, 60)
	same(t, a.Raw(), "[1 2 3 4 5 60]")
	v, err := newArrayOf(t, []float32{1, 2}).Vector()
	must(t, err)
	var product mat.VecDense
	product.MulVec(m, v)
	same(t, newArrayOf(t, &product), "float64 (3) [5 11 125]")
	same(t, newArrayOf(t, m).Raw(), "[1 2 3 4 5 60]")
	same(t, newArrayOf(t, m.Slice(0, 2, 1, 2)), "float64 (2, 1) [[2] [4]]")
	same(t, newArrayOf(t, m.T()), "float64 (2, 3) [[1 3 5] [2 4 60]]")
	if reflect.ValueOf(newArrayOf(t, m).Raw()).Pointer() != reflect.ValueOf(a.Raw()).Pointer() {
		t.Error("a dense matrix was copied")
	}
	_, err = newArrayOf(t, []float64{1}).Matrix()
	check(t, err, ErrShape, "an array of shape (1)")
	_, err = newArrayOf(t, []string{"a"}).Vector()
	check(t, err, ErrType, "string")
}
