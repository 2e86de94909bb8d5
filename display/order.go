package display

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
)

// entry is one entry of a map.
type entry struct{ key, value reflect.Value }

// firstEntries gives the n entries of a map whose keys come first, in order. It looks at each key
// once and keeps no more than n of them.
func firstEntries(m reflect.Value, n int) []entry {
	var first []entry
	for it := m.MapRange(); it.Next(); {
		key := it.Key()
		if len(first) == n && compare(key, first[n-1].key) >= 0 {
			continue
		}
		at, _ := slices.BinarySearchFunc(first, key, func(e entry, k reflect.Value) int { return compare(e.key, k) })
		first = slices.Insert(first[:min(len(first), n-1)], at, entry{key, it.Value()})
	}
	return first
}

// compare orders map keys of one type as fmt does: numbers and strings by value, false before true,
// structs and arrays by their first difference, nil first. Keys of different types in one
// interface are ordered by the names of their types.
func compare(a, b reflect.Value) int {
	switch a.Kind() {
	case reflect.Bool:
		return cmp.Compare(truth(a), truth(b))
	case reflect.String:
		return strings.Compare(a.String(), b.String())
	case reflect.Float32, reflect.Float64:
		return cmp.Compare(a.Float(), b.Float())
	case reflect.Complex64, reflect.Complex128:
		x, y := a.Complex(), b.Complex()
		return cmp.Or(cmp.Compare(real(x), real(y)), cmp.Compare(imag(x), imag(y)))
	case reflect.Struct:
		return firstDifference(a.NumField(), a.Field, b.Field)
	case reflect.Array:
		return firstDifference(a.Len(), a.Index, b.Index)
	case reflect.Interface:
		return compareHeld(a.Elem(), b.Elem())
	case reflect.Pointer, reflect.Chan, reflect.UnsafePointer:
		return cmp.Compare(a.Pointer(), b.Pointer())
	}
	if a.CanInt() {
		return cmp.Compare(a.Int(), b.Int())
	}
	return cmp.Compare(a.Uint(), b.Uint())
}

// firstDifference compares what has n parts.
func firstDifference(n int, a, b func(int) reflect.Value) int {
	for i := range n {
		if c := compare(a(i), b(i)); c != 0 {
			return c
		}
	}
	return 0
}

// compareHeld compares what two interfaces hold.
func compareHeld(a, b reflect.Value) int {
	if !a.IsValid() || !b.IsValid() {
		return cmp.Compare(truth(reflect.ValueOf(a.IsValid())), truth(reflect.ValueOf(b.IsValid())))
	}
	if a.Type() != b.Type() {
		return strings.Compare(a.Type().String(), b.Type().String())
	}
	return compare(a, b)
}

func truth(v reflect.Value) int {
	if v.Bool() {
		return 1
	}
	return 0
}
