package interp

import (
	"fmt"
	"go/token"
	"reflect"

	"github.com/traefik/yaegi/interp"
)

// makeRing makes the types of structs that refer to each other, which stand in a source that declares nothing
// else and has just been read. yaegi makes such types with one stand-in for all that are not ready yet, and puts
// the same type in the place of each in the end. Here each has a type of its own from the beginning, which
// becomes what it is to be when those that it holds are ready: names lists them in this order.
func makeRing(i *interp.Interpreter, names []string) {
	cells := reflect.ValueOf(i).Elem().FieldByName("scopes").MapIndex(reflect.ValueOf("main")).Elem()
	symbols := changeable(cells.FieldByName("sym"))
	standIns := make([]reflect.Type, len(names))
	for i, name := range names {
		standIns[i] = reflect.StructOf([]reflect.StructField{{Name: fmt.Sprintf("StandIn%d_%s", i, name), Type: reflect.TypeFor[struct{}]()}})
		changeable(typeIn(symbols, name).FieldByName("rtype")).Set(reflect.ValueOf(standIns[i]))
	}
	for i, name := range names {
		become(standIns[i], structOf(typeIn(symbols, name).FieldByName("field")))
	}
}

// typeIn gives yaegi's own account of a type.
func typeIn(symbols reflect.Value, name string) reflect.Value {
	return symbols.MapIndex(reflect.ValueOf(name)).Elem().FieldByName("typ").Elem()
}

// structOf makes a struct type of yaegi's fields.
func structOf(fields reflect.Value) reflect.Type {
	var list []reflect.StructField
	for _, f := range fields.Seq2() {
		name := f.FieldByName("name").String()
		if !token.IsExported(name) {
			name = "X" + name
		}
		typ := changeable(f.FieldByName("typ")).MethodByName("TypeOf").Call(nil)[0].Interface().(reflect.Type)
		list = append(list, reflect.StructField{Name: name, Type: typ, Tag: reflect.StructTag(f.FieldByName("tag").String())})
	}
	return reflect.StructOf(list)
}

// structType is as large as what package reflect knows of a struct type without methods.
type structType [80]byte

// become makes one struct type what another is.
func become(t, other reflect.Type) {
	*layoutOf(t) = *layoutOf(other)
}

func layoutOf(t reflect.Type) *structType {
	return (*structType)(reflect.ValueOf(t).UnsafePointer())
}
