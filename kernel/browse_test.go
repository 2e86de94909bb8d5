package kernel_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"gofive/kernel"
	"gofive/kernel/engine"
	"gofive/kernel/kerneltest"
	"gofive/kernel/msg"
)

// page is a page's comm to a kernel in memory.
type page struct {
	*kerneltest.System
	id   string
	open string // the message that opened it
}

// openPage opens a comm.
func openPage(s *kerneltest.System, id string) *page {
	p := &page{System: s, id: id}
	p.open = p.send("comm_open", `{"comm_id":"`+id+`","target_name":"gofive.hdf5","data":{"v":1}}`)
	p.event("hello")
	return p
}

func (p *page) send(kind, content string) string {
	return p.SendMessage(kernel.Shell, &msg.Message{Header: p.Header(kind), Content: []byte(content)})
}

// ask sends a request.
func (p *page) ask(data string) string {
	return p.send("comm_msg", `{"comm_id":"`+p.id+`","data":`+data+`}`)
}

// data reads what was said on the comm, nil for another message.
func (p *page) data(m *msg.Message) map[string]any {
	var content struct {
		ID   string         `json:"comm_id"`
		Data map[string]any `json:"data"`
	}
	if m.Header.Type != "comm_msg" || json.Unmarshal(m.Content, &content) != nil || content.ID != p.id {
		return nil
	}
	return content.Data
}

// event waits for an event; its parent is the message that opened the comm.
func (p *page) event(name string) map[string]any {
	a := p.Next("event "+name, func(a kerneltest.Arrival) bool {
		d := p.data(a.Message)
		return d != nil && d["event"] == name && a.Parent.ID == p.open
	})
	return p.data(a.Message)
}

// answer waits for the answer to a request, whose parent that is.
func (p *page) answer(request string) map[string]any {
	a := p.Next("answer to "+request, func(a kerneltest.Arrival) bool {
		d := p.data(a.Message)
		return d != nil && d["ok"] != nil && a.Parent.ID == request
	})
	return p.data(a.Message)
}

func kindOf(answer map[string]any) string {
	e, _ := answer["error"].(map[string]any)
	return fmt.Sprint(e["kind"])
}

func TestBrowse(t *testing.T) {
	s := kerneltest.Start(t, nil)
	p := openPage(s, "page1")
	if got := p.answer(p.ask(`{"v":1,"id":1,"op":"echo"}`)); got["ok"] != true {
		t.Errorf("got %v", got)
	}
	running := s.Send(kernel.Shell, "execute_request", kerneltest.Code("hold"))
	s.NextType("execute_input", running)
	asked := p.ask(`{"v":1,"id":2,"op":"echo"}`)
	if got := p.answer(asked); got["ok"] != true {
		t.Errorf("beside a cell: got %v", got)
	}
	s.UntilIdle(asked) // its own busy and idle
	s.Engine.Release()
	s.Wait(running)
	info := s.Do(kernel.Shell, "comm_info_request", rawJSON(`{"target_name":"gofive.hdf5"}`))
	if got := fmt.Sprint(info.Get("comms")); got != "map[page1:map[target_name:gofive.hdf5]]" {
		t.Errorf("comms: %s", got)
	}
	p.send("comm_close", `{"comm_id":"page1","data":{}}`)
	if got := say(s, "comm_msg", `{"comm_id":"page1","data":{"v":1,"id":3,"op":"echo"}}`).Types(); got != "busy comm_close idle" {
		t.Errorf("after its end: %s", got)
	}
}

// When the engine is lost, what was asked is answered, pages are told, and their comms are open in the next engine.
// TestBrowseForgottenSubshell asks as JupyterLab does when a kernel has restarted: in a subshell that was the kernel's
// before.
func TestBrowseForgottenSubshell(t *testing.T) {
	s := kerneltest.Start(t, nil)
	p := openPage(s, "page1")
	asked := sendIn(s.Client, "gone", "comm_msg", json.RawMessage(`{"comm_id":"page1","data":{"v":1,"id":1,"op":"echo"}}`))
	if got := p.answer(asked); got["ok"] != true {
		t.Errorf("got %v", got)
	}
}

