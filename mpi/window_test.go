package mpi

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
)

// windowProgram moves elements in a ring.
func windowProgram(t *testing.T) {
	const n = 500_000 // several pieces between computers
	w, err := NewWindow[float64](n + Rank())
	fine(t, "NewWindow", err)
	same(t, "Len", w.Len(right()), nil, n+right())
	part, err := Local[float64](w)
	same(t, "Local", len(part), err, n+Rank())
	xs := make([]float64, n)
	for i := range xs {
		xs[i] = float64(i + Rank())
	}
	fine(t, "Put", w.Put(xs, right(), 0))
	if Rank() == Size()-1 {
		fine(t, "Put of a number", w.Put(-1.5, 0, 7))
	}
	fine(t, "Fence", w.Fence())
	for i, x := range part[:n] {
		want := float64(i + left())
		if Rank() == 0 && i == 7 {
			want = -1.5
		}
		if x != want {
			t.Fatalf("rank %d, element %d: got %v, want %v", Rank(), i, x, want)
		}
	}
	ys := make([]float64, n)
	fine(t, "Get", w.Get(ys, right(), 0))
	same(t, "Get", slices.Equal(ys[100:], xs[100:]), nil, true)
	var last float64
	fine(t, "Get of a number", w.Get(&last, right(), n-1))
	same(t, "Get of a number", last, nil, float64(n-1+Rank()))
	fine(t, "Fence", w.Fence())
	fine(t, "Put", w.Put(3.0, right(), n-1))
	fine(t, "Flush", w.Flush(right()))
	fine(t, "Barrier", Barrier())
	same(t, "Put and Flush", part[n-1], nil, 3.0)
	fine(t, "Free", w.Free())
	fine(t, "a second Free", w.Free())
	part[5] = 1 // memory all the same
	same(t, "String", w.String(), nil, "freed window")
}

func windowJoinsProgram(t *testing.T) {
	const n = 20_000 // joined in several steps
	w, err := NewWindow[int32](n)
	fine(t, "NewWindow", err)
	part, err := Local[int32](w)
	fine(t, "Local", err)
	xs := make([]int32, n-4)
	for i := range xs {
		xs[i] = int32(Rank() + i)
	}
	fine(t, "Sum", w.Accumulate(xs, Sum, 0, 0))
	fine(t, "Max", w.Accumulate([]int32{int32(Rank())}, Max, 0, n-4))
	fine(t, "Min", w.Accumulate([]int32{int32(-Rank())}, Min, 0, n-3))
	fine(t, "Replace", w.Accumulate([]int32{7, 8}, Replace, right(), n-2))
	fine(t, "Fence", w.Fence())
	same(t, "Replace", part[n-2:], nil, []int32{7, 8})
	if Rank() == 0 {
		size, ranks := int32(Size()), int32(Size()*(Size()-1)/2)
		for _, i := range []int{0, 1, 9_999, n - 5} {
			same(t, "Sum", part[i], nil, ranks+size*int32(i))
		}
		same(t, "Max and Min", part[n-4:n-2], nil, []int32{size - 1, 1 - size})
	}
	fine(t, "Free", w.Free())

	counters, err := NewWindow[int](2)
	fine(t, "NewWindow", err)
	const each = 100
	var drawn [2 * each]int
	var both sync.WaitGroup
	for g := range 2 {
		both.Go(func() {
			for i := range each {
				was, err := FetchAndOp(counters, 1, Sum, Size()-1, 0)
				if err != nil {
					t.Errorf("rank %d: FetchAndOp: %v", Rank(), err)
				}
				drawn[g*each+i] = was
			}
		})
	}
	both.Wait()
	all, err := Allgatherv(drawn[:])
	fine(t, "Allgatherv", err)
	slices.Sort(all)
	for i, x := range all {
		if x != i {
			t.Fatalf("number %d is %d: some were drawn twice", i, x)
		}
	}
	for range each {
		for old := 0; ; {
			was, err := CompareAndSwap(counters, old, old+3, 0, 1)
			fine(t, "CompareAndSwap", err)
			if was == old {
				break
			}
			old = was
		}
	}
	fine(t, "Fence", counters.Fence())
	var sum int
	fine(t, "Get", counters.Get(&sum, 0, 1))
	same(t, "CompareAndSwap", sum, nil, 3*each*Size())
	was, err := FetchAndOp(counters, -1, Replace, Rank(), 0)
	want := 0
	if Rank() == Size()-1 {
		want = 2 * each * Size()
	}
	same(t, "an exchange", was, err, want)
	fine(t, "Free", counters.Free())
}

