package kerneltest

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"gofive/kernel"
	"gofive/kernel/msg"
)

// kind says what the value of a field must be. A "?" behind it in a schema lets the field be
// absent.
type kind string

// schema maps the fields of a content to their kinds; others are not allowed.
type schema map[string]kind

// schemas are the contents of the messages that a kernel sends, as the messaging specification 5.5
// describes them: https://jupyter-client.readthedocs.io/en/stable/messaging.html
var schemas = map[string]schema{
	"execute_reply":       {"status": "ok", "execution_count": "count", "user_expressions": "expressions", "payload": "payload"},
	"inspect_reply":       {"status": "ok", "found": "bool", "data": "bundle", "metadata": "object"},
	"complete_reply":      {"status": "ok", "matches": "strings", "cursor_start": "count", "cursor_end": "count", "metadata": "object"},
	"history_reply":       {"status": "ok", "history": "history"},
	"is_complete_reply":   {"status": "completeness", "indent": "string?"},
	"connect_reply":       {"status": "ok", "shell_port": "count", "iopub_port": "count", "stdin_port": "count", "control_port": "count", "hb_port": "count"},
	"comm_info_reply":     {"status": "ok", "comms": "object"},
	"kernel_info_reply":   {"status": "ok", "protocol_version": "version", "implementation": "string", "implementation_version": "string", "language_info": "language", "banner": "string", "debugger": "bool", "help_links": "links", "supported_features": "strings"},
	"shutdown_reply":      {"status": "ok", "restart": "bool"},
	"interrupt_reply":     {"status": "ok"},
	"debug_reply":         {"type": "string", "request_seq": "count", "success": "bool", "command": "string", "message": "string?", "body": "object?"},
	"status":              {"execution_state": "state"},
	"execute_input":       {"code": "string", "execution_count": "count"},
	"stream":              {"name": "stream", "text": "string"},
	"display_data":        {"data": "bundle", "metadata": "object", "transient": "object"},
	"update_display_data": {"data": "bundle", "metadata": "object", "transient": "object"},
	"execute_result":      {"execution_count": "count", "data": "bundle", "metadata": "object"},
	"error":               {"ename": "string", "evalue": "string", "traceback": "strings"},
	"clear_output":        {"wait": "bool"},
	"iopub_welcome":       {"subscription": "string"},
	"comm_open":           {"comm_id": "string", "target_name": "string", "data": "object"},
	"comm_msg":            {"comm_id": "string", "data": "object"},
	"comm_close":          {"comm_id": "string", "data": "object"},
	"input_request":       {"prompt": "string", "password": "bool"},
}

// orphans are the messages without parent.
var orphans = []string{"iopub_welcome", "status"}

var (
	mimeType = regexp.MustCompile(`^[\w.+-]+/[\w.+-]+$`)
	version  = regexp.MustCompile(`^\d+\.\d+$`)
)

// Check says what in a message that a kernel has sent on ch differs from the specification.
func Check(ch kernel.Channel, m *msg.Message) error {
	kind := m.Header.Type
	if err := checkHeader(ch, m); err != nil {
		return fmt.Errorf("%s: %w", kind, err)
	}
	s, ok := schemas[kind]
	if !ok {
		return fmt.Errorf("%s: no such message", kind)
	}
	var content map[string]any
	if err := json.Unmarshal(m.Content, &content); err != nil {
		return fmt.Errorf("%s: content: %w", kind, err)
	}
	if strings.HasSuffix(kind, "_reply") {
		s = replySchema(kind, s, content["status"])
	}
	if err := checkFields(s, content); err != nil {
		return fmt.Errorf("%s: %w", kind, err)
	}
	return nil
}

