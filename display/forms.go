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
// needed to have one. It may give a named type of the same kind, and an error beside it.
func method[T any](v any, name string) func() (T, error) {
	var found any
	if n, ok := v.(named); ok {
		found = n.Method(name)
	} else if m := reflect.ValueOf(v); m.IsValid() && m.MethodByName(name).IsValid() {
		found = m.MethodByName(name).Interface()
	}
	switch f := found.(type) {
	case func() T:
		return func() (T, error) { return f(), nil }
	case func() (T, error):
		return f
	}
	f := reflect.ValueOf(found)
	if !f.IsValid() || f.Kind() != reflect.Func || f.Type().NumIn() > 0 || !gives[T](f.Type()) {
		return nil
	}
	return func() (T, error) {
		out := f.Call(nil)
		var err error
		if len(out) == 2 {
			err, _ = out[1].Interface().(error)
		}
		return plain[T](out[0]), err
	}
}

// gives reports whether a function gives what a T can be made of, alone or with an error.
func gives[T any](f reflect.Type) bool {
	n := f.NumOut()
	if n < 1 || n > 2 || n == 2 && f.Out(1) != reflect.TypeFor[error]() {
		return false
	}
	got, want := f.Out(0), reflect.TypeFor[T]()
	if want.Kind() == reflect.Map {
		return got.Kind() == reflect.Map && got.Key().Kind() == reflect.String
	}
	text := want.Kind() == reflect.String && got.Kind() == reflect.Slice && got.Elem().Kind() == reflect.Uint8
	return text || got.Kind() == want.Kind() && got.ConvertibleTo(want)
}

// plain makes a T of what gives has admitted.
func plain[T any](v reflect.Value) T {
	want := reflect.TypeFor[T]()
	if want.Kind() != reflect.Map {
		return v.Convert(want).Interface().(T)
	}
	out := reflect.MakeMap(want)
	for _, key := range v.MapKeys() {
		out.SetMapIndex(key.Convert(want.Key()), v.MapIndex(key).Convert(want.Elem()))
	}
	return out.Interface().(T)
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
	encode := func() ([]byte, error) {
		var out bytes.Buffer
		err := png.Encode(&out, img)
		return out.Bytes(), err
	}
	pixels := told(b, "At", encode)
	if pixels == nil {
		return
	}
	size := img.Bounds().Size()
	b.Data[ImagePNG] = pixels
	b.Data[TextPlain] = fmt.Sprintf("image of %d x %d pixels (%T)", size.X, size.Y, img)
}
