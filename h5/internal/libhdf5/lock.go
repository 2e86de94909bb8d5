package libhdf5

/*
#cgo CFLAGS: -std=gnu11 -O2 -Wall -DH5_USE_110_API
#cgo mpi CFLAGS: -DGF_MPI
#cgo !mpi CFLAGS: -I/usr/include/hdf5/serial
#cgo !mpi LDFLAGS: -L/usr/lib/x86_64-linux-gnu/hdf5/serial
#cgo LDFLAGS: -lhdf5
#include "shim.h"
*/
import "C"

import (
	"sync"
	"sync/atomic"
	"time"
	"unsafe"
)

// door is the one lock around the library: whoever holds its token may call. A channel, because
// Busy has to give up after a while.
var door = make(chan struct{}, 1)

// abandoned holds ids whose owners were garbage collected. Cleanups only add to it; the next call
// closes them, so that no finaliser ever waits for the lock.
var abandoned struct {
	sync.Mutex
	ids  []Lease
	some atomic.Bool
}

// Lease is an id with the life of the library it belongs to: after CloseAll the same number may be
// another object's.
type Lease struct {
	ID  ID
	era int64
}

// eras counts the calls of CloseAll.
var eras atomic.Int64

// Era is the number of times that CloseAll was called. What was opened in another era is closed.
func Era() int64 { return eras.Load() }

// NewLease marks an id that was opened just now.
func NewLease(id ID) Lease { return Lease{id, Era()} }

// Abandon leaves an id to be closed by some later call. It never blocks on the library.
func Abandon(l Lease) {
	abandoned.Lock()
	abandoned.ids = append(abandoned.ids, l)
	abandoned.some.Store(true)
	abandoned.Unlock()
}

// busyTicks is how many parts Busy waits in.
const busyTicks = 20

// Busy reports whether the library was still in use by somebody else after wait.
//
// It counts ticks and not the time: a process that stood still finds all its timers due at once, before whoever
// holds the library could go on. A ticker drops the ticks that nobody has taken.
func Busy(wait time.Duration) bool {
	if free() {
		return false
	}
	over, done := make(chan struct{}), make(chan struct{})
	defer close(done)
	go countTicks(max(wait/busyTicks, 1), over, done)
	// One select, not one a tick: who waits at the door keeps its place there, before all that come later. Who came
	// anew with each tick would never enter while others hold the library in turn, each for longer than a tick.
	select {
	case door <- struct{}{}:
		<-door
		return false
	case <-over:
		return !free() // it may have become so together with the last tick
	}
}

// countTicks closes over after busyTicks ticks, unless done is closed before.
func countTicks(every time.Duration, over, done chan struct{}) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for range busyTicks {
		select {
		case <-tick.C:
		case <-done:
			return
		}
	}
	close(over)
}

// free reports whether nobody uses the library.
func free() bool {
	select {
	case door <- struct{}{}:
		<-door
		return true
	default:
		return false
	}
}

// Locked runs f while no other call can run. f is compiled code that calls the library by other
// ways than this package; user code must never run in it.
func Locked(f func()) {
	if err := enter(); err != nil {
		panic(err)
	}
	defer leave()
	f()
}

// enter takes the lock. It fails where it would wait for ever: in the reader of a file, which is called
// under the lock.
func enter() error {
	select {
	case door <- struct{}{}:
		return nil
	default:
	}
	if inReader() {
		return &Error{Frames: []Frame{{Desc: "the reader of a file must not use HDF5 itself"}}}
	}
	door <- struct{}{}
	return nil
}

func leave() { <-door }

// cross calls the library: op in C, then decode, which may be nil, on what op left in the output
// buffer. Both run under the lock, and memory that C kept for decode is given back after it.
func cross(op func() C.int, decode func(*reader)) error {
	if err := enter(); err != nil {
		return err
	}
	defer leave()
	if err := ready(); err != nil {
		return err
	}
	if abandoned.some.Load() {
		closeAbandoned()
	}
	readerFailed = nil
	if op() != 0 {
		defer C.gf_release()
		return &Error{Frames: output().frames(), Cause: readerFailed}
	}
	if decode == nil {
		return nil
	}
	defer C.gf_release()
	r := output()
	decode(r)
	return r.err
}

func closeAbandoned() {
	abandoned.Lock()
	ids := abandoned.ids
	abandoned.ids = nil
	abandoned.some.Store(false)
	abandoned.Unlock()
	for _, l := range ids {
		if l.era == Era() && C.gf_close(C.hid_t(l.ID)) != 0 && lost == nil {
			lost = &Error{Frames: output().frames()}
			C.gf_release()
		}
	}
}

// lost is why an object that nobody had any more could not be closed: what was still to be written of
// it is lost. The next FlushAll or CloseAll says so.
var lost error

// sayLost adds to an error what was lost since the last time.
func sayLost(err error) error {
	Locked(func() {
		if err == nil {
			err = lost
		}
		lost = nil
	})
	return err
}

// output is the buffer that the last call filled; it is valid until the next.
func output() *reader {
	return &reader{data: unsafe.Slice((*byte)(C.gf_data()), int(C.gf_len()))}
}
