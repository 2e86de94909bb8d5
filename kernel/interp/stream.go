package interp

import (
	"io"
	"regexp"
	"strings"

	"gofive/kernel/engine"
)

// stream is what fmt.Print and its kin write to. Text of the latest run goes where C code writes
// too, so that both stay in order; that of a goroutine of an earlier run becomes an event of its own
// run.
type stream struct {
	interp *Interp
	name   string    // "stdout" or "stderr"
	direct io.Writer // nil when there is no such place
}

func (it *Interp) stdout() stream { return stream{it, "stdout", it.opts.Stdout} }
func (it *Interp) stderr() stream { return stream{it, "stderr", it.opts.Stderr} }

func (s stream) Write(p []byte) (int, error) {
	r := s.interp.labels.run()
	s.interp.mu.Lock()
	latest := r == nil || r == s.interp.latest
	s.interp.mu.Unlock()
	if latest && s.direct != nil {
		return s.direct.Write(p)
	}
	var run int64
	if r != nil {
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
