package widget

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
	"sync"

	"gofive/display"
)

// The kinds of Message, which are the message types of Jupyter's specification.
const (
	Open = "comm_open"
	Said = "comm_msg"
	Gone = "comm_close"
)

// Message is what travels over a Comm.
type Message struct {
	Kind     string // Open, Said or Gone
	ID       string // of the comm
	Target   string // of Open: what the comm is for
	Data     json.RawMessage
	Metadata json.RawMessage
	Buffers  [][]byte
}

// Comm is a line to the front end, for code there that has registered its target. Widgets have one each;
// OpenComm and Listen give others.
type Comm struct {
	hub *Hub
	id  string

	mu      sync.Mutex
	handler func(Message)
	receive func(m Message, answer func(Message)) func() // of what speaks the protocol of widgets itself
	model   *Model                                       // that the comm is of; nil for none
}

// ID names the comm.
func (c *Comm) ID() string { return c.id }

// Send says something: data is anything that has a JSON form, an object.
func (c *Comm) Send(data any, buffers ...[]byte) error {
	m, err := c.message(Said, data, buffers)
	if err == nil {
		c.hub.send(m)
	}
	return err
}

// OnMessage has f called with what the front end says; in a notebook when the cells that wait have run.
func (c *Comm) OnMessage(f func(Message)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.handler = f
}

// Close ends the comm.
func (c *Comm) Close() {
	if c.hub.forget(c.id) {
		c.hub.send(Message{Kind: Gone, ID: c.id})
	}
}

// message makes one with data.
func (c *Comm) message(kind string, data any, buffers [][]byte) (Message, error) {
	raw, err := json.Marshal(data)
	if err != nil {
		return Message{}, fmt.Errorf("widget: %s: %w", kind, err)
	}
	if len(raw) == 0 || raw[0] != '{' {
		return Message{}, fmt.Errorf("widget: %s: data must be a JSON object, as of a map or struct, and %T is none", kind, data)
	}
	return Message{Kind: kind, ID: c.id, Data: raw, Buffers: buffers}, nil
}

// Page is what widgets need of the notebook that they are in.
type Page interface {
	display.Sink
	Clear(wait bool)
	// Send has a message reach the front end.
	Send(m Message)
	// Parent is the id of the message that the calling goroutine works for.
	Parent() string
}

// Hub holds the comms of one notebook.
type Hub struct {
	page Page // nil: a compiled program, which has no front end

	mu      sync.Mutex
	comms   map[string]*Comm
	targets map[string]func(*Comm, Message)
	turns   []turn
	lent    map[string]*OutputWidget // to messages whose output they take
}

// turn is a call that a message asked for, and the number under which it was delivered.
type turn struct {
	number int64
	call   func()
}

// NewHub returns the Hub of a notebook.
func NewHub(p Page) *Hub {
	return &Hub{page: p, comms: map[string]*Comm{}, targets: map[string]func(*Comm, Message){}, lent: map[string]*OutputWidget{}}
}

// OpenComm opens a comm to code of the front end that has registered target. A compiled program has no
// front end: what is sent there goes nowhere.
func OpenComm(target string, data any, buffers ...[]byte) (*Comm, error) {
	return NewHub(nil).OpenComm(target, data, buffers...)
}

// Listen has f called with each comm that the front end opens for target, and with the message by which it
// does.
func Listen(target string, f func(*Comm, Message)) { NewHub(nil).Listen(target, f) }

// OpenComm is the function of that name.
func (h *Hub) OpenComm(target string, data any, buffers ...[]byte) (*Comm, error) {
	c := h.add(rand.Text())
	m, err := c.message(Open, data, buffers)
	if err != nil {
		h.forget(c.id)
		return nil, err
	}
	m.Target = target
	h.send(m)
	return c, nil
}

// Listen is the function of that name.
func (h *Hub) Listen(target string, f func(*Comm, Message)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.targets[target] = f
}

func (h *Hub) add(id string) *Comm {
	h.mu.Lock()
	defer h.mu.Unlock()
	c := &Comm{hub: h, id: id}
	h.comms[id] = c
	return c
}

// forget reports whether the comm was open.
func (h *Hub) forget(id string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	was := h.comms[id] != nil
	delete(h.comms, id)
	return was
}

func (h *Hub) send(m Message) {
	if h.page != nil {
		h.page.Send(m)
	}
}

// Deliver takes a message of the front end and answers what needs no code of a user. Known reports whether
// somebody has the comm; wants, that Turn is to be called with number, in the turn of the cells.
func (h *Hub) Deliver(number int64, m Message, answer func(Message)) (known, wants bool) {
	h.mu.Lock()
	c, target := h.comms[m.ID], h.targets[m.Target]
	h.mu.Unlock()
	var call func()
	switch {
	case m.Kind == Open && m.Target == controlTarget:
		h.add(m.ID).receive = h.control
		known = true
	case m.Kind == Open && target != nil:
		c = h.add(m.ID)
		known, call = true, func() { target(c, m) }
	case c != nil && m.Kind != Open:
		known, call = true, c.said(m, answer)
	}
	if m.Kind == Gone {
		h.forget(m.ID)
	}
	if call != nil {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.turns = append(h.turns, turn{number, call})
	}
	return known, call != nil
}

// said gives the call that a message asks for, nil for none.
func (c *Comm) said(m Message, answer func(Message)) func() {
	c.mu.Lock()
	receive, handler := c.receive, c.handler
	c.mu.Unlock()
	if receive != nil {
		return receive(m, answer)
	}
	if handler == nil {
		return nil
	}
	return func() { handler(m) }
}

// lend has an output widget take what a message causes.
func (h *Hub) lend(parent string, o *OutputWidget) {
	h.mu.Lock()
	h.lent[parent] = o
	h.mu.Unlock()
	o.follow(parent)
}

// takeBack ends that. It must, before the message's idle: a front end gives that to the widget too, and
// then never hears that it may say the next thing.
func (h *Hub) takeBack(parent string) {
	h.mu.Lock()
	o := h.lent[parent]
	delete(h.lent, parent)
	h.mu.Unlock()
	if o != nil {
		o.follow("")
	}
}

// Turn makes the call that was asked for under number. Earlier ones whose turn never came are dropped. After
// a call that failed it is called once more, when that has been shown.
func (h *Hub) Turn(number int64) {
	h.mu.Lock()
	at := slices.IndexFunc(h.turns, func(t turn) bool { return t.number == number })
	var call func()
	if at >= 0 {
		call = h.turns[at].call
		h.turns = slices.Delete(h.turns, 0, at+1)
	}
	h.mu.Unlock()
	if call == nil {
		h.takeBack(h.page.Parent())
		return
	}
	call()
}
