package mpi

import (
	"bytes"
	"reflect"
	"unsafe"

	"gofive/mpi/internal/abi"
)

// Put copies v, which is a slice, a pointer or a value, into a rank's part from element at on.
func (w *Window) Put(v any, rank, at int) error {
	m, err := w.operand(abi.Put, v, rank, at)
	if err != nil {
		return err
	}
	if w.isFar(rank) {
		return w.far.change(question{Func: abi.Put, At: int64(at)}, rank, m.bytes())
	}
	return w.touch(abi.Put, rank, at, m.n, func(mem []byte) { copy(mem, m.bytes()) })
}

// Get fills v, which is a slice, or a pointer to an element, from element at of a rank's part on.
func (w *Window) Get(v any, rank, at int) error {
	t, err := w.result(abi.Get, v)
	if err != nil {
		return err
	}
	if err := w.check(abi.Get, rank, at, t.n); err != nil {
		return err
	}
	if w.isFar(rank) {
		return w.far.get(rank, at, t.bytes())
	}
	return w.touch(abi.Get, rank, at, t.n, func(mem []byte) { copy(t.bytes(), mem) })
}

// Accumulate joins v, as Put takes it, with the elements that are there, each as one step.
func (w *Window) Accumulate(v any, op Op, rank, at int) error {
	const f = abi.Accumulate
	m, err := w.operand(f, v, rank, at)
	if err != nil {
		return err
	}
	if err := w.checkOp(f, op); err != nil {
		return err
	}
	if w.isFar(rank) {
		return w.far.change(question{Func: f, Op: op.code, At: int64(at)}, rank, m.bytes())
	}
	return w.accumulate(w.on, op.code, rank, at, m.bytes())
}

// FetchAndOp joins the element that in points to with the one at a place of a rank's part, and puts what was there
// into what out points to.
func (w *Window) FetchAndOp(in, out any, op Op, rank, at int) error {
	const f = abi.FetchAndOp
	m, err := w.operand(f, in, rank, at)
	if err != nil {
		return err
	}
	t, err := w.result(f, out)
	if err != nil {
		return err
	}
	if err := w.checkOp(f, op); err != nil {
		return err
	}
	if w.isFar(rank) {
		return w.far.ask(question{Func: f, Op: op.code, At: int64(at), Count: 1}, rank, m.bytes(), t.bytes())
	}
	return w.fetchAndOp(w.on, op.code, rank, at, m.bytes(), t.bytes())
}

// CompareAndSwap puts the element that in points to at a place of a rank's part if the one that old points to is
// there, bit for bit, and puts what was there into what out points to.
func (w *Window) CompareAndSwap(old, in, out any, rank, at int) error {
	const f = abi.CompareAndSwap
	o, err := w.operand(f, old, rank, at)
	if err != nil {
		return err
	}
	m, err := w.operand(f, in, rank, at)
	if err != nil {
		return err
	}
	t, err := w.result(f, out)
	if err != nil {
		return err
	}
	both := append(bytes.Clone(o.bytes()), m.bytes()...)
	if w.isFar(rank) {
		return w.far.ask(question{Func: f, At: int64(at), Count: 1}, rank, both, t.bytes())
	}
	return w.compareAndSwap(w.on, rank, at, both, t.bytes())
}

// operand is the memory of something that goes to a rank's part.
func (w *Window) operand(f abi.Func, v any, rank, at int) (memory, error) {
	m, err := outgoing(f, v)
	if err != nil {
		return m, err
	}
	if err := w.holds(f, v, m); err != nil {
		return m, err
	}
	return m, w.check(f, rank, at, m.n)
}

// result is the memory for something that comes from there.
func (w *Window) result(f abi.Func, v any) (target, error) {
	t, err := incoming(f, v)
	if err != nil {
		return t, err
	}
	if t.form == series && !t.fixed {
		return t, newError(f, ErrValue, "the length of a %T is not known: give a slice", v)
	}
	return t, w.holds(f, v, t.memory)
}

