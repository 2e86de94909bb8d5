package interp

import (
	"fmt"
	"regexp"
	"runtime"
	"strings"
	"sync"

	"gofive/kernel/engine"
)

// A panic is followed through the functions of cells by what yaegi prints on stderr, one line for
// each function that it leaves, in the panicking goroutine and before the next is left. The
// function's entry in Program.Funcs, or the variable that it keeps its line in, tells the rest.

// trace is where a panic has come by.
type trace struct {
	frames []frame // innermost first
	line   int     // told by what found the fault, for the function that is left next
	before []thrown
}

// frame is a line of a cell that a panic has passed. Times counts the calls of a recursion.
type frame struct {
	engine.Func
	times int
}

// traces are those of the panics going on, by goroutine.
type traces struct {
	mu sync.Mutex
	of map[uintptr]*trace
}

// begin starts the trace of a panic on this line, 0 where nothing is known of it.
func (ts *traces) begin(line int) *trace {
	t := &trace{line: line}
	ts.set(t)
	return t
}

func (ts *traces) set(t *trace) {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	if t == nil {
		delete(ts.of, self())
		return
	}
	if ts.of == nil {
		ts.of = map[uintptr]*trace{}
	}
	ts.of[self()] = t
}

// current gives the trace of the panic of the calling goroutine; nil for none.
func (ts *traces) current() *trace {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	return ts.of[self()]
}

// goOn sets the line for the function that the panic leaves next.
func (ts *traces) goOn(line int) {
	if t := ts.current(); t != nil {
		t.line = line
		return
	}
	ts.begin(line)
}

// take removes it.
func (ts *traces) take() *trace {
	t := ts.current()
	ts.set(nil)
	if t == nil {
		t = &trace{}
	}
	return t
}

// slots hand the line of a function from its deferred call of left to the line on stderr that tells
// of its panic: the next thing that the goroutine does. A function that returns leaves its line
// there as well, to be overwritten, for it costs more to find out which of the two it is.
type slots [64]struct {
	mu        sync.Mutex
	goroutine uintptr
	line      *int
}

func (s *slots) put(line *int) {
	g := self()
	slot := &s[g>>7%uintptr(len(s))]
	slot.mu.Lock()
	slot.goroutine, slot.line = g, line
	slot.mu.Unlock()
}

// take gives the line that the calling goroutine has put, 0 when another has taken its place.
func (s *slots) take() int {
	g := self()
	slot := &s[g>>7%uintptr(len(s))]
	slot.mu.Lock()
	defer slot.mu.Unlock()
	if slot.goroutine != g || slot.line == nil {
		return 0
	}
	line := *slot.line
	slot.line = nil
	return line
}

// panicLine is what yaegi prints. What stands before "_.go" names the function (see the front end's
// marks); what a cell did at its top may no longer have a position.
var panicLine = regexp.MustCompile(`^(?:([0-9.]+)/)?_\.go:[^ ]*: panic: main.*\(\.\.\.\)\n$|^(?:-:|[0-9:]+) panic: main.*\(\.\.\.\)\n$`)

// packageFunction is what the copies of functions of packages are called.
const packageFunction = "1"

// left notes that a panic has left a function.
func (it *Interp) left(id string) {
	t := it.traces.current()
	if t == nil || t.line == 0 && isNewPanic() {
		t = it.traces.begin(0)
		t.frames = it.nativeFrames()
	}
	it.mu.Lock()
	f, ok := it.funcs[id]
	it.mu.Unlock()
	if id == packageFunction {
		t.line = 0
	}
	if !ok {
		return // a part of the function around it, or the entry, whose line the run knows
	}
	switch {
	case t.line > 0:
		f.Line = t.line
	case f.Line == 0:
		f.Line = it.slots.take()
	}
	t.line = 0
	if n := len(t.frames); n > 0 && t.frames[n-1].Func == f {
		t.frames[n-1].times++
		return
	}
	t.frames = append(t.frames, frame{f, 1})
}

// isNewPanic reports whether the panic that is unwinding the stack began here, and is not one that
// yaegi or Defers has caught on the way and panics with again.
func isNewPanic() bool {
	var pcs [32]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs[:])])
	for {
		f, more := frames.Next()
		if f.Function == "runtime.gopanic" {
			f, _ = frames.Next()
			return !strings.HasSuffix(f.Function, "/interp.runCfg.func1") && !strings.HasSuffix(f.Function, "/interp.(*Defers).callAll")
		}
		if !more {
			return true
		}
	}
}

// mostFrames is how many lines of a trace are shown; of a longer one the middle is left out.
const mostFrames = 16

// text gives the lines of a trace, each with the line of the cell that it means.
func (it *Interp) text(frames []frame) []string {
	var lines []string
	for i, f := range frames {
		if len(frames) > mostFrames && i == mostFrames/2 {
			lines = append(lines, fmt.Sprintf("... %d more ...", len(frames)-mostFrames))
		}
		if len(frames) > mostFrames && i >= mostFrames/2 && i < len(frames)-mostFrames/2 {
			continue
		}
		lines = append(lines, it.frameText(f)...)
	}
	return lines
}

func (it *Interp) frameText(f frame) []string {
	text := "cell " + f.Cell
	if f.Line > 0 {
		text += fmt.Sprintf(", line %d", f.Line)
	}
	if f.Name != "" {
		text += ", in " + f.Name
	}
	if f.times > 1 {
		text += fmt.Sprintf(", %d times", f.times)
	}
	it.mu.Lock()
	code := it.code[f.Cell]
	it.mu.Unlock()
	if f.Line < 1 || f.Line > len(code) {
		return []string{text}
	}
	return []string{text, "    " + strings.TrimSpace(code[f.Line-1])}
}
