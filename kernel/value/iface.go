package value

import (
	"fmt"
	"reflect"
)

// Is reports whether the dynamic type of v is the type of that number.
func (ts *Types) Is(v any, id int) bool {
	b, ok := v.(boxed)
	return ok && b.unbox().typ.ID == id
}

// Val gives the value in v, as the interpreter represents it, when its dynamic type is the type of
// that number.
func (ts *Types) Val(v any, id int) (any, bool) {
	if b, ok := v.(boxed); ok && b.unbox().typ.ID == id {
		return b.unbox().val, true
	}
	return nil, false
}

// Take is Val for a value that must be there; it panics as an assertion that fails. source names the
// static type of v.
func (ts *Types) Take(v any, id int, source string) any {
	if b, ok := v.(boxed); ok && b.unbox().typ.ID == id {
		return b.unbox().val
	}
	ts.Mismatch(v, source, ts.get(id).Name, id)
	return nil
}

// Holds reports whether the dynamic type of v is a compiled one, which target is a nil pointer to.
func (ts *Types) Holds(v, target any) bool {
	return v != nil && reflect.TypeOf(v) == reflect.TypeOf(target).Elem()
}

// Implements reports whether the dynamic type of v has the methods of an interface of a cell.
func (ts *Types) Implements(v any, id int) bool {
	return ts.missing(v, ts.get(id)) == ""
}

// missing gives the first method of an interface that v lacks, "" when it lacks none; v is not nil.
func (ts *Types) missing(v any, t *Type) string {
	b, isBox := v.(boxed)
	for _, w := range t.wants {
		if isBox {
			if !b.unbox().has(w.Name, w.Signature) {
				return w.Name
			}
			continue
		}
		if v == nil {
			return w.Name
		}
		m := reflect.ValueOf(v).MethodByName(w.Name)
		if !m.IsValid() || m.Type().String() != w.Signature {
			return w.Name
		}
	}
	if v == nil {
		return "any"
	}
	return ""
}

// Bind gives a method of the value in an interface, as a function. It panics as Go does when the
// interface is nil.
func (ts *Types) Bind(v any, name string) any {
	if b, ok := v.(boxed); ok {
		if fn, ok := b.unbox().typ.bind(name, b.unbox().val); ok {
			return fn.Interface()
		}
	} else if v != nil {
		if m := reflect.ValueOf(v).MethodByName(name); m.IsValid() {
			return m.Interface()
		}
	}
	panic(runtimeError("invalid memory address or nil pointer dereference"))
}

// Call calls a method of the value in an interface and gives its result, nil when it has none.
func (ts *Types) Call(v any, name string, args ...any) any {
	b, isBox := v.(boxed)
	var p *path
	if isBox {
		p = b.unbox().typ.find(name)
	}
	if p == nil || len(p.fields) > 0 || !p.method.fn.IsValid() {
		return apply(reflect.ValueOf(ts.Bind(v, name)), nil, args)
	}
	if m := p.method; m.quick != nil && m.pointer == (b.unbox().typ.Kind == "pointer") {
		if result := m.quick(b.unbox().val, args); result != nil {
			return result
		}
	}
	return apply(p.method.fn, []reflect.Value{p.method.receiver(reflect.ValueOf(b.unbox().val))}, args)
}

// apply calls a function with a receiver, if there is one, and arguments.
func apply(fn reflect.Value, in []reflect.Value, args []any) any {
	t := fn.Type()
	for _, a := range args {
		in = append(in, valueFor(a, t.In(len(in))))
	}
	if out := fn.Call(in); len(out) > 0 {
		return out[0].Interface()
	}
	return nil
}

// As gives v as a compiled interface, named by its package and name (path "" for error), and whether
// its type implements it.
func (ts *Types) As(v any, path, name string) (any, bool) {
	iface := ts.iface(path, name)
	b, isBox := v.(boxed)
	switch {
	case v == nil:
		return nil, false
	case !isBox:
		return v, reflect.TypeOf(v).Implements(iface)
	case iface == errorType:
		e, ok := ts.again(b.unbox()).(error)
		return e, ok
	}
	return ts.wrap(b, iface, path, name)
}

