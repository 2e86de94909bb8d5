package cell_test

import (
	"reflect"
	"testing"

	"gofive/kernel/cell"
)

// The engine has every instance of a generic function that the front end calls by name, and others are
// still copied.
func TestCompiledInstances(t *testing.T) {
	nb := newLive(t)
	for _, f := range cell.CompiledSlices {
		for _, e := range cell.CompiledElements {
			code := "f := slices." + f + "[[]" + e + "]; reflect.TypeOf(f).Kind()"
			if got := nb.run(t, code); got != reflect.Func.String() {
				t.Errorf("%s: %s", code, got)
			}
		}
	}
	for _, code := range []string{"x := []int8{2, 1}; slices.Sort(x); x", "x := []uint16{2, 1}; slices.Sort(x); x"} {
		if got := nb.run(t, code); got != "[1 2]" {
			t.Errorf("%s: %s", code, got)
		}
	}
}
