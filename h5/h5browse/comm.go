package h5browse

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"sync"
	"time"
)

// comm is a line to one page.
type comm struct {
	browser *Browser
	id      string
	ctx     context.Context // ends with the comm
	stop    context.CancelFunc
	idle    *time.Timer
	greeted bool // told of files once; guarded by browser.mu

	mu      sync.Mutex
	calls   map[int64]*call // that have no answer yet, and watches
	waiting []*call
	atWork  int
	long    int // of them, those that may take long
	resting bool
	paths   map[string]*opened // files, by the paths they were opened by
	opening sync.Mutex         // held while one is
}

func newComm(b *Browser, id string) *comm {
	c := &comm{browser: b, id: id, calls: map[int64]*call{}, paths: map[string]*opened{}}
	c.ctx, c.stop = context.WithCancel(context.Background())
	c.idle = time.AfterFunc(b.opts.Idle, c.rest)
	return c
}

// rest gives up what a page holds that has not asked for anything in a while, as one that was reloaded. A page
// that is there all the same finds the comm open: files named by their paths are opened again. At last the comm
// goes too.
func (c *comm) rest() {
	c.mu.Lock()
	before := c.resting
	c.resting = true
	calls := slices.Collect(maps.Values(c.calls))
	c.mu.Unlock()
	if before {
		c.browser.event(c.id, map[string]any{"event": "bye", "reason": "nothing was asked for a day"})
		c.browser.Shut(c.id)
		c.browser.opts.Close(c.id)
		return
	}
	c.idle.Reset(lifetime)
	for _, l := range calls {
		if l.request.Op == "watch" {
			l.changed(map[string]any{"error": fail("timeout", "nothing was asked for a while; watch again")})
			l.cancel()
		}
	}
	c.giveUp()
	c.browser.rest()
}

// giveUp closes the files that were opened for the comm.
func (c *comm) giveUp() {
	c.mu.Lock()
	paths := c.paths
	c.paths = map[string]*opened{}
	c.mu.Unlock()
	for _, o := range paths {
		c.browser.closeOwn(o.file)
	}
}

// end gives up all that the comm has.
func (c *comm) end() {
	c.stop()
	c.idle.Stop()
	c.mu.Lock()
	c.waiting = nil
	c.mu.Unlock()
	go c.giveUp()
}

// take begins the work on a request, or puts it behind those that wait.
func (c *comm) take(number int64, data json.RawMessage) {
	c.mu.Lock()
	c.resting = false
	c.mu.Unlock()
	c.idle.Reset(c.browser.opts.Idle)
	r, err := parseRequest(data)
	l := &call{comm: c, number: number, request: r}
	if err == nil && ops[r.Op].do == nil {
		err = fail("unknown-op", "there is no op %q", cutText(r.Op, 100))
	}
	if err != nil {
		l.answer(answer{}, err)
		return
	}
	if !c.add(l) {
		return
	}
	if ops[r.Op].free {
		go l.run()
		return
	}
	c.mu.Lock()
	c.waiting = append(c.waiting, l)
	c.mu.Unlock()
	c.next()
}

// add notes a call, or refuses it.
func (c *comm) add(l *call) bool {
	c.mu.Lock()
	_, twice := c.calls[l.request.ID]
	full := len(c.waiting) >= mostWaiting || len(c.calls) >= 2*mostWaiting
	if !twice && !full {
		l.ctx, l.cancel = context.WithCancel(c.ctx)
		c.calls[l.request.ID] = l
	}
	c.mu.Unlock()
	switch {
	case twice:
		l.answer(answer{}, badRequest("a request with the id %d is under way", l.request.ID))
	case full:
		err := fail("busy", "%d requests wait already", mostWaiting)
		err.Retry = 500
		l.answer(answer{}, err)
	}
	return !twice && !full
}

// next begins calls as long as there is room. Long ones leave some of it to others, which go before them.
func (c *comm) next() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.atWork < mostAtWork {
		at := slices.IndexFunc(c.waiting, func(l *call) bool { return !l.long() || c.long < mostLong })
		if at < 0 {
			return
		}
		l := c.waiting[at]
		c.waiting = slices.Delete(c.waiting, at, at+1)
		c.count(l, 1)
		go func() {
			l.run()
			c.mu.Lock()
			c.count(l, -1)
			c.mu.Unlock()
			c.next()
		}()
	}
}

// count counts a call that begins, 1, or has ended, -1. c.mu is held.
func (c *comm) count(l *call, n int) {
	c.atWork += n
	if l.long() {
		c.long += n
	}
}

// forget drops a call that has its answer.
func (c *comm) forget(l *call) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.calls[l.request.ID] == l {
		delete(c.calls, l.request.ID)
	}
}

// find gives a call that is under way.
func (c *comm) find(id int64) *call {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.calls[id]
}

// withdraw takes a call out of those that wait, and reports whether it was there.
func (c *comm) withdraw(l *call) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	at := slices.Index(c.waiting, l)
	if at >= 0 {
		c.waiting = slices.Delete(c.waiting, at, at+1)
	}
	return at >= 0
}