// again boxes a value anew: its type may have got methods since.
func (ts *Types) again(b Box) any { return b.typ.box(b.val) }

var errorType = reflect.TypeFor[error]()

// iface gives a compiled interface.
func (ts *Types) iface(path, name string) reflect.Type {
	if path == "" {
		return errorType
	}
	v, ok := ts.table[path][name]
	if !ok {
		panic(fmt.Errorf("the interpreter has no interface %s of %s", name, path)) // the check knows it
	}
	return v.Type().Elem()
}

// wrap makes the wrapper by which a boxed value is a compiled interface. Its first field holds the
// Box, the others are functions, named as the methods with W before.
func (ts *Types) wrap(b boxed, iface reflect.Type, path, name string) (any, bool) {
	wrapper, ok := ts.table[path]["_"+name]
	if !ok {
		return nil, false
	}
	w := reflect.New(wrapper.Type().Elem()).Elem()
	w.Field(0).Set(reflect.ValueOf(b))
	for m := range iface.Methods() {
		if !b.unbox().implements(m) {
			return nil, false
		}
		fn, bound := b.unbox().typ.bind(m.Name, b.unbox().val)
		switch {
		case bound && !fn.Type().AssignableTo(m.Type):
			return nil, false
		case !bound && !b.unbox().has(m.Name, m.Type.String()):
			return nil, false
		case !bound: // nil is embedded there, for now
			fn = reflect.MakeFunc(m.Type, func(args []reflect.Value) []reflect.Value {
				return callWith(b.unbox().bound(m.Name), args)
			})
		}
		w.FieldByName("W" + m.Name).Set(fn)
	}
	ts.wraps.Store(w.Type(), true)
	return w.Interface(), true
}

// implements reports whether the method set of the boxed value's type holds a method of that name;
// that it has the right type is for the caller to see.
func (b Box) implements(m reflect.Method) bool {
	if p := b.typ.find(m.Name); p != nil {
		return p.direct || b.typ.Kind == "pointer"
	}
	return b.typ.embeds()
}

// Mismatch panics as a type assertion does that fails: source names the static type of v, target the
// type that was asked for, by its number if it has one.
func (ts *Types) Mismatch(v any, source, target string, id int) {
	t := ts.get(id)
	text := source + " is " + ts.TypeName(v) + ", not " + target
	if b, ok := ts.Open(v); ok && t != nil && t.Kind != "interface" && b.typ.Name == t.Name {
		text += " (types of " + origin(b.typ) + " and " + origin(t) + ")"
	}
	if t != nil && t.Kind == "interface" {
		text = ts.unimplemented(v, target, ts.missing(v, t))
	}
	panic(conversionError("interface conversion: " + text))
}

// MismatchCompiled is Mismatch for a compiled interface, named by its package and name.
func (ts *Types) MismatchCompiled(v any, path, name string) {
	iface := ts.iface(path, name)
	missing := ""
	for m := range iface.Methods() {
		if b, ok := ts.Open(v); ok && b.implements(m) || !ok && v != nil && reflect.ValueOf(v).MethodByName(m.Name).IsValid() {
			continue
		}
		missing = m.Name
		break
	}
	panic(conversionError("interface conversion: " + ts.unimplemented(v, iface.String(), missing)))
}

// unimplemented words that a value is no implementation of an interface.
func (ts *Types) unimplemented(v any, target, missing string) string {
	if v == nil {
		return "interface is nil, not " + target
	}
	return ts.TypeName(v) + " is not " + target + ": missing method " + missing
}

// origin gives the cell that declares a type, or the one that it is made of.
func origin(t *Type) string {
	for t.Cell == "" && t.elem != nil {
		t = t.elem
	}
	return t.Cell
}

// conversionError is a failed type assertion, which has no prefix in Go.
type conversionError string

func (e conversionError) Error() string { return string(e) }

// RuntimeError makes it a runtime.Error.
func (conversionError) RuntimeError() {}
