package interp

import (
	"regexp"
	"strings"

	"gofive/kernel/engine"
)

// stream is what fmt.Print and its kin write to: text becomes an event of the run whose goroutine
// writes.
type stream struct {
	interp *Interp
	name   string // "stdout" or "stderr"
}

func (s stream) Write(p []byte) (int, error) {
	var run int64
	if r := s.interp.labels.run(); r != nil {
		run = r.id
	}
	s.interp.opts.Emit(engine.Event{Kind: engine.Stream, Run: run, Stream: s.name, Text: append([]byte(nil), p...)})
	return len(p), nil
}

// panicLines takes out of stderr the line that yaegi prints for each function a panic leaves, one
// line a call, and keeps it as a frame of the traceback.
type panicLines struct{ stream }

var panicLine = regexp.MustCompile(`^[^ ]*: panic: main\.(.+)\(\.\.\.\)\n$`)

func (s panicLines) Write(p []byte) (int, error) {
	m := panicLine.FindSubmatch(p)
	if m == nil {
		return s.stream.Write(p)
	}
	if r := s.interp.labels.run(); r != nil {
		s.interp.left(r, string(m[1]))
	}
	return len(p), nil
}

// left notes that a panic has left a function.
func (it *Interp) left(r *Run, name string) {
	name, _, _ = strings.Cut(name, ".func") // a literal counts as the function around it
	it.mu.Lock()
	fr, ok := it.funcs[name[strings.LastIndexByte(name, '.')+1:]]
	it.mu.Unlock()
	if !ok {
		return // the entry function, whose line the run knows
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if n := len(r.frames); n == 0 || r.frames[n-1] != fr {
		r.frames = append(r.frames, fr)
	}
}
