package h5

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestWrongWholeSelections(t *testing.T) {
	f := scratch(t)
	must(t, f.Set("grid", [][]int16{{1, 2, 3}, {4, 5, 6}}))
	must(t, f.Set("one", 1.5))
	grid, err := f.Dataset("grid")
	must(t, err)
	one, err := f.Dataset("one")
	must(t, err)
	cases := []struct {
		d    *Dataset
		sel  []any
		kind error
		want string
	}{
		{grid, []any{Points{{0, 0}, {1, 3}}}, ErrRange, "point 1: 3 is outside axis 1 of length 3"},
		{grid, []any{Points{{-3, 0}}}, ErrRange, "point 0: -3 is outside axis 0 of length 2"},
		{grid, []any{Points{{0}}}, ErrShape, "point 0 has 1 indices, and the shape (2, 3) has 2 axes"},
		{grid, []any{Points{{0, 0}}, 1}, ErrRange, "h5.Points selects of all axes, and 1 more are selected; give it alone"},
		{grid, []any{[][]bool{{true, true}, {true, true}}}, ErrShape, "a mask of shape (2, 2) for the shape (2, 3)"},
		{grid, []any{[][]bool{{true, true}, {true}}}, ErrShape, "a mask whose rows differ in length"},
		{grid, []any{Hyperslab{Start: []int{0, 1}, Stride: []int{1, 2}, Count: []int{2, 2}}}, ErrRange, "3 is outside axis 1 of length 3"},
		{grid, []any{Hyperslab{Count: []int{1}}}, ErrShape, "a hyperslab of 1 axes for the shape (2, 3)"},
		{grid, []any{Hyperslab{Start: []int{0, -1}, Count: []int{1, 1}}}, ErrRange, "axis 1: start -1, stride 1, count 1, block 1"},
		{grid, []any{Hyperslab{Count: []int{1, 2}, Block: []int{1, 2}}}, ErrRange, "axis 1: blocks of 2 overlap, they are 1 apart"},
		{grid, []any{Union("0", "5")}, ErrRange, "5 is outside axis 0 of length 2"},
		{one, []any{Points{{0}}}, ErrShape, "the shape () has no axes to select from"},
	}
	for _, c := range cases {
		_, err := c.d.Slice(c.sel...)
		check(t, err, c.kind, c.want)
		check(t, c.d.Write(0, c.sel...), c.kind, c.want)
	}
}

// TestElementsInParts selects from datasets that are read in several windows and slabs.
func TestElementsInParts(t *testing.T) {
	f := scratch(t)
	numbers, words := make([]int32, 3_000_000), make([]string, 100_000)
	for i := range numbers {
		numbers[i] = int32(i)
	}
	for i := range words {
		words[i] = fmt.Sprint(i)
	}
	r := rand.New(rand.NewPCG(3, 4))
	for _, c := range []struct {
		name   string
		v      any
		shape  Shape
		create DatasetCreate
	}{
		{"contiguous", numbers, Shape{1000, 3000}, DatasetCreate{}},
		{"chunked", numbers, Shape{3000, 1000}, DatasetCreate{Chunks: Shape{700, 300}}},
		{"gzip", numbers, Shape{60, 100, 500}, DatasetCreate{Chunks: Shape{20, 100, 300}, Gzip: 1}},
		{"words", words, Shape{1000, 100}, DatasetCreate{}},
	} {
		a, err := NewArray(c.v)
		must(t, err)
		d, err := f.CreateDataset(c.name, a.Datatype(), c.shape, c.create)
		must(t, err)
		must(t, d.Write(a))
		whole := a.reshaped(c.shape, 1)
		for _, sel := range selectionsInParts(r, c.shape) {
			want, err := whole.Slice(sel...)
			must(t, err)
			got, err := d.Slice(sel...)
			must(t, err)
			if !sameArrays(got, want) {
				t.Errorf("%s, a selection of %v by %T: differs in the file and in memory", c.name, want.Shape(), sel[len(sel)-1])
			}
			must(t, d.Write(want, sel...))
		}
		got, err := d.Slice()
		must(t, err)
		if !sameArrays(got, whole) {
			t.Errorf("%s has changed where it was written with what it held", c.name)
		}
	}
}

func sameArrays(a, b *Array) bool {
	if x, ok := a.data.([]int32); ok {
		return slices.Equal(a.shape, b.shape) && slices.Equal(x, b.data.([]int32))
	}
	return slices.Equal(a.shape, b.shape) && slices.Equal(a.data.([]string), b.data.([]string))
}

// selectionsInParts are points here and there, crowds of them, masks, and lists on the first and the
// last axis.
func selectionsInParts(r *rand.Rand, shape Shape) [][]any {
	var sparse, mixed Points
	for range 500 {
		var p []int
		for _, n := range shape {
			p = append(p, r.IntN(n))
		}
		sparse = append(sparse, p)
		for k := range 40 { // a crowd at the point
			q := append(p[:len(p)-1:len(p)-1], (p[len(p)-1]+k)%shape[len(p)-1])
			mixed = append(mixed, q)
		}
	}
	mask := make([]bool, shape.Len())
	for i := range mask {
		mask[i] = r.IntN(3) == 0 && i > len(mask)/5
	}
	var first, last []int
	for range 200 {
		first, last = append(first, r.IntN(shape[0])), append(last, r.IntN(shape[len(shape)-1]))
	}
	return [][]any{{sparse}, {mixed}, {&Array{typ: Bool, shape: shape, data: mask}}, {first}, {"...", last}, {first[:20], "...", last[:20]},
		{Union("0", "..., 1:3", []any{first, "...", 5})}}
}
