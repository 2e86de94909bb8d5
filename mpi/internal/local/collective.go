package local

import (
	"errors"
	"fmt"
	"slices"
	"unsafe"

	"gofive/mpi/internal/abi"
)

// call is one collective call of one rank: messages in a context of its own, with the number of the call as
// their tag.
type call struct {
	abi.Call
	node   *node
	on     *comm
	tag    int32
	cancel chan struct{}
}

// longCall is from how many bytes on a collective call is done so that little is moved, and not so that
// few messages go.
const longCall = 64 << 10

// errDropped ends the goroutine of a call that was given up.
var errDropped = errors.New("dropped")

func (l *Library) newCall(on *comm, c *abi.Call) *call {
	return &call{Call: *c, node: l.node, on: on, tag: int32(on.calls.Add(1)), cancel: make(chan struct{})}
}

// collective begins a collective call.
func (l *Library) collective(on *comm, c *abi.Call) (*request, error) {
	if rooted(c.Func) {
		if _, err := on.world(c.Func, c.Peer); err != nil {
			return nil, err
		}
	}
	k := l.newCall(on, c)
	if c.Func >= abi.Reduce && !c.Op.Works(k.kind()) {
		return nil, &abi.Error{Func: c.Func.String(), Text: fmt.Sprintf("%v is not for elements of type %v", c.Op, k.kind())}
	}
	r := newRequest(c.Func, nil)
	r.cancel = k.cancel
	go func() { r.end(abi.Status{}, k.run()) }()
	return r, nil
}

// rooted reports whether a call has a root, which is its Peer.
func rooted(fn abi.Func) bool {
	return fn >= abi.Bcast && fn <= abi.Gatherv || fn == abi.Reduce
}

// kind is the type of the elements of a reduction.
func (k *call) kind() abi.Kind {
	if k.Send.Ptr != nil {
		return k.Send.Kind
	}
	return k.Recv.Kind
}

func (k *call) run() error {
	switch k.Func {
	case abi.Barrier:
		return k.barrier()
	case abi.Bcast:
		return k.bcast(memory(k.Recv))
	case abi.Scatter:
		n := k.Recv.Bytes()
		return k.scatter(memory(k.Recv), k.all(k.Send), evenly(k.size(), n))
	case abi.Scatterv:
		return k.scatter(memory(k.Recv), k.whole(k.Send, k.SendCounts, k.SendDispls), k.places(k.Send.Kind, k.SendCounts, k.SendDispls))
	case abi.Gather:
		n := k.Send.Bytes()
		return k.gather(memory(k.Send), k.all(k.Recv), evenly(k.size(), n))
	case abi.Gatherv:
		return k.gather(memory(k.Send), k.whole(k.Recv, k.RecvCounts, k.RecvDispls), k.places(k.Recv.Kind, k.RecvCounts, k.RecvDispls))
	case abi.Allgather:
		return k.gatherAll(k.all(k.Recv), evenly(k.size(), k.Recv.Bytes()))
	case abi.Allgatherv:
		return k.gatherAll(k.whole(k.Recv, k.RecvCounts, k.RecvDispls), k.places(k.Recv.Kind, k.RecvCounts, k.RecvDispls))
	case abi.Alltoall:
		return k.alltoall(k.all(k.Send), evenly(k.size(), k.Send.Bytes()), k.all(k.Recv), evenly(k.size(), k.Recv.Bytes()))
	case abi.Alltoallv:
		return k.alltoall(k.whole(k.Send, k.SendCounts, k.SendDispls), k.places(k.Send.Kind, k.SendCounts, k.SendDispls),
			k.whole(k.Recv, k.RecvCounts, k.RecvDispls), k.places(k.Recv.Kind, k.RecvCounts, k.RecvDispls))
	case abi.Reduce:
		return k.reduce()
	case abi.Allreduce:
		return k.allreduce()
	case abi.Scan, abi.Exscan:
		return k.scan()
	}
	return k.reduceScatter()
}

func (k *call) size() int { return len(k.on.ranks) }

// span is a part of a buffer, in bytes.
type span struct{ from, to int }

func (s span) of(b []byte) []byte { return b[s.from:s.to] }

// evenly is n parts of the same size.
func evenly(n, size int) []span {
	out := make([]span, n)
	for i := range out {
		out[i] = span{i * size, (i + 1) * size}
	}
	return out
}

// places are the parts of the calls whose names end in v.
func (k *call) places(kind abi.Kind, counts, displs []int32) []span {
	out := make([]span, len(counts))
	for i, n := range counts {
		from := int(displs[i]) * kind.Size()
		out[i] = span{from, from + int(n)*kind.Size()}
	}
	return out
}

// whole is the memory that all parts are in, nil on ranks that have no counts.
func (k *call) whole(b abi.Buffer, counts, displs []int32) []byte {
	end := 0
	for _, s := range k.places(b.Kind, counts, displs) {
		end = max(end, s.to)
	}
	return memory(abi.Buffer{Ptr: b.Ptr, Count: end / b.Kind.Size(), Kind: b.Kind})
}

