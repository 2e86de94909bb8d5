package kernel_test

import (
	"fmt"
	"strings"
	"testing"

	"gofive/kernel"
	"gofive/kernel/kerneltest"
	"gofive/kernel/msg"
)

// say sends a message over a comm and gives what it caused.
func say(s *kerneltest.System, kind, content string, buffers ...[]byte) *kerneltest.Exchange {
	m := &msg.Message{Header: s.Header(kind), Content: []byte(content), Buffers: buffers}
	return &kerneltest.Exchange{Published: s.UntilIdle(s.SendMessage(kernel.Shell, m))}
}

func TestComm(t *testing.T) {
	s := kerneltest.Start(t, nil)
	x := s.Execute("open c1 t1\nopen c2 t2")
	if got, want := x.Types(), "busy execute_input comm_open comm_open idle"; got != want {
		t.Errorf("opened: got %s, want %s", got, want)
	}
	if open := x.Published[2]; string(open.Metadata) != `{"version":"1"}` || fmt.Sprintf("%s", open.Buffers) != "[buffer]" {
		t.Errorf("comm_open has metadata %s and buffers %s", open.Metadata, open.Buffers)
	}
	for _, test := range []struct{ name, kind, content, want, text string }{
		{"said", "comm_msg", `{"comm_id":"c1","data":{"a":1}}`, "busy comm_msg idle", ""},
		{"functions of cells run", "comm_msg", `{"comm_id":"c1","data":{"turn":1}}`, "busy comm_msg stream idle", "turn\n"},
		{"opened by the front end", "comm_open", `{"comm_id":"c3","target_name":"t1","data":{}}`, "busy idle", ""},
		{"closed by the front end", "comm_close", `{"comm_id":"c2","data":{}}`, "busy idle", ""},
		{"to nobody", "comm_msg", `{"comm_id":"unknown","data":{}}`, "busy comm_close idle", ""},
		{"of no target", "comm_open", `{"comm_id":"unknown","target_name":"t","data":{}}`, "busy comm_close idle", ""},
		{"without id", "comm_msg", `{"data":{}}`, "busy idle", ""},
	} {
		x := say(s, test.kind, test.content, []byte("B"))
		if got := x.Types(); got != test.want || x.Text("stdout") != test.text {
			t.Errorf("%s: got %s with %q, want %s with %q", test.name, got, x.Text("stdout"), test.want, test.text)
		}
		for _, m := range x.Published {
			if m.Header.Type == "comm_msg" && fmt.Sprintf("%s", m.Buffers) != "[B]" {
				t.Errorf("%s: echoed with buffers %q", test.name, m.Buffers)
			}
		}
	}
	info := s.Do(kernel.Shell, "comm_info_request", rawJSON(`{"target_name":"t1"}`))
	if got := fmt.Sprint(info.Get("comms")); got != "map[c1:map[target_name:t1] c3:map[target_name:t1]]" {
		t.Errorf("comms of t1: %s", got)
	}
	if x := s.Execute("die"); strings.Count(x.Types(), "comm_close") != 2 {
		t.Errorf("the engine is lost: got %s, want two comms closed", x.Types())
	}
	if got := fmt.Sprint(s.Do(kernel.Shell, "comm_info_request", rawJSON(`{}`)).Get("comms")); got != "map[]" {
		t.Errorf("comms of a lost engine: %s", got)
	}
}

// TestCommBesideACell delivers at once, and lets functions of cells wait for their turn.
func TestCommBesideACell(t *testing.T) {
	s := kerneltest.Start(t, nil)
	running := s.Send(kernel.Shell, "execute_request", kerneltest.Code("hold"))
	s.NextType("execute_input", running)
	if got := say(s, "comm_msg", `{"comm_id":"c","data":{}}`).Types(); got != "busy comm_msg idle" {
		t.Errorf("beside a cell: %s", got)
	}
	waits := s.SendMessage(kernel.Shell, &msg.Message{Header: s.Header("comm_msg"), Content: []byte(`{"comm_id":"c","data":{"turn":1}}`)})
	s.NextType("status", waits)
	s.NextType("comm_msg", waits)
	s.Quiet(waits)
	s.Engine.Release()
	s.Wait(running)
	if x := (&kerneltest.Exchange{Published: s.UntilIdle(waits)}); x.Text("stdout") != "turn\n" {
		t.Errorf("after the cell: %s", x.Types())
	}
}
