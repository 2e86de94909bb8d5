package local

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unsafe"

	"gofive/mpi/internal/abi"
)

// ways are the ways in which ranks reach each other.
var ways = map[string]func(t *testing.T, n int) []*Library{
	"goroutines":       func(_ *testing.T, n int) []*Library { return NewJob(n) },
	"sockets":          func(t *testing.T, n int) []*Library { return overSockets(t, n, true) },
	"sockets, no pull": func(t *testing.T, n int) []*Library { return overSockets(t, n, false) },
}

// overSockets gives ranks that talk as processes do.
func overSockets(t *testing.T, n int, pull bool) []*Library {
	t.Helper()
	dir := t.TempDir()
	ranks := make([]*Library, n)
	var all sync.WaitGroup
	for i := range ranks {
		all.Go(func() {
			ranks[i] = New()
			node := newNode(i, n)
			node.links[i] = &direct{from: i, to: node}
			if err := node.connect(dir); err != nil {
				t.Error(err)
			}
			for _, to := range node.links {
				if s, ok := to.(*socket); ok && !pull {
					s.pid = 0
				}
			}
			ranks[i].node = node
		})
	}
	all.Wait()
	return ranks
}

// rank is a Library with calls that wait, for a test.
type rank struct {
	*Library
	info  abi.Info
	world abi.Comm
}

func (r *rank) run(c abi.Call) (abi.Status, error) {
	if c.Comm == 0 {
		c.Comm = r.world
	}
	h, err := r.Start(&c)
	if err != nil {
		return abi.Status{}, err
	}
	return r.wait(h)
}

func (r *rank) wait(h abi.Request) (abi.Status, error) {
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); {
		if st, done, err := r.Test(h, 100); done {
			return st, err
		}
	}
	return abi.Status{}, errors.New("not done in 20 s")
}

// job runs f on n ranks, each way.
func job(t *testing.T, sizes []int, f func(r *rank) error) {
	t.Helper()
	for name, way := range ways {
		for _, n := range sizes {
			t.Run(fmt.Sprintf("%s/%d", name, n), func(t *testing.T) { runJob(t, way(t, n), f) })
		}
	}
}

func runJob(t *testing.T, ranks []*Library, f func(r *rank) error) {
	t.Helper()
	var all sync.WaitGroup
	for _, l := range ranks {
		all.Go(func() {
			info, err := l.Init()
			if err != nil {
				t.Error(err)
				return
			}
			r := &rank{l, info, l.World()}
			if err := f(r); err != nil {
				t.Errorf("rank %d: %v", info.Rank, err)
			}
			if err := l.Finalize(); err != nil {
				t.Errorf("rank %d: %v", info.Rank, err)
			}
		})
	}
	all.Wait()
}

func buffer(v []int64) abi.Buffer {
	return abi.Buffer{Ptr: unsafe.Pointer(unsafe.SliceData(v)), Count: len(v), Kind: abi.Int64}
}

// values are n numbers of a rank.
func values(rank, n int) []int64 {
	rng := rand.New(rand.NewPCG(1, uint64(rank)))
	out := make([]int64, n)
	for i := range out {
		out[i] = rng.Int64N(1000) - 500
	}
	return out
}

// summed is the sum of the values of ranks from lo up to hi.
func summed(lo, hi, n int) []int64 {
	out := make([]int64, n)
	for rank := lo; rank < hi; rank++ {
		for i, v := range values(rank, n) {
			out[i] += v
		}
	}
	return out
}

func joined(size int, part func(rank int) []int64) (out []int64) {
	for rank := range size {
		out = append(out, part(rank)...)
	}
	return out
}

func counts(size, n int) (counts, displs []int32, total int) {
	for rank := range size {
		counts, displs = append(counts, int32(n+rank)), append(displs, int32(total))
		total += n + rank
	}
	return counts, displs, total
}

