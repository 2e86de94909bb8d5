package value

import (
	"iter"
	"reflect"
	"slices"
	"strings"
)

// cellType is a type of a cell as package reflect shows it to cells: with its name, fields and methods.
// The reflect.Type in it is the interpreter's.
type cellType struct {
	reflect.Type
	cell *Type
}

// shownType gives a type as cells see it; t is nil for one that compiled code knows.
func shownType(t *Type, bare reflect.Type) reflect.Type {
	if t == nil {
		return bare
	}
	return cellType{bare, t}
}

// bareType takes apart what shownType made.
func bareType(t reflect.Type) (*Type, reflect.Type) {
	if c, ok := t.(cellType); ok {
		return c.cell, c.Type
	}
	return nil, t
}

// String gives the type as %T prints it.
func (c cellType) String() string { return c.cell.Name }

// Name gives the name of a declared type, "" for others.
func (c cellType) Name() string {
	if c.cell.Cell == "" {
		return ""
	}
	return strings.TrimPrefix(c.cell.Name, "main.")
}

// PkgPath is that of cells for a declared type.
func (c cellType) PkgPath() string {
	if c.cell.Cell == "" {
		return ""
	}
	return "main"
}

// Elem gives what a pointer, slice, array, map or channel holds.
func (c cellType) Elem() reflect.Type { return shownType(c.cell.elem, c.Type.Elem()) }

// Key gives the keys of a map.
func (c cellType) Key() reflect.Type { return shownType(c.cell.key, c.Type.Key()) }

// In gives a parameter of a function.
func (c cellType) In(i int) reflect.Type { return shownType(at(c.cell.in, i), c.Type.In(i)) }

// Out gives a result of a function.
func (c cellType) Out(i int) reflect.Type { return shownType(at(c.cell.out, i), c.Type.Out(i)) }

// Ins and Outs are In and Out of all.
func (c cellType) Ins() iter.Seq[reflect.Type] { return each(c.NumIn(), c.In) }

// Outs gives all results.
func (c cellType) Outs() iter.Seq[reflect.Type] { return each(c.NumOut(), c.Out) }

// Fields gives all fields.
func (c cellType) Fields() iter.Seq[reflect.StructField] { return each(c.NumField(), c.Field) }

// Methods gives all methods.
func (c cellType) Methods() iter.Seq[reflect.Method] { return each(c.NumMethod(), c.Method) }

func each[T any](n int, get func(int) T) iter.Seq[T] {
	return func(yield func(T) bool) {
		for i := range n {
			if !yield(get(i)) {
				return
			}
		}
	}
}

// at gives an element of a list that may be missing.
func at(list []*Type, i int) *Type {
	if i < len(list) {
		return list[i]
	}
	return nil
}

// Field gives a field as the cell declares it.
func (c cellType) Field(i int) reflect.StructField {
	bare, f := c.Type.Field(i), c.cell.fields[i]
	shown := reflect.StructField{Name: f.Name, Type: shownType(f.Type, bare.Type), Tag: f.Tag, Offset: bare.Offset, Index: []int{i}, Anonymous: f.Embedded}
	if !f.Exported {
		shown.PkgPath = "main"
	}
	return shown
}

// FieldByName finds a field as a selector does.
func (c cellType) FieldByName(name string) (reflect.StructField, bool) {
	return c.FieldByNameFunc(func(n string) bool { return n == name })
}

// FieldByNameFunc finds the field at the shallowest depth where exactly one has such a name.
func (c cellType) FieldByNameFunc(match func(string) bool) (reflect.StructField, bool) {
	type level struct {
		typ   reflect.Type
		index []int
	}
	seen := map[reflect.Type]bool{}
	for at := []level{{typ: c}}; len(at) > 0; {
		var found []reflect.StructField
		var next []level
		for _, l := range at {
			if seen[l.typ] {
				continue
			}
			seen[l.typ] = true
			for i := range l.typ.NumField() {
				f := l.typ.Field(i)
				f.Index = append(slices.Clone(l.index), i)
				if match(f.Name) {
					found = append(found, f)
				}
				if ft := pointedAt(f.Type); f.Anonymous && ft.Kind() == reflect.Struct {
					next = append(next, level{ft, f.Index})
				}
			}
		}
		if len(found) > 0 {
			return found[0], len(found) == 1
		}
		at = next
	}
	return reflect.StructField{}, false
}

func pointedAt(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}

// FieldByIndex follows embedded fields.
func (c cellType) FieldByIndex(index []int) reflect.StructField {
	var t reflect.Type = c
	var f reflect.StructField
	for _, i := range index {
		f = pointedAt(t).Field(i)
		t = f.Type
	}
	return f
}

