package mpi

import (
	"fmt"
	"math"
	"reflect"
	"sync"
	"unsafe"

	"gofive/mpi/internal/abi"
	"gofive/mpi/internal/segment"
)

// Window is memory that each rank of a communicator gives to all: they put, get and change elements of it while
// its own rank does something else.
//
//	w, err := mpi.NewWindow[float64](1000)
//	err = w.Put(xs, 1, 10)                  // xs into rank 1's part, from element 10 on
//	err = w.Fence()                         // all ranks have put what they wanted
//	part, err := mpi.Local[float64](w)
//
// Put and Accumulate return when their own memory may be changed again, and have happened at the other rank after
// its Flush, its Unlock, or Fence. Everything else has happened when it returns. Accumulate, FetchAndOp and
// CompareAndSwap do not get mixed up with each other, whoever calls them; a Put or Get at the same time may see,
// or leave, a part of it. What else has to be kept apart takes a Lock.
//
// A window lives until Free. An interrupt that renews World ends it, too: its calls fail with ErrRetired then, and
// Local is still there to be read.
type Window struct {
	on      *Comm
	number  int64 // among the windows that rank 0 of on has made
	element element
	of      reflect.Type // of elements, for messages
	epoch   int64        // of the job, when this was made
	lens    []int        // elements of each rank

	mu    sync.RWMutex       // held for reading while parts are touched
	parts []*segment.Segment // of each rank, nil where this process does not reach it; none when freed
	lent  bool               // Local was called

	far *far // for the others; nil when all ranks reach all

	locks  sync.Mutex
	locked map[int]bool // ranks whose part this one has locked, or is about to
}

// The words of a part.
const (
	guardWord = iota // 1 while an element is joined
	lockWord         // 1 + the rank that has locked the part
	orderWord        // its change orders what is before and after
)

// shareParts is false in tests of what is between computers.
var shareParts = true

// NewWindow makes a window in which this rank has n elements, all zero, of the type that like points to: a number,
// a bool, or a struct or an array of them. It is collective, and n may differ from rank to rank.
func (c *Comm) NewWindow(like any, n int) (*Window, error) {
	const f = abi.WinAllocate
	if err := c.ready(f); err != nil {
		return nil, err
	}
	t, e, err := windowElement(like, n)
	if err != nil {
		return nil, err
	}
	all, err := c.agree(header{Func: f, Kind: e.kind, Form: series, Per: uint32(e.per), Count: int64(n)}, anyCount)
	if err != nil {
		return nil, err
	}
	w := &Window{on: c, element: e, of: t, epoch: here.epoch.Load(), lens: make([]int, c.size), locked: map[int]bool{}}
	for i, h := range all {
		w.lens[i] = int(h.Count)
	}
	if err := w.allocate(); err != nil {
		w.release()
		return nil, err
	}
	return w, nil
}

func windowElement(like any, n int) (reflect.Type, element, error) {
	const f = abi.WinAllocate
	p := reflect.TypeOf(like)
	if p == nil || p.Kind() != reflect.Pointer {
		return nil, element{}, newError(f, ErrValue, "a %T does not tell the type of elements: give a pointer to one", like)
	}
	t := p.Elem()
	e, ok := elementOf(t)
	switch {
	case !ok:
		return t, e, newError(f, ErrValue, "a window has numbers, bools, or structs and arrays of them, not %v", t)
	case n < 0 || n > math.MaxInt64>>16/e.size():
		return t, e, newError(f, ErrValue, "%d elements", n)
	}
	return t, e, nil
}

// offer is what ranks tell each other of a new part.
type offer struct {
	Number int64
	Failed int64 // 1: there is no memory
	Where  segment.Address
}

// allocate makes this rank's part and finds those of the others.
func (w *Window) allocate() error {
	c := w.on
	size := w.lens[c.rank] * w.element.size()
	own, err := segment.New(size)
	mine := offer{Number: here.windows.Add(1)}
	w.parts = make([]*segment.Segment, c.size)
	if w.parts[c.rank] = own; err != nil {
		mine.Failed = 1
	} else {
		mine.Where = own.Address()
	}
	offers := make([]offer, c.size)
	if err := w.agreed(abi.Call{Func: abi.Allgather, Send: raw(&mine, 1), Recv: raw(&offers[0], 1)}); err != nil {
		return err
	}
	w.number = offers[0].Number
	for rank, o := range offers {
		if o.Failed != 0 {
			return w.noMemory(rank, err)
		}
	}
	unreached := w.reach(offers)
	var any int32
	if err := w.agreed(abi.Call{Func: abi.Allreduce, Send: int32s(&unreached, 1), Recv: int32s(&any, 1), Op: abi.Max}); err != nil {
		return err
	}
	own.Hide()
	if any != 0 {
		w.far, err = newFar(w)
	}
	return err
}

// agreed makes one of the calls of which a window is made.
func (w *Window) agreed(call abi.Call) error {
	_, err := w.on.run(call, show{f: abi.WinAllocate, peer: abi.NoPeer, tag: noTag})
	return err
}

