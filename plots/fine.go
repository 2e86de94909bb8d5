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

	shown  limits // of the points that were asked for last: one picture asks several times
	px, py []float64
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
	f := &fine{x: evenly{0, float64(source.Len() - 1)}, y: y, n: source.Len()}
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

// part gives the points from one place of the x axis to another and one more at each side; where they are
// many, the least and the greatest of each of as many stretches as the whole line has else. It is not ok when they
// cannot be read.
func (f *fine) part(from, to float64) (x, y []float64, ok bool) {
	if f.px != nil && f.shown == (limits{from, to}) {
		return f.px, f.py, true
	}
	if x, y, ok = f.read(from, to); ok {
		f.shown, f.px, f.py = limits{from, to}, x, y
	}
	return x, y, ok
}

func (f *fine) read(from, to float64) (x, y []float64, ok bool) {
	first, last := max(0, f.index(from)-1), min(f.n, f.index(to)+2)
	if last <= first || last-first == f.n {
		return nil, nil, false
	}
	if last-first > longLine {
		return f.stretches(first, last)
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

// stretches cuts what lies between two numbers.
func (f *fine) stretches(first, last int) (x, y []float64, ok bool) {
	var lo, hi []float64
	var err error
	switch s := f.y.(type) {
	case extremer:
		lo, hi, err = s.Extremes(stretches, fmt.Sprintf("%d:%d", first, last))
	case []float64:
		lo, hi, err = samples[float64](s[first:last]).Extremes(stretches)
	case []float32:
		lo, hi, err = samples[float32](s[first:last]).Extremes(stretches)
	}
	if err != nil || len(lo) != stretches {
		return nil, nil, false
	}
	places := make([]float64, stretches)
	for i := range places {
		at := float64(first) + (float64(i)+0.5)*float64(last-first)/stretches - 0.5
		if all, is := f.x.([]float64); is {
			places[i] = all[int(at)]
		} else {
			places[i] = f.x.(evenly).at(at, f.n)
		}
	}
	x, y = upAndDown(places, lo, hi)
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
