package mpi

import (
	"fmt"
	"slices"
	"testing"
)

type point struct {
	X, Y int32
	W    float64
}

type fiber struct {
	Name string
	Flux []float64
}

func barrierProgram(t *testing.T) {
	fine(t, "Barrier", Barrier())
}

func bcastProgram(t *testing.T) {
	for root := range Size() {
		x, long, s, m := 0, []float64(nil), "", map[string]int(nil)
		p, f, fixed := point{}, fiber{}, make([]int32, 3)
		if Rank() == root {
			x, long, s, m = 7+root, []float64{1, 2, 3}, "é", map[string]int{"a": 1}
			p, f, fixed = point{1, 2, 3}, fiber{"f", []float64{4}}, []int32{7, 8, 9}
		}
		same(t, "int", x, nil, x)
		fine(t, "int", Bcast(&x, root))
		same(t, "int", x, nil, 7+root)
		fine(t, "slice", Bcast(&long, root))
		same(t, "slice", long, nil, []float64{1, 2, 3})
		fine(t, "string", Bcast(&s, root))
		same(t, "string", s, nil, "é")
		fine(t, "map", Bcast(&m, root))
		same(t, "map", m, nil, map[string]int{"a": 1})
		fine(t, "struct", Bcast(&p, root))
		same(t, "struct", p, nil, point{1, 2, 3})
		fine(t, "struct with a slice", Bcast(&f, root))
		same(t, "struct with a slice", f, nil, fiber{"f", []float64{4}})
		fine(t, "slice of one length", Bcast(fixed, root))
		same(t, "slice of one length", fixed, nil, []int32{7, 8, 9})
	}
	var none []int
	fine(t, "empty", Bcast(&none, 0))
	same(t, "empty", len(none), nil, 0)
}

func gatherProgram(t *testing.T) {
	root := Size() - 1
	at := func(v any) any {
		if Rank() == root {
			return v
		}
		return nil
	}
	if got, err := Gather(Rank(), root); Rank() == root {
		same(t, "int", got, err, each(func(r int) int { return r }))
	} else {
		same(t, "int elsewhere", got, err, []int(nil))
	}
	ragged := func(r int) []float64 { return slices.Repeat([]float64{float64(r)}, r+1) }
	if got, err := Gather(ragged(Rank()), root); Rank() == root {
		same(t, "slices", got, err, at(each(ragged)))
	}
	if got, err := Gatherv(ragged(Rank()), root); Rank() == root {
		same(t, "Gatherv", got, err, slices.Concat(each(ragged)...))
	}
	got, err := Allgather(point{int32(Rank()), 2, 3})
	same(t, "structs", got, err, each(func(r int) point { return point{int32(r), 2, 3} }))
	names, err := Allgather(string(rune('a' + Rank())))
	same(t, "strings", names, err, each(func(r int) string { return string(rune('a' + r)) }))
	fibers, err := Allgather(fiber{"f", ragged(Rank())})
	same(t, "gob", fibers, err, each(func(r int) fiber { return fiber{"f", ragged(r)} }))
	flat, err := Allgatherv(ragged(Rank()))
	same(t, "Allgatherv", flat, err, slices.Concat(each(ragged)...))
	half, err := World.Split(Rank()%2, 0)
	fine(t, "Split", err)
	for _, c := range []*Comm{World, half} {
		joined(t, c, func(r int) []string { return slices.Repeat([]string{string(rune('a' + r))}, r) })
		joined(t, c, func(r int) [][]float64 { return [][]float64{{1}, ragged(r)} })
		joined(t, c, func(r int) spectra { return spectra{{"f", ragged(r)}, {Name: "g"}} })
		joined(t, c, func(r int) []map[string]int { return []map[string]int{{"a": r}} })
		joined(t, c, func(r int) [][]string { return [][]string{{"a"}, {"b", string(rune('a' + r))}} })
	}
	fine(t, "Free", half.Free())
	wrong := []string{}
	fails(t, "gob into strings", World.Allgather(&fiber{"f", nil}, &wrong), ErrValue, "does not go into a []string")
	big, err := Allgather([3]float64{float64(Rank())})
	same(t, "arrays", big, err, each(func(r int) [3]float64 { return [3]float64{float64(r)} }))
}

type spectra []fiber

