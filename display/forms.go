package display

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"reflect"
)

// named is a value of a type that the interpreter made: its methods are found by name alone.
type named interface {
	// Method gives a method as a function, nil when there is none.
	Method(name string) any
}

// method gives a method of v by which it shows itself, nil when it has none. Nothing of this package is
// needed to have one.
func method[T any](v any, name string) func() T {
	var found any
	if n, ok := v.(named); ok {
		found = n.Method(name)
	} else if m := reflect.ValueOf(v); m.IsValid() && m.MethodByName(name).IsValid() {
		found = m.MethodByName(name).Interface()
	}
	f, _ := found.(func() T)
	return f
}

// forms sets all forms that the methods of v give; none leaves an empty map.
func (b *Bundle) forms(v any) {
	b.Data = map[string]any{}
	for mime, name := range map[string]string{TextHTML: "HTML", TextMarkdown: "Markdown", TextLatex: "Latex", ImageSVG: "SVG"} {
		if f := method[string](v, name); f != nil {
			if s := told(b, name, f); s != "" {
				b.Data[mime] = s
			}
		}
	}
	for mime, name := range map[string]string{ImagePNG: "PNG", ImageJPEG: "JPEG"} {
		if f := method[[]byte](v, name); f != nil {
			if data := told(b, name, f); len(data) > 0 {
				b.Data[mime] = data
			}
		}
	}
	if f := method[any](v, "JSON"); f != nil {
		if value := told(b, "JSON", f); value != nil {
			b.Data[AppJSON] = value
		}
	}
	if len(b.Data) > 0 {
		b.Metadata = metadata(b, v)
	} else if x, ok := v.(image.Image); ok {
		b.picture(x)
	}
}

// picture adds the forms of an image: its pixels as PNG and a text that says its size, for the
// pixels that fmt would print help nobody.
func (b *Bundle) picture(img image.Image) {
	encode := func() []byte {
		var out bytes.Buffer
		if err := png.Encode(&out, img); err != nil {
			b.trouble(ImagePNG, err)
			return nil
		}
		return out.Bytes()
	}
	pixels := told(b, "At", encode)
	if pixels == nil {
		return
	}
	size := img.Bounds().Size()
	b.Data[ImagePNG] = pixels
	b.Data[TextPlain] = fmt.Sprintf("image of %d x %d pixels (%T)", size.X, size.Y, img)
}
