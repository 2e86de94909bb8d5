package zmq

import (
	"encoding/binary"
	"fmt"
	"io"
	"sync"
)

// router exchanges messages with the peers that their first frame names.
type router struct {
	in     chan [][]byte
	closed chan struct{}
	once   sync.Once

	mu      sync.Mutex
	named   map[string]*peer
	unnamed uint32 // identities given to those that had none
}

func newRouter() *router {
	return &router{in: make(chan [][]byte), closed: make(chan struct{}), named: make(map[string]*peer)}
}

// join gives a nameless peer a name, and a name that is taken to the newest who says it is its own:
// a client that reconnects comes back before its old connection is known to be dead.
func (r *router) join(p *peer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if p.identity == "" || p.identity[0] == 0 {
		r.unnamed++
		p.identity = string(binary.BigEndian.AppendUint32([]byte{0}, r.unnamed))
	}
	if old := r.named[p.identity]; old != nil {
		old.close()
	}
	r.named[p.identity] = p
}

func (r *router) leave(p *peer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.named[p.identity] == p {
		delete(r.named, p.identity)
	}
}

// message waits until the kernel takes it; a peer that sends faster is read no faster.
func (r *router) message(p *peer, frames [][]byte) {
	select {
	case r.in <- append([][]byte{[]byte(p.identity)}, frames...):
	case <-r.closed:
	}
}

// receive waits for the next message of any peer.
func (r *router) receive() ([][]byte, error) {
	select {
	case frames := <-r.in:
		return frames, nil
	case <-r.closed:
		return nil, io.EOF
	}
}

// find gives the peer of that identity.
func (r *router) find(identity []byte) *peer {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.named[string(identity)]
}

// send queues a message for the peer that frames[0] names.
func (r *router) send(frames [][]byte) error {
	p := r.find(frames[0])
	if p == nil {
		return fmt.Errorf("zmq: no client %q is connected", frames[0])
	}
	p.put(encode(frames[1:]))
	return nil
}

// close ends receive.
func (r *router) close() { r.once.Do(func() { close(r.closed) }) }
