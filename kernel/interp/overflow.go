package interp

import (
	"runtime"
	"runtime/metrics"
	"time"

	"gofive/kernel/engine"
)

// Endless recursion ends a Go process: its stack limit is no panic that could be recovered. So the
// stacks are watched while a cell runs, and long before that limit the deepest goroutine of a cell is
// ended at its next poll, which every function that may call itself has. Ending it by Goexit
// unwinds in linear time; a panic through n interpreted calls takes time quadratic in n.
const (
	stackMetric  = "/memory/classes/heap/stacks:bytes"
	stackLimit   = 200 << 20 // bytes in all stacks from which on somebody is too deep
	stackWatch   = 20 * time.Millisecond
	largestStack = 48 << 20 // bytes in one stack that no sane cell has; a stack has a power of two
	stackMost    = 2e9      // bytes in one stack at which the process ends: the most that Go allows
)

// watch raises the stop flag when the stacks or the heap grow too large; it ends with the last run. What
// it has to know of the machine it reads at its first look: most cells have ended by then.
func (it *Interp) watch() {
	sample := []metrics.Sample{{Name: stackMetric}}
	var gc *collector
	var limit uint64
	for range time.Tick(stackWatch) {
		it.mu.Lock()
		if len(it.active) == 0 {
			it.watching = false
			it.mu.Unlock()
			return
		}
		metrics.Read(sample)
		if sample[0].Value.Uint64() > stackLimit {
			it.overflow, it.stop = true, true
		}
		it.raiseSample()
		it.mu.Unlock()
		if gc == nil {
			gc, limit = newCollector(), it.heapLimit()
		}
		it.checkHeap(limit)
		gc.tune()
	}
}

// endTooDeep ends the calling goroutine, and with it the cell whose own it is, when it is the one that
// has gone too deep. The flag comes down in any case: if another goroutine is the one, the watch raises
// it again.
func (it *Interp) endTooDeep(r *Run, id string) {
	it.mu.Lock()
	overflow := it.overflow
	it.lower()
	f, named := it.funcs[id]
	it.mu.Unlock()
	if !overflow || stackSize() < largestStack {
		return
	}
	text, frames := "stack overflow: a function calls itself without end", []frame(nil)
	if named {
		frames = []frame{{Func: f}}
	} else if native := it.nativeFrames(); len(native) > 0 {
		frames = native[:1]
	}
	if len(frames) > 0 {
		text = "stack overflow: " + frames[0].Name + " calls itself without end"
	}
	if r.goroutine.Load() != self() {
		it.tellCrash(text, frames)
		runtime.Goexit()
	}
	r.mu.Lock()
	r.exit = r.failure(engine.FailurePanic, text, r.line(), frames)
	r.mu.Unlock()
	it.interruptRun(r)
	runtime.Goexit()
}
