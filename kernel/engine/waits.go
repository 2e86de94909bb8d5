package engine

import (
	"sync"
	"time"
)

// interruptGrace is how long a program may take to end after its first interrupt. Reading one
// buffer of HDF5 through a slow filter takes seconds; whoever takes longer is taken for deaf.
const interruptGrace = 10 * time.Second

// waits are the runs of one engine that have not ended.
type waits struct {
	mu    sync.Mutex
	runs  map[int64]*wait
	ended bool // the engine is gone
}

// wait is one of them.
type wait struct {
	done chan *done
	late *time.Timer // set by the first interrupt
}

// add gives the channel on which the end of a run will be told.
func (w *waits) add(run int64) <-chan *done {
	w.mu.Lock()
	defer w.mu.Unlock()
	d := make(chan *done, 1)
	w.runs[run] = &wait{done: d}
	return d
}

// finish tells the end of a run.
func (w *waits) finish(d *done) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if x := w.runs[d.Run]; x != nil {
		x.stop()
		delete(w.runs, d.Run)
		x.done <- d
	}
}

// interrupted calls deaf when a run that is under way now has not ended after the grace, and again
// as long as deaf reports false. Further interrupts do not extend it.
func (w *waits) interrupted(run int64, grace time.Duration, deaf func() bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if x := w.runs[run]; x != nil && x.late == nil && !w.ended {
		x.late = time.AfterFunc(grace, func() { w.overdue(run, grace, deaf) })
	}
}

// overdue looks at a run whose grace is over.
func (w *waits) overdue(run int64, grace time.Duration, deaf func() bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if x := w.runs[run]; x != nil && !w.ended && !deaf() {
		x.late.Reset(grace)
	}
}

// end says that the engine is gone.
func (w *waits) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ended = true
	for _, x := range w.runs {
		x.stop()
	}
}

func (x *wait) stop() {
	if x.late != nil {
		x.late.Stop()
	}
}
