package interp

import (
	"runtime"
	"slices"
	"strings"
	"sync"
)

// Defers runs the body of a function of a cell and then what the body has deferred. It stands in for
// the interpreter's own defer, which takes the arguments when the call runs, mixes up the variables
// of loops, and locks the function's frame meanwhile: a deferred call of a closure that the function
// made never returns.
type Defers struct {
	interp    *Interp
	line      *int // where the function keeps its line, nil when it does not
	calls     []deferred
	current   deferred // that runs now
	panicking bool
	value     any
}

// deferred is a function to call at the end. Wraps says that it does nothing but make the call that
// the cell has deferred.
type deferred struct {
	run   func()
	wraps bool
}

// Add defers a function.
func (d *Defers) Add(f func()) { d.calls = append(d.calls, deferred{f, false}) }

// AddCall defers the call that f makes.
func (d *Defers) AddCall(f func()) { d.calls = append(d.calls, deferred{f, true}) }

// Run runs body and the calls that it deferred, the last first, also when it panics or its goroutine
// ends. A panic that nothing recovers goes on.
func (d *Defers) Run(body func()) {
	defer d.unwind()
	body()
}

func (d *Defers) unwind() {
	d.caught(recover())
	d.callAll()
}

// callAll runs the deferred calls. One that ends its goroutine ends the panic too, and the others run
// nevertheless.
func (d *Defers) callAll() {
	returned := false
	defer func() {
		if !returned {
			d.panicking, d.value = false, nil
			d.callAll()
		}
	}()
	for len(d.calls) > 0 {
		call := d.calls[len(d.calls)-1]
		d.calls = d.calls[:len(d.calls)-1]
		d.call(call)
	}
	returned = true
	if d.panicking {
		d.interp.slots.put(d.line)
		panic(d.value)
	}
}

// caught notes a panic, which takes the place of an earlier one.
func (d *Defers) caught(v any) {
	if v != nil {
		d.panicking, d.value = true, v
	}
}

// call runs one deferred call; recover in it finds d.
func (d *Defers) call(f deferred) {
	d.current = f
	if d.panicking || d.interp.unwinding.top() != nil {
		defer d.interp.unwinding.push(d)()
	}
	t := d.interp.traces.take()
	panicked, was := d.panicking, plainPanic(d.value)
	defer func() {
		v := recover()
		if v != nil && panicked {
			d.interp.traces.follows(append(t.before, thrown{value: was, recovered: !d.panicking}))
		}
		d.caught(v)
		switch {
		case v != nil && t.line > 0: // the function around has still to be left
			d.interp.traces.goOn(t.line)
		case v == nil && d.panicking:
			d.interp.traces.set(t)
		}
	}()
	f.run()
}

// recover is the builtin: called by a deferred function itself it ends the panic that the goroutine is
// unwinding and gives its value, nil when there is none.
func (it *Interp) recover() any {
	d := it.unwinding.top()
	if d == nil || !d.panicking || !d.callsRecover() {
		return nil
	}
	d.panicking = false
	v := plainPanic(d.value)
	d.value = nil
	return v
}

// callsRecover reports whether the deferred function itself has called what calls callsRecover, and not
// a function that it has called. Each function of cells that runs is one runCfg of yaegi; the body of
// one that defers calls itself is another. A compiled function between them has been called too.
func (d *Defers) callsRecover() bool {
	var pcs [128]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])])
	depth := 0
	for more := true; more; {
		var f runtime.Frame
		f, more = frames.Next()
		pkg, name := splitFunction(f.Function)
		switch name {
		case "runCfg":
			depth++
		case "(*Defers).Run":
			depth--
		case "(*Defers).call":
			more = false
		default:
			if !slices.Contains(callingPackages, pkg) {
				return false
			}
		}
	}
	if d.current.wraps {
		depth--
	}
	return depth == 1
}

// callingPackages are those by which one function of a cell calls another.
var callingPackages = []string{"github.com/traefik/yaegi/interp", "reflect", "runtime", "gofive/kernel/interp", "gofive/kernel/value"}

// splitFunction cuts the name of a function, as package runtime gives it, behind its package.
func splitFunction(full string) (pkg, name string) {
	slash := strings.LastIndexByte(full, '/') + 1
	pkg, name, _ = strings.Cut(full[slash:], ".")
	return full[:slash] + pkg, name
}

// unwindings are the functions that run deferred calls after a panic, by goroutine.
type unwindings struct {
	mu    sync.Mutex
	stack map[uintptr][]*Defers
}

func (u *unwindings) push(d *Defers) (pop func()) {
	g := self()
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.stack == nil {
		u.stack = map[uintptr][]*Defers{}
	}
	u.stack[g] = append(u.stack[g], d)
	return func() {
		u.mu.Lock()
		defer u.mu.Unlock()
		u.stack[g] = u.stack[g][:len(u.stack[g])-1]
		if len(u.stack[g]) == 0 {
			delete(u.stack, g)
		}
	}
}

func (u *unwindings) top() *Defers {
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.stack) == 0 {
		return nil
	}
	s := u.stack[self()]
	if len(s) == 0 {
		return nil
	}
	return s[len(s)-1]
}
