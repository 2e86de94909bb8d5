package kernel

import "sync"

// lane serves requests one after the other.
type lane struct {
	serve func(r *request)

	mu      sync.Mutex
	queue   []*request
	running *request
	shut    bool

	wake chan struct{} // has an element when the queue may not be empty
	done chan struct{} // closed when run has returned
}

func newLane(serve func(*request)) *lane {
	return &lane{serve: serve, wake: make(chan struct{}, 1), done: make(chan struct{})}
}

// add queues r. In a lane that was closed it will be answered as aborted.
func (l *lane) add(r *request) {
	l.mu.Lock()
	r.aborted = l.shut
	l.queue = append(l.queue, r)
	l.mu.Unlock()
	l.notify()
}

func (l *lane) notify() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// abort marks what waits, so that it is answered in its turn but not run.
func (l *lane) abort() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, r := range l.queue {
		r.aborted = true
	}
}

// interrupt marks what waits as aborted and what runs as interrupted.
func (l *lane) interrupt() {
	l.abort()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.running != nil {
		l.running.cancel()
	}
}

// close lets the lane end when it has answered what waits.
func (l *lane) close() {
	l.mu.Lock()
	l.shut = true
	l.mu.Unlock()
	l.notify()
}

// busy reports whether something is served or waits.
func (l *lane) busy() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.running != nil || len(l.queue) > 0
}

// isDone reports whether run has returned.
func (l *lane) isDone() bool {
	select {
	case <-l.done:
		return true
	default:
		return false
	}
}

// run serves until close.
func (l *lane) run() {
	defer close(l.done)
	for range l.wake {
		for r, shut := l.next(); r != nil || shut; r, shut = l.next() {
			if r == nil {
				return
			}
			l.serve(r)
		}
	}
}

// next takes the first request, nil when there is none, and tells whether the lane was closed.
func (l *lane) next() (*request, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.running = nil
	if len(l.queue) > 0 {
		l.running, l.queue = l.queue[0], l.queue[1:]
	}
	return l.running, l.shut
}
