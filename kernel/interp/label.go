package interp

import (
	"context"
	"runtime/pprof"
	"strconv"
	"sync"
	"unsafe"
)

// Goroutines carry the run that started them as a profiler label: the runtime hands it on to every
// goroutine started below, in compiled code too. Reading it back needs a function of the runtime
// that package pprof exports to nobody; the runtime's source promises to keep it for those who
// link to it all the same.
//
//go:linkname runtime_getProfLabel runtime/pprof.runtime_getProfLabel
func runtime_getProfLabel() unsafe.Pointer

// labels finds the Run of a goroutine by the label's address, which is unique as long as the label
// is kept.
type labels struct {
	runs sync.Map // unsafe.Pointer -> *Run
}

// set labels the calling goroutine, and all that it will start, as those of r.
func (l *labels) set(r *Run) {
	r.label = pprof.WithLabels(context.Background(), pprof.Labels("gofive.run", strconv.FormatInt(r.id, 10)))
	pprof.SetGoroutineLabels(r.label)
	l.runs.Store(runtime_getProfLabel(), r)
}

// run gives the Run that the calling goroutine belongs to, nil when it was started by none.
func (l *labels) run() *Run {
	if r, ok := l.runs.Load(runtime_getProfLabel()); ok {
		return r.(*Run)
	}
	return nil
}
