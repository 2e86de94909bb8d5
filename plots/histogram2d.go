package plots

import (
	"fmt"
	"math"

	"gofive/display"
)

// Histogram2D counts pairs of numbers in cells of a plane and draws the counts as colours; cells without
// any stay white. bins says how many columns and rows: none lets the number of pairs decide, one is for
// both, two are columns and rows. Pairs with NaN or an infinity are not counted, and said.
func Histogram2D(x, y any, bins ...int) *Figure { return newFigure().Histogram2D(x, y, bins...) }

// Histogram2D adds counts of pairs.
func (f *Figure) Histogram2D(x, y any, bins ...int) *Figure {
	p, err := f.newHistogram2D(x, y, bins)
	return f.add(p, err)
}

// pairCounter is what counts pairs of its elements and those of another one piece by piece: datasets and
// parts of them.
type pairCounter interface {
	Len() int
	Histogram2D(y any, xBins, yBins int, sel ...any) (counts [][]int, xEdges, yEdges []float64, err error)
}

func (f *Figure) newHistogram2D(xs, ys any, bins []int) (*picture, error) {
	const call = "Histogram2D"
	if source, ok := xs.(pairCounter); ok && !isNil(xs) && source.Len() > longLine {
		return f.countedPairs(source, ys, bins)
	}
	x, y, err := both(call, xs, ys)
	if err != nil {
		return nil, err
	}
	area := boundsOf(x, y, everywhere, false, false)
	if area.empty() {
		return nil, fmt.Errorf("plots: %s: there are no pairs of finite values", call)
	}
	cols, rows, err := binsOf(len(x), bins)
	if err != nil {
		return nil, err
	}
	p := &picture{values: make([]float64, rows*cols), rows: rows, cols: cols, blank: true, look: &f.look}
	p.xEdge, p.yEdge = even(area.xMin, area.xMax, cols), even(area.yMin, area.yMax, rows)
	f.sayPairs(p, p.count(x, y), len(x))
	return p, nil
}

// countedPairs draws pairs that never stand in memory together.
func (f *Figure) countedPairs(x pairCounter, y any, bins []int) (*picture, error) {
	cols, rows, err := binsOf(x.Len(), bins)
	if err != nil {
		return nil, err
	}
	p := &picture{rows: rows, cols: cols, blank: true, look: &f.look}
	counts, xEdge, yEdge, err := x.Histogram2D(y, cols, rows)
	if err != nil {
		return nil, fmt.Errorf("plots: Histogram2D: %w", err)
	}
	counted := 0
	for _, row := range counts {
		for _, n := range row {
			counted += n
			p.values = append(p.values, float64(n))
		}
	}
	p.xEdge, p.yEdge = xEdge, yEdge
	f.sayPairs(p, counted, x.Len())
	return p, nil
}

// sayPairs says how many pairs were counted; cells without any have no colour.
func (f *Figure) sayPairs(p *picture, counted, all int) {
	for i, n := range p.values {
		if n == 0 {
			p.values[i] = math.NaN()
		}
	}
	p.what = "histogram of " + display.Count(counted) + " pairs"
	if skipped := all - counted; skipped > 0 {
		f.note("%s of %s pairs are not finite", display.Count(skipped), display.Count(all))
	}
}

// binsOf decides how many columns and rows a histogram of n pairs has.
func binsOf(n int, bins []int) (cols, rows int, err error) {
	switch len(bins) {
	case 0:
		cols = int(min(200, max(10, math.Sqrt(float64(n)/4))))
		return cols, cols, nil
	case 1:
		cols, rows = bins[0], bins[0]
	case 2:
		cols, rows = bins[0], bins[1]
	}
	if cols < 1 || rows < 1 || cols > maxPixels || rows > maxPixels {
		return 0, 0, fmt.Errorf("plots: Histogram2D: bins %v: give columns and rows between 1 and %d", bins, maxPixels)
	}
	return cols, rows, nil
}

// even gives the edges of n cells of equal width.
func even(lo, hi float64, n int) []float64 {
	if lo == hi {
		lo, hi = lo-0.5, hi+0.5
	}
	out := make([]float64, n+1)
	for i := range out {
		out[i] = lo + (hi-lo)*float64(i)/float64(n)
	}
	return out
}

// count counts the pairs and gives how many were counted.
func (p *picture) count(x, y []float64) int {
	perX := float64(p.cols) / (p.xEdge[p.cols] - p.xEdge[0])
	perY := float64(p.rows) / (p.yEdge[p.rows] - p.yEdge[0])
	n := 0
	for i := range x {
		if !finite(x[i]) || !finite(y[i]) {
			continue
		}
		c := min(p.cols-1, int((x[i]-p.xEdge[0])*perX))
		r := min(p.rows-1, int((y[i]-p.yEdge[0])*perY))
		p.values[r*p.cols+c]++
		n++
	}
	return n
}
