package h5view

import "gofive/plots"

// axis is one axis of a picture.
type axis struct {
	label  string
	values []float64 // where the places lie, nil for their numbers
}

// line adds a line of a dataset, over x where that has as many values or one more: those are the edges
// of bins then.
func (x *exhibit) line(caption string, y []float64, along axis, label string) {
	places := along.values
	if len(places) == len(y)+1 {
		places = centres(places)
	}
	f := plots.Line(y)
	if len(places) == len(y) {
		f = plots.Line(places, y)
	}
	x.figure(caption, f.Labels(along.label, label))
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
