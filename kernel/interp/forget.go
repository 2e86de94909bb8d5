package interp

import (
	"path/filepath"
	"reflect"
	"unsafe"

	"github.com/traefik/yaegi/interp"
)

// forget takes from yaegi what no later source can mention: the trees of sources, which hold their
// functions together, and the names that a program says are of no more use. What still runs, or has a
// name, refers to its own code. yaegi keeps all of it for ever, 50 KB a cell, and has no function to
// drop it: the fields are its own, as they are in the version that go.mod names.
func forget(i *interp.Interpreter, names []string) {
	in := reflect.ValueOf(i).Elem()
	roots := changeable(in.FieldByName("roots"))
	for _, root := range roots.Seq2() {
		part(root.Elem())
	}
	roots.SetZero()
	cells := in.FieldByName("scopes").MapIndex(reflect.ValueOf("main"))
	if !cells.IsValid() {
		return // it has read nothing yet
	}
	cells = cells.Elem()
	changeable(cells.FieldByName("child")).SetZero()
	symbols := changeable(cells.FieldByName("sym"))
	for _, name := range names {
		symbols.SetMapIndex(reflect.ValueOf(name), reflect.Value{})
		inFile := filepath.Join(name, interp.DefaultSourceName) // of an import
		symbols.SetMapIndex(reflect.ValueOf(inFile), reflect.Value{})
	}
}

// part makes the declarations of a source, which its root holds and each of which leads to the next,
// stand alone.
func part(root reflect.Value) {
	declarations := changeable(root.FieldByName("child"))
	for _, d := range declarations.Seq2() {
		changeable(d.Elem().FieldByName("tnext")).SetZero()
	}
	declarations.SetZero()
	changeable(root.FieldByName("start")).SetZero()
}

// changeable gives a field that is not exported as one that can be changed.
func changeable(field reflect.Value) reflect.Value {
	return reflect.NewAt(field.Type(), unsafe.Pointer(field.UnsafeAddr())).Elem()
}
