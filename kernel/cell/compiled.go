package cell

import (
	"go/types"
	"slices"
	"strings"
)

// Copies of generic functions are interpreted. For slices of the plainest types the engine has the
// real ones, compiled: sorting a thousand numbers takes 30 µs and not 15 ms.

// CompiledSlices are the functions of package slices that the engine has, for []E of each of
// CompiledElements; it calls them "slices_Sort_int".
var (
	CompiledSlices   = []string{"BinarySearch", "Clone", "Compact", "Contains", "Equal", "Index", "IsSorted", "Max", "Min", "Reverse", "Sort"}
	CompiledElements = []string{"int", "float64", "string"}
)

// compiledInstance gives the engine's function for an instance of a generic function, "" when it has
// none.
func compiledInstance(f *types.Func, args *types.TypeList) string {
	if f.Pkg() == nil {
		return ""
	}
	if name := erasedFuncs[f.Pkg().Path()+"."+f.Name()]; name != "" {
		return name
	}
	if f.Pkg().Path() != "slices" || !slices.Contains(CompiledSlices, f.Name()) {
		return ""
	}
	s, ok := args.At(0).(*types.Slice)
	if !ok {
		return ""
	}
	e, ok := s.Elem().(*types.Basic)
	if !ok || !slices.Contains(CompiledElements, e.Name()) {
		return ""
	}
	return strings.Join([]string{"slices", f.Name(), e.Name()}, "_")
}
