package value

import (
	"encoding/gob"
	"errors"
	"fmt"
	"reflect"
	"strings"
)

// gobMethods are those by which a type encodes itself for package gob, which the interpreter's types lack.
var gobMethods = []string{"GobEncode", "GobDecode", "MarshalBinary", "UnmarshalBinary", "AppendBinary"}

// EncodeGob is the method Encode of a gob.Encoder: fields that are not exported stay behind, as in Go.
func (ts *Types) EncodeGob(enc *gob.Encoder, v any) error {
	b, isBox := v.(boxed)
	if !isBox {
		return enc.Encode(v)
	}
	t, val := b.unbox().typ, reflect.ValueOf(b.unbox().val)
	if err := t.gobRefuses(map[*Type]bool{}); err != nil {
		return err
	}
	return gobInterface(enc.EncodeValue(t.withoutHidden(val)))
}

// DecodeGob is the method Decode of a gob.Decoder.
func (ts *Types) DecodeGob(dec *gob.Decoder, target any) error {
	b, isBox := target.(boxed)
	if !isBox {
		return dec.Decode(target)
	}
	if err := b.unbox().typ.gobRefuses(map[*Type]bool{}); err != nil {
		return err
	}
	return gobInterface(dec.Decode(b.unbox().val))
}

// gobInterface says what to do when an interface holds a value of a cell's type.
func gobInterface(err error) error {
	if err != nil && strings.Contains(err.Error(), "for interface: value.") {
		return errors.New("gob: an interface holds a value of a type of the notebook, which gob cannot name: use a field of that type")
	}
	return err
}

// gobRefuses says why gob cannot encode a type as Go would, nil when it can.
func (t *Type) gobRefuses(seen map[*Type]bool) error {
	if t == nil || seen[t] {
		return nil
	}
	seen[t] = true
	for _, name := range gobMethods {
		if t.find(name) != nil {
			return fmt.Errorf("gob: %s has the method %s, which gob cannot call from a cell: encode what it would", t.Name, name)
		}
	}
	for _, part := range t.parts() {
		if err := part.gobRefuses(seen); err != nil {
			return err
		}
	}
	return nil
}

// hides reports whether a field of the type, or of what it is made of, is not exported.
func (t *Type) hides(seen map[*Type]bool) bool {
	if t == nil || seen[t] {
		return false
	}
	seen[t] = true
	for _, f := range t.fields {
		if !f.Exported {
			return true
		}
	}
	for _, part := range t.parts() {
		if part.hides(seen) {
			return true
		}
	}
	return false
}

// withoutHidden gives a copy of a value whose fields that are not exported are zero.
func (t *Type) withoutHidden(v reflect.Value) reflect.Value {
	if !t.hides(map[*Type]bool{}) || !v.IsValid() {
		return v
	}
	switch fresh := reflect.New(v.Type()).Elem(); v.Kind() {
	case reflect.Struct:
		for i, f := range t.fields {
			if f.Exported {
				fresh.Field(i).Set(f.Type.withoutHidden(v.Field(i)))
			}
		}
		return fresh
	case reflect.Pointer:
		if !v.IsNil() {
			fresh.Set(reflect.New(v.Type().Elem()))
			fresh.Elem().Set(t.elem.withoutHidden(v.Elem()))
		}
		return fresh
	case reflect.Slice:
		if !v.IsNil() {
			fresh.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
		}
		reflect.Copy(fresh, v)
		return t.elemsWithoutHidden(fresh)
	case reflect.Array:
		fresh.Set(v)
		return t.elemsWithoutHidden(fresh)
	case reflect.Map:
		if !v.IsNil() {
			fresh.Set(reflect.MakeMap(v.Type()))
		}
		for k, e := range v.Seq2() {
			fresh.SetMapIndex(t.key.withoutHidden(k), t.elem.withoutHidden(e))
		}
		return fresh
	}
	return v
}

func (t *Type) elemsWithoutHidden(list reflect.Value) reflect.Value {
	for i := range list.Len() {
		list.Index(i).Set(t.elem.withoutHidden(list.Index(i)))
	}
	return list
}