// collectives call each operation with n elements a rank, and say what came of it and what should.
var collectives = map[string]func(r *rank, root, n int) (got, want []int64, err error){
	"Bcast": func(r *rank, root, n int) ([]int64, []int64, error) {
		v := values(r.info.Rank, n)
		_, err := r.run(abi.Call{Func: abi.Bcast, Recv: buffer(v), Peer: root})
		return v, values(root, n), err
	},
	"Scatter": func(r *rank, root, n int) ([]int64, []int64, error) {
		got, all := make([]int64, n), values(99, n*r.info.Size)
		c := abi.Call{Func: abi.Scatter, Recv: buffer(got), Peer: root}
		if r.info.Rank == root {
			c.Send = buffer(all)
			c.Send.Count = n
		}
		_, err := r.run(c)
		return got, all[r.info.Rank*n:][:n], err
	},
	"Scatterv": func(r *rank, root, n int) ([]int64, []int64, error) {
		counts, displs, total := counts(r.info.Size, n)
		got, all := make([]int64, counts[r.info.Rank]), values(99, total)
		c := abi.Call{Func: abi.Scatterv, Recv: buffer(got), Peer: root}
		if r.info.Rank == root {
			c.Send, c.SendCounts, c.SendDispls = buffer(all), counts, displs
		}
		_, err := r.run(c)
		return got, all[displs[r.info.Rank]:][:len(got)], err
	},
	"Gather": func(r *rank, root, n int) ([]int64, []int64, error) {
		c := abi.Call{Func: abi.Gather, Send: buffer(values(r.info.Rank, n)), Peer: root}
		var got, want []int64
		if r.info.Rank == root {
			got, want = make([]int64, n*r.info.Size), joined(r.info.Size, func(k int) []int64 { return values(k, n) })
			c.Recv = buffer(got)
			c.Recv.Count = n
		}
		_, err := r.run(c)
		return got, want, err
	},
	"Gatherv": func(r *rank, root, n int) ([]int64, []int64, error) {
		counts, displs, total := counts(r.info.Size, n)
		c := abi.Call{Func: abi.Gatherv, Send: buffer(values(r.info.Rank, int(counts[r.info.Rank]))), Peer: root}
		var got, want []int64
		if r.info.Rank == root {
			got, want = make([]int64, total), joined(r.info.Size, func(k int) []int64 { return values(k, n+k) })
			c.Recv, c.RecvCounts, c.RecvDispls = buffer(got), counts, displs
		}
		_, err := r.run(c)
		return got, want, err
	},
	"Allgather": func(r *rank, _, n int) ([]int64, []int64, error) {
		got := make([]int64, n*r.info.Size)
		c := abi.Call{Func: abi.Allgather, Send: buffer(values(r.info.Rank, n)), Recv: buffer(got)}
		c.Recv.Count = n
		_, err := r.run(c)
		return got, joined(r.info.Size, func(k int) []int64 { return values(k, n) }), err
	},
	"Allgatherv": func(r *rank, _, n int) ([]int64, []int64, error) {
		counts, displs, total := counts(r.info.Size, n)
		got := make([]int64, total)
		_, err := r.run(abi.Call{Func: abi.Allgatherv, Send: buffer(values(r.info.Rank, int(counts[r.info.Rank]))), Recv: buffer(got),
			RecvCounts: counts, RecvDispls: displs})
		return got, joined(r.info.Size, func(k int) []int64 { return values(k, n+k) }), err
	},
	"Alltoall": func(r *rank, _, n int) ([]int64, []int64, error) {
		got := make([]int64, n*r.info.Size)
		c := abi.Call{Func: abi.Alltoall, Send: buffer(values(r.info.Rank, n*r.info.Size)), Recv: buffer(got)}
		c.Send.Count, c.Recv.Count = n, n
		_, err := r.run(c)
		return got, joined(r.info.Size, func(k int) []int64 { return values(k, n*r.info.Size)[r.info.Rank*n:][:n] }), err
	},
	"Alltoallv": func(r *rank, _, n int) ([]int64, []int64, error) {
		sendCounts, sendDispls, total := counts(r.info.Size, n) // rank k gets n+k of everyone
		mine := n + r.info.Rank
		var recvCounts, recvDispls []int32
		for k := range r.info.Size {
			recvCounts, recvDispls = append(recvCounts, int32(mine)), append(recvDispls, int32(k*mine))
		}
		got := make([]int64, mine*r.info.Size)
		_, err := r.run(abi.Call{Func: abi.Alltoallv, Send: buffer(values(r.info.Rank, total)), SendCounts: sendCounts, SendDispls: sendDispls,
			Recv: buffer(got), RecvCounts: recvCounts, RecvDispls: recvDispls})
		at := int(sendDispls[r.info.Rank])
		return got, joined(r.info.Size, func(k int) []int64 { return values(k, total)[at:][:mine] }), err
	},
	"Reduce": func(r *rank, root, n int) ([]int64, []int64, error) {
		c := abi.Call{Func: abi.Reduce, Send: buffer(values(r.info.Rank, n)), Op: abi.Sum, Peer: root}
		if r.info.Rank != root {
			_, err := r.run(c)
			return nil, nil, err
		}
		got := make([]int64, n)
		c.Recv = buffer(got)
		_, err := r.run(c)
		return got, summed(0, r.info.Size, n), err
	},
	"Allreduce": func(r *rank, _, n int) ([]int64, []int64, error) {
		got := make([]int64, n)
		_, err := r.run(abi.Call{Func: abi.Allreduce, Send: buffer(values(r.info.Rank, n)), Recv: buffer(got), Op: abi.Sum})
		return got, summed(0, r.info.Size, n), err
	},
	"Allreduce in place": func(r *rank, _, n int) ([]int64, []int64, error) {
		got := values(r.info.Rank, n)
		_, err := r.run(abi.Call{Func: abi.Allreduce, Recv: buffer(got), Op: abi.Sum})
		return got, summed(0, r.info.Size, n), err
	},
	"Scan": func(r *rank, _, n int) ([]int64, []int64, error) {
		got := make([]int64, n)
		_, err := r.run(abi.Call{Func: abi.Scan, Send: buffer(values(r.info.Rank, n)), Recv: buffer(got), Op: abi.Sum})
		return got, summed(0, r.info.Rank+1, n), err
	},
	"Exscan": func(r *rank, _, n int) ([]int64, []int64, error) {
		got := make([]int64, n)
		_, err := r.run(abi.Call{Func: abi.Exscan, Send: buffer(values(r.info.Rank, n)), Recv: buffer(got), Op: abi.Sum})
		return got, summed(0, r.info.Rank, n), err
	},
	"Reduce_scatter": func(r *rank, _, n int) ([]int64, []int64, error) {
		counts, displs, total := counts(r.info.Size, n)
		got := make([]int64, counts[r.info.Rank])
		_, err := r.run(abi.Call{Func: abi.ReduceScatter, Send: buffer(values(r.info.Rank, total)), Recv: buffer(got), RecvCounts: counts, Op: abi.Sum})
		return got, summed(0, r.info.Size, total)[displs[r.info.Rank]:][:len(got)], err
	},
}

