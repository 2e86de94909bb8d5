package plots

import (
	"fmt"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"gofive/display"
)

// above is a second x axis, at the top, whose numbers are those of the first one times a factor.
type above struct {
	label  string
	factor float64
}

// Above writes a second x axis at the top, whose numbers are those of the first one times factor: another
// unit, or the wavelengths before a redshift, Above("rest wavelength [Å]", 1/(1+z)). Pictures have it;
// Vega-Lite cannot say it.
func (f *Figure) Above(label string, factor float64) *Figure {
	if !(factor > 0) || !finite(factor) {
		return f.fail(fmt.Errorf("plots: Above: a factor of %g makes no axis: it must be above 0", factor))
	}
	f.above = &above{label, factor}
	return f
}

// height is the room that ticks, numbers and label take.
func (a *above) height(p *plot.Plot) vg.Length {
	height := p.X.Tick.Length + gap + p.X.Tick.Label.Height("0")
	if a.label != "" {
		height += p.X.Label.TextStyle.Height(a.label) + 2*p.X.Label.Padding
	}
	return height
}

// draw draws the axis at the upper edge of the area between the axes.
func (a *above) draw(p *plot.Plot, area draw.Canvas) {
	top := area.Max.Y
	area.StrokeLine2(p.X.LineStyle, area.Min.X, top, area.Max.X, top)
	style := p.X.Tick.Label
	style.XAlign, style.YAlign = text.XCenter, text.YBottom
	for _, t := range p.X.Tick.Marker.Ticks(p.X.Min*a.factor, p.X.Max*a.factor) {
		v := t.Value / a.factor
		if v < p.X.Min || v > p.X.Max {
			continue
		}
		x, length := area.X(p.X.Norm(v)), p.X.Tick.Length
		if t.IsMinor() {
			length /= 2
		}
		area.StrokeLine2(p.X.Tick.LineStyle, x, top, x, top+length)
		area.FillText(style, vg.Point{X: x, Y: top + length + gap}, t.Label)
	}
	label := p.X.Label.TextStyle
	label.XAlign, label.YAlign = text.XCenter, text.YBottom
	y := top + p.X.Tick.Length + gap + style.Height("0") + p.X.Label.Padding
	area.FillText(label, vg.Point{X: area.Center().X, Y: y}, display.Visible(a.label))
}
