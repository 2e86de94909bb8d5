package tests

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	jupyter "gofive/kernel"
	"gofive/kernel/kerneltest"
	"gofive/kernel/msg"
)

// browsing is a page with a comm to a real kernel.
type browsing struct {
	t      *testing.T
	client *kerneltest.Client
	id     string
	last   int
	hello  map[string]any
}

// browse opens a comm.
func browse(t *testing.T, c *kerneltest.Client, id string) *browsing {
	t.Helper()
	p := &browsing{t: t, client: c, id: id}
	c.Send(jupyter.Shell, "comm_open", map[string]any{"comm_id": id, "target_name": "gofive.hdf5", "data": map[string]any{"v": 1, "client": "test"}})
	p.hello = p.event("hello", func(map[string]any) bool { return true })
	return p
}

// data reads what was said on the comm, nil for another message.
func (p *browsing) data(m *msg.Message) map[string]any {
	var content struct {
		ID   string         `json:"comm_id"`
		Data map[string]any `json:"data"`
	}
	if m.Header.Type != "comm_msg" || json.Unmarshal(m.Content, &content) != nil || content.ID != p.id {
		return nil
	}
	return content.Data
}

// event waits for an event that fits.
func (p *browsing) event(name string, fits func(map[string]any) bool) map[string]any {
	p.t.Helper()
	a := p.client.Next("event "+name, func(a kerneltest.Arrival) bool {
		d := p.data(a.Message)
		return d != nil && d["event"] == name && fits(d)
	})
	return p.data(a.Message)
}

// ask sends a request, and gives its id and that of its message.
func (p *browsing) ask(fields map[string]any) (id int, message string) {
	p.last++
	fields["v"], fields["id"] = 1, p.last
	return p.last, p.client.Send(jupyter.Shell, "comm_msg", map[string]any{"comm_id": p.id, "data": fields})
}

// answer waits for the answer to a request, and for its idle.
func (p *browsing) answer(id int, message string) (map[string]any, [][]byte) {
	p.t.Helper()
	a := p.client.Next(fmt.Sprintf("answer to %d", id), func(a kerneltest.Arrival) bool {
		d := p.data(a.Message)
		return d != nil && d["ok"] != nil && d["id"] == float64(id)
	})
	if a.Parent.ID != message {
		p.t.Errorf("the answer to %d belongs to %q", id, a.Parent.ID)
	}
	p.client.Next("idle", func(a kerneltest.Arrival) bool {
		return a.Parent.ID == message && kerneltest.State(a.Message) == msg.Idle
	})
	return p.data(a.Message), a.Buffers
}

// do asks and waits; the answer must be well. Where an engine is busy it asks again, when it is told to.
func (p *browsing) do(fields map[string]any) (map[string]any, [][]byte) {
	p.t.Helper()
	for late := time.Now().Add(time.Minute); ; {
		d, b := p.answer(p.ask(fields))
		if d["ok"] == true {
			return d, b
		}
		failed, _ := d["error"].(map[string]any)
		retry, _ := failed["retry_ms"].(float64)
		if failed["kind"] != "busy" || retry == 0 || time.Now().After(late) {
			p.t.Fatalf("%v: %v", fields, failed)
		}
		time.Sleep(time.Duration(retry) * time.Millisecond)
	}
}

// fileOf gives the id of a file of an event by its name, "" when it is not open.
func fileOf(event map[string]any, name string) string {
	list, _ := event["files"].([]any)
	for _, f := range list {
		if f := f.(map[string]any); f["name"] == name {
			return f["file"].(string)
		}
	}
	return ""
}

func namesOf(answer map[string]any) (names []string) {
	list, _ := answer["items"].([]any)
	for _, i := range list {
		names = append(names, fmt.Sprint(i.(map[string]any)["name"]))
	}
	return names
}

// kill ends the engines of a kernel, as a crash does.
func kill(t *testing.T, s *served) {
	t.Helper()
	for _, pid := range enginesOf(t, s.pid) {
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Error(err)
		}
	}
}

