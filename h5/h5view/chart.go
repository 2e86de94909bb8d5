package h5view

import "gofive/plots"

// axis is one axis of a picture.
type axis struct {
	label  string
	values []float64 // where the places lie, nil for their numbers
}

// line adds a line over an axis. Where that has one place more than there are values, its places are
// the edges of bins. With errors, as many as values, the line lies in their band.
func (x *exhibit) line(caption string, y []float64, along axis, label string, errors ...float64) {
	places := along.values
	if len(places) == len(y)+1 {
		places = centres(places)
	}
	if len(places) != len(y) {
		places = regular(0, 1, len(y))
	}
	f := plots.Line(places, y)
	if len(errors) == len(y) {
		lo, hi := around(y, errors)
		f = f.Band(places, lo, hi)
	}
	x.figure(caption, f.Labels(along.label, label))
}

// around gives the ends of what values and their errors span.
func around(y, errors []float64) (lo, hi []float64) {
	lo, hi = make([]float64, len(y)), make([]float64, len(y))
	for i := range y {
		lo[i], hi[i] = y[i]-errors[i], y[i]+errors[i]
	}
	return lo, hi
}

func centres(edges []float64) []float64 {
	out := make([]float64, len(edges)-1)
	for i := range out {
		out[i] = (edges[i] + edges[i+1]) / 2
	}
	return out
}

// image adds a picture of rows over its axes, or over the numbers of rows and columns where there are no
// places that rise or fall all the way.
func (x *exhibit) image(caption string, rows [][]float64, vertical, horizontal axis) {
	f := plots.Image(rows)
	if vertical.values != nil || horizontal.values != nil {
		h, v := horizontal.places(len(rows[0])), vertical.places(len(rows))
		if placed := plots.Heat(h, v, rows); placed.Err() == nil {
			f = placed
		}
	}
	x.figure(caption, f.Labels(horizontal.label, vertical.label))
}

// places gives where n columns or rows lie.
func (a axis) places(n int) []float64 {
	if len(a.values) == n {
		return a.values
	}
	return regular(0, 1, n)
}
