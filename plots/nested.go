package plots

import (
	"fmt"
	"math/cmplx"
	"reflect"
)

// block is numbers with a shape, in C order.
type block struct {
	values []float64
	shape  []int
}

// matrixOf is a matrix of gonum's package mat.
type matrixOf interface {
	Dims() (rows, columns int)
	At(i, j int) float64
}

// blockOf gives the numbers of v with their shape: nested slices, matrices, and anything with the methods
// Shape and Float64s.
func blockOf(call, name string, v any) (block, error) {
	if m, ok := v.(matrixOf); ok && !isNil(v) {
		return ofMatrix(m), nil
	}
	if shape := shapeOf(v); shape != nil {
		values, err := numbers(call, name, v)
		if err == nil && len(values) != product(shape) {
			err = fmt.Errorf("plots: %s: the array has shape %v and %d values", call, shape, len(values))
		}
		return block{values, shape}, err
	}
	r := reflect.ValueOf(v)
	if !nested(r) {
		values, err := numbers(call, name, v)
		return block{values, []int{len(values)}}, err
	}
	return ofRows(call, r)
}

// nested reports whether r is a slice of slices.
func nested(r reflect.Value) bool {
	if r.Kind() != reflect.Slice && r.Kind() != reflect.Array || r.Len() == 0 {
		return false
	}
	switch reflect.Indirect(elem(r.Index(0))).Kind() {
	case reflect.Slice, reflect.Array:
		return true
	}
	return shapeOf(r.Index(0).Interface()) != nil
}

func elem(r reflect.Value) reflect.Value {
	if r.Kind() == reflect.Interface {
		return r.Elem()
	}
	return r
}

// ofRows puts rows of one shape together.
func ofRows(call string, r reflect.Value) (block, error) {
	var out block
	for i := range r.Len() {
		row, err := blockOf(call, fmt.Sprintf("row %d", i), r.Index(i).Interface())
		if err != nil {
			return block{}, err
		}
		if i == 0 {
			out.shape = append([]int{r.Len()}, row.shape...)
		} else if len(row.values) != product(out.shape[1:]) {
			return block{}, fmt.Errorf("plots: %s: row %d has %d values and row 0 has %d; they must be as many", call, i, len(row.values), product(out.shape[1:]))
		}
		out.values = append(out.values, row.values...)
	}
	return out, nil
}

func ofMatrix(m matrixOf) block {
	rows, columns := m.Dims()
	out := block{make([]float64, 0, rows*columns), []int{rows, columns}}
	for i := range rows {
		for j := range columns {
			out.values = append(out.values, m.At(i, j))
		}
	}
	return out
}

func product(shape []int) int {
	n := 1
	for _, k := range shape {
		n *= k
	}
	return n
}

// matrix gives the numbers of a two-dimensional array.
func matrix(call string, v any) (values []float64, rows, cols int, err error) {
	b, err := blockOf(call, "values", v)
	switch {
	case err != nil:
		return nil, 0, 0, err
	case len(b.values) == 0:
		return nil, 0, 0, fmt.Errorf("plots: %s: there are no values", call)
	case len(b.shape) != 2:
		return nil, 0, 0, fmt.Errorf("plots: %s: the array has shape %v; two axes can be drawn, so take a slice", call, b.shape)
	}
	return b.values, b.shape[0], b.shape[1], nil
}

// shapeOf calls the method Shape of v, whose result may be any slice of int: libraries have types of
// their own for it. It is nil for what has none.
func shapeOf(v any) []int {
	if isNil(v) {
		return nil
	}
	method := reflect.ValueOf(v).MethodByName("Shape")
	if !method.IsValid() || method.Type().NumIn() != 0 || method.Type().NumOut() != 1 {
		return nil
	}
	out := method.Call(nil)[0]
	if out.Kind() != reflect.Slice || out.Type().Elem().Kind() != reflect.Int {
		return nil
	}
	shape := make([]int, out.Len())
	for i := range shape {
		shape[i] = int(out.Index(i).Int())
	}
	return shape
}

// isNil reports whether v is nil, or a nil pointer: a forgotten error, not an array.
func isNil(v any) bool {
	r := reflect.ValueOf(v)
	return !r.IsValid() || r.Kind() == reflect.Pointer && r.IsNil()
}

// amplitudes are the absolute values of complex numbers.
func amplitudes(in []complex128) []float64 {
	out := make([]float64, len(in))
	for i, z := range in {
		out[i] = cmplx.Abs(z)
	}
	return out
}