// methodNames gives the exported names in the method set, in order.
func (c cellType) methodNames() []string {
	all := map[string]bool{}
	c.cell.collect(all, c.Type, map[*Type]bool{})
	var names []string
	for name := range all {
		if _, ok := c.method(name); ok && exported(name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// collect gathers the names of methods that the type could have.
func (t *Type) collect(names map[string]bool, bare reflect.Type, seen map[*Type]bool) {
	if t.isPointerToNamed() {
		t, bare = t.elem, bare.Elem()
	}
	if seen[t] {
		return
	}
	seen[t] = true
	t.mu.RLock()
	for name := range t.methods {
		names[name] = true
	}
	t.mu.RUnlock()
	for _, w := range t.wants {
		names[w.Name] = true
	}
	for i, f := range t.fields {
		ft := bare.Field(i).Type
		switch {
		case f.Embedded && f.Type != nil:
			f.Type.collect(names, ft, seen)
		case f.Embedded:
			for m := range ft.Methods() {
				names[m.Name] = true
			}
		}
	}
}

// method gives the type of a method in the method set, as the interpreter has it.
func (c cellType) method(name string) (reflect.Type, bool) {
	for _, w := range c.cell.wants {
		if w.Name == name {
			return reflect.TypeFor[func()](), true
		}
	}
	if p := c.cell.find(name); p != nil {
		if !p.direct && c.cell.Kind != "pointer" {
			return nil, false
		}
		if p.method.bound != nil {
			return shownType(p.method.typ, p.method.bound), true
		}
	}
	v := reflect.New(c.Type).Elem()
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.New(c.Type.Elem()))
	}
	fn, ok := c.cell.bindCompiled(name, v)
	if !ok {
		return nil, false
	}
	return fn.Type(), true
}

// NumMethod counts the exported methods, of an interface all.
func (c cellType) NumMethod() int {
	if c.cell.Kind == "interface" {
		return len(c.cell.wants)
	}
	return len(c.methodNames())
}

// Method gives a method by its place in the alphabet.
func (c cellType) Method(i int) reflect.Method {
	m, _ := c.MethodByName(c.methodNames()[i])
	return m
}

// MethodByName gives a method. Its Func takes and gives what package reflect has, not what cells see of it.
func (c cellType) MethodByName(name string) (reflect.Method, bool) {
	i := slices.Index(c.methodNames(), name)
	if i < 0 {
		return reflect.Method{}, false
	}
	t, _ := c.method(name)
	m := reflect.Method{Name: name, Type: c.withReceiver(t), Index: i}
	if p := c.cell.find(name); p != nil {
		m.Func = p.method.fn
	}
	return m, true
}

// withReceiver gives the type of a method as a function that takes the receiver first; methods of
// interfaces have none.
func (c cellType) withReceiver(t reflect.Type) reflect.Type {
	if c.cell.Kind == "interface" {
		return t
	}
	cell, bare := bareType(t)
	ins, outs := []reflect.Type{c.Type}, []reflect.Type{}
	like := &Type{Kind: "func", in: []*Type{c.cell}}
	for i := range bare.NumIn() {
		ins = append(ins, bare.In(i))
	}
	for i := range bare.NumOut() {
		outs = append(outs, bare.Out(i))
	}
	if cell != nil {
		like.in, like.out = append(like.in, cell.in...), cell.out
	}
	comma := ", "
	if bare.NumIn() == 0 {
		comma = ""
	}
	like.Name = "func(" + c.cell.Name + comma + strings.TrimPrefix(t.String(), "func(")
	return shownType(c.cell.owner.made(like), reflect.FuncOf(ins, outs, bare.IsVariadic()))
}

// Implements reports whether the method set has the methods of an interface.
func (c cellType) Implements(u reflect.Type) bool { return TypeImplements(c, u) }

// AssignableTo reports whether values may be assigned to variables of a type.
func (c cellType) AssignableTo(u reflect.Type) bool { return TypeAssignable(c, u) }

// ConvertibleTo reports whether a value can be converted.
func (c cellType) ConvertibleTo(u reflect.Type) bool { return TypeConvertible(c, u) }

// TypeImplements is the method Implements of any reflect.Type: compiled ones know nothing of those of
// cells.
func TypeImplements(t, u reflect.Type) bool {
	cell, bare := bareType(t)
	iface, bareWant := bareType(u)
	has := func(name, signature string) bool {
		if cell != nil {
			return Box{typ: cell, val: reflect.Zero(bare).Interface()}.has(name, signature)
		}
		m, ok := bare.MethodByName(name)
		if !ok {
			return false
		}
		if bare.Kind() == reflect.Interface {
			return m.Type.String() == signature
		}
		return withoutReceiver(m.Type).String() == signature
	}
	if iface != nil && iface.Kind == "interface" {
		return !slices.ContainsFunc(iface.wants, func(w want) bool { return !has(w.Name, w.Signature) })
	}
	if cell == nil {
		return bare.Implements(u)
	}
	for m := range bareWant.Methods() {
		if !has(m.Name, m.Type.String()) {
			return false
		}
	}
	return true
}

// TypeAssignable is the method AssignableTo of any reflect.Type: the types are identical, or one of them
// has no name and both are made alike, or the other is an interface.
func TypeAssignable(t, u reflect.Type) bool {
	cell, bare := bareType(t)
	other, bareOther := bareType(u)
	switch {
	case cell == nil && other == nil:
		return bare.AssignableTo(bareOther)
	case u.Kind() == reflect.Interface:
		return TypeImplements(t, u)
	}
	return cell == other || (t.Name() == "" || u.Name() == "") && bare == bareOther && slices.Equal(cell.parts(), other.parts())
}

// parts gives the types of cells that a type is made of; of a type that compiled code knows there are
// none.
func (t *Type) parts() []*Type {
	if t == nil {
		return nil
	}
	all := slices.Concat([]*Type{t.elem, t.key}, t.in, t.out)
	for _, f := range t.fields {
		all = append(all, f.Type)
	}
	return slices.DeleteFunc(all, func(p *Type) bool { return p == nil })
}

// TypeConvertible is the method ConvertibleTo of any reflect.Type.
func TypeConvertible(t, u reflect.Type) bool {
	_, bare := bareType(t)
	_, bareOther := bareType(u)
	return TypeAssignable(t, u) || u.Kind() != reflect.Interface && bare.ConvertibleTo(bareOther)
}
