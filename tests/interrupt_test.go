package tests

import (
	"slices"
	"strings"
	"testing"
)

// TestInterruptOfReading ends loops that read 400 MB of compressed numbers again and again. Variables
// stay, the engine too, and the next read gives what is in the file.
func TestInterruptOfReading(t *testing.T) {
	k := startKernel(t, newWorkspace(t), nil, nil)
	k.steps([]step{{code: `f := h5.Create("long.h5")
long := f.CreateDataset("long", h5.Float64, h5.Shape{50, 1_000_000}, h5.DatasetCreate{Chunks: h5.Shape{1, 100_000}, Gzip: 1})
row := make([]float64, 1_000_000)
for i := range 50 {
	for j := range row { row[j] = float64(i + j%1000) }
	long.Write(row, i)
}
n, sum := 0, 0.0
func last(xs []float64) float64 { return xs[len(xs)-1] }`}})
	engines := k.engines()
	for _, code := range []string{
		"for { n++; fmt.Println(\"it reads\"); sum += last(long.Slice().Float64s()) }",
		"func again() { for { n++; fmt.Println(\"it reads\"); a, err := long.Slice(); if err != nil { panic(err) }; xs, _ := a.Float64s(); sum += last(xs) } }\nagain()",
	} {
		if o := k.runUntil(code, "it reads"); o.Name != "interrupted" || !strings.Contains(o.Value, "variables keep what they had") {
			t.Errorf("%s\ngot %s %q", code, o.Name, o.Value)
		}
		k.mustRun("n > 0, last(long.Slice(49).Float64s())", "true 1048")
	}
	k.mustRun("n >= 2, len(row), last(long.Slice().Float64s())", "true 1000000 1048")
	if after := k.engines(); !slices.Equal(engines, after) {
		t.Errorf("engines: before %v, after %v, want the same", engines, after)
	}
}
