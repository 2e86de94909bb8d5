package h5

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
)

// scratch is an empty file to write to.
func scratch(t testing.TB) *File {
	t.Helper()
	f, err := Create(filepath.Join(t.TempDir(), "scratch.h5"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// TestSelections reads from a 4 x 5 dataset whose elements are their place, 10 * row + column.
func TestSelections(t *testing.T) {
	f := scratch(t)
	grid := make([][]int16, 4)
	for i := range grid {
		for j := range 5 {
			grid[i] = append(grid[i], int16(10*i+j))
		}
	}
	must(t, f.Set("grid", grid))
	d, err := f.Dataset("grid")
	must(t, err)
	whole, err := d.Slice()
	must(t, err)
	mask, err := NewArray([]bool{true, false, false, true})
	must(t, err)
	cases := []struct {
		sel  []any
		want string
	}{
		{[]any{"0, 0"}, "0"},
		{[]any{-1, -1}, "34"},
		{[]any{"1"}, "int16 (5) [10 11 12 13 14]"},
		{[]any{":, 2"}, "int16 (4) [2 12 22 32]"},
		{[]any{"..., -2:"}, "int16 (4, 2) [[3 4] [13 14] [23 24] [33 34]]"},
		{[]any{"1:3, ::2"}, "int16 (2, 3) [[10 12 14] [20 22 24]]"},
		{[]any{"1:3", "::2"}, "int16 (2, 3) [[10 12 14] [20 22 24]]"},
		{[]any{"::-1, 0"}, "int16 (4) [30 20 10 0]"},
		{[]any{"0, 3:0:-2"}, "int16 (2) [3 1]"},
		{[]any{"-2:, 1:-1"}, "int16 (2, 3) [[21 22 23] [31 32 33]]"},
		{[]any{"2:2"}, "int16 (0, 5) []"},
		{[]any{"[3,0,3], 1"}, "int16 (3) [31 1 31]"},
		{[]any{[]int{0, 3}, []int{4, 1}}, "int16 (2, 2) [[4 1] [34 31]]"},
		{[]any{[]bool{true, false, false, true}, 0}, "int16 (2) [0 30]"},
		{[]any{mask, 0}, "int16 (2) [0 30]"},
		{[]any{[]bool{false, false, false, false}}, "int16 (0, 5) []"},
		{[]any{Range(0, 4, 3), Range(-2, 5)}, "int16 (2, 2) [[3 4] [33 34]]"},
		{[]any{uint8(2), int64(3)}, "23"},
		{[]any{Points{{3, 0}, {0, -1}, {3, 0}}}, "int16 (3) [30 4 30]"},
		{[]any{Points{}}, "int16 (0) []"},
		{[]any{Hyperslab{Start: []int{1, 0}, Stride: []int{1, 3}, Count: []int{2, 2}, Block: []int{1, 2}}}, "int16 (2, 4) [[10 11 13 14] [20 21 23 24]]"},
		{[]any{Hyperslab{Count: []int{2, 1}}}, "int16 (2, 1) [[0] [10]]"},
		{[]any{[4][5]bool{{0: true}, {}, {4: true}}}, "int16 (2) [0 24]"},
		{[]any{Union("0, :2", Points{{3, 3}, {0, 1}}, []any{[]int{2}, -1}, Hyperslab{Start: []int{1, 1}, Count: []int{1, 1}})}, "int16 (5) [0 1 11 24 33]"},
		{[]any{Union()}, "int16 (0) []"},
		{[]any{""}, whole.String()},
		{[]any{"..."}, whole.String()},
		{[]any{" 1 : 2 , 0 : 2 "}, "int16 (1, 2) [[10 11]]"},
	}
	for _, c := range cases {
		t.Run(fmt.Sprint(c.sel...), func(t *testing.T) {
			fromFile, err := d.Slice(c.sel...)
			must(t, err)
			inMemory, err := whole.Slice(c.sel...)
			must(t, err)
			if fromFile.String() != c.want || inMemory.String() != c.want {
				t.Errorf("from the file %v\nin memory     %v\nwant          %v", fromFile, inMemory, c.want)
			}
		})
	}
}

// Go passes the error of an inner call on where a function takes any arguments: that of a success is
// no selection, and that of a failure is told.
func TestPassedOnError(t *testing.T) {
	f := scratch(t)
	must(t, f.Set("x", []float64{1, 2, 3}))
	if x, err := Read[float64](f.Dataset("x")); err != nil || len(x) != 3 {
		t.Errorf("Read of what was found: %v, %v", x, err)
	}
	if _, err := Read[float64](f.Dataset("y")); !errors.Is(err, ErrNotFound) {
		t.Errorf("Read of what was not found: %v", err)
	}
}

// TestSelectionsAgree reads random selections from the file in every storage, in memory, and from
// types that are read by another way, and writes them.
func TestSelectionsAgree(t *testing.T) {
	f := scratch(t)
	shape := Shape{7, 6, 5}
	numbers, words, rows := make([]float32, shape.Len()), make([]string, shape.Len()), make([]struct{ A int32 }, shape.Len())
	for i := range numbers {
		numbers[i], words[i], rows[i].A = float32(i), fmt.Sprint(i), int32(i)
	}
	var sets []*Dataset
	for name, o := range map[string]DatasetCreate{"contiguous": {}, "chunked": {Chunks: Shape{2, 3, 2}}, "gzip": {Gzip: 1, Shuffle: true}} {
		for typ, v := range map[*Datatype]any{Float32.BigEndian(): numbers, String: words, Compound(Member{"A", Int32}): rows} {
			d, err := f.CreateDataset(name+typ.String(), typ, shape, o)
			must(t, err)
			must(t, d.Write(v))
			sets = append(sets, d)
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 150 {
		sel, want := randomSelection(random, shape)
		for _, d := range sets {
			a, err := d.Slice(sel...)
			must(t, err)
			if d.FieldNames() != nil {
				a, err = a.Field("A")
				must(t, err)
			}
			texts, err := a.Strings()
			must(t, err)
			if !slices.Equal(texts, want) {
				t.Fatalf("%v %v:\n got %v\nwant %v", d, sel, texts, want)
			}
		}
		d := sets[random.IntN(len(sets))]
		a, err := d.Slice(sel...)
		must(t, err)
		must(t, d.Write(a, sel...))
	}
	for _, d := range sets {
		a, err := d.Slice("0, 0, :3")
		must(t, err)
		if a.line(9) != "[0 1 2]" && a.line(9) != `["0" "1" "2"]` && a.line(9) != "[{A: 0} {A: 1} {A: 2}]" {
			t.Errorf("%v changed where it was written with what it held: %v", d, a)
		}
	}
}

// randomSelection gives a selection and the places it selects, as text.
func randomSelection(r *rand.Rand, shape Shape) (sel []any, want []string) {
	places := make([][]int, len(shape))
	for i, n := range shape {
		switch r.IntN(5) {
		case 0:
			at := r.IntN(n)
			sel, places[i] = append(sel, at-n), []int{at}
		case 1:
			lo, step := r.IntN(n), 1+r.IntN(3)
			sel = append(sel, fmt.Sprintf("%d::%d", lo, step))
			for p := lo; p < n; p += step {
				places[i] = append(places[i], p)
			}
		case 2:
			lo, step := r.IntN(n), 1+r.IntN(3)
			sel = append(sel, fmt.Sprintf("%d::-%d", lo, step))
			for p := lo; p >= 0; p -= step {
				places[i] = append(places[i], p)
			}
		case 3:
			list := []int{}
			for range r.IntN(n) {
				list = append(list, r.IntN(n))
			}
			sel, places[i] = append(sel, list), list
		default:
			sel = append(sel, ":")
			for p := range n {
				places[i] = append(places[i], p)
			}
		}
	}
	for _, a := range places[0] {
		for _, b := range places[1] {
			for _, c := range places[2] {
				want = append(want, fmt.Sprint((a*shape[1]+b)*shape[2]+c))
			}
		}
	}
	return sel, want
}

// TestPieces cuts selections into pieces and checks that they are all, once, in order.
func TestPieces(t *testing.T) {
	f := scratch(t)
	const rows, columns = 50, 40
	numbers := make([]int64, rows*columns)
	for i := range numbers {
		numbers[i] = int64(i)
	}
	for _, chunks := range []Shape{nil, {7, 40}, {50, 3}} {
		d, err := f.CreateDataset(fmt.Sprint("d", chunks), Int64, Shape{rows, columns}, DatasetCreate{Chunks: chunks})
		must(t, err)
		must(t, d.Write(numbers))
		for _, bytes := range []int{8, 100, 8 * columns, 3000, 1 << 20} {
			s, mem, err := d.prepare("read", nil, []any{"1::2, 3:"})
			must(t, err)
			a, _ := newArray(mem.typ, s.read(), nil)
			tr := transfer{d: d, mem: mem, sel: s, watch: newWatch("read", "", 0)}
			must(t, tr.pieces(s.hyperslab(), bytes, tr.direct(a.memory())))
			whole, err := d.Slice("1::2, 3:")
			must(t, err)
			if !slices.Equal(a.data.([]int64), whole.data.([]int64)) {
				t.Errorf("chunks %v, pieces of %d bytes: %v", chunks, bytes, a)
			}
		}
	}
}

func TestInterruptedRead(t *testing.T) {
	f := scratch(t)
	must(t, f.Set("x", make([]float64, 1000)))
	d, err := f.Dataset("x")
	must(t, err)
	s, mem, err := d.prepare("read dataset", nil, nil)
	must(t, err)
	a, _ := newArray(mem.typ, s.read(), nil)
	pieces := 0
	tr := transfer{d: d, op: "read dataset", mem: mem, sel: s, watch: &watch{stop: func() bool { pieces++; return pieces > 3 }}}
	err = tr.pieces(s.hyperslab(), 800, tr.direct(a.memory()))
	check(t, err, ErrInterrupted, `read dataset "/x"`, "interrupted")

	stop := interrupted()
	if stop() {
		t.Error("interrupted before Interrupt")
	}
	Interrupt()
	if !stop() || interrupted()() {
		t.Error("Interrupt ends what runs, and nothing that starts later")
	}
}

func TestTooLarge(t *testing.T) {
	f := scratch(t)
	d, err := f.CreateDataset("vast", Float64, Shape{1 << 40, 1 << 20}, DatasetCreate{Chunks: Shape{1, 1024}})
	must(t, err)
	_, err = d.Slice()
	check(t, err, ErrTooLarge, "more than 8 EB", "select a part")
	_, err = d.Slice(0)
	must(t, err)
	_, err = d.Slice("0:100000")
	check(t, err, ErrTooLarge, "781 GB of memory", "are free")
}
