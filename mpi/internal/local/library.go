package local

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"sync"
	"time"
	"unsafe"

	"gofive/mpi/internal/abi"
)

// The environment of a rank: which one of how many it is, and the directory in which they find each other.
// The directory is for one job alone, and for nobody but its user.
const (
	EnvRank = "GOFIVE_LOCAL_RANK"
	EnvSize = "GOFIVE_LOCAL_SIZE"
	EnvDir  = "GOFIVE_LOCAL_DIR"
)

const tagMax = 1<<31 - 1

// Library is one rank.
type Library struct {
	node  *node
	comms comms
	world abi.Comm

	mu       sync.Mutex
	requests map[abi.Request]*request
	last     abi.Request
}

// New is a rank that is a process. Init reads which one from the environment.
func New() *Library {
	return &Library{comms: comms{by: map[abi.Comm]*comm{}}, requests: map[abi.Request]*request{}}
}

// NewJob gives n ranks that are goroutines of this process.
func NewJob(n int) []*Library {
	ranks := make([]*Library, n)
	for i := range ranks {
		ranks[i] = New()
		ranks[i].node = newNode(i, n)
	}
	for i, a := range ranks {
		for k, b := range ranks {
			a.node.links[k] = &direct{from: i, to: b.node}
		}
	}
	return ranks
}

var _ abi.Library = (*Library)(nil)

// Init joins the job: it returns when all ranks are there.
func (l *Library) Init() (abi.Info, error) {
	if l.node == nil {
		n, err := meet()
		if err != nil {
			return abi.Info{}, &abi.Error{Func: "MPI_Init", Text: err.Error()}
		}
		l.node = n
	}
	n := l.node
	everybody := make([]int, n.size)
	for i := range everybody {
		everybody[i] = i
	}
	l.world = l.comms.add(&comm{ctx: 1, ranks: everybody, rank: n.rank})
	return abi.Info{Rank: n.rank, Size: n.size, LocalRank: n.rank, LocalSize: n.size,
		Library: "gofive without MPI", Thread: "MPI_THREAD_MULTIPLE", TagMax: tagMax}, nil
}

// meet reads the environment and connects this process with the other ranks.
func meet() (*node, error) {
	rank, err := number(EnvRank)
	if err != nil {
		return nil, err
	}
	size, err := number(EnvSize)
	if err != nil {
		return nil, err
	}
	if rank >= size {
		return nil, fmt.Errorf("rank %d of %d", rank, size)
	}
	n := newNode(rank, size)
	n.links[rank] = &direct{from: rank, to: n}
	return n, n.connect(os.Getenv(EnvDir))
}

func number(name string) (int, error) {
	n, err := strconv.Atoi(os.Getenv(name))
	if err != nil || n < 0 {
		return 0, fmt.Errorf("%s is %q, which is no number of ranks", name, os.Getenv(name))
	}
	return n, nil
}

// World is the communicator of all ranks.
func (l *Library) World() abi.Comm { return l.world }

