package mpi

import (
	"fmt"
	"math"
	"strings"
	"sync"
	"sync/atomic"

	"gofive/mpi/internal/abi"
)

// Comm is a communicator: ranks, numbered from 0, that talk among themselves. What is sent on one is
// never received on another. A nil Comm is what Split gives to a rank that it leaves out: calls on it fail.
type Comm struct {
	name       string
	world      bool // renewed after an interrupt
	machinery  bool // not for user code, and not to be interrupted
	handle     atomic.Uintptr
	epoch      atomic.Int64 // of the job, when this was made
	rank, size int
	receive    sync.Mutex // from finding a message until its receive has begun
}

func newComm(name string, handle abi.Comm, epoch int64) *Comm {
	c := &Comm{name: name}
	c.set(handle, epoch)
	return c
}

func (c *Comm) set(handle abi.Comm, epoch int64) {
	c.rank, c.size = here.lib.Rank(handle), here.lib.Size(handle)
	c.epoch.Store(epoch)
	c.handle.Store(uintptr(handle))
}

// SetName names c in records of calls, such as "file x.h5" for one that is made for a single purpose. It is
// called before c is used.
func (c *Comm) SetName(name string) {
	if c != nil {
		c.name = name
	}
}

// pick gives the last, optional argument of a function. A nil one is not World: its rank was left out, and the
// others of World do not make this call.
func pick(on []*Comm) *Comm {
	if len(on) > 0 {
		return on[0]
	}
	return World
}

// Rank is this process's number in c, from 0. It is Undefined in a nil Comm, of which it is no rank.
func (c *Comm) Rank() int {
	if c == nil {
		return Undefined
	}
	c.begun()
	return c.rank
}

// Size is the number of ranks of c, 0 of a nil Comm.
func (c *Comm) Size() int {
	if c == nil {
		return 0
	}
	c.begun()
	return c.size
}

// Handle is the MPI_Comm of C, for other libraries that use MPI, 0 of a nil Comm. World's is another one after
// Renew.
func (c *Comm) Handle() uintptr {
	if c == nil {
		return 0
	}
	c.begun()
	return c.handle.Load()
}

func (c *Comm) begun() {
	if c.world {
		here.mustStart()
	}
}

// String tells which ranks: "world, rank 2 of 4".
func (c *Comm) String() string {
	if c == nil {
		return "no communicator"
	}
	return fmt.Sprintf("%s, rank %d of %d", c.name, c.Rank(), c.Size())
}

// ready says why a call on c cannot be made; nil when it can.
func (c *Comm) ready(f abi.Func) error {
	if c == nil {
		return newError(f, ErrValue, "there is no communicator: a rank that Split has left out, with mpi.Undefined, does not call; leave the argument out for mpi.World")
	}
	if c.world {
		if err := here.start(); err != nil {
			return err
		}
	}
	switch {
	case c.handle.Load() == 0:
		return newError(f, ErrValue, "this communicator was freed")
	case here.state.Load() == ended:
		return &Error{Op: opName(f), Kind: ErrFinalized}
	case c.machinery:
		return nil
	case c.epoch.Load() != here.epoch.Load():
		return &Error{Op: opName(f), Kind: ErrRetired}
	case here.stopped.Load():
		here.dropped.Store(true) // the others may have begun this call
		return &Error{Op: opName(f), Kind: ErrInterrupted}
	}
	return nil
}

// left says whether waits on c are to end.
func (c *Comm) left() bool { return !c.machinery && here.stopped.Load() }

func opName(f abi.Func) string { return strings.TrimPrefix(f.String(), "MPI_") }

// Dup makes a communicator of the same ranks. It is collective.
func (c *Comm) Dup() (*Comm, error) {
	if _, err := c.agree(header{Func: abi.CommDup}, anyCount); err != nil {
		return nil, err
	}
	handle, err := blocking(c, abi.CommDup, func() (abi.Comm, error) { return here.lib.Dup(c.raw()) })
	if err != nil {
		return nil, err
	}
	return newComm("copy of "+c.name, handle, c.epoch.Load()), nil
}

// Undefined is the color of a rank that wants none of the communicators of a Split.
const Undefined = -1

// Split makes a communicator of all ranks that give the same color, which is 0 or more, in the order of
// their keys and then of their ranks. A rank whose color is Undefined gets nil, on which it makes no calls. It
// is collective over c.
func (c *Comm) Split(color, key int) (*Comm, error) {
	const f = abi.CommSplit
	if color != Undefined && (color < 0 || color > math.MaxInt32) { // an int of C
		return nil, c.refuse(f, newError(f, ErrValue, "color %d: colors are 0 to %d, or mpi.Undefined", color, math.MaxInt32))
	}
	if _, err := c.agree(header{Func: f}, anyCount); err != nil {
		return nil, err
	}
	if color == Undefined {
		color = abi.Undefined
	}
	handle, err := blocking(c, f, func() (abi.Comm, error) { return here.lib.Split(c.raw(), color, key) })
	if err != nil || handle == 0 {
		return nil, err
	}
	return newComm(fmt.Sprintf("part %d of %s", color, c.name), handle, c.epoch.Load()), nil
}

// Free ends a communicator that is no longer needed. It is collective. World cannot be freed; a second
// Free does nothing.
func (c *Comm) Free() error {
	switch {
	case c == nil:
		return c.ready(abi.CommFree)
	case c.world:
		return newError(abi.CommFree, ErrValue, "mpi.World stays")
	case c.handle.Load() == 0 || c.epoch.Load() != here.epoch.Load():
		return nil
	}
	if _, err := c.agree(header{Func: abi.CommFree}, anyCount); err != nil {
		return err
	}
	_, err := blocking(c, abi.CommFree, func() (abi.Comm, error) { return 0, here.lib.Free(c.raw()) })
	c.handle.Store(0)
	return err
}

func (c *Comm) raw() abi.Comm { return abi.Comm(c.handle.Load()) }

// blocking makes a call that waits inside the library. All ranks are about to make it.
func blocking(c *Comm, f abi.Func, call func() (abi.Comm, error)) (abi.Comm, error) {
	slot := here.records.begin(Call{Func: f.String(), Comm: c.name, Peer: abi.NoPeer, Tag: noTag})
	defer here.records.end(slot)
	handle, err := call()
	if err != nil {
		return 0, explained(f, err)
	}
	return handle, nil
}
