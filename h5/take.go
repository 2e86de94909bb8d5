package h5

import (
	"reflect"
	"slices"
)

// take gives the array with the places of one axis, in that order.
func (a *Array) take(axis int, places []int) *Array {
	out := &Array{typ: a.typ, shape: slices.Clone(a.shape)}
	out.shape[axis] = len(places)
	if a.fields != nil {
		for _, f := range a.fields {
			out.fields = append(out.fields, f.take(axis, places))
		}
		return out
	}
	outer, n, inner := a.shape[:axis].Len(), a.shape[axis], a.shape[axis+1:].Len()
	if v := vectorOf(a.data); v != nil {
		out.data = v.take(outer, n, inner, places)
	} else {
		out.data = takeAny(reflect.ValueOf(a.data), outer, n, inner, places)
	}
	return out
}

// takeAny is take for the rarer types.
func takeAny(data reflect.Value, outer, n, inner int, places []int) any {
	out := reflect.MakeSlice(data.Type(), 0, outer*len(places)*inner)
	for o := range outer {
		for _, p := range places {
			at := (o*n + p) * inner
			out = reflect.AppendSlice(out, data.Slice(at, at+inner))
		}
	}
	return out.Interface()
}
