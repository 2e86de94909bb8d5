package interp

import (
	"reflect"
	"sort"
)

// sort sorts a slice by a function of two indices that reports whether one element comes first, or of
// two elements that compares them. The text describes it to package pure.
func (it *Interp) sort(stable bool, list, by any, text string, captured ...any) {
	interpreted, ok := by.(func(i, j int) bool)
	if !ok {
		elements, compare := reflect.ValueOf(list), reflect.ValueOf(by)
		interpreted = func(i, j int) bool {
			return compare.Call([]reflect.Value{elements.Index(i), elements.Index(j)})[0].Int() < 0
		}
	}
	less := interpreted
	if order := it.pure.Order(text, list, captured); order != nil {
		less = func(i, j int) bool {
			if first, ok := order.Less(i, j); ok {
				return first
			}
			return interpreted(i, j)
		}
	}
	if stable {
		sort.SliceStable(list, less)
	} else {
		sort.Slice(list, less)
	}
}
