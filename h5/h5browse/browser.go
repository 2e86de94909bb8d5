package h5browse

import (
	"encoding/json"
	"sync"
	"sync/atomic"
	"time"

	"gofive/h5"
)

// version is the protocol's.
const version = 1

// Options are what a Browser works with.
type Options struct {
	// Send says something on a comm: an answer to the request that was delivered under a number, or an event,
	// whose number is 0. Last tells that nothing follows for that number.
	Send func(comm string, number int64, last bool, data json.RawMessage, buffers [][]byte)
	// Close ends a comm.
	Close func(comm string)
	// Variables gives the values of the notebook's variables that are pointers, by name; nil for none.
	Variables func() map[string]any
	// Paths gives the folders and files whose path begins with a text, folders with a slash at the end; nil for none.
	Paths func(typed string) []string
	// More are ops that somebody else answers.
	More []string
	// Server names the program and its version.
	Server string
	// Idle is how long a page may ask for nothing before what it holds is given up; 0 is five minutes.
	Idle time.Duration
}

// Browser is the engine's end of the comms of all pages. Its methods may be called at any time and return at
// once.
type Browser struct {
	opts    Options
	mail    mail
	guides  guides
	names   listings
	indexes indexes
	orders  orders
	working atomic.Int64 // requests that use the library
	telling sync.Mutex   // held from when files are looked at until pages are told: none gets an older list after a newer

	mu     sync.Mutex
	comms  map[string]*comm
	ids    map[int64]int  // of the files that were told of, their numbers
	own    map[int64]bool // files that comms have opened
	told   string         // the files as they were told last
	ticket *time.Timer    // tells of files soon
}

// New returns a Browser. Its owner calls Changed when a cell has ended; h5.OnFiles may be given Changed too.
func New(o Options) *Browser {
	if o.Idle == 0 {
		o.Idle = 5 * time.Minute
	}
	return &Browser{opts: o, mail: mail{send: o.Send}, comms: map[string]*comm{}, ids: map[int64]int{}, own: map[int64]bool{}}
}

// Open begins a comm, with what its comm_open said. Again says that the page knows the comm, and had it with an
// engine before this one.
func (b *Browser) Open(id string, data json.RawMessage, again bool) {
	var hello struct {
		V int `json:"v"`
	}
	if err := json.Unmarshal(data, &hello); err != nil || hello.V != version {
		b.event(id, map[string]any{"event": "bye", "reason": "this gofive speaks version 1"})
		b.opts.Close(id)
		return
	}
	c := b.comm(id)
	if before := c; before == nil || !again {
		c = newComm(b, id)
		b.mu.Lock()
		b.comms[id] = c
		b.mu.Unlock()
		if before != nil {
			before.end()
		}
	}
	go b.greet(c, again)
}

// greet tells a page of files for the first time.
func (b *Browser) greet(c *comm, again bool) {
	b.telling.Lock()
	defer b.telling.Unlock()
	files := b.files()
	if again {
		b.news(c.id, "files", map[string]any{"event": "files", "files": files})
	} else {
		b.event(c.id, map[string]any{"event": "hello", "server": b.opts.Server, "ops": append(Ops(), b.opts.More...), "caps": caps, "files": files})
	}
	raw, _ := json.Marshal(files)
	b.mu.Lock()
	defer b.mu.Unlock()
	c.greeted = true
	if len(b.comms) == 1 && !again {
		b.told = string(raw)
	}
}

// Request takes a message over a comm, and reports whether that is open. Answers come by Options.Send with the
// number.
func (b *Browser) Request(id string, number int64, data json.RawMessage) bool {
	c := b.comm(id)
	if c == nil {
		return false
	}
	c.take(number, data)
	return true
}

// Shut ends a comm, and all that it has open or at work, and reports whether there was one.
func (b *Browser) Shut(id string) bool {
	b.mu.Lock()
	c := b.comms[id]
	delete(b.comms, id)
	b.mu.Unlock()
	if c != nil {
		c.end()
		b.mail.forget(id)
	}
	return c != nil
}

// rest gives up what was kept to be quick, when no page has asked for anything in a while.
func (b *Browser) rest() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.comms {
		c.mu.Lock()
		resting := c.resting
		c.mu.Unlock()
		if !resting {
			return
		}
	}
	b.guides.clear()
	b.names.clear()
	b.indexes.clear()
	b.orders.clear()
}

func (b *Browser) comm(id string) *comm {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.comms[id]
}

// soon is how long changes of files are collected before they are told.
const soon = 50 * time.Millisecond

// Changed tells pages soon which files are open, if these or the variables that hold them have changed.
func (b *Browser) Changed() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.comms) > 0 && b.ticket == nil {
		b.ticket = time.AfterFunc(soon, b.tellFiles)
	}
}

func (b *Browser) tellFiles() {
	b.mu.Lock()
	b.ticket = nil
	b.mu.Unlock()
	if h5.Busy(busyAfter) {
		b.Changed()
		return
	}
	b.telling.Lock()
	defer b.telling.Unlock()
	files := b.files()
	raw, _ := json.Marshal(files)
	b.mu.Lock()
	same := b.told == string(raw)
	b.told = string(raw)
	var ids []string
	for id, c := range b.comms {
		if c.greeted { // the greeting of another tells it of newer ones
			ids = append(ids, id)
		}
	}
	b.mu.Unlock()
	if same {
		return
	}
	for _, id := range ids {
		b.news(id, "files", map[string]any{"event": "files", "files": files})
	}
}

// event says at once what nobody has asked for.
func (b *Browser) event(comm string, fields map[string]any) {
	fields["v"] = version
	if raw, err := json.Marshal(fields); err == nil {
		b.mail.now(comm, 0, false, raw, nil)
	}
}

// news says how something is now, of which pages have been told before; key names it.
func (b *Browser) news(comm, key string, fields map[string]any) {
	fields["v"] = version
	b.mail.put(letter{comm: comm, key: key, answer: answer{fields: fields}})
}
