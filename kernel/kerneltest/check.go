package kerneltest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"gofive/kernel"
	"gofive/kernel/msg"
)

// Check says what in a message that a kernel has sent on ch differs from the specification.
func Check(ch kernel.Channel, m *msg.Message) error {
	if err := checkHeader(m); err != nil {
		return fmt.Errorf("%s: %w", m.Header.Type, err)
	}
	if err := checkContent(ch, m, fromKernel); err != nil {
		return err
	}
	if err := checkOrigin(ch, m); err != nil {
		return fmt.Errorf("%s: %w", m.Header.Type, err)
	}
	return nil
}

// CheckRequest says what in a message that a client sends on ch differs from the specification.
func CheckRequest(ch kernel.Channel, m *msg.Message) error {
	if err := checkHeader(m); err != nil {
		return fmt.Errorf("%s: %w", m.Header.Type, err)
	}
	return checkContent(ch, m, fromClient)
}

// checkContent compares the content of m with what the table says of its type.
func checkContent(ch kernel.Channel, m *msg.Message, table map[string]message) error {
	kind := m.Header.Type
	spec, ok := table[kind]
	if !ok {
		return fmt.Errorf("%s: no such message", kind)
	}
	if !slices.Contains(spec.channels, ch) {
		return fmt.Errorf("%s: does not belong on %s", kind, ch)
	}
	var content map[string]any
	if err := json.Unmarshal(m.Content, &content); err != nil {
		return fmt.Errorf("%s: content: %w", kind, err)
	}
	fields := spec.content
	if strings.HasSuffix(kind, "_reply") {
		fields = replyFields(kind, fields, content["status"])
	}
	if err := fields.check(content); err != nil {
		return fmt.Errorf("%s: %w", kind, err)
	}
	return nil
}

// replyFields gives the fields of a reply: those of failed and aborted requests are the same for all,
// but that cells always tell the execution count.
func replyFields(kind string, ok fields, status any) fields {
	f := fields{}
	switch status {
	case msg.StatusError:
		f = fields{"status": text, "ename": text, "evalue": text, "traceback": list(text)}
	case msg.StatusAborted:
		f = fields{"status": text}
	default:
		return ok
	}
	if kind == "execute_reply" {
		f["execution_count"] = count
	}
	return f
}

// checkHeader looks at the header.
func checkHeader(m *msg.Message) error {
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
	return nil
}

// checkOrigin looks at the parent and, on iopub, at the topic.
func checkOrigin(ch kernel.Channel, m *msg.Message) error {
	kind := m.Header.Type
	if m.Parent.ID == "" && kind != "iopub_welcome" && State(m) != msg.Starting {
		return fmt.Errorf("no parent header")
	}
	request := strings.TrimSuffix(kind, "_reply") + "_request"
	if strings.HasSuffix(kind, "_reply") && m.Parent.Type != request {
		return fmt.Errorf("is a reply to %s", m.Parent.Type)
	}
	if ch != kernel.IOPub {
		return nil
	}
	topic := "kernel." + m.Header.Session + "." + kind
	if kind == "stream" {
		topic = fmt.Sprintf("stream.%v", Content(m)["name"])
	}
	if len(m.Envelope) != 1 || string(m.Envelope[0]) != topic {
		return fmt.Errorf("topic %q, want %q", m.Envelope, topic)
	}
	return nil
}
