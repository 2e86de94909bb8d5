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

// Clocks are measurements that go on, each within the one before. The zero value is ready.
type Clocks struct {
	mu   sync.Mutex
	done []func()
}

// Start begins to measure, and Stop prints what Time would of what came between.
func (c *Clocks) Start(p Printer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done = append(c.done, p.Time())
}

// Stop ends what the last Start began.
func (c *Clocks) Stop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if last := len(c.done) - 1; last >= 0 {
		c.done[last]()
		c.done = c.done[:last]
	}
}

// clocks are those of the functions of the package.
var clocks Clocks

// Start is Clocks.Start.
func Start() { clocks.Start(standard()) }

// Stop is Clocks.Stop.
func Stop() { clocks.Stop() }

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
