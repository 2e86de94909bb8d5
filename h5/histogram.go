package h5

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"
)

// Bounds are from where to where a histogram counts; Between makes them.
type Bounds struct{ Lo, Hi float64 }

// Between bounds what a histogram counts.
func Between(lo, hi float64) Bounds { return Bounds{lo, hi} }

// Histogram counts the elements in bins of equal width; bin i goes from edges[i] to edges[i+1], which is in
// the last bin only. What is NaN or lies outside is not counted. Between among the selection says where the
// bins begin and end; else they go from the least finite element to the greatest, which takes one more
// reading, and where these are equal, from half below to half above.
//
//	counts, edges, err := d.Histogram(100, h5.Between(0, 5))
func (d *Dataset) Histogram(bins int, sel ...any) (counts []int, edges []float64, err error) {
	return d.Part().Histogram(bins, sel...)
}

// Histogram is Dataset.Histogram of the part, or of a selection from it.
func (p *Part) Histogram(bins int, sel ...any) (counts []int, edges []float64, err error) {
	const op = "count"
	p, bounds, err := p.bounded(op, sel)
	if err != nil {
		return nil, nil, err
	}
	x, err := p.axis(op, bins, bounds.of(0))
	if err != nil {
		return nil, nil, err
	}
	sums, err := newTallies(op, bins, 1)
	if err != nil {
		return nil, nil, err
	}
	err = inPieces(op, []*Part{p}, func(a []*Array, _ int) struct{} {
		counts := sums.take()
		x.countAll(a[0], counts)
		sums.give(counts)
		return struct{}{}
	}, func(struct{}) {})
	return sums.total(), x.edges(), err
}

// Histogram2D counts pairs, of an element here and one of y, in a pass through both: counts has a row for
// each of the yBins, the least first, and in it a number for each of the xBins. y is a *Dataset or a *Part with as
// many elements. Between among the selection, once for x and once for y, says where bins begin and end; the
// rest of it selects from both.
//
//	counts, xEdges, yEdges, err := x.Histogram2D(y, 200, 100, h5.Between(0, 1), h5.Between(-5, 5))
func (d *Dataset) Histogram2D(y any, xBins, yBins int, sel ...any) (counts [][]int, xEdges, yEdges []float64, err error) {
	return d.Part().Histogram2D(y, xBins, yBins, sel...)
}

// Histogram2D is Dataset.Histogram2D of the part.
func (p *Part) Histogram2D(y any, xBins, yBins int, sel ...any) (counts [][]int, xEdges, yEdges []float64, err error) {
	const op = "count pairs of"
	q, err := asPart(op, y)
	if err != nil {
		return nil, nil, nil, err
	}
	p, bounds, err := p.bounded(op, sel)
	if err != nil {
		return nil, nil, nil, err
	}
	if q, _, err = q.bounded(op, sel); err != nil {
		return nil, nil, nil, err
	}
	xAxis, err := p.axis(op, xBins, bounds.of(0))
	if err != nil {
		return nil, nil, nil, err
	}
	yAxis, err := q.axis(op, yBins, bounds.of(1))
	if err != nil {
		return nil, nil, nil, err
	}
	sums, err := newTallies(op, yBins, xBins)
	if err != nil {
		return nil, nil, nil, err
	}
	err = inPieces(op, []*Part{p, q}, func(a []*Array, _ int) struct{} {
		counts := sums.take()
		countPairs(a[0], a[1], xAxis, yAxis, counts)
		sums.give(counts)
		return struct{}{}
	}, func(struct{}) {})
	return slices.Collect(slices.Chunk(sums.total(), xBins)), xAxis.edges(), yAxis.edges(), err
}

// Histogram counts the elements in bins of equal width, as Dataset.Histogram does.
func (a *Array) Histogram(bins int, sel ...any) (counts []int, edges []float64, err error) {
	const op = "count"
	bounds, rest := boundsIn(sel)
	if len(rest) > 0 {
		if a, err = a.Slice(rest...); err != nil {
			return nil, nil, err
		}
	}
	if err := a.areNumbers(); err != nil {
		return nil, nil, because(op, "", "", err)
	}
	b := bounds.of(0)
	if b == nil {
		if b, err = finiteOf(a).bounds(); err != nil {
			return nil, nil, because(op, "", "", err)
		}
	}
	x, err := newBins(bins, b)
	if err != nil {
		return nil, nil, because(op, "", "", err)
	}
	sums, err := newTallies(op, bins, 1)
	if err != nil {
		return nil, nil, err
	}
	counts = sums.take()
	x.countAll(a, counts)
	return counts, x.edges(), nil
}

// asPart is what y of a histogram may be.
func asPart(op string, y any) (*Part, error) {
	switch y := y.(type) {
	case *Part:
		if y != nil {
			return y, nil
		}
	case *Dataset:
		if y != nil {
			return y.Part(), nil
		}
	}
	return nil, &Error{Op: op, Kind: ErrType, Reason: fmt.Sprintf("the second is a %T", y), Hint: "give a dataset, or a part of one"}
}

// bounded is what a selection leaves of the part, and the Bounds in it.
func (p *Part) bounded(op string, sel []any) (*Part, boundsList, error) {
	bounds, rest := boundsIn(sel)
	p, err := p.refined(rest)
	return p, bounds, because(op, "", "", err)
}

