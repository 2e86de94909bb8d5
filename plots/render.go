package plots

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"

	"gofive/display"
)

// A page has 96 pixels an inch, a picture twice as many so that it is sharp on dense screens.
const (
	pageDPI    = 96
	pictureDPI = 2 * pageDPI
)

// MimeBundle gives the figure as PNG and in words. A figure with a mistake shows the message.
//
// There is no HTML beside the picture, for front ends would show that instead; and no SVG, which
// front ends prefer to PNG and then do not show: untrusted notebooks drop it, and nbconvert 6.5
// keeps nothing of it but its letters. display.SVG(f.SVG()) shows it all the same.
func (f *Figure) MimeBundle() map[string]any {
	png, err := f.PNG()
	if err != nil {
		return f.mistake(err)
	}
	return map[string]any{display.ImagePNG: png, display.TextPlain: f.String()}
}

// MimeMetadata gives the size at which front ends show the PNG, which has twice as many dots.
func (f *Figure) MimeMetadata() map[string]any {
	return map[string]any{display.ImagePNG: map[string]int{"width": f.width, "height": f.height}}
}

// mistake shows an error where the picture would be.
func (f *Figure) mistake(err error) map[string]any {
	var m display.Markup
	m.Open("p").Element("b", "no figure: ").Element("mark", err.Error()).Close()
	return map[string]any{display.TextPlain: "no figure: " + display.Visible(err.Error()), display.TextHTML: m.String()}
}

// String says in words what the figure shows.
func (f *Figure) String() string {
	if f.err != nil {
		return "no figure: " + display.Visible(f.err.Error())
	}
	var b strings.Builder
	b.WriteString("figure")
	if f.title != "" {
		fmt.Fprintf(&b, " %q", display.Visible(f.title))
	}
	for i, l := range f.layers {
		separator := "; "
		if i == 0 {
			separator = ": "
		}
		b.WriteString(separator)
		if f.names[i] != "" {
			b.WriteString(display.Visible(f.names[i]) + ", ")
		}
		b.WriteString(l.describe())
	}
	if f.xLabel != "" || f.yLabel != "" {
		fmt.Fprintf(&b, "; axes %q and %q", display.Visible(f.xLabel), display.Visible(f.yLabel))
	}
	return b.String()
}

// PNG gives the figure as a PNG file.
func (f *Figure) PNG() ([]byte, error) {
	width, height := f.lengths()
	canvas := vgimg.PngCanvas{Canvas: vgimg.NewWith(vgimg.UseWH(width, height), vgimg.UseDPI(pictureDPI))}
	return f.render(canvas)
}

// SVG gives the figure as the text of an SVG file. Its letters are the reader's own: Liberation Sans,
// or what has the same widths.
func (f *Figure) SVG() (string, error) {
	width, height := f.lengths()
	out, err := f.render(vgsvg.New(width, height))
	mended := strings.NewReplacer(
		"font-family:Liberation Sans;", "font-family:Liberation Sans,Arial,Helvetica,sans-serif;",
		"data:image/jpg;base64,", "data:image/png;base64,").Replace(string(out))
	return mended, err
}

// Save writes the figure to a file, as PNG or SVG by the ending of its name.
func (f *Figure) Save(path string) error {
	var out []byte
	var err error
	switch ending := strings.ToLower(filepath.Ext(path)); ending {
	case ".png":
		out, err = f.PNG()
	case ".svg":
		var text string
		text, err = f.SVG()
		out = []byte(text)
	default:
		err = fmt.Errorf("plots: save %q: the name must end in .png or .svg", path)
	}
	if err != nil {
		return err
	}
	if err := os.WriteFile(path, out, 0o666); err != nil {
		return fmt.Errorf("plots: save: %w", err)
	}
	return nil
}

// lengths gives the size in the points of a canvas.
func (f *Figure) lengths() (width, height vg.Length) {
	return vg.Length(f.width) * vg.Inch / pageDPI, vg.Length(f.height) * vg.Inch / pageDPI
}

// canvas is a picture that can be drawn on and then written.
type canvas interface {
	vg.CanvasSizer
	io.WriterTo
}

// render draws the figure. A panic below, which only values beyond what floating-point axes can hold
// have been seen to cause, is this figure's error.
func (f *Figure) render(c canvas) (out []byte, err error) {
	p, err := f.frame()
	if err != nil {
		return nil, err
	}
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("plots: draw the figure: %v", r)
		}
	}()
	f.draw(draw.New(c), p)
	var b bytes.Buffer
	if _, err := c.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("plots: encode the figure: %w", err)
	}
	return b.Bytes(), nil
}

// draw leaves some air around the plot, and room for the colour bar of a picture.
func (f *Figure) draw(c draw.Canvas, p *plot.Plot) {
	c.SetColor(p.BackgroundColor)
	c.Fill(c.Rectangle.Path())
	air := vg.Points(8)
	c = draw.Crop(c, air, -air-vg.Points(6), air, -air)
	if pic := f.picture(); pic != nil {
		pic.bar(p, c)
		c = draw.Crop(c, 0, -barRoom, 0, 0)
	}
	p.Draw(c)
}