// all is the memory of every rank's part, where Count is one rank's.
func (k *call) all(b abi.Buffer) []byte {
	b.Count *= k.size()
	return memory(b)
}

// begin sends to a rank of the communicator.
func (k *call) begin(to int, b []byte) *request {
	h := &header{fn: k.Func, source: int32(k.on.rank), tag: k.tag, ctx: k.on.ctx | ofCalls}
	return k.node.send(k.on.ranks[to], h, b)
}

// expect receives from a rank of the communicator.
func (k *call) expect(from int, b []byte) *request {
	r := newRequest(k.Func, b)
	r.ctx, r.source, r.tag, r.peer = k.on.ctx|ofCalls, int32(from), k.tag, k.on.ranks[from]
	k.node.receive(r)
	return r
}

// wait waits for messages, all of which are begun.
func (k *call) wait(rs ...*request) error {
	for _, r := range rs {
		select {
		case <-r.done:
		case <-k.cancel:
			return errDropped
		}
		if r.err != nil {
			return r.err
		}
	}
	return nil
}

// barrier tells 1, 2, 4 ... ranks further on.
func (k *call) barrier() error {
	n, me := k.size(), k.on.rank
	for step := 1; step < n; step *= 2 {
		to, from := (me+step)%n, (me-step+n)%n
		if err := k.wait(k.expect(from, nil), k.begin(to, nil)); err != nil {
			return err
		}
	}
	return nil
}

// bcast goes down a binomial tree, and for much data from the root to all: each takes them out of the
// root's memory then.
func (k *call) bcast(b []byte) error {
	n := k.size()
	me := (k.on.rank - k.Peer + n) % n
	rank := func(i int) int { return (i + k.Peer) % n }
	if len(b) > longCall {
		if me != 0 {
			return k.wait(k.expect(k.Peer, b))
		}
		return k.toAll(func(int) []byte { return b })
	}
	bit := 1
	for ; bit < n; bit *= 2 {
		if me&bit != 0 {
			if err := k.wait(k.expect(rank(me-bit), b)); err != nil {
				return err
			}
			break
		}
	}
	var sent []*request
	for bit /= 2; bit > 0; bit /= 2 {
		if me+bit < n {
			sent = append(sent, k.begin(rank(me+bit), b))
		}
	}
	return k.wait(sent...)
}

// toAll sends each other rank its part.
func (k *call) toAll(part func(rank int) []byte) error {
	return k.wait(k.beginAll(part)...)
}

// beginAll begins to.
func (k *call) beginAll(part func(rank int) []byte) (sent []*request) {
	for i := 1; i < k.size(); i++ { // each begins with another one
		to := (k.on.rank + i) % k.size()
		sent = append(sent, k.begin(to, part(to)))
	}
	return sent
}

// expectAll receives each other rank's part.
func (k *call) expectAll(part func(rank int) []byte) (got []*request) {
	for i := 1; i < k.size(); i++ {
		from := (k.on.rank - i + k.size()) % k.size()
		got = append(got, k.expect(from, part(from)))
	}
	return got
}

func (k *call) scatter(mine, all []byte, parts []span) error {
	if k.on.rank != k.Peer {
		return k.wait(k.expect(k.Peer, mine))
	}
	copy(mine, parts[k.Peer].of(all))
	return k.toAll(func(to int) []byte { return parts[to].of(all) })
}

func (k *call) gather(mine, all []byte, parts []span) error {
	if k.on.rank != k.Peer {
		return k.wait(k.begin(k.Peer, mine))
	}
	copy(parts[k.Peer].of(all), mine)
	return k.wait(k.expectAll(func(from int) []byte { return parts[from].of(all) })...)
}

// gatherAll puts this rank's part into its place, and gathers.
func (k *call) gatherAll(all []byte, parts []span) error {
	if own := memory(k.Send); own != nil {
		copy(parts[k.on.rank].of(all), own)
	}
	return k.allgather(all, parts)
}

// allgather gives all ranks all parts; this rank's stands in its place already.
func (k *call) allgather(all []byte, parts []span) error {
	got := k.expectAll(func(from int) []byte { return parts[from].of(all) })
	own := parts[k.on.rank].of(all)
	return k.wait(append(got, k.beginAll(func(int) []byte { return own })...)...)
}

func (k *call) alltoall(out []byte, outParts []span, in []byte, inParts []span) error {
	me := k.on.rank
	copy(inParts[me].of(in), outParts[me].of(out))
	got := k.expectAll(func(from int) []byte { return inParts[from].of(in) })
	return k.wait(append(got, k.beginAll(func(to int) []byte { return outParts[to].of(out) })...)...)
}

// fold joins the elements of two buffers in the first.
func (k *call) fold(acc, x []byte) {
	kind := k.kind()
	if len(acc) > 0 {
		abi.Fold(k.Op, kind, unsafe.Pointer(&acc[0]), unsafe.Pointer(&x[0]), len(acc)/kind.Size())
	}
}

// operand is what this rank brings to a reduction.
func (k *call) operand() []byte {
	if k.Send.Ptr == nil {
		return memory(k.Recv) // in place
	}
	return memory(k.Send)
}

