package value

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
)

// What does not fit is told by encoding/json with the names of types and fields, which a mirror does not
// have; and all the rest is read nevertheless. Any other error ends the reading.

// misfit is the error of text that is no value of a type, which the interpreter represents by rt.
func misfit(text []byte, t *Type, rt reflect.Type) error {
	return &json.UnmarshalTypeError{Value: kindOf(text), Type: shownType(t, rt), Offset: int64(len(text))}
}

// isMisfit reports whether what follows is read in spite of an error.
func isMisfit(err error) bool {
	_, ok := err.(*json.UnmarshalTypeError)
	return err == nil || ok
}

// first gives the earlier of two errors.
func first(err, next error) error {
	if err != nil {
		return err
	}
	return next
}

// named puts the type of a cell into an error that encoding/json made of its representation.
func named(err error, t *Type, rt reflect.Type) error {
	if e, ok := err.(*json.UnmarshalTypeError); ok && t != nil {
		e.Type = shownType(t, rt)
	}
	return err
}

// located puts the name of a struct, and those of embedded ones, into an error that encoding/json made of
// its mirror.
func located(err error, t *Type) error {
	e, ok := err.(*json.UnmarshalTypeError)
	if !ok {
		return err
	}
	e.Struct = shownType(t, nil).Name()
	names := strings.Split(e.Field, ".")
	for i, name := range names {
		digits, embedded := strings.CutPrefix(name, embeddedPrefix)
		number, err := strconv.Atoi(digits)
		if !embedded || err != nil || number >= len(t.fields) {
			break
		}
		names[i] = t.fields[number].Name
		if t = t.fields[number].Type; t.Kind == "pointer" {
			t = t.elem
		}
	}
	e.Field = strings.Join(names, ".")
	return err
}

// within puts a field of a struct in front of those that an error names.
func within(err error, t *Type, f Field) error {
	e, ok := err.(*json.UnmarshalTypeError)
	if !ok {
		return err
	}
	name := jsonCodec.tagName(f.Tag)
	if name == "" {
		name = f.Name
	}
	if e.Field != "" {
		name += "." + e.Field
	}
	if e.Struct == "" || f.Embedded {
		e.Struct = shownType(t, nil).Name()
	}
	e.Field = name
	return err
}

// MarshalJSON is json.Marshal for cells: its errors name types as cells do.
func MarshalJSON(v any) ([]byte, error) {
	text, err := json.Marshal(v)
	return text, ofCells(err)
}

// MarshalIndent is json.MarshalIndent, in the same way.
func MarshalIndent(v any, prefix, indent string) ([]byte, error) {
	text, err := json.MarshalIndent(v, prefix, indent)
	return text, ofCells(err)
}

// EncodeJSON is the method Encode of an encoder, in the same way.
func EncodeJSON(e *json.Encoder, v any) error { return ofCells(e.Encode(v)) }

// ofCells takes off an error what encoding/json says of boxes and of the parts of mirrors: they are written
// by a method, which what is in them does not have.
func ofCells(err error) error {
	for {
		e, ok := err.(*json.MarshalerError)
		if !ok || e.Type != partType && !e.Type.Implements(boxedType) {
			return err
		}
		err = e.Err
	}
}

var boxedType = reflect.TypeFor[boxed]()

// textError is the error of a value whose method MarshalText fails. Only encoding/json can make one.
func textError(err error, t *Type, rt reflect.Type) error {
	_, made := json.Marshal(failing{err})
	if e, ok := made.(*json.MarshalerError); ok {
		e.Type = shownType(t, rt)
	}
	return made
}

// failing has no text.
type failing struct{ err error }

// MarshalText fails.
func (f failing) MarshalText() ([]byte, error) { return nil, f.err }