// boundsIn takes the Bounds out of a selection.
func boundsIn(sel []any) (bounds boundsList, rest []any) {
	for _, s := range sel {
		if b, ok := s.(Bounds); ok {
			bounds = append(bounds, b)
			continue
		}
		rest = append(rest, s)
	}
	return bounds, rest
}

// boundsList are those that a call was given.
type boundsList []Bounds

// of is one of them, nil when it was left out.
func (l boundsList) of(i int) *Bounds {
	if i < len(l) {
		return &l[i]
	}
	return nil
}

// axis makes bins, between the finite extremes when there are no bounds.
func (p *Part) axis(op string, n int, b *Bounds) (*bins, error) {
	if b == nil {
		all := nowhere()
		err := eachPiece(p, op, finiteOf, func(r reach) { all = all.join(r) })
		if err == nil {
			b, err = all.bounds()
		}
		if err != nil {
			return nil, because(op, p.d.path, p.d.h.file.path, err)
		}
	}
	x, err := newBins(n, b)
	if err != nil {
		return nil, because(op, p.d.path, p.d.h.file.path, err)
	}
	return x, nil
}

// finiteOf is reachOf without infinities.
func finiteOf(a *Array) reach {
	r := reachOf(a)
	if !math.IsInf(r.lo, 0) && !math.IsInf(r.hi, 0) {
		return r
	}
	r = nowhere()
	a.blocks(func(x []float64) { r = withFinite(r, x) }, func(x []float32) { r = withFinite(r, x) })
	return r
}

func withFinite[T anyFloat](r reach, x []T) reach {
	for i, v := range x {
		if !math.IsInf(float64(v), 0) {
			r = with(r, x[i:i+1])
		}
	}
	return r
}

// bounds are around the numbers that were found.
func (r reach) bounds() (*Bounds, error) {
	switch {
	case r.lo > r.hi:
		return nil, &Error{Kind: ErrRange, Reason: "there are no finite elements", Hint: "say the bounds of the bins with h5.Between"}
	case r.lo == r.hi:
		return &Bounds{r.lo - 0.5, r.hi + 0.5}, nil
	}
	return &Bounds{r.lo, r.hi}, nil
}

// bins are an axis of a histogram.
type bins struct {
	Bounds
	n      int
	perBin float64
}

func newBins(n int, b *Bounds) (*bins, error) {
	perBin := float64(n) / (b.Hi - b.Lo)
	if n < 1 || !(perBin > 0) || math.IsInf(perBin, 0) { // of no width, endless, or too narrow to be divided
		return nil, &Error{Kind: ErrRange, Reason: fmt.Sprintf("%d bins from %v to %v", n, b.Lo, b.Hi)}
	}
	return &bins{*b, n, perBin}, nil
}

// edges are where bins begin, and where the last one ends.
func (b *bins) edges() []float64 {
	out := make([]float64, b.n+1)
	for i := range out {
		out[i] = b.Lo + float64(i)/b.perBin
	}
	out[b.n] = b.Hi
	return out
}

func (b *bins) countAll(a *Array, counts []int) {
	a.blocks(func(x []float64) { countInto(b, x, counts) }, func(x []float32) { countInto(b, x, counts) })
}

func countInto[T anyFloat](b *bins, x []T, counts []int) {
	lo, hi, perBin, last := b.Lo, b.Hi, b.perBin, len(counts)-1
	for _, v := range x {
		if v := float64(v); v >= lo && v <= hi {
			counts[min(int((v-lo)*perBin), last)]++
		}
	}
}

// countPairs counts the pairs of two pieces.
func countPairs(x, y *Array, xAxis, yAxis *bins, counts []int) {
	columns, rows := xAxis.places(x), yAxis.places(y)
	for i, row := range rows {
		if column := columns[i]; row >= 0 && column >= 0 {
			counts[int(row)*xAxis.n+int(column)]++
		}
	}
}

// places finds the bin of each number, -1 for none.
func (b *bins) places(a *Array) []int32 {
	out := make([]int32, 0, a.Len())
	a.blocks(func(x []float64) { out = appendPlaces(b, x, out) }, func(x []float32) { out = appendPlaces(b, x, out) })
	return out
}

func appendPlaces[T anyFloat](b *bins, x []T, out []int32) []int32 {
	lo, hi, perBin, last := b.Lo, b.Hi, b.perBin, b.n-1
	for _, v := range x {
		place := -1
		if v := float64(v); v >= lo && v <= hi {
			place = min(int((v-lo)*perBin), last)
		}
		out = append(out, int32(place))
	}
	return out
}

// tallies are counts that several pieces add to at once: each takes those that nobody has at the moment.
type tallies struct {
	n    int
	mu   sync.Mutex
	idle [][]int
}

func newTallies(op string, rows, columns int) (*tallies, error) {
	if err := checkMemory(Shape{rows, columns}, (runtime.GOMAXPROCS(0)+1)*intSize); err != nil {
		return nil, because(op, "", "", err)
	}
	return &tallies{n: rows * columns}, nil
}

func (t *tallies) take() []int {
	t.mu.Lock()
	defer t.mu.Unlock()
	if last := len(t.idle) - 1; last >= 0 {
		counts := t.idle[last]
		t.idle = t.idle[:last]
		return counts
	}
	return make([]int, t.n)
}

func (t *tallies) give(counts []int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.idle = append(t.idle, counts)
}

// total adds all up, when nobody has any more.
func (t *tallies) total() []int {
	out := make([]int, t.n)
	for _, counts := range t.idle {
		for i, n := range counts {
			out[i] += n
		}
	}
	return out
}
