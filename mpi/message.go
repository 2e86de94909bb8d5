package mpi

import (
	"reflect"
	"time"

	"gofive/mpi/internal/abi"
)

// Wildcards of receives, and the rank that is nobody: messages to and from it end at once.
const (
	AnySource = abi.AnySource
	AnyTag    = abi.AnyTag
	ProcNull  = abi.NoPeer
)

// Status is what a receive or a probe found.
type Status struct {
	Source, Tag int
	Bytes       int // length of the message
}

// Send sends v, which is a slice, a pointer or a value, to rank dest with a tag of 0 or more. It returns
// when v may be changed again.
func (c *Comm) Send(v any, dest, tag int) error { return c.send(abi.Send, v, dest, tag) }

// Ssend is Send that returns when the receive has begun.
func (c *Comm) Ssend(v any, dest, tag int) error { return c.send(abi.Ssend, v, dest, tag) }

func (c *Comm) send(f abi.Func, v any, dest, tag int) error {
	m, err := c.message(f, v, dest, tag)
	if err != nil {
		return err
	}
	_, err = c.run(abi.Call{Func: f, Send: m.message(), Peer: dest, Tag: tag}, show{f, dest, tag, m.kind})
	return err
}

// message is the memory of something to send.
func (c *Comm) message(f abi.Func, v any, dest, tag int) (memory, error) {
	if err := c.checkPeer(f, dest, tag, false); err != nil {
		return memory{}, err
	}
	return outgoing(f, v)
}

func (c *Comm) checkPeer(f abi.Func, peer, tag int, any bool) error {
	if err := c.ready(f); err != nil {
		return err
	}
	if (peer < 0 || peer >= c.size) && peer != ProcNull && !(any && peer == AnySource) {
		return newError(f, ErrRank, "rank %d: %s has ranks 0 to %d", peer, c.name, c.size-1)
	}
	if tag < 0 && !(any && tag == AnyTag) {
		return newError(f, ErrValue, "tag %d: tags are 0 or more", tag)
	}
	return nil
}

// Recv receives a message from rank source, or AnySource, with a tag, or AnyTag, into v: a slice that is
// long enough, or a pointer to a value. A pointer to a slice gets one as long as the message.
func (c *Comm) Recv(v any, source, tag int) (Status, error) {
	return c.recv(v, source, tag, show{f: abi.Recv, peer: source, tag: tag})
}

func (c *Comm) recv(v any, source, tag int, s show) (Status, error) {
	if err := c.checkPeer(s.f, source, tag, true); err != nil {
		return Status{}, err
	}
	t, err := incoming(s.f, v)
	if err != nil {
		return Status{}, err
	}
	s.kind = t.kind
	var st abi.Status
	switch {
	case source == ProcNull:
		return Status{Source: ProcNull, Tag: AnyTag}, nil
	case t.fixed || t.form == single:
		st, err = c.run(c.recvCall(t.memory, source, tag), s)
	default:
		if t.form == series && !t.rv.IsValid() {
			t.rv = reflect.ValueOf(v).Elem()
		}
		st, err = c.recvAll(&t, source, tag, s)
	}
	if err != nil {
		return Status(st), err
	}
	if !t.fixed && st.Bytes != t.n*t.size() {
		return Status(st), newError(s.f, ErrTruncated, "rank %d sent %s, and a %v has %d", st.Source, amount(st.Bytes, t.kind), t.element, t.size())
	}
	return Status(st), t.fill(s.f)
}

func (c *Comm) recvCall(m memory, source, tag int) abi.Call {
	return abi.Call{Func: abi.Recv, Comm: c.raw(), Recv: m.message(), Peer: source, Tag: tag}
}

