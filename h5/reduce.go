package h5

import "math"

// Sum adds all elements, of the dataset or of a selection; of none it is 0. Like Mean, Std, Min, Max,
// Extremes and Histogram it reads in pieces and holds a few at a time, so that the dataset may be larger than
// memory; only lists of places and single elements are read at once. All of them count in float64, and a NaN
// among the elements makes the result NaN, as in numpy. Of rows, Columns in the selection names the field:
//
//	d.Sum(h5.Columns("FLUX"), "0:1000")
func (d *Dataset) Sum(sel ...any) (float64, error) {
	t, err := d.Part(sel...).total("sum")
	return t.value(), err
}

// Mean is the average of all elements, NaN of none.
func (d *Dataset) Mean(sel ...any) (float64, error) {
	t, err := d.Part(sel...).total("average")
	return t.mean(), err
}

// Std is the standard deviation of all elements, divided by their number as in numpy, NaN of none.
func (d *Dataset) Std(sel ...any) (float64, error) {
	all := moments{mean: math.NaN()}
	err := eachPiece(d.Part(sel...), "find the deviation of", func(x *Array) moments {
		var m moments
		x.blocks(func(x []float64) { m = m.join(momentsOf(x)) }, func(x []float32) { m = m.join(momentsOf(x)) })
		return m
	}, func(m moments) { all = all.join(m) })
	return math.Sqrt(all.squares / float64(all.n)), err
}

// Min is the least element; of no elements there is none, which is an error.
func (d *Dataset) Min(sel ...any) (float64, error) {
	r, err := d.Part(sel...).span("find the least of")
	return r.least(), err
}

// Max is the greatest element; of no elements there is none, which is an error.
func (d *Dataset) Max(sel ...any) (float64, error) {
	r, err := d.Part(sel...).span("find the greatest of")
	return r.greatest(), err
}

// total adds up all elements.
func (p *Part) total(op string) (total, error) {
	var all total
	err := eachPiece(p, op, func(x *Array) total {
		var t total
		x.blocks(func(x []float64) { t = t.join(totalOf(x)) }, func(x []float32) { t = t.join(totalOf(x)) })
		return t
	}, func(t total) { all = all.join(t) })
	return all, err
}

// span finds the extremes, of at least one element.
func (p *Part) span(op string) (reach, error) {
	all := nowhere()
	err := eachPiece(p, op, reachOf, func(r reach) { all = all.join(r) })
	if err == nil && all.n == 0 {
		err = &Error{Op: op, Name: p.d.path, File: p.d.h.file.path, Kind: ErrRange, Reason: "there are no elements"}
	}
	return all, err
}

// eachPiece is inPieces of one part, for work that does not ask where the pieces are.
func eachPiece[T any](p *Part, op string, work func(x *Array) T, join func(T)) error {
	return inPieces(op, []*Part{p}, func(x []*Array, _ int) T { return work(x[0]) }, join)
}

// moments are what one pass over numbers finds out about how they are spread.
type moments struct {
	n             int
	mean, squares float64 // squares of the distances from the mean
}

// momentsOf goes through a few numbers, at least one.
func momentsOf[T anyFloat](x []T) moments {
	m := moments{n: len(x), mean: totalOf(x).mean()}
	for _, v := range x {
		away := float64(v) - m.mean
		m.squares += away * away
	}
	return m
}

// join puts two together by the formula of Chan, Golub and LeVeque.
func (m moments) join(o moments) moments {
	if m.n == 0 {
		return o
	}
	out := moments{n: m.n + o.n}
	away := o.mean - m.mean
	share := float64(o.n) / float64(out.n)
	out.mean = m.mean + away*share
	out.squares = m.squares + o.squares + away*away*float64(m.n)*share
	return out
}
