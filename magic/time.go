package magic

import (
	"fmt"
	"runtime/metrics"
	"sync"
	"syscall"
	"time"

	"gofive/display"
)

// Time starts to measure; the function that it returns prints how long it took since, by the clock and
// of the processors, and how much was allocated.
func (p Printer) Time() (done func()) {
	start := now()
	return func() {
		d := now().since(start)
		fmt.Fprintf(p.Out, "wall %s, CPU %s, %s allocated in %s pieces\n", duration(d.wall), duration(d.cpu), display.Size(int64(d.bytes)), display.Count(int(d.pieces)))
	}
}

// started are the ends of what Start began.
var started struct {
	sync.Mutex
	done []func()
}

// Start begins to measure, and Stop prints what Time would of what came between.
func (p Printer) Start() {
	started.Lock()
	defer started.Unlock()
	started.done = append(started.done, p.Time())
}

// Stop ends what the last Start began.
func Stop() {
	started.Lock()
	defer started.Unlock()
	if last := len(started.done) - 1; last >= 0 {
		started.done[last]()
		started.done = started.done[:last]
	}
}

// usage is what has been used up to a moment.
type usage struct {
	at            time.Time
	wall, cpu     time.Duration
	bytes, pieces uint64
}

func now() usage {
	var r syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &r) // fails for bad arguments only
	s := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}, {Name: "/gc/heap/allocs:objects"}}
	metrics.Read(s)
	cpu := time.Duration(r.Utime.Nano() + r.Stime.Nano())
	return usage{at: time.Now(), cpu: cpu, bytes: s[0].Value.Uint64(), pieces: s[1].Value.Uint64()}
}

func (u usage) since(start usage) usage {
	return usage{wall: u.at.Sub(start.at), cpu: u.cpu - start.cpu, bytes: u.bytes - start.bytes, pieces: u.pieces - start.pieces}
}
