package display

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
)

// The methods by which a value shows itself. Nothing of this package is needed to have them.
type (
	htmler     interface{ HTML() string }
	markdowner interface{ Markdown() string }
	latexer    interface{ Latex() string }
	svger      interface{ SVG() string }
	pnger      interface{ PNG() []byte }
	jpeger     interface{ JPEG() []byte }
	jsoner     interface{ JSON() any }
)

// forms gives all forms that the methods of v give; none gives an empty map.
func forms(v any) map[string]any {
	data := map[string]any{}
	text := func(mime, s string) {
		if s != "" {
			data[mime] = s
		}
	}
	binary := func(mime string, b []byte) {
		if len(b) > 0 {
			data[mime] = b
		}
	}
	if x, ok := v.(htmler); ok {
		text(TextHTML, attempt(x.HTML))
	}
	if x, ok := v.(markdowner); ok {
		text(TextMarkdown, attempt(x.Markdown))
	}
	if x, ok := v.(latexer); ok {
		text(TextLatex, attempt(x.Latex))
	}
	if x, ok := v.(svger); ok {
		text(ImageSVG, attempt(x.SVG))
	}
	if x, ok := v.(pnger); ok {
		binary(ImagePNG, attempt(x.PNG))
	}
	if x, ok := v.(jpeger); ok {
		binary(ImageJPEG, attempt(x.JPEG))
	}
	if x, ok := v.(jsoner); ok {
		if value := attempt(x.JSON); value != nil {
			data[AppJSON] = value
		}
	}
	if x, ok := v.(image.Image); ok && len(data) == 0 {
		picture(data, x)
	}
	return data
}

// picture adds the forms of an image: its pixels as PNG and a text that says its size, for the
// pixels that fmt would print help nobody.
func picture(data map[string]any, img image.Image) {
	encode := func() []byte {
		var b bytes.Buffer
		if err := png.Encode(&b, img); err != nil {
			return nil
		}
		return b.Bytes()
	}
	pixels := attempt(encode)
	if pixels == nil {
		return
	}
	size := img.Bounds().Size()
	data[ImagePNG] = pixels
	data[TextPlain] = fmt.Sprintf("image of %d x %d pixels (%T)", size.X, size.Y, img)
}