// holds says why the elements of v, which m is, are none that a call takes; nil when they are.
func (w *Window) holds(f abi.Func, v any, m memory) error {
	t := reflect.TypeOf(v)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case m.form == text || m.form == coded || m.element != w.element:
		return newError(f, ErrValue, "the window has %v, and this is of type %v", w.of, t)
	case m.n != 1 && (f == abi.FetchAndOp || f == abi.CompareAndSwap):
		return newError(f, ErrValue, "%d elements of type %v where one is meant", m.n, w.of)
	}
	return nil
}

// check says why n elements at a place of a rank's part cannot be touched.
func (w *Window) check(f abi.Func, rank, at, n int) error {
	if err := w.ready(f); err != nil {
		return err
	}
	switch {
	case rank < 0 || rank >= len(w.lens):
		return newError(f, ErrRank, "rank %d: %s has ranks 0 to %d", rank, w.on.name, len(w.lens)-1)
	case at < 0 || at > w.lens[rank] || n > w.lens[rank]-at:
		return newError(f, ErrValue, "%d elements at %d: rank %d's window has %d", n, at, rank, w.lens[rank])
	}
	return nil
}

func (w *Window) checkOp(f abi.Func, op Op) error {
	switch {
	case op.code == replaceOp:
		return nil
	case op.code == userOp:
		return newError(f, ErrValue, "windows take MPI's own operations and mpi.Replace, no functions")
	}
	return op.check(f, memory{element: w.element, form: series})
}

func (w *Window) isFar(rank int) bool { return w.far != nil && w.far.is(rank) }

// touch calls do with n elements of a part that this process reaches.
func (w *Window) touch(f abi.Func, rank, at, n int, do func(mem []byte)) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.parts == nil {
		return newError(f, ErrValue, "this window was freed")
	}
	size := w.element.size()
	do(w.parts[rank].Bytes()[at*size : (at+n)*size])
	return nil
}

// guarded is touch while nobody else who joins elements of the part does so.
func (w *Window) guarded(c *Comm, f abi.Func, rank, at, n int, do func(mem []byte)) error {
	for wait := c.startWaiting(show{f: f, peer: rank, tag: noTag}); ; {
		taken := false
		err := w.touch(f, rank, at, n, func(mem []byte) {
			word := w.parts[rank].Word(guardWord)
			if taken = word.CompareAndSwap(0, 1); taken {
				do(mem)
				word.Store(0)
			}
		})
		if err == nil && !taken {
			err = wait.check()
		}
		if taken || err != nil {
			wait.end()
			return err
		}
	}
}

// joinedAtOnce is how many bytes are joined while others wait.
const joinedAtOnce = 64 << 10

func (w *Window) accumulate(c *Comm, op opCode, rank, at int, data []byte) error {
	size := w.element.size()
	most := max(1, joinedAtOnce/size) * size
	for len(data) > 0 {
		n := min(len(data), most)
		if err := w.guarded(c, abi.Accumulate, rank, at, n/size, func(mem []byte) { w.join(op, mem, data[:n]) }); err != nil {
			return err
		}
		data, at = data[n:], at+n/size
	}
	return nil
}

func (w *Window) fetchAndOp(c *Comm, op opCode, rank, at int, in, out []byte) error {
	in = bytes.Clone(in) // out may be the same
	return w.guarded(c, abi.FetchAndOp, rank, at, 1, func(mem []byte) {
		copy(out, mem)
		w.join(op, mem, in)
	})
}

// compareAndSwap takes the old and the new element in a row.
func (w *Window) compareAndSwap(c *Comm, rank, at int, both, out []byte) error {
	size := w.element.size()
	return w.guarded(c, abi.CompareAndSwap, rank, at, 1, func(mem []byte) {
		copy(out, mem)
		if bytes.Equal(mem, both[:size]) {
			copy(mem, both[size:])
		}
	})
}

func (w *Window) join(op opCode, mem, data []byte) {
	if op == replaceOp {
		copy(mem, data)
		return
	}
	abi.Fold(op.abi(), w.element.kind, unsafe.Pointer(&mem[0]), unsafe.Pointer(&data[0]), len(mem)/w.element.kind.Size())
}
