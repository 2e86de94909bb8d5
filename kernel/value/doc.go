// Package value is what a value of a cell's type is to compiled code.
//
// The interpreter builds the types of cells with reflect: without names or methods, and with the
// fields renamed. So where a value of such a type becomes an interface, lowered code puts it in a
// Box, which pairs it with its Type: then fmt, errors and encoding/json see what the compiler's
// program would have shown them, and assertions and type switches compare the Types.
//
// There are only a few types here: Types holds the types of one notebook; a Type describes one; a
// Box is a value with its Type. A Box of a type with a method Error is an error.
package value
