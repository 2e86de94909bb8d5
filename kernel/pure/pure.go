// Package pure runs functions of cells that only compute: they read their parameters, write nothing but
// variables of their own, and call only their like. The front end describes such a function as a tree of
// Nodes; the engine makes closures over machine words of it, which run twenty times as fast as the
// interpreter does.
//
// Because nothing outside has changed, a call may be given up at any point: where the function would
// panic, or recurses deep, the interpreter calls it again from the beginning, and says what went wrong in
// its own words.
//
// There are only a few types here: a Func is a described function; Funcs are those of a notebook.
package pure

import "reflect"

// Func is a function as the front end describes it. Slots are its variables, the parameters first.
type Func struct {
	Name   string // in lowered code
	Params []reflect.Kind
	Slots  int
	Result reflect.Kind
	Body   Node
}

// Node is an expression or a statement. Kinds are those of package reflect; strings, slices, structs
// and pointers to structs are seen as the address of their memory.
type Node struct {
	Op   string       // one of those that expressions.go and statements.go name
	Kind reflect.Kind `json:",omitempty"` // of the value
	Int  int64        `json:",omitempty"` // a constant, a slot, the offset of a field, the size of an element
	Flt  float64      `json:",omitempty"` // a constant
	Str  string       `json:",omitempty"` // a constant, the name of a function
	Args []Node       `json:",omitempty"`
}

// Class says what a value is kept in.
type Class int

// The classes: integers and booleans, floating-point numbers, memory.
const (
	Whole Class = iota
	Float
	Memory
)

// ClassOf gives the class of values of a kind.
func ClassOf(k reflect.Kind) Class {
	switch k {
	case reflect.Float64, reflect.Float32:
		return Float
	case reflect.String, reflect.Slice, reflect.Struct, reflect.Pointer:
		return Memory
	}
	return Whole
}
