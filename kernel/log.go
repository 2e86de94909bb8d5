package kernel

import (
	"fmt"
	"io"
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
		*c = logCause{since: now}
	}
	if c.lines == logLines {
		c.skipped++
		return
	}
	c.lines++
	fmt.Fprintf(l.w, "gofive: %s: %s\n", cause, text)
}
