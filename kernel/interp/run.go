package interp

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"gofive/display/progress"
	"gofive/kernel/engine"
	"gofive/magic"
)

// Run is one execution of a cell.
type Run struct {
	interp      *Interp
	id          int64
	cell        string
	parent      string // the message that asks for it
	code        []string
	allowInput  bool
	typed       []byte        // what the front end sent and the cell has not read yet
	finished    bool          // the entry function has returned
	interrupted chan struct{} // closed by interrupt
	asked       atomic.Int64  // how often it was interrupted
	ending      sync.Map      // goroutine -> how often when it began to end
	once        sync.Once

	at atomic.Pointer[int] // the line of the cell that the statements at its top have reached

	goroutine atomic.Uintptr // that the cell runs in
	clocks    magic.Clocks

	mu   sync.Mutex
	exit *engine.Failure
	bars []*progress.Bar
}

// exited gives the failure that ended the run at once, nil when there was none.
func (r *Run) exited() *engine.Failure {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.exit
}

// At says where lowered code keeps the line that the cell has reached.
func (r *Run) At(line *int) { r.at.Store(line) }

// line is the line that the cell has reached. The cell may be writing it just now: then it is the line
// before or after.
func (r *Run) line() int {
	if at := r.at.Load(); at != nil {
		return *at
	}
	return 0
}

// failed is what Fail panics with: an error that nobody took care of, and the line of the call.
type failed struct {
	err  error
	line int
}

func (f failed) Error() string { return f.err.Error() }
func (f failed) Unwrap() error { return f.err }

// sourcePosition is a place in lowered code, which nobody has typed.
var sourcePosition = regexp.MustCompile(`(?:[0-9.]+/)?_\.go:\d+:\d+: `)

// refused is a panic of execute: yaegi would not take the source.
type refused struct{ err error }

// loadedAfter is how long a cell runs before it is told that its declarations are there: the end of most
// cells tells it sooner.
const loadedAfter = time.Millisecond

// execute loads the source and runs the entry function, or the function that a comm has called for.
func (r *Run) execute(p *engine.Program) {
	if p.Turn {
		r.interp.hub.Turn(p.Run)
		r.finished = true
		return
	}
	l := r.interp.load(p)
	if onlyEntry(p) && !p.Passing {
		defer r.interp.dropFiles(l.files)
	}
	told := time.AfterFunc(loadedAfter, func() { r.interp.opts.Emit(engine.Event{Kind: engine.Loaded, Run: r.id}) })
	defer told.Stop()
	l.entry(r)
	r.finished = true
}

// load has yaegi read a program, unless it has.
func (it *Interp) load(p *engine.Program) *loaded {
	it.compile.Lock()
	defer it.compile.Unlock()
	l := it.passing.find(p)
	if l == nil {
		l = it.readProgram(p)
		it.dropFiles(it.passing.keep(p, l))
	}
	forget(it.yaegi, p.Forget)
	it.pure.Forget(p.Forget)
	return l
}

// readProgram has yaegi read a program; it.compile is held.
func (it *Interp) readProgram(p *engine.Program) *loaded {
	table, err := functions(p.Native)
	if err != nil {
		panic(unloaded{err})
	}
	from := it.yaegi.FileSet().Base()
	if p.Types != "" {
		if err := it.read(p.Types); err != nil {
			panic(refused{err})
		}
		makeRing(it.yaegi, p.Ring)
	}
	if err := it.read(p.Source); err != nil {
		panic(refused{err})
	}
	keepSigns(it.yaegi)
	l := &loaded{func(*Run) {}, it.filesFrom(from)}
	if err := it.bind(p.Native, table); err != nil {
		panic(unloaded{err})
	}
	if p.Entry == "" { // its declarations are wanted, and no more
		return l
	}
	v, err := it.named(p.Entry)
	if err != nil {
		panic(refused{err})
	}
	l.entry = v.Interface().(func(*Run))
	return l
}

func (r *Run) interrupt() {
	r.asked.Add(1)
	r.once.Do(func() { close(r.interrupted) })
}

// endsNow reports whether the calling goroutine has to begin to end. While it does, deferred calls run
// as they would in Go; only another interrupt ends them too.
func (r *Run) endsNow() bool {
	if !r.stopping() {
		return false
	}
	asked := r.asked.Load()
	before, ending := r.ending.Swap(self(), asked)
	return !ending || before != asked
}

func (r *Run) stopping() bool {
	select {
	case <-r.interrupted:
		return true
	default:
		return false
	}
}

// outcome says how a run ended, given what its goroutine recovered.
func (r *Run) outcome(recovered any) *engine.Failure {
	exit := r.exited()
	switch v := recovered.(type) {
	case nil:
		switch {
		case exit != nil:
			return exit
		case r.stopping(): // though it may have gone on with what its goroutines left behind
			return r.interruption("")
		case r.finished:
			return nil
		}
		return r.failure(engine.FailurePanic, "runtime.Goexit ended the cell", r.line(), nil)
	case refused:
		text := sourcePosition.ReplaceAllString(v.err.Error(), "")
		f := r.failure(engine.FailureError, "the interpreter cannot run this cell yet, though it is legal Go: "+text, 0, nil)
		f.Unrun = true
		return f
	case unloaded:
		f := r.failure(engine.FailureError, "the native functions cannot be loaded: "+v.err.Error(), 0, nil)
		f.Unrun, f.Unloaded = true, true
		return f
	case failed:
		if r.stopping() && isInterruption(v.err) {
			return r.interruption("")
		}
		return r.failure(engine.FailureError, v.Error(), v.line, nil)
	}
	t := r.interp.traces.take()
	if err, ok := recovered.(error); ok && r.stopping() && isInterruption(err) {
		return r.interruption("")
	}
	line := r.line()
	if t.line > 0 {
		line = t.line
	}
	name := engine.FailurePanic
	if of, ok := recovered.(magic.Failure); ok {
		name = of.Kind
	}
	f := r.failure(name, t.text(recovered), line, t.frames)
	if f.Value == nilDereference.Error() {
		f.Traceback = append(f.Traceback, "", "Something there is nil, as a variable is when the cell that should have set it failed.")
	}
	return f
}

