package launch

import (
	"bytes"
	"sync"
	"time"
)

const (
	// flushEvery is how often output leaves a leader while a program runs, and a rank for its leader.
	flushEvery, flushRank = 50 * time.Millisecond, 20 * time.Millisecond
	// flushFirst is how long a rank keeps output when there was none for a while. A leader waits for
	// flushMeet, so that equal output meets even where ranks share processors, and for flushStep longer
	// for each further level below it. No cell is longer for it: the end of a run sends what there is.
	flushFirst, flushMeet, flushStep = 5 * time.Millisecond, 100 * time.Millisecond, 20 * time.Millisecond
	// flushUrgent is the same for failures and answers.
	flushUrgent = 3 * time.Millisecond
	// lineWait is how long a line waits for its end.
	lineWait = 200 * time.Millisecond
	// outboxLimit is how many bytes are collected before those who add have to wait.
	outboxLimit = 1 << 20
)

// outbox collects what goes up the tree from one place, merges it, and sends it on: now and then
// while a program runs, and at once when the last of its ranks has ended.
type outbox struct {
	send         func([]group) // never called twice at the same time
	every, first time.Duration // how long output waits, and the first

	sending sync.Mutex

	mu      sync.Mutex
	merged  merger
	partial group     // text of the rank itself, without the end of its line yet
	cut     time.Time // when its end is waited for no longer
	run     uint64
	pending Set // ranks that have not ended the run
	last    time.Time
	due     time.Time // when the timer goes, zero: not
	timer   *time.Timer
}

// newOutbox gives the outbox of a rank, whose height is 0, or of a leader above so many levels. pace
// makes all waiting longer.
func newOutbox(send func([]group), height int, pace time.Duration) *outbox {
	o := &outbox{send: send, every: flushRank * pace, first: flushFirst * pace}
	if height > 0 {
		o.every, o.first = flushEvery*pace, (flushMeet+time.Duration(height-1)*flushStep)*pace
	}
	o.timer = time.AfterFunc(time.Hour, o.flush)
	o.timer.Stop()
	return o
}

// expect says which ranks are about to run: when all have ended, the outbox is sent without delay. What was sent for
// the run before does not make the first output of this one wait less for equal output.
func (o *outbox) expect(run uint64, ranks Set) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.run, o.pending, o.last = run, ranks, time.Time{}
}

// add takes groups, each of which comes after what its ranks have added before.
func (o *outbox) add(groups ...group) {
	o.mu.Lock()
	wait := o.wait()
	for _, g := range groups {
		o.finish()
		o.merged.add(g)
		if g.kind.urgent() {
			wait = min(wait, flushUrgent)
		}
		if g.kind.ends() && len(o.pending) > 0 && (g.run == o.run || g.kind == Died) {
			if o.pending = o.pending.Minus(g.ranks); len(o.pending) == 0 {
				wait = 0
			}
		}
	}
	o.leave(wait)
}

// write takes text of the rank itself; lines of it are merged.
func (o *outbox) write(g group) {
	o.mu.Lock()
	if o.partial.kind != g.kind || o.partial.run != g.run {
		o.finish()
		o.partial = g
		o.partial.payload = nil
	}
	if len(o.partial.payload) == 0 {
		o.cut = time.Now().Add(lineWait)
	}
	text := append(o.partial.payload, g.payload...)
	for {
		line, rest, found := bytes.Cut(text, []byte("\n"))
		if !found {
			break
		}
		g.payload = text[: len(line)+1 : len(line)+1]
		o.merged.add(g)
		text, o.cut = rest, time.Now().Add(lineWait)
	}
	o.partial.payload = text
	o.leave(o.wait())
}

// wait is how long output waits for more.
func (o *outbox) wait() time.Duration {
	if time.Since(o.last) > o.every {
		return o.first
	}
	return o.every
}

// finish gives up waiting for the end of a line.
func (o *outbox) finish() {
	if len(o.partial.payload) > 0 {
		o.merged.add(o.partial)
		o.partial.payload = nil
	}
}

// leave unlocks the outbox and sends what it holds after wait, or now when that is 0 or it is full.
func (o *outbox) leave(wait time.Duration) {
	if wait == 0 || o.merged.bytes > outboxLimit {
		o.mu.Unlock()
		o.flush()
		return
	}
	defer o.mu.Unlock()
	if due := time.Now().Add(wait); o.due.IsZero() || due.Before(o.due) {
		o.due = due
		o.timer.Reset(wait)
	}
}

// flush sends what has been collected. It blocks while the next place up the tree does not read.
func (o *outbox) flush() {
	o.sending.Lock()
	defer o.sending.Unlock()
	o.mu.Lock()
	now := time.Now()
	o.last, o.due = now, time.Time{}
	if wait := o.cut.Sub(now); len(o.partial.payload) > 0 && wait > 0 {
		o.due = o.cut
		o.timer.Reset(wait)
	} else {
		o.finish()
	}
	groups := o.merged.take()
	o.mu.Unlock()
	if len(groups) > 0 {
		o.send(groups)
	}
}

// urgent reports whether a group of the kind may not wait long for equal ones.
func (k Kind) urgent() bool {
	switch k {
	case Failed, Died, kindWhere, kindRenewed, kindJoined:
		return true
	}
	return false
}
