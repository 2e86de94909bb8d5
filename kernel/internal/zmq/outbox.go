package zmq

import (
	"bufio"
	"net"
	"sync"
	"time"
)

const (
	// stalled is how long a peer may take nothing at all before it is cut off.
	stalled = 60 * time.Second
	// piece is how much is written at once, and so how finely progress is seen.
	piece = 256 << 10
)

// outbox is what waits to be written to one connection. A goroutine of its own writes it, so that
// nobody else waits for a slow peer.
type outbox struct {
	conn net.Conn
	most int64 // bytes that may wait; a peer that exceeds it is cut off

	mu       sync.Mutex
	more     sync.Cond // there is something to write, or nothing will come any more
	queue    [][]byte
	waiting  int64 // bytes
	taken    int64 // bytes written in all
	finished bool  // nothing will come any more
	broken   bool  // the connection is gone

	moved   chan struct{} // has an element when something was taken
	drained func()        // called, with mu held, after something was taken; may be nil
	done    chan struct{} // closed when run has returned
}

func newOutbox(conn net.Conn, most int64) *outbox {
	o := &outbox{conn: conn, most: most, moved: make(chan struct{}, 1), done: make(chan struct{})}
	o.more.L = &o.mu
	return o
}

// put queues the bytes of a message, which are not changed, at the end.
func (o *outbox) put(wire []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.add(wire)
}

// add is put with mu held.
func (o *outbox) add(wire []byte) {
	if o.broken || o.finished {
		return
	}
	if o.waiting > o.most {
		o.cut()
		return
	}
	o.queue = append(o.queue, wire)
	o.waiting += int64(len(wire))
	o.more.Signal()
}

// cut ends the connection and forgets what waits; mu is held.
func (o *outbox) cut() {
	o.broken, o.queue, o.waiting = true, nil, 0
	o.more.Signal()
	o.conn.Close()
	o.notify()
}

// close ends the connection at once.
func (o *outbox) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.cut()
}

// finish lets run end when everything is written.
func (o *outbox) finish() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.finished = true
	o.more.Signal()
}

func (o *outbox) notify() {
	select {
	case o.moved <- struct{}{}:
	default:
	}
}

// run writes until finish or close. After finish the other side sees the end of the stream and can
// still read what was written; closing with unread input would make TCP throw it away.
func (o *outbox) run() {
	defer close(o.done)
	w := bufio.NewWriterSize(o, 32<<10)
	for {
		wire, ok := o.take(w.Buffered() == 0)
		if !ok {
			break
		}
		var err error
		if wire == nil {
			err = w.Flush()
		} else {
			_, err = w.Write(wire)
		}
		if err != nil {
			o.close()
			return
		}
	}
	if half, ok := o.conn.(interface{ CloseWrite() error }); ok {
		half.CloseWrite()
	}
}

// take removes the first message; nil when there is none, and wait is false. It reports false when
// nothing will come any more and nothing is left to be flushed.
func (o *outbox) take(wait bool) (wire []byte, ok bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for wait && len(o.queue) == 0 && !o.finished && !o.broken {
		o.more.Wait()
	}
	if len(o.queue) == 0 {
		return nil, !wait
	}
	wire, o.queue[0] = o.queue[0], nil
	o.queue = o.queue[1:]
	return wire, true
}

// Write writes to the connection piece by piece and keeps account of what was taken. It fails when
// nothing was taken for too long.
func (o *outbox) Write(p []byte) (int, error) {
	written := 0
	for written < len(p) {
		o.conn.SetWriteDeadline(time.Now().Add(stalled))
		n, err := o.conn.Write(p[written:min(written+piece, len(p))])
		written += n
		o.account(int64(n))
		if err != nil && !(n > 0 && isTimeout(err)) {
			return written, err
		}
	}
	return written, nil
}

// account notes that n bytes were taken.
func (o *outbox) account(n int64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.taken += n
	if !o.broken {
		o.waiting -= n
	}
	if o.drained != nil {
		o.drained()
	}
	o.notify()
}

// isTimeout reports whether err is a deadline that has passed.
func isTimeout(err error) bool {
	t, ok := err.(net.Error)
	return ok && t.Timeout()
}
