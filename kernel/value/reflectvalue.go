package value

import (
	"fmt"
	"iter"
	"reflect"
)

// Reflected is reflect.Value for cells: it knows the type that a cell has given the value. What is not
// declared here is as reflect has it.
type Reflected struct {
	reflect.Value
	typ    *Type // nil for a type that compiled code knows
	hidden bool  // it comes from a field that is not exported
}

// reflected pairs a value with its type. The interpreter keeps some in an interface.
func reflected(v reflect.Value, t *Type) Reflected {
	if t != nil && t.Kind != "interface" && v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	return Reflected{Value: v, typ: t}
}

// valueOf is reflect.ValueOf.
func valueOf(v any) Reflected {
	if b, ok := v.(boxed); ok {
		return reflected(reflect.ValueOf(b.unbox().val), b.unbox().typ)
	}
	return Reflected{Value: reflect.ValueOf(v)}
}

// part is a value inside of v.
func (v Reflected) part(rv reflect.Value, t *Type) Reflected {
	r := reflected(rv, t)
	r.hidden = v.hidden
	return r
}

func (v Reflected) elemType() *Type {
	if v.typ == nil {
		return nil
	}
	return v.typ.elem
}

// Format prints the value that is held, as package fmt does of a reflect.Value.
func (v Reflected) Format(s fmt.State, verb rune) {
	if !v.IsValid() {
		fmt.Fprint(s, "<invalid reflect.Value>")
		return
	}
	fmt.Fprintf(s, fmt.FormatString(s, verb), v.held())
}

// String gives a string, or names the type of another value.
func (v Reflected) String() string {
	if v.typ == nil || v.Kind() == reflect.String {
		return v.Value.String()
	}
	return "<" + v.typ.Name + " Value>"
}

// Type gives the type of the cell.
func (v Reflected) Type() reflect.Type { return shownType(v.typ, v.Value.Type()) }

// CanInterface reports whether Interface may be called.
func (v Reflected) CanInterface() bool { return !v.hidden && v.Value.CanInterface() }

// Interface gives the value with its type.
func (v Reflected) Interface() any {
	if v.hidden {
		panic("reflect.Value.Interface: cannot return value obtained from unexported field or method")
	}
	return v.held()
}

func (v Reflected) held() any {
	if v.typ == nil || v.Kind() == reflect.Interface {
		return v.Value.Interface()
	}
	return v.typ.box(v.Value.Interface())
}

// CanSet reports whether the value can be changed.
func (v Reflected) CanSet() bool { return !v.hidden && v.Value.CanSet() }

// settable fails as reflect does for a value that must not be changed.
func (v Reflected) settable(method string) reflect.Value {
	if v.hidden {
		panic("reflect: reflect.Value." + method + " using value obtained using unexported field")
	}
	return v.Value
}

// Set assigns.
func (v Reflected) Set(x Reflected) {
	v.settable("Set").Set(x.as(v.typ, v.Value.Type(), "reflect.Set"))
}

// SetBool, and the others of the family, change a value of a kind.
func (v Reflected) SetBool(x bool) { v.settable("SetBool").SetBool(x) }

// SetInt changes an integer.
func (v Reflected) SetInt(x int64) { v.settable("SetInt").SetInt(x) }

// SetUint changes an unsigned integer.
func (v Reflected) SetUint(x uint64) { v.settable("SetUint").SetUint(x) }

// SetFloat changes a floating-point number.
func (v Reflected) SetFloat(x float64) { v.settable("SetFloat").SetFloat(x) }

// SetString changes a string.
func (v Reflected) SetString(x string) { v.settable("SetString").SetString(x) }

// SetZero makes the value zero.
func (v Reflected) SetZero() { v.settable("SetZero").SetZero() }

// as gives the value for a place of a type. Whoever asks is named when it does not fit.
func (v Reflected) as(t *Type, bare reflect.Type, who string) reflect.Value {
	switch {
	case !v.IsValid():
		return v.Value
	case bare.Kind() == reflect.Interface && (t == nil || t.Kind == "interface"):
		held := v.Interface()
		if held == nil {
			return reflect.Zero(bare)
		}
		rv := reflect.ValueOf(held)
		if rv.Type().AssignableTo(bare) {
			return rv
		}
	case TypeAssignable(v.Type(), shownType(t, bare)):
		return v.Value
	}
	panic(who + ": value of type " + v.Type().String() + " is not assignable to type " + shownType(t, bare).String())
}