// TestCollectives makes each call with little, with more than goes with a header, and with so much that it
// is done in another way.
func TestCollectives(t *testing.T) {
	job(t, []int{1, 2, 3, 4, 7}, func(r *rank) error {
		for _, name := range slices.Sorted(keys(collectives)) {
			for _, n := range []int{0, 1, 13, 3000, 20000} {
				root := n % r.info.Size
				got, want, err := collectives[name](r, root, n)
				if err != nil {
					return fmt.Errorf("%s of %d: %w", name, n, err)
				}
				if !slices.Equal(got, want) {
					return fmt.Errorf("%s of %d, root %d: got %.100v, want %.100v", name, n, root, got, want)
				}
			}
		}
		return nil
	})
}

func keys[V any](m map[string]V) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// TestOrder sends messages of all lengths, of which the receives match some before and some after they come.
func TestOrder(t *testing.T) {
	job(t, []int{2, 3}, func(r *rank) error {
		const rounds = 200
		next, before := (r.info.Rank+1)%r.info.Size, (r.info.Rank+r.info.Size-1)%r.info.Size
		var sent []abi.Request
		for i := range rounds {
			h, err := r.Start(&abi.Call{Func: abi.Send, Comm: r.world, Send: buffer(values(i, lengthOf(i))), Peer: next, Tag: i % 3})
			if err != nil {
				return err
			}
			sent = append(sent, h)
		}
		for tag := range 3 { // those of other tags stay behind
			for i := tag; i < rounds; i += 3 {
				got := make([]int64, lengthOf(i))
				st, err := r.run(abi.Call{Func: abi.Recv, Recv: buffer(got), Peer: abi.AnySource, Tag: tag})
				if err != nil {
					return err
				}
				if want := (abi.Status{Source: before, Tag: tag, Bytes: 8 * len(got)}); st != want || !slices.Equal(got, values(i, len(got))) {
					return fmt.Errorf("message %d: got %+v, want %+v", i, st, want)
				}
			}
		}
		for _, h := range sent {
			if _, err := r.wait(h); err != nil {
				return err
			}
		}
		return nil
	})
}