// recvAll receives a message of any length: it is looked at first. Other goroutines that do the same
// wait until its receive has begun.
func (c *Comm) recvAll(t *target, source, tag int, s show) (abi.Status, error) {
	f := flights.Get().(*flight)
	f.show = s
	st, err := c.claim(f, t, source, tag)
	if err != nil {
		return st, err
	}
	st, done, err := c.wait(f)
	if done {
		f.recycle()
	}
	return st, err
}

// claim waits for a message, makes room for it and starts its receive.
func (c *Comm) claim(f *flight, t *target, source, tag int) (abi.Status, error) {
	var st abi.Status
	w := c.startWaiting(f.show)
	defer w.end()
	for found := false; !found; {
		err := w.check()
		if err != nil {
			return st, err
		}
		c.receive.Lock()
		if st, found, err = here.lib.Probe(c.raw(), source, tag); err != nil {
			c.receive.Unlock()
			return st, explained(f.show.f, err)
		}
		if found {
			t.grow((st.Bytes + t.size() - 1) / t.size()) // a part of an element is an error later
			f.call = c.recvCall(t.memory, st.Source, st.Tag)
			err = c.launch(f)
		}
		c.receive.Unlock()
		if err != nil {
			return st, err
		}
	}
	return st, nil
}

// waiting is a wait that holds no request.
type waiting struct {
	c     *Comm
	show  show
	pace  pace
	looks int
	slot  int
}

func (c *Comm) startWaiting(s show) *waiting { return &waiting{c: c, show: s, slot: -1} }

// check says when to give up, and rests between looks.
func (w *waiting) check() error {
	w.looks++
	switch {
	case w.looks < firstSpins:
		return nil
	case w.looks == firstSpins:
		w.pace = newPace(0)
		w.slot = here.records.begin(Call{Func: w.show.f.String(), Comm: w.c.name, Peer: w.show.peer, Tag: w.show.tag, Abandon: true})
	}
	if w.c.left() {
		return &Error{Op: opName(w.show.f), Kind: ErrInterrupted}
	}
	w.pace.rest(time.Now())
	return nil
}

func (w *waiting) end() { here.records.end(w.slot) }

// Probe waits for a message from source, or AnySource, with tag, or AnyTag, and leaves it there.
func (c *Comm) Probe(source, tag int) (Status, error) {
	w := c.startWaiting(show{f: abi.Probe, peer: source, tag: tag})
	defer w.end()
	for {
		st, found, err := c.Iprobe(source, tag)
		if found || err != nil {
			return st, err
		}
		if err := w.check(); err != nil {
			return st, err
		}
	}
}

// Iprobe is Probe that does not wait: it says whether there is a message.
func (c *Comm) Iprobe(source, tag int) (Status, bool, error) {
	if err := c.checkPeer(abi.Probe, source, tag, true); err != nil {
		return Status{}, false, err
	}
	st, found, err := here.lib.Probe(c.raw(), source, tag)
	if err != nil {
		err = explained(abi.Probe, err)
	}
	return Status(st), found, err
}

// Sendrecv sends out to dest and receives into in from source, with one tag, without waiting for each
// other: what a shift along a row of ranks needs. ProcNull at the ends leaves in alone.
func (c *Comm) Sendrecv(out any, dest int, in any, source, tag int) (Status, error) {
	s := show{f: abi.Sendrecv, peer: source, tag: tag}
	m, err := c.message(s.f, out, dest, tag)
	if err != nil {
		return Status{}, err
	}
	f := flights.Get().(*flight)
	f.call, f.show = abi.Call{Func: abi.Send, Send: m.message(), Peer: dest, Tag: tag}, show{s.f, dest, tag, m.kind}
	if err := c.launch(f); err != nil {
		f.recycle()
		return Status{}, err
	}
	st, err := c.recv(in, source, tag, s)
	if err != nil && c.left() {
		if here.drop(f) {
			f.recycle()
		}
		return st, err
	}
	_, done, sendErr := c.wait(f)
	if done {
		f.recycle()
	}
	if err == nil {
		err = sendErr
	}
	return st, err
}
