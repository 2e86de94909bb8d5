package kerneltest

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"gofive/kernel"
	"gofive/kernel/msg"
)

// kernelSamples are one good message, with every field, of each type that a kernel sends.
var kernelSamples = map[string]string{
	"execute_reply": `{"status":"ok","execution_count":1,"user_expressions":{"a":{"status":"ok","data":{"text/plain":"1"},"metadata":{}},
		"b":{"status":"error","ename":"e","evalue":"v","traceback":[]}},"payload":[{"source":"page","data":{},"start":0}]}`,
	"inspect_reply":     `{"status":"ok","found":true,"data":{"text/plain":"x"},"metadata":{}}`,
	"complete_reply":    `{"status":"ok","matches":["a"],"cursor_start":0,"cursor_end":1,"metadata":{"_jupyter_types_experimental":[{"text":"a","type":"func"}]}}`,
	"history_reply":     `{"status":"ok","history":[[1,2,"a"],[1,3,["b",null]],[1,4,["b","c"]]]}`,
	"is_complete_reply": `{"status":"incomplete","indent":"\t"}`,
	"connect_reply":     `{"status":"ok","shell_port":1,"iopub_port":2,"stdin_port":3,"control_port":4,"hb_port":5}`,
	"comm_info_reply":   `{"status":"ok","comms":{"a":{"target_name":"t"}}}`,
	"kernel_info_reply": `{"status":"ok","protocol_version":"5.5","implementation":"i","implementation_version":"1","banner":"b","debugger":false,
		"language_info":{"name":"go","version":"1.26","mimetype":"text/x-go","file_extension":".go","pygments_lexer":"go","codemirror_mode":"go"},
		"help_links":[{"text":"t","url":"u"}],"supported_features":["a"]}`,
	"shutdown_reply":        `{"status":"ok","restart":true}`,
	"interrupt_reply":       `{"status":"ok"}`,
	"create_subshell_reply": `{"status":"ok","subshell_id":"s"}`,
	"delete_subshell_reply": `{"status":"ok"}`,
	"list_subshell_reply":   `{"status":"ok","subshell_id":["s"]}`,
	"debug_reply":           `{"type":"response","request_seq":1,"success":true,"command":"c","message":"m","body":{}}`,
	"status":                `{"execution_state":"busy"}`,
	"execute_input":         `{"code":"c","execution_count":1}`,
	"stream":                `{"name":"stdout","text":"t"}`,
	"display_data":          `{"data":{"text/plain":"t"},"metadata":{},"transient":{"display_id":"d"}}`,
	"update_display_data":   `{"data":{"text/plain":"t"},"metadata":{},"transient":{"display_id":"d"}}`,
	"execute_result":        `{"execution_count":1,"data":{"text/plain":"t"},"metadata":{}}`,
	"error":                 `{"ename":"e","evalue":"v","traceback":["t"]}`,
	"clear_output":          `{"wait":true}`,
	"iopub_welcome":         `{"subscription":""}`,
	"comm_open":             `{"comm_id":"c","target_name":"t","target_module":"m","data":{}}`,
	"comm_msg":              `{"comm_id":"c","data":{}}`,
	"comm_close":            `{"comm_id":"c","data":{}}`,
	"input_request":         `{"prompt":"p","password":false}`,
}

// clientSamples are those that a client sends.
var clientSamples = map[string]string{
	"execute_request":         `{"code":"c","silent":false,"store_history":true,"user_expressions":{"a":"1"},"allow_stdin":true,"stop_on_error":true}`,
	"inspect_request":         `{"code":"c","cursor_pos":1,"detail_level":1}`,
	"complete_request":        `{"code":"c","cursor_pos":1}`,
	"history_request":         `{"hist_access_type":"range","output":true,"raw":true,"session":-1,"start":1,"stop":null,"n":3,"pattern":"*","unique":true}`,
	"is_complete_request":     `{"code":"c"}`,
	"connect_request":         `{}`,
	"comm_info_request":       `{"target_name":"t"}`,
	"kernel_info_request":     `{}`,
	"comm_open":               `{"comm_id":"c","target_name":"t","target_module":"m","data":{}}`,
	"comm_msg":                `{"comm_id":"c","data":{}}`,
	"comm_close":              `{"comm_id":"c","data":{}}`,
	"shutdown_request":        `{"restart":false}`,
	"interrupt_request":       `{}`,
	"create_subshell_request": `{}`,
	"delete_subshell_request": `{"subshell_id":"s"}`,
	"list_subshell_request":   `{}`,
	"debug_request":           `{"seq":1,"type":"request","command":"c","arguments":{}}`,
	"input_reply":             `{"value":"v"}`,
}

// sample makes a good message of a type.
func sample(kind string, content any) *msg.Message {
	m := &msg.Message{
		Header:  msg.Header{ID: "1", Session: "s", Username: "u", Type: kind, Version: msg.Version, Date: msg.Timestamp(time.Now())},
		Parent:  msg.Header{ID: "0", Type: strings.TrimSuffix(kind, "_reply") + "_request"},
		Content: msg.MustMarshal(content),
	}
	topic := "kernel.s." + kind
	if kind == "stream" {
		topic = "stream.stdout"
	}
	m.Envelope = [][]byte{[]byte(topic)}
	return m
}

