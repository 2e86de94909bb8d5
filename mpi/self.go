package mpi

import (
	"os"
	"slices"
	"sync"
	"unsafe"

	"gofive/mpi/internal/abi"
)

// self is the library of a process that nobody started as a rank: a world of one, in which every
// collective call is a copy.
type self struct {
	mu       sync.Mutex
	comms    abi.Comm
	requests map[abi.Request]*selfRequest
	last     abi.Request
	messages []selfMessage
}

// selfMessage was sent and not received yet.
type selfMessage struct {
	comm abi.Comm
	tag  int
	data []byte
}

type selfRequest struct {
	call   abi.Call
	status abi.Status
	done   bool
	err    error
}

func newSelf() *self { return &self{requests: map[abi.Request]*selfRequest{}, comms: 1} }

func (s *self) Init() (abi.Info, error) {
	return abi.Info{Size: 1, LocalSize: 1, Thread: "MPI_THREAD_MULTIPLE", TagMax: 1<<31 - 1}, nil
}

func (s *self) World() abi.Comm                     { return 1 }
func (s *self) Rank(abi.Comm) int                   { return 0 }
func (s *self) Size(abi.Comm) int                   { return 1 }
func (s *self) Free(abi.Comm) error                 { return nil }
func (s *self) Finalize() error                     { return nil }
func (s *self) Dup(abi.Comm) (abi.Comm, error)      { return s.newComm(), nil }
func (s *self) Drop(r abi.Request, _ abi.Func) bool { return s.forget(r) }
func (s *self) Abort(code int)                      { os.Exit(code) }

func (s *self) newComm() abi.Comm {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.comms++
	return s.comms
}

func (s *self) Split(_ abi.Comm, color, _ int) (abi.Comm, error) {
	if color == abi.Undefined {
		return 0, nil
	}
	return s.newComm(), nil
}

func (s *self) forget(r abi.Request) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.requests, r)
	return true
}

func (s *self) Start(c *abi.Call) (abi.Request, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := &selfRequest{call: *c}
	switch {
	case c.Peer == abi.NoPeer:
		q.done, q.status = true, abi.Status{Source: abi.NoPeer, Tag: abi.AnyTag}
	case c.Func == abi.Send || c.Func == abi.Ssend:
		s.messages = append(s.messages, selfMessage{c.Comm, c.Tag, slices.Clone(contents(c.Send))})
		q.done = true
	case c.Func != abi.Recv:
		copyOwn(c)
		q.done = true
	}
	s.last++
	s.requests[s.last] = q
	return s.last, nil
}

// copyOwn makes a collective call of one rank.
func copyOwn(c *abi.Call) {
	if c.Send.Ptr == nil || c.Func == abi.Bcast || c.Func == abi.Exscan {
		return
	}
	from, to := contents(c.Send), contents(c.Recv)
	if len(c.SendDispls) > 0 {
		from = from[int(c.SendDispls[0])*c.Send.Kind.Size():]
	}
	if len(c.RecvDispls) > 0 {
		to = to[int(c.RecvDispls[0])*c.Recv.Kind.Size():]
	}
	copy(to, from)
}

func contents(b abi.Buffer) []byte { return unsafe.Slice((*byte)(b.Ptr), b.Bytes()) }

func (s *self) Test(r abi.Request, _ int) (abi.Status, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := s.requests[r]
	if !q.done {
		s.receive(q)
	}
	if q.done {
		delete(s.requests, r)
	}
	return q.status, q.done, q.err
}

// receive takes the first message that fits.
func (s *self) receive(q *selfRequest) {
	i := s.find(q.call.Comm, q.call.Tag)
	if i < 0 {
		return
	}
	m := s.messages[i]
	s.messages = slices.Delete(s.messages, i, i+1)
	q.done, q.status = true, abi.Status{Tag: m.tag, Bytes: len(m.data)}
	if copy(contents(q.call.Recv), m.data) < len(m.data) {
		q.err = &abi.Error{Func: "MPI_Recv", Class: abi.Truncate, Text: "message truncated"}
	}
}

func (s *self) find(c abi.Comm, tag int) int {
	return slices.IndexFunc(s.messages, func(m selfMessage) bool { return m.comm == c && (tag == abi.AnyTag || m.tag == tag) })
}

func (s *self) Probe(c abi.Comm, _, tag int) (abi.Status, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := s.find(c, tag)
	if i < 0 {
		return abi.Status{}, false, nil
	}
	return abi.Status{Tag: s.messages[i].tag, Bytes: len(s.messages[i].data)}, true, nil
}
