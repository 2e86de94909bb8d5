package mpi

import (
	"reflect"
	"unsafe"

	"gofive/mpi/internal/abi"
)

// Op joins two values in a reduction. Use the variables below, or Func for one's own.
type Op struct {
	code opCode
	fn   reflect.Value // of Func
}

// opCode numbers the operations; 0 is none, so that a header without one has it.
type opCode uint8

const (
	noOp      opCode = 0
	replaceOp opCode = 254
	userOp    opCode = 255
)

func (o opCode) String() string {
	switch o {
	case userOp:
		return "a function"
	case replaceOp:
		return "Replace"
	}
	return o.abi().String()
}

func (o opCode) abi() abi.Op { return abi.Op(o - 1) }

func builtin(o abi.Op) Op { return Op{code: opCode(o) + 1} }

// The operations of MPI. Sum and Prod are for all numbers, Max and Min not for complex ones; And, Or and
// Xor for bools and, as in C, integers; the last three for integers. Arrays are joined element by element.
var (
	Sum    = builtin(abi.Sum)
	Prod   = builtin(abi.Prod)
	Max    = builtin(abi.Max)
	Min    = builtin(abi.Min)
	And    = builtin(abi.LogicalAnd)
	Or     = builtin(abi.LogicalOr)
	Xor    = builtin(abi.LogicalXor)
	BitAnd = builtin(abi.BitAnd)
	BitOr  = builtin(abi.BitOr)
	BitXor = builtin(abi.BitXor)
)

// Replace takes the new value and forgets the old one: in windows alone.
var Replace = Op{code: replaceOp}

func (o Op) String() string { return o.code.String() }

// FuncOf makes an operation of a function func(a, b T) T, as Func does. It panics when f is none.
func FuncOf(f any) Op {
	fn := reflect.ValueOf(f)
	if t := fn.Type(); t.Kind() != reflect.Func || t.NumIn() != 2 || t.NumOut() != 1 || t.In(0) != t.In(1) || t.In(0) != t.Out(0) {
		panic(newError(abi.Reduce, ErrValue, "a %v is no func(a, b T) T", t))
	}
	return Op{code: userOp, fn: fn}
}

// check says why o cannot reduce m.
func (o Op) check(f abi.Func, m memory) error {
	switch {
	case o.code == noOp:
		return newError(f, ErrValue, "no operation given: mpi.Sum, mpi.Max ...")
	case o.code == userOp:
		return nil
	case o.code == replaceOp:
		return newError(f, ErrValue, "Replace is for the Accumulate and FetchAndOp of windows")
	case m.form == text || m.form == coded:
		return newError(f, ErrValue, "only numbers and bools can be reduced with %v; mpi.Func takes a function for other values", o)
	case !o.code.abi().Works(m.kind):
		return newError(f, ErrValue, "%v does not work for %v", o, m.element)
	}
	return nil
}

// fold joins small values of headers in the order of ranks.
func (o Op) fold(into *target, all []header) {
	into.copyFrom(all[0].Small[:])
	for i := range all[1:] {
		abi.Fold(o.code.abi(), into.kind, into.ptr, unsafe.Pointer(&all[1+i].Small[0]), into.per)
	}
}

// join applies the user's function to values or, where it takes elements, to theirs. a is changed.
func (o Op) join(f abi.Func, a, b reflect.Value) (reflect.Value, error) {
	arg := o.fn.Type().In(0)
	switch {
	case a.Type().ConvertibleTo(arg) && a.Kind() == arg.Kind():
		return o.fn.Call([]reflect.Value{a.Convert(arg), b.Convert(arg)})[0].Convert(a.Type()), nil
	case a.Kind() == reflect.Slice && a.Type().Elem().Kind() == arg.Kind():
		if a.Len() != b.Len() {
			return a, newError(f, ErrMismatch, "slices of %d and %d elements cannot be joined one by one", a.Len(), b.Len())
		}
		for i := range a.Len() {
			x, y := a.Index(i), b.Index(i)
			x.Set(o.fn.Call([]reflect.Value{x.Convert(arg), y.Convert(arg)})[0].Convert(x.Type()))
		}
		return a, nil
	}
	return a, newError(f, ErrValue, "a function of %v does not join values of type %v", arg, a.Type())
}
