package interp

import (
	"gofive/display/widget"
	"gofive/kernel/engine"
)

// Clear is display.Clear.
func (p page) Clear(wait bool) { p.interp.clear(wait) }

// Parent implements widget.Page.
func (p page) Parent() string {
	if r := p.interp.labels.run(); r != nil {
		return r.parent
	}
	return ""
}

// Send implements widget.Page.
func (p page) Send(m widget.Message) { p.interp.emitComm(p.id(), m) }

func (it *Interp) emitComm(run int64, m widget.Message) {
	it.opts.Emit(engine.Event{Kind: engine.Comm, Run: run, Comm: (*engine.CommMessage)(&m)})
}

// deliver hands a message of a front end to what has opened its comm.
func (it *Interp) deliver(run int64, m *engine.CommMessage) engine.Delivery {
	known, turn := it.hub.Deliver(run, widget.Message(*m), func(answer widget.Message) { it.emitComm(run, answer) })
	return engine.Delivery{Known: known, Turn: turn}
}
