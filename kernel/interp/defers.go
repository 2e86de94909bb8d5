package interp

import (
	"bytes"
	"runtime"
	"strconv"
	"sync"
)

// Defers runs the body of a function of a cell and then what the body has deferred. It stands in for
// the interpreter's own defer, which takes the arguments when the call runs, mixes up the variables
// of loops, and locks the function's frame meanwhile: a deferred call of a closure that the function
// made never returns.
type Defers struct {
	interp    *Interp
	calls     []func()
	panicking bool
	value     any
}

// Add defers a call.
func (d *Defers) Add(call func()) { d.calls = append(d.calls, call) }

// Run runs body and the calls that it deferred, the last first, also when it panics or its goroutine
// ends. A panic that nothing recovers goes on.
func (d *Defers) Run(body func()) {
	defer d.unwind()
	body()
}

func (d *Defers) unwind() {
	d.caught(recover())
	for len(d.calls) > 0 {
		call := d.calls[len(d.calls)-1]
		d.calls = d.calls[:len(d.calls)-1]
		d.call(call)
	}
	if d.panicking {
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
func (d *Defers) call(f func()) {
	if d.panicking {
		defer d.interp.unwinding.push(d)()
	}
	defer func() { d.caught(recover()) }()
	f()
}

// recover is the builtin: it ends the panic that the calling goroutine is unwinding and gives its
// value, nil when there is none.
func (it *Interp) recover() any {
	d := it.unwinding.top()
	if d == nil || !d.panicking {
		return nil
	}
	d.panicking = false
	v := plainPanic(d.value)
	d.value = nil
	return v
}

// unwindings are the functions that run deferred calls after a panic, by goroutine. Goroutines are
// told apart by their number, which is slow to find out, but only panics ask.
type unwindings struct {
	mu    sync.Mutex
	stack map[int64][]*Defers
}

func (u *unwindings) push(d *Defers) (pop func()) {
	g := goroutine()
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.stack == nil {
		u.stack = map[int64][]*Defers{}
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
	s := u.stack[goroutine()]
	if len(s) == 0 {
		return nil
	}
	return s[len(s)-1]
}

// goroutine gives the number of the calling goroutine, which the runtime tells only in traces.
func goroutine() int64 {
	var buf [32]byte
	text := bytes.TrimPrefix(buf[:runtime.Stack(buf[:], false)], []byte("goroutine "))
	number, _, _ := bytes.Cut(text, []byte(" "))
	n, err := strconv.ParseInt(string(number), 10, 64)
	if err != nil {
		panic("no number in " + string(buf[:])) // the runtime has written it so since Go 1.0
	}
	return n
}

// goroutines of a cell start here: a panic in one is reported and ends nothing else.
func (it *Interp) start(f func()) {
	go func() {
		defer func() {
			if v := recover(); v != nil {
				it.crashed(v)
			}
		}()
		f()
	}()
}