// joined gathers slices whose elements go by gob in a row, and scatters them.
func joined[S ~[]E, E any](t *testing.T, c *Comm, of func(rank int) S) {
	t.Helper()
	what := fmt.Sprintf("%T on %v", of(0), c)
	var want S
	for r := range c.Size() {
		want = append(want, of(r)...)
	}
	root := c.Size() - 1
	got, err := Allgatherv(of(c.Rank()), c)
	same(t, "Allgatherv of "+what, append(S(nil), got...), err, want)
	var all S
	fine(t, "Gather of "+what, c.Gather(of(c.Rank()), &all, root))
	got, err = Gatherv(of(c.Rank()), root, c)
	part, err2 := Scatterv(want, root, c)
	same(t, "Scatterv of "+what, append(S{}, part...), err2, append(S{}, Parts(want, c.Size())[c.Rank()]...))
	if c.Rank() != root {
		want = nil
	}
	same(t, "Gatherv of "+what, append(S(nil), got...), err, want)
	same(t, "Gather of "+what, append(S(nil), all...), nil, want)
	counts := make([]int, c.Size())
	counts[0] = len(want)
	fine(t, "counts of "+what, c.Scatterv(want, &part, counts, root))
	one, err := Allgather(of(c.Rank()), c)
	same(t, "Allgather of "+what, len(one), err, c.Size())
}

func scatterProgram(t *testing.T) {
	var numbers []int
	var parts [][]float64
	var words []string
	row := make([]float32, 2*Size()+1)
	if Rank() == 0 {
		numbers = each(func(r int) int { return r * r })
		parts = each(func(r int) []float64 { return slices.Repeat([]float64{1.5}, r) })
		words = each(func(r int) string { return string(rune('a' + r)) })
	}
	for i := range row {
		row[i] = float32(i)
	}
	got, err := Scatter(numbers, 0)
	same(t, "int", got, err, Rank()*Rank())
	part, err := Scatter(parts, 0)
	same(t, "slices", len(part), err, Rank())
	word, err := Scatter(words, 0)
	same(t, "strings", word, err, string(rune('a'+Rank())))
	mine, err := Scatterv(row, 0)
	same(t, "Scatterv", mine, err, Parts(row, Size())[Rank()])
	counts := make([]int, Size())
	counts[Size()-1] = len(row)
	var last []float32
	fine(t, "counts", World.Scatterv(row, &last, counts, 0))
	same(t, "counts", len(last), nil, counts[Rank()])
	_, err = Scatter(make([]int, Size()+1), 0)
	fails(t, "too many", err, ErrValue, "values for")
	err = World.Scatterv(row, &last, []int{1}, 0)
	fails(t, "bad counts", err, ErrValue, refusal(0, "Scatterv"))
	counts[0], counts[Size()-1] = -1, len(row)+1
	err = World.Scatterv(row, &last, counts, 0)
	fails(t, "negative count", err, ErrValue, refusal(0, "Scatterv")+"count ")
}

func alltoallProgram(t *testing.T) {
	got, err := Alltoall(each(func(r int) int { return 10*Rank() + r }))
	same(t, "int", got, err, each(func(r int) int { return 10*r + Rank() }))
	words, err := Alltoall(each(func(r int) string { return string(rune('a'+Rank())) + string(rune('a'+r)) }))
	same(t, "strings", words, err, each(func(r int) string { return string(rune('a'+r)) + string(rune('a'+Rank())) }))
	fibers, err := Alltoall(each(func(r int) fiber { return fiber{"f", []float64{float64(10*Rank() + r)}} }))
	same(t, "gob", fibers, err, each(func(r int) fiber { return fiber{"f", []float64{float64(10*r + Rank())}} }))
	parts, err := Alltoall(each(func(r int) []int32 { return slices.Repeat([]int32{int32(r)}, Rank()) }))
	same(t, "slices", parts, err, each(func(r int) []int32 { return slices.Repeat([]int32{int32(Rank())}, r) }))
}

