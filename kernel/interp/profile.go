package interp

import (
	"strings"
	"time"

	"gofive/kernel/engine"
)

// profile is the time that cells spend in their functions, by sampling: while it is on, the stop flag
// goes up with every look of the watch, and the function that polls next has had the time since the
// last look. That costs nothing where no flag is up. A function without loops and calls has no poll:
// its time counts for its caller.
type profile struct {
	on     bool
	wanted bool // the next poll is a sample
	spent  map[engine.Func]time.Duration
}

// raiseSample asks for a sample; it.mu is held.
func (it *Interp) raiseSample() {
	if it.profile.on {
		it.profile.wanted, it.stop = true, true
	}
}

// sample takes the sample that is wanted, if one is, in the function that has this key in
// Program.Funcs. What function literals take counts for the function around them.
func (it *Interp) sample(id string) {
	it.mu.Lock()
	p := &it.profile
	wanted := p.wanted
	p.wanted = false
	f, named := it.funcs[id]
	if !wanted || !named {
		it.mu.Unlock()
		return
	}
	name, _, _ := strings.Cut(f.Name, ".func")
	f = engine.Func{Name: name, Cell: f.Cell}
	if p.spent == nil {
		p.spent = map[engine.Func]time.Duration{}
	}
	before := p.spent[f]
	after := before + stackWatch
	p.spent[f] = after
	it.mu.Unlock()
	if before < engine.HotTime && after >= engine.HotTime {
		it.opts.Emit(engine.Event{Kind: engine.Hot, Run: it.runID(), Func: f})
	}
}
