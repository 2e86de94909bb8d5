// Package interp is the inside of an engine: yaegi, and everything that lowered cells call while
// they run. It executes Programs, attributes what they write and show to the run that caused it,
// and turns panics into tracebacks of the cells' own lines.
//
// There are only a few types here: an Interp holds the variables of a notebook; a Run is one
// execution of one cell. An Interp is an engine.Runner.
package interp

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"reflect"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/traefik/yaegi/interp"

	"gofive/display"
	"gofive/display/widget"
	"gofive/kernel/engine"
	"gofive/kernel/pure"
	"gofive/kernel/value"
)

// Options say what an Interp works with.
type Options struct {
	// Table holds what cells can name: "import/path/name" -> name -> value. It is not changed.
	Table map[string]map[string]reflect.Value
	// Viewers show values whose packages know nothing of display.
	Viewers []display.Viewer
	// Stdout and Stderr receive what the latest run writes, beside what C code does; nil sends it as
	// events too, as the text of earlier runs.
	Stdout, Stderr io.Writer
	// Emit receives the events of the runs. It is called from many goroutines, one at a time for
	// each run's goroutine.
	Emit engine.Handler
	// Names, when set, tells what the string argument of a method of a compiled value could be when it
	// begins with text, and of which kind each is; Follow calls one of its methods that only looks.
	Names  func(v any, method, text string) (names, kinds []string)
	Follow func(v any, method, arg string) any
	// Comm, when set, is given what front ends say over comms before widgets are, and reports whether it is its own.
	Comm func(run int64, m *engine.CommMessage) bool
	// MaxHeap is how many bytes the heap may take before the cell that runs is ended; 0 leaves a tenth
	// of the memory that is free when a cell begins.
	MaxHeap uint64
	// NoFrontEnd, when set, says why cells cannot ask for input, show widgets or call the kernel, and what to do instead.
	NoFrontEnd error
	// Interrupt, when set, tells compiled packages that long work shall end.
	Interrupt func()
	// Grace is how long an interrupted cell may take to reach a point where it can end; 0 is 0.15 s.
	Grace time.Duration
}

// Interp runs programs. Its methods may be called from several goroutines.
type Interp struct {
	opts   Options
	labels labels
	types  *value.Types // that cells declare
	pure   *pure.Funcs  // that cells declare
	hub    *widget.Hub

	compile sync.Mutex // held while yaegi reads source, never while a cell runs
	yaegi   *interp.Interpreter
	passing passing

	unwinding  unwindings
	traces     traces
	slots      slots
	goroutines atomic.Int64 // started by cells and not ended

	stop    bool          // asked by lowered code at every loop head; a race on it costs an iteration
	stopPtr *bool         // what lowered code reads it through
	wake    chan struct{} // closed, and replaced, when somebody who waits shall end

	mu       sync.Mutex
	active   map[*Run]bool
	latest   *Run                   // that began last in the main shell
	watching bool                   // the memory, as long as there are active runs
	overflow bool                   // the stacks have grown too large
	funcs    map[string]engine.Func // what tracebacks tell of the functions of all programs
	code     map[string][]string    // the lines of all cells
	plugins  map[string][]string    // the cells that the functions of plugins come from, by their package
	profile  profile
	asked    int64 // the last Input request
	asks     map[int64]chan answer
}

