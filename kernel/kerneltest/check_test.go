package kerneltest

import (
	"strings"
	"testing"
	"time"

	"gofive/kernel"
	"gofive/kernel/msg"
)

// TestCheck judges messages; want is what is wrong with them, "" is nothing.
func TestCheck(t *testing.T) {
	for _, test := range []struct {
		name    string
		ch      kernel.Channel
		kind    string
		content string
		want    string
	}{
		{"stream", kernel.IOPub, "stream", `{"name":"stdout","text":"a"}`, ""},
		{"stream of no name", kernel.IOPub, "stream", `{"name":"log","text":"a"}`, `field "name" is log, want stream`},
		{"stream without text", kernel.IOPub, "stream", `{"name":"stdout"}`, `field "text" is missing`},
		{"stream on shell", kernel.Shell, "stream", `{"name":"stdout","text":"a"}`, "does not belong on shell"},
		{"one field more", kernel.IOPub, "clear_output", `{"wait":true,"now":1}`, `field "now" does not belong here`},
		{"status", kernel.IOPub, "status", `{"execution_state":"asleep"}`, "want state"},
		{"bundle", kernel.IOPub, "display_data", `{"data":{"text":"a"},"metadata":{},"transient":{}}`, "want bundle"},
		{"bundle that is null", kernel.IOPub, "display_data", `{"data":null,"metadata":{},"transient":{}}`, "want bundle"},
		{"traceback", kernel.IOPub, "error", `{"ename":"a","evalue":"b","traceback":null}`, "want strings"},
		{"count", kernel.IOPub, "execute_input", `{"code":"","execution_count":1.5}`, "want count"},
		{"reply", kernel.Shell, "interrupt_reply", `{"status":"ok"}`, ""},
		{"reply of another status", kernel.Shell, "interrupt_reply", `{"status":"fine"}`, "want ok"},
		{"failed reply", kernel.Shell, "interrupt_reply", `{"status":"error","ename":"a","evalue":"b","traceback":[]}`, ""},
		{"failed reply without reason", kernel.Shell, "interrupt_reply", `{"status":"error"}`, "is missing"},
		{"aborted cell without count", kernel.Shell, "execute_reply", `{"status":"aborted"}`, `field "execution_count" is missing`},
		{"reply on iopub", kernel.IOPub, "interrupt_reply", `{"status":"ok"}`, "does not belong on iopub"},
		{"history", kernel.Shell, "history_reply", `{"status":"ok","history":[[1,2,"a"],[1,3,["b",null]]]}`, ""},
		{"history of pairs", kernel.Shell, "history_reply", `{"status":"ok","history":[[1,"a"]]}`, "want history"},
		{"unknown", kernel.IOPub, "gossip", `{}`, "no such message"},
	} {
		parent := strings.TrimSuffix(test.kind, "_reply") + "_request"
		m := &msg.Message{
			Header:  msg.Header{ID: "1", Session: "s", Username: "u", Type: test.kind, Version: msg.Version, Date: msg.Timestamp(time.Now())},
			Parent:  msg.Header{ID: "0", Type: parent},
			Content: []byte(test.content),
		}
		err := Check(test.ch, m)
		if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: error %v, want %q", test.name, err, test.want)
		}
	}
}

// TestCheckHeader spoils one part of a good header after the other.
func TestCheckHeader(t *testing.T) {
	for _, test := range []struct {
		name  string
		spoil func(*msg.Message)
	}{
		{"no id", func(m *msg.Message) { m.Header.ID = "" }},
		{"no session", func(m *msg.Message) { m.Header.Session = "" }},
		{"no user", func(m *msg.Message) { m.Header.Username = "" }},
		{"old version", func(m *msg.Message) { m.Header.Version = "5.0" }},
		{"date without zone", func(m *msg.Message) { m.Header.Date = "2026-01-02T03:04:05.000000" }},
		{"no parent", func(m *msg.Message) { m.Parent = msg.Header{} }},
		{"reply to something else", func(m *msg.Message) { m.Parent.Type = "execute_request" }},
	} {
		m := &msg.Message{
			Header:  msg.Header{ID: "1", Session: "s", Username: "u", Type: "interrupt_reply", Version: msg.Version, Date: msg.Timestamp(time.Now())},
			Parent:  msg.Header{ID: "0", Type: "interrupt_request"},
			Content: []byte(`{"status":"ok"}`),
		}
		if err := Check(kernel.Control, m); err != nil {
			t.Fatalf("before it is spoilt: %v", err)
		}
		test.spoil(m)
		if Check(kernel.Control, m) == nil {
			t.Errorf("%s: accepted", test.name)
		}
	}
}
