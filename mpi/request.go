package mpi

import (
	"errors"
	"sync"
	"time"

	"gofive/mpi/internal/abi"
)

// Request is a message under way. Its memory must be left alone until Wait or Test says that it is done.
type Request struct {
	comm   *Comm
	flight *flight
	mu     sync.Mutex
	done   bool
	status Status
	err    error
}

// requests keeps flights that nobody waits for yet: their memory is the library's.
type requests struct {
	mu   sync.Mutex
	open map[*Request]struct{}
}

func (r *requests) add(q *Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.open == nil {
		r.open = map[*Request]struct{}{}
	}
	r.open[q] = struct{}{}
}

func (r *requests) remove(q *Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.open, q)
}

// Isend starts a Send. v is a slice, a pointer, or a value, of which a copy is sent.
func (c *Comm) Isend(v any, dest, tag int) (*Request, error) {
	m, err := c.message(abi.Send, v, dest, tag)
	if err != nil {
		return nil, err
	}
	return c.request(abi.Call{Func: abi.Send, Send: m.message(), Peer: dest, Tag: tag}, show{abi.Send, dest, tag, m.kind})
}

// Irecv starts a Recv into a slice, or a pointer to a number, an array or a struct of them: memory whose
// length does not depend on the message.
func (c *Comm) Irecv(v any, source, tag int) (*Request, error) {
	if err := c.checkPeer(abi.Recv, source, tag, true); err != nil {
		return nil, err
	}
	t, err := incoming(abi.Recv, v)
	if err != nil {
		return nil, err
	}
	if !t.fixed && t.form != single {
		return nil, newError(abi.Recv, ErrValue, "the length of a %T is not known yet: give a slice, or use Recv", v)
	}
	return c.request(c.recvCall(t.memory, source, tag), show{abi.Recv, source, tag, t.kind})
}

func (c *Comm) request(call abi.Call, s show) (*Request, error) {
	q := &Request{comm: c, flight: &flight{call: call, show: s}}
	if err := c.launch(q.flight); err != nil {
		q.flight.pins.Unpin()
		return nil, err
	}
	here.requests.add(q)
	return q, nil
}

// Wait returns when the message has arrived, or has left. Its status counts for receives.
func (q *Request) Wait() (Status, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.done {
		return q.status, q.err
	}
	if err := q.comm.ready(q.flight.show.f); err != nil {
		return q.giveUp(err)
	}
	st, free, err := q.comm.wait(q.flight)
	return q.finish(Status(st), free, err)
}

// Test is Wait that does not wait: it says whether the request is done.
func (q *Request) Test() (Status, bool, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.done {
		return q.status, true, q.err
	}
	if err := q.comm.ready(q.flight.show.f); err != nil {
		st, err := q.giveUp(err)
		return st, true, err
	}
	st, done, err := here.lib.Test(q.flight.req, 1)
	if !done {
		return Status{}, false, nil
	}
	status, err := q.finish(Status(st), true, q.flight.explain(st, err))
	return status, true, err
}

// giveUp leaves a request whose communicator can no longer be used.
func (q *Request) giveUp(err error) (Status, error) {
	if errors.Is(err, ErrFinalized) {
		return Status{}, err
	}
	return q.finish(Status{}, here.drop(q.flight), err)
}

func (q *Request) finish(st Status, free bool, err error) (Status, error) {
	q.done, q.status, q.err = true, st, err
	if free {
		q.flight.pins.Unpin()
	}
	here.requests.remove(q)
	return st, err
}

// Waitall waits for all requests and returns the first error.
func Waitall(requests ...*Request) error {
	var first error
	for _, q := range requests {
		if _, err := q.Wait(); err != nil && first == nil {
			first = err
		}
	}
	return first
}

// Waitany waits for one of the requests that are not done yet and gives its place among them, -1 when
// all had been done before.
func Waitany(requests ...*Request) (int, Status, error) {
	open := 0
	for _, q := range requests {
		if !q.over() {
			open++
		}
	}
	if open == 0 {
		return -1, Status{}, nil
	}
	p := newPace(0)
	for {
		for i, q := range requests {
			if q.over() {
				continue
			}
			if st, done, err := q.Test(); done {
				return i, st, err
			}
		}
		p.rest(time.Now())
	}
}

func (q *Request) over() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.done
}
