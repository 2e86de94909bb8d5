package tests

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// commMessage is a message over a comm, as a client sees it.
type commMessage struct {
	Kind     string
	ID       string         `json:"comm_id"`
	Target   string         `json:"target_name"`
	Data     map[string]any `json:"data"`
	Metadata map[string]any
	Buffers  []string
}

// say sends a message over a comm and returns its id.
func (k *kernel) say(kind string, content map[string]any, buffers ...string) string {
	k.t.Helper()
	var sent struct{ ID string }
	if buffers == nil {
		buffers = []string{}
	}
	k.ask(&sent, map[string]any{"do": "say", "kind": kind, "content": content, "buffers": buffers})
	return sent.ID
}

// hear gives what a message over a comm has caused.
func (k *kernel) hear(id string) (o outcome) {
	k.t.Helper()
	k.ask(&o, map[string]any{"do": "hear", "id": id, "timeout": 60})
	if o.Failed != "" {
		k.t.Fatalf("%s after a message over a comm", o.Failed)
	}
	return o
}

// comms gives the targets of the open comms, by their ids.
func (k *kernel) comms() map[string]string {
	k.t.Helper()
	var info struct {
		Comms map[string]struct {
			Target string `json:"target_name"`
		}
	}
	k.ask(&info, map[string]any{"do": "comms"})
	targets := map[string]string{}
	for id, c := range info.Comms {
		targets[id] = c.Target
	}
	return targets
}

// widgets are those that a front end has been told of, as it keeps them.
type widgets map[string]map[string]any

// follow takes what was said over comms.
func (w widgets) follow(list []commMessage) {
	for _, m := range list {
		if w[m.ID] == nil {
			w[m.ID] = map[string]any{}
		}
		state, _ := m.Data["state"].(map[string]any)
		for key, v := range state {
			w[m.ID][key] = v
		}
	}
}

// find gives the id of the widget with a description, or of a model.
func (w widgets) find(name string) string {
	for id, state := range w {
		if state["description"] == name || state["_model_name"] == name {
			return id
		}
	}
	return ""
}

// set is what a front end says when somebody has changed a widget.
func (k *kernel) set(id, key string, v any) string {
	return k.say("comm_msg", map[string]any{"comm_id": id, "data": map[string]any{"method": "update", "state": map[string]any{key: v}, "buffer_paths": []any{}}})
}

// TestWidgets shows each widget and changes it as a front end does.
func TestWidgets(t *testing.T) {
	k := startKernel(t, newWorkspace(t), nil, nil)
	w := widgets{}
	for _, test := range []struct {
		name, make, typ, model, text, key string
		to                                any
		heard, value                      string
	}{
		{"float", `widget.Slider("f", 0, 4)`, "float64", "FloatSlider", "f: 2", "value", 3.5, "told 3.5", "3.5"},
		{"out of bounds", `widget.Slider("f2", 0, 4).Step(0.5).At(1)`, "float64", "FloatSlider", "f2: 1", "value", 99, "told 4", "4"},
		{"int", `widget.IntSlider("i", 1, 9)`, "int", "IntSlider", "i: 5", "value", 7, "told 7", "7"},
		{"range", `widget.RangeSlider("r", 0, 1).At(0.25, 0.5)`, "[2]float64", "FloatRangeSlider", "r: [0.25 0.5]", "value", []float64{0.5, 0.75}, "told [0.5 0.75]", "[0.5 0.75]"},
		{"dropdown", `widget.Dropdown("d", "red", "green")`, "string", "Dropdown", "d: red", "index", 1, "told green", "green"},
		{"checkbox", `widget.Checkbox("c", false)`, "bool", "Checkbox", "c: false", "value", true, "told true", "true"},
		{"text", `widget.Text("t", "<a>")`, "string", "Text", "t: <a>", "value", "b", "told b", "b"},
		{"no number", `widget.IntSlider("j", 0, 8)`, "int", "IntSlider", "j: 4", "value", "x", "", "4"},
	} {
		o := k.run("w := " + test.make + "\nw.OnChange(func(v " + test.typ + ") { fmt.Print(\"told \", v) })\nw")
		w.follow(o.Comms)
		if text := o.text(); text != test.text {
			t.Fatalf("%s: shown as %q, want %q\n%s", test.name, text, test.text, o.Traceback)
		}
		view, _ := o.Result["application/vnd.jupyter.widget-view+json"].(map[string]any)
		id, _ := view["model_id"].(string)
		if w[id]["_model_name"] != test.model+"Model" || !strings.HasPrefix(fmt.Sprint(w[id]["layout"]), "IPY_MODEL_") || w[id]["_model_module_version"] != "2.0.0" {
			t.Errorf("%s: the model is %v, want a %s", test.name, w[id], test.model)
		}
		for _, m := range o.Comms {
			if m.Kind != "comm_open" || m.Target != "jupyter.widget" || m.Metadata["version"] != "2.1.0" {
				t.Errorf("%s: said %v", test.name, m)
			}
		}
		o = k.hear(k.set(id, test.key, test.to))
		if o.Stdout != test.heard || len(o.Comms) != 1 || o.Comms[0].Data["method"] != "echo_update" {
			t.Errorf("%s: a change prints %q and says %v, want %q and an echo", test.name, o.Stdout, o.Comms, test.heard)
		}
		k.mustRun("w.Value()", test.value)
		o = k.hear(k.say("comm_msg", map[string]any{"comm_id": id, "data": map[string]any{"method": "request_state"}}))
		w.follow(o.Comms)
		if len(o.Comms) != 1 || o.Comms[0].Data["method"] != "update" || w[id]["_view_name"] != test.model+"View" {
			t.Errorf("%s: asked for its state it says %v", test.name, o.Comms)
		}
	}
	for id, target := range k.comms() {
		if target != "jupyter.widget" || w[id] == nil {
			t.Errorf("comm %s of %s is open, and nobody was told", id, target)
		}
	}
	k.hear(k.say("comm_open", map[string]any{"comm_id": "ctl", "target_name": "jupyter.widget.control", "data": map[string]any{}}))
	o := k.hear(k.say("comm_msg", map[string]any{"comm_id": "ctl", "data": map[string]any{"method": "request_states"}}))
	states, _ := o.Comms[0].Data["states"].(map[string]any)
	if len(states) != len(w) {
		t.Errorf("asked for all states it gives %d, want %d", len(states), len(w))
	}
}

