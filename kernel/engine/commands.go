package engine

import (
	"io"
	"slices"
	"sync"
)

// commands is the queue of what an engine is to be told. One goroutine writes it to the socket, so
// that an engine which does not read holds up nobody but that goroutine.
//
// The queue needs no bound: a program in it has a Run that waits, an answer had an Input event, and
// of interrupts it holds one for each run at most.
type commands struct {
	mu    sync.Mutex
	queue []command
	ended bool
	some  chan struct{} // holds one token when there may be something to do
}

func newCommands() *commands { return &commands{some: make(chan struct{}, 1)} }

// send queues c and returns at once. An interrupt takes the place of one of the same run that
// has not left yet.
func (q *commands) send(c command) {
	q.mu.Lock()
	if c.Interrupt != 0 {
		q.queue = slices.DeleteFunc(q.queue, func(old command) bool { return old.Interrupt == c.Interrupt })
	}
	q.queue = append(q.queue, c)
	q.mu.Unlock()
	q.wake()
}

// end lets write return; what has not been written has nowhere to go.
func (q *commands) end() {
	q.mu.Lock()
	q.ended = true
	q.mu.Unlock()
	q.wake()
}

func (q *commands) wake() {
	select {
	case q.some <- struct{}{}:
	default:
	}
}

// write writes what is queued to w until the queue ends, which is nil, or w takes no more.
func (q *commands) write(w io.Writer) error {
	out := newSender[command](w)
	for range q.some {
		q.mu.Lock()
		queue, ended := q.queue, q.ended
		q.queue = nil
		q.mu.Unlock()
		if ended {
			return nil
		}
		for _, c := range queue {
			if err := out.send(c); err != nil {
				return err
			}
		}
	}
	return nil
}
