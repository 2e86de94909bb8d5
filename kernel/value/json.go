package value

import (
	"bytes"
	"encoding"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
)

// MarshalJSON writes the value as encoding/json writes one of a compiled type.
func (b Box) MarshalJSON() ([]byte, error) { return marshal(b.typ, reflect.ValueOf(b.val), nil) }

// marshal writes v, whose type is t, nil for a compiled one, and to which a trail has led.
func marshal(t *Type, v reflect.Value, up *trail) ([]byte, error) {
	if v.IsValid() && v.Kind() == reflect.Interface {
		if b, ok := v.Interface().(boxed); ok {
			return marshal(b.unbox().typ, reflect.ValueOf(b.unbox().val), up)
		}
		v = v.Elem()
		t = nil
	}
	if !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil() {
		return []byte("null"), nil
	}
	up, err := up.to(t, v)
	if err != nil {
		return nil, err
	}
	if t == nil {
		return marshalCompiled(v, up)
	}
	if m, ok := receiver(t, v).method("MarshalJSON", "func() ([]uint8, error)"); ok {
		return marshalled(t, v, m)
	}
	if m, ok := receiver(t, v).method("MarshalText", "func() ([]uint8, error)"); ok {
		text, err := results[[]byte](m.Call(nil))
		if err != nil {
			return nil, textError(err, t, v.Type())
		}
		return json.Marshal(string(text))
	}
	switch v.Kind() {
	case reflect.Pointer:
		return marshal(t.elem, v.Elem(), up)
	case reflect.Struct:
		return json.Marshal(jsonCodec.mirror(t, v, up).Interface())
	case reflect.Map:
		return marshalMap(t, v, up)
	case reflect.Slice, reflect.Array:
		return marshalList(t, v, up)
	case reflect.Chan, reflect.Func, reflect.Complex64, reflect.Complex128:
		return nil, &json.UnsupportedTypeError{Type: shownType(t, v.Type())}
	}
	return json.Marshal(v.Interface())
}

// marshalCompiled writes a value of a compiled type. Lists and maps may hold boxes.
func marshalCompiled(v reflect.Value, up *trail) ([]byte, error) {
	if _, speaks := v.Interface().(json.Marshaler); !speaks && holdsAny(v.Type()) {
		if v.Kind() == reflect.Map {
			return marshalMap(&Type{}, v, up)
		}
		return marshalList(&Type{}, v, up)
	}
	return json.Marshal(v.Interface())
}

// marshalled gives what the method MarshalJSON of a value says, if it is JSON.
func marshalled(t *Type, v, method reflect.Value) ([]byte, error) {
	text, err := results[[]byte](method.Call(nil))
	if err == nil {
		err = json.Compact(new(bytes.Buffer), text)
	}
	if err != nil {
		return nil, &json.MarshalerError{Type: shownType(t, v.Type()), Err: err}
	}
	return text, nil
}

// subject is a value on which methods are looked for; those with a pointer receiver count where the
// value has an address, as encoding/json does it.
type subject struct {
	typ *Type
	val reflect.Value
}

func receiver(t *Type, v reflect.Value) subject { return subject{t, v} }

// method gives a method with this signature as a function.
func (s subject) method(name, signature string) (reflect.Value, bool) {
	if s.typ.Kind == "interface" {
		return reflect.Value{}, false
	}
	b := Box{s.typ, s.val.Interface()}
	if b.has(name, signature) {
		return s.typ.bind(name, b.val)
	}
	p := s.typ.find(name)
	if p == nil || p.method.signature != signature || !s.val.CanAddr() {
		return reflect.Value{}, false
	}
	return p.bind(s.typ, s.val, name)
}

// results gives what a method returns that returns a value and an error.
func results[T any](out []reflect.Value) (T, error) {
	v, _ := out[0].Interface().(T)
	err, _ := out[1].Interface().(error)
	return v, err
}

func (p *part) MarshalJSON() ([]byte, error) { return marshal(p.typ, p.val, p.up) }

func (p *part) UnmarshalJSON(text []byte) error {
	p.text = bytes.Clone(text)
	return nil
}

