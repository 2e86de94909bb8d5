package h5

import (
	"cmp"
	"slices"
)

// ArgMin is where the least element is, along an axis or counted in C order; the first of equal ones, and the
// first NaN where there is one, as in numpy.
func (a *Array) ArgMin(axis ...int) (*Array, error) {
	return a.arg("find the least of", axis, true)
}

// ArgMax is where the greatest element is; see ArgMin.
func (a *Array) ArgMax(axis ...int) (*Array, error) {
	return a.arg("find the greatest of", axis, false)
}

func (a *Array) arg(op string, axis []int, least bool) (*Array, error) {
	if a.Len() == 0 {
		return nil, nothingIn(op)
	}
	v := numericOf(a.data)
	if v == nil {
		v = unsigned[uint8]{} // truth values; others are refused
	}
	return v.arg(a, op, axis, least)
}

func argOf[T number](a *Array, op string, axis []int, least bool) (*Array, error) {
	lanes, shape, err := lanesOf[T](a, op, axis)
	if err != nil {
		return nil, err
	}
	data := make([]int64, 0, shape.Len())
	for x := range lanes {
		data = append(data, int64(firstExtreme(x, least)))
	}
	return &Array{typ: Int64, shape: shape, data: data}, nil
}

func firstExtreme[T number](x []T, least bool) int {
	best := 0
	for i, v := range x {
		if v != v {
			return i
		}
		if least && v < x[best] || !least && v > x[best] {
			best = i
		}
	}
	return best
}

// ArgSort gives the places that put the elements in rising order along the last axis, NaN last: what is
// equal stays in its order.
func (a *Array) ArgSort() (*Array, error) {
	const op = "sort"
	v := vectorOf(a.data)
	if v == nil {
		e := a.notA("numbers or texts").(*Error)
		e.Op = op
		return nil, e
	}
	n := 1
	if len(a.shape) > 0 {
		n = a.shape[len(a.shape)-1]
	}
	data := make([]int64, 0, a.Len())
	for from := 0; from < a.Len(); from += n {
		for _, p := range v.places(from, from+n, false) {
			data = append(data, int64(p-from))
		}
	}
	return &Array{typ: Int64, shape: slices.Clone(a.shape), data: data}, nil
}

// placesInOrder gives the places lo to hi-1 of s in the order of what is there. The values are put beside
// their places: to look each up while sorting takes twice as long.
func placesInOrder[T cmp.Ordered](s []T, lo, hi int, falling bool) []int {
	type placed struct {
		value T
		at    int
	}
	all := make([]placed, hi-lo)
	for i := range all {
		all[i] = placed{s[lo+i], lo + i}
	}
	sign := 1
	if falling {
		sign = -1
	}
	slices.SortFunc(all, func(a, b placed) int {
		switch {
		case a.value < b.value:
			return -sign
		case a.value > b.value:
			return sign
		case a.value == b.value:
			return a.at - b.at
		}
		if c := truth(a.value != a.value) - truth(b.value != b.value); c != 0 {
			return c
		}
		return a.at - b.at
	})
	out := make([]int, len(all))
	for i, p := range all {
		out[i] = p.at
	}
	return out
}

// Unique gives each of the values once, in rising order along one axis, NaN as the last one.
func (a *Array) Unique() (*Array, error) {
	flat, err := a.Reshape(-1)
	if err != nil {
		return nil, err
	}
	n, ok := newNumbering(flat)
	if !ok {
		e := a.notA("numbers or texts").(*Error)
		e.Op = "find the values of"
		return nil, e
	}
	return flat.take(0, n.withNaN().first), nil
}
