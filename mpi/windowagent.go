package mpi

import (
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"gofive/mpi/internal/abi"
)

// agent answers the questions of other ranks about this one's part.
type agent struct {
	w     *Window
	comm  *Comm // the window's own, which no interrupt ends
	queue []asker
	ended atomic.Bool
	done  chan struct{}
}

// asker waits for a lock.
type asker struct{ rank, tag int }

// agents are those that run.
type agents struct {
	mu  sync.Mutex
	set map[*agent]struct{}
}

// stop ends all, for good.
func (s *agents) stop() {
	s.mu.Lock()
	all := make([]*agent, 0, len(s.set))
	for a := range s.set {
		all = append(all, a)
	}
	s.mu.Unlock()
	for _, a := range all {
		a.stop()
	}
}

func startAgent(w *Window, handle abi.Comm) *agent {
	a := &agent{w: w, comm: newComm(w.on.name, handle, w.epoch), done: make(chan struct{})}
	a.comm.machinery = true
	s := &here.agents
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.set == nil {
		s.set = map[*agent]struct{}{}
	}
	s.set[a] = struct{}{}
	go a.serve()
	return a
}

func (a *agent) stop() {
	a.ended.Store(true)
	<-a.done
	s := &here.agents
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.set, a)
}

func (a *agent) over() bool { return a.ended.Load() || a.w.retired() }

func (a *agent) serve() {
	defer close(a.done)
	for p := newPace(0); !a.over(); {
		begun := time.Now()
		if a.next() || a.grant() {
			p = newPace(0)
		} else {
			p.rest(begun)
		}
	}
}

// next answers a question, if there is one.
func (a *agent) next() bool {
	st, found, err := here.lib.Probe(a.comm.raw(), AnySource, questionTag)
	if err != nil || !found {
		return false
	}
	b := make([]byte, st.Bytes)
	if !a.move(abi.Call{Func: abi.Recv, Recv: raw(&b[0], len(b)), Peer: st.Source, Tag: questionTag}) {
		return false
	}
	a.answer(st.Source, *(*question)(unsafe.Pointer(&b[0])), b[questionSize:])
	return true
}

func (a *agent) answer(from int, q question, data []byte) {
	w, me, at := a.w, a.comm.rank, int(q.At)
	out := make([]byte, int(q.Count)*w.element.size())
	var err error // only of a window that is freed: then nobody waits
	switch {
	case q.Op == flushOnly:
	case q.Func == abi.Put:
		err = w.touch(q.Func, me, at, len(data)/w.element.size(), func(mem []byte) { copy(mem, data) })
	case q.Func == abi.Get:
		err = w.touch(q.Func, me, at, int(q.Count), func(mem []byte) { copy(out, mem) })
	case q.Func == abi.Accumulate:
		err = w.accumulate(a.comm, q.Op, me, at, data)
	case q.Func == abi.FetchAndOp:
		err = w.fetchAndOp(a.comm, q.Op, me, at, data, out)
	case q.Func == abi.CompareAndSwap:
		err = w.compareAndSwap(a.comm, me, at, data, out)
	case q.Func == abi.WinLock:
		a.queue = append(a.queue, asker{from, int(q.Tag)})
		return
	case q.Func == abi.WinUnlock:
		err = w.dropLock(me)
	}
	if q.Tag != 0 && err == nil {
		a.reply(from, int(q.Tag), out)
	}
}

func (a *agent) reply(to, tag int, out []byte) {
	call := abi.Call{Func: abi.Send, Peer: to, Tag: tag}
	if len(out) > 0 {
		call.Send = raw(&out[0], len(out))
	}
	a.move(call)
}

// grant gives the lock to the first who waits for it.
func (a *agent) grant() bool {
	if len(a.queue) == 0 {
		return false
	}
	first := a.queue[0]
	if taken, _ := a.w.tryLock(a.comm.rank, first.rank); !taken {
		return false
	}
	a.queue = a.queue[1:]
	a.reply(first.rank, first.tag, nil)
	return true
}

// move makes a call whose other side is waiting, unless the window ends meanwhile.
func (a *agent) move(call abi.Call) bool {
	f := &flight{call: call, show: show{f: call.Func, peer: call.Peer, tag: call.Tag}}
	if err := a.comm.launch(f); err != nil {
		f.pins.Unpin()
		return false
	}
	for p := newPace(call.Send.Bytes() + call.Recv.Bytes()); ; {
		begun := time.Now()
		_, done, err := here.lib.Test(f.req, p.spins(begun))
		if done {
			f.pins.Unpin()
			return err == nil
		}
		if a.over() {
			if here.leave(f) {
				f.pins.Unpin()
			}
			return false
		}
		p.rest(begun)
	}
}