func lengthOf(i int) int { return []int{0, 1, 100, 2048, 2049, 50000}[i%6] }

// TestOthers is what else ranks do: communicators, probing, giving up, and mistakes.
func TestOthers(t *testing.T) {
	job(t, []int{2, 4}, func(r *rank) error {
		if err := tryComms(r); err != nil {
			return err
		}
		if err := tryDrop(r); err != nil {
			return err
		}
		return tryMistakes(r)
	})
}

func tryComms(r *rank) error {
	half, err := r.Split(r.world, r.info.Rank%2, -r.info.Rank)
	if err != nil {
		return err
	}
	members := (r.info.Size + 1 - r.info.Rank%2) / 2
	if want := members - 1 - r.info.Rank/2; r.Size(half) != members || r.Rank(half) != want {
		return fmt.Errorf("rank %d of %d in the half, want %d of %d", r.Rank(half), r.Size(half), want, members)
	}
	got, want := make([]int64, 1), int64(0)
	for k := r.info.Rank % 2; k < r.info.Size; k += 2 {
		want += int64(k)
	}
	if _, err := r.run(abi.Call{Func: abi.Allreduce, Comm: half, Send: buffer([]int64{int64(r.info.Rank)}), Recv: buffer(got), Op: abi.Sum}); err != nil || got[0] != want {
		return fmt.Errorf("sum of the half is %d, want %d: %v", got[0], want, err)
	}
	if none, err := r.Split(r.world, abi.Undefined, 0); none != 0 || err != nil {
		return fmt.Errorf("Split of no color gives %d, %v", none, err)
	}
	return r.Free(half)
}

// tryDrop leaves a barrier that rank 0 does not come to, and goes on with a new communicator.
func tryDrop(r *rank) error {
	old, err := r.Dup(r.world)
	if err != nil {
		return err
	}
	fresh, err := r.Dup(r.world)
	if err != nil {
		return err
	}
	if r.info.Rank > 0 {
		c := abi.Call{Func: abi.Barrier, Comm: old}
		h, err := r.Start(&c)
		if err != nil {
			return err
		}
		if _, done, _ := r.Test(h, 100); done && r.info.Size > 1 {
			return errors.New("a barrier without rank 0 ended")
		}
		r.Drop(h, abi.Barrier)
	}
	recv := abi.Call{Func: abi.Recv, Comm: old, Recv: buffer(make([]int64, 1)), Peer: 0, Tag: 9}
	h, err := r.Start(&recv)
	if err != nil || !r.Drop(h, abi.Recv) {
		return fmt.Errorf("a receive that nobody has sent to could not be given up: %v", err)
	}
	_, err = r.run(abi.Call{Func: abi.Barrier, Comm: fresh})
	return err
}

