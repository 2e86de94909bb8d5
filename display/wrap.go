package display

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	_ "image/jpeg" // DecodeConfig reads the size of a JPEG
	_ "image/png"  // DecodeConfig reads the size of a PNG
)

// HTML is markup that is shown as it stands. Build what contains strangers' text with Markup.
type HTML string

// MimeBundle gives the markup as HTML, and as text too, for front ends that show none.
func (h HTML) MimeBundle() map[string]any {
	return map[string]any{TextHTML: string(h), TextPlain: string(h)}
}

// Markdown is text in Jupyter's Markdown.
type Markdown string

// MimeBundle gives the text as Markdown, which reads well as text too.
func (m Markdown) MimeBundle() map[string]any {
	return map[string]any{TextMarkdown: string(m), TextPlain: string(m)}
}

// Latex is LaTeX that MathJax understands, with its $ or \begin.
type Latex string

// MimeBundle gives the formula, and its source as text.
func (l Latex) MimeBundle() map[string]any {
	return map[string]any{TextLatex: string(l), TextPlain: string(l)}
}

// SVG is the text of an SVG picture, <svg> included.
type SVG string

// MimeBundle gives the picture; the text says how large its source is.
func (s SVG) MimeBundle() map[string]any {
	return map[string]any{ImageSVG: string(s), TextPlain: fmt.Sprintf("SVG picture of %d bytes", len(s))}
}

// PNG is the bytes of a PNG file.
type PNG []byte

// MimeBundle gives the picture; the text says its size in pixels.
func (p PNG) MimeBundle() map[string]any {
	return map[string]any{ImagePNG: []byte(p), TextPlain: "PNG picture" + pixels(p)}
}

// JPEG is the bytes of a JPEG file.
type JPEG []byte

// MimeBundle gives the picture; the text says its size in pixels.
func (j JPEG) MimeBundle() map[string]any {
	return map[string]any{ImageJPEG: []byte(j), TextPlain: "JPEG picture" + pixels(j)}
}

// pixels reads the size out of a picture's header.
func pixels(picture []byte) string {
	config, _, err := image.DecodeConfig(bytes.NewReader(picture))
	if err != nil {
		return fmt.Sprintf(" that cannot be decoded: %v", err)
	}
	return fmt.Sprintf(" of %d x %d pixels", config.Width, config.Height)
}

// JSON shows v as the JSON that encoding/json makes of it: a foldable tree in JupyterLab, indented
// text elsewhere. What has no JSON form shows the reason.
func JSON(v any) Renderer { return jsonValue{v} }

type jsonValue struct{ v any }

// MimeBundle gives the JSON, and as text the same, indented.
func (j jsonValue) MimeBundle() map[string]any {
	raw, err := marshal(j.v)
	if err != nil {
		return map[string]any{TextPlain: fmt.Sprintf("display: no JSON of %T: %v", j.v, err)}
	}
	var text bytes.Buffer
	if err := json.Indent(&text, raw, "", "  "); err != nil {
		return map[string]any{TextPlain: string(raw)}
	}
	return map[string]any{AppJSON: raw, TextPlain: text.String()}
}
