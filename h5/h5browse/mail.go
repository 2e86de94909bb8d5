package h5browse

import (
	"encoding/json"
	"slices"
	"sync"
	"time"
)

// Servers of notebooks cut off who says too much in a second. What nobody waits for, parts of answers and events,
// keeps to caps.messages: where they would be more, a later one takes the place of one that still waits.
const (
	messages = 100 // in any second, as long as answers leave room
	burst    = 10  // of them at once
)

// letter is something that may wait a little: a part of an answer, or an event.
type letter struct {
	comm   string
	key    string // of a comm's letters, those with one key tell the state of one thing
	call   *call  // of which it is a part; nil for events
	answer answer
	hits   []hit // of a search; those of several letters add up
}

// mail is what leaves for pages.
type mail struct {
	send func(comm string, number int64, last bool, data json.RawMessage, buffers [][]byte)

	mu      sync.Mutex
	room    float64 // how many letters may leave now; below 0 after many answers
	at      time.Time
	waiting []letter
	timer   *time.Timer
}

// put sends a letter, as soon as there is room.
func (m *mail) put(l letter) {
	m.mu.Lock()
	defer m.mu.Unlock()
	at := slices.IndexFunc(m.waiting, func(o letter) bool { return o.comm == l.comm && o.key == l.key })
	if at >= 0 {
		l.hits = append(m.waiting[at].hits, l.hits...)
		m.waiting[at] = l
	} else {
		m.waiting = append(m.waiting, l)
	}
	m.leave()
}

// leave sends what there is room for, and comes again for the rest.
func (m *mail) leave() {
	m.take(0)
	for len(m.waiting) > 0 && m.room >= 1 {
		l := m.waiting[0]
		m.waiting = m.waiting[1:]
		m.post(l)
	}
	if len(m.waiting) > 0 && m.timer == nil {
		m.timer = time.AfterFunc(time.Second/(messages-burst), func() {
			m.mu.Lock()
			defer m.mu.Unlock()
			m.timer = nil
			m.leave()
		})
	}
}

// take takes room for n messages. What was not used in time is lost, and so is what was used too much.
func (m *mail) take(n float64) {
	now := time.Now()
	m.room = min(m.room+now.Sub(m.at).Seconds()*(messages-burst), burst)
	m.room = max(m.room-n, -burst)
	m.at = now
}

// post writes a letter out: hits in as many messages as they need.
func (m *mail) post(l letter) {
	for {
		number := int64(0)
		if l.call != nil {
			number = l.call.number
			l.call.parts++
			l.answer.fields["part"] = l.call.parts
		}
		left := 0
		if l.hits != nil {
			l.answer.fields["items"], left = fitting(l.hits)
		}
		if raw, buffers, err := l.answer.message(); err == nil {
			m.take(1)
			m.send(l.comm, number, false, raw, buffers)
		}
		if left == 0 {
			return
		}
		l.hits = l.hits[len(l.hits)-left:]
	}
}

// now sends something that is waited for; an answer after its parts.
func (m *mail) now(comm string, number int64, last bool, raw json.RawMessage, buffers [][]byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if last {
		m.waiting = slices.DeleteFunc(m.waiting, func(l letter) bool {
			mine := l.comm == comm && l.call != nil && l.call.number == number
			if mine && l.hits != nil {
				m.post(l)
			}
			return mine
		})
	}
	m.take(1)
	m.send(comm, number, last, raw, buffers)
}

// forget drops what waits for a page that is gone.
func (m *mail) forget(comm string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.waiting = slices.DeleteFunc(m.waiting, func(l letter) bool { return l.comm == comm })
}
