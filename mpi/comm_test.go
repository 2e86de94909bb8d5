package mpi

import (
	"testing"
)

func worldProgram(t *testing.T) {
	info, err := Init()
	fine(t, "Init", err)
	same(t, "Rank and Size", []int{info.Rank, info.Size}, nil, []int{Rank(), Size()})
	if info.LocalSize != Size() || info.LocalRank != Rank() {
		t.Errorf("one computer: got %+v", info)
	}
	if World.Handle() == 0 {
		t.Error("World has no handle")
	}
	if a, b := Wtime(), Wtime(); b < a {
		t.Errorf("Wtime went back from %v to %v", a, b)
	}
	fails(t, "Free", World.Free(), ErrValue, "mpi.World stays")
}

func hostProgram(t *testing.T) {
	Host()
	defer here.hosted.Store(false)
	fine(t, "Finalize of a program", Finalize())
	fine(t, "the next program", Barrier())
}

func splitProgram(t *testing.T) {
	half, err := World.Split(Rank()%2, -Rank())
	fine(t, "Split", err)
	size := (Size() + 1 - Rank()%2) / 2
	same(t, "size", half.Size(), nil, size)
	same(t, "order of keys", half.Rank(), nil, size-1-Rank()/2)
	sum, err := Allreduce(Rank(), Max, half)
	want := (Size()-1)/2*2 + Rank()%2
	if want >= Size() {
		want -= 2
	}
	same(t, "Allreduce", sum, err, want)
	fine(t, "Free", half.Free())
	fine(t, "a second Free", half.Free())
	_, err = Allreduce(1, Sum, half)
	fails(t, "freed", err, ErrValue, "was freed")

	color := 0
	if Rank() > 0 {
		color = Undefined
	}
	first, err := World.Split(color, 0)
	same(t, "Undefined", first == nil, err, Rank() > 0)

	twin, err := World.Dup()
	fine(t, "Dup", err)
	q, err := Isend(1, right(), 5)
	fine(t, "Isend", err)
	_, found, err := Iprobe(left(), 5, twin)
	same(t, "messages stay on their communicator", found, err, false)
	_, err = Recv[int](left(), 5)
	fine(t, "Recv", err)
	fine(t, "Wait", Waitall(q))
	fine(t, "Free", twin.Free())
}

func cartProgram(t *testing.T) {
	g, err := World.Cart(Dims(Size(), 2), []bool{true, false})
	fine(t, "Cart", err)
	same(t, "Dims", g.Dims()[0]*g.Dims()[1], nil, Size())
	same(t, "Coords and RankAt", g.RankAt(g.Coords(g.Rank())...), nil, g.Rank())
	same(t, "outside", g.RankAt(0, g.Dims()[1]), nil, ProcNull)
	source, dest := g.Shift(0, 1)
	got, err := Sendrecv(g.Rank(), dest, source, 0, g.Comm)
	same(t, "Shift", got, err, source)
	column, err := g.Sub(true, false)
	fine(t, "Sub", err)
	same(t, "Sub", column.Size(), nil, g.Dims()[0])
	sum, err := Allreduce(1, Sum, column.Comm)
	same(t, "on a column", sum, err, g.Dims()[0])
	_, err = World.Cart([]int{Size() + 1}, nil)
	fails(t, "too large", err, ErrValue, "needs")
}

func TestDims(t *testing.T) {
	for _, tt := range []struct {
		n, dimensions int
		want          []int
	}{
		{6, 2, []int{3, 2}},
		{7, 2, []int{7, 1}},
		{12, 3, []int{3, 2, 2}},
		{1, 3, []int{1, 1, 1}},
		{64, 3, []int{4, 4, 4}},
	} {
		same(t, "Dims", Dims(tt.n, tt.dimensions), nil, tt.want)
	}
}

func controlProgram(t *testing.T) {
	all, err := Exchange([]byte{byte(Rank()), 7})
	same(t, "Exchange", all, err, each(func(r int) []byte { return []byte{byte(r), 7} }))
	var b []byte
	var parts [][]byte
	if Rank() == 0 {
		b = make([]byte, 1<<20)
		b[len(b)-1] = 5
		parts = each(func(r int) []byte { return []byte{byte(r)} })
	}
	got, err := BcastBytes(b, 0)
	same(t, "BcastBytes", []int{len(got), int(got[len(got)-1])}, err, []int{1 << 20, 5})
	part, err := ScattervBytes(parts, 0)
	same(t, "ScattervBytes", part, err, []byte{byte(Rank())})
	back, err := GathervBytes(part, 0)
	if Rank() == 0 {
		same(t, "GathervBytes", back, err, parts)
	}
	fine(t, "GathervBytes", err)
}

func TestRanksText(t *testing.T) {
	for _, tt := range []struct {
		ranks []int
		want  string
	}{{[]int{2}, "rank 2"}, {[]int{0, 1, 3}, "ranks 0-1,3"}, {[]int{0, 1, 2}, "ranks 0-2"}} {
		same(t, "ranksText", ranksText(tt.ranks), nil, tt.want)
	}
}