// TestInteract changes the inputs of a function.
func TestInteract(t *testing.T) {
	k := startKernel(t, newWorkspace(t), nil, nil)
	w := widgets{}
	o := k.run("n := 0\nwidget.Interact(func(z float64, m int) string {\n\tn++\n\tfmt.Println(\"z is\", z)\n\tif z > 8 { panic(\"too far\") }\n\treturn fmt.Sprint(z * float64(m))\n}, widget.Slider(\"z\", 0, 10), widget.IntSlider(\"m\", 1, 3))\n\"end\"")
	w.follow(o.Comms)
	if o.text() != "end" || o.Stdout != "z is 5\n" || len(o.Displays) != 2 || o.Displays[0]["text/plain"] != "z: 5\nm: 2" || o.Displays[1]["text/plain"] != "10" {
		t.Fatalf("shows %v, prints %q, ends as %q\n%s", o.Displays, o.Stdout, o.text(), o.Traceback)
	}
	if got := o.Displays[0]["text/html"]; got != "<div>z: 5<br>m: 2</div>" {
		t.Errorf("without widgets the page shows %v", got)
	}
	out, z := w.find("OutputModel"), w.find("z")
	if w[out]["msg_id"] != "" {
		t.Errorf("after the cell output goes to the widget still: %v", w[out])
	}
	change := k.set(z, "value", 2)
	o = k.hear(change)
	w.follow(o.Comms)
	if o.Stdout != "z is 2\n" || len(o.Displays) != 1 || o.Displays[0]["text/plain"] != "4" || !slices.Contains(o.Order, "clear_output") {
		t.Errorf("a change prints %q, shows %v, in order %v", o.Stdout, o.Displays, o.Order)
	}
	if got, want := lent(o, out), fmt.Sprint([]any{change, ""}); got != want {
		t.Errorf("the output goes to %v, want %v: the idle of a change must not", got, want)
	}
	change = k.set(z, "value", 9)
	o = k.hear(change)
	if got, want := lent(o, out), fmt.Sprint([]any{change, ""}); got != want || !slices.Equal(o.Order[len(o.Order)-3:], []string{"error", "comm_msg", "status"}) {
		t.Errorf("the output of a panic goes to %v, want %v and the end behind it: %v", got, want, o.Order)
	}
	if o.Name != "panic" || !strings.Contains(o.Traceback, "too far") || !strings.Contains(o.Traceback, "line 5") {
		t.Errorf("a panic says %s %q", o.Name, o.Traceback)
	}
	if o = k.run("widget.Interact(func(s string) {}, widget.Slider(\"z\", 0, 1))"); !strings.Contains(o.Traceback, "parameter 1 is of type string, and its widget gives a float64") {
		t.Errorf("a wrong parameter: %s", o.Traceback)
	}

	// While a cell runs many changes come, which it can see; the function sees the newest, once.
	w.follow(k.run("n = 0\nstop := widget.Checkbox(\"stop\", false)\nstop").Comms)
	k.send("for !stop.Value() { time.Sleep(time.Millisecond) }\nn")
	var changes []string
	for _, v := range []float64{1, 3, 4} {
		changes = append(changes, k.set(z, "value", v))
	}
	k.set(w.find("stop"), "value", true)
	printed := ""
	for _, id := range changes {
		printed += k.hear(id).Stdout
	}
	if o = k.wait(); o.text() != "0" || printed != "z is 4\n" {
		t.Errorf("beside a cell the function was called %q times and printed %q, want 0 and once with 4", o.text(), printed)
	}
	k.mustRun("n", "1")
}

