package local

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"slices"
	"sync"
	"sync/atomic"
	"unsafe"

	"gofive/mpi/internal/abi"
)

// comm is a communicator.
type comm struct {
	ctx   uint64
	ranks []int // of the world
	rank  int

	calls atomic.Uint32 // collective calls so far
	made  atomic.Uint64 // communicators made of it
}

// ofCalls marks the contexts of collective calls.
const ofCalls = 1 << 63

// comms are those of one rank, by their handle.
type comms struct {
	mu   sync.Mutex
	by   map[abi.Comm]*comm
	last abi.Comm
}

func (s *comms) add(c *comm) abi.Comm {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last++
	s.by[s.last] = c
	return s.last
}

func (s *comms) get(h abi.Comm) *comm {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.by[h]
}

// child is the context of a communicator that is made of c. All ranks make them in the same order, so that
// all come to the same number without a word.
func (c *comm) child(made uint64, color int) uint64 {
	h := fnv.New64a()
	for _, v := range [...]uint64{c.ctx, made, uint64(color)} {
		_ = binary.Write(h, binary.LittleEndian, v)
	}
	return h.Sum64() &^ ofCalls
}

// Dup is collective and waits.
func (l *Library) Dup(h abi.Comm) (abi.Comm, error) {
	c, err := l.comm(abi.CommDup, h)
	if err != nil {
		return 0, err
	}
	made := c.made.Add(1)
	if err := l.newCall(c, &abi.Call{Func: abi.CommDup}).barrier(); err != nil {
		return 0, err
	}
	return l.comms.add(&comm{ctx: c.child(made, 0), ranks: c.ranks, rank: c.rank}), nil
}

// member is what a rank says in Split.
type member struct{ color, key, rank int64 }

// Split is collective and waits.
func (l *Library) Split(h abi.Comm, color, key int) (abi.Comm, error) {
	c, err := l.comm(abi.CommSplit, h)
	if err != nil {
		return 0, err
	}
	made := c.made.Add(1)
	all := make([]member, len(c.ranks))
	all[c.rank] = member{int64(color), int64(key), int64(c.rank)}
	size := int(unsafe.Sizeof(member{}))
	if err := l.newCall(c, &abi.Call{Func: abi.CommSplit}).allgather(rawBytes(all), evenly(len(all), size)); err != nil {
		return 0, err
	}
	if color == abi.Undefined {
		return 0, nil
	}
	all = slices.DeleteFunc(all, func(m member) bool { return m.color != int64(color) })
	slices.SortStableFunc(all, func(a, b member) int { return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.rank, b.rank)) })
	out := &comm{ctx: c.child(made, color+1)}
	for i, m := range all {
		if int(m.rank) == c.rank {
			out.rank = i
		}
		out.ranks = append(out.ranks, c.ranks[m.rank])
	}
	return l.comms.add(out), nil
}

// rawBytes is the memory of a slice without pointers.
func rawBytes[T any](s []T) []byte {
	var zero T
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(s))), len(s)*int(unsafe.Sizeof(zero)))
}

// Free forgets a communicator.
func (l *Library) Free(h abi.Comm) error {
	c, err := l.comm(abi.CommFree, h)
	if err != nil {
		return err
	}
	l.comms.mu.Lock()
	delete(l.comms.by, h)
	l.comms.mu.Unlock()
	l.node.mu.Lock()
	delete(l.node.boxes, c.ctx)
	l.node.mu.Unlock()
	return nil
}

// Rank is this rank's place in a communicator.
func (l *Library) Rank(h abi.Comm) int {
	if c := l.comms.get(h); c != nil {
		return c.rank
	}
	return -1
}

// Size is the number of a communicator's ranks.
func (l *Library) Size(h abi.Comm) int {
	if c := l.comms.get(h); c != nil {
		return len(c.ranks)
	}
	return 0
}

func (l *Library) comm(fn abi.Func, h abi.Comm) (*comm, error) {
	c := l.comms.get(h)
	if c == nil {
		return nil, &abi.Error{Func: fn.String(), Text: "there is no such communicator; it may have been freed"}
	}
	return c, nil
}

// world is the rank of the world that a rank of c is.
func (c *comm) world(fn abi.Func, rank int) (int, error) {
	if rank < 0 || rank >= len(c.ranks) {
		return 0, &abi.Error{Func: fn.String(), Class: abi.BadRank, Text: fmt.Sprintf("rank %d of %d", rank, len(c.ranks))}
	}
	return c.ranks[rank], nil
}
