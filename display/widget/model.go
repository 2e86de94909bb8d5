package widget

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"gofive/display"
)

// What widgets say to each other over comms is Jupyter's widget messaging protocol, 2.1:
// https://github.com/jupyter-widgets/ipywidgets/blob/main/packages/schema/messages.md. The names and fields
// of the models are those of jupyterwidgetmodels.latest.md beside it.
const (
	modelTarget     = "jupyter.widget"
	controlTarget   = "jupyter.widget.control"
	protocolVersion = "2.1.0"
	viewType        = "application/vnd.jupyter.widget-view+json"

	base     = "@jupyter-widgets/base"
	controls = "@jupyter-widgets/controls"
	outputs  = "@jupyter-widgets/output"
)

// versions are those of the JavaScript modules that the models are of.
var versions = map[string]string{base: "2.0.0", controls: "2.0.0", outputs: "1.0.0"}

// Model is a widget as front ends know it: a state that both sides keep alike.
type Model struct {
	mu       sync.Mutex
	state    map[string]any
	parts    map[string]*Model // of the state: layout, style
	children []*Model
	comm     *Comm // nil before it is shown

	line     func() string                       // name and value, where nothing draws the widget; nil for nothing
	value    func() any                          // nil when it has none
	take     func(key string, v any) (any, bool) // takes what the front end sets; mu is held
	watchers []func()                            // to be called when the value has changed
	stale    bool                                // and they have not been since it has
	clicked  func()
}

// newModel gives the model of a widget of one of the modules: "FloatSlider" of controls.
func newModel(module, name string, state map[string]any) *Model {
	m := &Model{state: map[string]any{
		"_model_module": module, "_model_module_version": versions[module], "_model_name": name + "Model",
		"_view_module": module, "_view_module_version": versions[module], "_view_name": name + "View",
	}, parts: map[string]*Model{}}
	maps.Copy(m.state, state)
	return m
}

// newControl gives a model with a layout, and a style of the kind unless that is "".
func newControl(name, style string, state map[string]any) *Model {
	m := newModel(controls, name, state)
	m.parts["layout"] = newLayout()
	if style != "" {
		s := newModel(controls, style+"Style", nil)
		s.state["_view_module"], s.state["_view_module_version"], s.state["_view_name"] = base, versions[base], "StyleView"
		m.parts["style"] = s
	}
	return m
}

func newLayout() *Model { return newModel(base, "Layout", nil) }

// Model lets a model be a Widget itself.
func (m *Model) Model() *Model { return m }

// open opens the comms of a model that has none, those of its parts before, which its state names.
func (m *Model) open(h *Hub) {
	for _, p := range m.parts {
		p.open(h)
	}
	for _, c := range m.children {
		c.open(h)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.comm != nil {
		return
	}
	for key, p := range m.parts {
		m.state[key] = reference(p)
	}
	if m.children != nil {
		list := []string{}
		for _, c := range m.children {
			list = append(list, reference(c))
		}
		m.state["children"] = list
	}
	c := h.add(rand.Text())
	c.receive, c.model, m.comm = m.receive, m, c
	open, err := c.message(Open, map[string]any{"state": m.state, "buffer_paths": []string{}}, nil)
	if err != nil {
		panic(err) // our own state has a JSON form
	}
	open.Target, open.Metadata = modelTarget, json.RawMessage(fmt.Sprintf(`{"version":%q}`, protocolVersion))
	h.send(open)
}

// reference is how a state names another model.
func reference(m *Model) string { return "IPY_MODEL_" + m.id() }

func (m *Model) id() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.comm.id
}

// put changes the state, in front ends too.
func (m *Model) put(key string, v any) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.set(key, v)
}

// set is put for who holds m.mu.
func (m *Model) set(key string, v any) {
	m.state[key] = v
	if m.comm != nil {
		m.comm.hub.send(m.update("update", map[string]any{key: v}))
	}
}

// update makes a message that changes the state of the model in front ends.
func (m *Model) update(method string, state map[string]any) Message {
	u, err := m.comm.message(Said, map[string]any{"method": method, "state": state, "buffer_paths": []string{}}, nil)
	if err != nil {
		panic(err) // what came as JSON, or is our own
	}
	return u
}

