package engine

import (
	"bufio"
	"encoding/gob"
	"io"
	"sync"
)

// The kernel and its engine speak gob over a socket pair: commands one way, reports the other. Both
// ends are built from one source at one time, so the format carries no version.

// command is what the kernel tells an engine; one field is set.
type command struct {
	Run       *Program
	Interrupt int64 // the run to end
	Answer    *reply
	Ask       *ask
	Close     bool
}

// ask is a numbered question.
type ask struct {
	Ask      int64
	Question *Question
}

// known is the answer to it.
type known struct {
	Ask       int64
	Knowledge Knowledge
}

// reply is the answer to an Input event.
type reply struct {
	Request int64
	Text    string
	OK      bool
}

// report is what an engine tells the kernel; one field is set.
type report struct {
	Ready bool
	Event *Event
	Done  *done
	Known *known
}

// done says that a run has ended, and what its value is. Mark was written to file descriptors 1 and 2
// after everything that the run wrote there; it is "" when all of that had been read by then.
type done struct {
	Run     int64
	Failure *Failure
	Result  *Event
	Mark    string
}

// sender writes values of one type to a stream, from many goroutines.
type sender[T any] struct {
	mu  sync.Mutex
	buf *bufio.Writer
	enc *gob.Encoder
}

func newSender[T any](w io.Writer) *sender[T] {
	buf := bufio.NewWriterSize(w, 64<<10)
	return &sender[T]{buf: buf, enc: gob.NewEncoder(buf)}
}

func (s *sender[T]) send(v T) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.enc.Encode(v); err != nil {
		return err
	}
	return s.buf.Flush()
}

// markText begins the line that separates what one run wrote to a file descriptor from what comes
// after; the rest of the line is random.
const markText = "\x00gofive end of run "

// longestMark is more bytes than a mark has.
const longestMark = 64