// isInterruption reports whether an error of a compiled package says that it was interrupted.
func isInterruption(err error) bool {
	var by interface{ Interrupted() bool }
	return errors.As(err, &by) && by.Interrupted()
}

// interruption is the failure of an interrupted run; why says what is still to be said.
func (r *Run) interruption(why string) *engine.Failure {
	text := "the cell was interrupted; variables keep what they had"
	if why != "" {
		text += "; " + why
	}
	return r.failure(engine.FailureInterrupted, text, r.line(), nil)
}

// failure makes the traceback: the message, the functions left, and the line of the cell.
func (r *Run) failure(name, text string, line int, frames []frame) *engine.Failure {
	f := &engine.Failure{Name: name, Value: text, Traceback: []string{name + ": " + text}}
	if len(frames) > 0 || line > 0 {
		f.Traceback = append(f.Traceback, "")
	}
	f.Traceback = append(f.Traceback, r.interp.text(frames)...)
	if line > 0 && line <= len(r.code) {
		f.Traceback = append(f.Traceback,
			fmt.Sprintf("cell %s, line %d", r.cell, line),
			"    "+strings.TrimSpace(r.code[line-1]))
	}
	return f
}

// plainPanic gives the value that was panicked with: yaegi wraps those of interpreted code, and
// finds some faults by reflection, in whose words they are then told.
func plainPanic(v any) any {
	if rv, ok := v.(reflect.Value); ok {
		if !rv.IsValid() || !rv.CanInterface() {
			return "nil"
		}
		v = rv.Interface()
	}
	if f, ok := v.(failed); ok {
		return f.err
	}
	switch e := v.(type) {
	case *reflect.ValueError:
		if e.Kind == reflect.Invalid {
			return nilDereference
		}
	case string:
		if fault, ok := worded(e); ok {
			return fault
		}
	case error:
		if fault, ok := worded(e.Error()); ok {
			return fault
		}
	}
	return v
}

// nilDereference is what Go says where package reflect speaks of values.
const nilDereference = runtimeError("runtime error: invalid memory address or nil pointer dereference")

// worded gives the run-time error that Go would report for a fault which the interpreter, package
// reflect or the allocator words in its own way.
func worded(text string) (runtimeError, bool) {
	for _, f := range faults {
		if strings.HasPrefix(text, f.prefix) {
			return f.goes, true
		}
	}
	if m := conversionFault.FindStringSubmatch(text); m != nil {
		return runtimeError(m[1]), true
	}
	if rest, ok := strings.CutPrefix(text, "hash of unhashable type: "); ok { // of a map that is empty
		return runtimeError("runtime error: hash of unhashable type " + rest), true
	}
	if m := arrayFault.FindStringSubmatch(text); m != nil {
		return runtimeError("runtime error: " + m[1] + "array or pointer to array" + m[2]), true
	}
	return "", false
}

// conversionFault is a failed type assertion, behind the position that yaegi puts before it, and
// arrayFault the conversion of a slice to an array that is longer.
var (
	conversionFault = regexp.MustCompile(`^(?:[^ ]*:\d+|-): (interface conversion: .*)$`)
	arrayFault      = regexp.MustCompile(`^reflect: (cannot convert slice with length \d+ to )(?:pointer to )?array( with length \d+)$`)
)

// faults are words of others for run-time errors of Go.
var faults = []struct {
	prefix string
	goes   runtimeError
}{
	{"reflect: slice index out of range", "runtime error: index out of range"},
	{"reflect: array index out of range", "runtime error: index out of range"},
	{"reflect: string index out of range", "runtime error: index out of range"},
	{"reflect.Value.Slice", "runtime error: slice bounds out of range"},
	{"reflect: slice bounds out of range", "runtime error: slice bounds out of range"},
	{"reflect.MakeSlice: len > cap", "runtime error: makeslice: cap out of range"},
	{"reflect.MakeSlice: negative cap", "runtime error: makeslice: cap out of range"},
	{"reflect.MakeSlice: ", "runtime error: makeslice: len out of range"},
	{"runtime: allocation size out of range", "runtime error: makeslice: len out of range"},
	{"reflect.MakeChan: negative buffer size", "makechan: size out of range"},
	{"reflect.Value.Call: call of nil function", nilDereference},
	{"reflect: Method on nil interface value", nilDereference},
	{"reflect: Call using zero Value argument", nilDereference},
}

// runtimeError is a run-time error that yaegi found; recover gives it to cells as runtime.Error.
type runtimeError string

func (e runtimeError) Error() string { return string(e) }
func (runtimeError) RuntimeError()   {}

// exitWith ends the run as a program that asked for it, and the calling goroutine.
func (r *Run) exitWith(text string, code int) {
	r.mu.Lock()
	r.exit = r.failure(engine.FailureExit, text, r.line(), nil)
	r.exit.Code = code
	r.mu.Unlock()
	r.interp.interruptRun(r)
	runtime.Goexit()
}

var errNoInput = errors.New("this front end takes no input while a cell runs")

// Line gives the line of its cell that an active run has reached, 0 for unknown.
func (it *Interp) Line(run int64) int {
	it.mu.Lock()
	defer it.mu.Unlock()
	for r := range it.active {
		if r.id == run {
			return r.line()
		}
	}
	return 0
}
