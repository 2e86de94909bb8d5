//go:build mpi

package libmpi

/*
#cgo noescape gm_start
#cgo nocallback gm_start
#cgo noescape gm_test
#cgo nocallback gm_test
#include "shim.h"
*/
import "C"

import (
	"fmt"
	"math"
	"runtime"
	"unsafe"

	"gofive/mpi/internal/abi"
)

// Library is the MPI of this executable. A process has one.
type Library struct {
	thread  thread
	crowded C.int // 1 when ranks are more than processors and the library does not care
}

// New is the library before Init.
func New() *Library { return &Library{thread: thread{work: make(chan func())}} }

// Version is the library's name and version: "Open MPI v4.1.4". It can be asked before Init.
func Version() string {
	var text [8192]C.char
	C.gm_version(&text[0])
	return shortVersion(C.GoString(&text[0]))
}

// Init joins the job.
func (l *Library) Init() (abi.Info, error) {
	var info C.gm_info
	var code C.int
	go l.thread.serve()
	l.thread.run(func() { code = C.gm_init(&info) })
	if code != 0 {
		return abi.Info{}, failure("MPI_Init_thread", code)
	}
	if info.thread == 0 {
		return abi.Info{}, &abi.Error{Func: "MPI_Init_thread", Text: Version() + " was built for programs of one thread (MPI_THREAD_SINGLE)"}
	}
	l.thread.free = int(info.thread) == len(threadNames)-1
	if int(info.local_size) > runtime.NumCPU() && info.yields == 0 {
		l.crowded = 1
	}
	return abi.Info{
		Rank: int(info.rank), Size: int(info.size), LocalRank: int(info.local_rank), LocalSize: int(info.local_size),
		Library: Version(), Thread: threadNames[info.thread], TagMax: int(info.tag_max),
	}, nil
}

// The levels in the order of the standard, which Open MPI and MPICH number alike.
var threadNames = []string{"MPI_THREAD_SINGLE", "MPI_THREAD_FUNNELED", "MPI_THREAD_SERIALIZED", "MPI_THREAD_MULTIPLE"}

// World is MPI_COMM_WORLD.
func (l *Library) World() abi.Comm { return abi.Comm(C.gm_world()) }

// Start begins a call.
func (l *Library) Start(c *abi.Call) (abi.Request, error) {
	req, _, _, err := l.Run(c, 0)
	return req, err
}

// Run begins a call and looks at it.
func (l *Library) Run(c *abi.Call, spins int) (abi.Request, abi.Status, bool, error) {
	if err := countsFit(c); err != nil {
		return 0, abi.Status{}, true, err
	}
	if l.thread.free {
		return l.start(c, spins)
	}
	return l.startThere(c, spins)
}

// startThere is a function of its own because what it gives to the other thread is allocated.
func (l *Library) startThere(c *abi.Call, spins int) (req abi.Request, st abi.Status, done bool, err error) {
	l.thread.send(func() { req, st, done, err = l.start(c, spins) })
	return req, st, done, err
}

func (l *Library) start(c *abi.Call, spins int) (abi.Request, abi.Status, bool, error) {
	var req C.uintptr_t
	var done C.int
	var st C.gm_status
	// Addresses go as numbers: what they point to is kept by the caller until the request is done.
	code := C.gm_start(C.int(c.Func), C.uintptr_t(c.Comm),
		C.uintptr_t(uintptr(c.Send.Ptr)), C.int(c.Send.Count), C.int(c.Send.Kind),
		C.uintptr_t(uintptr(c.Recv.Ptr)), C.int(c.Recv.Count), C.int(c.Recv.Kind),
		C.int(c.Op), C.int(c.Peer), C.int(c.Tag),
		ints(c.SendCounts), ints(c.SendDispls), ints(c.RecvCounts), ints(c.RecvDispls), C.int(spins), l.crowded, &req, &done, &st)
	if code != 0 {
		return 0, status(st), true, failure(c.Func.String(), code)
	}
	return abi.Request(req), status(st), done != 0, nil
}