func marshalList(t *Type, v reflect.Value, up *trail) ([]byte, error) {
	if v.Kind() == reflect.Slice && (v.IsNil() || jsonCodec.simple(t.elem) && v.Type().Elem().Kind() == reflect.Uint8) {
		return json.Marshal(v.Interface())
	}
	parts := make([]*part, v.Len())
	for i := range parts {
		parts[i] = &part{typ: t.elem, val: v.Index(i), up: up}
	}
	return json.Marshal(parts)
}

func marshalMap(t *Type, v reflect.Value, up *trail) ([]byte, error) {
	if v.IsNil() {
		return []byte("null"), nil
	}
	parts := map[string]*part{}
	for it := v.MapRange(); it.Next(); {
		key, ok, err := keyText(t.key, it.Key())
		if !ok {
			err = &json.UnsupportedTypeError{Type: shownType(t, v.Type())}
		}
		if err != nil {
			return nil, err
		}
		parts[key] = &part{typ: t.elem, val: it.Value(), up: up}
	}
	return json.Marshal(parts)
}

// keyText writes the key of a map, if a key can be of its type.
func keyText(t *Type, k reflect.Value) (text string, ok bool, err error) {
	if k.Kind() == reflect.String {
		return k.String(), true, nil
	}
	if t != nil {
		if m, ok := receiver(t, k).method("MarshalText", "func() ([]uint8, error)"); ok {
			text, err := results[[]byte](m.Call(nil))
			return string(text), true, err
		}
	} else if m, ok := k.Interface().(encoding.TextMarshaler); ok {
		text, err := m.MarshalText()
		return string(text), true, err
	}
	switch {
	case k.CanInt():
		return strconv.FormatInt(k.Int(), 10), true, nil
	case k.CanUint():
		return strconv.FormatUint(k.Uint(), 10), true, nil
	}
	return "", false, nil
}

// Target is a pointer into the interpreter's variables that compiled code shall fill.
type Target struct{ box Box }

// Target gives what a decoder gets for a destination: for a pointer to a cell's type a Target.
func (ts *Types) Target(v any) any {
	if b, ok := ts.Open(v); ok {
		return &Target{b}
	}
	return v
}

// UnmarshalJSON fills the value as encoding/json fills one of a compiled type.
func (t *Target) UnmarshalJSON(text []byte) error {
	v := reflect.ValueOf(t.box.val)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return fmt.Errorf("json: Unmarshal(non-pointer %s)", t.box.typ.Name)
	}
	return unmarshal(t.box.typ.elem, v.Elem(), text)
}

// unmarshal fills v, which can be set, from text.
func unmarshal(t *Type, v reflect.Value, text []byte) error {
	if t == nil {
		return json.Unmarshal(text, v.Addr().Interface())
	}
	null := string(text) == "null"
	if v.Kind() == reflect.Pointer {
		if null {
			v.SetZero()
			return nil
		}
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		return unmarshal(t.elem, v.Elem(), text)
	}
	if m, ok := receiver(t, v).method("UnmarshalJSON", "func([]uint8) error"); ok {
		err, _ := m.Call([]reflect.Value{reflect.ValueOf(text)})[0].Interface().(error)
		return err
	}
	if m, ok := receiver(t, v).method("UnmarshalText", "func([]uint8) error"); ok && !null {
		var s string
		if err := json.Unmarshal(text, &s); err != nil {
			return named(err, t, v.Type())
		}
		err, _ := m.Call([]reflect.Value{reflect.ValueOf([]byte(s))})[0].Interface().(error)
		return err
	}
	if null {
		switch v.Kind() {
		case reflect.Map, reflect.Slice, reflect.Interface:
			v.SetZero()
		}
		return nil
	}
	switch v.Kind() {
	case reflect.Struct:
		return unmarshalStruct(t, v, text)
	case reflect.Slice, reflect.Array:
		return unmarshalList(t, v, text)
	case reflect.Map:
		return unmarshalMap(t, v, text)
	case reflect.Interface:
		if len(t.wants) > 0 {
			return misfit(text, t, v.Type())
		}
	}
	return named(json.Unmarshal(text, v.Addr().Interface()), t, v.Type())
}

func kindOf(text []byte) string {
	switch text[0] {
	case '{':
		return "object"
	case '[':
		return "array"
	case '"':
		return "string"
	case 't', 'f':
		return "bool"
	}
	return "number"
}