// Addr gives a pointer to the value.
func (v Reflected) Addr() Reflected { return v.part(v.Value.Addr(), v.typ.pointer()) }

// Elem gives what a pointer points at, or an interface holds.
func (v Reflected) Elem() Reflected {
	if v.Kind() == reflect.Interface {
		r := valueOf(v.Value.Interface())
		r.hidden = v.hidden
		return r
	}
	return v.part(v.Value.Elem(), v.elemType())
}

// Index gives an element.
func (v Reflected) Index(i int) Reflected { return v.part(v.Value.Index(i), v.elemType()) }

// Slice gives a part of a slice, array or string.
func (v Reflected) Slice(i, j int) Reflected { return v.part(v.Value.Slice(i, j), v.sliced()) }

// Slice3 is Slice with a capacity.
func (v Reflected) Slice3(i, j, k int) Reflected { return v.part(v.Value.Slice3(i, j, k), v.sliced()) }

func (v Reflected) sliced() *Type {
	if v.Kind() == reflect.Array && v.typ != nil {
		return v.typ.elem.slice()
	}
	return v.typ
}

// Field gives a field of a struct.
func (v Reflected) Field(i int) Reflected {
	if v.typ == nil {
		return Reflected{Value: v.Value.Field(i)}
	}
	f := v.part(v.Value.Field(i), v.typ.fields[i].Type)
	f.hidden = f.hidden || !v.typ.fields[i].Exported
	return f
}

// FieldByIndex follows embedded fields.
func (v Reflected) FieldByIndex(index []int) Reflected {
	for n, i := range index {
		if n > 0 && v.Kind() == reflect.Pointer {
			v = v.Elem()
		}
		v = v.Field(i)
	}
	return v
}

// FieldByName finds a field as a selector does; the result is not valid when there is none.
func (v Reflected) FieldByName(name string) Reflected {
	return v.FieldByNameFunc(func(n string) bool { return n == name })
}

// FieldByNameFunc finds the field with such a name.
func (v Reflected) FieldByNameFunc(match func(string) bool) Reflected {
	if f, ok := v.Type().FieldByNameFunc(match); ok {
		return v.FieldByIndex(f.Index)
	}
	return Reflected{}
}

// Fields gives all fields.
func (v Reflected) Fields() iter.Seq2[reflect.StructField, Reflected] {
	return func(yield func(reflect.StructField, Reflected) bool) {
		for i := range v.NumField() {
			if !yield(v.Type().Field(i), v.Field(i)) {
				return
			}
		}
	}
}

// NumMethod counts the methods.
func (v Reflected) NumMethod() int { return v.Type().NumMethod() }

// Method gives a method as a function.
func (v Reflected) Method(i int) Reflected {
	if v.typ == nil {
		return Reflected{Value: v.Value.Method(i)}
	}
	return v.MethodByName(v.Type().Method(i).Name)
}

// MethodByName gives a method as a function; it is not valid when there is none.
func (v Reflected) MethodByName(name string) Reflected {
	if v.typ == nil || v.Kind() == reflect.Interface {
		return Reflected{Value: v.Value.MethodByName(name)}
	}
	m, ok := v.Type().MethodByName(name)
	if !ok {
		return Reflected{}
	}
	bound, _ := cellType{v.Value.Type(), v.typ}.method(m.Name)
	t, _ := bareType(bound)
	fn, _ := v.typ.bind(name, v.Value.Interface())
	return v.part(fn, t)
}

// Call calls a function.
func (v Reflected) Call(in []Reflected) []Reflected { return v.call(in, v.Value.Call) }

// CallSlice calls a variadic function with a slice for its last parameters.
func (v Reflected) CallSlice(in []Reflected) []Reflected { return v.call(in, v.Value.CallSlice) }

func (v Reflected) call(in []Reflected, call func([]reflect.Value) []reflect.Value) []Reflected {
	ft := v.Type()
	args := make([]reflect.Value, len(in))
	for i, a := range in {
		last := ft.NumIn() - 1
		switch {
		case i < last || i == last && !ft.IsVariadic():
			t, bare := bareType(ft.In(i))
			args[i] = a.as(t, bare, "reflect: Call")
		case ft.IsVariadic() && i >= last && a.Type() != ft.In(last):
			t, bare := bareType(ft.In(last).Elem())
			args[i] = a.as(t, bare, "reflect: Call")
		default:
			args[i] = a.Value // too many, or the slice itself
		}
	}
	var out []Reflected
	for i, r := range call(args) {
		t, _ := bareType(ft.Out(i))
		out = append(out, reflected(r, t))
	}
	return out
}

