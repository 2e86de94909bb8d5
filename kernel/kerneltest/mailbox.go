package kerneltest

import (
	"io"
	"sync"
)

// mailbox is a queue without limit that can be waited for.
type mailbox struct {
	mu   sync.Mutex
	more sync.Cond
	list [][][]byte
	shut bool
}

func newMailbox() *mailbox {
	m := &mailbox{}
	m.more.L = &m.mu
	return m
}

// put adds a message.
func (m *mailbox) put(frames [][]byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.list = append(m.list, frames)
	m.more.Signal()
}

// get waits for the next message, or gives io.EOF after close.
func (m *mailbox) get() ([][]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for len(m.list) == 0 && !m.shut {
		m.more.Wait()
	}
	if len(m.list) == 0 {
		return nil, io.EOF
	}
	frames := m.list[0]
	m.list = m.list[1:]
	return frames, nil
}

// close ends the waits, once what was put has been got.
func (m *mailbox) close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.shut = true
	m.more.Broadcast()
}
