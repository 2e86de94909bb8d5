package mpi

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"
	"unsafe"

	"gofive/mpi/internal/abi"
)

// flight is a started call with the memory that it holds.
type flight struct {
	call abi.Call
	show show
	pins runtime.Pinner
	req  abi.Request
}

// show is how a call looks to whoever asks where a rank is: what the user called, not what it is made of.
type show struct {
	f         abi.Func
	peer, tag int
	kind      abi.Kind // of the elements of a message, which itself is bytes
}

var flights = sync.Pool{New: func() any { return new(flight) }}

// run makes a call and waits until it is done.
func (c *Comm) run(call abi.Call, s show) (abi.Status, error) {
	f := flights.Get().(*flight)
	f.call, f.show = call, s
	return c.fly(f)
}

// fly is run of a flight that is filled.
func (c *Comm) fly(f *flight) (abi.Status, error) {
	st, done, err := c.begin(f)
	if !done {
		st, done, err = c.poll(f)
	}
	if done {
		err = f.explain(st, err)
		f.recycle()
	}
	return st, err
}

// begin starts a flight and looks at it. Most are done then, and need no pins.
func (c *Comm) begin(f *flight) (st abi.Status, done bool, err error) {
	if err := c.ready(f.show.f); err != nil {
		return st, true, err
	}
	f.call.Comm = c.raw()
	if here.runner == nil {
		if f.req, err = here.lib.Start(&f.call); err == nil {
			st, done, err = here.lib.Test(f.req, firstSpins)
		}
	} else {
		f.req, st, done, err = here.runner.Run(&f.call, firstSpins)
	}
	if err != nil || done {
		return st, true, err
	}
	f.pin()
	return st, false, nil
}

// launch starts a flight that nobody waits for yet; its memory is the library's until someone did.
func (c *Comm) launch(f *flight) error {
	if err := c.ready(f.show.f); err != nil {
		return err
	}
	f.call.Comm = c.raw()
	f.pin()
	req, err := here.lib.Start(&f.call)
	f.req = req
	return f.explain(abi.Status{}, err)
}

// pin holds what C keeps the addresses of.
func (f *flight) pin() {
	for _, p := range []unsafe.Pointer{f.call.Send.Ptr, f.call.Recv.Ptr} {
		if p != nil {
			f.pins.Pin(p)
		}
	}
	for _, counts := range [][]int32{f.call.SendCounts, f.call.SendDispls, f.call.RecvCounts, f.call.RecvDispls} {
		if len(counts) > 0 {
			f.pins.Pin(&counts[0])
		}
	}
}

func (f *flight) recycle() {
	f.pins.Unpin()
	*f = flight{}
	flights.Put(f)
}

// firstSpins is how often a call is looked at before it counts as waiting: some 20 us.
const firstSpins = 200

// wait looks at a flight until it is done or an interrupt ends it. done says whether its memory is free.
func (c *Comm) wait(f *flight) (st abi.Status, done bool, err error) {
	st, done, err = here.lib.Test(f.req, firstSpins)
	if !done {
		st, done, err = c.poll(f)
	}
	if done {
		err = f.explain(st, err)
	}
	return st, done, err
}

// needsAll reports whether a call on c needs every rank of the job.
func (c *Comm) needsAll(f abi.Func) bool {
	switch f {
	case abi.CommDup, abi.CommSplit, abi.CommFree, abi.WinAllocate, abi.WinFence, abi.WinFree:
		return c.size == here.info.Size
	}
	return f.Collective() && c.size == here.info.Size
}

// poll is the part of a wait that others may see.
func (c *Comm) poll(f *flight) (abi.Status, bool, error) {
	slot := here.records.begin(Call{Func: f.show.f.String(), Comm: c.name, Peer: f.show.peer, Tag: f.show.tag, Abandon: !c.machinery, All: c.needsAll(f.show.f)})
	defer here.records.end(slot)
	p := newPace(f.call.Send.Bytes() + f.call.Recv.Bytes())
	for {
		if c.left() {
			return abi.Status{}, here.drop(f), &Error{Op: opName(f.show.f), Kind: ErrInterrupted}
		}
		begun := time.Now()
		st, done, err := here.lib.Test(f.req, p.spins(begun))
		if done {
			return st, true, err
		}
		p.rest(begun)
	}
}

// pace says how hard to poll. A library only moves data while it is polled, so as long as data may be
// moving a core is worth it; a wait for a rank that is busy elsewhere must not cost one.
type pace struct {
	bulk  bool // so long that it comes in many pieces
	begun time.Time
	hot   time.Time // no rest before
}

const (
	hotStart = time.Millisecond     // for latency
	hotMore  = 2 * time.Millisecond // after a look that moved data
	piece    = 1 << 18              // bytes that need more looks than a few
	moved    = 3 * time.Microsecond // a look that takes longer has moved data,
	awaited  = time.Millisecond / 2 // or the processor was at other work meanwhile
	perSec   = 100e6                // bytes that surely move in a second
	hotMax   = 3 * time.Second
	napMin   = 50 * time.Microsecond
	napMax   = 2 * time.Millisecond
)

func newPace(bytes int) pace {
	now := time.Now()
	transfer := min(time.Duration(float64(bytes)/perSec*1e9), hotMax)
	return pace{bulk: bytes > piece, begun: now, hot: now.Add(hotStart + transfer)}
}

func (p *pace) spins(now time.Time) int {
	if now.Before(p.hot) {
		return 100
	}
	return 1
}

// rest sleeps when nothing seems to happen: a small part of what the wait has taken so far.
func (p *pace) rest(looked time.Time) {
	now := time.Now()
	if looked.Before(p.hot) {
		return
	}
	if took := now.Sub(looked); p.bulk && took > moved && took < awaited {
		p.hot = now.Add(hotMore)
		return
	}
	nap(min(max(now.Sub(p.begun)/500, napMin), napMax))
}

// lost are the flights that were left: their memory may still be written to, and is kept for ever.
type lost struct {
	mu      sync.Mutex
	flights []*flight
}

// drop leaves a flight. It returns true when its memory is free all the same.
func (j *job) drop(f *flight) bool {
	j.dropped.Store(true)
	return j.leave(f)
}

// leave is drop of a call that no other rank depends on.
func (j *job) leave(f *flight) bool {
	if j.lib.Drop(f.req, f.call.Func) {
		return true
	}
	j.lost.mu.Lock()
	defer j.lost.mu.Unlock()
	j.lost.flights = append(j.lost.flights, f)
	return false
}

// explain makes our error of a library's, with what is known of the message.
func (f *flight) explain(st abi.Status, err error) error {
	if err == nil || errors.As(err, new(*Error)) {
		return err
	}
	err = explained(f.show.f, err)
	if f.call.Func != abi.Recv || !errors.Is(err, ErrTruncated) {
		return err
	}
	room := amount(f.call.Recv.Bytes(), f.show.kind)
	if st.Bytes <= f.call.Recv.Bytes() { // MPICH does not tell what was sent
		return newError(f.show.f, ErrTruncated, "the message of rank %d is longer than %s", st.Source, room)
	}
	return newError(f.show.f, ErrTruncated, "rank %d sent %s, and there is room for %s", st.Source, amount(st.Bytes, f.show.kind), room)
}

// amount is bytes as elements of a kind: "24 bytes (3 float64)".
func amount(bytes int, k abi.Kind) string {
	if k.Size() == 1 || bytes%k.Size() != 0 {
		return fmt.Sprintf("%d bytes", bytes)
	}
	return fmt.Sprintf("%d bytes (%d %v)", bytes, bytes/k.Size(), k)
}
