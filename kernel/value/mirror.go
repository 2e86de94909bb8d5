package value

import (
	"reflect"
	"strconv"
	"strings"
)

// What encoding/json and encoding/xml make of a struct depends on names, tags and embedding, which
// the interpreter's types do not have. So each struct is given to them as a mirror: a struct type
// with the names, tags and embedding of the cell's, in which fields that need more than reflection
// stand as parts, whose own methods come back here.

// part is a field, element or value that is written and read by its Type.
type part struct {
	typ  *Type
	val  reflect.Value
	up   *trail // that led to it, when it is written
	text []byte // as it was read
}

// partType is what such fields have for a type in a mirror.
var partType = reflect.TypeFor[*part]()

// embeddedPrefix stands before the number of an embedded field of a mirror.
const embeddedPrefix = "Embedded"

// codec is a package that writes and reads by reflection.
type codec struct {
	tag     string   // the key of its tags
	methods []string // by which a type speaks for itself
	follows bool     // it looks for cycles, which may go through interfaces
}

var (
	jsonCodec = codec{"json", []string{"MarshalJSON", "UnmarshalJSON", "MarshalText", "UnmarshalText"}, true}
	xmlCodec  = codec{"xml", []string{"MarshalXML", "UnmarshalXML", "MarshalText", "UnmarshalText"}, false}
)

// mirrorType is the type of the mirror of a struct.
type mirrorType struct {
	typ reflect.Type
	of  []int // the fields that its fields stand for
}

// mirrored gives the type of the mirror of a struct.
func (c codec) mirrored(t *Type, rt reflect.Type) mirrorType {
	var fields []reflect.StructField
	var of []int
	for i, f := range t.fields {
		ft := rt.Field(i).Type
		sf := reflect.StructField{Name: f.Name, Type: ft, Tag: f.Tag}
		switch {
		case f.Embedded && c.inlined(f, ft):
			sf.Name, sf.Anonymous = embeddedPrefix+strconv.Itoa(i), true
			if ft.Kind() == reflect.Pointer {
				sf.Type = reflect.PointerTo(c.mirrored(f.Type.elem, ft.Elem()).typ)
			} else {
				sf.Type = c.mirrored(f.Type, ft).typ
			}
		case !f.Exported:
			continue
		case !c.simple(f.Type) || c.follows && (isAny(ft) || holdsAny(ft)):
			sf.Type = partType
		}
		fields, of = append(fields, sf), append(of, i)
	}
	return mirrorType{reflect.StructOf(fields), of}
}

// inlined reports whether the fields of an embedded field become those of the struct around it.
func (c codec) inlined(f Field, ft reflect.Type) bool {
	if f.Type == nil || c.tagName(f.Tag) != "" {
		return false
	}
	t := f.Type
	if ft.Kind() == reflect.Pointer {
		t = t.elem
	}
	return t != nil && t.Kind == "struct" && !c.speaks(t)
}

func (c codec) tagName(tag reflect.StructTag) string {
	name, _, _ := strings.Cut(tag.Get(c.tag), ",")
	return name
}

// simple reports whether the package treats the interpreter's representation as the type itself.
func (c codec) simple(t *Type) bool { return t == nil || t.Kind == "basic" && !c.speaks(t) }

// speaks reports whether a type has methods that the package asks for.
func (c codec) speaks(t *Type) bool {
	for _, name := range c.methods {
		if t.find(name) != nil {
			return true
		}
	}
	return false
}

// mirror makes the mirror of a struct value, to which a trail has led. Its parts refer to the fields.
func (c codec) mirror(t *Type, v reflect.Value, up *trail) reflect.Value {
	mt := c.mirrored(t, v.Type())
	m := reflect.New(mt.typ).Elem()
	for j, i := range mt.of {
		f, fv, mf := t.fields[i], v.Field(i), m.Field(j)
		switch {
		case mt.typ.Field(j).Anonymous && fv.Kind() == reflect.Pointer:
			if !fv.IsNil() {
				mf.Set(reflect.New(mf.Type().Elem()))
				mf.Elem().Set(c.mirror(f.Type.elem, fv.Elem(), up))
			}
		case mt.typ.Field(j).Anonymous:
			mf.Set(c.mirror(f.Type, fv, up))
		case mf.Type() == partType:
			if !c.omitted(f, fv) {
				mf.Set(reflect.ValueOf(&part{typ: f.Type, val: fv, up: up}))
			}
		default:
			mf.Set(fv)
		}
	}
	return m
}

// omitted reports whether a field is left out because of its tag: its part is then nil, which is
// empty too.
func (c codec) omitted(f Field, v reflect.Value) bool {
	_, options, _ := strings.Cut(f.Tag.Get(c.tag), ",")
	for option := range strings.SplitSeq(options, ",") {
		switch option {
		case "omitempty":
			switch v.Kind() {
			case reflect.Array, reflect.Map, reflect.Slice, reflect.String:
				return v.Len() == 0
			case reflect.Struct:
				return false
			}
			return v.IsZero()
		case "omitzero":
			if m, ok := receiver(f.Type, v).method("IsZero", "func() bool"); ok {
				return m.Call(nil)[0].Bool()
			}
			return v.IsZero()
		}
	}
	return false
}
