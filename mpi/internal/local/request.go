package local

import (
	"sync"

	"gofive/mpi/internal/abi"
)

// request is a call under way.
type request struct {
	id     uint64
	fn     abi.Func
	ctx    uint64
	source int32 // of a receive, or abi.AnySource
	tag    int32 // likewise
	peer   int   // the other rank in the world, -1 for any
	buf    []byte
	at     int // bytes received in parts
	total  int // that come in parts

	cancel chan struct{} // of a collective call: closed when it is dropped
	once   sync.Once
	done   chan struct{}
	status abi.Status
	err    error
}

func newRequest(fn abi.Func, buf []byte) *request {
	return &request{fn: fn, buf: buf, peer: -1, done: make(chan struct{})}
}

// end makes the request done. Only the first end counts.
func (r *request) end(st abi.Status, err error) {
	r.once.Do(func() {
		r.status, r.err = st, err
		close(r.done)
	})
}

func (r *request) isDone() bool {
	select {
	case <-r.done:
		return true
	default:
		return false
	}
}

// wants reports whether a receive is for a message.
func (r *request) wants(h *header) bool {
	return (r.source == abi.AnySource || r.source == h.source) && (r.tag == abi.AnyTag || r.tag == h.tag)
}
