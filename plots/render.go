package plots

import (
	"bytes"
	"fmt"
	"io"
	"strings"

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

// MimeBundle gives the figure as PNG, in words and, where it can be said so, as Vega-Lite. A figure of
// which nothing can be drawn shows the message.
//
// There is no HTML beside the picture, for front ends would show that instead; and no SVG, which
// front ends prefer to PNG and then do not show: untrusted notebooks drop it, and nbconvert 6.5
// keeps nothing of it but its letters. display.SVG(f.SVG()) shows it all the same.
func (f *Figure) MimeBundle() map[string]any {
	png, err := f.PNG()
	if err != nil {
		return f.mistake(err)
	}
	b := map[string]any{display.ImagePNG: png, display.TextPlain: f.String()}
	if spec := f.vega(); spec != nil {
		b[display.VegaLite] = spec
	}
	return b
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
	if len(f.layers) == 0 && f.cells == nil {
		return "no figure: " + display.Visible(f.nothing().Error())
	}
	var b strings.Builder
	b.WriteString("figure")
	if f.title != "" {
		fmt.Fprintf(&b, " %q", display.Visible(f.title))
	}
	separator := ": "
	say := func(text string) {
		b.WriteString(separator + text)
		separator = "; "
	}
	for _, l := range f.layers {
		name := ""
		if l.name != "" {
			name = display.Visible(l.name) + ", "
		}
		say(name + l.describe())
	}
	for _, cell := range f.cells {
		say(cell.String())
	}
	if axes := f.axisLabels(); axes != "" {
		say(axes)
	}
	for _, text := range f.remarks() {
		say(text)
	}
	return b.String()
}

// axisLabels says what is written at the axes.
func (f *Figure) axisLabels() string {
	if f.x.label == "" && f.y.label == "" && f.second.label == "" {
		return ""
	}
	s := fmt.Sprintf("axes %q and %q", display.Visible(f.x.label), display.Visible(f.y.label))
	if f.twin {
		s += fmt.Sprintf(" and %q", display.Visible(f.second.label))
	}
	return s
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
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("plots: draw the figure: %v", r)
		}
	}()
	page := draw.New(c)
	if err := f.draw(page); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if _, err := c.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("plots: encode the figure: %w", err)
	}
	return b.Bytes(), nil
}