func ints(v []int32) *C.int {
	return (*C.int)(unsafe.Pointer(unsafe.SliceData(v)))
}

// countsFit refuses what an int of C does not hold.
func countsFit(c *abi.Call) error {
	if n := max(c.Send.Count, c.Recv.Count); n > math.MaxInt32 {
		return &abi.Error{Func: c.Func.String(), Text: fmt.Sprintf("%d elements, and MPI takes at most %d in one call", n, math.MaxInt32)}
	}
	return nil
}

// Test looks at a request.
func (l *Library) Test(r abi.Request, spins int) (abi.Status, bool, error) {
	if l.thread.free {
		return l.test(r, spins)
	}
	return l.testThere(r, spins)
}

func (l *Library) testThere(r abi.Request, spins int) (st abi.Status, done bool, err error) {
	l.thread.send(func() { st, done, err = l.test(r, spins) })
	return st, done, err
}

func (l *Library) test(r abi.Request, spins int) (abi.Status, bool, error) {
	var done C.int
	var st C.gm_status
	code := C.gm_test(C.uintptr_t(r), C.int(spins), l.crowded, &done, &st)
	switch {
	case code != 0:
		return status(st), true, failure("MPI_Test", code)
	case done == 0:
		return abi.Status{}, false, nil
	}
	return status(st), true, nil
}

func status(st C.gm_status) abi.Status {
	return abi.Status{Source: int(st.source), Tag: int(st.tag), Bytes: int(st.bytes)}
}

// Drop gives a request up.
func (l *Library) Drop(r abi.Request, f abi.Func) bool {
	var done, receive C.int
	if f == abi.Recv {
		receive = 1
	}
	l.thread.run(func() { C.gm_drop(C.uintptr_t(r), receive, &done) })
	return done != 0
}

// Probe looks for a message.
func (l *Library) Probe(c abi.Comm, source, tag int) (abi.Status, bool, error) {
	var found, code C.int
	var st C.gm_status
	l.thread.run(func() { code = C.gm_probe(C.uintptr_t(c), C.int(source), C.int(tag), &found, &st) })
	if code != 0 {
		return abi.Status{}, false, failure("MPI_Iprobe", code)
	}
	return status(st), found != 0, nil
}

// Dup is collective and waits.
func (l *Library) Dup(c abi.Comm) (abi.Comm, error) {
	var out C.uintptr_t
	var code C.int
	l.thread.run(func() { code = C.gm_dup(C.uintptr_t(c), &out) })
	return abi.Comm(out), failure("MPI_Comm_dup", code)
}

// Split is collective and waits.
func (l *Library) Split(c abi.Comm, color, key int) (abi.Comm, error) {
	var out C.uintptr_t
	var code C.int
	l.thread.run(func() { code = C.gm_split(C.uintptr_t(c), C.int(color), C.int(key), &out) })
	return abi.Comm(out), failure("MPI_Comm_split", code)
}

// Free is collective.
func (l *Library) Free(c abi.Comm) error {
	var code C.int
	l.thread.run(func() { code = C.gm_free(C.uintptr_t(c)) })
	return failure("MPI_Comm_free", code)
}

// Rank is this process's place in c.
func (l *Library) Rank(c abi.Comm) int { return int(C.gm_rank(C.uintptr_t(c))) }

// Size is how many ranks c has.
func (l *Library) Size(c abi.Comm) int { return int(C.gm_size(C.uintptr_t(c))) }

// Abort ends the job.
func (l *Library) Abort(code int) { C.gm_abort(C.int(code)) }

// Finalize leaves the job. It runs on the thread of Init, as MPI wants.
func (l *Library) Finalize() error {
	var code C.int
	l.thread.send(func() { code = C.gm_finalize() })
	return failure("MPI_Finalize", code)
}

// failure makes an error of a code; nil for success.
func failure(f string, code C.int) error {
	if code == 0 {
		return nil
	}
	var text [1024]C.char
	class := C.gm_error(code, &text[0])
	return &abi.Error{Func: f, Class: abi.Class(class), Text: oneLine(C.GoString(&text[0]))}
}
