package interp

import (
	"context"
	"runtime"
	"runtime/pprof"
	"strconv"
	"sync"
	"unsafe"
)

// Goroutines carry the run that started them as a profiler label: the runtime hands it on to every
// goroutine started below, in compiled code too. Reading it back, and setting what was read, needs
// functions of the runtime that package pprof exports to nobody; the runtime's source promises to keep
// them for those who link to them all the same.
//
//go:linkname runtime_getProfLabel runtime/pprof.runtime_getProfLabel
func runtime_getProfLabel() unsafe.Pointer

//go:linkname runtime_setProfLabel runtime/pprof.runtime_setProfLabel
func runtime_setProfLabel(label unsafe.Pointer)

// labels finds the Run of a goroutine by the label's address, which is unique as long as a goroutine, or
// a function that will run on behalf of one, has the label. Then the run is forgotten.
type labels struct {
	runs sync.Map // uintptr -> *Run
}

// set labels the calling goroutine, and all that it will start, as those of r.
func (l *labels) set(r *Run) {
	pprof.SetGoroutineLabels(pprof.WithLabels(context.Background(), pprof.Labels("gofive.run", strconv.FormatInt(r.id, 10))))
	label := runtime_getProfLabel()
	address := uintptr(label)
	l.runs.Store(address, r)
	runtime.AddCleanup((*byte)(label), func(r *Run) { l.runs.CompareAndDelete(address, r) }, r)
}

// run gives the Run that the calling goroutine belongs to, nil when it was started by none.
func (l *labels) run() *Run {
	r, _ := l.labelled()
	return r
}

// labelled gives the label of the calling goroutine too, which keeps the run known.
func (l *labels) labelled() (*Run, unsafe.Pointer) {
	label := runtime_getProfLabel()
	if r, ok := l.runs.Load(uintptr(label)); ok {
		return r.(*Run), label
	}
	return nil, nil
}