const makeFile = `f := h5.Create("run.h5")
f.Set("a/flux", []float32{1, 2, 3})
f.Set("<img src=x onerror=alert(1)>", "</script>\u202e\x07")`

func TestBrowse(t *testing.T) {
	s := serve(t)
	c := kerneltest.NewClient(t, s.dial(), s.conn)
	first := browse(t, c, "page-1")
	if files, ok := first.hello["files"].([]any); !ok || len(files) != 0 {
		t.Errorf("hello: %v", first.hello)
	}
	if x := c.Execute(makeFile); x.Get("status") != "ok" {
		t.Fatalf("%s", x.Reply.Content)
	}
	holds := func(d map[string]any) bool { return strings.Contains(fmt.Sprint(d["files"]), "variables:[f]") }
	file := fileOf(first.event("files", holds), "run.h5")

	running := c.Send(jupyter.Shell, "execute_request", kerneltest.Code("for {\n\ttime.Sleep(time.Millisecond)\n}"))
	c.NextType("execute_input", running)
	list, _ := first.do(map[string]any{"op": "list", "file": file})
	if got := namesOf(list); !slices.Equal(got, []string{"<img src=x onerror=alert(1)>", "a"}) {
		t.Errorf("list beside a cell: %q", got)
	}
	second := browse(t, c, "page-2")
	if got := fileOf(second.hello, "run.h5"); got != file {
		t.Errorf("the second page has %q, the first %q", got, file)
	}
	if d, b := second.do(map[string]any{"op": "slice", "file": file, "path": "/a/flux"}); d["dtype"] != "<f4" || len(b) != 1 || len(b[0]) != 12 {
		t.Errorf("slice beside a cell: %v, %d buffers", d, len(b))
	}
	if d, _ := first.do(map[string]any{"op": "clusters"}); d["engine"] == nil {
		t.Errorf("clusters beside a cell: %v", d)
	}
	c.Send(jupyter.Control, "interrupt_request", map[string]any{})
	if x := c.Wait(running); x.Get("status") != "error" {
		t.Errorf("the cell ended %v: it was to run until the interrupt", x.Get("status"))
	}

	c.Execute("f.Close()")
	first.event("files", func(d map[string]any) bool { return fileOf(d, "run.h5") == "" })
	if d, _ := first.answer(first.ask(map[string]any{"op": "list", "file": file})); fmt.Sprint(d["error"].(map[string]any)["kind"]) != "closed" {
		t.Errorf("a closed file: %v", d)
	}
	c.Send(jupyter.Shell, "comm_close", map[string]any{"comm_id": "page-2", "data": map[string]any{}})
	if d, _ := first.do(map[string]any{"op": "list", "file": "path:run.h5", "path": "/a"}); !slices.Equal(namesOf(d), []string{"flux"}) {
		t.Errorf("by its path: %v", d)
	}
}

// A page survives the engine: what it asked is answered, and files named by their paths are there again.
func TestBrowseLostEngine(t *testing.T) {
	s := serve(t)
	c := kerneltest.NewClient(t, s.dial(), s.conn)
	p := browse(t, c, "page")
	c.Execute(makeFile + "\nf.Close()")
	p.do(map[string]any{"op": "list", "file": "path:run.h5"})
	for _, lose := range []func(){func() { kill(t, s) }, func() { c.Execute("%restart") }} {
		lose()
		p.event("engine", func(d map[string]any) bool { return d["state"] == "restarted" })
		p.event("files", func(map[string]any) bool { return true })
		if d, _ := p.do(map[string]any{"op": "list", "file": "path:run.h5"}); len(namesOf(d)) != 2 {
			t.Errorf("after the loss: %v", d)
		}
	}
	// The engine may also end while nothing has run in it but what a page asked.
	kill(t, s)
	p.event("engine", func(d map[string]any) bool { return d["state"] == "restarted" })
	if d, _ := p.do(map[string]any{"op": "list", "file": "path:run.h5"}); len(namesOf(d)) != 2 {
		t.Errorf("after the third: %v", d)
	}
}