// TestLive moves the redshift of a spectrum and takes model and sky away and in. The figure stands in the page without widgets too.
func TestLive(t *testing.T) {
	dir := newWorkspace(t)
	k := startKernel(t, dir, nil, nil)
	k.run("err := boss.Sample(\"sample.h5\", boss.SampleOptions{})\ns, err := boss.Spectrum(\"sample.h5\", 3655, 55240, 30)")
	w := widgets{}
	o := k.run("s.Interact()")
	w.follow(o.Comms)
	static := k.run("s.Plot()")
	z, out := w.find("z"), w.find("OutputModel")
	if o.Result["image/png"] == nil || o.Result["image/png"] != static.Result["image/png"] || !strings.HasPrefix(o.text(), "z: 2.37") {
		t.Fatalf("without widgets it is shown as %.200q\n%s", o.text(), o.Traceback)
	}
	view, _ := o.Result["application/vnd.jupyter.widget-view+json"].(map[string]any)
	if id, _ := view["model_id"].(string); w[id]["_model_name"] != "VBoxModel" || !strings.Contains(fmt.Sprint(w[id]["children"]), out) {
		t.Errorf("the view is of %v", w[id])
	}
	seen := []string{w.held(t, out)}
	for _, change := range []struct {
		widget string
		to     any
		text   string
	}{{"z", 1.5, "z set to 1.5"}, {"model", false, "flux"}, {"sky", true, "sky"}} {
		o = k.hear(k.set(w.find(change.widget), "value", change.to))
		w.follow(o.Comms)
		now := w.held(t, out)
		if slices.Contains(seen, now) || !strings.Contains(now, change.text) || len(o.Displays) != 0 {
			t.Errorf("%s set to %v shows %.300q, and %d displays", change.widget, change.to, now, len(o.Displays))
		}
		seen = append(seen, now)
	}
	if strings.Contains(seen[2], "model") || !strings.Contains(seen[1], "model") || strings.Contains(seen[2], "sky") {
		t.Errorf("model and sky are not what the boxes say: %.300q, %.300q", seen[1], seen[2])
	}
	if o = k.hear(k.set(z, "value", 1.5)); strings.Contains(fmt.Sprint(o.Comms), "display_data") {
		t.Errorf("the same value draws again")
	}
}

// held is the text of the result that a place holds.
func (w widgets) held(t *testing.T, out string) string {
	t.Helper()
	list, _ := w[out]["outputs"].([]any)
	if len(list) != 1 {
		t.Fatalf("the place holds %v", list)
	}
	held, _ := list[0].(map[string]any)
	data, _ := held["data"].(map[string]any)
	png, _ := data["image/png"].(string)
	if len(png) < 1000 {
		t.Errorf("there is no picture in the place")
	}
	return fmt.Sprint(data["text/plain"])
}

// lent tells which messages' output went to a widget, and when to none again.
func lent(o outcome, out string) string {
	var to []any
	for _, m := range o.Comms {
		if state, _ := m.Data["state"].(map[string]any); m.ID == out {
			to = append(to, state["msg_id"])
		}
	}
	return fmt.Sprint(to)
}

