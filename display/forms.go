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

// forms gives all forms that the methods of v give; none gives an empty map.
func forms(v any) map[string]any {
	data := map[string]any{}
	for mime, name := range map[string]string{TextHTML: "HTML", TextMarkdown: "Markdown", TextLatex: "Latex", ImageSVG: "SVG"} {
		if f := method[string](v, name); f != nil {
			if s := attempt(f); s != "" {
				data[mime] = s
			}
		}
	}
	for mime, name := range map[string]string{ImagePNG: "PNG", ImageJPEG: "JPEG"} {
		if f := method[[]byte](v, name); f != nil {
			if b := attempt(f); len(b) > 0 {
				data[mime] = b
			}
		}
	}
	if f := method[any](v, "JSON"); f != nil {
		if value := attempt(f); value != nil {
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
