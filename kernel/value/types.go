package value

import (
	"encoding/json"
	"fmt"
	"go/token"
	"reflect"
	"sync"
)

// Types are the types of the cells of one notebook, by the number that lowered code gives them.
// Methods of it may be called at once from several goroutines.
type Types struct {
	mu    sync.RWMutex
	types map[int]*Type
	table map[string]map[string]reflect.Value // compiled interfaces and their wrappers
	wraps sync.Map                            // reflect.Type of a wrapper -> true
}

// New returns Types without any; table holds compiled packages as the interpreter knows them:
// "import/path/name" to name to value, an interface as a nil pointer to it, and under "_Name" the
// wrapper by which functions become the methods of the interface. It is not changed.
func New(table map[string]map[string]reflect.Value) *Types {
	return &Types{types: map[int]*Type{}, table: table}
}

// Type is a type of a cell, or one that is made of such types.
type Type struct {
	ID   int
	Name string // as %T prints it: "main.P", "[]main.P"
	Cell string // that declared it, "In[3]"; "" for a type without a name
	Kind string // "pointer", "slice", "array", "map", "chan", "func", "struct", "interface" or "basic"

	owner     *Types
	elem, key *Type   // nil for a type that compiled code knows as it is
	in, out   []*Type // of a function, likewise
	fields    []Field
	wants     []want // of an interface

	mu      sync.RWMutex
	methods map[string]*method // of a named type
	found   map[string]*path   // by way of embedded fields
}

// Field is a field of a struct.
type Field struct {
	Name     string
	Exported bool
	Embedded bool
	Tag      reflect.StructTag
	Type     *Type // nil for a type that compiled code knows as it is
}

// want is a method that an interface asks for.
type want struct{ Name, Signature string }

// method is a method of a named type: a function that takes the receiver first.
type method struct {
	pointer   bool // the receiver is a pointer
	signature string
	typ       *Type // of the function without the receiver, nil for one that compiled code knows
	fn        reflect.Value
	bound     reflect.Type // of fn without the receiver
	quick     func(receiver any, args []any) any
}

// definition is a Type as lowered code writes it.
type definition struct {
	ID        int
	Name      string
	Cell      string
	Kind      string
	Elem, Key int
	In, Out   []int
	Fields    []struct {
		Name     string
		Embedded bool
		Tag      string
		Type     int
	}
	Wants []want
}

// Define makes the types of a list in JSON, which may refer to each other and to earlier ones.
func (ts *Types) Define(list string) {
	var defs []definition
	if err := json.Unmarshal([]byte(list), &defs); err != nil {
		panic(fmt.Errorf("types of a cell: %w", err)) // the lowering wrote them
	}
	ts.mu.Lock()
	defer ts.mu.Unlock()
	for _, d := range defs {
		ts.types[d.ID] = &Type{ID: d.ID, Name: d.Name, Cell: d.Cell, Kind: d.Kind, owner: ts, wants: d.Wants, methods: map[string]*method{}}
	}
	for _, d := range defs {
		t := ts.types[d.ID]
		t.elem, t.key = ts.types[d.Elem], ts.types[d.Key]
		t.in, t.out = ts.list(d.In), ts.list(d.Out)
		for _, f := range d.Fields {
			t.fields = append(t.fields, Field{
				Name: f.Name, Exported: exported(f.Name), Embedded: f.Embedded,
				Tag: reflect.StructTag(f.Tag), Type: ts.types[f.Type],
			})
		}
	}
}

// Method gives a type a method, or another body to one that it has; all values of the type have it
// from then on. fn takes the receiver first; without it, its type has the number typ, 0 when compiled code
// knows it.
func (ts *Types) Method(id int, name string, pointer bool, signature string, typ int, fn any) {
	t, ft := ts.get(id), ts.get(typ)
	t.mu.Lock()
	t.methods[name] = &method{pointer: pointer, signature: signature, typ: ft, fn: reflect.ValueOf(fn), bound: withoutReceiver(reflect.TypeOf(fn))}
	t.mu.Unlock()
	ts.mu.RLock()
	defer ts.mu.RUnlock()
	for _, t := range ts.types { // what was found by way of embedding may be another now
		t.mu.Lock()
		t.found = nil
		t.mu.Unlock()
	}
}

// Quick gives a method that its type has a faster way to be called, which gives nil for a call that it
// leaves to the method; nil is no way.
func (ts *Types) Quick(id int, name string, call func(receiver any, args []any) any) {
	t := ts.get(id)
	t.mu.Lock()
	defer t.mu.Unlock()
	m := t.methods[name]
	if out := m.fn.Type().Out(0); out.PkgPath() == "" && out.Name() == out.Kind().String() { // of others results have another type
		m.quick = call
	}
}

// withoutReceiver gives the type of a function without its first parameter.
func withoutReceiver(ft reflect.Type) reflect.Type {
	in, out := make([]reflect.Type, ft.NumIn()-1), make([]reflect.Type, ft.NumOut())
	for i := range in {
		in[i] = ft.In(i + 1)
	}
	for i := range out {
		out[i] = ft.Out(i)
	}
	return reflect.FuncOf(in, out, ft.IsVariadic())
}

func (ts *Types) get(id int) *Type {
	ts.mu.RLock()
	defer ts.mu.RUnlock()
	return ts.types[id]
}

// list gives types by their numbers; ts.mu is held.
func (ts *Types) list(ids []int) []*Type {
	var list []*Type
	for _, id := range ids {
		list = append(list, ts.types[id])
	}
	return list
}

func exported(name string) bool { return token.IsExported(name) }
