package interp

import (
	"cmp"
	"reflect"
	"slices"
)

// genericFunctions gives the instances of generic functions that the front end knows to be here (its
// CompiledSlices and CompiledElements).
func genericFunctions() map[string]reflect.Value {
	table := map[string]reflect.Value{}
	addSlices[int](table, "int")
	addSlices[float64](table, "float64")
	addSlices[string](table, "string")
	return table
}

func addSlices[E cmp.Ordered](table map[string]reflect.Value, elem string) {
	for name, f := range map[string]any{
		"BinarySearch": slices.BinarySearch[[]E],
		"Clone":        slices.Clone[[]E],
		"Compact":      slices.Compact[[]E],
		"Contains":     slices.Contains[[]E],
		"Equal":        slices.Equal[[]E],
		"Index":        slices.Index[[]E],
		"IsSorted":     slices.IsSorted[[]E],
		"Max":          slices.Max[[]E],
		"Min":          slices.Min[[]E],
		"Reverse":      slices.Reverse[[]E],
		"Sort":         slices.Sort[[]E],
	} {
		table["slices_"+name+"_"+elem] = reflect.ValueOf(f)
	}
}
