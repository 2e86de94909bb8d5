package value

import (
	"reflect"
	"slices"
)

// path leads from a value to the receiver of one of its methods: through fields that are embedded.
type path struct {
	fields []int
	method *method // without a function when the last field is an interface
	direct bool    // the method set of the value itself has it, no address is needed
}

// has reports whether the method set of the boxed value's type holds a method with this signature.
func (b Box) has(name, signature string) bool {
	if p := b.typ.find(name); p != nil {
		return (p.direct || b.typ.Kind == "pointer") && p.method.signature == signature
	}
	if !b.typ.embeds() {
		return false
	}
	declared, ok := b.typ.compiledMethod(name, reflect.TypeOf(b.val))
	return ok && declared == signature
}

// compiledMethod gives the signature of a method that a type, which the interpreter represents by rt, has
// from a compiled type that is embedded; a nil pointer has it too, and a nil interface.
func (t *Type) compiledMethod(name string, rt reflect.Type) (signature string, ok bool) {
	base, pointer := t, t.isPointerToNamed()
	if pointer {
		base, rt = t.elem, rt.Elem()
	}
	for i, f := range base.fields {
		if !f.Embedded {
			continue
		}
		ft := rt.Field(i).Type
		if f.Type != nil {
			if f.Type.Kind == "interface" {
				continue
			}
			if signature, ok := f.Type.compiledMethod(name, ft); ok {
				return signature, true
			}
			continue
		}
		if m, ok := ft.MethodByName(name); ok {
			if ft.Kind() == reflect.Interface {
				return m.Type.String(), true
			}
			return withoutReceiver(m.Type).String(), true
		}
		if pointer && ft.Kind() != reflect.Interface {
			if m, ok := reflect.PointerTo(ft).MethodByName(name); ok {
				return withoutReceiver(m.Type).String(), true
			}
		}
	}
	return "", false
}

// embeds reports whether a struct, or the one that a pointer leads to, has embedded fields.
func (t *Type) embeds() bool {
	if t.isPointerToNamed() {
		t = t.elem
	}
	return slices.ContainsFunc(t.fields, func(f Field) bool { return f.Embedded })
}

// find looks a method up as a selector does: at the shallowest depth where there is exactly one. It
// gives nil when there is none.
func (t *Type) find(name string) *path {
	t.mu.RLock()
	p, known := t.found[name]
	t.mu.RUnlock()
	if known {
		return p
	}
	base := t
	if t.isPointerToNamed() {
		base = t.elem
	}
	p = base.search(name)
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.found == nil {
		t.found = map[string]*path{}
	}
	t.found[name] = p
	return p
}

// isPointerToNamed reports whether the type is *T with the methods of a T.
func (t *Type) isPointerToNamed() bool {
	return t.Kind == "pointer" && t.Cell == "" && t.elem != nil && t.elem.Kind != "pointer" && t.elem.Kind != "interface"
}

// place is a type that is reached through embedded fields.
type place struct {
	typ     *Type // nil for a compiled type
	fields  []int // on the way
	pointer bool  // a pointer has been followed
}

// search is find without the memory.
func (t *Type) search(name string) *path {
	seen := map[*Type]bool{}
	for level := []place{{typ: t}}; len(level) > 0; {
		var found []*path
		var next []place
		for _, at := range level {
			if at.typ == nil || seen[at.typ] {
				continue
			}
			seen[at.typ] = true
			if m := at.typ.own(name); m != nil {
				found = append(found, &path{fields: at.fields, method: m, direct: !m.pointer || at.pointer})
			}
			for i, f := range at.typ.fields {
				if f.Name == name {
					return nil // a field hides what lies deeper
				}
				if !f.Embedded {
					continue
				}
				fields := append(append([]int(nil), at.fields...), i)
				ft, pointer := f.Type, at.pointer
				if ft != nil && ft.isPointerToNamed() {
					ft, pointer = ft.elem, true
				}
				next = append(next, place{typ: ft, fields: fields, pointer: pointer})
			}
		}
		if len(found) == 1 {
			return found[0]
		}
		if len(found) > 1 {
			return nil
		}
		level = next
	}
	return nil
}

// own gives a method that the type declares itself; an embedded interface has those it asks for.
func (t *Type) own(name string) *method {
	for _, w := range t.wants {
		if w.Name == name {
			return &method{signature: w.Signature}
		}
	}
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.methods[name]
}

// bind gives a method of a value as a function without receiver, which looks for its receiver when it is
// called: what an interface holds is taken when the function is, what a pointer in it leads to is not.
// Methods of embedded compiled types and of what embedded interfaces hold only the value can tell.
func (t *Type) bind(name string, value any) (reflect.Value, bool) {
	v := reflect.ValueOf(value)
	if p := t.find(name); p != nil {
		return p.bind(t, v, name)
	}
	return late(func() (reflect.Value, bool) { return t.bindCompiled(name, v) })
}

