package plots

import (
	"image/color"
	"slices"

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
	return f.add(&line{x: x, y: y, samples: samplesOf(values, x), fine: finer(values), style: f.lineStyle(len(x))}, err)
}

// Step draws values that hold until the next one as a line of steps: Step(y) over 0, 1, 2 ..., or
// Step(x, y). It breaks where Line does.
func Step(values ...any) *Figure { return newFigure().Step(values...) }

// Step adds a line of steps.
func (f *Figure) Step(values ...any) *Figure {
	x, y, err := pairs("Step", values)
	return f.add(&line{x: x, y: y, samples: samplesOf(values, x), fine: finer(values), steps: true, style: f.lineStyle(len(x))}, err)
}

// lineStyle gives the next colour, and a thinner stroke where points are many.
func (f *Figure) lineStyle(points int) draw.LineStyle {
	width := vg.Points(1.4)
	if points > 500 {
		width = vg.Points(0.8)
	}
	return draw.LineStyle{Color: f.next(), Width: width}
}

type line struct {
	x, y    []float64
	samples int   // that the points stand for
	fine    *fine // of a line of which the points are only the extremes; nil for others
	steps   bool
	style   draw.LineStyle
}

// part gives the points between two places of the x axis, and perhaps more: of a small part of a long line
// all that are there.
func (l *line) part(from, to float64) (x, y []float64) {
	if l.fine == nil {
		return l.x, l.y
	}
	first, last := slices.Min(l.x), slices.Max(l.x)
	if 4*(min(to, last)-max(from, first)) < last-first {
		if x, y, ok := l.fine.part(from, to); ok {
			return x, y
		}
	}
	return l.x, l.y
}

// own is the colour of the line.
func (l *line) own() color.NRGBA { return l.style.Color.(color.NRGBA) }

func (l *line) bounds(logX, logY bool) box { return l.within(everywhere, logX, logY) }

func (l *line) within(x limits, logX, logY bool) box {
	xs, ys := l.part(x.from, x.to)
	return boundsOf(xs, ys, x, logX, logY)
}

func (l *line) describe() string {
	kind := "line of "
	if l.steps {
		kind = "steps of "
	}
	return kind + display.Count(l.samples) + " points, " + span(l.bounds(false, false))
}

// Plot draws the runs between gaps.
func (l *line) Plot(c draw.Canvas, p *plot.Plot) {
	toX, toY := p.Transforms(&c)
	logX, logY := isLog(p.X), isLog(p.Y)
	x, y := l.part(p.X.Min, p.X.Max)
	var r run
	for i := range x {
		if drawable(x[i], logX) && drawable(y[i], logY) {
			at := vg.Point{X: toX(x[i]), Y: toY(y[i])}
			if l.steps && !r.empty() {
				r.add(vg.Point{X: at.X, Y: r.last.Y})
			}
			r.add(at)
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
	for _, visible := range c.ClipLinesXY(points) {
		for _, piece := range pieces(visible) {
			c.StrokeLines(l.style, piece)
		}
	}
}

// pieceLength is how many points are stroked at a time. The rasterizer of PNG looks through all that a
// path has in a row of dots whenever it adds to it: a line that goes up and down 4,000 points long
// took 48 s as one path and 0.1 s in pieces.
const pieceLength = 64

// pieces cuts a line into pieces that overlap by a segment, so that their joints do not show.
func pieces(points []vg.Point) [][]vg.Point {
	var out [][]vg.Point
	for from := 0; ; from += pieceLength - 2 {
		to := min(from+pieceLength, len(points))
		out = append(out, points[from:to])
		if to == len(points) {
			return out
		}
	}
}

// Thumbnail draws the line's sample in a legend.
func (l *line) Thumbnail(c *draw.Canvas) {
	y := c.Center().Y
	style := l.style
	style.Width = vg.Points(1.6)
	c.StrokeLine2(style, c.Min.X, y, c.Max.X, y)
}
