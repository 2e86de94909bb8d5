package mpi

import (
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"gofive/mpi/internal/abi"
)

// At tells which line of its program runs now, for records of calls. Whoever runs programs sets it
// before the first call; nil is no line.
var At func() int

const noTag = -3

// Call is a call that waits.
type Call struct {
	Func    string // "MPI_Allreduce"
	Comm    string // "world"
	Peer    int    // the other rank, or the root; -1 any, -2 none
	Tag     int    // -1 any, less: none
	Since   time.Time
	Line    int  // of the program, 0 unknown
	Abandon bool // Interrupt frees it
	All     bool // it ends only when all ranks of the job have come to it
}

// String is "MPI_Recv(from 0, tag 7), line 4": without times, so that equal calls of ranks look the same.
func (c Call) String() string {
	var parts []string
	if c.Peer >= 0 {
		parts = append(parts, fmt.Sprintf("%s %d", peerWord(c.Func), c.Peer))
	} else if c.Peer == abi.AnySource {
		parts = append(parts, "from any")
	}
	if c.Tag >= 0 {
		parts = append(parts, fmt.Sprintf("tag %d", c.Tag))
	}
	if c.Comm != "world" {
		parts = append(parts, "on "+c.Comm)
	}
	s := c.Func
	if len(parts) > 0 {
		s += "(" + strings.Join(parts, ", ") + ")"
	}
	if c.Line > 0 {
		s += fmt.Sprintf(", line %d", c.Line)
	}
	return s
}

func peerWord(f string) string {
	switch f {
	case "MPI_Send", "MPI_Ssend", "MPI_Put", "MPI_Accumulate":
		return "to"
	case "MPI_Recv", "MPI_Probe", "MPI_Get":
		return "from"
	case "MPI_Fetch_and_op", "MPI_Compare_and_swap", "MPI_Win_lock", "MPI_Win_unlock", "MPI_Win_flush":
		return "rank"
	case "MPI_Sendrecv":
		return "with"
	}
	return "root"
}

// Where lists the calls that wait now, of all goroutines. It takes no lock and may be called at any time.
func Where() []Call { return here.records.list() }

// records are the calls that wait. A call that is over at once never gets here.
type records struct {
	slots [256]atomic.Pointer[Call]
}

// begin notes a call and returns its slot, -1 when all are taken.
func (r *records) begin(c Call) int {
	c.Since = time.Now()
	if At != nil {
		c.Line = At()
	}
	for i := range r.slots {
		if r.slots[i].Load() == nil && r.slots[i].CompareAndSwap(nil, &c) {
			return i
		}
	}
	return -1
}

func (r *records) end(slot int) {
	if slot >= 0 {
		r.slots[slot].Store(nil)
	}
}

func (r *records) list() []Call {
	var calls []Call
	for i := range r.slots {
		if c := r.slots[i].Load(); c != nil {
			calls = append(calls, *c)
		}
	}
	return calls
}

// Begin notes a call that is made elsewhere, such as one of libhdf5 on a file of all ranks, until the
// function it returns is called. Interrupt does not free it.
func Begin(what string) (end func()) {
	slot := here.records.begin(Call{Func: what, Comm: "world", Peer: abi.NoPeer, Tag: noTag})
	return func() { here.records.end(slot) }
}
