package value

import (
	"fmt"
	"log/slog"
	"reflect"
	"slices"
)

// Box is a value of a cell's type in an interface. Boxes compare as their values do in Go: equal
// types and equal values.
type Box struct {
	typ *Type
	val any
}

// errorBox is a Box whose type has a method Error, so that compiled code sees an error in it.
type errorBox struct{ Box }

// joinedBox is an errorBox that unwraps to several errors.
type joinedBox struct{ errorBox }

// loggerBox is a Box whose type has a method LogValue, which package log/slog looks for.
type loggerBox struct{ Box }

// LogValue gives what the type's own method says.
func (l loggerBox) LogValue() slog.Value { return call[slog.Value](l.Box, "LogValue") }

// Box pairs a value with its type. The interpreter gives value as it represents it.
func (ts *Types) Box(id int, value any) any {
	return ts.get(id).box(value)
}

func (t *Type) box(value any) any {
	b := Box{t, value}
	switch {
	case b.has("Error", "func() string"):
		if b.has("Unwrap", "func() []error") {
			return joinedBox{errorBox{b}}
		}
		return errorBox{b}
	case b.has("LogValue", "func() slog.Value"):
		return loggerBox{b}
	}
	return b
}

// BoxError is Box where an error is wanted.
func (ts *Types) BoxError(id int, value any) error {
	return ts.Box(id, value).(error) // the check has seen the method Error
}

// boxed is any of the kinds of Box.
type boxed interface{ unbox() Box }

func (b Box) unbox() Box { return b }

// Open gives the Box in an interface, also from inside a wrapper, and whether there is one.
func (ts *Types) Open(v any) (Box, bool) {
	if b, ok := v.(boxed); ok {
		return b.unbox(), true
	}
	if v == nil {
		return Box{}, false
	}
	if _, ok := ts.wraps.Load(reflect.TypeOf(v)); ok {
		return ts.Open(reflect.ValueOf(v).Field(0).Interface())
	}
	return Box{}, false
}

// Unwrap gives what a compiled interface holds as cells know it: the Box in a wrapper, or the value.
func (ts *Types) Unwrap(v any) any {
	if v == nil {
		return nil
	}
	if _, ok := v.(boxed); ok {
		return v
	}
	if _, ok := ts.wraps.Load(reflect.TypeOf(v)); ok {
		return reflect.ValueOf(v).Field(0).Interface()
	}
	return v
}

// Bare gives a value as the interpreter represents it, for compiled code that works by reflection.
func (ts *Types) Bare(v any) any {
	if b, ok := ts.Open(v); ok {
		return b.val
	}
	return v
}

// Equal compares two interfaces as == does in Go.
func (ts *Types) Equal(a, b any) bool {
	a, b = ts.Unwrap(a), ts.Unwrap(b)
	x, isBox := a.(boxed)
	if !isBox {
		return a == b
	}
	y, isBox := b.(boxed)
	if !isBox || x.unbox().typ != y.unbox().typ {
		return false
	}
	if v := x.unbox().val; v != nil && !reflect.TypeOf(v).Comparable() {
		panic(runtimeError("comparing uncomparable type " + x.unbox().typ.Name))
	}
	return x.unbox().val == y.unbox().val
}

// Key gives a value that is to be the key of a map, and panics as the map would when it cannot be one.
func Key(v any) any {
	if b, ok := v.(boxed); ok {
		if t := reflect.TypeOf(b.unbox().val); t != nil && !t.Comparable() {
			panic(runtimeError("hash of unhashable type " + b.unbox().typ.Name))
		}
	}
	return v
}

// TypeName gives the name of the dynamic type as %T prints it, "nil" for none.
func (ts *Types) TypeName(v any) string {
	if b, ok := ts.Open(v); ok {
		return b.typ.Name
	}
	if v == nil {
		return "nil"
	}
	return reflect.TypeOf(v).String()
}

// Plain gives the value as the interpreter represents it, and whether %v prints it as it prints the
// Box: neither its type nor one in it has methods that speak for it.
func (b Box) Plain() (any, bool) { return b.val, !b.typ.speaks(map[*Type]bool{}) }

func (t *Type) speaks(seen map[*Type]bool) bool {
	if t == nil || seen[t] {
		return false
	}
	seen[t] = true
	for _, name := range []string{"Format", "Error", "String"} {
		if t.find(name) != nil {
			return true
		}
	}
	if t.Kind == "interface" || t.elem.speaks(seen) || t.key.speaks(seen) {
		return true
	}
	return slices.ContainsFunc(t.fields, func(f Field) bool { return f.Embedded || f.Type.speaks(seen) })
}

// Method gives a method of the boxed value by its name, as a function, or nil when there is none.
func (b Box) Method(name string) any {
	if fn, ok := b.typ.bind(name, b.val); ok {
		return fn.Interface()
	}
	return nil
}

// Error gives the text of the error.
func (e errorBox) Error() string {
	return call[string](e.Box, "Error")
}

// Unwrap gives the error that this one wraps, nil when the type has no such method.
func (e errorBox) Unwrap() error {
	if e.has("Unwrap", "func() error") {
		return call[error](e.Box, "Unwrap")
	}
	return nil
}

// Is reports what the type's own method Is says, false when it has none.
func (e errorBox) Is(target error) bool {
	if e.has("Is", "func(error) bool") {
		return call[bool](e.Box, "Is", target)
	}
	return false
}

// As reports what the type's own method As says, false when it has none.
func (e errorBox) As(target any) bool {
	if e.has("As", "func(interface {}) bool") {
		return call[bool](e.Box, "As", target)
	}
	return false
}

// Unwrap gives the errors that this one wraps.
func (j joinedBox) Unwrap() []error {
	return call[[]error](j.Box, "Unwrap")
}

// bound gives a method that the type is known to have. It panics as Go does when what is embedded and
// should have it is nil.
func (b Box) bound(name string) reflect.Value {
	fn, ok := b.typ.bind(name, b.val)
	if !ok {
		panic(runtimeError("invalid memory address or nil pointer dereference"))
	}
	return fn
}

// call calls a method that the type is known to have.
func call[T any](b Box, name string, args ...any) T {
	fn := b.bound(name)
	in := make([]reflect.Value, len(args))
	for i, a := range args {
		in[i] = valueFor(a, fn.Type().In(i))
	}
	var result T
	for _, out := range fn.Call(in) {
		result, _ = out.Interface().(T) // a nil interface gives the zero value
	}
	return result
}

// valueFor gives an argument for a parameter of a type: nil becomes the zero value, and a constant that
// the interpreter gave as an int what it was meant as.
func valueFor(a any, t reflect.Type) reflect.Value {
	if a == nil {
		return reflect.Zero(t)
	}
	v := reflect.ValueOf(a)
	if !v.Type().AssignableTo(t) && v.CanConvert(t) && t.Kind() != reflect.String {
		return v.Convert(t)
	}
	return v
}

// runtimeError is a run-time error in the words of Go.
type runtimeError string

func (e runtimeError) Error() string { return "runtime error: " + string(e) }

// RuntimeError makes it a runtime.Error.
func (runtimeError) RuntimeError() {}

var _ fmt.Formatter = Box{}
