package mpi

import (
	"slices"
	"sync"
	"testing"
)

// right and left are the neighbours in the ring of all ranks.
func right() int { return (Rank() + 1) % Size() }
func left() int  { return (Rank() + Size() - 1) % Size() }

// ring sends v to the right and returns what comes from the left.
func ring[T any](t *testing.T, v T, tag int) T {
	t.Helper()
	q, err := World.Isend(&v, right(), tag)
	fine(t, "Isend", err)
	got, err := Recv[T](left(), tag)
	fine(t, "Recv", err)
	fine(t, "Wait", Waitall(q))
	return got
}

func messageProgram(t *testing.T) {
	same(t, "int", ring(t, Rank(), 1), nil, left())
	same(t, "slice", ring(t, []float64{1, float64(Rank())}, 2), nil, []float64{1, float64(left())})
	same(t, "empty", len(ring(t, []float64{}, 3)), nil, 0)
	same(t, "string", ring(t, "weiß", 4), nil, "weiß")
	same(t, "struct", ring(t, point{1, 2, float64(Rank())}, 5), nil, point{1, 2, float64(left())})
	same(t, "gob", ring(t, map[string][]int{"a": {Rank()}}, 6), nil, map[string][]int{"a": {left()}})
	fine(t, "nobody", Send(1, ProcNull, 0))
	st, err := RecvInto(make([]int, 1), ProcNull, 0)
	same(t, "nobody", st.Source, err, ProcNull)
	defer func() { fine(t, "Barrier", Barrier()) }() // a rank that went on would send to any tag
	if Rank() != 0 {
		fine(t, "Ssend", Ssend(Rank(), 0, 7))
		return
	}
	var from []int
	for range Size() - 1 {
		var x int
		st, err := RecvInto(&x, AnySource, AnyTag)
		same(t, "any source", x, err, st.Source)
		same(t, "its tag and length", []int{st.Tag, st.Bytes}, nil, []int{7, 8})
		from = append(from, x)
	}
	slices.Sort(from)
	same(t, "number of sources", len(slices.Compact(from)), nil, Size()-1)
}

func truncatedProgram(t *testing.T) {
	q, err := Isend([]float64{1, 2, 3}, right(), 1)
	fine(t, "Isend", err)
	_, err = RecvInto(make([]float64, 2), left(), 1)
	fails(t, "too short", err, ErrTruncated, ranksText([]int{left()})) // the sender
	fails(t, "too short", err, ErrTruncated, "16 bytes (2 float64)")   // the room
	fine(t, "Wait", Waitall(q))
	q, err = Isend([]byte{1, 2, 3}, right(), 2)
	fine(t, "Isend", err)
	_, err = Recv[[]int32](left(), 2)
	fails(t, "no whole elements", err, ErrTruncated, "sent 3 bytes, and a int32 has 4")
	fine(t, "Wait", Waitall(q))
	q, err = Isend([]int8{1}, right(), 3)
	fine(t, "Isend", err)
	_, err = Recv[float64](left(), 3)
	fails(t, "another type", err, ErrTruncated, "sent 1 bytes, and a float64 has 8")
	fine(t, "Wait", Waitall(q))
	st, err := func() (Status, error) {
		q, err := Isend([]int32{5}, right(), 4)
		fine(t, "Isend", err)
		defer q.Wait()
		return RecvInto(make([]int32, 4), left(), 4)
	}()
	same(t, "a shorter message", st.Bytes, err, 4)
}

func requestProgram(t *testing.T) {
	in := make([]int, 1)
	q, err := Irecv(in, left(), 1)
	fine(t, "Irecv", err)
	if _, done, err := q.Test(); done && Size() > 1 {
		t.Fatalf("a receive was done before it was sent: %v", err)
	}
	fine(t, "Barrier", Barrier())
	s, err := Isend([]int{Rank()}, right(), 1)
	fine(t, "Isend", err)
	fine(t, "Waitall", Waitall(q, s))
	st, err := q.Wait()
	same(t, "a second Wait", st, err, Status{Source: left(), Tag: 1, Bytes: 8})
	same(t, "what came", in, nil, []int{left()})
	i, _, err := Waitany(q, s)
	same(t, "Waitany of none", i, err, -1)

	var x int
	a, err := Irecv(&x, left(), 2)
	fine(t, "Irecv", err)
	b, err := Irecv(make([]int, 1), left(), 3)
	fine(t, "Irecv", err)
	fine(t, "Send", Send(Rank(), right(), 3))
	i, st, err = Waitany(a, b)
	same(t, "Waitany", []int{i, st.Tag}, err, []int{1, 3})
	fine(t, "Barrier", Barrier())
	fine(t, "Send", Send(Rank(), right(), 2))
	i, _, err = Waitany(a, b)
	same(t, "Waitany", []int{i, x}, err, []int{0, left()})
	var growing []int
	_, err = Irecv(&growing, left(), 4)
	fails(t, "unknown length", err, ErrValue, "length of a *[]int is not known")
}

func sendrecvProgram(t *testing.T) {
	got, err := Sendrecv(slices.Repeat([]int{Rank()}, Rank()+1), right(), left(), 3)
	same(t, "slices", got, err, slices.Repeat([]int{left()}, left()+1))
	dest, source := Rank()+1, Rank()-1
	if dest == Size() {
		dest = ProcNull
	}
	if source < 0 {
		source = ProcNull
	}
	x, err := Sendrecv(Rank()+1, dest, source, 4)
	same(t, "a row that ends", x, err, Rank())
	big := make([]float64, 1<<17)
	big[0] = float64(Rank())
	got2, err := Sendrecv(big, right(), left(), 5)
	same(t, "large", got2[0], err, float64(left()))
}

func probeProgram(t *testing.T) {
	_, found, err := Iprobe(AnySource, 9)
	same(t, "nothing", found, err, false)
	fine(t, "Barrier", Barrier())
	q, err := Isend([]float32{1, 2}, right(), 9)
	fine(t, "Isend", err)
	st, err := Probe(AnySource, 9)
	same(t, "Probe", st, err, Status{Source: left(), Tag: 9, Bytes: 8})
	_, found, err = Iprobe(left(), 9)
	same(t, "Iprobe", found, err, true)
	got, err := Recv[[]float32](st.Source, st.Tag)
	same(t, "Recv", got, err, []float32{1, 2})
	fine(t, "Wait", Waitall(q))
}

// goroutinesProgram receives messages of unknown length by several goroutines at once.
func goroutinesProgram(t *testing.T) {
	const each = 20
	var mu sync.Mutex
	var lengths []int
	var work sync.WaitGroup
	for range 4 {
		work.Go(func() {
			for range each / 4 {
				got, err := Recv[[]int](left(), 11)
				if err != nil {
					t.Errorf("Recv: %v", err)
				}
				mu.Lock()
				lengths = append(lengths, len(got))
				mu.Unlock()
			}
		})
	}
	for i := range each {
		fine(t, "Send", Send(make([]int, i), right(), 11))
	}
	work.Wait()
	slices.Sort(lengths)
	for i, n := range lengths {
		same(t, "lengths", n, nil, i)
	}
}
