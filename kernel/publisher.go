package kernel

import (
	"encoding/json"
	"sync"
	"time"

	"gofive/kernel/msg"
)

// streamType is the message type of text.
const streamType = "stream"

// queueLimit is how many bytes may wait to be published before a cell that prints more has to wait.
const queueLimit = 8 << 20

// item is something to publish: text of a stream, or any other message.
type item struct {
	parent  msg.Header
	kind    string          // message type, streamType for text
	content json.RawMessage // what the message holds, nil for text
	name    string          // stream name
	text    []byte          // owned by the item
	last    bool            // the idle of its parent

	metadata json.RawMessage // nil is {}
	buffers  [][]byte
}

func (it item) size() int {
	n := len(it.content) + len(it.text) + len(it.metadata) + 256
	for _, b := range it.buffers {
		n += len(b)
	}
	return n
}

// publisher sends everything that goes to iopub, in one order.
type publisher struct {
	send func(it item) // encodes and publishes one message

	mu    sync.Mutex
	space sync.Cond // signalled when bytes falls
	queue []item
	bytes int
	shut  bool

	wake chan struct{} // has an element when the queue may not be empty
	done chan struct{} // closed when run has returned
}

func newPublisher(send func(item)) *publisher {
	p := &publisher{send: send, wake: make(chan struct{}, 1), done: make(chan struct{})}
	p.space.L = &p.mu
	return p
}

// put queues it. With wait it first waits until there is space: only the engine's events may, the
// kernel's own messages are small and must not be held up by a cell that floods.
func (p *publisher) put(it item, wait bool) {
	p.mu.Lock()
	for wait && p.bytes > queueLimit && !p.shut {
		p.space.Wait()
	}
	if !p.shut {
		p.queue = append(p.queue, it)
		p.bytes += it.size()
	}
	p.mu.Unlock()
	p.notify()
}

func (p *publisher) notify() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// close lets run send what is queued and end; what comes later is dropped.
func (p *publisher) close() {
	p.mu.Lock()
	p.shut = true
	p.space.Broadcast()
	p.mu.Unlock()
	p.notify()
}

// run publishes until close.
func (p *publisher) run() {
	defer close(p.done)
	s := &streams{send: p.send}
	var timer *time.Timer
	var due <-chan time.Time
	for {
		select {
		case <-p.wake:
		case <-due:
			s.flush()
		}
		shut := p.drain(s)
		due = nil
		if d := s.due(); d > 0 {
			timer = resetTimer(timer, d)
			due = timer.C
		}
		if shut {
			s.flush()
			return
		}
	}
}

// resetTimer lets one timer serve all waits.
func resetTimer(t *time.Timer, d time.Duration) *time.Timer {
	if t == nil {
		return time.NewTimer(d)
	}
	t.Reset(d)
	return t
}

// drain publishes the queue and reports whether the publisher was closed.
func (p *publisher) drain(s *streams) bool {
	for {
		p.mu.Lock()
		queue, shut := p.queue, p.shut
		p.queue = nil
		p.mu.Unlock()
		if len(queue) == 0 {
			return shut
		}
		for _, it := range queue {
			s.add(it)
			p.mu.Lock()
			p.bytes -= it.size()
			p.space.Broadcast()
			p.mu.Unlock()
		}
	}
}
