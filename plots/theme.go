package plots

import (
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
)

// The colours of a page: what is read is dark, what guides the eye is light.
var (
	ink   = color.NRGBA{0x22, 0x22, 0x22, 0xff}
	faint = color.NRGBA{0xe6, 0xe6, 0xe6, 0xff}
	edge  = color.NRGBA{0x80, 0x80, 0x80, 0xff}

	remark  = color.NRGBA{0x60, 0x60, 0x60, 0xff}
	warning = color.NRGBA{0xa0, 0x1c, 0x1c, 0xff}
)

// colours of the layers in their order, told apart by hue and by lightness, for readers who do not
// see all hues.
var colours = []color.NRGBA{
	{0x1b, 0x5f, 0xa8, 0xff}, // blue
	{0xd9, 0x5f, 0x0e, 0xff}, // orange
	{0x2a, 0x85, 0x4f, 0xff}, // green
	{0xb5, 0x2b, 0x5d, 0xff}, // crimson
	{0x6f, 0x54, 0xa6, 0xff}, // violet
	{0xb8, 0x8a, 0x00, 0xff}, // gold
	{0x3f, 0xa7, 0xd6, 0xff}, // sky
	{0x5b, 0x5b, 0x5b, 0xff}, // grey
}

func colour(n int) color.NRGBA { return colours[n%len(colours)] }

// coloured is a layer with a colour of its own.
type coloured interface{ own() color.NRGBA }

// next is the colour of the layer that comes next. A band takes none away: it has that of the line
// before it or, when it is the first, of the line behind it.
func (f *Figure) next() color.NRGBA { return colour(f.taken()) }

// taken counts the layers that have taken a colour.
func (f *Figure) taken() int {
	n := 0
	for _, l := range f.layers {
		_, is := l.layer.(coloured)
		if _, band := l.layer.(*band); is && !band {
			n++
		}
	}
	return n
}

// pale is a colour for areas, mixed with the white of the page.
func pale(c color.NRGBA) color.NRGBA {
	c.A = 0x48
	return c
}

// sans is the font of all text, at a size in points.
func sans(size float64) font.Font {
	return font.Font{Typeface: "Liberation", Variant: "Sans", Size: font.Points(size)}
}

// bold is the weight that golang.org/x/image/font calls WeightBold.
const bold = 3

// dressed is a plot whose styles are used for what gonum does not draw.
func dressed() *plot.Plot {
	p := plot.New()
	dress(p)
	return p
}

// dress gives a plot of gonum our fonts, colours and distances.
func dress(p *plot.Plot) {
	p.BackgroundColor = color.White
	p.Title.TextStyle.Font = sans(11)
	p.Title.TextStyle.Font.Weight = bold
	p.Title.TextStyle.Color = ink
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.Label.TextStyle.Font = sans(9.5)
		axis.Label.TextStyle.Color = ink
		axis.Label.Padding = vg.Points(4)
		axis.Tick.Label.Font = sans(8.5)
		axis.Tick.Label.Color = ink
		axis.Tick.Length = vg.Points(4)
		axis.Tick.LineStyle.Color = edge
		axis.Tick.LineStyle.Width = vg.Points(0.5)
		axis.LineStyle.Color = edge
		axis.LineStyle.Width = vg.Points(0.5)
		axis.Padding = 0
	}
	p.Y.Tick.Label.XAlign = text.XRight
	p.Legend.TextStyle.Font = sans(9)
	p.Legend.TextStyle.Color = ink
}