func reduceProgram(t *testing.T) {
	n := Size()
	sum := n * (n + 1) / 2
	got, err := Allreduce(Rank()+1, Sum)
	same(t, "int", got, err, sum)
	xs, err := Allreduce([]float64{float64(Rank() + 1), 1}, Sum)
	same(t, "slice", xs, err, []float64{float64(sum), float64(n)})
	arr, err := Allreduce([3]int64{int64(Rank()), 0, -1}, Max)
	same(t, "array", arr, err, [3]int64{int64(n - 1), 0, -1})
	z, err := Allreduce(complex(1, float64(Rank())), Sum)
	same(t, "complex", z, err, complex(float64(n), float64(sum-n)))
	least, err := Reduce(float32(-Rank()), Min, n-1)
	want := float32(0)
	if Rank() == n-1 {
		want = float32(1 - n)
	}
	same(t, "Reduce", least, err, want)
	some, err := Reduce([]int{Rank() + 1}, Prod, 0)
	if Rank() == 0 {
		same(t, "Reduce slice", len(some), err, 1)
	} else {
		same(t, "Reduce slice elsewhere", some, err, []int(nil))
	}
	all, err := Allreduce(Rank() == 0, And)
	same(t, "And", all, err, n == 1)
	type flags []bool
	either, err := Allreduce(flags{Rank() == 0, false}, Or)
	same(t, "Or", either, err, flags{true, false})
	bits, err := Allreduce(uint16(1)<<Rank(), BitOr)
	same(t, "BitOr", bits, err, uint16(1)<<n-1)
	none, err := Allreduce([]float64{}, Sum)
	same(t, "empty", len(none), err, 0)
}

// reduceKindsProgram tries every kind in a small value, which Go joins, and in a slice, which MPI does.
func reduceKindsProgram(t *testing.T) {
	reduceKind[int8](t)
	reduceKind[int16](t)
	reduceKind[int32](t)
	reduceKind[int64](t)
	reduceKind[uint](t)
	reduceKind[uint8](t)
	reduceKind[uint16](t)
	reduceKind[uint32](t)
	reduceKind[uint64](t)
	reduceKind[float32](t)
	reduceKind[float64](t)
	reduceKind[complex64](t)
	reduceKind[complex128](t)
}

func reduceKind[T int8 | int16 | int32 | int64 | uint | uint8 | uint16 | uint32 | uint64 | float32 | float64 | complex64 | complex128](t *testing.T) {
	mine := T(1)
	for range Rank() {
		mine++
	}
	for _, op := range []Op{Sum, Prod, Max, Min, And, Or, Xor, BitAnd, BitOr, BitXor} {
		one, err := Allreduce(mine, op)
		if err != nil {
			fails(t, op.String(), err, ErrValue, "does not work for")
			continue
		}
		many, err := Allreduce([]T{mine, mine}, op)
		same(t, op.String(), many, err, []T{one, one})
	}
}

func scanProgram(t *testing.T) {
	r := Rank()
	got, err := Scan(r+1, Sum)
	same(t, "Scan", got, err, (r+1)*(r+2)/2)
	got, err = Exscan(r+1, Sum)
	same(t, "Exscan", got, err, r*(r+1)/2)
	xs, err := Scan([]float64{1, float64(r)}, Max)
	same(t, "Scan slice", xs, err, []float64{1, float64(r)})
	xs, err = Exscan([]float64{1, 2}, Sum)
	same(t, "Exscan slice", xs, err, []float64{float64(r), float64(2 * r)})
}

func reduceScatterProgram(t *testing.T) {
	xs := make([]int, 2*Size()+1)
	for i := range xs {
		xs[i] = i + Rank()
	}
	want := make([]int, len(xs))
	for i := range want {
		want[i] = i*Size() + Size()*(Size()-1)/2
	}
	got, err := ReduceScatter(xs, Sum)
	same(t, "ReduceScatter", got, err, Parts(want, Size())[Rank()])
	var part []int
	counts := []int(nil)
	if Rank() == Size()-1 {
		counts = make([]int, Size())
		counts[0] = -3
	}
	err = World.ReduceScatter(xs, &part, counts, Sum)
	fails(t, "negative count", err, ErrValue, refusal(Size()-1, "Reduce_scatter")+"count -3 for rank 0")
}

func funcProgram(t *testing.T) {
	digits := Func(func(a, b int) int { return 10*a + b })
	want := 0
	for r := range Size() {
		want = 10*want + r
	}
	got, err := Allreduce(Rank(), digits)
	same(t, "order", got, err, want)
	xs, err := Allreduce([]int{Rank(), Rank()}, digits)
	same(t, "elements", xs, err, []int{want, want})
	words, err := Scan(string(rune('a'+Rank())), Func(func(a, b string) string { return a + b }))
	same(t, "strings", words, err, "abcd"[:Rank()+1])
	whole := Func(func(a, b []int) []int { return append(a, b...) })
	joined, err := Reduce([]int{Rank()}, whole, 0)
	if Rank() == 0 {
		same(t, "slices", joined, err, each(func(r int) int { return r }))
	}
	fine(t, "slices", err)
	defer func() {
		if recover() == nil {
			t.Error("FuncOf took a function of another kind")
		}
	}()
	FuncOf(func(a int, b string) int { return a })
}

