package kerneltest

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"gofive/kernel"
	"gofive/kernel/msg"
)

// patience is how long a Client waits for a message before it fails the test.
const patience = 20 * time.Second

// Client is a front end. Its methods belong to the goroutine of the test.
type Client struct {
	t       testing.TB
	link    Link
	codec   *msg.Codec
	session string
	sent    int
	inbox   chan Arrival
	backlog []Arrival
}

// Arrival is a message and the channel it came on.
type Arrival struct {
	Channel kernel.Channel
	*msg.Message
}

// NewClient returns a client that signs with the key of conn. It is closed when the test ends.
func NewClient(t testing.TB, link Link, conn *kernel.Connection) *Client {
	t.Helper()
	codec, err := msg.NewCodec(conn.SignatureScheme, []byte(conn.Key))
	if err != nil {
		t.Fatal(err)
	}
	c := &Client{t: t, link: link, codec: codec, session: fmt.Sprintf("client-%p", link), inbox: make(chan Arrival, 1024)}
	done := make(chan struct{})
	for ch := kernel.Shell; ch <= kernel.IOPub; ch++ {
		go c.receive(ch, done)
	}
	t.Cleanup(func() {
		link.Close()
		close(done)
	})
	return c
}

// receive checks what comes on a channel and puts it into the inbox.
func (c *Client) receive(ch kernel.Channel, done <-chan struct{}) {
	for {
		frames, err := c.link.Receive(ch)
		if err != nil {
			return
		}
		m, err := c.codec.Decode(frames)
		if err == nil {
			err = Check(ch, m)
		}
		if err != nil {
			c.t.Errorf("on %s: %v\n%q", ch, err, frames)
			continue
		}
		select {
		case c.inbox <- Arrival{ch, m}:
		case <-done:
			return
		}
	}
}

// Send sends a request, which must be as the specification says, and returns its message id. Content
// is anything that can be marshalled.
func (c *Client) Send(ch kernel.Channel, kind string, content any) string {
	c.t.Helper()
	m := &msg.Message{Header: c.Header(kind), Content: msg.MustMarshal(content)}
	if err := CheckRequest(ch, m); err != nil {
		c.t.Errorf("the test's own request: %v", err)
	}
	return c.SendMessage(ch, m)
}

// Header makes the header of a new message.
func (c *Client) Header(kind string) msg.Header {
	c.sent++
	return msg.Header{
		ID: fmt.Sprintf("%s-%d", c.session, c.sent), Session: c.session, Username: "tester",
		Type: kind, Version: msg.Version, Date: msg.Timestamp(time.Now()),
	}
}

// SendMessage sends m as it is, right or wrong, and returns its id.
func (c *Client) SendMessage(ch kernel.Channel, m *msg.Message) string {
	c.t.Helper()
	c.SendFrames(ch, c.codec.Encode(m))
	return m.Header.ID
}

// SendFrames sends what need not be a message.
func (c *Client) SendFrames(ch kernel.Channel, frames [][]byte) {
	c.t.Helper()
	if err := c.link.Send(ch, frames); err != nil {
		c.t.Fatal(err)
	}
}

// Encode gives the signed frames of m.
func (c *Client) Encode(m *msg.Message) [][]byte { return c.codec.Encode(m) }

// Next waits for the next message that match is true for, and keeps the others for later calls.
func (c *Client) Next(what string, match func(Arrival) bool) Arrival {
	c.t.Helper()
	for i, a := range c.backlog {
		if match(a) {
			c.backlog = append(c.backlog[:i], c.backlog[i+1:]...)
			return a
		}
	}
	late := time.NewTimer(patience)
	defer late.Stop()
	for {
		select {
		case a := <-c.inbox:
			if match(a) {
				return a
			}
			c.backlog = append(c.backlog, a)
		case <-late.C:
			c.t.Fatalf("no %s after %v; what came instead: %s", what, patience, describe(c.backlog))
		}
	}
}