// windowLocksProgram changes an element in three steps, which only a lock keeps together.
func windowLocksProgram(t *testing.T) {
	type account struct {
		Balance float64
		Changes int32
	}
	w, err := NewWindow[account](1)
	fine(t, "NewWindow", err)
	const each = 30
	for range each {
		fine(t, "Lock", w.Lock(0))
		var a account
		fine(t, "Get", w.Get(&a, 0, 0))
		a.Balance += 0.5
		a.Changes++
		fine(t, "Put", w.Put(a, 0, 0))
		fine(t, "Unlock", w.Unlock(0))
	}
	fine(t, "Fence", w.Fence())
	var a account
	fine(t, "Get", w.Get(&a, 0, 0))
	same(t, "changes", a, nil, account{each * 0.5 * float64(Size()), int32(each * Size())})
	fine(t, "Free", w.Free())
}

func windowErrorsProgram(t *testing.T) {
	_, err := NewWindow[string](1)
	fails(t, "strings", err, ErrValue, "a window has numbers, bools, or structs and arrays of them, not string")
	_, err = NewWindow[int](-1)
	fails(t, "a length below zero", err, ErrValue, "-1 elements")
	_, err = NewWindow[float64](1 << 48)
	fails(t, "more than can be", err, ErrValue, "281474976710656 elements")
	if _, err = NewWindow[float64](1 << 43); err == nil || !strings.Contains(err.Error(), "memory for 8796093022208 float64") {
		t.Fatalf("more than there is: got %v", err)
	}
	if Size() > 1 {
		if Rank() == 0 {
			_, err = NewWindow[int](1)
		} else {
			_, err = NewWindow[float32](2)
		}
		fails(t, "two types", err, ErrMismatch, "rank 0 calls Win_allocate of 1 int64")
	}

	w, err := NewWindow[float64](1000)
	fine(t, "NewWindow", err)
	for _, tt := range []struct {
		name string
		call func() error
		kind error
		text string
	}{
		{"too far", func() error { return w.Put(make([]float64, 8), 0, 996) }, ErrValue, "mpi: Put: 8 elements at 996: rank 0's window has 1000"},
		{"before it", func() error { return w.Get(make([]float64, 8), 0, -1) }, ErrValue, "8 elements at -1"},
		{"beyond all numbers", func() error { return w.Put(1.0, 0, 1<<62) }, ErrValue, "rank 0's window has 1000"},
		{"no such rank", func() error { return w.Put(1.0, Size(), 0) }, ErrRank, "world has ranks 0 to"},
		{"another type", func() error { return w.Put([]int{1}, 0, 0) }, ErrValue, "the window has float64, and this is of type []int"},
		{"a string", func() error { return w.Put("a", 0, 0) }, ErrValue, "this is of type string"},
		{"no length", func() error { return w.Get(new([]float64), 0, 0) }, ErrValue, "give a slice"},
		{"a function", func() error { return w.Accumulate(1.0, Func(func(a, b float64) float64 { return a }), 0, 0) }, ErrValue, "no functions"},
		{"no operation", func() error { return w.Accumulate(1.0, Op{}, 0, 0) }, ErrValue, "no operation given"},
		{"bits of floats", func() error { return w.Accumulate(1.0, BitAnd, 0, 0) }, ErrValue, "BitAnd does not work for float64"},
		{"two elements", func() error { return w.FetchAndOp([]float64{1, 2}, make([]float64, 2), Sum, 0, 0) }, ErrValue, "2 elements of type float64 where one is meant"},
		{"not locked", func() error { return w.Unlock(0) }, ErrValue, "has not locked"},
		{"Local of another type", func() error { _, err := Local[int](w); return err }, ErrValue, "the window has float64, which a []int does not show"},
		{"Replace elsewhere", func() error { _, err := Allreduce(1, Replace); return err }, ErrValue, "Replace is for"},
	} {
		fails(t, tt.name, tt.call(), tt.kind, tt.text)
	}
	counts, err := NewWindow[int](3)
	fine(t, "NewWindow", err)
	same(t, "String", strings.HasPrefix(counts.String(), "window of 3 int, "), nil, true)
	one, other := 1, int32(1)
	for name, call := range map[string]func() error{
		"Put":              func() error { return counts.Put(other, 0, 0) },
		"Get":              func() error { return counts.Get(&other, 0, 0) },
		"Accumulate":       func() error { return counts.Accumulate(&other, Sum, 0, 0) },
		"Fetch_and_op":     func() error { return counts.FetchAndOp(&one, &other, Sum, 0, 0) },
		"Compare_and_swap": func() error { return counts.CompareAndSwap(&other, &one, &one, 0, 0) },
	} {
		fails(t, name, call(), ErrValue, "mpi: "+name+": the window has int, and this is of type int32")
	}
	fine(t, "Free", counts.Free())
	fine(t, "Lock", w.Lock(Rank()))
	fails(t, "locked twice", w.Lock(Rank()), ErrValue, "locked")
	fine(t, "Unlock", w.Unlock(Rank()))
	if Size() > 1 {
		call := w.Fence
		if Rank() == 1 {
			call = func() error { return Barrier() }
		}
		fails(t, "Fence", call(), ErrMismatch, "rank 1 calls Barrier")
	}
	fine(t, "Free", w.Free())
	fails(t, "freed", w.Put(1.0, 0, 0), ErrValue, "this window was freed")
	_, err = Local[float64](w)
	fails(t, "freed", err, ErrValue, "this window was freed")
	fails(t, "freed", w.Fence(), ErrValue, "this window was freed")
}

