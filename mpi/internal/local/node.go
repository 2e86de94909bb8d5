package local

import (
	"fmt"
	"os"
	"slices"
	"sync"
	"unsafe"

	"gofive/mpi/internal/abi"
)

// eagerMost is how long a message may be to go with its header.
const eagerMost = 16 << 10

// node is one rank.
type node struct {
	rank, size int
	links      []link // by rank in the world; set before the first message

	mu     sync.Mutex
	boxes  map[uint64]*box     // by context
	flying map[uint64]*request // sends that nobody has received, and receives whose data come in parts
	last   uint64              // number of a request
	gone   map[int]bool        // ranks that have ended
	leaves bool                // Finalize was called
}

// box is what one communicator's messages and receives wait in, each in order.
type box struct {
	posted  []*request
	arrived []*message
}

// message is one that no receive was there for.
type message struct {
	header
	from int    // rank in the world
	body []byte // of eager
}

// link leads to another rank. Its methods do not wait.
type link interface {
	// put sends a header, and body with it, which is free at once.
	put(h *header, body []byte)
	// stream sends body in parts with headers like h, and calls done when it is free.
	stream(h *header, body []byte, done func())
	// pull copies the data of a ready message out of the sender's memory. It is false where that cannot be.
	pull(h *header, dst []byte) bool
	close()
}

func newNode(rank, size int) *node {
	return &node{rank: rank, size: size, links: make([]link, size),
		boxes: map[uint64]*box{}, flying: map[uint64]*request{}, gone: map[int]bool{}}
}

// box is that of a context; n.mu is held.
func (n *node) box(ctx uint64) *box {
	b := n.boxes[ctx]
	if b == nil {
		b = &box{}
		n.boxes[ctx] = b
	}
	return b
}

// fly numbers a request that another rank will speak of; n.mu is held.
func (n *node) fly(r *request) {
	n.last++
	r.id = n.last
	n.flying[r.id] = r
}

// land finds such a request, for the last time.
func (n *node) land(id uint64) *request {
	n.mu.Lock()
	defer n.mu.Unlock()
	r := n.flying[id]
	delete(n.flying, id)
	return r
}

// send begins to send to a rank of the world. The header has all but the size and the request.
func (n *node) send(to int, h *header, body []byte) *request {
	r := newRequest(h.fn, body)
	r.peer = to
	h.kind, h.size = eager, len(body)
	n.mu.Lock()
	if n.gone[to] {
		n.mu.Unlock()
		r.end(abi.Status{}, peerGone(h.fn, to))
		return r
	}
	if h.sync || len(body) > eagerMost {
		n.fly(r)
		h.send = r.id
	}
	n.mu.Unlock()
	if len(body) > eagerMost {
		h.kind, h.memory, h.addr = ready, body, uint64(uintptr(unsafe.Pointer(unsafe.SliceData(body))))
		body = nil
	}
	n.links[to].put(h, body)
	if h.send == 0 {
		r.end(abi.Status{}, nil)
	}
	return r
}

// receive begins to receive; r has all but the data.
func (n *node) receive(r *request) {
	n.mu.Lock()
	b := n.box(r.ctx)
	i := slices.IndexFunc(b.arrived, func(m *message) bool { return r.wants(&m.header) })
	if i < 0 {
		if n.gone[r.peer] {
			r.end(abi.Status{}, peerGone(r.fn, r.peer))
		} else {
			b.posted = append(b.posted, r)
		}
		n.mu.Unlock()
		return
	}
	m := b.arrived[i]
	b.arrived = slices.Delete(b.arrived, i, i+1)
	n.mu.Unlock()
	if m.kind == ready {
		go n.fetch(r, m.from, &m.header)
		return
	}
	copy(r.buf, m.body)
	n.received(r, m.from, &m.header)
}

// withdraw takes back a receive that no message has come for.
func (n *node) withdraw(r *request) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	b := n.box(r.ctx)
	i := slices.Index(b.posted, r)
	if i >= 0 {
		b.posted = slices.Delete(b.posted, i, i+1)
	}
	return i >= 0
}

// probe looks for a message.
func (n *node) probe(r *request) (abi.Status, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, m := range n.box(r.ctx).arrived {
		if r.wants(&m.header) {
			return m.status(), true
		}
	}
	return abi.Status{}, false
}

func (h *header) status() abi.Status {
	return abi.Status{Source: int(h.source), Tag: int(h.tag), Bytes: h.size}
}

// handle is called with each header that comes from a rank, in order; read takes as many bytes that follow
// it as dst is long.
func (n *node) handle(from int, h *header, read func(dst []byte) error) error {
	switch h.kind {
	case eager:
		return n.arrive(from, h, read)
	case ready:
		if r := n.posted(h); r != nil {
			go n.fetch(r, from, h)
		} else {
			n.keep(&message{header: *h, from: from})
		}
	case taken:
		if r := n.land(h.send); r != nil {
			r.end(abi.Status{}, nil)
		}
	case wanted:
		if r := n.land(h.send); r != nil {
			n.links[from].stream(&header{kind: data, recv: h.recv}, r.buf[:h.size], func() { r.end(abi.Status{}, nil) })
		}
	case data:
		return n.part(h, read)
	case abort:
		os.Exit(int(h.tag))
	}
	return nil
}

