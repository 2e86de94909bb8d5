package plots

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// barRoom is the width that a colour bar and its numbers take.
const barRoom = vg.Length(72)

// bar draws the scale of the picture's colours at the right end of c, as high as the data area of p.
func (pic *picture) bar(p *plot.Plot, c draw.Canvas) {
	area := p.DataCanvas(draw.Crop(c, 0, -barRoom, 0, 0))
	left := c.Max.X - barRoom + vg.Points(16)
	frame := vg.Rectangle{Min: vg.Point{X: left, Y: area.Min.Y}, Max: vg.Point{X: left + vg.Points(10), Y: area.Max.Y}}
	scale := picture{rows: 256, cols: 1, low: 0, high: 255}
	for i := range scale.rows {
		scale.values = append(scale.values, float64(255-i))
	}
	c.DrawImage(frame, scale.pixels(1, scale.rows))
	style := p.Y.Tick.Label
	style.XAlign, style.YAlign = text.XLeft, text.YCenter
	if pic.high == pic.low {
		c.FillText(style, vg.Point{X: frame.Max.X + vg.Points(5), Y: (frame.Min.Y + frame.Max.Y) / 2}, label(pic.low, 1))
		return
	}
	for _, t := range (ticks{5}).Ticks(pic.low, pic.high) {
		if t.IsMinor() {
			continue
		}
		y := frame.Min.Y + frame.Size().Y*vg.Length((t.Value-pic.low)/(pic.high-pic.low))
		c.StrokeLine2(p.Y.Tick.LineStyle, frame.Max.X, y, frame.Max.X+vg.Points(3), y)
		c.FillText(style, vg.Point{X: frame.Max.X + vg.Points(5), Y: y}, t.Label)
	}
}
