// Package history keeps the cells that ran, those of this session and of all earlier ones, in one
// SQLite file that all kernels of a user share.
//
// There are only a few types here: a Store takes Cells at once, writes them when it can, and finds
// them again. A file that is locked, full, damaged or not there costs no cell: what cannot be written
// stays in memory, is found there, and is tried again later.
//
//	s := history.New(history.Path(), func(trouble string) { log.Print(trouble) })
//	go s.Run()
//	s.Add(history.Cell{Line: 1, Input: "1+1"})
//	cells, err := s.Find(ctx, msg.HistoryRequest{Access: "tail", N: 10})
package history

import (
	"context"
	"fmt"
	"sync"
	"time"

	"gofive/kernel/msg"
)

const (
	// writeEvery bounds how often cells are written: a loop of short ones shares its writes.
	writeEvery = 100 * time.Millisecond
	// retryEvery is how long after a write that failed the next is tried.
	retryEvery = 2 * time.Second
)

// Cell is a cell that was run.
type Cell struct {
	Session int // Find sets it; 0 is a session that has not been written yet
	Line    int // its execution count
	Input   string
	Output  *string // plain text of its value, nil when it has none
}

// Store is the history of one session. Run serves it; the other methods may be called from several
// goroutines.
type Store struct {
	path string
	tell func(trouble string)

	mu      sync.Mutex
	queue   []Cell // not written yet
	trouble string

	wake chan struct{} // has an element when the queue may not be empty
	asks chan ask
	shut chan struct{} // closed by Close
	done chan struct{} // closed when Run has returned
}

// ask is a question of Find.
type ask struct {
	query  msg.HistoryRequest
	answer chan []Cell // has room for it
}

// New returns a Store that keeps its cells in the file path, or only in memory when that is "".
// Nothing is opened before the first cell or question. When the file cannot be written, tell is
// called with what Trouble says, once.
func New(path string, tell func(trouble string)) *Store {
	var once sync.Once
	return &Store{
		path: path, tell: func(trouble string) { once.Do(func() { tell(trouble) }) },
		wake: make(chan struct{}, 1), asks: make(chan ask),
		shut: make(chan struct{}), done: make(chan struct{}),
	}
}

// Add takes a cell and returns at once. A later one of the same line replaces it.
func (s *Store) Add(c Cell) {
	s.mu.Lock()
	s.queue = append(s.queue, c)
	s.mu.Unlock()
	s.notify()
}

func (s *Store) notify() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Find gives the cells that q asks for, oldest first. The error is that of ctx: a file system may
// never answer.
func (s *Store) Find(ctx context.Context, q msg.HistoryRequest) ([]Cell, error) {
	a := ask{q, make(chan []Cell, 1)}
	asks := s.asks
	for {
		select {
		case asks <- a:
			asks = nil
		case cells := <-a.answer:
			return cells, nil
		case <-ctx.Done():
			return nil, fmt.Errorf("history: %s does not answer: %w", s.path, ctx.Err())
		case <-s.done:
			return nil, nil
		}
	}
}

// Trouble says why cells are kept in memory only, "" when they are not.
func (s *Store) Trouble() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.trouble
}

// Close lets Run write what is left and end, and returns what tells that it has.
func (s *Store) Close() <-chan struct{} {
	close(s.shut)
	return s.done
}

// Run serves the Store until Close.
func (s *Store) Run() {
	defer close(s.done)
	t := &table{path: s.path}
	defer t.close()
	var pause <-chan time.Time // nil when the next cell may be written at once
	for {
		wake := s.wake
		if pause != nil {
			wake = nil
		}
		select {
		case <-wake:
			pause = time.After(s.write(t))
		case <-pause:
			pause = nil
		case a := <-s.asks:
			if pause == nil { // so that the session has its number
				pause = time.After(s.write(t))
			}
			a.answer <- t.find(a.query, s.waiting())
		case <-s.shut:
			s.write(t)
			return
		}
	}
}

// write writes what waits and tells how long to leave the file alone. What could not be written is
// tried again with the next cell, or by itself when another kernel held the lock.
func (s *Store) write(t *table) time.Duration {
	waiting := s.waiting()
	err := t.write(waiting)
	switch {
	case err == nil:
		s.mu.Lock()
		defer s.mu.Unlock()
		s.queue, s.trouble = s.queue[len(waiting):], ""
		return writeEvery
	case isBusy(err):
		s.notify()
	default:
		s.fail(err)
	}
	return retryEvery
}

// fail notes why nothing can be written.
func (s *Store) fail(err error) {
	trouble := fmt.Sprintf("%s cannot be written (%v): the cells of this session are kept in memory only; "+
		"make room there or mend its permissions, or move it away and a new one is made", s.path, err)
	s.mu.Lock()
	s.trouble = trouble
	s.mu.Unlock()
	s.tell(trouble)
}

// waiting gives the cells that are not written yet.
func (s *Store) waiting() []Cell {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.queue[:len(s.queue):len(s.queue)]
}