// posted takes the first receive that a message is for.
func (n *node) posted(h *header) *request {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.box(h.ctx).take(h)
}

func (b *box) take(h *header) *request {
	i := slices.IndexFunc(b.posted, func(r *request) bool { return r.wants(h) })
	if i < 0 {
		return nil
	}
	r := b.posted[i]
	b.posted = slices.Delete(b.posted, i, i+1)
	return r
}

// arrive takes a message with its data.
func (n *node) arrive(from int, h *header, read func(dst []byte) error) error {
	if r := n.posted(h); r != nil {
		if err := read(r.buf[:min(len(r.buf), h.size)]); err != nil {
			return err
		}
		if rest := h.size - len(r.buf); rest > 0 {
			if err := read(make([]byte, rest)); err != nil {
				return err
			}
		}
		n.received(r, from, h)
		return nil
	}
	m := &message{header: *h, from: from, body: make([]byte, h.size)}
	if err := read(m.body); err != nil {
		return err
	}
	n.keep(m)
	return nil
}

// keep leaves a message to a later receive, or to one that has come meanwhile.
func (n *node) keep(m *message) {
	n.mu.Lock()
	b := n.box(m.ctx)
	r := b.take(&m.header)
	if r == nil {
		b.arrived = append(b.arrived, m)
	}
	n.mu.Unlock()
	switch {
	case r == nil:
	case m.kind == ready:
		go n.fetch(r, m.from, &m.header)
	default:
		copy(r.buf, m.body)
		n.received(r, m.from, &m.header)
	}
}

// received ends a receive whose data are there.
func (n *node) received(r *request, from int, h *header) {
	if h.sync {
		n.links[from].put(&header{kind: taken, send: h.send}, nil)
	}
	r.end(h.status(), fits(r, h))
}

// fits says what is wrong with a message for a receive.
func fits(r *request, h *header) error {
	switch {
	case r.fn != abi.Recv && r.fn != h.fn:
		return &abi.Error{Func: r.fn.String(), Text: fmt.Sprintf("rank %d is in %v", h.source, h.fn)}
	case h.size > len(r.buf):
		return &abi.Error{Func: r.fn.String(), Class: abi.Truncate,
			Text: fmt.Sprintf("a message of %d bytes for a buffer of %d", h.size, len(r.buf))}
	case r.fn != abi.Recv && h.size != len(r.buf):
		return &abi.Error{Func: r.fn.String(), Text: fmt.Sprintf("rank %d has sent %d bytes where %d are received", h.source, h.size, len(r.buf))}
	}
	return nil
}

// fetch gets the data of a ready message.
func (n *node) fetch(r *request, from int, h *header) {
	size := min(len(r.buf), h.size)
	if fits(r, h) != nil || n.links[from].pull(h, r.buf[:size]) {
		n.links[from].put(&header{kind: taken, send: h.send}, nil)
		r.end(h.status(), fits(r, h))
		return
	}
	n.mu.Lock()
	r.total, r.peer, r.status = size, from, h.status()
	n.fly(r)
	n.mu.Unlock()
	n.links[from].put(&header{kind: wanted, send: h.send, recv: r.id, size: size}, nil)
}

// part takes a part of the data of a receive.
func (n *node) part(h *header, read func(dst []byte) error) error {
	n.mu.Lock()
	r := n.flying[h.recv]
	n.mu.Unlock()
	if r == nil || r.at+h.size > r.total {
		return fmt.Errorf("%d bytes that nobody waits for", h.size)
	}
	if err := read(r.buf[r.at : r.at+h.size]); err != nil {
		return err
	}
	if r.at += h.size; r.at == r.total {
		n.land(h.recv)
		r.end(r.status, nil)
	}
	return nil
}

// lose ends what waits for a rank that has ended.
func (n *node) lose(rank int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.leaves {
		return
	}
	n.gone[rank] = true
	for _, b := range n.boxes {
		b.posted = slices.DeleteFunc(b.posted, func(r *request) bool {
			if r.peer == rank {
				r.end(abi.Status{}, peerGone(r.fn, rank))
			}
			return r.peer == rank
		})
	}
	for id, r := range n.flying {
		if r.peer == rank {
			delete(n.flying, id)
			r.end(abi.Status{}, peerGone(r.fn, rank))
		}
	}
}

func peerGone(fn abi.Func, rank int) error {
	return &abi.Error{Func: fn.String(), Class: abi.PeerGone, Text: fmt.Sprintf("rank %d has ended", rank)}
}
