package kernel

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// logLines is how many lines of one cause are written in a second; a hostile client must not fill
// a disk.
const logLines = 10

// logger writes lines for whoever runs the kernel.
type logger struct {
	mu     sync.Mutex
	w      io.Writer
	causes map[string]*logCause
}

// logCause counts the lines of the second that began at since.
type logCause struct {
	since   time.Time
	all     int // ever
	lines   int
	skipped int
}

func newLogger(w io.Writer) *logger { return &logger{w: w, causes: make(map[string]*logCause)} }

// Log writes a line, unless too many of the same cause went before. Causes are a few fixed words,
// never text that a client has sent.
func (l *logger) Log(cause, text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	c, now := l.causes[cause], time.Now()
	if c == nil {
		c = &logCause{since: now}
		l.causes[cause] = c
	}
	if now.Sub(c.since) >= time.Second {
		if c.skipped > 0 {
			fmt.Fprintf(l.w, "gofive: %s: %d more\n", cause, c.skipped)
		}
		*c = logCause{since: now, all: c.all}
	}
	c.all++
	if c.lines == logLines {
		c.skipped++
		return
	}
	c.lines++
	fmt.Fprintf(l.w, "gofive: %s: %s\n", cause, text)
}

// counts tells how often each cause had something to say, in the order of their names.
func (l *logger) counts() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var b strings.Builder
	for _, cause := range slices.Sorted(maps.Keys(l.causes)) {
		fmt.Fprintf(&b, "%-20s %d\n", cause, l.causes[cause].all)
	}
	return b.String()
}
