package interp

import (
	"reflect"
	"strconv"
	"strings"

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

// interact is widget.Interact, which fails the cell where nobody can change a widget.
func (it *Interp) interact(f any, inputs ...widget.Widget) {
	if err := it.opts.NoFrontEnd; err != nil {
		panic(err.Error())
	}
	it.hub.Interact(f, inputs...)
}

// openComm is widget.OpenComm.
func (it *Interp) openComm(target string, data any, buffers ...[]byte) (*widget.Comm, error) {
	if err := it.opts.NoFrontEnd; err != nil {
		return nil, err
	}
	return it.hub.OpenComm(target, data, buffers...)
}

// deliver hands a message of a front end to what has opened its comm.
func (it *Interp) deliver(run int64, m *engine.CommMessage) engine.Delivery {
	if it.opts.Comm != nil && it.opts.Comm(run, m) {
		return engine.Delivery{Known: true}
	}
	known, turn := it.hub.Deliver(run, widget.Message(*m), func(answer widget.Message) { it.emitComm(run, answer) })
	return engine.Delivery{Known: known, Turn: turn}
}

// Pointers gives the notebook's variables that hold a pointer, by the names that cells have for them: those a
// running cell cannot tear.
func (it *Interp) Pointers() map[string]any {
	it.compile.Lock()
	globals := it.yaegi.Globals()
	it.compile.Unlock()
	out, version := map[string]any{}, map[string]int{}
	for lowered, v := range globals {
		name, seq, _ := strings.Cut(lowered, nameMark)
		n, _ := strconv.Atoi(seq)
		if name == "" || n < version[name] {
			continue // ours, or an older variable of that name
		}
		delete(out, name)
		version[name] = n
		if v = content(v); v.Kind() == reflect.Pointer && !v.IsNil() && compiled(v.Type().Elem()) {
			out[name] = v.Interface()
		}
	}
	return out
}

// nameMark sets a name of a cell apart from its version, as package cell writes it.
const nameMark = "ˑ"
