// Package abi is what package mpi asks of an MPI library: to start operations on raw memory, to say
// whether they ended, and to give one up. There are only a few types here: Call, one operation with
// its buffers; Request, a call under way; Library, which starts them. Package libmpi is a Library made
// of a real MPI, package local one without.
//
// Nothing here waits, except where a method says so: whoever waits polls, so that a wait can be
// watched and left.
package abi

import "unsafe"

// Comm is a communicator. For libmpi it is the MPI_Comm of C; 0 is none.
type Comm uintptr

// Request is a started call. 0 is none.
type Request uintptr

// Wildcards and the peer that is nobody.
const (
	AnySource = -1
	AnyTag    = -1
	NoPeer    = -2 // MPI_PROC_NULL: sends to it and receives from it end at once
)

// Undefined is the colour of a rank that joins none of the communicators of a Split.
const Undefined = -1

// Info is what a Library knows after Init.
type Info struct {
	Rank, Size           int    // in the world
	LocalRank, LocalSize int    // among the ranks of this computer
	Library              string // name and version, one line: "Open MPI v4.1.4"
	Thread               string // the level granted: "MPI_THREAD_MULTIPLE"
	TagMax               int    // the greatest tag
}

// A Library starts calls. Its methods may be called from every goroutine; a Library whose threads
// support less sees to that itself. Errors are of type *Error.
type Library interface {
	// Init joins the job. It is called once, before anything else, and is collective over all ranks.
	Init() (Info, error)

	// World is the communicator of all ranks. Package mpi only duplicates it.
	World() Comm

	// Start begins a call. Its buffers belong to the library until Test says that it is done; after
	// Drop they belong to it for ever. They are pinned by the caller. The Call itself and its slices of
	// counts may be reused after Start only when the request is done, too.
	Start(*Call) (Request, error)

	// Test says whether a request is done, after looking up to spins times. It makes progress for all
	// others as well. When it is done, or failed, the request is gone, and the error is that of the call.
	Test(r Request, spins int) (Status, bool, error)

	// Drop gives a request up: receives are cancelled, everything else is forgotten. It returns at once.
	// Collective requests cannot be cancelled, which is why their communicator is then of no more use.
	// f is what was started. done is true when the request had ended meanwhile and its buffers are free.
	Drop(r Request, f Func) (done bool)

	// Probe looks, without receiving, for a message from source with tag.
	Probe(c Comm, source, tag int) (Status, bool, error)

	// Dup and Split are collective over c and wait; a rank that does not come makes them wait for ever.
	// Split gives 0 to a rank of colour Undefined.
	Dup(c Comm) (Comm, error)
	Split(c Comm, color, key int) (Comm, error)

	// Free ends a communicator, collectively. Communicators with dropped requests are never freed.
	Free(c Comm) error

	// Rank and Size are this process's place in c.
	Rank(c Comm) int
	Size(c Comm) int

	// Abort ends all ranks of the job, now.
	Abort(code int)

	// Finalize leaves the job, collectively, and waits. Nothing may be called afterwards.
	Finalize() error
}

// A Runner is a Library to which calls cost: Run is Start and, when that was well, Test.
type Runner interface {
	Run(c *Call, spins int) (Request, Status, bool, error)
}

// Buffer is Count elements of Kind at Ptr. Ptr may be nil where Count is 0.
type Buffer struct {
	Ptr   unsafe.Pointer
	Count int
	Kind  Kind
}

// Bytes is the size of the buffer.
func (b Buffer) Bytes() int { return b.Count * b.Kind.Size() }

// Call is one operation. Which fields count depends on Func, see there.
type Call struct {
	Func Func
	Comm Comm
	Send Buffer
	Recv Buffer
	Op   Op
	Peer int // destination, source or root
	Tag  int

	// Elements for, or from, each rank and where they lie, in elements from the start of the buffer, in
	// the calls whose names end in v (and ReduceScatter: RecvCounts alone).
	SendCounts, SendDispls []int32
	RecvCounts, RecvDispls []int32
}

// Status is what a receive, or a probe, found.
type Status struct {
	Source, Tag int
	Bytes       int
}

// Error is what a library said.
type Error struct {
	Func  string // "MPI_Recv"
	Class Class
	Text  string // the library's words
}

func (e *Error) Error() string { return e.Func + ": " + e.Text }

// Class sorts the errors that package mpi explains further.
type Class uint8

// Classes of errors.
const (
	Other    Class = iota
	Truncate       // the message was longer than the buffer
	BadRank        // no such rank
	BadTag         // a tag out of range
	PeerGone       // a rank has ended
)