// windowOfPartProgram has windows of other communicators, and parts of other lengths.
func windowOfPartProgram(t *testing.T) {
	half, err := World.Split(Rank()%2, 0)
	fine(t, "Split", err)
	w, err := NewWindow[[2]complex128](half.Rank(), half) // none at rank 0
	fine(t, "NewWindow", err)
	part, err := Local[[2]complex128](w)
	same(t, "Local", len(part), err, half.Rank())
	last := half.Size() - 1
	if last > 0 {
		fine(t, "Accumulate", w.Accumulate([2]complex128{1, 1i}, Sum, last, last-1))
	}
	fine(t, "Fence", w.Fence())
	if last > 0 && half.Rank() == last {
		n := complex(float64(half.Size()), 0)
		same(t, "Accumulate", part[last-1], nil, [2]complex128{n, n * 1i})
	}
	fails(t, "nothing there", w.Put([2]complex128{}, 0, 0), ErrValue, "rank 0's window has 0")
	fine(t, "Free", w.Free())
	fine(t, "Free", half.Free())
}

// windowsFarProgram does all that with ranks that take each other for those of another computer.
func windowsFarProgram(t *testing.T) {
	shareParts = false
	defer func() { shareParts = true }()
	for _, run := range []func(*testing.T){windowProgram, windowJoinsProgram, windowLocksProgram, windowErrorsProgram, windowOfPartProgram} {
		run(t)
	}
}

func interruptWindowProgram(t *testing.T) {
	if Size() == 1 {
		t.Skip("one rank waits for nobody")
	}
	defer func() { shareParts = true }()
	for i, call := range []string{"MPI_Win_fence", "MPI_Win_lock(rank 0)", "MPI_Win_fence", "MPI_Win_lock(rank 0)"} {
		shareParts = i < 2
		w, err := NewWindow[int](10)
		fine(t, "NewWindow", err)
		part, err := Local[int](w)
		fine(t, "Local", err)
		fine(t, "Put", w.Put(41+i, right(), 3))
		fine(t, "Fence", w.Fence())
		if Rank() == 1 {
			fine(t, "Lock", w.Lock(0))
		}
		fine(t, "Barrier", Barrier())
		if Rank() != 1 {
			wait := w.Fence
			if call != "MPI_Win_fence" {
				wait = func() error { return w.Lock(0) }
			}
			if err := interrupted(t, wait, call); !errors.Is(err, ErrInterrupted) {
				t.Fatalf("rank %d: %s: got %v, want %v", Rank(), call, err, ErrInterrupted)
			}
		}
		Interrupt()
		fails(t, "before Renew", w.Put(1, 0, 0), ErrInterrupted, "")
		fine(t, "Renew", Renew())
		fails(t, "given up", w.Put(1, 0, 0), ErrRetired, "make it again with mpi.NewWindow")
		fails(t, "given up", w.Fence(), ErrRetired, "")
		same(t, "the part is still there", part[3], nil, 41+i)
		fine(t, "Free", w.Free())
		goesOn(t, call)
		windowLocksProgram(t)
	}
	shareParts = false
	_, err := NewWindow[int](1) // which Finalize ends
	fine(t, "NewWindow", err)
}
