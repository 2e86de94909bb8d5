package h5

import (
	"fmt"
	"reflect"

	"gofive/h5/internal/libhdf5"
)

// nativeOf is the form of a type in memory that values are written from: native numbers, members
// packed. It is what reading gives, but that bools and enums keep their names, without which HDF5 has
// no conversion to them.
func nativeOf(t *libhdf5.Type) *libhdf5.Type {
	n := *t
	switch t.Class {
	case libhdf5.Integer, libhdf5.Bitfield:
		if t.Size <= 8 {
			n = *integer(wholeSize(t.Size), t.Signed).t
			n.Class = t.Class
		}
	case libhdf5.Float:
		n = *Float64.t
		if t.Size <= 4 {
			n = *Float32.t
		}
	case libhdf5.Enum:
		n.Base = nativeOf(t.Base)
		n.Size = n.Base.Size
	case libhdf5.Array:
		n.Base = nativeOf(t.Base)
		n.Size = n.Base.Size * Shape(t.Dims).Len()
	case libhdf5.Vlen:
		n.Base = nativeOf(t.Base)
		n.Size = vlenSize
	case libhdf5.String:
		if t.Variable {
			n.Size = pointerSize
		}
	case libhdf5.Compound:
		n.Members, n.Size = nil, 0
		for _, m := range t.Members {
			inner := nativeOf(m.Type)
			n.Members = append(n.Members, libhdf5.Member{Name: m.Name, Offset: n.Size, MemoryOffset: n.Size, Type: inner})
			n.Size += inner.Size
		}
	}
	n.MemorySize = n.Size
	return &n
}

// wholeSize is the next size that a Go integer has.
func wholeSize(n int) int {
	for _, size := range []int{1, 2, 4} {
		if n <= size {
			return size
		}
	}
	return 8
}

// TypeOf is the datatype that a Go value is stored as: numbers in their width, int and uint as 64
// bits, strings of variable length, structs as compounds, arrays in structs as arrays and slices in
// structs as lists. Of a slice it is the type of the elements.
func TypeOf(v any) (*Datatype, error) {
	switch x := v.(type) {
	case *Array:
		return x.typ, nil
	case *Table:
		return x.Array().typ, nil
	}
	t := reflect.TypeOf(v)
	for t != nil && (t.Kind() == reflect.Slice || t.Kind() == reflect.Pointer) {
		t = t.Elem()
	}
	return typeOf(t, fieldTag{})
}

var numberTypes = map[reflect.Kind]*Datatype{
	reflect.Int: Int64, reflect.Int8: Int8, reflect.Int16: Int16, reflect.Int32: Int32, reflect.Int64: Int64,
	reflect.Uint: Uint64, reflect.Uint8: Uint8, reflect.Uint16: Uint16, reflect.Uint32: Uint32, reflect.Uint64: Uint64,
	reflect.Float32: Float32, reflect.Float64: Float64, reflect.Complex64: Complex64, reflect.Complex128: Complex128,
	reflect.Bool: Bool,
}

func typeOf(t reflect.Type, tag fieldTag) (*Datatype, error) {
	if t == nil {
		return nil, &Error{Kind: ErrType, Reason: "nil has no type"}
	}
	if n, ok := numberTypes[t.Kind()]; ok {
		return n, nil
	}
	switch {
	case t == referenceType:
		return ObjectReference, nil
	case t == timeType:
		return nil, &Error{Kind: ErrType, Reason: "HDF5 has no type for time.Time that other programs read",
			Hint: "store seconds, t.Unix(), or text, t.Format(time.RFC3339)"}
	case t.Kind() == reflect.String && tag.len > 0 && tag.ascii:
		return FixedASCII(tag.len), nil
	case t.Kind() == reflect.String && tag.len > 0:
		return FixedString(tag.len), nil
	case t.Kind() == reflect.String:
		return String, nil
	case t.Kind() == reflect.Struct:
		return structType(t)
	case t.Kind() == reflect.Array || t.Kind() == reflect.Slice:
		elem, err := typeOf(t.Elem(), tag)
		if err != nil {
			return nil, err
		}
		if t.Kind() == reflect.Slice {
			return VlenOf(elem), nil
		}
		return ArrayOf(elem, t.Len()), nil
	}
	return nil, &Error{Kind: ErrType, Reason: fmt.Sprintf("values of type %v cannot be stored", t),
		Hint: "store numbers, strings, bools, structs, or slices of them"}
}

func structType(t reflect.Type) (*Datatype, error) {
	fields, err := structFields(t)
	if err != nil {
		return nil, err
	}
	if len(fields) == 0 {
		return nil, &Error{Kind: ErrType, Reason: fmt.Sprintf("%v has no exported fields", t), Hint: "begin the names of fields with upper-case letters"}
	}
	var members []Member
	for _, f := range fields {
		inner, err := typeOf(f.typ, f.tag)
		if err != nil {
			return nil, because("", f.name, "", err)
		}
		members = append(members, Member{f.name, inner})
	}
	return Compound(members...), nil
}
