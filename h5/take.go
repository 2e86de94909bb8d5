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
	switch data := a.data.(type) {
	case []int8:
		out.data = takeSlice(data, outer, n, inner, places)
	case []int16:
		out.data = takeSlice(data, outer, n, inner, places)
	case []int32:
		out.data = takeSlice(data, outer, n, inner, places)
	case []int64:
		out.data = takeSlice(data, outer, n, inner, places)
	case []uint8:
		out.data = takeSlice(data, outer, n, inner, places)
	case []uint16:
		out.data = takeSlice(data, outer, n, inner, places)
	case []uint32:
		out.data = takeSlice(data, outer, n, inner, places)
	case []uint64:
		out.data = takeSlice(data, outer, n, inner, places)
	case []float32:
		out.data = takeSlice(data, outer, n, inner, places)
	case []float64:
		out.data = takeSlice(data, outer, n, inner, places)
	case []string:
		out.data = takeSlice(data, outer, n, inner, places)
	default:
		out.data = takeAny(reflect.ValueOf(data), outer, n, inner, places)
	}
	return out
}

// takeSlice takes places of the middle one of three axes.
func takeSlice[T any](data []T, outer, n, inner int, places []int) []T {
	out := makeSlice[T](outer * len(places) * inner)[:0]
	for o := range outer {
		for _, p := range places {
			at := (o*n + p) * inner
			out = append(out, data[at:at+inner]...)
		}
	}
	return out
}

// takeAny is takeSlice for the rarer types.
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
