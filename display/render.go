package display

import (
	"encoding/json"
	"fmt"
	"maps"
)

// Render gives the forms of v that a notebook may show. The first that applies supplies them: a
// viewer that knows v; v's method MimeBundle, with MimeMetadata if it has that too; v's methods HTML, Markdown, Latex, SVG, PNG, JPEG and
// JSON, all that it has; v being an image.Image. text/plain always stands among them, and unless one
// of these gives it, it is what fmt.Println prints, of a large value the ends and the size.
//
// A viewer or method that panics, and a form that cannot be written as JSON, costs that form only.
func Render(v any, viewers ...Viewer) Bundle {
	b := richest(v, viewers)
	for mime, form := range b.Data {
		kept, ok := sendable(form)
		if !ok {
			delete(b.Data, mime)
			continue
		}
		b.Data[mime] = kept
	}
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
	if f := method[map[string]any](v, "MimeBundle"); f != nil {
		if data := maps.Clone(attempt(f)); len(data) > 0 {
			return Bundle{Data: data, Metadata: metadata(v)}
		}
	}
	return Bundle{Data: forms(v)}
}

// metadata gives what v says about its forms, keyed by MIME type too, such as the size at which a
// picture is to be shown.
func metadata(v any) map[string]any {
	if f := method[map[string]any](v, "MimeMetadata"); f != nil {
		return attempt(f)
	}
	return nil
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

// sendable gives the form as it travels: strings and bytes as they are, anything else as JSON. It
// reports false for what has no JSON form, which would spoil the whole message.
func sendable(form any) (any, bool) {
	switch form.(type) {
	case nil:
		return nil, false
	case string, []byte:
		return form, true
	}
	raw, err := marshal(form)
	return raw, err == nil
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
