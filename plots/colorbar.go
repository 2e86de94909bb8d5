package plots

import (
	"image"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// barRoom is the width that a colour bar and its numbers take.
const barRoom = vg.Length(72)

// bar draws the scale of colours at the right of the area of p.
func (s shades) bar(p *plot.Plot, area draw.Canvas) {
	left := area.Max.X + vg.Points(14)
	frame := vg.Rectangle{Min: vg.Point{X: left, Y: area.Min.Y}, Max: vg.Point{X: left + vg.Points(10), Y: area.Max.Y}}
	img := image.NewNRGBA(image.Rect(0, 0, 1, len(s.table)))
	for i, c := range s.table {
		img.SetNRGBA(0, len(s.table)-1-i, c)
	}
	area.DrawImage(frame, img)
	style := p.Y.Tick.Label
	style.XAlign, style.YAlign = text.XLeft, text.YCenter
	if s.low == s.high {
		area.FillText(style, vg.Point{X: frame.Max.X + vg.Points(5), Y: (frame.Min.Y + frame.Max.Y) / 2}, label(s.low, max(math.Abs(s.low)/10, 1e-300)))
		return
	}
	for _, t := range s.ticks(max(2, int(frame.Size().Y/vg.Points(45)))) {
		if t.IsMinor() || t.Value < s.low || t.Value > s.high {
			continue
		}
		y := frame.Min.Y + frame.Size().Y*vg.Length(s.part(t.Value))
		area.StrokeLine2(p.Y.Tick.LineStyle, frame.Max.X, y, frame.Max.X+vg.Points(3), y)
		area.FillText(style, vg.Point{X: frame.Max.X + vg.Points(5), Y: y}, t.Label)
	}
}

func (s shades) ticks(count int) []plot.Tick {
	if s.log {
		return logTicks{count}.Ticks(s.low, s.high)
	}
	return ticks{count: count}.Ticks(s.low, s.high)
}
