package value

import (
	"fmt"
	"reflect"
)

// Reflection is package reflect for cells, as the interpreter's table has it: the functions and types that
// deal in types of cells. The others are reflect's own.
func Reflection() map[string]reflect.Value {
	f := reflect.ValueOf
	return map[string]reflect.Value{
		"Value":      f((*Reflected)(nil)),
		"MapIter":    f((*ReflectedIter)(nil)),
		"SelectCase": f((*ReflectedCase)(nil)),

		"ValueOf": f(valueOf),
		"TypeOf":  f(typeOf),
		"New": f(func(t reflect.Type) Reflected {
			cell, bare := bareType(t)
			return reflected(reflect.New(bare), cell.pointer())
		}),
		"Zero": f(func(t reflect.Type) Reflected { cell, bare := bareType(t); return reflected(reflect.Zero(bare), cell) }),
		"Indirect": f(func(v Reflected) Reflected {
			if v.Kind() != reflect.Pointer {
				return v
			}
			return v.Elem()
		}),
		"MakeSlice": f(func(t reflect.Type, n, room int) Reflected {
			cell, bare := bareType(t)
			s := reflect.New(bare).Elem() // can be addressed, as in Go
			s.Set(reflect.MakeSlice(bare, n, room))
			return reflected(s, cell)
		}),
		"MakeMap": f(func(t reflect.Type) Reflected {
			cell, bare := bareType(t)
			return reflected(reflect.MakeMap(bare), cell)
		}),
		"MakeMapWithSize": f(func(t reflect.Type, n int) Reflected {
			cell, bare := bareType(t)
			return reflected(reflect.MakeMapWithSize(bare, n), cell)
		}),
		"MakeChan": f(func(t reflect.Type, n int) Reflected {
			cell, bare := bareType(t)
			return reflected(reflect.MakeChan(bare, n), cell)
		}),
		"MakeFunc":    f(makeFunc),
		"Append":      f(appendValues),
		"AppendSlice": f(func(s, t Reflected) Reflected { return reflected(reflect.AppendSlice(s.Value, t.Value), s.typ) }),
		"Copy":        f(func(dst, src Reflected) int { return reflect.Copy(dst.Value, src.Value) }),
		"Select":      f(selectOne),
		"DeepEqual":   f(deepEqual),
		"PointerTo":   f(pointerTo),
		"PtrTo":       f(pointerTo),
		"SliceOf": f(func(t reflect.Type) reflect.Type {
			cell, bare := bareType(t)
			return shownType(cell.slice(), reflect.SliceOf(bare))
		}),
		"MapOf": f(mapOf),
		"ArrayOf": f(func(n int, t reflect.Type) reflect.Type {
			cell, bare := bareType(t)
			return shownType(cell.derived("array", fmt.Sprintf("[%d]", n)), reflect.ArrayOf(n, bare))
		}),
		"Swapper": f(func(s any) func(i, j int) { return reflect.Swapper(valueOf(s).Value.Interface()) }),
	}
}

// ReflectedCase is reflect.SelectCase for cells.
type ReflectedCase struct {
	Dir        reflect.SelectDir
	Chan, Send Reflected
}

// selectOne is reflect.Select.
func selectOne(cases []ReflectedCase) (int, Reflected, bool) {
	list := make([]reflect.SelectCase, len(cases))
	for i, c := range cases {
		list[i] = reflect.SelectCase{Dir: c.Dir, Chan: c.Chan.Value}
		if c.Send.IsValid() {
			list[i].Send = c.Send.as(c.Chan.elemType(), c.Chan.Value.Type().Elem(), "reflect.Select")
		}
	}
	i, got, ok := reflect.Select(list)
	return i, reflected(got, cases[i].Chan.elemType()), ok
}

// typeOf is reflect.TypeOf.
func typeOf(v any) reflect.Type {
	if v == nil {
		return nil
	}
	if b, ok := v.(boxed); ok {
		return shownType(b.unbox().typ, reflect.TypeOf(b.unbox().val))
	}
	return reflect.TypeOf(v)
}

func pointerTo(t reflect.Type) reflect.Type {
	cell, bare := bareType(t)
	return shownType(cell.pointer(), reflect.PointerTo(bare))
}

func mapOf(key, elem reflect.Type) reflect.Type {
	k, bareKey := bareType(key)
	e, bareElem := bareType(elem)
	bare := reflect.MapOf(bareKey, bareElem)
	if k == nil && e == nil {
		return bare
	}
	owner := k
	if owner == nil {
		owner = e
	}
	return shownType(owner.owner.made(&Type{Name: "map[" + key.String() + "]" + elem.String(), Kind: "map", key: k, elem: e}), bare)
}

// pointer gives the type of pointers to t; nil for a type that compiled code knows.
func (t *Type) pointer() *Type { return t.derived("pointer", "*") }

// slice gives the type of slices of t.
func (t *Type) slice() *Type { return t.derived("slice", "[]") }

func (t *Type) derived(kind, before string) *Type {
	if t == nil {
		return nil
	}
	return t.owner.made(&Type{Name: before + t.Name, Kind: kind, elem: t})
}

// made gives the type without a name that is made like this one: the notebook's own, if it has it.
func (ts *Types) made(like *Type) *Type {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	lowest := 0
	for id, t := range ts.types {
		if t.Cell == "" && t.Kind == like.Kind && t.elem == like.elem && t.key == like.key && t.Name == like.Name {
			return t
		}
		lowest = min(lowest, id)
	}
	like.ID, like.owner, like.methods = lowest-1, ts, map[string]*method{}
	ts.types[like.ID] = like
	return like
}

func makeFunc(t reflect.Type, fn func([]Reflected) []Reflected) Reflected {
	cell, bare := bareType(t)
	return reflected(reflect.MakeFunc(bare, func(args []reflect.Value) []reflect.Value {
		in := make([]Reflected, len(args))
		for i, a := range args {
			p, _ := bareType(t.In(i))
			in[i] = reflected(a, p)
		}
		out := fn(in)
		results := make([]reflect.Value, len(out))
		for i, r := range out {
			p, rt := bareType(t.Out(i))
			results[i] = r.as(p, rt, "reflect: function created by MakeFunc")
		}
		return results
	}), cell)
}

func appendValues(s Reflected, x ...Reflected) Reflected {
	list := make([]reflect.Value, len(x))
	for i, v := range x {
		list[i] = v.as(s.elemType(), s.Value.Type().Elem(), "reflect.Append")
	}
	return reflected(reflect.Append(s.Value, list...), s.typ)
}

// deepEqual is reflect.DeepEqual; the values inside of boxes are compared by it with their types.
func deepEqual(a, b any) bool {
	x, isBox := a.(boxed)
	y, areBoxes := b.(boxed)
	if !isBox || !areBoxes {
		return reflect.DeepEqual(a, b)
	}
	return x.unbox().typ == y.unbox().typ && reflect.DeepEqual(x.unbox().val, y.unbox().val)
}
