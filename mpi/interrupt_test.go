package mpi

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// blockers are calls that wait for a rank that does not come, and how they are listed meanwhile.
var blockers = []struct {
	name, listed string
	call         func() error
}{
	{"Barrier", "MPI_Barrier", func() error { return Barrier() }},
	{"Allreduce of a number", "MPI_Allreduce", func() error { _, err := Allreduce(1, Sum); return err }},
	{"Allreduce in memory", "MPI_Allreduce", func() error { return World.Allreduce(make([]int32, 1), make([]int32, 1), Sum) }},
	{"Allreduce of 10 MB", "MPI_Allreduce", func() error { return World.Allreduce(make([]int32, 5<<19), make([]int32, 5<<19), Sum) }},
	{"Bcast of 10 MB", "MPI_Bcast(root 0)", func() error { return Bcast(make([]byte, 10<<20), 0) }},
	{"Alltoall of 10 MB", "MPI_Alltoall", func() error { return World.Alltoall(make([]byte, 12<<20), make([]byte, 12<<20)) }},
	{"Gather", "MPI_Gather(root 0)", func() error { _, err := Gather([]int{1}, 0); return err }},
	{"Split", "MPI_Comm_split", func() error { _, err := World.Split(0, 0); return err }},
	{"Recv of a number", "MPI_Recv(from 1, tag 7)", func() error { _, err := Recv[int](1, 7); return err }},
	{"Recv of a slice", "MPI_Recv(from 1, tag 7)", func() error { _, err := Recv[[]int](1, 7); return err }},
	{"Send of 10 MB", "MPI_Send(to 1, tag 7)", func() error { return Send(make([]byte, 10<<20), 1, 7) }},
	{"Ssend", "MPI_Ssend(to 1, tag 7)", func() error { return Ssend(1, 1, 7) }},
	{"Probe", "MPI_Probe(from 1, tag 7)", func() error { _, err := Probe(1, 7); return err }},
	{"Sendrecv", "MPI_Sendrecv(with 1, tag 7)", func() error { _, err := Sendrecv(make([]byte, 1<<20), 1, 1, 7); return err }},
}

// interruptProgram leaves each of these calls, several times, and then all ranks must be able to go on.
func interruptProgram(t *testing.T) {
	if Size() == 1 {
		t.Skip("one rank waits for nobody")
	}
	for _, b := range blockers {
		for range 3 {
			if Rank() != 1 {
				err := interrupted(t, b.call, b.listed)
				if !errors.Is(err, ErrInterrupted) {
					t.Fatalf("rank %d: %s: got %v, want %v", Rank(), b.name, err, ErrInterrupted)
				}
			}
			Interrupt()
			_, err := Allreduce(1, Sum)
			fails(t, "before Renew", err, ErrInterrupted, "")
			old := World.Handle()
			fine(t, "Renew", Renew())
			if World.Handle() == old && Version() != "" && strings.HasPrefix(Version(), "MPICH") {
				t.Fatalf("%s: World is the communicator that calls were left on", b.name)
			}
			goesOn(t, b.name)
		}
	}
}

// interrupted makes a call, interrupts it when it is listed as waiting, and returns its error.
func interrupted(t *testing.T, call func() error, listed string) error {
	t.Helper()
	done := make(chan error, 1)
	go func() { done <- call() }()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(time.Millisecond) {
		if calls := Where(); len(calls) == 1 {
			same(t, "Where", calls[0].String(), nil, listed)
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("rank %d: %s is not listed: %v", Rank(), listed, Where())
		}
	}
	Interrupt()
	select {
	case err := <-done:
		return err
	case <-time.After(10 * time.Second):
		t.Fatalf("rank %d: %s did not return", Rank(), listed)
		return nil
	}
}

// goesOn fails unless collective calls give the right answers.
func goesOn(t *testing.T, after string) {
	t.Helper()
	sum, err := Allreduce(1, Sum)
	same(t, "Allreduce after "+after, sum, err, Size())
	x := make([]byte, 1<<20)
	if Rank() == 0 {
		x[len(x)-1] = 42
	}
	fine(t, "Bcast after "+after, Bcast(x, 0))
	same(t, "Bcast after "+after, x[len(x)-1], nil, byte(42))
	same(t, "Where after "+after, len(Where()), nil, 0)
}

func interruptRequestProgram(t *testing.T) {
	old, err := World.Dup()
	fine(t, "Dup", err)
	same(t, "nothing was left", Renew(), nil, error(nil))
	_, err = Allreduce(1, Sum, old)
	fine(t, "still the same ground", err)

	q, err := Irecv(make([]int, 1), left(), 21)
	fine(t, "Irecv", err)
	Interrupt()
	fails(t, "refused", Barrier(), ErrInterrupted, "")
	fine(t, "Renew", Renew())
	_, err = q.Wait()
	fails(t, "a request from before", err, ErrInterrupted, "")
	_, err = Allreduce(1, Sum, old)
	fails(t, "a communicator from before", err, ErrRetired, "make it again from mpi.World")
	goesOn(t, "requests")
}

func whereProgram(t *testing.T) {
	At = func() int { return 12 }
	defer func() { At = nil }()
	if Size() > 1 && Rank() == 0 {
		done := make(chan error, 1)
		go func() { _, err := Recv[int](1, 7); done <- err }()
		for len(Where()) == 0 {
			time.Sleep(time.Millisecond)
		}
		c := Where()[0]
		same(t, "Where", c.String(), nil, "MPI_Recv(from 1, tag 7), line 12")
		if !c.Abandon || time.Since(c.Since) > time.Minute {
			t.Errorf("got %+v", c)
		}
		fine(t, "Send", Send("now", 1, 8))
		fine(t, "Recv", <-done)
	}
	if Rank() == 1 {
		_, err := Recv[string](0, 8)
		fine(t, "Recv", err)
		fine(t, "Send", Send(1, 0, 7))
	}
	end := Begin("H5Dwrite")
	same(t, "Begin", Where()[0].String(), nil, "H5Dwrite, line 12")
	same(t, "it cannot be left", Where()[0].Abandon, nil, false)
	end()
	same(t, "end", len(Where()), nil, 0)
}

// interruptMidwayProgram interrupts ranks that all take part, while data move: each ends its calls at
// another one, and some may have all they wanted.
func interruptMidwayProgram(t *testing.T) {
	for round := range 5 {
		xs := make([]float64, 1<<20) // what a call was left on may still change
		done := make(chan error, 1)
		go func() {
			for {
				if err := World.Allreduce(xs, xs, Max); err != nil {
					done <- err
					return
				}
			}
		}()
		time.Sleep(time.Duration(round) * 3 * time.Millisecond)
		Interrupt()
		fails(t, "midway", <-done, ErrInterrupted, "")
		fine(t, "Renew", Renew())
		goesOn(t, "an interrupt midway")
	}
}
