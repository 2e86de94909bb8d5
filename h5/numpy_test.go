package h5

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// numpyStep is one read or write, in the words of testdata/selections.py.
type numpyStep struct {
	Dataset    string         `json:"dataset"`
	Field      string         `json:"field,omitempty"`
	Select     numpySelection `json:"select"`
	Write      bool           `json:"write"`
	WritesFrom int            `json:"writes_from"` // the first step that changes the file
	Shape      []int          `json:"shape"`
	Values     []string       `json:"values"`
}

type numpySelection struct {
	Kind string `json:"kind"`
	Of   any    `json:"of"`
	arg  []any  // the same for this package
}

// TestSelectionsAsNumpy reads and writes random selections of random shapes, and lets numpy and h5py do
// the same.
func TestSelectionsAsNumpy(t *testing.T) {
	const python = "/usr/bin/python3"
	if err := exec.Command(python, "-c", "import h5py").Run(); err != nil {
		t.Skipf("SKIPPED: %s has no h5py to compare with", python)
	}
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			folder := t.TempDir()
			r := rand.New(rand.NewPCG(seed, 5))
			before, after, list := filepath.Join(folder, "before.h5"), filepath.Join(folder, "after.h5"), filepath.Join(folder, "steps.json")
			makeForNumpy(t, r, before)
			bytes, err := os.ReadFile(before)
			must(t, err)
			must(t, os.WriteFile(after, bytes, 0o666))
			text, err := json.Marshal(stepsForNumpy(t, r, after))
			must(t, err)
			must(t, os.WriteFile(list, text, 0o666))
			if out, err := exec.Command(python, "testdata/selections.py", before, after, list).CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out[:min(len(out), 4000)])
			}
		})
	}
}

// makeForNumpy stores the numbers from 0 on, as numbers, text and rows, in different ways.
func makeForNumpy(t *testing.T, r *rand.Rand, path string) {
	f, err := Create(path)
	must(t, err)
	defer f.Close()
	types := map[string]*Datatype{"f8": Float64, "i2": Int16.BigEndian(), "text": String, "u4": Uint32, "rows": Compound(Member{"a", Int32}, Member{"b", Float64})}
	for _, name := range []string{"f8", "i2", "text", "u4", "rows"} {
		for _, storage := range []string{"contiguous", "chunked", "gzip"} {
			shape := make(Shape, 1+r.IntN(4))
			for i := range shape {
				shape[i] = 1 + r.IntN(40/len(shape))
			}
			o := DatasetCreate{}
			if storage != "contiguous" {
				for _, n := range shape {
					o.Chunks = append(o.Chunks, 1+r.IntN(n))
				}
			}
			if storage == "gzip" {
				o.Gzip, o.Shuffle = 1, true
			}
			d, err := f.CreateDataset(name+" "+storage, types[name], shape, o)
			must(t, err)
			values := make([]string, shape.Len())
			for i := range values {
				values[i] = strconv.Itoa(i)
			}
			if name == "rows" {
				must(t, d.WriteField("a", numbersOf(values)))
				must(t, d.WriteField("b", numbersOf(values)))
			} else {
				must(t, d.Write(valueFor(name, values)))
			}
		}
	}
}

func numbersOf(texts []string) []int {
	out := make([]int, len(texts))
	for i, s := range texts {
		out[i], _ = strconv.Atoi(s)
	}
	return out
}

func valueFor(name string, texts []string) any {
	if strings.HasPrefix(name, "text") {
		return texts
	}
	return numbersOf(texts)
}

func stepsForNumpy(t *testing.T, r *rand.Rand, path string) []numpyStep {
	f, err := OpenFile(path, "r+")
	must(t, err)
	defer f.Close()
	names, err := f.Keys()
	must(t, err)
	const reads, writes = 300, 200
	var steps []numpyStep
	for k := range reads + writes {
		d, err := f.Dataset(names[r.IntN(len(names))])
		must(t, err)
		step := numpyStep{Dataset: d.Path()[1:], Write: k >= reads, WritesFrom: reads}
		if d.FieldNames() != nil {
			step.Field = d.FieldNames()[r.IntN(2)]
		}
		step.Select = randomNumpySelection(r, d.Shape(), 0)
		s, err := newSelection(d.Shape(), step.Select.arg)
		if err != nil {
			t.Fatalf("%v %v: %v", d, step.Select, err)
		}
		if step.Write {
			writeForNumpy(t, r, d, &step, s.result())
		} else {
			readForNumpy(t, d, &step)
		}
		steps = append(steps, step)
	}
	return steps
}

