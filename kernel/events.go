package kernel

import (
	"fmt"

	"gofive/kernel/engine"
	"gofive/kernel/msg"
)

// handle publishes an event of the engine in the cell that caused it. It is the engine's handler:
// called in order, one event at a time, and it waits while more is queued than clients take.
func (k *Kernel) handle(ev engine.Event) {
	r, ended := k.runs.find(ev.Run)
	if ev.Kind == engine.Lost {
		k.lost(ev, r, ended)
		return
	}
	if ev.Kind == engine.Comm && ev.Beside {
		k.browsed(ev)
		return
	}
	if r == nil {
		k.log.Log("engine", fmt.Sprintf("event before the first cell: %s", ev.Text))
		return
	}
	switch ev.Kind {
	case engine.Stream:
		r.out.Stream(ev.Stream, ev.Text)
	case engine.Display:
		r.out.Display(ev.Data, ev.Metadata, ev.DisplayID)
	case engine.Update:
		r.out.Update(ev.Data, ev.Metadata, ev.DisplayID)
	case engine.Clear:
		r.out.Clear(ev.Wait)
	case engine.Result:
		k.result(r, ev)
	case engine.Loaded:
		r.loaded()
	case engine.Hot:
		go k.warm(ev.Func)
	case engine.Comm:
		k.publishComm(r, ev.Comm)
	case engine.Errand:
		go k.call(r, ended, ev)
	case engine.Input:
		k.ask(r, ended, ev)
	default:
		k.log.Log("engine", fmt.Sprintf("unknown event %d", ev.Kind))
	}
}

// result shows the value of a cell, or keeps that of a user expression.
func (k *Kernel) result(r *run, ev engine.Event) {
	if r.result != nil {
		r.result(ev)
		return
	}
	r.out.Result(ev.Data, ev.Metadata)
}

// lost tells the front end that all variables are gone. A cell that runs fails and says it
// itself; otherwise the last one tells.
func (k *Kernel) lost(ev engine.Event, last *run, ended bool) {
	name := ""
	var parent msg.Header
	if last != nil {
		name, parent = last.name, last.out.parent
	}
	k.forget(name, parent)
	k.log.Log("engine", string(ev.Text))
	if last != nil && ended {
		last.out.Stream("stderr", fmt.Appendf(nil, "gofive: %s. All variables, types and functions are lost; a new engine runs the next cell, and %%replay defines types and functions again.\n", ev.Text))
	}
}

// forget forgets what cells have made: the engine that had it ended while, or after, the named cell ran,
// which parent asked for.
func (k *Kernel) forget(name string, parent msg.Header) {
	k.closeComms(parent)
	k.browsersLost()
	k.front.Lost(name)
	k.ran.lose()
	k.auto.clear()
}
