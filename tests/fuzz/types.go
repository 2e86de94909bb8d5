package fuzz

import (
	"fmt"
	"strings"
)

type kind int

const (
	boolean kind = iota
	integer
	float
	complexed
	text
	slice
	array
	mapping
	structure
	pointer
	function
	iface
)

// typ is a type of the program. There is one of each text.
type typ struct {
	name      string // as the program writes it
	kind      kind
	bits      int
	unsigned  bool
	key, elem *typ
	length    int
	fields    []field
	params    []*typ
	result    *typ
	methods   []*routine // those that a value has
	declared  bool       // by the program
}

type field struct {
	name     string
	t        *typ
	embedded bool
}

// routine is a function or a method that the program declares.
type routine struct {
	name    string
	params  []*typ
	results []*typ
	pure    bool // it neither changes nor prints anything, and always returns
	pointer bool // the receiver is one
}

// hashable reports whether == holds for the type without the risk of a panic.
func (t *typ) hashable() bool {
	switch t.kind {
	case slice, mapping, function, iface:
		return false
	case array:
		return t.elem.hashable()
	case structure:
		for _, f := range t.fields {
			if !f.t.hashable() {
				return false
			}
		}
	}
	return true
}

// plain reports whether the type is made of Go's own types alone: how those print does not depend on
// what the notebook does with the types of cells.
func (t *typ) plain() bool {
	switch t.kind {
	case slice, array:
		return !t.declared && t.elem.plain()
	case mapping:
		return !t.declared && t.key.plain() && t.elem.plain()
	case structure, pointer, function, iface:
		return false
	}
	return !t.declared
}

// prints reports whether a value prints the same in every process.
func (t *typ) prints() bool {
	switch t.kind {
	case slice, array:
		return t.elem.prints()
	case mapping:
		return t.elem.prints()
	case structure:
		for _, f := range t.fields {
			if !f.t.prints() {
				return false
			}
		}
	case pointer, function:
		return false
	}
	return true
}

// world is the set of types that a program has so far.
type world struct {
	all     map[string]*typ
	basics  []*typ
	usable  []*typ // for variables, fields and elements
	structs []*typ
	ifaces  []*typ
}

func newWorld() *world {
	w := &world{all: map[string]*typ{}}
	for _, t := range []*typ{
		{name: "bool", kind: boolean}, {name: "string", kind: text},
		{name: "int", kind: integer, bits: 64}, {name: "int8", kind: integer, bits: 8},
		{name: "int16", kind: integer, bits: 16}, {name: "int32", kind: integer, bits: 32},
		{name: "int64", kind: integer, bits: 64}, {name: "uint", kind: integer, bits: 64, unsigned: true},
		{name: "uint8", kind: integer, bits: 8, unsigned: true}, {name: "uint16", kind: integer, bits: 16, unsigned: true},
		{name: "uint32", kind: integer, bits: 32, unsigned: true}, {name: "uint64", kind: integer, bits: 64, unsigned: true},
		{name: "float32", kind: float, bits: 32}, {name: "float64", kind: float, bits: 64},
		{name: "complex128", kind: complexed}, {name: "complex64", kind: complexed, bits: 64},
	} {
		w.all[t.name] = t
		w.basics = append(w.basics, t)
		w.usable = append(w.usable, t)
	}
	return w
}

func (w *world) named(name string) *typ { return w.all[name] }

// one gives the type that is written like t, which it becomes when there is none yet.
func (w *world) one(t *typ) *typ {
	if old := w.all[t.name]; old != nil {
		return old
	}
	w.all[t.name] = t
	return t
}

func (w *world) slice(e *typ) *typ { return w.one(&typ{name: "[]" + e.name, kind: slice, elem: e}) }

func (w *world) array(e *typ, n int) *typ {
	return w.one(&typ{name: fmt.Sprintf("[%d]%s", n, e.name), kind: array, elem: e, length: n})
}

func (w *world) mapping(k, e *typ) *typ {
	return w.one(&typ{name: "map[" + k.name + "]" + e.name, kind: mapping, key: k, elem: e})
}

func (w *world) pointer(e *typ) *typ { return w.one(&typ{name: "*" + e.name, kind: pointer, elem: e}) }

func (w *world) function(params []*typ, result *typ) *typ {
	var names []string
	for _, p := range params {
		names = append(names, p.name)
	}
	name := "func(" + strings.Join(names, ", ") + ") " + result.name
	return w.one(&typ{name: name, kind: function, params: params, result: result})
}
