package plots

import (
	"fmt"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"gofive/display"
)

// frame builds the plot: axes that hold all layers, a grid behind them, a legend when layers have
// names.
func (f *Figure) frame() (*plot.Plot, error) {
	if f.err != nil {
		return nil, f.err
	}
	area := none()
	for _, l := range f.layers {
		area = area.union(l.bounds(f.logX, f.logY))
	}
	if area.empty() {
		return nil, errNothing
	}
	if !finite(area.xMax-area.xMin) || !finite(area.yMax-area.yMin) {
		return nil, fmt.Errorf("plots: the values reach further than an axis can: %s", span(area))
	}
	p := plot.New()
	dress(p)
	p.Title.Text = display.VisibleLines(f.title)
	p.X.Label.Text, p.Y.Label.Text = display.VisibleLines(f.xLabel), display.VisibleLines(f.yLabel)
	f.axes(p, area)
	if err := logarithmic(p); err != nil {
		return nil, err
	}
	grid := plotter.NewGrid()
	for _, style := range []*draw.LineStyle{&grid.Horizontal, &grid.Vertical} {
		style.Color, style.Width, style.Dashes = faint, vg.Points(0.5), nil
	}
	p.Add(grid)
	for i, l := range f.layers {
		p.Add(l)
		if thumb, ok := l.(plot.Thumbnailer); ok && f.names[i] != "" {
			p.Legend.Add(display.Visible(f.names[i]), thumb)
		}
	}
	return p, nil
}

// axes sets ends, scales and ticks. Values have some room above and below, and none at the sides
// where a line runs to the edge; pictures and bars stand on their edges.
func (f *Figure) axes(p *plot.Plot, area box) {
	xMargin, yMargin := 0.0, 0.05
	for _, l := range f.layers {
		if _, ok := l.(*scatter); ok {
			xMargin = 0.03
		}
	}
	if f.picture() != nil {
		xMargin, yMargin = 0, 0
	}
	x := widen(area.xMin, area.xMax, xMargin, f.logX)
	y := widen(area.yMin, area.yMax, yMargin, f.logY)
	if area.yMin == 0 && area.yMax > 0 && !f.logY {
		y.from = 0 // counts and other quantities that begin at nothing stand on the axis
	}
	if !f.logY {
		y.to += (y.to - y.from) * 0.06 * float64(f.named()) // the legend's lines
	}
	if f.xLimits != nil {
		x = *f.xLimits
	}
	if f.yLimits != nil {
		y = *f.yLimits
	}
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = x.from, x.to, y.from, y.to
	scale(&p.X, f.logX, max(2, f.width/110))
	scale(&p.Y, f.logY, max(2, f.height/75))
	if f.picture() != nil {
		p.Y.Scale = plot.InvertedScale{Normalizer: p.Y.Scale} // row 0 is at the top
	}
}

// named counts the layers with a name.
func (f *Figure) named() int {
	n := 0
	for _, name := range f.names {
		if name != "" {
			n++
		}
	}
	return n
}

// picture gives the first array that is drawn as colours, or nil.
func (f *Figure) picture() *picture {
	for _, l := range f.layers {
		if p, ok := l.(*picture); ok {
			return p
		}
	}
	return nil
}

// scale makes an axis linear or logarithmic, with about count labels.
func scale(a *plot.Axis, log bool, count int) {
	a.Tick.Marker = ticks{count}
	if log {
		a.Scale, a.Tick.Marker = plot.LogScale{}, logTicks{count}
	}
}

// logarithmic refuses ends that a logarithmic axis does not have.
func logarithmic(p *plot.Plot) error {
	for name, a := range map[string]plot.Axis{"x": p.X, "y": p.Y} {
		if isLog(a) && a.Min <= 0 {
			return fmt.Errorf("plots: range of %s from %g on a logarithmic axis: it must begin above 0", name, a.Min)
		}
	}
	return nil
}
