package mpi

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"gofive/mpi/internal/abi"
)

// World is all ranks. After an interrupt it is the same Comm on new ground, see Renew.
var World = &Comm{name: "world", world: true}

// job is this process's part in a job of ranks. There is one, as in MPI.
type job struct {
	mu       sync.Mutex // for starting and ending
	state    atomic.Int32
	err      error // of the start
	lib      abi.Library
	runner   abi.Runner // lib, if it is one
	info     Info
	control  *Comm       // like World, for the machinery: user code never sees it
	hosted   atomic.Bool // see Host
	epoch    atomic.Int64
	stopped  atomic.Bool // an interrupt is being carried out
	dropped  atomic.Bool // calls on World, or what came of it, were left
	records  records
	lost     lost
	requests requests
	windows  atomic.Int64 // made so far
	agents   agents
}

// States of a job.
const (
	unborn = iota
	running
	ended
)

var here job

// Info is what is known of this rank and its job.
type Info struct {
	Rank, Size           int    // in World
	LocalRank, LocalSize int    // among the ranks of this computer
	Library              string // "Open MPI v4.1.4"
	Thread               string // the level of threads granted, "MPI_THREAD_MULTIPLE"
}

// Init joins the job, as the first call of this package does by itself. It is collective. A second Init
// only returns what is known; after Finalize it fails.
func Init() (Info, error) {
	err := here.start()
	return here.info, err
}

// start initialises the library once.
func (j *job) start() error {
	if j.state.Load() == running {
		return nil
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	switch {
	case j.state.Load() == ended:
		return &Error{Op: "Init", Err: ErrFinalized}
	case j.lib == nil:
		j.lib = open()
		j.err = j.begin()
	}
	return j.err
}

func (j *job) begin() error {
	info, err := j.lib.Init()
	if err != nil {
		return &Error{Op: "Init", Err: err}
	}
	j.info = Info{info.Rank, info.Size, info.LocalRank, info.LocalSize, info.Library, info.Thread}
	control, err := j.lib.Dup(j.lib.World())
	if err != nil {
		return &Error{Op: "Init", Err: err}
	}
	user, err := j.lib.Dup(control)
	if err != nil {
		return &Error{Op: "Init", Err: err}
	}
	j.runner, _ = j.lib.(abi.Runner)
	j.control = newComm("control", control, 0)
	j.control.machinery = true
	World.set(user, 0)
	j.state.Store(running)
	return nil
}

// Finalize leaves the job. It is collective and comes last: every other call fails afterwards. A second
// Finalize does nothing, and neither does one of a program in a hosted process, where others come after it.
func Finalize() error {
	if here.hosted.Load() {
		return nil
	}
	return Leave()
}

// Host says that this process runs one program after the other, which do not end it: the Finalize of a
// cell must not end MPI for the next one. Leave does.
func Host() { here.hosted.Store(true) }

// lettingGo is how long the library may take to end MPI when all ranks have agreed to.
var lettingGo = 30 * time.Second

// Leave is Finalize for whoever runs programs. When other ranks are in another call of World it fails, as
// theirs do, and nothing has ended. With ErrStuck all of them have come, and the library does not end MPI: all that
// is left to do is to end the process. MPICH 4.0 over TCP does so to every second job of any program: a rank that
// has closed its connections no longer answers one that still closes its own.
func Leave() error {
	j := &here
	if j.state.Load() == running {
		if _, err := World.agree(header{Func: abi.Finalize}, anyCount); errors.Is(err, ErrMismatch) {
			return err
		}
	}
	j.agents.stop()
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.state.Load() != running {
		return nil
	}
	j.state.Store(ended)
	defer j.records.end(j.records.begin(Call{Func: abi.Finalize.String(), Comm: "world", Peer: abi.NoPeer, Tag: noTag}))
	left := make(chan error, 1)
	go func() { left <- j.lib.Finalize() }()
	select {
	case err := <-left:
		if err != nil {
			return &Error{Op: "Finalize", Err: err}
		}
		return nil
	case <-time.After(lettingGo):
		return &Error{Op: "Finalize", Kind: ErrStuck, Err: fmt.Errorf("%s has not ended MPI in %v", j.info.Library, lettingGo)}
	}
}

// Abort ends all ranks at once with an exit code, for a program that cannot go on.
func Abort(code int) {
	if err := here.start(); err != nil {
		panic(err)
	}
	here.lib.Abort(code)
}

// Version names the MPI library of this executable, "Open MPI v4.1.4"; "" when it has none.
func Version() string { return version() }

// Rank is this process's number in World, from 0.
func Rank() int { return World.Rank() }

// Size is the number of ranks in World.
func Size() int { return World.Size() }

// mustStart is for the functions that have no error to return.
func (j *job) mustStart() {
	if err := j.start(); err != nil {
		panic(fmt.Errorf("mpi cannot start: %w", err))
	}
}
