package h5browse

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gofive/h5"
)

func TestHello(t *testing.T) {
	p := newPage(t, Options{Server: "gofive test", More: []string{"clusters"}})
	ops, _ := p.hello["ops"].([]any)
	if p.hello["server"] != "gofive test" || !slices.Contains(ops, any("clusters")) || !slices.Contains(ops, any("decimate")) {
		t.Errorf("%v", p.hello)
	}
	p.b.Open("d", json.RawMessage(`{"v":2}`), false)
	p.wait("bye", func(s said) bool { return s.comm == "d" && s.data["event"] == "bye" })
	p.wait("close", func(s said) bool { return s.comm == "d" && s.closed })
	if p.b.Request("d", 1, json.RawMessage(`{}`)) {
		t.Error("a comm of another version is open")
	}
}

// What is wrong with a request is said, and nothing breaks.
func TestBadRequests(t *testing.T) {
	file := make1(t, sample)
	p := newPage(t, Options{})
	for _, tt := range []struct{ data, kind string }{
		{`{`, "bad-request"}, {`[]`, "bad-request"}, {`null`, "bad-request"}, {`{}`, "bad-request"},
		{`{"v":1,"id":0,"op":"list"}`, "bad-request"}, {`{"v":1,"id":-4,"op":"list"}`, "bad-request"}, {`{"v":1,"id":1.5,"op":"list"}`, "bad-request"},
		{`{"v":1,"id":1e300,"op":"list"}`, "bad-request"}, {`{"v":7,"id":1,"op":"list"}`, "bad-request"}, {`{"v":1,"id":1,"op":7}`, "bad-request"},
		{`{"v":1,"id":1,"op":"delete"}`, "unknown-op"}, {`{"v":1,"id":1}`, "unknown-op"}, {`{"v":1,"id":1,"op":"list","limit":"many"}`, "bad-request"},
	} {
		p.b.Request("c", 99, json.RawMessage(tt.data))
		s := p.wait("answer to "+tt.data, func(s said) bool { return s.data["ok"] == false })
		if e := s.data["error"].(m); e["kind"] != tt.kind || !s.last {
			t.Errorf("%s: %v", tt.data, s)
		}
	}
	for _, tt := range []struct {
		ask  m
		kind string
	}{
		{m{"op": "list", "file": "f99"}, "closed"}, {m{"op": "list", "file": "x"}, "bad-request"}, {m{"op": "list", "file": "path:"}, "bad-request"},
		{m{"op": "list", "file": "path:/gone/away.h5"}, "not-found"}, {m{"op": "list", "file": "path:/etc/passwd"}, "io"}, {m{"op": "list", "file": "path:a\x00b"}, "bad-request"},
		{m{"op": "list", "file": file, "path": "/nowhere"}, "not-found"}, {m{"op": "list", "file": file, "path": "/x"}, "bad-request"},
		{m{"op": "list", "file": file, "sort": "up"}, "bad-request"}, {m{"op": "slice", "file": file, "path": "/g"}, "bad-request"},
		{m{"op": "slice", "file": file, "path": "/x", "sel": "1:2:3:4"}, "bad-request"}, {m{"op": "slice", "file": file, "path": "/x", "sel": "5000"}, "bad-request"},
		{m{"op": "slice", "file": file, "path": "/x", "as": "f2"}, "bad-request"}, {m{"op": "slice", "file": file, "path": "/rows", "field": "NO"}, "not-found"},
		{m{"op": "decimate", "file": file, "path": "/x", "method": "best"}, "bad-request"}, {m{"op": "decimate", "file": file, "path": "/x", "x": m{"path": "/img"}}, "bad-request"},
		{m{"op": "stats", "file": file, "path": "/texts"}, "unsupported"}, {m{"op": "search", "file": file, "text": " "}, "bad-request"},
		{m{"op": "table", "file": file, "path": "/rows", "rows": "9-10"}, "bad-request"}, {m{"op": "table", "file": file, "path": "/rows", "columns": []string{"NO"}}, "not-found"},
		{m{"op": "table", "file": file, "path": "/rows", "sort": "nothing"}, "bad-request"}, {m{"op": "close", "file": "f1"}, "bad-request"},
		{m{"op": "watch", "file": file, "path": "/nowhere"}, "not-found"},
	} {
		if kind := p.fails(tt.ask); kind != tt.kind {
			t.Errorf("%v: got %s, want %s", tt.ask, kind, tt.kind)
		}
	}
	p.do(m{"op": "list", "file": file})
}

