package h5

import (
	"fmt"
	"reflect"

	"gonum.org/v1/gonum/mat"
)

type number interface {
	~int8 | ~int16 | ~int32 | ~int64 | ~int | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uint | ~float32 | ~float64
}

// convert gives a slice of numbers as another type. With exact, it fails for the first that the other
// type cannot hold; the place of it is the second result, -1 for none. A slice of something else gives
// ok false.
func convert[T number](data any, exact bool) (out []T, bad int, ok bool) {
	switch s := data.(type) {
	case []T:
		return s, -1, true
	case []int8:
		return convertSlice[T](s, exact)
	case []int16:
		return convertSlice[T](s, exact)
	case []int32:
		return convertSlice[T](s, exact)
	case []int64:
		return convertSlice[T](s, exact)
	case []int:
		return convertSlice[T](s, exact)
	case []uint8:
		return convertSlice[T](s, exact)
	case []uint16:
		return convertSlice[T](s, exact)
	case []uint32:
		return convertSlice[T](s, exact)
	case []uint64:
		return convertSlice[T](s, exact)
	case []uint:
		return convertSlice[T](s, exact)
	case []float32:
		return convertSlice[T](s, exact)
	case []float64:
		return convertSlice[T](s, exact)
	}
	return nil, -1, false
}

func convertSlice[T, S number](s []S, exact bool) ([]T, int, bool) {
	out := makeSlice[T](len(s))
	for i, x := range s {
		y := T(x)
		out[i] = y
		if exact && (S(y) != x || (y < 0) != (x < 0)) && x == x {
			return nil, i, true
		}
	}
	return out, -1, true
}

// numbers gives the elements as a type of number, rounded where it must be.
func numbers[T number](a *Array, what string) ([]T, error) {
	out, _, ok := convert[T](a.data, false)
	if ok {
		return out, nil
	}
	if b, isBool := a.data.([]bool); isBool {
		out = make([]T, len(b))
		for i, yes := range b {
			if yes {
				out[i] = 1
			}
		}
		return out, nil
	}
	return nil, a.notA(what)
}

// integers gives the elements as a type of integer, fractions cut off, and refuses what it cannot hold:
// Go would make some other number of it.
func integers[T ~int | ~int64](a *Array, what string) ([]T, error) {
	out, err := numbers[T](a, what)
	if err != nil {
		return nil, err
	}
	bad := -1
	switch s := a.data.(type) {
	case []float32:
		bad = firstLost(s, out)
	case []float64:
		bad = firstLost(s, out)
	case []uint64:
		bad = firstLost(s, out)
	case []uint:
		bad = firstLost(s, out)
	}
	if bad >= 0 {
		return nil, &Error{Op: "read values as " + what, Kind: ErrType,
			Reason: fmt.Sprintf("element %d is %v", bad, reflect.ValueOf(a.data).Index(bad)), Hint: fmt.Sprintf("Raw gives them as %T", a.data)}
	}
	return out, nil
}

// firstLost gives the place of the first number that became another when its fraction was cut off, -1
// for none.
func firstLost[S ~float32 | ~float64 | ~uint | ~uint64, T ~int | ~int64](from []S, to []T) int {
	for i, x := range from {
		y := S(to[i])
		if !(y-x < 1 && x-y < 1) || to[i] < 0 && x >= 0 {
			return i
		}
	}
	return -1
}

// notA says that the elements are no numbers, or no text.
func (a *Array) notA(what string) error {
	e := &Error{Op: "read values as " + what, Kind: ErrType, Reason: fmt.Sprintf("the elements are of type %v", a.typ)}
	switch {
	case a.fields != nil:
		e.Hint = "choose a field: " + someOf(a.typ.Names())
	case a.typ.Kind() == TypeString:
		e.Hint = "take Strings"
	case a.typ.Kind() == TypeComplex:
		e.Hint = "take Complex128s"
	default:
		e.Hint = fmt.Sprintf("Raw gives them as %T", a.data)
	}
	return e
}

// Float64s gives all elements in C order as float64. The result may be the array's own memory.
func (a *Array) Float64s() ([]float64, error) { return numbers[float64](a, "float64") }

// Float32s gives all elements in C order as float32, rounded.
func (a *Array) Float32s() ([]float32, error) { return numbers[float32](a, "float32") }

// Int64s gives all elements in C order as int64. Fractions are cut off; NaN and what is too large are
// an error.
func (a *Array) Int64s() ([]int64, error) { return integers[int64](a, "int64") }

// Ints gives all elements in C order as int, as Int64s does.
func (a *Array) Ints() ([]int, error) { return integers[int](a, "int") }

// Complex128s gives all elements in C order as complex numbers.
func (a *Array) Complex128s() ([]complex128, error) {
	switch s := a.data.(type) {
	case []complex128:
		return s, nil
	case []complex64:
		out := make([]complex128, len(s))
		for i, x := range s {
			out[i] = complex128(x)
		}
		return out, nil
	}
	re, err := numbers[float64](a, "complex128")
	out := make([]complex128, len(re))
	for i, x := range re {
		out[i] = complex(x, 0)
	}
	return out, err
}

// Bools gives all elements in C order as truth values; of numbers all but 0 are true.
func (a *Array) Bools() ([]bool, error) {
	if s, ok := a.data.([]bool); ok {
		return s, nil
	}
	n, err := numbers[float64](a, "bool")
	out := make([]bool, len(n))
	for i, x := range n {
		out[i] = x != 0
	}
	return out, err
}

// Strings gives all elements in C order as text: strings as they are, enums by name, others as they
// are printed.
func (a *Array) Strings() ([]string, error) {
	if s, ok := a.data.([]string); ok {
		return s, nil
	}
	if a.fields != nil {
		return nil, a.notA("string")
	}
	out := make([]string, a.Len())
	for i := range out {
		out[i] = a.text(i)
	}
	return out, nil
}

// Bytes gives the bytes of an array of uint8, or of a single opaque value.
func (a *Array) Bytes() ([]byte, error) {
	if raw, ok := a.data.([][]byte); ok && len(raw) == 1 {
		return raw[0], nil
	}
	return numbers[uint8](a, "bytes")
}

// Text gives a single string.
func (a *Array) Text() (string, error) {
	s, err := a.Strings()
	if err != nil || len(s) == 1 {
		return append(s, "")[0], err
	}
	return "", &Error{Op: "read a string", Kind: ErrShape, Reason: fmt.Sprintf("there are %d", len(s)), Hint: "take Strings"}
}

// NewArray makes an array of a Go value: numbers, strings, truth values, slices and nested slices of
// them, structs, a Table, a matrix or vector of gonum. The array may share the value's memory.
func NewArray(v any) (*Array, error) {
	switch x := v.(type) {
	case *Array:
		return x, nil
	case *Column:
		return x.Array, nil
	case *Table:
		return x.Array(), nil
	case mat.Matrix:
		return ofMatrix(x), nil
	}
	src, err := newSource(reflect.ValueOf(v), nil)
	if err != nil {
		return nil, because("make an array", "", "", err)
	}
	return src.array()
}
