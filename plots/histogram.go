package plots

import (
	"fmt"
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"gofive/display"
)

// Histogram counts values in bins of equal width and draws the counts. bins says how many bins; 0 or
// none lets the spread of the values decide. NaN and infinities are not counted, and said.
func Histogram(values any, bins ...int) *Figure { return newFigure().Histogram(values, bins...) }

// Histogram adds a histogram.
func (f *Figure) Histogram(values any, bins ...int) *Figure {
	h, err := newHistogram(values, bins)
	if err == nil {
		h.colour = f.next()
		if f.has(func(l layer) bool { _, ok := l.(*histogram); return ok }) {
			h.colour.A = 0xb0 // what lies under it is seen
		}
		if f.vertical().label == "" {
			f.vertical().label = "count"
		}
	}
	return f.add(h, err)
}

type histogram struct {
	from, width float64
	counts      []int
	skipped     int // NaN and infinities
	total       int
	colour      color.NRGBA
}

const maxBins = 10_000

func newHistogram(values any, bins []int) (*histogram, error) {
	if h, err := longHistogram(values, bins); h != nil || err != nil {
		return h, err
	}
	all, err := numbers("Histogram", "values", values)
	if err != nil {
		return nil, err
	}
	if len(bins) > 1 || len(bins) == 1 && (bins[0] < 0 || bins[0] > maxBins) {
		return nil, fmt.Errorf("plots: Histogram: bins %v: give one number between 1 and %s", bins, display.Count(maxBins))
	}
	sorted := slices.DeleteFunc(slices.Clone(all), func(x float64) bool { return !finite(x) })
	slices.Sort(sorted)
	if len(sorted) == 0 {
		return nil, fmt.Errorf("plots: Histogram: there are no finite values")
	}
	n := binsFor(sorted)
	if len(bins) == 1 && bins[0] > 0 {
		n = bins[0]
	}
	h := &histogram{from: sorted[0], counts: make([]int, n), skipped: len(all) - len(sorted), total: len(sorted)}
	h.width = (sorted[len(sorted)-1] - h.from) / float64(n)
	if !(h.width > 0) || math.IsInf(h.width, 0) {
		h.from, h.width = h.from-0.5, 1/float64(n)
	}
	for _, x := range sorted {
		h.counts[min(n-1, max(0, int((x-h.from)/h.width)))]++
	}
	return h, nil
}

// binsFor follows Freedman and Diaconis: bins as wide as twice the distance between the quartiles
// over the cube root of the number of values.
func binsFor(sorted []float64) int {
	n := len(sorted)
	quartiles := sorted[(3*n)/4] - sorted[n/4]
	width := 2 * quartiles / math.Cbrt(float64(n))
	spread := sorted[n-1] - sorted[0]
	if !(width > 0) || !finite(spread) {
		return 10
	}
	return int(min(200, max(5, math.Ceil(spread/width))))
}

// own is the colour of the bars.
func (h *histogram) own() color.NRGBA { return h.colour }

func (h *histogram) bounds(logX, logY bool) box {
	b := none()
	low := 0.0
	if logY {
		low = 0.5
	}
	for i, n := range h.counts {
		left, right := h.from+float64(i)*h.width, h.from+float64(i+1)*h.width
		if (!logX || left > 0) && (n > 0 || !logY) {
			b = b.with(left, low).with(right, max(low, float64(n)))
		}
	}
	return b
}

func (h *histogram) describe() string {
	s := fmt.Sprintf("histogram of %s values in %d bins, %.6g to %.6g", display.Count(h.total), len(h.counts),
		h.from, h.from+h.width*float64(len(h.counts)))
	if h.skipped > 0 {
		s += ", " + display.Count(h.skipped) + " not finite"
	}
	return s
}

// Plot draws a filled bar for each bin, with an edge of the page's colour between them.
func (h *histogram) Plot(c draw.Canvas, p *plot.Plot) {
	toX, toY := p.Transforms(&c)
	bottom := toY(p.Y.Min)
	for i, n := range h.counts {
		left := h.from + float64(i)*h.width
		if n == 0 || isLog(p.X) && left <= 0 {
			continue
		}
		x0, x1, top := toX(left), toX(left+h.width), toY(float64(n))
		if x1-x0 > vg.Points(3) {
			x1 -= vg.Points(0.5)
		}
		bar := c.ClipPolygonXY([]vg.Point{{X: x0, Y: bottom}, {X: x0, Y: top}, {X: x1, Y: top}, {X: x1, Y: bottom}})
		c.FillPolygon(h.colour, bar)
	}
}

// Thumbnail draws the bar's sample in a legend.
func (h *histogram) Thumbnail(c *draw.Canvas) { fillBox(c, h.colour) }