// A field of any type and size in a request is an answer, never a panic.
func FuzzRequest(f *testing.F) {
	for op := range ops {
		f.Add(op, "/x", "0:10", `"width":100`)
	}
	f.Add("slice", "/img", "::-1, 1", `"as":"f8","max":-1`)
	f.Add("table", "/rows", "", `"rows":"0:1e9","sort":"-Z","filter":"Z > (((","columns":"0:99999999"`)
	f.Add("decimate", "/img", "...", `"width":-5,"height":1000000000`)
	f.Add("list", "/g/../g//", "", `"offset":-9223372036854775808,"limit":9223372036854775807`)
	f.Fuzz(func(t *testing.T, op, path, sel, more string) {
		file := make1(t, sample)
		p := newPage(t, Options{})
		fixed, _ := json.Marshal(m{"v": 1, "id": 1, "op": op, "file": file, "path": path, "sel": sel})
		data := json.RawMessage(strings.TrimSuffix(string(fixed), "}") + "," + more + "}")
		p.b.Request("c", 1, data)
		s := p.wait("answer", func(s said) bool { return s.data["ok"] != nil && s.last })
		if e, _ := s.data["error"].(m); e != nil && e["kind"] == "internal" {
			t.Errorf("%s: %v", data, e)
		}
	})
}

// Random requests of all ops, many at a time.
func TestRandomRequests(t *testing.T) {
	file := make1(t, sample)
	p := newPage(t, Options{})
	r := rand.New(rand.NewPCG(1, 2))
	pick := func(list ...any) any { return list[r.IntN(len(list))] }
	all := Ops()
	for range 300 {
		ask := m{"op": all[r.IntN(len(all))], "file": file}
		for range r.IntN(6) {
			ask[pick("path", "sel", "field", "as", "width", "height", "method", "rows", "columns", "sort", "filter", "limit", "offset", "kinds", "text", "in",
				"bins", "max", "target", "x", "attribute", "show", "every").(string)] =
				pick("/x", "/img", "/rows", "/g", "/", "", "0:10", "::3", "1", "-1, :", "[1,2]", "Z", "-Z", "Z > 1", "mean", "both", 0, -1, 3, 1<<40, 1<<62, nil, true, []string{"Z"}, m{"path": "/x"})
		}
		s := p.answer(p.ask(ask))
		if e, _ := s.data["error"].(m); e != nil && e["kind"] == "internal" {
			t.Errorf("%v: %v", ask, e)
		}
	}
}

// Four are at work, some wait, the rest is refused, and each has its answer.
func TestManyRequests(t *testing.T) {
	file := make1(t, sample)
	p := newPage(t, Options{})
	var ids []int64
	for range 300 {
		ids = append(ids, p.ask(m{"op": "stats", "file": file, "path": "/x"}))
	}
	ok, busy := 0, 0
	for _, id := range ids {
		s := p.answer(id)
		if s.data["ok"] == true {
			ok++
		} else if e := s.data["error"].(m); e["kind"] == "busy" && e["retry_ms"] != nil {
			busy++
		} else {
			t.Errorf("%v", s.data)
		}
	}
	if ok < mostWaiting || ok+busy != 300 {
		t.Errorf("%d well, %d busy", ok, busy)
	}
}

// Requests that go through all of a file of any size leave room for others.
func TestShortBesideLong(t *testing.T) {
	wide := make1(t, func(f *h5.File) error {
		_, err := f.CreateDataset("wide", h5.Float64, h5.Shape{1 << 40, 100}, h5.DatasetCreate{Chunks: h5.Shape{1 << 10, 100}})
		return err
	})
	file := make1(t, sample)
	p := newPage(t, Options{})
	var long []int64
	for _, sel := range []string{"", ":, 0", ":, 1", ":, 2", ":, 3"} {
		long = append(long, p.ask(m{"op": "decimate", "file": wide, "path": "/wide", "sel": sel}))
	}
	long = append(long, p.ask(m{"op": "stats", "file": wide, "path": "/wide"}))
	p.do(m{"op": "list", "file": file})
	p.do(m{"op": "slice", "file": file, "path": "/x", "sel": "0:10"})
	p.do(m{"op": "table", "file": file, "path": "/rows", "sort": "-Z"})
	p.do(m{"op": "search", "file": file, "text": "x"})
	for _, id := range long {
		p.do(m{"op": "cancel", "target": id})
		if e, _ := p.answer(id).data["error"].(m); e["kind"] != "cancelled" && e["kind"] != "busy" { // those that had no turn
			t.Errorf("%v", e)
		}
	}
}