func unmarshalStruct(t *Type, v reflect.Value, text []byte) error {
	if text[0] != '{' {
		return misfit(text, t, v.Type())
	}
	p := reflect.New(jsonCodec.mirrored(t, v.Type()).typ)
	p.Elem().Set(jsonCodec.mirror(t, v, nil))
	forget(p.Elem())
	err := located(json.Unmarshal(text, p.Interface()), t)
	if !isMisfit(err) {
		return err
	}
	return first(err, takeBack(t, v, p.Elem()))
}

// forget empties the parts of a mirror, so that those which are read can be told.
func forget(m reflect.Value) {
	for i := range m.NumField() {
		f := m.Field(i)
		switch {
		case f.Type() == partType:
			f.SetZero()
		case m.Type().Field(i).Anonymous && f.Kind() == reflect.Struct:
			forget(f)
		case m.Type().Field(i).Anonymous && !f.IsNil():
			forget(f.Elem())
		}
	}
}

// takeBack moves what was read from a mirror to the struct that it stands for.
func takeBack(t *Type, v, m reflect.Value) error {
	var failed error
	for j, i := range jsonCodec.mirrored(t, v.Type()).of {
		f, fv, mf := t.fields[i], v.Field(i), m.Field(j)
		var err error
		switch {
		case m.Type().Field(j).Anonymous && fv.Kind() == reflect.Pointer:
			if mf.IsNil() {
				continue
			}
			if fv.IsNil() {
				fv.Set(reflect.New(fv.Type().Elem()))
			}
			err = takeBack(f.Type.elem, fv.Elem(), mf.Elem())
		case m.Type().Field(j).Anonymous:
			err = takeBack(f.Type, fv, mf)
		case mf.Type() == partType:
			if p := mf.Interface().(*part); p != nil {
				err = unmarshal(f.Type, fv, p.text)
			}
		default:
			fv.Set(mf)
		}
		if err = within(err, t, f); !isMisfit(err) {
			return err
		}
		failed = first(failed, err)
	}
	return failed
}

func unmarshalList(t *Type, v reflect.Value, text []byte) error {
	if jsonCodec.simple(t.elem) {
		err := json.Unmarshal(text, v.Addr().Interface())
		if text[0] == '[' {
			return named(err, t.elem, v.Type().Elem())
		}
		return named(err, t, v.Type())
	}
	var parts []json.RawMessage
	if err := json.Unmarshal(text, &parts); err != nil {
		return named(err, t, v.Type())
	}
	if v.Kind() == reflect.Slice {
		v.Set(reflect.MakeSlice(v.Type(), len(parts), len(parts)))
	}
	var failed error
	for i := range v.Len() {
		if i >= len(parts) {
			v.Index(i).SetZero()
			continue
		}
		err := unmarshal(t.elem, v.Index(i), parts[i])
		if !isMisfit(err) {
			return err
		}
		failed = first(failed, err)
	}
	return failed
}

func unmarshalMap(t *Type, v reflect.Value, text []byte) error {
	var parts map[string]json.RawMessage
	if err := json.Unmarshal(text, &parts); err != nil {
		return named(err, t, v.Type())
	}
	if v.IsNil() {
		v.Set(reflect.MakeMap(v.Type()))
	}
	var failed error
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		key := reflect.New(v.Type().Key()).Elem()
		if err := setKey(t.key, key, name); err != nil {
			return err
		}
		elem := reflect.New(v.Type().Elem()).Elem()
		err := unmarshal(t.elem, elem, parts[name])
		if !isMisfit(err) {
			return err
		}
		failed = first(failed, err)
		v.SetMapIndex(key, elem)
	}
	return failed
}

// setKey reads the key of a map.
func setKey(t *Type, key reflect.Value, name string) error {
	if t != nil {
		if m, ok := receiver(t, key).method("UnmarshalText", "func([]uint8) error"); ok {
			err, _ := m.Call([]reflect.Value{reflect.ValueOf([]byte(name))})[0].Interface().(error)
			return err
		}
	}
	if key.Kind() == reflect.String {
		key.SetString(name)
		return nil
	}
	if m, ok := key.Addr().Interface().(encoding.TextUnmarshaler); ok {
		return m.UnmarshalText([]byte(name))
	}
	return json.Unmarshal([]byte(name), key.Addr().Interface())
}
