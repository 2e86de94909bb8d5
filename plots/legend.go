package plots

import (
	"fmt"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"gofive/display"
)

// maxLegendRows is how many rows of names stand above a picture.
const maxLegendRows = 4

// entry is a name in the legend with a sample of what it names; the last may be a text alone.
type entry struct {
	name   string
	sample plot.Thumbnailer
}

// legend is the rows of names above the axes, where they hide nothing.
type legend struct {
	style draw.TextStyle
	rows  [][]entry
}

const (
	sampleWidth = vg.Length(18)
	sampleGap   = vg.Length(4)
	entryGap    = vg.Length(14)
	legendRow   = vg.Length(14)
)

// legend breaks the names of the layers into rows no wider than room.
func (f *Figure) legend(style draw.TextStyle, room vg.Length) *legend {
	l := &legend{style: style}
	width, left := room, 0
	for _, p := range f.layers {
		sample, ok := p.layer.(plot.Thumbnailer)
		if !ok || p.name == "" {
			continue
		}
		e := entry{shortened(style, display.Visible(p.name), room/2), sample}
		if width += l.entryWidth(e); width > room {
			if len(l.rows) == maxLegendRows {
				left++
				continue
			}
			l.rows, width = append(l.rows, nil), l.entryWidth(e)
		}
		if left == 0 {
			l.rows[len(l.rows)-1] = append(l.rows[len(l.rows)-1], e)
		} else {
			left++
		}
	}
	if left > 0 {
		last := &l.rows[len(l.rows)-1]
		*last = append((*last)[:len(*last)-1], entry{name: fmt.Sprintf("and %d more", left+1)})
	}
	return l
}

func (l *legend) entryWidth(e entry) vg.Length {
	return sampleWidth + sampleGap + l.style.Width(e.name) + entryGap
}

// width is that of the widest row.
func (l *legend) width() vg.Length {
	widest := vg.Length(0)
	for _, row := range l.rows {
		width := -entryGap
		for _, e := range row {
			width += l.entryWidth(e)
		}
		widest = max(widest, width)
	}
	return widest
}

// height is the room that the rows take.
func (l *legend) height() vg.Length {
	if len(l.rows) == 0 {
		return 0
	}
	return vg.Length(len(l.rows))*legendRow + vg.Points(4)
}

// draw writes the rows at the top of c, from left on.
func (l *legend) draw(c draw.Canvas, left vg.Length) {
	for i, row := range l.rows {
		x, y := left, c.Max.Y-vg.Length(i+1)*legendRow
		for _, e := range row {
			if e.sample != nil {
				box := vg.Rectangle{Min: vg.Point{X: x, Y: y + vg.Points(1)}, Max: vg.Point{X: x + sampleWidth, Y: y + vg.Points(9)}}
				e.sample.Thumbnail(&draw.Canvas{Canvas: c.Canvas, Rectangle: box})
				x += sampleWidth + sampleGap
			}
			c.FillText(l.style, vg.Point{X: x, Y: y + vg.Points(2)}, e.name)
			x += l.style.Width(e.name) + entryGap
		}
	}
}
