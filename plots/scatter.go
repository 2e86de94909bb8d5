package plots

import (
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"gofive/display"
)

// Scatter draws a dot at each point: Scatter(y) over 0, 1, 2 ..., or Scatter(x, y).
func Scatter(values ...any) *Figure { return newFigure().Scatter(values...) }

// Scatter adds dots.
func (f *Figure) Scatter(values ...any) *Figure {
	x, y, err := pairs("Scatter", values)
	radius := vg.Points(2.2)
	if len(x) > 2000 {
		radius = vg.Points(1)
	}
	style := draw.GlyphStyle{Color: f.next(), Radius: radius, Shape: draw.CircleGlyph{}}
	return f.add(&scatter{x, y, style}, err)
}

type scatter struct {
	x, y  []float64
	style draw.GlyphStyle
}

// own is the colour of the dots.
func (s *scatter) own() color.NRGBA { return s.style.Color.(color.NRGBA) }

func (s *scatter) bounds(logX, logY bool) box { return s.within(everywhere, logX, logY) }

func (s *scatter) within(x limits, logX, logY bool) box { return boundsOf(s.x, s.y, x, logX, logY) }

func (s *scatter) describe() string {
	return display.Count(len(s.x)) + " points, " + span(s.bounds(false, false))
}

// Plot draws one dot for all points that share a place on the page.
func (s *scatter) Plot(c draw.Canvas, p *plot.Plot) {
	toX, toY := p.Transforms(&c)
	logX, logY := isLog(p.X), isLog(p.Y)
	type place struct{ x, y int }
	taken := map[place]bool{}
	for i := range s.x {
		if !drawable(s.x[i], logX) || !drawable(s.y[i], logY) {
			continue
		}
		at := vg.Point{X: toX(s.x[i]), Y: toY(s.y[i])}
		if !c.Contains(at) {
			continue
		}
		here := place{int(at.X / columnWidth), int(at.Y / columnWidth)}
		if !taken[here] {
			taken[here] = true
			c.DrawGlyph(s.style, at)
		}
	}
}

// Thumbnail draws the dot's sample in a legend.
func (s *scatter) Thumbnail(c *draw.Canvas) { c.DrawGlyph(s.style, c.Center()) }