func readForNumpy(t *testing.T, d *Dataset, step *numpyStep) {
	a, err := d.Slice(step.Select.arg...)
	if step.Field != "" {
		a, err = d.Field(step.Field, step.Select.arg...)
	}
	if err != nil {
		t.Fatalf("%v %v: %v", d, step.Select, err)
	}
	whole, err := d.Slice()
	must(t, err)
	if step.Field != "" {
		whole, err = whole.Field(step.Field)
		must(t, err)
	}
	inMemory, err := whole.Slice(step.Select.arg...)
	must(t, err)
	if inMemory.String() != a.String() {
		t.Fatalf("%v %v:\n%v from the file\n%v in memory", d, step.Select, a, inMemory)
	}
	step.Shape = a.Shape()
	step.Values, err = a.Strings()
	must(t, err)
}

// writeForNumpy writes new numbers in the shape of the selection, or in one that is repeated to it.
func writeForNumpy(t *testing.T, r *rand.Rand, d *Dataset, step *numpyStep, shape Shape) {
	step.Shape = slices.Clone(shape)
	for i := range step.Shape {
		if r.IntN(3) == 0 && step.Shape[i] > 0 {
			step.Shape[i] = 1
		}
	}
	step.Shape = step.Shape[min(r.IntN(3), len(step.Shape)):]
	if !slices.ContainsFunc(step.Shape, func(n int) bool { return n != 1 }) {
		step.Shape = step.Shape[:0] // gofive and h5py take one element for the whole in any shape
	}
	n := Shape(step.Shape).Len()
	for range n {
		step.Values = append(step.Values, strconv.Itoa(100+r.IntN(900)))
	}
	v, err := NewArray(valueFor(step.Dataset, step.Values))
	must(t, err)
	v = v.reshaped(step.Shape, 1)
	if step.Field != "" {
		err = d.WriteField(step.Field, v, step.Select.arg...)
	} else {
		err = d.Write(v, step.Select.arg...)
	}
	if err != nil {
		t.Fatalf("%v %v, a value of shape %v: %v", d, step.Select, step.Shape, err)
	}
}

func randomNumpySelection(r *rand.Rand, shape Shape, depth int) numpySelection {
	kinds := []string{"axes", "axes", "points", "mask", "hyperslab", "union"}
	switch kind := kinds[r.IntN(len(kinds)-min(depth, 1))]; kind {
	case "points":
		points := Points{}
		for range r.IntN(12) {
			var p []int
			for _, n := range shape {
				p = append(p, r.IntN(2*n)-n)
			}
			points = append(points, p)
		}
		return numpySelection{kind, points, []any{points}}
	case "mask":
		mask, share := make([]bool, shape.Len()), r.IntN(5)
		for i := range mask {
			mask[i] = r.IntN(5) < share
		}
		a := &Array{typ: Bool, shape: shape, data: mask}
		return numpySelection{kind, mask, []any{a}}
	case "hyperslab":
		h := randomSlab(r, shape)
		return numpySelection{kind, [][]int{h.Start, h.Stride, h.Count, h.Block}, []any{h}}
	case "union":
		parts, args := []numpySelection{}, []any{}
		for range r.IntN(4) {
			part := randomNumpySelection(r, shape, 1)
			parts, args = append(parts, part), append(args, any(part.arg))
		}
		return numpySelection{kind, parts, []any{Union(args...)}}
	}
	return randomAxes(r, shape)
}

func randomSlab(r *rand.Rand, shape Shape) Hyperslab {
	var h Hyperslab
	for _, n := range shape {
		start := r.IntN(n)
		block := 1 + r.IntN(min(3, n-start))
		stride := block + r.IntN(3)
		h.Start, h.Stride, h.Block = append(h.Start, start), append(h.Stride, stride), append(h.Block, block)
		h.Count = append(h.Count, r.IntN((n-start-block)/stride+1)+min(1, r.IntN(9)))
	}
	return h
}

func randomAxes(r *rand.Rand, shape Shape) numpySelection {
	of, arg := []numpySelection{}, []any{}
	for _, n := range shape[:r.IntN(len(shape)+1)] {
		one := numpySelection{Kind: []string{"int", "list", "mask", "slice", "slice"}[r.IntN(5)]}
		switch one.Kind {
		case "int":
			one.Of = r.IntN(2*n) - n
			arg = append(arg, one.Of)
		case "list":
			list := []int{}
			for range r.IntN(2 * n) {
				list = append(list, r.IntN(2*n)-n)
			}
			one.Of = list
			arg = append(arg, list)
		case "mask":
			mask := make([]bool, n)
			for i := range mask {
				mask[i] = r.IntN(2) == 0
			}
			one.Of = mask
			arg = append(arg, mask)
		default:
			lo, step := r.IntN(n), r.IntN(7)-3
			if step == 0 {
				step = 1
			}
			one.Of = []any{lo, nil, step}
			arg = append(arg, fmt.Sprintf("%d::%d", lo, step))
		}
		of = append(of, one)
	}
	return numpySelection{"axes", of, arg}
}
