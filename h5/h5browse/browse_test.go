package h5browse

import (
	"encoding/json"
	"testing"
	"time"
)

// said is something that the browser has said.
type said struct {
	comm    string
	number  int64
	last    bool
	data    map[string]any
	buffers [][]byte
	closed  bool
}

// page is a page with one comm.
type page struct {
	t       *testing.T
	b       *Browser
	inbox   chan said
	next    int64
	hello   map[string]any
	backlog []said
}

// newPage opens a comm. The options say what a test wants otherwise.
func newPage(t *testing.T, o Options) *page {
	p := &page{t: t, inbox: make(chan said, 4096)}
	o.Send = func(comm string, number int64, last bool, data json.RawMessage, buffers [][]byte) {
		s := said{comm: comm, number: number, last: last, buffers: buffers}
		if data != nil {
			if err := json.Unmarshal(data, &s.data); err != nil {
				t.Errorf("said %s: %v", data, err)
			}
		}
		p.inbox <- s
	}
	o.Close = func(comm string) { p.inbox <- said{comm: comm, closed: true} }
	p.b = New(o)
	p.b.Open("c", json.RawMessage(`{"v":1,"client":"test"}`), false)
	p.hello = p.wait("hello", func(s said) bool { return s.data["event"] == "hello" }).data
	t.Cleanup(func() { p.b.Shut("c") })
	return p
}

// wait gives the next thing that fits.
func (p *page) wait(what string, fits func(said) bool) said {
	p.t.Helper()
	for i, s := range p.backlog {
		if fits(s) {
			p.backlog = append(p.backlog[:i], p.backlog[i+1:]...)
			return s
		}
	}
	late := time.After(20 * time.Second)
	for {
		select {
		case s := <-p.inbox:
			if fits(s) {
				return s
			}
			p.backlog = append(p.backlog, s)
		case <-late:
			p.t.Fatalf("no %s; what came: %v", what, p.backlog)
		}
	}
}

// ask sends a request, with v and id.
func (p *page) ask(fields map[string]any) int64 {
	p.next++
	fields["v"], fields["id"] = 1, p.next
	raw, err := json.Marshal(fields)
	if err != nil {
		p.t.Fatal(err)
	}
	if !p.b.Request("c", p.next, raw) {
		p.t.Fatal("the comm is not open")
	}
	return p.next
}

// answer waits for the answer to a request.
func (p *page) answer(id int64) said {
	p.t.Helper()
	return p.wait("answer", func(s said) bool { return s.data["id"] == float64(id) && s.data["ok"] != nil })
}

// do asks and waits; the answer must be well.
func (p *page) do(fields map[string]any) said {
	p.t.Helper()
	s := p.answer(p.ask(fields))
	for {
		e, _ := s.data["error"].(map[string]any)
		if e["kind"] != "busy" {
			break
		}
		time.Sleep(time.Duration(e["retry_ms"].(float64)) * time.Millisecond) // as pages do
		s = p.answer(p.ask(fields))
	}
	if s.data["ok"] != true {
		p.t.Fatalf("%v: %v", fields, s.data["error"])
	}
	return s
}

// fails asks, and gives the kind of the error.
func (p *page) fails(fields map[string]any) string {
	p.t.Helper()
	s := p.answer(p.ask(fields))
	e, _ := s.data["error"].(map[string]any)
	kind, _ := e["kind"].(string)
	if s.data["ok"] != false || e["message"] == "" {
		p.t.Errorf("%v: %v", fields, s.data)
	}
	return kind
}
