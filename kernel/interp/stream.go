package interp

import (
	"io"
	"os"

	"gofive/kernel/engine"
)

// stream is what fmt.Print and its kin write to. Text of the latest run goes where C code writes
// too, so that both stay in order; that of a goroutine of an earlier run becomes an event of its own
// run.
type stream struct {
	interp *Interp
	name   string    // "stdout" or "stderr"
	direct io.Writer // nil when there is no such place
	file   **os.File // os.Stdout or os.Stderr, which a cell may set
	path   string    // the name of the file that they are at first
}

func (it *Interp) stdout() stream {
	return stream{it, "stdout", it.opts.Stdout, &os.Stdout, "/dev/stdout"}
}
func (it *Interp) stderr() stream {
	return stream{it, "stderr", it.opts.Stderr, &os.Stderr, "/dev/stderr"}
}

// elsewhere gives the file that a cell has put in the place of its standard output, nil for none.
func (s stream) elsewhere() *os.File {
	if f := *s.file; f != nil && f.Name() != s.path {
		return f
	}
	return nil
}

func (s stream) Write(p []byte) (int, error) {
	if f := s.elsewhere(); f != nil {
		return f.Write(p)
	}
	r := s.interp.labels.run()
	if s.direct != nil && s.isLatest(r) {
		return s.direct.Write(p)
	}
	var run int64
	if r != nil {
		run = r.id
	}
	s.interp.opts.Emit(engine.Event{Kind: engine.Stream, Run: run, Stream: s.name, Text: append([]byte(nil), p...)})
	return len(p), nil
}

// isLatest reports whether what a run writes is taken for that of C code.
func (s stream) isLatest(r *Run) bool {
	s.interp.mu.Lock()
	defer s.interp.mu.Unlock()
	return r == nil || r == s.interp.latest
}

// panicLines takes out of stderr what yaegi prints for each function that a panic leaves.
type panicLines struct{ stream }

func (s panicLines) Write(p []byte) (int, error) {
	m := panicLine.FindSubmatch(p)
	if m == nil {
		return s.stream.Write(p)
	}
	s.interp.left(string(m[1]))
	return len(p), nil
}