// rawProgram gives slices on both sides: MPI on their memory.
func rawProgram(t *testing.T) {
	n := Size()
	in, out := []float64{float64(Rank()), 1}, make([]float64, 2)
	fine(t, "Allreduce", World.Allreduce(in, out, Sum))
	same(t, "Allreduce", out, nil, []float64{float64(n * (n - 1) / 2), float64(n)})
	fine(t, "in place", World.Allreduce(in, in, Sum))
	same(t, "in place", in, nil, out)
	all := make([]int, n)
	fine(t, "Allgather", World.Allgather([]int{Rank()}, all))
	same(t, "Allgather", all, nil, each(func(r int) int { return r }))
	one := make([]int, 1)
	fine(t, "Scatter", World.Scatter(all, one, 0))
	same(t, "Scatter", one, nil, []int{Rank()})
	clear(all)
	fine(t, "Gather", World.Gather(one, all, 0))
	if Rank() == 0 {
		same(t, "Gather", all, nil, each(func(r int) int { return r }))
	}
	to := make([]int, n)
	fine(t, "Alltoall", World.Alltoall(each(func(r int) int { return r }), to))
	same(t, "Alltoall", to, nil, each(func(int) int { return Rank() }))
	fails(t, "short", World.Allreduce(in, out[:1], Sum), ErrValue, "2 float64 does not go into 1 float64")
}

// lengthsProgram reduces memory of lengths on both sides of where the way of doing it changes.
func lengthsProgram(t *testing.T) {
	n := Size()
	for _, length := range []int{0, 1, 3, 32, 33, 2047, 2048, 2049, 10_007} {
		in, out, want := make([]int64, length), make([]int64, length), make([]int64, length)
		for i := range in {
			in[i] = int64(i*n + Rank())
			want[i] = int64(i*n*n + n*(n-1)/2)
		}
		fine(t, "Allreduce", World.Allreduce(in, out, Sum))
		same(t, fmt.Sprintf("Allreduce of %d", length), out, nil, want)
		fine(t, "in place", World.Allreduce(in, in, Sum))
		same(t, fmt.Sprintf("Allreduce of %d in place", length), in, nil, want)
	}
}

// overtakingProgram has messages of its own under way while it reduces: neither is taken for the other.
func overtakingProgram(t *testing.T) {
	q, err := Irecv(make([]int, 1), AnySource, AnyTag)
	fine(t, "Irecv", err)
	for i := range 20 {
		out := make([]int, 1)
		fine(t, "Allreduce", World.Allreduce([]int{i}, out, Sum))
		same(t, "Allreduce", out[0], nil, i*Size())
	}
	fine(t, "Send", Send([]int{7}, left(), 1))
	st, err := q.Wait()
	same(t, "the message", st.Tag, err, 1)
}

func largeProgram(t *testing.T) {
	xs := make([]float64, 1<<20)
	for i := range xs {
		xs[i] = float64(i % 1000)
	}
	ys, err := Allreduce(xs, Sum)
	same(t, "Allreduce", ys[1999], err, float64(999*Size()))
	if Rank() != 0 {
		clear(xs)
	}
	fine(t, "Bcast", Bcast(xs, 0))
	same(t, "Bcast", xs[len(xs)-1], nil, float64((len(xs)-1)%1000))
}

func mismatchProgram(t *testing.T) {
	if Size() == 1 {
		t.Skip("one rank agrees with itself")
	}
	last := Size() - 1
	odd := Rank() == last
	var err error
	if odd {
		err = Barrier()
	} else {
		_, err = Allreduce([]float64{1, 2}, Sum)
	}
	fails(t, "calls", err, ErrMismatch, ranksText([]int{last})+" calls Barrier")
	fails(t, "calls", err, ErrMismatch, "Allreduce of 2 float64 with Sum")
	_, err = Allreduce(make([]float64, 1+Rank()/max(last, 1)), Sum)
	fails(t, "lengths", err, ErrMismatch, ranksText([]int{last})+" calls Allreduce of 2 float64")
	if odd {
		_, err = Allreduce(1, Max)
	} else {
		_, err = Allreduce(1, Min)
	}
	fails(t, "operations", err, ErrMismatch, "with Max")
	root := 0
	if odd {
		root = 1
	}
	x := 1
	fails(t, "roots", Bcast(&x, root), ErrMismatch, "root 1")
	if odd {
		_, err = Allgather(1)
	} else {
		_, err = Allgather(1.5)
	}
	fails(t, "types", err, ErrMismatch, "Allgather of float64")
	fine(t, "afterwards", Barrier())
}

