package plots

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"gofive/display"
)

// Line draws a line through points: Line(y) over 0, 1, 2 ..., or Line(x, y). The line breaks where x
// or y is NaN or infinite.
func Line(values ...any) *Figure { return newFigure().Line(values...) }

// Line adds a line.
func (f *Figure) Line(values ...any) *Figure {
	x, y, err := pairs("Line", values)
	return f.add(&line{x: x, y: y, style: f.lineStyle(len(x))}, err)
}

// lineStyle gives the next colour, and a thinner stroke where points are many.
func (f *Figure) lineStyle(points int) draw.LineStyle {
	width := vg.Points(1.4)
	if points > 500 {
		width = vg.Points(0.8)
	}
	return draw.LineStyle{Color: colour(len(f.layers)), Width: width}
}

type line struct {
	x, y  []float64
	style draw.LineStyle
}

func (l *line) bounds(logX, logY bool) box { return boundsOf(l.x, l.y, logX, logY) }

func (l *line) describe() string {
	return "line of " + display.Count(len(l.x)) + " points, " + span(l.bounds(false, false))
}

// Plot draws the runs between gaps.
func (l *line) Plot(c draw.Canvas, p *plot.Plot) {
	toX, toY := p.Transforms(&c)
	logX, logY := isLog(p.X), isLog(p.Y)
	var r run
	for i := range l.x {
		if drawable(l.x[i], logX) && drawable(l.y[i], logY) {
			r.add(vg.Point{X: toX(l.x[i]), Y: toY(l.y[i])})
		} else if !r.empty() {
			l.stroke(c, r.finish())
		}
	}
	if !r.empty() {
		l.stroke(c, r.finish())
	}
}

// stroke draws one run; a value alone between two gaps is a dot, not nothing.
func (l *line) stroke(c draw.Canvas, points []vg.Point) {
	if len(points) == 1 {
		c.DrawGlyph(draw.GlyphStyle{Color: l.style.Color, Radius: 1.2 * l.style.Width, Shape: draw.CircleGlyph{}}, points[0])
		return
	}
	c.StrokeLines(l.style, c.ClipLinesXY(points)...)
}

// Thumbnail draws the line's sample in a legend.
func (l *line) Thumbnail(c *draw.Canvas) {
	y := c.Center().Y
	style := l.style
	style.Width = vg.Points(1.6)
	c.StrokeLine2(style, c.Min.X, y, c.Max.X, y)
}
