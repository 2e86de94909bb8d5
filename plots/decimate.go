package plots

import (
	"math"

	"gonum.org/v1/plot/vg"
)

// columnWidth is the width of the columns within which a line is reduced: half a dot of a page, which
// is one dot of a picture drawn for dense screens.
const columnWidth = vg.Length(0.375)

// run is an unbroken piece of a line, reduced to what can be seen of it: of consecutive points in one
// column of dots the first, the lowest, the highest and the last remain, in their order. A line whose
// points lie further apart passes unchanged.
type run struct {
	points                 []vg.Point // of the columns that are done
	column                 float64    // the open column
	n                      int        // points seen in it
	first, low, high, last seen
}

// seen is a point and its place among the points of its column.
type seen struct {
	vg.Point
	at int
}

func (r *run) empty() bool { return r.n == 0 }

// add appends a point.
func (r *run) add(p vg.Point) {
	column := math.Floor(float64(p.X / columnWidth))
	if r.n > 0 && column != r.column {
		r.close()
	}
	s := seen{p, r.n}
	if r.n == 0 {
		r.column, r.first, r.low, r.high = column, s, s, s
	}
	if p.Y < r.low.Y {
		r.low = s
	}
	if p.Y > r.high.Y {
		r.high = s
	}
	r.last = s
	r.n++
}

// close moves what remains of the open column to the points.
func (r *run) close() {
	a, b := r.low, r.high
	if a.at > b.at {
		a, b = b, a
	}
	at := -1
	for _, s := range []seen{r.first, a, b, r.last} {
		if s.at > at {
			r.points = append(r.points, s.Point)
			at = s.at
		}
	}
	r.n = 0
}

// finish gives the points of the run, which is then empty.
func (r *run) finish() []vg.Point {
	if r.n > 0 {
		r.close()
	}
	points := r.points
	*r = run{}
	return points
}