// Start begins a call.
func (l *Library) Start(c *abi.Call) (abi.Request, error) {
	on, err := l.comm(c.Func, c.Comm)
	if err != nil {
		return 0, err
	}
	var r *request
	switch {
	case c.Func == abi.Send || c.Func == abi.Ssend:
		r, err = l.send(on, c)
	case c.Func == abi.Recv:
		r, err = l.receive(on, c)
	case c.Func.Collective():
		r, err = l.collective(on, c)
	default:
		err = &abi.Error{Func: c.Func.String(), Text: "it cannot be started"}
	}
	if err != nil {
		return 0, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last++
	l.requests[l.last] = r
	return l.last, nil
}

// memory is a buffer's.
func memory(b abi.Buffer) []byte {
	if b.Count == 0 || b.Ptr == nil {
		return nil
	}
	return unsafe.Slice((*byte)(b.Ptr), b.Bytes())
}

// nobody is a request to MPI_PROC_NULL, which is done at once.
func nobody(fn abi.Func) *request {
	r := newRequest(fn, nil)
	r.end(abi.Status{Source: abi.NoPeer, Tag: abi.AnyTag}, nil)
	return r
}

func (l *Library) send(on *comm, c *abi.Call) (*request, error) {
	if c.Peer == abi.NoPeer {
		return nobody(c.Func), nil
	}
	to, err := on.world(c.Func, c.Peer)
	if err != nil {
		return nil, err
	}
	if c.Tag < 0 || c.Tag > tagMax {
		return nil, badTag(c)
	}
	h := &header{sync: c.Func == abi.Ssend, fn: c.Func, source: int32(on.rank), tag: int32(c.Tag), ctx: on.ctx}
	return l.node.send(to, h, memory(c.Send)), nil
}

func badTag(c *abi.Call) error {
	return &abi.Error{Func: c.Func.String(), Class: abi.BadTag, Text: fmt.Sprintf("tag %d, which is not from 0 to %d", c.Tag, tagMax)}
}

func (l *Library) receive(on *comm, c *abi.Call) (*request, error) {
	if c.Peer == abi.NoPeer {
		return nobody(c.Func), nil
	}
	r, err := receiver(on, c.Peer, c.Tag, memory(c.Recv))
	if err != nil {
		return nil, err
	}
	l.node.receive(r)
	return r, nil
}

// receiver is the receive of a message, not begun yet.
func receiver(on *comm, source, tag int, buf []byte) (*request, error) {
	r := newRequest(abi.Recv, buf)
	r.ctx, r.source, r.tag = on.ctx, int32(source), int32(tag)
	if source != abi.AnySource {
		from, err := on.world(abi.Recv, source)
		if err != nil {
			return nil, err
		}
		r.peer = from
	}
	return r, nil
}

// glance is how long Test waits for a request when it may look more than once. Waiting lets the goroutine
// that reads from other ranks run, where looking again and again would keep it from its processor.
const glance = 200 * time.Microsecond

// Test says whether a request is done.
func (l *Library) Test(h abi.Request, spins int) (abi.Status, bool, error) {
	l.mu.Lock()
	r := l.requests[h]
	l.mu.Unlock()
	if r == nil {
		return abi.Status{}, true, &abi.Error{Func: "MPI_Test", Text: "there is no such request"}
	}
	if !r.isDone() && (spins <= 1 || !soon(r)) {
		return abi.Status{}, false, nil
	}
	l.mu.Lock()
	delete(l.requests, h)
	l.mu.Unlock()
	return r.status, true, r.err
}

// soon waits a moment for a request.
func soon(r *request) bool {
	for range 10 {
		runtime.Gosched()
		if r.isDone() {
			return true
		}
	}
	timer := time.NewTimer(glance)
	defer timer.Stop()
	select {
	case <-r.done:
		return true
	case <-timer.C:
		return r.isDone()
	}
}

// Drop gives a request up.
func (l *Library) Drop(h abi.Request, fn abi.Func) bool {
	l.mu.Lock()
	r := l.requests[h]
	delete(l.requests, h)
	l.mu.Unlock()
	if r == nil {
		return true
	}
	if r.cancel != nil {
		close(r.cancel)
	}
	return r.isDone() || fn == abi.Recv && l.node.withdraw(r)
}

// Probe looks for a message.
func (l *Library) Probe(h abi.Comm, source, tag int) (abi.Status, bool, error) {
	on, err := l.comm(abi.Probe, h)
	if err != nil {
		return abi.Status{}, false, err
	}
	if source == abi.NoPeer {
		return abi.Status{Source: abi.NoPeer, Tag: abi.AnyTag}, true, nil
	}
	r, err := receiver(on, source, tag, nil)
	if err != nil {
		return abi.Status{}, false, err
	}
	st, found := l.node.probe(r)
	return st, found, nil
}

// Abort ends all ranks.
func (l *Library) Abort(code int) {
	for rank, to := range l.node.links {
		if rank != l.node.rank {
			to.put(&header{kind: abort, tag: int32(code)}, nil)
		}
	}
	os.Exit(code)
}

// Finalize waits until all ranks call it, and leaves.
func (l *Library) Finalize() error {
	on := l.comms.get(l.world)
	err := l.newCall(on, &abi.Call{Func: abi.Finalize}).barrier()
	l.node.mu.Lock()
	l.node.leaves = true
	l.node.mu.Unlock()
	for _, to := range l.node.links {
		to.close()
	}
	return err
}
