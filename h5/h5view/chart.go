package h5view

import (
	"slices"

	"gofive/plots"
)

// axis is one axis of a picture.
type axis struct {
	label  string
	values []float64 // where the places lie, nil for their numbers
}

// chart adds a line of a dataset, over x where that has as many values or one more: those are the edges
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

// image adds a picture of rows, turned over where the vertical axis rises: what is above has the larger
// values then, as on a map.
func (x *exhibit) image(caption string, rows [][]float64, vertical, horizontal axis) {
	if v := vertical.values; len(v) > 1 && v[0] < v[len(v)-1] {
		rows = slices.Clone(rows)
		slices.Reverse(rows)
		vertical.label += ", from above falling"
	}
	x.figure(caption, plots.Image(rows).Labels(horizontal.label, vertical.label))
}
