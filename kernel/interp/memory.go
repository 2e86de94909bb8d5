package interp

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strings"

	"gofive/kernel/engine"
	"gofive/memory"
)

// A Go process that gets no memory ends, and one that takes all the memory there is gets killed:
// neither is a panic. So lowered code asks before it makes something large, and while cells run the
// heap is watched: a cell that has filled it is ended at its next poll.

// mostBytes is more than Go gives out at once: it refuses the length of what is larger.
const mostBytes = 1 << 48

// room fails when n things of size bytes do not fit into the memory that is free. Kind is what n is of
// a slice, "len" or "cap", which Go names when it is too much for any machine.
func (it *Interp) room(n, size int, kind string, line int) bool {
	switch {
	case n <= mostBytes/size:
		it.needs(uint64(n)*uint64(size), line)
	case kind != "other":
		it.traces.begin(line)
		panic(runtimeError("runtime error: makeslice: " + kind + " out of range"))
	}
	return false
}

// needs fails when so many bytes are not free. A line below 1 is not known.
func (it *Interp) needs(bytes uint64, line int) {
	free := it.free()
	if bytes < free {
		return
	}
	it.traces.begin(max(line, 0))
	panic(runtimeError(fmt.Sprintf("out of memory: %s wanted, %s free", size(bytes), size(free))))
}

// free gives how many bytes may still be made.
func (it *Interp) free() uint64 {
	free := freeMemory()
	if most := it.opts.MaxHeap; most > 0 {
		free = min(free, most-min(most, heapSize()))
	}
	return free
}

// repeat is strings.Repeat.
func (it *Interp) repeat(s string, count int) string {
	if count > 0 && len(s) <= mostBytes/count {
		it.needs(uint64(len(s))*uint64(count), 0)
	}
	return strings.Repeat(s, count)
}

// repeatBytes is bytes.Repeat.
func (it *Interp) repeatBytes(b []byte, count int) []byte {
	if count > 0 && len(b) <= mostBytes/count {
		it.needs(uint64(len(b))*uint64(count), 0)
	}
	return bytes.Repeat(b, count)
}

// size words a number of bytes.
func size(bytes uint64) string {
	units := []string{"bytes", "KB", "MB", "GB", "TB", "PB", "EB"}
	x, unit := float64(bytes), 0
	for x >= 1024 && unit < len(units)-1 {
		x, unit = x/1024, unit+1
	}
	return fmt.Sprintf("%.3g %s", x, units[unit])
}

// freeMemory gives what is left for this process.
func freeMemory() uint64 {
	_, free := memory.Machine()
	return uint64(free)
}

// heapMetric counts what is in use and what the next collection will free.
const heapMetric = "/memory/classes/heap/objects:bytes"

func heapSize() uint64 {
	sample := []metrics.Sample{{Name: heapMetric}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// heapLimit is how large the heap may become.
func (it *Interp) heapLimit() uint64 {
	if it.opts.MaxHeap > 0 {
		return it.opts.MaxHeap
	}
	if free := freeMemory(); free < math.MaxInt64 {
		return heapSize() + free/10*9
	}
	return math.MaxUint64
}

// checkHeap ends the latest run when the heap has grown beyond the limit, and a collection does not
// help. It is called by the watch alone.
func (it *Interp) checkHeap(limit uint64) {
	if heapSize() < limit {
		return
	}
	runtime.GC()
	used := heapSize()
	it.mu.Lock()
	r := it.latest
	for other := range it.active { // in a subshell
		if !it.active[r] {
			r = other
		}
	}
	active := it.active[r]
	it.mu.Unlock()
	if used < limit || !active || r.exited() != nil {
		return
	}
	text := fmt.Sprintf("out of memory: the variables of the notebook hold %s; assign nil to what you no longer need", size(used))
	r.mu.Lock()
	r.exit = r.failure(engine.FailurePanic, text, r.line(), nil)
	r.mu.Unlock()
	it.interruptRun(r)
}

// Interpreted code makes much garbage and keeps little of it: an engine of 40 MB, run as Go would run
// it, collects after every 40 MB, which takes a third of its time. So the collector is told to wait for
// gcSpare bytes of new garbage at least, unless the environment says how it is to work.
const gcSpare = 256 << 20

// collector keeps the setting of the collector in step with what it left the last time.
type collector struct {
	fixed   bool // the environment decides
	percent int  // set last
}

func newCollector() *collector {
	return &collector{fixed: os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" || freeMemory() < 8*gcSpare}
}

func (c *collector) tune() {
	if c.fixed {
		return
	}
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	live := int(sample[0].Value.Uint64())
	percent := max(100, min(1000, gcSpare/max(1, live/100)))
	if percent < c.percent*9/10 || percent > c.percent*11/10 {
		debug.SetGCPercent(percent)
		c.percent = percent
	}
}
