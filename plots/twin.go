package plots

import (
	"errors"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Twin begins a second y axis, at the right: what is added from here on is drawn against it, and
// Labels, YRange and LogY speak of it.
//
//	plots.Line(t, kelvin).Labels("time [s]", "temperature [K]").Twin().Line(t, pascal).Labels("time [s]", "pressure [Pa]")
func (f *Figure) Twin() *Figure {
	if len(f.layers) == 0 {
		return f.fail(errors.New("plots: Twin: there is nothing yet to be the twin of: add something to the first axis"))
	}
	f.twin = true
	return f
}

// ruler is the y axis at the right of the area.
type ruler struct {
	axis  plot.Axis
	ticks []plot.Tick
}

func newRuler(p *plot.Plot) *ruler {
	r := &ruler{axis: p.Y}
	for _, t := range p.Y.Tick.Marker.Ticks(p.Y.Min, p.Y.Max) {
		if p.Y.Min <= t.Value && t.Value <= p.Y.Max {
			r.ticks = append(r.ticks, t)
		}
	}
	return r
}

// gap is the distance of numbers from their ticks.
const gap = vg.Length(3)

// numbers is the width of the widest one.
func (r *ruler) numbers() vg.Length {
	widest := vg.Length(0)
	for _, t := range r.ticks {
		widest = max(widest, r.axis.Tick.Label.Width(t.Label))
	}
	return widest
}

// width is the room that ticks, numbers and label take.
func (r *ruler) width() vg.Length {
	width := r.axis.Tick.Length + gap + r.numbers()
	if r.axis.Label.Text != "" {
		width += r.axis.Label.TextStyle.Height(r.axis.Label.Text) + 2*r.axis.Label.Padding
	}
	return width
}

// draw draws the ruler at the right edge of the area between the axes.
func (r *ruler) draw(area draw.Canvas) {
	left := area.Max.X
	area.StrokeLine2(r.axis.LineStyle, left, area.Min.Y, left, area.Max.Y)
	style := r.axis.Tick.Label
	style.XAlign, style.YAlign = text.XLeft, text.YCenter
	for _, t := range r.ticks {
		y := area.Y(r.axis.Norm(t.Value))
		length := r.axis.Tick.Length
		if t.IsMinor() {
			length /= 2
		}
		area.StrokeLine2(r.axis.Tick.LineStyle, left, y, left+length, y)
		area.FillText(style, vg.Point{X: left + length + gap, Y: y}, t.Label)
	}
	label := r.axis.Label.TextStyle
	label.Rotation, label.XAlign, label.YAlign = math.Pi/2, text.XCenter, text.YTop
	x := left + r.axis.Tick.Length + gap + r.numbers() + r.axis.Label.Padding
	area.FillText(label, vg.Point{X: x, Y: area.Center().Y}, r.axis.Label.Text)
}