// blocks cuts a buffer into as many parts as there are ranks.
func (k *call) blocks(count int) []span {
	n, size := k.size(), k.kind().Size()
	out := make([]span, n)
	for i := range out {
		out[i] = span{count * i / n * size, count * (i + 1) / n * size}
	}
	return out
}

// reduceOwn joins this rank's part of what all bring into acc, which holds its own already.
func (k *call) reduceOwn(acc, src []byte, parts []span) error {
	sent := k.beginAll(func(to int) []byte { return parts[to].of(src) })
	n := k.size()
	side := [2][]byte{make([]byte, len(acc)), make([]byte, len(acc))}
	from := func(i int) int { return (k.on.rank - i + n) % n }
	var next *request
	if n > 1 {
		next = k.expect(from(1), side[1])
	}
	for i := 1; i < n; i++ {
		this := next
		if i+1 < n {
			next = k.expect(from(i+1), side[(i+1)%2])
		}
		if err := k.wait(this); err != nil {
			return err
		}
		k.fold(acc, side[i%2])
	}
	return k.wait(sent...)
}

// allreduce joins short buffers between pairs of ranks, and of long ones on each rank a part.
func (k *call) allreduce() error {
	src, out := k.operand(), memory(k.Recv)
	if len(out) > longCall {
		parts := k.blocks(k.Recv.Count)
		own := parts[k.on.rank].of(out)
		copy(own, parts[k.on.rank].of(src))
		if err := k.reduceOwn(own, src, parts); err != nil {
			return err
		}
		// A second call of its own: the parts must not be taken for those before.
		return k.again().allgather(out, parts)
	}
	copy(out, src)
	return k.double(out)
}

// again is the same call with messages that are not mixed up with those before. Their tags are below zero,
// where no others are.
func (k *call) again() *call {
	next := *k
	next.tag = ^k.tag
	return &next
}

// double joins acc with the rank 1, 2, 4 ... places away. What is beyond a power of two goes through a
// neighbour.
func (k *call) double(acc []byte) error {
	n, me := k.size(), k.on.rank
	power := 1
	for power*2 <= n {
		power *= 2
	}
	beyond := n - power // pairs at the front
	side := make([]byte, len(acc))
	place := me - beyond
	if me < 2*beyond {
		if me%2 == 1 {
			if err := k.wait(k.begin(me-1, acc)); err != nil {
				return err
			}
			return k.wait(k.again().expect(me-1, acc))
		}
		if err := k.wait(k.expect(me+1, side)); err != nil {
			return err
		}
		k.fold(acc, side)
		place = me / 2
	}
	rank := func(place int) int {
		if place < beyond {
			return 2 * place
		}
		return place + beyond
	}
	for bit := 1; bit < power; bit *= 2 {
		other := rank(place ^ bit)
		if err := k.wait(k.begin(other, acc), k.expect(other, side)); err != nil {
			return err
		}
		k.fold(acc, side)
	}
	if me < 2*beyond {
		return k.wait(k.again().begin(me+1, acc))
	}
	return nil
}

// reduce goes up a binomial tree, and for much data each rank joins a part, which the root gathers.
func (k *call) reduce() error {
	src := k.operand()
	count := len(src) / k.kind().Size()
	if len(src) > longCall {
		parts := k.blocks(count)
		acc := slices.Clone(parts[k.on.rank].of(src))
		if err := k.reduceOwn(acc, src, parts); err != nil {
			return err
		}
		return k.again().gather(acc, memory(k.Recv), parts)
	}
	n := k.size()
	me := (k.on.rank - k.Peer + n) % n
	acc, side := slices.Clone(src), make([]byte, len(src))
	for bit := 1; bit < n; bit *= 2 {
		if me&bit != 0 {
			return k.wait(k.begin((me-bit+k.Peer)%n, acc))
		}
		if me+bit < n {
			if err := k.wait(k.expect((me+bit+k.Peer)%n, side)); err != nil {
				return err
			}
			k.fold(acc, side)
		}
	}
	copy(memory(k.Recv), acc)
	return nil
}

// scan goes from rank to rank.
func (k *call) scan() error {
	me, out := k.on.rank, memory(k.Recv)
	acc := slices.Clone(k.operand())
	if me > 0 {
		before := make([]byte, len(acc))
		if err := k.wait(k.expect(me-1, before)); err != nil {
			return err
		}
		if k.Func == abi.Exscan {
			copy(out, before)
		}
		k.fold(before, acc)
		acc = before
	}
	if k.Func == abi.Scan {
		copy(out, acc)
	}
	if me+1 < k.size() {
		return k.wait(k.begin(me+1, acc))
	}
	return nil
}

// reduceScatter joins on each rank the part that it receives.
func (k *call) reduceScatter() error {
	size, at := k.kind().Size(), 0
	parts := make([]span, len(k.RecvCounts))
	for i, n := range k.RecvCounts {
		parts[i] = span{at, at + int(n)*size}
		at += int(n) * size
	}
	src, out := memory(k.Send), memory(k.Recv)
	copy(out, parts[k.on.rank].of(src))
	return k.reduceOwn(out, src, parts)
}
