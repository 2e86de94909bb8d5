package launch

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	// stuckAfter is how long an interrupted rank may take to come back.
	stuckAfter = 10 * time.Second
	// renewTime is how long the ranks may take to make a new communicator.
	renewTime = 10 * time.Second
	// askEvery is how often ranks are asked where they are while people wait.
	askEvery = time.Second
	// askFailed is how long after a failure the others are asked first.
	askFailed = 20 * time.Millisecond
	// askEnded is how long after the end of the first rank the others are asked first: they may wait for
	// it in vain.
	askEnded = 100 * time.Millisecond
)

// run is one program on its way through the ranks.
type run struct {
	order     *order
	name      string        // of the program, "" when another kernel has begun it
	followed  bool          // somebody sees it to its end
	done      chan struct{} // closed when the ranks are out of it
	interrupt chan struct{} // holds a token when the run is to be interrupted
	show      func(Output)  // may be nil

	mu       sync.Mutex
	inbox    []group
	signal   chan struct{} // holds a token when there is something in the inbox
	trailing bool          // a goroutine shows what comes after the end
}

func newRun(o *order) *run {
	return &run{order: o, done: make(chan struct{}), interrupt: make(chan struct{}, 1), signal: make(chan struct{}, 1)}
}

// who names the program.
func (r *run) who() string { return cmp.Or(r.name, "a program of another kernel") }

// put takes events of the ranks; it does not block.
func (r *run) put(groups []group) {
	r.mu.Lock()
	r.inbox = append(r.inbox, groups...)
	r.mu.Unlock()
	wake(r.signal)
}

func (r *run) get() []group {
	r.mu.Lock()
	defer r.mu.Unlock()
	groups := r.inbox
	r.inbox = nil
	return groups
}

// takeLate shows what goroutines of a run that has ended print, and gives what is of others.
func (r *run) takeLate(groups []group) []group {
	var late []group
	groups = slices.DeleteFunc(groups, func(g group) bool {
		mine := g.run == r.order.run && (g.kind <= Other || g.kind == Note)
		if mine {
			late = append(late, g)
		}
		return mine
	})
	r.trail(late)
	return groups
}

// trail shows groups, and what waits, in the background: whoever shows them may take its time.
func (r *run) trail(groups []group) {
	r.put(groups)
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.inbox) > 0 && !r.trailing && r.show != nil {
		r.trailing = true
		go r.showLate()
	}
}

func (r *run) showLate() {
	for {
		r.mu.Lock()
		groups := r.inbox
		r.inbox = nil
		r.trailing = len(groups) > 0
		r.mu.Unlock()
		if len(groups) == 0 {
			return
		}
		for _, g := range groups {
			if g.kind <= Other || g.kind == Note {
				r.show(Output{Ranks: g.ranks, Kind: g.kind, Payload: append([]byte(nil), g.payload...)})
			}
		}
	}
}

