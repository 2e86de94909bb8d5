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

func (f *Figure) newHistogram2D(xs, ys any, bins []int) (*picture, error) {
	const call = "Histogram2D"
	x, y, err := both(call, xs, ys)
	if err != nil {
		return nil, err
	}
	area := boundsOf(x, y, false, false)
	if area.empty() {
		return nil, fmt.Errorf("plots: %s: there are no pairs of finite values", call)
	}
	cols, rows, err := binsOf(len(x), bins)
	if err != nil {
		return nil, err
	}
	p := &picture{values: make([]float64, rows*cols), rows: rows, cols: cols, blank: true, look: &f.look}
	p.xEdge, p.yEdge = even(area.xMin, area.xMax, cols), even(area.yMin, area.yMax, rows)
	counted := p.count(x, y)
	p.what = "histogram of " + display.Count(counted) + " pairs"
	if skipped := len(x) - counted; skipped > 0 {
		f.note("%s of %s pairs are not finite", display.Count(skipped), display.Count(len(x)))
	}
	return p, nil
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

// count counts the pairs; a cell without any has no value. It gives how many were counted.
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
	for i, k := range p.values {
		if k == 0 {
			p.values[i] = math.NaN()
		}
	}
	return n
}
