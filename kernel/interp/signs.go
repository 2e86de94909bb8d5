package interp

import (
	"reflect"
	"unsafe"

	"github.com/traefik/yaegi/interp"
)

// place is where a frame has a value of a type.
type place struct {
	at  int
	typ reflect.Type
}

// keepSigns has the functions of the sources just read receive -0. Where yaegi copies arguments it passes
// over those that reflect calls zero, which -0 is, alone or in a struct or array that has nothing else. It
// does not where the parameter is an interface: so the place of such a parameter is one while arguments are
// copied, and gets its own type before the first step of the function.
func keepSigns(i *interp.Interpreter) {
	roots := changeable(reflect.ValueOf(i).Elem().FieldByName("roots"))
	for _, root := range roots.Seq2() {
		for _, d := range changeable(root.Elem().FieldByName("child")).Seq2() {
			keepSignsOf(d.Elem())
		}
	}
}

// keepSignsOf does this for one declaration, when it is a function.
func keepSignsOf(decl reflect.Value) {
	parts, typ := decl.FieldByName("child"), decl.FieldByName("typ")
	types, _ := changeable(decl.FieldByName("types")).Interface().([]reflect.Type)
	if len(types) == 0 || parts.Len() != 4 || typ.IsNil() {
		return // a variable, a type, an import
	}
	results := typ.Elem().FieldByName("ret").Len()
	var signed []place
	for p := range typ.Elem().FieldByName("arg").Len() {
		if at := results + p; at < len(types) && hasSignedZero(types[at]) {
			signed = append(signed, place{at, types[at]})
			types[at] = reflect.TypeFor[any]()
		}
	}
	if start := parts.Index(3).Elem().FieldByName("start"); len(signed) > 0 {
		node{start.UnsafePointer()}.typeFirst(signed)
	}
}

// typeFirst has a node give the parameters their types before what it does. The condition of a loop that the
// function begins with is such a node, and runs again: by then they have them.
func (n node) typeFirst(signed []place) {
	run := *n.exec()
	*n.exec() = func(frame unsafe.Pointer) unsafe.Pointer {
		values := *inside[[]reflect.Value](frame, dataOf)
		for _, p := range signed {
			if v := values[p.at]; v.Kind() == reflect.Interface {
				values[p.at] = p.take(v)
			}
		}
		return run(frame)
	}
}

// take gives an argument in a variable of its type.
func (p place) take(arg reflect.Value) reflect.Value {
	v := reflect.New(p.typ).Elem()
	v.Set(arg.Elem())
	return v
}

// hasSignedZero reports whether a value of a type can hold a -0 where reflect looks for zeros.
func hasSignedZero(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Float32, reflect.Float64, reflect.Complex64, reflect.Complex128:
		return true
	case reflect.Array:
		return t.Len() > 0 && hasSignedZero(t.Elem())
	case reflect.Struct:
		for f := range t.Fields() {
			if hasSignedZero(f.Type) {
				return true
			}
		}
	}
	return false
}