// checkHeader looks at the header, the parent, and whether the message belongs on ch.
func checkHeader(ch kernel.Channel, m *msg.Message) error {
	h := m.Header
	for name, value := range map[string]string{"msg_id": h.ID, "session": h.Session, "username": h.Username} {
		if value == "" {
			return fmt.Errorf("header: no %s", name)
		}
	}
	if h.Version != msg.Version {
		return fmt.Errorf("header: version %q, want %q", h.Version, msg.Version)
	}
	if _, err := time.Parse("2006-01-02T15:04:05.999999Z07:00", h.Date); err != nil {
		return fmt.Errorf("header: date %q: %w", h.Date, err)
	}
	if m.Parent.ID == "" && !slices.Contains(orphans, h.Type) {
		return fmt.Errorf("no parent header")
	}
	isReply := strings.HasSuffix(h.Type, "_reply")
	switch {
	case ch == kernel.IOPub && (isReply || h.Type == "input_request"),
		ch == kernel.Stdin && h.Type != "input_request",
		(ch == kernel.Shell || ch == kernel.Control) && !isReply:
		return fmt.Errorf("does not belong on %s", ch)
	}
	if request := strings.TrimSuffix(h.Type, "_reply") + "_request"; isReply && m.Parent.Type != request {
		return fmt.Errorf("is a reply to %s", m.Parent.Type)
	}
	return nil
}

// replySchema gives the fields of a reply: those of failed and aborted requests are the same for
// all, but that cells always tell the execution count.
func replySchema(kind string, ok schema, status any) schema {
	s := schema{}
	switch status {
	case msg.StatusError:
		s = schema{"status": "string", "ename": "string", "evalue": "string", "traceback": "strings"}
	case msg.StatusAborted:
		s = schema{"status": "string"}
	default:
		return ok
	}
	if kind == "execute_reply" {
		s["execution_count"] = "count"
	}
	return s
}

// checkFields compares content with s.
func checkFields(s schema, content map[string]any) error {
	for name := range content {
		if _, ok := s[name]; !ok {
			return fmt.Errorf("field %q does not belong here", name)
		}
	}
	for name, want := range s {
		value, there := content[name]
		want, optional := strings.CutSuffix(string(want), "?")
		if !there && optional {
			continue
		}
		if !there {
			return fmt.Errorf("field %q is missing", name)
		}
		if !is(kind(want), value) {
			return fmt.Errorf("field %q is %v, want %s", name, value, want)
		}
	}
	return nil
}

// is reports whether a JSON value is of the kind k.
func is(k kind, value any) bool {
	switch v := value.(type) {
	case bool:
		return k == "bool"
	case float64:
		return k == "count" && v >= 0 && v == float64(int(v))
	case string:
		return isString(k, v)
	case []any:
		return isArray(k, v)
	case map[string]any:
		return isObject(k, v)
	}
	return false
}

func isString(k kind, v string) bool {
	switch k {
	case "string":
		return true
	case "ok":
		return v == msg.StatusOK
	case "state":
		return slices.Contains([]string{msg.Starting, msg.Busy, msg.Idle}, v)
	case "stream":
		return v == "stdout" || v == "stderr"
	case "completeness":
		return slices.Contains([]string{"complete", "incomplete", "invalid", "unknown"}, v)
	case "version":
		return version.MatchString(v)
	}
	return false
}

func isArray(k kind, v []any) bool {
	each, ok := map[kind]func(any) bool{
		"strings": func(e any) bool { return is("string", e) },
		"payload": func(e any) bool { o, ok := e.(map[string]any); return ok && is("string", o["source"]) },
		"links": func(e any) bool {
			o, ok := e.(map[string]any)
			return ok && is("string", o["text"]) && is("string", o["url"])
		},
		"history": func(e any) bool {
			t, ok := e.([]any)
			return ok && len(t) == 3 && is("count", t[0]) && is("count", t[1]) && (is("string", t[2]) || isPair(t[2]))
		},
	}[k]
	return ok && !slices.ContainsFunc(v, func(e any) bool { return !each(e) })
}

// isPair tells an input with its output, which may be missing.
func isPair(v any) bool {
	p, ok := v.([]any)
	return ok && len(p) == 2 && is("string", p[0]) && (p[1] == nil || is("string", p[1]))
}

func isObject(k kind, v map[string]any) bool {
	switch k {
	case "object":
		return true
	case "bundle":
		for mime := range v {
			if !mimeType.MatchString(mime) {
				return false
			}
		}
		return true
	case "language":
		for _, name := range []string{"name", "version", "mimetype", "file_extension", "pygments_lexer", "codemirror_mode"} {
			if !is("string", v[name]) {
				return false
			}
		}
		return true
	case "expressions":
		for _, e := range v {
			o, ok := e.(map[string]any)
			if !ok || !is("string", o["status"]) {
				return false
			}
		}
		return true
	}
	return false
}