func TestCancel(t *testing.T) {
	const n = 40_000_000
	file := make1(t, func(f *h5.File) error {
		_, err := f.CreateDataset("x", h5.Float64, h5.Shape{n}, h5.DatasetCreate{Chunks: h5.Shape{1 << 16}, Fill: 1.0})
		return err
	})
	p := newPage(t, Options{})
	id := p.ask(m{"op": "stats", "file": file, "path": "/x"})
	p.do(m{"op": "cancel", "target": id})
	if e, _ := p.answer(id).data["error"].(m); e["kind"] != "cancelled" {
		t.Errorf("%v", e)
	}
	p.do(m{"op": "cancel", "target": 12345})
}

// While the library is at work for a cell, requests are told so soon. For whom it is, is said as far as it is known.
func TestBusy(t *testing.T) {
	file := make1(t, sample)
	p := newPage(t, Options{})
	p.do(m{"op": "open", "path": strings.TrimPrefix(file, "path:")})
	held, release := make(chan bool), make(chan bool)
	go h5.Locked(func() { close(held); <-release })
	<-held
	begun := time.Now()
	kind := p.fails(m{"op": "list", "file": file})
	took := time.Since(begun)
	if got := p.b.libraryBusy().Message; got != "the HDF5 library is at work for a cell" {
		t.Error(got)
	}
	p.b.working.Add(1)
	if got := p.b.libraryBusy().Message; got != "the HDF5 library is at work for another request" {
		t.Error(got)
	}
	p.b.working.Add(-1)
	close(release) // after the answer
	if kind != "busy" || took < busyAfter {
		t.Errorf("%s after %v", kind, took)
	}
	p.do(m{"op": "list", "file": file})
}

// Files of cells come and go with events; those of pages go with their comm.
func TestFiles(t *testing.T) {
	held := map[string]any{}
	p := newPage(t, Options{Variables: func() map[string]any { return held }})
	h5.OnFiles(p.b.Changed)
	defer h5.OnFiles(nil)
	path := filepath.Join(t.TempDir(), "cell.h5")
	f, err := h5.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	ours := func(s said) m {
		list, _ := s.data["files"].([]any)
		for _, x := range list {
			if x.(m)["path"] == path {
				return x.(m)
			}
		}
		return nil
	}
	s := p.wait("opened", func(s said) bool { return s.data["event"] == "files" && ours(s) != nil })
	if got := ours(s); got["mode"] != "r+" || fmt.Sprint(got["variables"]) != "[]" {
		t.Errorf("%v", got)
	}
	held["fx"] = f
	p.b.Changed()
	s = p.wait("variable", func(s said) bool {
		return s.data["event"] == "files" && ours(s) != nil && fmt.Sprint(ours(s)["variables"]) == "[fx]"
	})
	id := ours(s)["file"]
	if code := p.do(m{"op": "stat", "file": id}).data["code"]; fmt.Sprint(code) != "[fx]" {
		t.Errorf("code: %v", code)
	}
	f.Close()
	p.wait("closed", func(s said) bool { return s.data["event"] == "files" && ours(s) == nil })
	if kind := p.fails(m{"op": "list", "file": id}); kind != "closed" {
		t.Errorf("closed: %s", kind)
	}
	p.do(m{"op": "list", "file": "path:" + path})
	if n := len(p.b.files()); n != len(h5.OpenFiles())-1 {
		t.Errorf("the page's own file is among those of cells: %v", p.b.files())
	}
	p.b.Open("d", json.RawMessage(`{"v":1}`), false)
	p.b.Shut("c")
	gone(t, path)
}

// gone waits until a file is not open any more.
func gone(t *testing.T, path string) {
	t.Helper()
	for late := time.After(10 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		if !slices.ContainsFunc(h5.OpenFiles(), func(f *h5.File) bool { return f.Filename() == path }) {
			return
		}
		select {
		case <-late:
			t.Fatalf("%s is still open", path)
		default:
		}
	}
}

// A page that asks for nothing holds nothing after a while, and finds its comm all the same.
func TestIdle(t *testing.T) {
	file := make1(t, sample)
	p := newPage(t, Options{Idle: 300 * time.Millisecond})
	id := p.ask(m{"op": "watch", "file": file, "path": "/x", "every": 250})
	p.answer(id)
	s := p.wait("end of the watch", func(s said) bool { return s.data["event"] == "changed" })
	if e, _ := s.data["error"].(m); e["kind"] != "timeout" {
		t.Errorf("%v", s.data)
	}
	gone(t, strings.TrimPrefix(file, "path:"))
	p.do(m{"op": "list", "file": file})
}