func wake(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// watch is the kernel's view of a run: who is still in it, where, and what is to be done about it.
type watch struct {
	*run
	hub      *hub
	program  Program
	stuck    time.Duration
	left     Set // targets that have not ended
	ended    Set // targets that have ended well
	outcome  *Outcome
	began    time.Time
	failed   time.Time // of the first failure or death
	stopped  time.Time // of the interrupt
	waiting  time.Time // since when all that are left wait in MPI
	state    string    // the line that is shown
	next     time.Time // when the ranks are asked next, zero: never
	question uint64    // 0: none is open
	answered <-chan struct{}
	last     []Place // the latest answers
	tick     *time.Timer
}

// follow sees the run to its end.
func (w *watch) follow(ctx context.Context) error {
	w.began = time.Now()
	w.outcome = &Outcome{}
	w.tick = time.NewTimer(time.Hour)
	defer w.tick.Stop()
	if w.program.ProgressAfter >= 0 {
		w.soon(w.program.ProgressAfter)
	}
	defer w.tell("")
	done := ctx.Done()
	for len(w.left) > 0 {
		select {
		case <-w.signal:
			w.take(w.get())
		case <-w.interrupt:
			w.stop()
		case <-done:
			done = nil
			w.stop()
		case <-w.answered:
			w.learn()
		case <-w.tick.C:
			if w.act(); len(w.outcome.Stuck) > 0 {
				return nil
			}
		case <-w.hub.lost:
			return w.hub.err
		}
	}
	if w.question != 0 {
		w.hub.answers(w.question)
	}
	return nil
}

// schedule sets the clock to the next thing that has to be done in time.
func (w *watch) schedule() {
	next := time.Hour
	if !w.next.IsZero() {
		next = min(next, time.Until(w.next))
	}
	if !w.stopped.IsZero() {
		next = min(next, time.Until(w.stopped.Add(w.stuck)))
	}
	w.tick.Reset(max(next, time.Millisecond))
}

// soon lets the ranks be asked after d at the latest.
func (w *watch) soon(d time.Duration) {
	if at := time.Now().Add(d); w.next.IsZero() || at.Before(w.next) {
		w.next = at
	}
	w.schedule()
}

// take shows events and notes who has ended. Text of one set of ranks is shown as one.
func (w *watch) take(groups []group) {
	var out Output
	flush := func() {
		if len(out.Payload) > 0 {
			w.output(out)
		}
		out = Output{}
	}
	for _, g := range groups {
		if g.kind.ends() {
			flush()
			w.end(g)
			continue
		}
		if g.run != w.order.run {
			continue // late, of a run before
		}
		if g.kind.isText() && g.kind == out.Kind && equalSets(g.ranks, out.Ranks) {
			out.Payload = append(out.Payload, g.payload...)
			continue
		}
		flush()
		out = Output{Ranks: g.ranks, Kind: g.kind, Payload: append([]byte(nil), g.payload...)}
		if !g.kind.isText() {
			w.output(out)
			out = Output{}
		}
	}
	flush()
}

func (w *watch) output(o Output) {
	if w.show != nil {
		w.show(o)
	}
}

// end notes that ranks have ended, well or not.
func (w *watch) end(g group) {
	if g.kind != Died && g.run != w.order.run {
		return
	}
	w.left = w.left.Minus(g.ranks)
	switch g.kind {
	case Failed:
		w.outcome.fail(g)
	case Died:
		w.outcome.Dead = w.outcome.Dead.Union(g.ranks)
		w.outcome.NeedsRestart = true
	default:
		if len(w.ended) == 0 && len(w.left) > 0 {
			w.soon(askEnded)
		}
		w.ended = w.ended.Union(g.ranks)
		return
	}
	w.output(Output{Ranks: g.ranks, Kind: g.kind, Payload: append([]byte(nil), g.payload...)})
	if w.failed.IsZero() {
		w.failed = time.Now()
		w.soon(askFailed)
	}
}

func (o *Outcome) fail(g group) {
	for i := range o.Failures {
		if f := &o.Failures[i]; string(f.Payload) == string(g.payload) {
			f.Ranks = f.Ranks.Union(g.ranks)
			return
		}
	}
	o.Failures = append(o.Failures, Failure{Ranks: g.ranks, Payload: append([]byte(nil), g.payload...)})
}

// stop interrupts all that are left; later calls do nothing.
func (w *watch) stop() {
	if !w.stopped.IsZero() {
		return
	}
	w.stopped = time.Now()
	w.outcome.Interrupted = true
	w.hub.tell(numbered(msgInterrupt, w.order.run))
	w.soon(askEvery)
}

// act does what is due: ask, or give up.
func (w *watch) act() {
	defer w.schedule()
	if !w.stopped.IsZero() {
		w.hub.tell(numbered(msgInterrupt, w.order.run)) // the first may have been lost with a connection
		if time.Since(w.stopped) >= w.stuck {
			w.giveUp()
			return
		}
	}
	if w.next.IsZero() || time.Now().Before(w.next) {
		return
	}
	if w.question != 0 {
		w.learn() // those that have not answered are silent
	}
	w.next = time.Now().Add(askEvery)
	if !w.failed.IsZero() {
		w.next = time.Now().Add(min(askEvery, w.program.Grace/4))
	}
	var a *ask
	w.question, a = w.hub.ask(msgAsk)
	w.answered = a.done
}

// learn reads the answers to the open question and shows what they mean.
func (w *watch) learn() {
	places := w.places()
	w.last = places
	all := w.allWait(places)
	switch {
	case !all:
		w.waiting = time.Time{}
	case w.waiting.IsZero():
		w.waiting = time.Now()
	}
	if !w.failed.IsZero() && all && w.stopped.IsZero() && time.Since(w.waiting) >= w.program.Grace {
		w.stop()
	}
	vain := all && w.inVain(places)
	if vain && w.stopped.IsZero() && time.Since(w.waiting) >= w.program.Grace {
		w.output(Output{Ranks: w.left, Kind: Note, Payload: []byte(w.describe(places, all) + ": they are interrupted")})
		w.stop()
	}
	if w.program.ProgressAfter >= 0 && (vain || time.Since(w.began) >= w.program.ProgressAfter) || !w.failed.IsZero() {
		w.tell(w.describe(places, all))
	}
}

// inVain reports whether ranks wait for others that cannot come any more, since they have ended the program.
func (w *watch) inVain(places []Place) bool {
	return len(w.ended) > 0 && !slices.ContainsFunc(places, func(p Place) bool { return !p.All })
}

// places closes the open question and gives where the ranks are that have not ended.
func (w *watch) places() []Place {
	if w.question == 0 {
		return nil
	}
	groups, silent := w.hub.answers(w.question)
	w.question, w.answered = 0, nil
	places := placesOf(groups, w.left)
	if silent = silent.And(w.left); len(silent) > 0 {
		places = append(places, Place{Ranks: silent, Silent: true})
	}
	return places
}

// placesOf makes one place of equal answers of the ranks in set.
func placesOf(groups []group, set Set) []Place {
	var places []Place
next:
	for _, g := range groups {
		p, err := decodePlace(g)
		if p.Ranks = p.Ranks.And(set); err != nil || len(p.Ranks) == 0 {
			continue
		}
		for i := range places {
			if q := &places[i]; q.Text == p.Text && q.Waits == p.Waits {
				q.Ranks, q.For = q.Ranks.Union(p.Ranks), min(q.For, p.For)
				continue next
			}
		}
		places = append(places, p)
	}
	return places
}

// allWait reports whether all that are left wait in MPI.
func (w *watch) allWait(places []Place) bool {
	n := 0
	for _, p := range places {
		if !p.Waits {
			return false
		}
		n += p.Ranks.Len()
	}
	return n == w.left.Len()
}

// describe is the line about what the ranks do: who waits for those that have failed, a deadlock
// perhaps, or how far the program is.
func (w *watch) describe(places []Place, all bool) string {
	texts := make([]string, len(places))
	longest := time.Duration(0)
	shortest := 24 * time.Hour
	for i, p := range places {
		texts[i] = p.String()
		longest, shortest = max(longest, p.For), min(shortest, p.For)
	}
	text := strings.Join(texts, ", ")
	done := w.order.targets.Len() - w.left.Len()
	switch {
	case len(places) == 0:
		return w.state
	case all && done == 0 && shortest >= w.program.Grace:
		return fmt.Sprintf("deadlock? %s, for %d s", text, longest/time.Second)
	case all && longest >= time.Second:
		text += fmt.Sprintf(", for %d s", longest/time.Second)
	}
	if !w.failed.IsZero() {
		return text
	}
	if all && w.inVain(places) {
		return fmt.Sprintf("%s, in vain: %s ended the program without that call", text, Place{Ranks: w.ended}.who())
	}
	return fmt.Sprintf("%d of %d done; %s", done, w.order.targets.Len(), text)
}

// String is "ranks 0-2 in MPI_Barrier, line 5".
func (p Place) String() string {
	who := p.who()
	switch {
	case p.Dead:
		return who + " dead"
	case p.Silent:
		return who + " without an answer"
	case p.Text == "":
		return who + " idle"
	case p.Waits:
		return who + " in " + p.Text
	}
	return who + " at " + p.Text
}

// who is "rank 1" or "ranks 0-2".
func (p Place) who() string {
	ranks := strings.Trim(p.Ranks.String(), "[]")
	if p.Ranks.Len() == 1 {
		return "rank " + ranks
	}
	return "ranks " + ranks
}

// tell shows a state line when it is another than the last.
func (w *watch) tell(text string) {
	if text != w.state {
		w.state = text
		w.output(Output{Ranks: w.left, Kind: State, Payload: []byte(text)})
	}
}

// giveUp names the ranks that did not come back, and where they were last.
func (w *watch) giveUp() {
	silent := w.left
	for _, p := range w.last {
		if p.Ranks = p.Ranks.And(w.left); len(p.Ranks) > 0 {
			w.outcome.Stuck = append(w.outcome.Stuck, p)
			silent = silent.Minus(p.Ranks)
		}
	}
	if len(silent) > 0 {
		w.outcome.Stuck = append(w.outcome.Stuck, Place{Ranks: silent, Silent: true})
	}
	w.outcome.NeedsRestart = true
}
