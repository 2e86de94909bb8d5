package display

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Render gives the forms of v that a notebook may show. The first that applies supplies them: a
// viewer that knows v; v's method MimeBundle, with MimeMetadata if it has that too; v's methods HTML, Markdown, Latex, SVG, PNG, JPEG and
// JSON, all that it has; v being an image.Image. text/plain always stands among them, and unless one
// of these gives it, it is what fmt.Println prints, of a large value the ends and the size.
//
// A viewer or method that panics, and a form that cannot be written as JSON, costs that form only: the
// Bundle tells of it as Trouble.
func Render(v any, viewers ...Viewer) Bundle {
	b := richest(v, viewers)
	for mime, form := range b.Data {
		kept, err := sendable(form)
		if err != nil {
			b.trouble(fmt.Sprintf("%s of %T", mime, form), err)
		}
		if kept == nil {
			delete(b.Data, mime)
			continue
		}
		b.Data[mime] = kept
	}
	slices.SortFunc(b.Trouble, func(x, y Trouble) int { return strings.Compare(x.What, y.What) })
	if _, ok := b.Data[TextPlain].(string); !ok {
		b.Data[TextPlain] = text(v)
	}
	return b
}

// richest gives a Bundle with a map of its own, empty when v has no form but its text.
func richest(v any, viewers []Viewer) Bundle {
	for _, view := range viewers {
		if b, ok := viewed(view, v); ok {
			b.Data = maps.Clone(b.Data)
			if b.Data == nil {
				b.Data = map[string]any{}
			}
			return b
		}
	}
	var b Bundle
	if f := method[map[string]any](v, "MimeBundle"); f != nil {
		if b.Data = maps.Clone(told(&b, "MimeBundle", f)); len(b.Data) > 0 {
			b.Metadata = metadata(&b, v)
			return b
		}
	}
	b.forms(v)
	return b
}

// metadata gives what v says about its forms, keyed by MIME type too, such as the size at which a
// picture is to be shown.
func metadata(b *Bundle, v any) map[string]any {
	if f := method[map[string]any](v, "MimeMetadata"); f != nil {
		return told(b, "MimeMetadata", f)
	}
	return nil
}

// trouble notes why a form is missing.
func (b *Bundle) trouble(what string, cause any) {
	b.Trouble = append(b.Trouble, Trouble{what, cause})
}

// told calls a method by which a value shows itself. One that fails or panics gives the zero value, and
// the Bundle tells of it.
func told[T any](b *Bundle, name string, method func() (T, error)) (result T) {
	var none T
	defer func() {
		if r := recover(); r != nil {
			result = none
			b.trouble("panic in method "+name, r)
		}
	}()
	result, err := method()
	if err != nil {
		b.trouble("method "+name, err)
		return none
	}
	return result
}

// viewed asks one viewer; one that panics has no opinion.
func viewed(view Viewer, v any) (b Bundle, ok bool) {
	defer func() {
		if recover() != nil {
			b, ok = Bundle{}, false
		}
	}()
	return view(v)
}

// attempt calls a method of a user's value and gives the zero value when it panics.
func attempt[T any](method func() T) (result T) {
	defer func() {
		if recover() != nil {
			var none T
			result = none
		}
	}()
	return method()
}

// sendable gives the form as it travels: strings and bytes as they are, anything else as JSON; nil for no
// form. What has no JSON form would spoil the whole message.
func sendable(form any) (any, error) {
	switch form.(type) {
	case nil, string, []byte:
		return form, nil
	}
	raw, err := marshal(form)
	if err != nil {
		return nil, err
	}
	return raw, nil
}

// marshal is json.Marshal for values whose MarshalJSON may panic.
func marshal(v any) (raw json.RawMessage, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("display: marshal %T: panic: %v", v, r)
		}
	}()
	return json.Marshal(v)
}
