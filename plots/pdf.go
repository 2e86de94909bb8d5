package plots

import (
	"image/color"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	gonumfont "gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgpdf"
)

// PDF gives the figure as a PDF file of one page. Its letters are drawn as shapes, so that every
// character of the font is right wherever it is read.
func (f *Figure) PDF() ([]byte, error) {
	width, height := f.lengths()
	return f.render(outlined{vgpdf.New(width, height)})
}

// outlined is a PDF canvas that draws letters as shapes: vgpdf knows the 256 characters of one code page
// only, without the minus sign and Greek, and no bold fonts.
type outlined struct{ *vgpdf.Canvas }

// FillString draws text from a point on its baseline.
func (c outlined) FillString(face gonumfont.Face, at vg.Point, text string) {
	var buffer sfnt.Buffer
	size := face.Font.Size
	const em = 1000 // units that a letter is measured in
	x, last := fixed.Int26_6(0), sfnt.GlyphIndex(0)
	for i, r := range text {
		glyph, err := face.Face.GlyphIndex(&buffer, r)
		if err != nil {
			continue
		}
		if i > 0 {
			if kern, err := face.Face.Kern(&buffer, last, glyph, fixed.I(em), font.HintingNone); err == nil {
				x += kern
			}
		}
		place := func(p fixed.Point26_6) vg.Point {
			unit := float64(size) / (em * 64)
			return vg.Point{X: at.X + vg.Length(float64(x+p.X)*unit), Y: at.Y - vg.Length(float64(p.Y)*unit)}
		}
		if shape, err := face.Face.LoadGlyph(&buffer, glyph, fixed.I(em), nil); err == nil && len(shape) > 0 {
			c.Fill(outline(shape, place))
		}
		if advance, err := face.Face.GlyphAdvance(&buffer, glyph, fixed.I(em), font.HintingNone); err == nil {
			x += advance
		}
		last = glyph
	}
}

// outline gives the shape of a letter as a path.
func outline(shape sfnt.Segments, place func(fixed.Point26_6) vg.Point) vg.Path {
	var p vg.Path
	for i, s := range shape {
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			if i > 0 {
				p.Close()
			}
			p.Move(place(s.Args[0]))
		case sfnt.SegmentOpLineTo:
			p.Line(place(s.Args[0]))
		case sfnt.SegmentOpQuadTo:
			p.QuadTo(place(s.Args[0]), place(s.Args[1]))
		case sfnt.SegmentOpCubeTo:
			p.CubeTo(place(s.Args[0]), place(s.Args[1]), place(s.Args[2]))
		}
	}
	p.Close()
	return p
}

// SetColor sets the colour of what is drawn next. vgpdf takes a colour mixed with its opacity for one that
// is not, and would draw what is see-through grey.
func (c outlined) SetColor(with color.Color) {
	c.Canvas.SetColor(straight{color.NRGBAModel.Convert(with).(color.NRGBA)})
}

// straight is a colour whose RGBA is not mixed with its opacity.
type straight struct{ color.NRGBA }

func (s straight) RGBA() (r, g, b, a uint32) {
	const wide = 0x101
	return uint32(s.R) * wide, uint32(s.G) * wide, uint32(s.B) * wide, uint32(s.A) * wide
}