// TestButtonAndOutput clicks, interrupts what a click does, and fills a place.
func TestButtonAndOutput(t *testing.T) {
	k := startKernel(t, newWorkspace(t), nil, nil)
	w := widgets{}
	w.follow(k.run("out := widget.Output()\nb := widget.Button(\"go\", func() { out.Capture(func() { fmt.Print(\"clicked\") }) })\n" +
		"endless := widget.Button(\"endless\", func() { fmt.Println(\"it runs\"); for {} })\ndisplay.Show(b, out, endless)").Comms)
	click := func(name string) string {
		return k.say("comm_msg", map[string]any{"comm_id": w.find(name), "data": map[string]any{"method": "custom", "content": map[string]any{"event": "click"}}})
	}
	id := click("go")
	o := k.hear(id)
	var follows []any
	for _, m := range o.Comms {
		state, _ := m.Data["state"].(map[string]any)
		follows = append(follows, state["msg_id"])
	}
	if o.Stdout != "clicked" || fmt.Sprint(follows) != fmt.Sprint([]any{id, ""}) {
		t.Errorf("a click prints %q, and the place follows %v", o.Stdout, follows)
	}
	// An interrupt finds what runs, and what waits: that is known when an answer has come to what was said behind it.
	id = click("endless")
	k.untilOf(id, "it runs")
	queued := click("go")
	k.hear(k.say("comm_msg", map[string]any{"comm_id": w.find("go"), "data": map[string]any{"method": "request_state"}}))
	k.interrupt()
	if o = k.hear(id); o.Name != "interrupted" {
		t.Errorf("an endless click ends as %q", o.Name)
	}
	if o = k.hear(queued); o.Stdout != "" {
		t.Errorf("what waits behind an interrupt prints %q", o.Stdout)
	}
	if o = k.hear(click("go")); o.Stdout != "clicked" {
		t.Errorf("the next click prints %q", o.Stdout)
	}
	open := len(k.comms())
	o = k.run("%restart")
	closed := 0
	for _, m := range o.Comms {
		if m.Kind == "comm_close" {
			closed++
		}
	}
	if open == 0 || closed != open || len(k.comms()) != 0 {
		t.Errorf("with the engine %d of %d comms are closed", closed, open)
	}
}

// TestComms opens comms both ways, with buffers.
func TestComms(t *testing.T) {
	k := startKernel(t, newWorkspace(t), nil, nil)
	o := k.run("c := widget.OpenComm(\"front\", map[string]any{\"a\": 1}, []byte(\"raw\"))\nc.OnMessage(func(m widget.Message) {\n\tfmt.Printf(\"%s %s\", m.Data, m.Buffers)\n})")
	if len(o.Comms) != 1 || o.Comms[0].Target != "front" || fmt.Sprint(o.Comms[0].Data, o.Comms[0].Buffers) != "map[a:1] [raw]" {
		t.Fatalf("opens %v\n%s", o.Comms, o.Traceback)
	}
	id := o.Comms[0].ID
	if o = k.hear(k.say("comm_msg", map[string]any{"comm_id": id, "data": map[string]any{"x": 2}}, "b1", "b2")); o.Stdout != `{"x": 2} [b1 b2]` {
		t.Errorf("the cell hears %q", o.Stdout)
	}
	if o = k.run("c.Send([]int{1})"); !strings.Contains(o.Traceback, "data must be a JSON object") {
		t.Errorf("a list is no data: %q", o.Traceback)
	}
	k.run("widget.Listen(\"ours\", func(c *widget.Comm, m widget.Message) {\n\tfmt.Printf(\"%s\", m.Data)\n\tc.Send(map[string]int{\"n\": 3}, m.Buffers...)\n\tc.Close()\n})")
	o = k.hear(k.say("comm_open", map[string]any{"comm_id": "mine", "target_name": "ours", "data": map[string]any{}}, "B"))
	if o.Stdout != "{}" || len(o.Comms) != 2 || fmt.Sprint(o.Comms[0].Data, o.Comms[0].Buffers, o.Comms[1].Kind) != "map[n:3] [B]comm_close" {
		t.Errorf("a comm opened by the front end prints %q and says %v", o.Stdout, o.Comms)
	}
	k.hear(k.say("comm_close", map[string]any{"comm_id": id, "data": map[string]any{}}))
	if open := k.comms(); len(open) != 0 {
		t.Errorf("still open: %v", open)
	}
	if o = k.hear(k.say("comm_msg", map[string]any{"comm_id": id, "data": map[string]any{}})); len(o.Comms) != 1 || o.Comms[0].Kind != "comm_close" {
		t.Errorf("a closed comm answers %v", o.Comms)
	}
}