// NextType waits for the next message of a type whose parent is the request id; "" is any parent.
func (c *Client) NextType(kind, id string) Arrival {
	c.t.Helper()
	return c.Next(kind, func(a Arrival) bool {
		return a.Header.Type == kind && (id == "" || a.Parent.ID == id)
	})
}

// describe lists messages for a failed test.
func describe(list []Arrival) string {
	var b strings.Builder
	for _, a := range list {
		fmt.Fprintf(&b, "\n%s %s (parent %s) %.200s", a.Channel, a.Header.Type, a.Parent.ID, a.Content)
	}
	return b.String()
}

// Exchange is a request's reply and everything published for it, up to its idle.
type Exchange struct {
	Reply     *msg.Message // nil for messages that have none
	Published []*msg.Message
}

// Wait collects the exchange of the request id.
func (c *Client) Wait(id string) *Exchange {
	c.t.Helper()
	x := &Exchange{}
	x.Published = c.UntilIdle(id)
	x.Reply = c.Next("reply to "+id, func(a Arrival) bool {
		return a.Parent.ID == id && (a.Channel == kernel.Shell || a.Channel == kernel.Control)
	}).Message
	return x
}

// UntilIdle collects what is published for the request id, up to its idle.
func (c *Client) UntilIdle(id string) []*msg.Message {
	c.t.Helper()
	var list []*msg.Message
	for {
		a := c.Next("idle of "+id, func(a Arrival) bool {
			return a.Parent.ID == id && a.Channel == kernel.IOPub
		})
		list = append(list, a.Message)
		if State(a.Message) == msg.Idle {
			return list
		}
	}
}

// Do sends a request and waits for its exchange.
func (c *Client) Do(ch kernel.Channel, kind string, content any) *Exchange {
	c.t.Helper()
	return c.Wait(c.Send(ch, kind, content))
}

// Code is the content of an execute_request as front ends send it.
func Code(code string) msg.ExecuteRequest {
	return msg.ExecuteRequest{Code: code, StoreHistory: true, AllowStdin: true, StopOnError: true, UserExpressions: map[string]string{}}
}

// Execute runs a cell.
func (c *Client) Execute(code string) *Exchange {
	c.t.Helper()
	return c.Do(kernel.Shell, "execute_request", Code(code))
}

// Quiet fails the test if a message with the parent id has come that nobody has asked for.
func (c *Client) Quiet(id string) {
	c.t.Helper()
	for len(c.inbox) > 0 {
		c.backlog = append(c.backlog, <-c.inbox)
	}
	for _, a := range c.backlog {
		if a.Parent.ID == id {
			c.t.Errorf("unexpected message: %s", describe([]Arrival{a}))
		}
	}
}

// State gives the execution state of a status message, "" of any other.
func State(m *msg.Message) string {
	if m.Header.Type != "status" {
		return ""
	}
	var s msg.Status
	json.Unmarshal(m.Content, &s) // Check has read it
	return s.State
}

// Types lists the types of what was published, status messages by their state.
func (x *Exchange) Types() string {
	var list []string
	for _, m := range x.Published {
		if s := State(m); s != "" {
			list = append(list, s)
			continue
		}
		list = append(list, m.Header.Type)
	}
	return strings.Join(list, " ")
}

// Text joins what was written to the stream name.
func (x *Exchange) Text(name string) string {
	var b strings.Builder
	for _, m := range x.Published {
		var s struct{ Name, Text string }
		if m.Header.Type == "stream" && json.Unmarshal(m.Content, &s) == nil && s.Name == name {
			b.WriteString(s.Text)
		}
	}
	return b.String()
}

// Get gives a field of the reply's content: "status", "ename" ...
func (x *Exchange) Get(field string) any { return Content(x.Reply)[field] }

// Content reads the content of m.
func Content(m *msg.Message) map[string]any {
	var content map[string]any
	json.Unmarshal(m.Content, &content) // Check has read it
	return content
}
