package plots

import (
	"fmt"
	"math"
	"slices"
)

// fine is a long line as it was given, for pictures of a small part of it.
type fine struct {
	x any // evenly, or all x in their order
	y any
	n int
}

// finer keeps the arguments of a long line whose x rises; nil of other lines.
func finer(values []any) *fine {
	values, err := withoutError(values)
	if err != nil || len(values) < 1 || len(values) > 2 {
		return nil
	}
	y := values[len(values)-1]
	source, ok := isLong(y)
	if !ok {
		return nil
	}
	f := &fine{evenly{0, float64(source.Len() - 1)}, y, source.Len()}
	if len(values) == 1 {
		return f
	}
	switch x := values[0].(type) {
	case evenly:
		if f.x = x; x.from < x.to {
			return f
		}
	case []float64:
		if f.x = x; slices.IsSorted(x) {
			return f
		}
	}
	return nil
}

// part gives the points from one place of the x axis to another and one more at each side. It is not ok
// when they are too many or cannot be read.
func (f *fine) part(from, to float64) (x, y []float64, ok bool) {
	first, last := max(0, f.index(from)-1), min(f.n, f.index(to)+2)
	if last <= first || last-first > longLine {
		return nil, nil, false
	}
	if y, ok = f.values(first, last); !ok {
		return nil, nil, false
	}
	if all, is := f.x.([]float64); is {
		return all[first:last], y, true
	}
	x = make([]float64, last-first)
	for i := range x {
		x[i] = f.x.(evenly).at(float64(first+i), f.n)
	}
	return x, y, true
}

// index is the number of the first point at a place or behind it.
func (f *fine) index(at float64) int {
	if all, ok := f.x.([]float64); ok {
		i, _ := slices.BinarySearch(all, at)
		return i
	}
	e := f.x.(evenly)
	part := (at - e.from) / (e.to - e.from) * float64(f.n-1)
	return int(math.Ceil(min(max(part, 0), float64(f.n))))
}

// values reads y from one number to another.
func (f *fine) values(first, last int) ([]float64, bool) {
	switch y := f.y.(type) {
	case []float64:
		return y[first:last], true
	case []float32:
		out, err := numbers("Line", "y", y[first:last])
		return out, err == nil
	}
	read, is, err := slice(f.y, fmt.Sprintf("%d:%d", first, last))
	if !is || err != nil {
		return nil, false
	}
	out, err := numbers("Line", "y", read)
	return out, err == nil && len(out) == last-first
}
