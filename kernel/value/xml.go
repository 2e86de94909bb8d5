package value

import (
	"encoding/xml"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// MarshalXML writes the value as encoding/xml writes one of a compiled type.
func (b Box) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	if slices.Contains([]string{"Box", "errorBox", "joinedBox", "loggerBox"}, start.Name.Local) { // nothing else has named it
		start.Name.Local = elementName(b.typ)
	}
	return marshalXML(e, start, b.typ, reflect.ValueOf(b.val))
}

// elementName gives the name of an element after its type.
func elementName(t *Type) string {
	for t.Cell == "" && t.elem != nil { // a pointer or a list
		t = t.elem
	}
	for _, f := range t.fields {
		if name := xmlCodec.tagName(f.Tag); f.Name == "XMLName" && name != "" {
			return name
		}
	}
	name, _, _ := strings.Cut(t.Name, "[")
	return name[strings.LastIndexByte(name, '.')+1:]
}

// marshalXML writes v, whose type is t, nil for a compiled one, as an element.
func marshalXML(e *xml.Encoder, start xml.StartElement, t *Type, v reflect.Value) error {
	if !v.IsValid() || (v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface) && v.IsNil() {
		return nil
	}
	if t == nil {
		return e.EncodeElement(v.Interface(), start)
	}
	if m, ok := receiver(t, v).method("MarshalXML", "func(*xml.Encoder, xml.StartElement) error"); ok {
		err, _ := m.Call([]reflect.Value{reflect.ValueOf(e), reflect.ValueOf(start)})[0].Interface().(error)
		return err
	}
	if m, ok := receiver(t, v).method("MarshalText", "func() ([]uint8, error)"); ok {
		text, err := results[[]byte](m.Call(nil))
		if err != nil {
			return err
		}
		return e.EncodeElement(string(text), start)
	}
	switch v.Kind() {
	case reflect.Pointer:
		return marshalXML(e, start, t.elem, v.Elem())
	case reflect.Struct:
		return e.EncodeElement(xmlCodec.mirror(t, v, nil).Interface(), start)
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			if err := marshalXML(e, start, t.elem, v.Index(i)); err != nil {
				return err
			}
		}
		return nil
	}
	return e.EncodeElement(v.Interface(), start)
}

func (p *part) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	return marshalXML(e, start, p.typ, p.val)
}

// UnmarshalXML fills the value as encoding/xml fills one of a compiled type.
func (t *Target) UnmarshalXML(d *xml.Decoder, start xml.StartElement) error {
	v := reflect.ValueOf(t.box.val)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return fmt.Errorf("xml: Unmarshal of a %s, which is no pointer", t.box.typ.Name)
	}
	return unmarshalXML(d, start, t.box.typ.elem, v.Elem())
}

// UnmarshalXML reads an element into the field that the part stands for.
func (p *part) UnmarshalXML(d *xml.Decoder, start xml.StartElement) error {
	return unmarshalXML(d, start, p.typ, p.val)
}

// unmarshalXML fills v, which can be set, from an element; of a list it is one more.
func unmarshalXML(d *xml.Decoder, start xml.StartElement, t *Type, v reflect.Value) error {
	if t == nil {
		return d.DecodeElement(v.Addr().Interface(), &start)
	}
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		return unmarshalXML(d, start, t.elem, v.Elem())
	}
	if m, ok := receiver(t, v).method("UnmarshalXML", "func(*xml.Decoder, xml.StartElement) error"); ok {
		err, _ := m.Call([]reflect.Value{reflect.ValueOf(d), reflect.ValueOf(start)})[0].Interface().(error)
		return err
	}
	if m, ok := receiver(t, v).method("UnmarshalText", "func([]uint8) error"); ok {
		var text string
		if err := d.DecodeElement(&text, &start); err != nil {
			return err
		}
		err, _ := m.Call([]reflect.Value{reflect.ValueOf([]byte(text))})[0].Interface().(error)
		return err
	}
	switch {
	case v.Kind() == reflect.Struct:
		m := reflect.New(xmlCodec.mirrored(t, v.Type()).typ)
		m.Elem().Set(xmlCodec.mirror(t, v, nil))
		if err := d.DecodeElement(m.Interface(), &start); err != nil {
			return err
		}
		readBack(t, v, m.Elem())
		return nil
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() != reflect.Uint8:
		elem := reflect.New(v.Type().Elem()).Elem()
		if err := unmarshalXML(d, start, t.elem, elem); err != nil {
			return err
		}
		v.Set(reflect.Append(v, elem))
		return nil
	}
	return d.DecodeElement(v.Addr().Interface(), &start)
}

// readBack moves what was read to the struct that a mirror stands for; its parts have done so.
func readBack(t *Type, v, m reflect.Value) {
	for j, i := range xmlCodec.mirrored(t, v.Type()).of {
		f, fv, mf := t.fields[i], v.Field(i), m.Field(j)
		switch {
		case mf.Type() == partType:
		case !m.Type().Field(j).Anonymous:
			fv.Set(mf)
		case fv.Kind() != reflect.Pointer:
			readBack(f.Type, fv, mf)
		case !mf.IsNil():
			if fv.IsNil() {
				fv.Set(reflect.New(fv.Type().Elem()))
			}
			readBack(f.Type.elem, fv.Elem(), mf.Elem())
		}
	}
}