// New returns an Interp in which nothing is declared.
func New(opts Options) (*Interp, error) {
	it := &Interp{opts: opts, active: map[*Run]bool{}, funcs: map[string]engine.Func{}, code: map[string][]string{}, plugins: map[string][]string{}, asks: map[int64]chan answer{}, types: value.New(opts.Table)}
	it.hub = widget.NewHub(page{it, nil})
	if opts.NoFrontEnd == nil { // else widgets are shown as they are
		it.opts.Viewers = append([]display.Viewer{it.hub.View}, opts.Viewers...)
	}
	it.stopPtr, it.wake = &it.stop, make(chan struct{})
	debug.SetMaxStack(stackMost)
	it.pure = &pure.Funcs{Stop: it.stopPtr, Halt: it.halt}
	it.yaegi = interp.New(interp.Options{
		Stdin:        input{it},
		Stdout:       it.stdout(),
		Stderr:       panicLines{it.stderr()},
		Unrestricted: true,
	})
	// What stands in for a compiled function comes last, and apart: yaegi puts its own fmt, log and
	// os in place whenever it is given a table with fmt, with what it has by then as map types.
	ours := it.runtime()
	for _, table := range []map[string]map[string]reflect.Value{opts.Table, ours} {
		if err := it.yaegi.Use(table); err != nil {
			return nil, fmt.Errorf("load the packages of cells: %w", err)
		}
	}
	return it, nil
}

// usualGrace is Options.Grace when it is not set.
const usualGrace = 150 * time.Millisecond

// Run executes p and returns when it has ended, or when it was interrupted and did not end in
// time: then its goroutine is left to end at its next poll.
func (it *Interp) Run(p *engine.Program) *engine.Failure {
	r := &Run{interp: it, id: p.Run, cell: p.Name, code: strings.Split(p.Code, "\n"), parent: p.Parent, allowInput: p.AllowInput, interrupted: make(chan struct{})}
	it.mu.Lock()
	if len(p.Funcs) > 0 || strings.Contains(p.Code, "func") { // else no traceback tells of it later
		it.code[p.Name] = r.code
	}
	if p.Source == "" && !p.Turn {
		it.mu.Unlock()
		return nil
	}
	it.active[r] = true
	if !p.Beside {
		it.latest = r
	}
	it.profile.on = p.Profile
	if !it.watching {
		it.watching = true
		go it.watch()
	}
	maps.Copy(it.funcs, p.Funcs)
	it.mu.Unlock()
	done := make(chan *engine.Failure, 1)
	go func() {
		growStack()
		it.labels.set(r)
		r.goroutine.Store(self())
		defer func() {
			f := r.outcome(recover())
			r.refresh()
			it.ended(r) // before anyone learns that it has
			done <- f
		}()
		r.execute(p)
	}()
	select {
	case f := <-done:
		return f
	case <-r.interrupted:
	}
	if f, ok := engine.Within(done, cmp.Or(it.opts.Grace, usualGrace)); ok {
		return f
	}
	if exit := r.exited(); exit != nil {
		return exit
	}
	return r.interruption("it still waits, in a compiled function or on a channel, and will end when that is over")
}

// Interrupt ends an active run. Compiled packages cannot tell whose work they do: they are told to end it
// when no other run goes on.
func (it *Interp) Interrupt(run int64) {
	it.mu.Lock()
	defer it.mu.Unlock()
	found, alone := false, true
	for r := range it.active {
		if r.id == run {
			found = true
			r.interrupt()
			it.raise()
		}
		alone = alone && r.stopping()
	}
	if found && alone && it.opts.Interrupt != nil {
		it.opts.Interrupt()
	}
}

// interruptRun ends one run.
func (it *Interp) interruptRun(r *Run) {
	it.mu.Lock()
	defer it.mu.Unlock()
	r.interrupt()
	it.raise()
}

// raise has everybody look whether it shall end; it.mu is held.
func (it *Interp) raise() {
	it.stop = true
	woken := it.wake
	it.wake = make(chan struct{})
	close(woken)
}

// ended takes a run off the list.
func (it *Interp) ended(r *Run) {
	it.mu.Lock()
	defer it.mu.Unlock()
	delete(it.active, r)
	it.lower()
}

// lower takes the stop flag down, unless a run that shall end has not; it.mu is held.
func (it *Interp) lower() {
	it.overflow = false
	for r := range it.active {
		if r.stopping() {
			return
		}
	}
	it.stop = false
}