func TestBrowseLostEngine(t *testing.T) {
	s := kerneltest.Start(t, nil)
	p, q := openPage(s, "page1"), openPage(s, "page2")
	waits := p.ask(`{"v":1,"id":7,"op":"slow"}`)
	s.UntilIdle(waits)
	s.Execute("die")
	if got := p.answer(waits); kindOf(got) != "engine-lost" || got["id"] != 7.0 {
		t.Errorf("what waited: %v", got)
	}
	for _, x := range []*page{p, q} {
		if got := x.event("engine"); got["state"] != "restarted" {
			t.Errorf("event: %v", got)
		}
		x.event("files")
		if got := x.answer(x.ask(`{"v":1,"id":8,"op":"echo"}`)); got["ok"] != true {
			t.Errorf("in the next engine: %v", got)
		}
	}
}

func TestBrowseClusters(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	s := kerneltest.Start(t, nil)
	p := openPage(s, "page1")
	got := p.answer(p.ask(`{"v":1,"id":1,"op":"clusters"}`))
	if _, ok := got["clusters"].([]any); got["ok"] != true || !ok {
		t.Errorf("clusters: %v", got)
	}
	for _, tt := range []struct{ data, kind string }{
		{`{"v":1,"id":2,"op":"cluster"}`, "not-found"},
		{`{"v":1,"id":3,"op":"stop","cluster":"c9"}`, "not-found"},
		{`{"v":1,"id":4,"op":"interrupt"}`, "not-found"},
		{`{"v":1,"id":5,"op":"restart"}`, "not-found"},
		{`{"v":1,"id":6,"op":"start"}`, "bad-request"},
		{`{"v":1,"id":7,"op":"start","ranks":-1}`, "bad-request"},
		{`{"v":1,"id":8,"op":"start","ranks":2,"launcher":"rm -rf"}`, "bad-request"},
		{`{"v":1,"id":9,"op":"start","ranks":"many"}`, "bad-request"},
		{`{"v":2,"id":10,"op":"clusters"}`, "bad-request"},
		{`{"v":1,"id":11,"op":"start","ranks":2}`, "io"}, // this kernel has no engines for ranks
	} {
		if got := p.answer(p.ask(tt.data)); kindOf(got) != tt.kind {
			t.Errorf("%s: got %v, want %s", tt.data, got, tt.kind)
		}
	}
}

// slowEngine takes requests of pages only when told to.
type slowEngine struct {
	*kerneltest.Engine
	came chan string   // the data of each
	take chan struct{} // closed when they are taken
}

func (e *slowEngine) Ask(ctx context.Context, q *engine.Question) (engine.Knowledge, error) {
	if q.Comm != nil && q.Comm.Kind == "comm_msg" {
		e.came <- string(q.Comm.Data)
		select {
		case <-e.take:
		case <-ctx.Done():
			return engine.Knowledge{}, ctx.Err()
		}
	}
	return e.Engine.Ask(ctx, q)
}

// A request that an engine is slow to take is given to it once, and answered.
func TestBrowseSlowEngine(t *testing.T) {
	slow := &slowEngine{came: make(chan string, 10), take: make(chan struct{})}
	s := kerneltest.Start(t, func(o *kernel.Options) {
		o.StartEngine = func(engine.Handler) engine.Engine { return slow }
	})
	slow.Engine = s.Engine
	p := openPage(s, "page1")
	asked := p.ask(`{"v":1,"id":1,"op":"echo"}`)
	s.UntilIdle(asked) // the kernel waits no longer for it to be taken
	close(slow.take)
	if got := p.answer(asked); got["ok"] != true {
		t.Errorf("got %v", got)
	}
	if n := len(slow.came); n != 1 {
		t.Errorf("the request came %d times", n)
	}
}
