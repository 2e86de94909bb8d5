package h5browse

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"gofive/h5"
)

// What nobody waits for keeps to the messages of a second; the last state of each thing is told all the same, and
// answers come at once.
func TestMessages(t *testing.T) {
	f, err := h5.Create(t.TempDir() + "/w.h5")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	d, err := f.CreateDataset("x", h5.Int32, h5.Shape{0}, h5.DatasetCreate{Chunks: h5.Shape{100}, MaxShape: h5.Shape{h5.Unlimited}})
	if err != nil {
		t.Fatal(err)
	}
	p := newPage(t, Options{})
	file := p.fileOf(f.Filename())
	const watches = 100
	for range watches {
		p.do(m{"op": "watch", "file": file, "path": "/x", "every": 250})
	}
	begun := time.Now()
	var took []time.Duration
	grow := time.NewTicker(50 * time.Millisecond)
	defer grow.Stop()
	for time.Since(begun) < 2*time.Second {
		<-grow.C
		if err := d.Append([]int32{1}); err != nil {
			t.Fatal(err)
		}
		at := time.Now()
		p.do(m{"op": "stat", "file": file, "path": "/x"})
		took = append(took, time.Since(at))
	}
	slices.Sort(took) // a busy machine holds up some; letters that went first would hold up all
	if median := took[len(took)/2]; median > 500*time.Millisecond {
		t.Errorf("an answer took %v", median)
	}
	last := fmt.Sprint([]int{d.Len()})
	told := map[any]bool{}
	for events := 0; len(told) < watches; {
		s := p.wait("change", func(s said) bool { return s.data["event"] == "changed" })
		if events++; float64(events) > messages*time.Since(begun).Seconds()+burst {
			t.Fatalf("%d events after %v", events, time.Since(begun))
		}
		if fmt.Sprint(s.data["shape"]) == last {
			told[s.data["id"]] = true
		}
	}
}

// Letters about one thing become one; hits add up; an answer is behind its parts.
func TestMail(t *testing.T) {
	var out []string
	box := mail{send: func(comm string, number int64, last bool, data json.RawMessage, _ [][]byte) {
		out = append(out, fmt.Sprint(comm, number, last, string(data)))
	}}
	box.take(burst + 100) // nothing may leave now
	l := &call{number: 7}
	part := func(done int) { box.put(letter{comm: "c", key: "p", call: l, answer: answer{fields: m{"done": done}}}) }
	found := func(path string) {
		box.put(letter{comm: "c", key: "h", call: &call{number: 8}, answer: answer{fields: m{}}, hits: []hit{{Path: path}}})
	}
	part(1)
	found("/a")
	part(2)
	found("/b")
	box.put(letter{comm: "d", key: "files", answer: answer{fields: m{"files": 1}}})
	box.put(letter{comm: "d", key: "files", answer: answer{fields: m{"files": 2}}})
	if len(out) != 0 {
		t.Fatalf("sent at once: %v", out)
	}
	box.now("c", 8, true, json.RawMessage("answer"), nil)
	want := `[c8 false{"items":[{"path":"/a","kind":"","where":"","excerpt":""},{"path":"/b","kind":"","where":"","excerpt":""}],"part":1} c8 trueanswer]`
	if got := fmt.Sprint(out); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	box.forget("d")
	box.mu.Lock()
	box.at = box.at.Add(-time.Second)
	box.leave()
	rest := fmt.Sprint(out[2:])
	box.mu.Unlock()
	if rest != `[c7 false{"done":2,"part":1}]` {
		t.Errorf("later: %s", rest)
	}
}
