package kernel

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"gofive/kernel/engine"
	"gofive/kernel/msg"
)

// nativeAuto is %native: functions in which cells spend their time are built beside the cells and are
// native from the next cell on.
var nativeAuto = magic{name: "native", args: "auto|off|status", help: "build functions that take long with the Go compiler, beside the cells", run: func(x *execution, args string) *msg.Failed {
	switch args {
	case "auto":
		x.k.auto.turn(true)
	case "off":
		x.k.auto.turn(false)
	case "status":
		x.out.Stream("stdout", []byte(x.k.auto.status()))
	default:
		return magicFailure("%%native wants auto, off or status")
	}
	return nil
}}

// auto is what %native auto has found.
type auto struct {
	mu    sync.Mutex
	on    bool
	ready []engine.Func // built, and not used yet
	told  []string      // what status says of each function
}

func (a *auto) turn(on bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.on = on
}

func (a *auto) isOn() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.on
}

// clear forgets all functions: the engine has lost them.
func (a *auto) clear() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.ready, a.told = nil, nil
}

// tell notes what became of a function.
func (a *auto) tell(format string, args ...any) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.told = append(a.told, fmt.Sprintf(format, args...))
}

// add notes that a function has been built.
func (a *auto) add(f engine.Func) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.ready = append(a.ready, f)
}

// take gives the functions that have been built since it was last called.
func (a *auto) take() []engine.Func {
	a.mu.Lock()
	defer a.mu.Unlock()
	ready := a.ready
	a.ready = nil
	return ready
}

func (a *auto) status() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	state := "off"
	if a.on {
		state = fmt.Sprintf("on: functions that take %v are built", engine.HotTime)
	}
	return strings.Join(slices.Insert(slices.Clone(a.told), 0, "native auto is "+state), "\n") + "\n"
}

// warm builds a function in which cells have spent a while. The next cell finds it built.
func (k *Kernel) warm(f engine.Func) {
	source, err := k.front.Hot(f)
	if err != nil {
		k.auto.tell("%v", err)
		return
	}
	ctx, cancel := k.untilStopped()
	defer cancel()
	built, err := k.native.Build(ctx, source.Source, source.Imports)
	if err != nil {
		k.auto.tell("%s (%s) cannot be built: %v", f.Name, f.Cell, err)
		return
	}
	k.auto.tell("%s (%s) was built in %v", f.Name, f.Cell, built.Took.Round(10*time.Millisecond))
	k.auto.add(f)
}

// adopt makes the functions native that have been built beside the cells before this one.
func (x *execution) adopt() {
	if !x.k.auto.isOn() {
		return
	}
	for _, f := range x.k.auto.take() {
		x.adoptOne(f)
	}
}

func (x *execution) adoptOne(f engine.Func) {
	r := &run{request: x.request, out: x.out, quiet: true}
	defer x.inOrder(r)()
	p, err := x.k.front.Adopt(f)
	if err != nil {
		return // it is another by now
	}
	r.name = p.Name
	if failed := x.run(x.request.ctx, p, r, false); failed != nil {
		x.k.auto.tell("%s (%s) stays interpreted: %v", f.Name, f.Cell, failed)
		return
	}
	x.out.Stream("stderr", fmt.Appendf(nil, "native auto: %s (%s) took more than %v and is compiled from now on\n", f.Name, f.Cell, engine.HotTime))
}