func tryMistakes(r *rank) error {
	for what, c := range map[string]abi.Call{
		"a rank that is not there": {Func: abi.Send, Peer: r.info.Size},
		"a tag below zero":         {Func: abi.Send, Peer: 0, Tag: -5},
		"a sum of truth values":    {Func: abi.Allreduce, Recv: abi.Buffer{Ptr: unsafe.Pointer(new(bool)), Count: 1, Kind: abi.Bool}, Op: abi.Sum},
	} {
		if _, err := r.run(c); err == nil {
			return fmt.Errorf("%s is no error", what)
		}
	}
	on, err := r.Dup(r.world)
	if err != nil {
		return err
	}
	// A long message for a short buffer, both ways.
	for _, n := range []int{4, 40000} {
		if r.info.Rank == 0 {
			_, err = r.run(abi.Call{Func: abi.Send, Comm: on, Send: buffer(values(0, n)), Peer: 1})
		} else if r.info.Rank == 1 {
			_, err = r.run(abi.Call{Func: abi.Recv, Comm: on, Recv: buffer(make([]int64, n/2)), Peer: 0})
			var e *abi.Error
			if !errors.As(err, &e) || e.Class != abi.Truncate {
				return fmt.Errorf("%d elements for a buffer of %d: %v", n, n/2, err)
			}
			err = nil
		}
		if err != nil {
			return err
		}
	}
	if r.info.Size > 2 {
		return nil
	}
	return tryTwoCalls(r)
}

// tryTwoCalls makes another call on rank 1, which rank 0 hears of.
func tryTwoCalls(r *rank) error {
	on, err := r.Dup(r.world)
	if err != nil {
		return err
	}
	c := abi.Call{Func: abi.Bcast, Comm: on, Recv: buffer(make([]int64, 1)), Peer: 1}
	if r.info.Rank == 1 {
		c = abi.Call{Func: abi.Reduce, Comm: on, Send: buffer(make([]int64, 1)), Op: abi.Sum}
	}
	if _, err := r.run(c); r.info.Rank == 0 && (err == nil || !strings.Contains(err.Error(), "rank 1 is in MPI_Reduce")) {
		return fmt.Errorf("rank 1 is in another call: %v", err)
	}
	return nil
}

// TestLostRank ends a rank while others wait for it.
func TestLostRank(t *testing.T) {
	ranks := overSockets(t, 3, true)
	for _, l := range ranks {
		if _, err := l.Init(); err != nil {
			t.Fatal(err)
		}
	}
	var waits []func() error
	for i, l := range ranks[:2] {
		r := &rank{Library: l, world: l.World()}
		c := abi.Call{Func: abi.Recv, Comm: r.world, Recv: buffer(make([]int64, 1)), Peer: 2}
		if i == 1 {
			c = abi.Call{Func: abi.Ssend, Comm: r.world, Send: buffer(make([]int64, 1)), Peer: 2}
		}
		h, err := l.Start(&c)
		if err != nil {
			t.Fatal(err)
		}
		waits = append(waits, func() error { _, err := r.wait(h); return err })
	}
	for _, to := range ranks[2].node.links {
		if s, ok := to.(*socket); ok {
			s.conn.Close()
		}
	}
	for i, wait := range waits {
		var e *abi.Error
		if err := wait(); !errors.As(err, &e) || e.Class != abi.PeerGone {
			t.Errorf("rank %d: %v, want that rank 2 has ended", i, err)
		}
	}
}

// TestMissingRank waits in vain.
func TestMissingRank(t *testing.T) {
	defer func(d time.Duration) { meetingPatience = d }(meetingPatience)
	meetingPatience = 50 * time.Millisecond
	for _, rank := range []int{0, 1} {
		if err := newNode(rank, 3).connect(t.TempDir()); err == nil || !strings.Contains(err.Error(), "waited 50ms for ranks") {
			t.Errorf("rank %d alone: %v", rank, err)
		}
	}
}