// bind follows the path from a value of type t.
func (p *path) bind(t *Type, v reflect.Value, name string) (reflect.Value, bool) {
	if !p.direct && t.Kind != "pointer" && !v.CanAddr() {
		return reflect.Value{}, false
	}
	if !p.method.fn.IsValid() { // an embedded interface
		return late(func() (reflect.Value, bool) { return boundTo(t.owner, p.follow(v), name) })
	}
	return p.method.bind(func() reflect.Value { return p.follow(v) }), true
}

// follow gives what the path leads to.
func (p *path) follow(v reflect.Value) reflect.Value {
	for _, i := range p.fields {
		v = field(v, i)
	}
	return v
}

// late gives a function that find finds, and finds again for each call.
func late(find func() (reflect.Value, bool)) (reflect.Value, bool) {
	fn, ok := find()
	if !ok {
		return reflect.Value{}, false
	}
	return reflect.MakeFunc(fn.Type(), func(args []reflect.Value) []reflect.Value {
		now, ok := find()
		if !ok {
			panic(runtimeError("invalid memory address or nil pointer dereference"))
		}
		return callWith(now, args)
	}), true
}

// callWith calls a function with the arguments that a function of its type was called with.
func callWith(fn reflect.Value, args []reflect.Value) []reflect.Value {
	if fn.Type().IsVariadic() {
		return fn.CallSlice(args)
	}
	return fn.Call(args)
}

// field gives a field of a struct, or of the struct that a pointer leads to.
func field(v reflect.Value, i int) reflect.Value {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			panic(runtimeError("invalid memory address or nil pointer dereference"))
		}
		v = v.Elem()
	}
	return v.Field(i)
}

// receiver gives what the method wants of a value or pointer.
func (m *method) receiver(v reflect.Value) reflect.Value {
	switch {
	case m.pointer && v.Kind() != reflect.Pointer || m.pointer && v.Type() != m.fn.Type().In(0):
		return v.Addr()
	case !m.pointer && v.Type() != m.fn.Type().In(0) && v.Kind() == reflect.Pointer:
		if v.IsNil() {
			panic(runtimeError("invalid memory address or nil pointer dereference"))
		}
		return v.Elem()
	}
	return v
}

// Bound gives a function with its first argument, which is the receiver of a method, in place: as it is
// now.
func Bound(fn, receiver any) any {
	m := method{fn: reflect.ValueOf(fn), bound: withoutReceiver(reflect.TypeOf(fn))}
	v := m.receiver(reflect.ValueOf(receiver))
	recv := reflect.New(v.Type()).Elem()
	recv.Set(v)
	return m.bind(func() reflect.Value { return recv }).Interface()
}

// bind gives the method as a function that finds its receiver when it is called.
func (m *method) bind(find func() reflect.Value) reflect.Value {
	return reflect.MakeFunc(m.bound, func(args []reflect.Value) []reflect.Value {
		return callWith(m.fn, append([]reflect.Value{m.receiver(find())}, args...))
	})
}

// bindCompiled looks for a method of a compiled type that is embedded.
func (t *Type) bindCompiled(name string, v reflect.Value) (reflect.Value, bool) {
	base := t
	if t.isPointerToNamed() {
		base = t.elem
		if v.IsNil() {
			return reflect.Value{}, false
		}
		v = v.Elem()
	}
	for i, f := range base.fields {
		if !f.Embedded {
			continue
		}
		fv := v.Field(i)
		if f.Type != nil {
			if f.Type.Kind == "interface" || f.Type.isPointerToNamed() && fv.IsNil() {
				continue
			}
			if fn, ok := f.Type.bindCompiled(name, fv); ok {
				return fn, true
			}
			continue
		}
		if fn, ok := boundTo(t.owner, fv, name); ok {
			return fn, true
		}
	}
	return reflect.Value{}, false
}

// boundTo gives a method of a compiled value, or of what an interface holds.
func boundTo(ts *Types, v reflect.Value, name string) (reflect.Value, bool) {
	if v.Kind() == reflect.Interface {
		if v.IsNil() {
			return reflect.Value{}, false
		}
		if b, ok := ts.Open(v.Interface()); ok {
			return b.typ.bind(name, b.val)
		}
	}
	if m := v.MethodByName(name); m.IsValid() {
		return m, true
	}
	if v.CanAddr() {
		if m := v.Addr().MethodByName(name); m.IsValid() {
			return m, true
		}
	}
	return reflect.Value{}, false
}
