package h5

import (
	"fmt"
	"math"
	"reflect"
	"slices"

	"gofive/h5/internal/libhdf5"
)

// Points selects single elements, each by an index an axis: numpy's x[[0, 2], [1, 1]] is
// Points{{0, 1}, {2, 1}}. They come in this order, in one axis, and any of them also twice.
// Negative indices count from the end.
type Points [][]int

// Hyperslab selects blocks at regular distances, in HDF5's own words: on each axis Count blocks of
// Block places, Stride apart, from Start. Without Stride and Block both are 1; without Start it is 0.
type Hyperslab struct {
	Start, Stride, Count, Block []int
}

// union is what Union makes.
type union []any

// Union selects what any of several selections selects: every element once, in C order, in one axis.
// Each of them is text, Points, a Hyperslab, a mask, a Reference to a region, or []any{...} with an
// argument an axis.
func Union(sel ...any) any { return union(sel) }

// ofWholeShape makes a selection of an item that is about all axes together. It gives nil when there is
// none among the items.
func ofWholeShape(shape Shape, items []any) (*selection, error) {
	for _, item := range items {
		s, err := newWhole(shape, item)
		if s == nil && err == nil {
			continue
		}
		if len(items) > 1 {
			return nil, &Error{Kind: ErrRange, Reason: fmt.Sprintf("%T selects of all axes, and %d more are selected", item, len(items)-1),
				Hint: "give it alone"}
		}
		return s, err
	}
	return nil, nil
}

func newWhole(shape Shape, item any) (*selection, error) {
	switch x := item.(type) {
	case Points:
		return pointSelection(shape, x)
	case Hyperslab:
		return slabSelection(shape, x)
	case union:
		return unionSelection(shape, x)
	case Reference:
		return x.selection(shape)
	case *Array:
		if mask, ok := x.data.([]bool); ok && len(x.shape) != 1 {
			return maskSelection(shape, x.shape, mask)
		}
	default:
		if isNestedMask(reflect.TypeOf(item)) {
			return nestedMask(shape, item)
		}
	}
	return nil, nil
}

// isNestedMask reports whether a type has two or more axes of truth values.
func isNestedMask(t reflect.Type) bool {
	if t == nil || nesting(t) < 2 {
		return false
	}
	for range nesting(t) {
		t = t.Elem()
	}
	return t.Kind() == reflect.Bool
}

func nestedMask(shape Shape, mask any) (*selection, error) {
	a, err := NewArray(mask)
	if err != nil {
		return nil, err
	}
	values, ok := a.data.([]bool)
	if !ok {
		return nil, &Error{Kind: ErrShape, Reason: "a mask whose rows differ in length", Hint: "it takes one value an element"}
	}
	return maskSelection(shape, a.shape, values)
}

func maskSelection(shape, of Shape, mask []bool) (*selection, error) {
	if !slices.Equal(shape, of) {
		return nil, &Error{Kind: ErrShape, Reason: fmt.Sprintf("a mask of shape %v for the shape %v", of, shape),
			Hint: "it takes one value an element, or is []bool for one axis"}
	}
	if err := checkCountable(shape); err != nil {
		return nil, err
	}
	places := []int{}
	for at, yes := range mask {
		if yes {
			places = append(places, at)
		}
	}
	return elementSelection(shape, places), nil
}

// elementSelection selects elements by their places in C order, in any order and also twice.
func elementSelection(shape Shape, places []int) *selection {
	a := listAxis(places)
	return &selection{shape: shape, axes: []axis{a}, elements: true}
}

func pointSelection(shape Shape, points Points) (*selection, error) {
	if err := checkCountable(shape); err != nil {
		return nil, err
	}
	places := make([]int, len(points))
	for k, p := range points {
		if len(p) != len(shape) {
			return nil, &Error{Kind: ErrShape, Reason: fmt.Sprintf("point %d has %d indices, and the shape %v has %d axes", k, len(p), shape, len(shape))}
		}
		for i, n := range shape {
			if p[i] < -n || p[i] >= n {
				e := rangeError(i, p[i], n)
				e.Reason = fmt.Sprintf("point %d: %s", k, e.Reason)
				return nil, e
			}
			places[k] = places[k]*n + fromEnd(p[i], n)
		}
	}
	return elementSelection(shape, places), nil
}

// checkCountable refuses a shape without axes, and one whose elements an int cannot count.
func checkCountable(shape Shape) error {
	if len(shape) == 0 {
		return &Error{Kind: ErrShape, Reason: fmt.Sprintf("the shape %v has no axes to select from", shape), Hint: "select nothing"}
	}
	if shape.Len() == math.MaxInt {
		return &Error{Kind: ErrTooLarge, Reason: fmt.Sprintf("the shape %v has more elements than can be numbered", shape),
			Hint: "select an interval of each axis"}
	}
	return nil
}

