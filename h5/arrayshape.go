package h5

import (
	"fmt"
	"reflect"
	"slices"
)

// Reshape gives the same elements in another shape, in C order; one length may be -1 and is found out. It is
// a view: the elements are shared.
func (a *Array) Reshape(shape ...int) (*Array, error) {
	const op = "reshape"
	out := Shape(slices.Clone(shape))
	if at := slices.Index(out, -1); at >= 0 {
		out[at] = 1
		if rest := out.Len(); rest > 0 {
			out[at] = a.Len() / rest
		}
	}
	if slices.Min(append([]int{0}, out...)) < 0 || out.Len() != a.Len() {
		return nil, &Error{Op: op, Kind: ErrShape, Reason: fmt.Sprintf("%d elements of shape %v do not fit into shape %v", a.Len(), a.shape, shape)}
	}
	if a.shape == nil {
		return nil, nothingIn(op)
	}
	return a.reshaped(out, len(a.shape)), nil
}

// Transpose turns the axes around, or puts them in the order given. The result is a copy.
func (a *Array) Transpose(axes ...int) (*Array, error) {
	const op = "transpose"
	n := len(a.shape)
	order := make([]int, n)
	for i := range order {
		order[i] = n - 1 - i
	}
	if len(axes) > 0 {
		order = slices.Clone(axes)
		for i, ax := range order {
			order[i] = fromEnd(ax, n)
		}
	}
	if sorted := slices.Sorted(slices.Values(order)); len(sorted) != n || !slices.Equal(sorted, rangeOf(n)) {
		return nil, &Error{Op: op, Kind: ErrRange, Reason: fmt.Sprintf("axes %v of an array of shape %v", axes, a.shape), Hint: "give each axis once"}
	}
	shape, steps, own := make(Shape, n), make([]int, n), a.Strides()
	for i, ax := range order {
		shape[i], steps[i] = a.shape[ax], own[ax]
	}
	if n < 2 {
		return a, nil
	}
	return a.reshaped(Shape{a.Len()}, n).take(0, places(shape, steps)).reshaped(shape, 1), nil
}

// rangeOf is 0 to n-1.
func rangeOf(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// Concat puts arrays, slices or Arrays, one behind the other along an axis; their other axes are alike. Numbers
// of unlike types become the type that Add would give.
func Concat(axis int, arrays ...any) (*Array, error) {
	const op = "concatenate"
	all, err := arraysOf(op, arrays)
	if err != nil {
		return nil, err
	}
	first := all[0]
	if n := len(first.shape); axis < -n || axis >= n {
		return nil, &Error{Op: op, Kind: ErrRange, Reason: fmt.Sprintf("axis %d of an array of shape %v", axis, first.shape), Hint: "axes count from 0, or from -1 backwards"}
	}
	axis = fromEnd(axis, len(first.shape))
	out := &Array{typ: first.typ, shape: slices.Clone(first.shape)}
	out.shape[axis] = 0
	for i, a := range all {
		if !alike(a.shape, first.shape, axis) {
			return nil, &Error{Op: op, Kind: ErrShape, Reason: fmt.Sprintf("array %d is of shape %v and the first of %v", i, a.shape, first.shape), Hint: fmt.Sprintf("all axes but %d must be alike", axis)}
		}
		out.shape[axis] += a.shape[axis]
	}
	return concat(all, axis, out), nil
}

// Stack puts arrays of one shape together along a new axis.
func Stack(axis int, arrays ...any) (*Array, error) {
	const op = "stack"
	all, err := arraysOf(op, arrays)
	if err != nil {
		return nil, err
	}
	n := len(all[0].shape) + 1
	if axis < -n || axis >= n {
		return nil, &Error{Op: op, Kind: ErrRange, Reason: fmt.Sprintf("axis %d of %d", axis, n), Hint: "axes count from 0, or from -1 backwards"}
	}
	rows := make([]any, len(all))
	for i, a := range all {
		if !slices.Equal(a.shape, all[0].shape) {
			return nil, &Error{Op: op, Kind: ErrShape, Reason: fmt.Sprintf("array %d is of shape %v and the first of %v", i, a.shape, all[0].shape)}
		}
		rows[i] = a.reshaped(slices.Insert(slices.Clone(a.shape), fromEnd(axis, n), 1), len(a.shape))
	}
	return Concat(axis, rows...)
}

// arraysOf makes arrays of values, all of one type.
func arraysOf(op string, values []any) ([]*Array, error) {
	if len(values) == 0 {
		return nil, nothingIn(op)
	}
	out := make([]*Array, len(values))
	for i, v := range values {
		a, err := NewArray(v)
		if err != nil {
			return nil, because(op, "", "", err)
		}
		out[i] = a
	}
	return unify(op, out)
}

// unify gives arrays of numbers of unlike types the type that holds all of them.
func unify(op string, all []*Array) ([]*Array, error) {
	t := all[0].number()
	same := true
	for i, a := range all {
		same = same && reflect.TypeOf(a.data) == reflect.TypeOf(all[0].data) && (a.data != nil || a.typ.Equal(all[0].typ))
		n := a.number()
		if n == nil || t == nil {
			t = nil
		} else if i > 0 {
			t = wider(t, n)
		}
	}
	switch {
	case same:
		return all, nil
	case t == nil:
		return nil, &Error{Op: op, Kind: ErrType, Reason: fmt.Sprintf("arrays of unlike types, the first is %v", all[0].typ), Hint: "numbers of any types can be put together"}
	}
	out := make([]*Array, len(all))
	for i, a := range all {
		out[i] = &Array{typ: t, shape: a.shape, data: numericFor(t).from(a)}
	}
	return out, nil
}

// alike reports whether two shapes differ on one axis at most.
func alike(a, b Shape, axis int) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if i != axis && a[i] != b[i] {
			return false
		}
	}
	return true
}

// concat fills out, whose shape is known, with arrays that fit.
func concat(all []*Array, axis int, out *Array) *Array {
	if all[0].fields != nil {
		for k := range all[0].fields {
			parts := make([]*Array, len(all))
			for i, a := range all {
				parts[i] = a.fields[k]
			}
			field := &Array{typ: parts[0].typ, shape: append(slices.Clone(out.shape), parts[0].shape[len(out.shape):]...)}
			out.fields = append(out.fields, concat(parts, axis, field))
		}
		return out
	}
	data := reflect.MakeSlice(reflect.TypeOf(all[0].data), 0, out.shape.Len())
	for o := range out.shape[:axis].Len() {
		for _, a := range all {
			row := a.shape[axis:].Len()
			data = reflect.AppendSlice(data, reflect.ValueOf(a.data).Slice(o*row, (o+1)*row))
		}
	}
	out.data = data.Interface()
	return out
}