func (w *Window) noMemory(rank int, err error) error {
	n := int64(w.lens[rank])
	if rank == w.on.rank {
		return newError(abi.WinAllocate, nil, "there is no memory for %d %v: %w", n, w.of, err)
	}
	return newError(abi.WinAllocate, nil, "rank %d has no memory for %d %v", rank, n, w.of)
}

// reach finds the parts that lie in this computer. The result is 1 when there are others.
func (w *Window) reach(offers []offer) (unreached int32) {
	for rank, o := range offers {
		if rank == w.on.rank {
			continue
		}
		part, ok := (*segment.Segment)(nil), false
		if shareParts {
			part, ok = segment.Open(o.Where)
		}
		if !ok {
			unreached = 1
			continue
		}
		w.parts[rank] = part
	}
	return unreached
}

// ready says why a call on w cannot be made; nil when it can.
func (w *Window) ready(f abi.Func) error {
	if err := w.alive(f); err != nil {
		return err
	}
	return w.on.ready(f)
}

func (w *Window) alive(f abi.Func) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	switch {
	case w.parts == nil:
		return newError(f, ErrValue, "this window was freed")
	case w.retired() && here.state.Load() == running:
		return newError(f, ErrRetired, "this window was given up by an interrupt; make it again with mpi.NewWindow")
	}
	return nil
}

func (w *Window) retired() bool { return w.epoch != here.epoch.Load() }

// Len is the number of elements of a rank's part.
func (w *Window) Len(rank int) int {
	if rank < 0 || rank >= len(w.lens) {
		return 0
	}
	return w.lens[rank]
}

// Local points part, a pointer to a slice, to this rank's own elements. The slice is not a copy: it changes when
// other ranks put something there. After Free it holds zeros and is of no use; copy what is to be kept.
func (w *Window) Local(part any) error {
	rv := reflect.ValueOf(part)
	if !rv.IsValid() || rv.Kind() != reflect.Pointer || rv.IsNil() || rv.Elem().Kind() != reflect.Slice {
		return localError("a %T cannot show a part of a window: give a pointer to a slice", part)
	}
	slice := rv.Elem()
	if e, ok := elementOf(slice.Type().Elem()); !ok || e != w.element {
		return localError("the window has %v, which a %v does not show", w.of, slice.Type())
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.parts == nil {
		return localError("this window was freed")
	}
	w.lent = true
	n := w.lens[w.on.rank]
	if n == 0 {
		slice.Set(reflect.MakeSlice(slice.Type(), 0, 0))
		return nil
	}
	slice.Set(reflect.SliceAt(slice.Type().Elem(), unsafe.Pointer(&w.parts[w.on.rank].Bytes()[0]), n).Convert(slice.Type()))
	return nil
}

func localError(format string, args ...any) error {
	return &Error{Op: "Local", Kind: ErrValue, Err: fmt.Errorf(format, args...)}
}

// String tells what it holds: "window of 1000 float64, world, rank 2 of 4".
func (w *Window) String() string {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.parts == nil {
		return "freed window"
	}
	return fmt.Sprintf("window of %d %v, %v", w.lens[w.on.rank], w.of, w.on)
}

// Fence waits until all ranks have come, and all they have put is there. It is collective.
func (w *Window) Fence() error {
	const f = abi.WinFence
	if err := w.ready(f); err != nil {
		return err
	}
	if err := w.flushAll(f); err != nil {
		return err
	}
	_, err := w.on.agree(header{Func: f, Count: w.number}, sameCount)
	w.order()
	return err
}

// Flush returns when what this rank has put into another one's part is there.
func (w *Window) Flush(rank int) error {
	const f = abi.WinFlush
	if err := w.check(f, rank, 0, 0); err != nil {
		return err
	}
	w.order()
	if w.far != nil && w.far.is(rank) {
		return w.far.flush(f, rank)
	}
	return nil
}

func (w *Window) flushAll(f abi.Func) error {
	w.order()
	if w.far == nil {
		return nil
	}
	for rank := range w.lens {
		if err := w.far.flush(f, rank); err != nil {
			return err
		}
	}
	return nil
}

// order makes memory that was written before visible before what is written after.
func (w *Window) order() {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.parts != nil {
		w.parts[w.on.rank].Word(orderWord).Add(1)
	}
}

// Free ends a window and gives its memory back. It is collective. A second Free does nothing, and neither does
// that of a window whose communicator an interrupt has renewed, but for the memory.
func (w *Window) Free() error {
	const f = abi.WinFree
	if w.alive(f) == nil && here.state.Load() == running {
		if err := w.flushAll(f); err != nil {
			return err
		}
		if _, err := w.on.agree(header{Func: f, Count: w.number}, sameCount); err != nil {
			return err
		}
	}
	return w.release()
}

// release ends what this rank has of a window.
func (w *Window) release() (err error) {
	if w.far != nil {
		err = w.far.close()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for rank, part := range w.parts {
		if part != nil {
			part.Release(rank == w.on.rank && w.lent)
		}
	}
	w.parts = nil
	return err
}