func slabSelection(shape Shape, h Hyperslab) (*selection, error) {
	out := &selection{shape: shape, axes: make([]axis, len(shape))}
	for k, list := range [][]int{h.Count, h.Start, h.Stride, h.Block} {
		if len(list) != len(shape) && (list != nil || k == 0) {
			return nil, &Error{Kind: ErrShape, Reason: fmt.Sprintf("a hyperslab of %d axes for the shape %v", len(list), shape)}
		}
	}
	for i, n := range shape {
		a, err := slabAxis(i, n, at(h.Start, i, 0), at(h.Stride, i, 1), h.Count[i], at(h.Block, i, 1))
		if err != nil {
			return nil, err
		}
		out.axes[i] = a
	}
	return out, nil
}

// at is a number of a list, or what counts when the list is left out.
func at(list []int, i, otherwise int) int {
	if list == nil {
		return otherwise
	}
	return list[i]
}

func slabAxis(i, n, start, stride, count, block int) (axis, error) {
	switch {
	case start < 0 || stride < 1 || count < 0 || block < 1:
		return axis{}, &Error{Kind: ErrRange, Reason: fmt.Sprintf("axis %d: start %d, stride %d, count %d, block %d", i, start, stride, count, block),
			Hint: "start and count are not negative, stride and block are at least 1"}
	case block > stride && count > 1:
		return axis{}, &Error{Kind: ErrRange, Reason: fmt.Sprintf("axis %d: blocks of %d overlap, they are %d apart", i, block, stride)}
	case count == 0:
		return axis{step: 1}, nil
	}
	if last := start + (count-1)*stride + block - 1; last >= n || last < start {
		return axis{}, rangeError(i, last, n)
	}
	switch {
	case block == 1:
		return axis{start: start, step: stride, count: count}, nil
	case count == 1 || block == stride:
		return axis{start: start, step: 1, count: count * block}, nil
	}
	return axis{start: start, step: stride, count: count * block, block: block}, nil
}

func unionSelection(shape Shape, parts union) (*selection, error) {
	if err := checkCountable(shape); err != nil {
		return nil, err
	}
	places := []int{}
	for _, part := range parts {
		items, several := part.([]any)
		if !several {
			items = []any{part}
		}
		s, err := newSelection(shape, items)
		if err == nil {
			err = checkMemory(s.read(), 2*intSize)
		}
		if err != nil {
			return nil, err
		}
		places = append(places, s.places()...)
	}
	slices.Sort(places)
	return elementSelection(shape, slices.Compact(places)), nil
}

const intSize = 8

// places are the selected elements in C order of the shape, which is the order they are read in.
func (s *selection) places() []int {
	if s.elements {
		return s.axes[0].inFile()
	}
	if s.shape == nil {
		return nil
	}
	out := []int{0}
	for i, a := range s.axes {
		next, inAxis := make([]int, 0, len(out)*a.count), a.inFile()
		for _, base := range out {
			for _, p := range inAxis {
				next = append(next, base*s.shape[i]+p)
			}
		}
		out = next
	}
	return out
}

// pointsOf are elements of a shape as the library takes them.
func pointsOf(shape Shape, places []int) *libhdf5.Points {
	n := len(shape)
	out := &libhdf5.Points{Rank: n, Coordinates: make([]int, n*len(places))}
	for k, p := range places {
		for i := n - 1; i >= 0; i-- {
			out.Coordinates[k*n+i] = p % shape[i]
			p /= shape[i]
		}
	}
	return out
}

// eachBox cuts n elements of a shape, one behind the other from at, into hyperslabs.
func eachBox(shape Shape, at, n int, f func(h *libhdf5.Hyperslab) error) error {
	for n > 0 {
		axis, inner := 0, shape[1:].Len()
		for inner > n || at%inner != 0 {
			axis++
			inner = shape[axis+1:].Len()
		}
		rows := min(n/inner, shape[axis]-at/inner%shape[axis])
		if err := f(box(shape, at, axis, rows)); err != nil {
			return err
		}
		at += rows * inner
		n -= rows * inner
	}
	return nil
}

// box is rows of an axis, from element at on, with all that is below them.
func box(shape Shape, at, axis, rows int) *libhdf5.Hyperslab {
	h := &libhdf5.Hyperslab{Start: pointsOf(shape, []int{at}).Coordinates, Stride: make([]int, len(shape)), Count: make([]int, len(shape))}
	for i := range shape {
		h.Stride[i], h.Count[i] = 1, 1
		if i > axis {
			h.Count[i] = shape[i]
		}
	}
	h.Count[axis] = rows
	return h
}