// refusedProgram has one rank that cannot send its value: all ranks say so, and nobody waits for it.
func refusedProgram(t *testing.T) {
	last := Size() - 1
	var value any = 1.5
	var word any = "a"
	if Rank() == last {
		value = make(chan int)
		word = []chan int{}
	}
	all := func(xs any) []any { return slices.Repeat([]any{xs}, Size()) }
	var out any
	var outs []any
	for _, tt := range []struct {
		name string
		call func() error
	}{
		{"Bcast", func() error { return Bcast(&value, last) }},
		{"Allgather", func() error { _, err := Allgather(value); return err }},
		{"Gather", func() error { _, err := Gather(word, 0); return err }},
		{"Scatter", func() error { return World.Scatter(all(value), &out, last) }},
		{"Alltoall", func() error { return World.Alltoall(all(value), &outs) }},
		{"Reduce", func() error { _, err := Reduce(value, Func(func(a, b any) any { return a }), 0); return err }},
	} {
		fails(t, tt.name, tt.call(), ErrValue, refusal(last, tt.name)+"a ")
	}
	if Size() > 1 {
		err := error(nil)
		if Rank() == last {
			err = Bcast(&value, last)
		} else {
			err = Barrier()
		}
		fails(t, "another call", err, ErrMismatch, refusal(last, "Bcast")+"a ")
	}
	var none *fiber
	fails(t, "nil", Bcast(&none, 0), ErrValue, "cannot be sent")
	sum, err := Allreduce(1, Sum)
	same(t, "afterwards", sum, err, Size())
}

func badValuesProgram(t *testing.T) {
	_, err := Allreduce("a", Sum)
	fails(t, "string", err, ErrValue, "only numbers and bools")
	_, err = Allreduce(1.5, BitOr)
	fails(t, "bits of a float", err, ErrValue, "BitOr does not work for float64")
	_, err = Allreduce(1, Op{})
	fails(t, "no operation", err, ErrValue, "no operation given")
	fails(t, "channel", Bcast(make(chan int), 0), ErrValue, "cannot be filled")
	fails(t, "value", Bcast(3, 0), ErrValue, "give a slice or a pointer")
	fails(t, "root", Bcast(make([]int, 1), Size()), ErrRank, "world has ranks 0 to")
	fails(t, "dest", Send(1, Size(), 0), ErrRank, "world has ranks 0 to")
	fails(t, "tag", Send(1, 0, -5), ErrValue, "tags are 0 or more")
	fails(t, "nil", Send(nil, 0, 1), ErrValue, "nil cannot be sent")
	fails(t, "function", Send(func() {}, 0, 1), ErrValue, "func() cannot be sent")
}

// aloneProgram reduces on communicators of one rank each.
func aloneProgram(t *testing.T) {
	c, err := World.Split(Rank(), 0)
	fine(t, "Split", err)
	in, out := []float64{1, float64(Rank())}, make([]float64, 3)
	for name, call := range map[string]func() error{
		"Allreduce": func() error { return c.Allreduce(in, out, Sum) },
		"Reduce":    func() error { return c.Reduce(in, out, Max, 0) },
		"Scan":      func() error { return c.Scan(in, out, Prod) },
		"Exscan":    func() error { copy(out, in); return c.Exscan([]float64{5, 6}, out, Sum) },
		"in place":  func() error { copy(out, in); return c.Allreduce(out[:2], out[:2], Min) },
	} {
		clear(out)
		fine(t, name, call())
		same(t, name, out, nil, []float64{1, float64(Rank()), 0})
	}
	fails(t, "too short", c.Allreduce(in, out[:1], Sum), ErrValue, "does not go into")
	fine(t, "Free", c.Free())
	fails(t, "freed", c.Allreduce(in, out, Sum), ErrValue, "this communicator was freed")
}