// TestEveryMessageAndField takes each sample, and spoils each of its fields in turn: what must be there
// is taken away, what it holds is replaced, a field is added, and the message is sent elsewhere.
func TestEveryMessageAndField(t *testing.T) {
	for _, way := range []struct {
		table   map[string]message
		samples map[string]string
		check   func(kernel.Channel, *msg.Message) error
	}{{fromKernel, kernelSamples, Check}, {fromClient, clientSamples, CheckRequest}} {
		for kind, spec := range way.table {
			var content map[string]any
			if err := json.Unmarshal([]byte(way.samples[kind]), &content); err != nil {
				t.Errorf("%s has no good sample: %v", kind, err)
				continue
			}
			good := func(content map[string]any) error { return way.check(spec.channels[0], sample(kind, content)) }
			if err := good(content); err != nil {
				t.Errorf("the sample is refused: %v", err)
				continue
			}
			refuse := func(what string, name string, err error) {
				t.Helper()
				if err == nil || !strings.Contains(err.Error(), name) {
					t.Errorf("%s %s: error %v, want one that names it", kind, what, err)
				}
			}
			for field := range spec.content {
				name, optional := strings.CutSuffix(field, "?")
				spoilt := maps.Clone(content)
				delete(spoilt, name)
				if err := good(spoilt); optional && err != nil {
					t.Errorf("%s without %s: %v", kind, name, err)
				} else if !optional {
					refuse("without "+name, "", err)
				}
				spoilt[name] = []any{map[string]any{"no": "such"}, -1.5}
				refuse("with a spoilt "+name, name, good(spoilt))
			}
			more := maps.Clone(content)
			more["gossip"] = 1
			refuse("with one field more", "gossip", good(more))
			for ch := kernel.Shell; ch <= kernel.IOPub; ch++ {
				if !slices.Contains(spec.channels, ch) {
					refuse("on "+ch.String(), ch.String(), way.check(ch, sample(kind, content)))
				}
			}
		}
		if err := way.check(kernel.IOPub, sample("gossip", struct{}{})); err == nil {
			t.Error("a message of an unknown type is accepted")
		}
	}
}

// TestCheck judges what is wrong inside of a field, or only in some replies; "" is nothing.
func TestCheck(t *testing.T) {
	for _, test := range []struct{ name, kind, content, want string }{
		{"stream of no name", "stream", `{"name":"log","text":"a"}`, "is log, want one of stdout, stderr"},
		{"bundle", "display_data", `{"data":{"text":"a"},"metadata":{},"transient":{}}`, "want a MIME bundle"},
		{"bundle that is null", "display_data", `{"data":null,"metadata":{},"transient":{}}`, "want a MIME bundle"},
		{"display id", "display_data", `{"data":{},"metadata":{},"transient":{"display_id":1}}`, `field "transient" field "display_id" is 1, want a string`},
		{"traceback", "error", `{"ename":"a","evalue":"b","traceback":["a",1]}`, `field "traceback" item 1 is 1, want a string`},
		{"count", "execute_input", `{"code":"","execution_count":1.5}`, "want a count"},
		{"reply of another status", "interrupt_reply", `{"status":"fine"}`, "want one of ok"},
		{"failed reply", "interrupt_reply", `{"status":"error","ename":"a","evalue":"b","traceback":[]}`, ""},
		{"failed reply without reason", "interrupt_reply", `{"status":"error"}`, "is missing"},
		{"aborted cell", "execute_reply", `{"status":"aborted","execution_count":1}`, ""},
		{"aborted cell without count", "execute_reply", `{"status":"aborted"}`, `field "execution_count" is missing`},
		{"history of pairs", "history_reply", `{"status":"ok","history":[[1,"a"]]}`, "item 0 is [1 a], want a list of 3"},
		{"expression", "execute_reply", `{"status":"ok","execution_count":1,"user_expressions":{"a":{"status":"ok"}},"payload":[]}`, `"a" field`},
		{"payload", "execute_reply", `{"status":"ok","execution_count":1,"user_expressions":{},"payload":[{"source":"edit_magic"}]}`, "item 0 field"},
		{"language", "kernel_info_reply", strings.Replace(kernelSamples["kernel_info_reply"], "text/x-go", "go", 1), "want a MIME type"},
	} {
		err := Check(fromKernel[test.kind].channels[0], sample(test.kind, json.RawMessage(test.content)))
		if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: error %v, want %q", test.name, err, test.want)
		}
	}
}

// TestCheckHeader spoils one part of a good message after the other.
func TestCheckHeader(t *testing.T) {
	for _, test := range []struct {
		name  string
		kind  string
		spoil func(*msg.Message)
	}{
		{"no id", "interrupt_reply", func(m *msg.Message) { m.Header.ID = "" }},
		{"no session", "interrupt_reply", func(m *msg.Message) { m.Header.Session = "" }},
		{"no user", "interrupt_reply", func(m *msg.Message) { m.Header.Username = "" }},
		{"old version", "interrupt_reply", func(m *msg.Message) { m.Header.Version = "5.0" }},
		{"date without zone", "interrupt_reply", func(m *msg.Message) { m.Header.Date = "2026-01-02T03:04:05.000000" }},
		{"no parent", "interrupt_reply", func(m *msg.Message) { m.Parent = msg.Header{} }},
		{"reply to something else", "interrupt_reply", func(m *msg.Message) { m.Parent.Type = "execute_request" }},
		{"busy without parent", "status", func(m *msg.Message) { m.Parent = msg.Header{} }},
		{"no topic", "status", func(m *msg.Message) { m.Envelope = nil }},
		{"topic of another kernel", "status", func(m *msg.Message) { m.Envelope[0] = []byte("kernel.t.status") }},
		{"topic of another stream", "stream", func(m *msg.Message) { m.Envelope[0] = []byte("stream.stderr") }},
	} {
		m, ch := sample(test.kind, json.RawMessage(kernelSamples[test.kind])), fromKernel[test.kind].channels[0]
		if err := Check(ch, m); err != nil {
			t.Fatalf("before it is spoilt: %v", err)
		}
		test.spoil(m)
		if Check(ch, m) == nil {
			t.Errorf("%s: accepted", test.name)
		}
	}
}