// Whatever is said on a comm has an answer or closes it, and the next request is answered.
func TestBrowseBadMessages(t *testing.T) {
	w := newWorkspace(t)
	s := serve(t)
	c := kerneltest.NewClient(t, s.dial(), s.conn)
	p := browse(t, c, "page")
	for i, data := range []any{nil, 1, "x", []int{1}, map[string]any{}, map[string]any{"v": 1, "id": "one"}, map[string]any{"v": 1, "id": -1, "op": "list"},
		map[string]any{"v": 1, "id": 5, "op": "start", "ranks": "x"}, strings.Repeat("x", 1<<20)} {
		id := c.SendMessage(jupyter.Shell, &msg.Message{Header: c.Header("comm_msg"), Content: msg.MustMarshal(map[string]any{"comm_id": "page", "data": data})})
		c.UntilIdle(id)
		p.last = 100 + i
		if d, _ := p.do(map[string]any{"op": "list", "file": "path:" + w.sample}); d["total"] == nil {
			t.Fatalf("after %v: %v", data, d)
		}
	}
	c.Send(jupyter.Shell, "comm_open", map[string]any{"comm_id": "old", "target_name": "gofive.hdf5", "data": map[string]any{"v": 9}})
	c.Next("comm_close of the old page", func(a kerneltest.Arrival) bool {
		return a.Header.Type == "comm_close" && strings.Contains(string(a.Content), `"old"`)
	})
	if d, _ := p.do(map[string]any{"op": "complete", "text": filepath.Dir(w.sample) + "/sam"}); !strings.Contains(fmt.Sprint(d["items"]), "sample.h5") {
		t.Errorf("complete: %v", d)
	}
}

// Ranks are started, looked at and stopped from a page.
func TestBrowseCluster(t *testing.T) {
	s := serve(t, "GOFIVE_CLUSTERS="+t.TempDir())
	c := kerneltest.NewClient(t, s.dial(), s.conn)
	p := browse(t, c, "page")
	d, _ := p.do(map[string]any{"op": "start", "ranks": 2, "launcher": "local"})
	if members, _ := d["members"].([]any); len(members) != 2 || members[1].(map[string]any)["rss"].(float64) < 1<<20 {
		t.Errorf("members: %v", d["members"])
	}
	if hosts := fmt.Sprint(d["hosts"]); !strings.Contains(hosts, "ranks:0-1") || d["current"] != true {
		t.Errorf("%v", d)
	}
	running := c.Send(jupyter.Shell, "execute_request", kerneltest.Code("%%px\nfor {\n\ttime.Sleep(time.Millisecond)\n}"))
	c.NextType("execute_input", running)
	for late := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		d, _ := p.do(map[string]any{"op": "cluster"})
		if d["state"] == "running" && strings.Contains(fmt.Sprint(d["places"]), "state:running") {
			break
		}
		if time.Now().After(late) {
			t.Fatalf("the ranks do not run: %v", d)
		}
	}
	p.do(map[string]any{"op": "interrupt"})
	if x := c.Wait(running); x.Get("status") != "error" {
		t.Errorf("the cell of the ranks ended %v", x.Get("status"))
	}
	c.Execute("%%px --init\nfmt.Println(\"ready\")\nbase := 40")
	if d, _ := p.do(map[string]any{"op": "restart"}); d["state"] != "idle" {
		t.Errorf("restarted: %v", d)
	}
	for _, tt := range []struct{ code, want string }{{"%pxresult", "[0-1] ready\n"}, {"%px base + 2", "[0-1] 42\n"}} {
		if x := c.Execute(tt.code); x.Get("status") != "ok" || apart(x.Text("stdout")) != apart(tt.want) {
			t.Errorf("%s after the restart: %s %q", tt.code, x.Reply.Content, x.Text("stdout"))
		}
	}
	p.do(map[string]any{"op": "stop"})
	if d, _ := p.answer(p.ask(map[string]any{"op": "cluster"})); fmt.Sprint(d["error"].(map[string]any)["kind"]) != "not-found" {
		t.Errorf("after stop: %v", d)
	}
}
