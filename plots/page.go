package plots

import (
	"fmt"
	"image/color"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"gofive/display"
)

// draw draws the figure on a page of its size: from the top its title, the names of its layers, the
// axes, and what is remarked.
func (f *Figure) draw(c draw.Canvas) error {
	c.SetColor(color.White)
	c.Fill(c.Rectangle.Path())
	air := vg.Points(8)
	c = draw.Crop(c, air, -air-vg.Points(6), air, -air)
	if f.cells != nil {
		return f.drawCells(f.heading(f.footing(c)))
	}
	s, err := f.frame()
	if err != nil {
		return err
	}
	c = f.heading(f.footing(c))
	names := f.legend(s.Legend.TextStyle, c.Size().X)
	area := f.axes(draw.Crop(c, 0, 0, 0, -names.height()), s)
	names.draw(c, max(c.Min.X, min(area.Min.X, c.Max.X-names.width())))
	return nil
}

// axes draws the axes and what they hold, and gives the rectangle between them.
func (f *Figure) axes(c draw.Canvas, s *sheet) vg.Rectangle {
	colours, hasBar := f.shades()
	right := vg.Length(0)
	if hasBar {
		right = barRoom
	}
	var second *ruler
	if s.second != nil {
		second = newRuler(s.second)
		right += second.width()
	}
	top := vg.Length(0)
	if f.above != nil {
		top = f.above.height(s.Plot)
	}
	c = f.square(draw.Crop(c, 0, -right, 0, -top), s.Plot)
	s.Draw(c)
	area := s.DataCanvas(c)
	if f.above != nil {
		f.above.draw(s.Plot, area)
	}
	if second != nil {
		for _, l := range f.inOrder() {
			if l.second {
				l.Plot(area, s.second)
			}
		}
		second.draw(area)
	}
	if hasBar {
		colours.bar(s.Plot, area)
	}
	return area.Rectangle
}

// square takes from the canvas what makes the pixels of an image wider than high, or the other way
// round. A very long image fills the canvas all the same.
func (f *Figure) square(c draw.Canvas, p *plot.Plot) draw.Canvas {
	if !f.inverted() || !f.filled() {
		return c
	}
	size := p.DataCanvas(c).Size()
	ratio := vg.Length((p.X.Max - p.X.Min) / (p.Y.Max - p.Y.Min))
	if ratio > 8 || ratio < 1./8 {
		return c
	}
	if spare := size.X - size.Y*ratio; spare > 0 {
		return draw.Crop(c, spare/2, -spare/2, 0, 0)
	}
	spare := size.Y - size.X/ratio
	return draw.Crop(c, 0, 0, spare/2, -spare/2)
}

// heading writes the title and gives the canvas below it.
func (f *Figure) heading(c draw.Canvas) draw.Canvas {
	style := dressed().Title.TextStyle
	title := wrapped(style, display.VisibleLines(f.title), c.Size().X, 3)
	if strings.TrimSpace(title) == "" {
		return c
	}
	style.XAlign, style.YAlign = text.XCenter, text.YTop
	c.FillText(style, vg.Point{X: c.Center().X, Y: c.Max.Y}, title)
	return draw.Crop(c, 0, 0, 0, -style.Height(title)-vg.Points(6))
}

// maxRemarks is how many lines are written below a picture.
const maxRemarks = 4

// footing writes the remarks and gives the canvas above them.
func (f *Figure) footing(c draw.Canvas) draw.Canvas {
	remarks := f.remarks()
	if len(remarks) == 0 {
		return c
	}
	style := dressed().X.Tick.Label
	style.Color = remark
	if len(f.mistakes()) > 0 {
		style.Color = warning
	}
	if more := len(remarks) - maxRemarks; more > 0 {
		remarks = append(remarks[:maxRemarks-1], fmt.Sprintf("and %d more", more+1))
	}
	for i, text := range remarks {
		remarks[i] = wrapped(style, text, c.Size().X, 2)
	}
	written := strings.Join(remarks, "\n")
	style.XAlign, style.YAlign = text.XLeft, text.YBottom
	c.FillText(style, c.Min, written)
	return draw.Crop(c, 0, 0, style.Height(written)+vg.Points(6), 0)
}

// remarks are what a reader must know about what is not shown, each in one line.
func (f *Figure) remarks() []string {
	var out []string
	for _, err := range f.mistakes() {
		out = append(out, "not shown: "+display.Visible(err.Error()))
	}
	for _, l := range f.layers {
		if _, ok := l.layer.(*annotation); ok {
			continue
		}
		if l.bounds(f.x.log, f.scaling(l.second).log).empty() {
			out = append(out, "nothing of "+l.title()+" can be drawn: all values are NaN, infinite or outside of a logarithmic axis")
		}
	}
	if why := f.besides(); why != "" {
		out = append(out, why)
	}
	for _, n := range f.notes {
		out = append(out, display.Visible(n))
	}
	return out
}

// besides says so when all values lie besides the XRange, which leaves the axes empty.
func (f *Figure) besides() string {
	shown := f.x.limits
	if shown == nil || f.x.refused("x") != nil {
		return ""
	}
	all := none()
	for _, l := range f.layers {
		log := f.scaling(l.second).log
		all = all.union(l.bounds(f.x.log, log))
		if part, ok := l.layer.(partly); ok { // a long line knows its ends only roughly
			all = all.union(part.within(*shown, f.x.log, log))
		}
	}
	if all.empty() || shown.from <= all.xMax && shown.to >= all.xMin {
		return ""
	}
	return fmt.Sprintf("nothing lies between x = %.6g and %.6g: x goes from %.6g to %.6g", shown.from, shown.to, all.xMin, all.xMax)
}

// title is how remarks speak of a layer.
func (l placed) title() string {
	if l.name != "" {
		return display.Visible(l.name)
	}
	return "a " + l.describe()
}