// Names and values of strangers come as they are; what is no UTF-8 is marked.
func TestHostileNames(t *testing.T) {
	evil := []string{`<img src=x onerror=alert(1)>`, "javascript:alert(1)", "\u202egnp.exe", "a\x1b[31mred", "tab\there", "\xff\xfe", `"quote`, "$(id)", "new\nline"}
	file := make1(t, func(f *h5.File) error {
		for _, name := range evil {
			if err := f.Set(name, "</script><script>alert(1)</script>"+name); err != nil {
				return err
			}
			d, err := f.Dataset(name)
			if err != nil {
				return err
			}
			if err := d.SetAttr(name, name); err != nil {
				return err
			}
		}
		return nil
	})
	p := newPage(t, Options{})
	for _, name := range names(p.do(m{"op": "list", "file": file}), "items", "name") {
		if strings.Contains(name, "\ufffd") {
			continue // pages cannot name it
		}
		for _, op := range []string{"stat", "attrs", "slice", "table", "watch"} {
			p.do(m{"op": op, "file": file, "path": "/" + name})
		}
		code := p.do(m{"op": "stat", "file": file, "path": "/" + name}).data["code"].([]any)
		for _, line := range code {
			if strings.ContainsAny(line.(string), "\n\x1b\u202e") {
				t.Errorf("a line of code is %q", line)
			}
		}
	}
	s := p.answer(p.ask(m{"op": "search", "file": file, "text": "alert", "in": "both"}))
	if s.data["found"].(float64) < 4 {
		t.Errorf("search: %v", s.data)
	}
}

// A file can claim any shape: nothing is made for all that it claims.
func TestHugeShapes(t *testing.T) {
	file := make1(t, func(f *h5.File) error {
		for name, shape := range map[string]h5.Shape{"line": {1 << 62}, "plane": {1 << 40, 1 << 40}, "long": {1 << 45}} {
			if _, err := f.CreateDataset(name, h5.Float64, shape, h5.DatasetCreate{Chunks: h5.Shape{1 << 10, 1 << 10}[:len(shape)]}); err != nil {
				return err
			}
		}
		return nil
	})
	p := newPage(t, Options{})
	for _, path := range []string{"/line", "/plane"} {
		for _, op := range []string{"decimate", "table", "slice"} {
			if kind := p.fails(m{"op": op, "file": file, "path": path}); kind != "too-large" {
				t.Errorf("%s of %s: %s", op, path, kind)
			}
		}
		p.do(m{"op": "stat", "file": file, "path": path})
	}
	p.do(m{"op": "decimate", "file": file, "path": "/long", "sel": "1000000:2000000", "width": 5000})
	p.do(m{"op": "table", "file": file, "path": "/long", "rows": fmt.Sprintf("%d:%d", 1<<45-10, 1<<45)})
	id := p.ask(m{"op": "decimate", "file": file, "path": "/long"})
	p.do(m{"op": "cancel", "target": id})
	if e, _ := p.answer(id).data["error"].(m); e["kind"] != "cancelled" {
		t.Errorf("%v", e)
	}
}

// What objects are for is told where a convention says it, and which scales an axis has.
func TestRoles(t *testing.T) {
	file := make1(t, func(f *h5.File) error {
		if err := f.Set("wave", []float64{1, 2, 3}); err != nil {
			return err
		}
		if err := f.Set("flux", []float64{4, 5, 6}); err != nil {
			return err
		}
		wave, err := f.Dataset("wave")
		if err != nil {
			return err
		}
		flux, err := f.Dataset("flux")
		if err != nil {
			return err
		}
		return flux.Dim(0).Attach(wave)
	})
	p := newPage(t, Options{})
	items := p.do(m{"op": "list", "file": file}).data["items"].([]any)
	if role := items[1].(m)["role"]; role != "scale" {
		t.Errorf("wave: %v", items[1])
	}
	s := p.do(m{"op": "stat", "file": file, "path": "/flux"}).data
	if got := fmt.Sprint(s["dims"]); got != "[map[label: length:3 scales:[/wave]]]" || s["conventions"] == nil {
		t.Errorf("flux: %v", s)
	}
}
