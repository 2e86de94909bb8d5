package mpi

import (
	"sync"
	"sync/atomic"
	"unsafe"

	"gofive/mpi/internal/abi"
)

// far is how a window touches the parts of other computers: it asks a goroutine there, which has no other work,
// so that nothing depends on what that rank does. Messages between two ranks keep their order, and so what is
// asked for happens in order. The libraries' own windows need the other rank's help at unknown times, and their
// waits cannot be left.
type far struct {
	w     *Window
	asks  *Comm  // of the window's own
	ranks []bool // that are far
	agent *agent
	tags  atomic.Uint32

	mu   sync.Mutex
	sent map[int]int // bytes to each rank since its last answer
}

// question is what one rank asks of another. The elements that go with it follow.
type question struct {
	Func  abi.Func
	Op    opCode
	Tag   int32 // of the answer
	At    int64
	Count int64 // elements in the answer
}

const (
	questionSize = int(unsafe.Sizeof(question{}))
	questionTag  = 0
	answerTags   = 30_000
	farPiece     = 256 << 10 // bytes that travel at once
	mostSent     = 4 << 20   // bytes that may wait at a rank
)

// newFar is collective.
func newFar(w *Window) (*far, error) {
	handle, err := blocking(w.on, abi.WinAllocate, func() (abi.Comm, error) { return here.lib.Dup(w.on.raw()) })
	if err != nil {
		return nil, err
	}
	f := &far{w: w, asks: newComm(w.on.name, handle, w.epoch), ranks: make([]bool, len(w.parts)), sent: map[int]int{}}
	for rank, part := range w.parts {
		f.ranks[rank] = part == nil
	}
	f.agent = startAgent(w, handle)
	return f, nil
}

// is reports whether a rank is far.
func (f *far) is(rank int) bool { return f.ranks[rank] }

// close is collective when the window was not retired.
func (f *far) close() error {
	f.agent.stop()
	handle := abi.Comm(f.asks.handle.Swap(0))
	if handle == 0 || f.w.retired() || here.state.Load() != running {
		return nil
	}
	_, err := blocking(f.asks, abi.WinFree, func() (abi.Comm, error) { return 0, here.lib.Free(handle) })
	return err
}

func (q question) show(rank int) show { return show{f: q.Func, peer: rank, tag: noTag} }

// send sends a question with data.
func (f *far) send(q question, rank int, data []byte) error {
	b := make([]byte, questionSize, questionSize+len(data))
	*(*question)(unsafe.Pointer(&b[0])) = q
	b = append(b, data...)
	_, err := f.asks.run(abi.Call{Func: abi.Send, Send: raw(&b[0], len(b)), Peer: rank, Tag: questionTag}, q.show(rank))
	return err
}

// ask sends a question and waits for its answer, which is as long as out.
func (f *far) ask(q question, rank int, data, out []byte) error {
	q.Tag = 1 + int32(f.tags.Add(1)%answerTags)
	if err := f.send(q, rank, data); err != nil {
		return err
	}
	call := abi.Call{Func: abi.Recv, Peer: rank, Tag: int(q.Tag)}
	if len(out) > 0 {
		call.Recv = raw(&out[0], len(out))
	}
	_, err := f.asks.run(call, q.show(rank))
	if err == nil {
		f.answered(rank)
	}
	return err
}

func (f *far) answered(rank int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.sent, rank)
}

// change sends what needs no answer, in pieces, and waits for one now and then: a rank must not drown.
func (f *far) change(q question, rank int, data []byte) error {
	most := f.w.atOnce()
	for {
		n := min(len(data), most)
		if err := f.send(q, rank, data[:n]); err != nil {
			return err
		}
		f.mu.Lock()
		f.sent[rank] += questionSize + n
		full := f.sent[rank] > mostSent
		f.mu.Unlock()
		if full {
			if err := f.flush(q.Func, rank); err != nil {
				return err
			}
		}
		if data, q.At = data[n:], q.At+int64(n/f.w.element.size()); len(data) == 0 {
			return nil
		}
	}
}

// atOnce is farPiece in whole elements.
func (w *Window) atOnce() int { return max(1, farPiece/w.element.size()) * w.element.size() }

func (f *far) get(rank, at int, out []byte) error {
	size, most := f.w.element.size(), f.w.atOnce()
	for len(out) > 0 {
		n := min(len(out), most)
		if err := f.ask(question{Func: abi.Get, At: int64(at), Count: int64(n / size)}, rank, nil, out[:n]); err != nil {
			return err
		}
		out, at = out[n:], at+n/size
	}
	return nil
}

// flush waits until a rank has done what it was asked.
func (f *far) flush(as abi.Func, rank int) error {
	f.mu.Lock()
	open := f.sent[rank] > 0
	f.mu.Unlock()
	if !open {
		return nil
	}
	return f.ask(question{Func: as, Op: flushOnly}, rank, nil, nil)
}

// flushOnly marks a question that wants nothing but an answer, under the name of the call that waits for it.
const flushOnly opCode = 253
