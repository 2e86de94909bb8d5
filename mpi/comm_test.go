package mpi

import (
	"fmt"
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
	if first == nil {
		nilComm(t, first)
	}
	color = 0
	if Rank() == Size()-1 {
		color = -5
	}
	_, err = World.Split(color, 0)
	fails(t, "color", err, ErrValue, refusal(Size()-1, "Comm_split")+"color -5: colors are 0 to ")

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

// TestNilComm is outside of a job, where calls on World would succeed.
func TestNilComm(t *testing.T) { nilComm(t, nil) }

// nilComm makes every call on a communicator that this rank has no part in.
func nilComm(t *testing.T, c *Comm) {
	t.Helper()
	x, xs, all, to := 1, []int{1}, []int(nil), make([]int, 1)
	q := func(_ any, err error) error { return err }
	for name, err := range map[string]error{
		"Allreduce":      q(Allreduce(1, Sum, c)),
		"Barrier":        Barrier(c),
		"Bcast":          Bcast(&x, 0, c),
		"Gather":         q(Gather(1, 0, c)),
		"Allgather":      q(Allgather(1, c)),
		"raw Allgather":  c.Allgather(xs, to),
		"raw Allreduce":  c.Allreduce(xs, to, Sum),
		"raw Alltoall":   c.Alltoall(xs, to),
		"raw Scatter":    c.Scatter(xs, to, 0),
		"Scatter":        q(Scatter(xs, 0, c)),
		"Scatterv":       q(Scatterv(xs, 0, c)),
		"Alltoall":       q(Alltoall(xs, c)),
		"Reduce":         q(Reduce(1, Sum, 0, c)),
		"Reduce by Func": c.Allreduce(&x, &x, Func(func(a, b int) int { return a })),
		"Scan":           q(Scan(1, Sum, c)),
		"Exscan":         q(Exscan(xs, Sum, c)),
		"ReduceScatter":  q(ReduceScatter(xs, Sum, c)),
		"Send":           Send(1, 0, 0, c),
		"Recv":           q(Recv[int](0, 0, c)),
		"RecvInto":       q(RecvInto(&all, 0, 0, c)),
		"Isend":          q(Isend(1, 0, 0, c)),
		"Irecv":          q(Irecv(to, 0, 0, c)),
		"Sendrecv":       q(Sendrecv(1, 0, 0, 0, c)),
		"Probe":          q(Probe(0, 0, c)),
		"NewWindow":      q(NewWindow[int](1, c)),
		"Dup":            q(c.Dup()),
		"Split":          q(c.Split(0, 0)),
		"bad Split":      q(c.Split(-5, 0)),
		"Cart":           q(c.Cart([]int{1}, nil)),
		"Free":           c.Free(),
	} {
		fails(t, name, err, ErrValue, "there is no communicator: a rank that Split has left out")
	}
	_, _, err := Iprobe(0, 0, c)
	fails(t, "Iprobe", err, ErrValue, "there is no communicator")
	c.SetName("none")
	same(t, "what it is", fmt.Sprint(c, c.Rank(), c.Size(), c.Handle()), nil, "no communicator -1 0 0")
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
	for _, tt := range []struct {
		dims    []int
		periods []bool
		want    string
	}{
		{[]int{1}, []bool{true, false}, "2 periods for 1 dimensions"},
		{[]int{-1, -1}, nil, "lengths are 1 or more"},
		{Dims(0, 2), nil, "lengths are 1 or more"},
	} {
		_, err = World.Cart(tt.dims, tt.periods)
		fails(t, fmt.Sprintf("Cart of %v", tt.dims), err, ErrValue, tt.want)
	}
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
		{0, 2, []int{0, 0}},
		{-1, 1, []int{0}},
		{4, -1, []int{}},
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