// MapIndex gives the value of a key.
func (v Reflected) MapIndex(key Reflected) Reflected {
	return v.part(v.Value.MapIndex(v.key(key)), v.elemType())
}

func (v Reflected) keyType() *Type {
	if v.typ == nil {
		return nil
	}
	return v.typ.key
}

func (v Reflected) key(k Reflected) reflect.Value {
	return k.as(v.keyType(), v.Value.Type().Key(), "reflect.Value.MapIndex")
}

// SetMapIndex sets the value of a key, or deletes it.
func (v Reflected) SetMapIndex(key, elem Reflected) {
	v.settable("SetMapIndex").SetMapIndex(v.key(key), elem.as(v.elemType(), v.Value.Type().Elem(), "reflect.Value.SetMapIndex"))
}

// MapKeys gives the keys.
func (v Reflected) MapKeys() []Reflected {
	keys := make([]Reflected, 0, v.Len())
	for _, k := range v.Value.MapKeys() {
		keys = append(keys, v.part(k, v.keyType()))
	}
	return keys
}

// MapRange ranges over a map.
func (v Reflected) MapRange() *ReflectedIter { return &ReflectedIter{v.Value.MapRange(), v} }

// ReflectedIter is reflect.MapIter for cells.
type ReflectedIter struct {
	*reflect.MapIter
	of Reflected
}

// Key gives the key that the iterator is at.
func (it *ReflectedIter) Key() Reflected { return it.of.part(it.MapIter.Key(), it.of.keyType()) }

// Value gives the value that the iterator is at.
func (it *ReflectedIter) Value() Reflected { return it.of.part(it.MapIter.Value(), it.of.elemType()) }

// SetIterKey assigns the key of an iterator.
func (v Reflected) SetIterKey(it *ReflectedIter) { v.Set(it.Key()) }

// SetIterValue assigns the value of an iterator.
func (v Reflected) SetIterValue(it *ReflectedIter) { v.Set(it.Value()) }

// Send sends on a channel.
func (v Reflected) Send(x Reflected) {
	v.Value.Send(x.as(v.elemType(), v.Value.Type().Elem(), "reflect.Value.Send"))
}

// TrySend sends if that need not wait.
func (v Reflected) TrySend(x Reflected) bool {
	return v.Value.TrySend(x.as(v.elemType(), v.Value.Type().Elem(), "reflect.Value.Send"))
}

// Recv receives from a channel.
func (v Reflected) Recv() (Reflected, bool) {
	x, ok := v.Value.Recv()
	return v.part(x, v.elemType()), ok
}

// TryRecv receives if that need not wait.
func (v Reflected) TryRecv() (Reflected, bool) {
	x, ok := v.Value.TryRecv()
	return v.part(x, v.elemType()), ok
}

// CanConvert reports whether Convert works.
func (v Reflected) CanConvert(t reflect.Type) bool {
	_, bare := bareType(t)
	return TypeConvertible(v.Type(), t) && (bare.Kind() == reflect.Interface || v.Value.CanConvert(bare))
}

// Convert converts to a type.
func (v Reflected) Convert(t reflect.Type) Reflected {
	if !TypeConvertible(v.Type(), t) {
		panic("reflect.Value.Convert: value of type " + v.Type().String() + " cannot be converted to type " + t.String())
	}
	cell, bare := bareType(t)
	if bare.Kind() == reflect.Interface {
		place := reflect.New(bare).Elem()
		place.Set(v.as(cell, bare, "reflect.Value.Convert"))
		return v.part(place, cell)
	}
	return v.part(v.Value.Convert(bare), cell)
}

// Equal compares two values as == does.
func (v Reflected) Equal(u Reflected) bool {
	if !v.IsValid() || !u.IsValid() {
		return v.IsValid() == u.IsValid()
	}
	return v.Type() == u.Type() && v.Value.Equal(u.Value)
}

// Seq ranges over what range yields first.
func (v Reflected) Seq() iter.Seq[Reflected] {
	return func(yield func(Reflected) bool) {
		for x := range v.Value.Seq() {
			if !yield(v.part(x, v.keyType())) {
				return
			}
		}
	}
}

// Seq2 ranges over pairs.
func (v Reflected) Seq2() iter.Seq2[Reflected, Reflected] {
	return func(yield func(Reflected, Reflected) bool) {
		for k, x := range v.Value.Seq2() {
			if !yield(v.part(k, v.keyType()), v.part(x, v.elemType())) {
				return
			}
		}
	}
}