// request is what a front end says to a model.
type request struct {
	Method  string         `json:"method"`
	State   map[string]any `json:"state"`
	Content struct {
		Event string `json:"event"`
	} `json:"content"`
}

// receive takes what the front end says, and gives the call that it asks for. A value that changes again
// before the call is made is told once: the newest counts.
func (m *Model) receive(said Message, answer func(Message)) func() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if said.Kind == Gone {
		m.comm = nil
		return nil
	}
	var r request
	if json.Unmarshal(said.Data, &r) != nil {
		return nil
	}
	switch r.Method {
	case "request_state":
		answer(m.update("update", m.state))
	case "custom":
		if r.Content.Event == "click" {
			return m.clicked
		}
	case "update":
		answer(m.update("echo_update", m.takeAll(r.State)))
		if m.stale && len(m.watchers) > 0 {
			return m.tell
		}
	}
	return nil
}

// takeAll sets what the front end has changed, and gives what is to be said of it to all.
func (m *Model) takeAll(state map[string]any) map[string]any {
	echo := map[string]any{}
	for key, v := range state {
		if m.take != nil {
			if kept, ok := m.take(key, v); ok {
				v = kept
			}
		}
		m.state[key] = v
		if key != "outputs" { // may be large, and are the front end's own
			echo[key] = v
		}
	}
	return echo
}

// watch has f called when the value has changed.
func (m *Model) watch(f func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.watchers = append(m.watchers, f)
}

// tell calls who watches, once for all changes so far.
func (m *Model) tell() {
	m.mu.Lock()
	var watchers []func()
	if m.stale {
		watchers = slices.Clone(m.watchers)
	}
	m.stale = false
	m.mu.Unlock()
	for _, f := range watchers {
		f()
	}
}

// control answers on the comm by which a front end asks for the state of all widgets at once.
func (h *Hub) control(said Message, answer func(Message)) func() {
	var r request
	if json.Unmarshal(said.Data, &r) != nil || r.Method != "request_states" {
		return nil
	}
	h.mu.Lock()
	all := maps.Clone(h.comms)
	h.mu.Unlock()
	states := map[string]any{}
	for id, c := range all {
		if c.model != nil {
			states[id] = c.model.described()
		}
	}
	m, err := all[said.ID].message(Said, map[string]any{"method": "update_states", "states": states, "buffer_paths": []string{}}, nil)
	if err != nil {
		panic(err) // our own states have a JSON form
	}
	answer(m)
	return nil
}

// described gives the state with what it is a state of.
func (m *Model) described() map[string]any {
	m.mu.Lock()
	defer m.mu.Unlock()
	return map[string]any{
		"model_name": m.state["_model_name"], "model_module": m.state["_model_module"],
		"model_module_version": m.state["_model_module_version"], "state": maps.Clone(m.state),
	}
}

// lines gives names and values, a line each.
func (m *Model) lines() []string {
	var lines []string
	if m.line != nil {
		lines = append(lines, m.line())
	}
	for _, c := range m.children {
		lines = append(lines, c.lines()...)
	}
	return lines
}

// MimeBundle gives names and values, for front ends that draw no widgets.
func (m *Model) MimeBundle() map[string]any {
	var html display.Markup
	html.Open("div")
	lines := m.lines()
	for i, l := range lines {
		if i > 0 {
			html.Open("br")
		}
		html.Text(l)
	}
	html.Close()
	return map[string]any{display.TextPlain: strings.Join(lines, "\n"), display.TextHTML: html.String()}
}

// View is the display.Viewer of widgets in a notebook: it opens their comms.
func (h *Hub) View(v any) (display.Bundle, bool) {
	w, ok := v.(Widget)
	if !ok || h.page == nil {
		return display.Bundle{}, false
	}
	m := w.Model()
	m.open(h)
	b := display.Bundle{Data: m.MimeBundle()}
	if l, ok := v.(*LiveWidget); ok {
		b = display.Bundle{Data: l.MimeBundle(), Metadata: l.MimeMetadata()}
	}
	b.Data[viewType] = map[string]any{"version_major": 2, "version_minor": 0, "model_id": m.id()}
	return b, true
}
