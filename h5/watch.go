package h5

import (
	"context"
	"sync/atomic"
	"time"
)

// Meter is told how far a long transfer is, in elements; a *progress.Bar is one.
type Meter interface {
	Add(n int)
	Done()
}

// OnLong sets the function that is called, in the goroutine that transfers, when a transfer has taken two
// seconds and is not at its end: what it is, such as "read dataset /flux", how many elements it moves, and when
// it began. The Meter that it gives hears of each piece. There is one such function; nil is none.
func OnLong(f func(what string, elements int, begun time.Time) Meter) { onLong.Store(&f) }

var onLong atomic.Pointer[func(what string, elements int, begun time.Time) Meter]

// longAfter is how long a transfer goes on before it is told of.
var longAfter = 2 * time.Second

// watch looks after one transfer: it sees interrupts, and says how far it is.
type watch struct {
	stop        func() bool
	what        string
	begun       time.Time
	done, total int
	meter       Meter
	quiet       bool // somebody else says how far it is
}

func newWatch(op, path string, total int) *watch {
	return &watch{stop: interrupted(), what: op + " " + path, begun: time.Now(), total: total}
}

// follow has the transfer end with ctx, whose owner is told how far it is.
func (w *watch) follow(ctx context.Context) {
	stop := w.stop
	w.stop = func() bool { return stop() || ctx.Err() != nil }
	w.quiet = true
}

// moved counts n more elements.
func (w *watch) moved(n int) {
	w.done += n
	if w.meter == nil && !w.quiet && w.done < w.total && time.Since(w.begun) > longAfter {
		f := onLong.Load()
		if f == nil || *f == nil {
			return
		}
		w.meter = (*f)(w.what, w.total, w.begun)
		n = w.done
	}
	if w.meter != nil {
		w.meter.Add(n)
	}
}

// end is the end of the transfer, whatever came of it.
func (w *watch) end() {
	if w.meter != nil {
		w.meter.Done()
	}
}
