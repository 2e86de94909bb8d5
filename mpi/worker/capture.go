package worker

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// capture takes what is written to a file descriptor of this process, also by C libraries and by the
// processes that it starts.
type capture struct {
	own  *os.File // what is captured can be written here, whatever cells do with the descriptor
	pipe *os.File
	tell func(text []byte)
	late time.Duration // patience, less in tests

	telling sync.Mutex // held from a read until what it gave is told

	mu     sync.Mutex
	marks  int
	passed *sync.Cond // the reader has come to a mark, or to the end
	at     int        // the last mark that it has come to
	ended  bool
	hurry  chan struct{}
}

const (
	// markBegin begins what separates text from text that was written later; a number and a line end
	// follow.
	markBegin = "\x00gofive mark "
	// pipeSize is how much can be written before the writer waits for the reader.
	pipeSize = 256 << 10
	// gathering is how long the reader lets text gather: one that is woken for each line takes more time
	// than the cell that prints it.
	gathering = time.Millisecond
	// patience is how long a mark is waited for before a look whether that is in vain.
	patience = 2 * time.Second
)

// newCapture makes a pipe that begin puts in the place of a file descriptor. What comes through it goes to tell.
func newCapture(tell func(text []byte)) (*capture, error) {
	var ends [2]int
	if err := unix.Pipe2(ends[:], unix.O_CLOEXEC); err != nil {
		return nil, os.NewSyscallError("pipe2", err)
	}
	_, _ = unix.FcntlInt(uintptr(ends[0]), unix.F_SETPIPE_SZ, pipeSize)
	_ = unix.SetNonblock(ends[0], true) // so that the runtime waits for it
	c := &capture{
		own: os.NewFile(uintptr(ends[1]), "|1"), pipe: os.NewFile(uintptr(ends[0]), "|0"),
		tell: tell, late: patience, hurry: make(chan struct{}, 1),
	}
	c.passed = sync.NewCond(&c.mu)
	go c.read()
	return c, nil
}

// begin takes what is written to a file descriptor from now on.
func (c *capture) begin(fd int) error {
	return os.NewSyscallError("dup3", unix.Dup3(int(c.own.Fd()), fd, 0))
}

// read tells what comes through the pipe.
func (c *capture) read() {
	buf, held := make([]byte, pipeSize), 0
	for {
		n, err := c.take(buf[held:])
		if err != nil {
			break
		}
		rest := c.cut(buf[:held+n])
		held = copy(buf, rest)
		c.telling.Unlock()
		select {
		case <-c.hurry:
		case <-time.After(gathering):
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended = true
	c.passed.Broadcast()
}

// take waits until there is something in the pipe and reads it. It returns without an error with telling held.
func (c *capture) take(buf []byte) (n int, err error) {
	conn, err := c.pipe.SyscallConn()
	if err != nil {
		return 0, err
	}
	failed := conn.Read(func(fd uintptr) bool {
		c.telling.Lock()
		n, err = unix.Read(int(fd), buf)
		if err == nil && n > 0 {
			return true
		}
		c.telling.Unlock()
		return err != unix.EAGAIN
	})
	if err == nil && n == 0 {
		err = io.EOF
	}
	return n, errors.Join(err, failed)
}

// told reports whether all that was written has been told.
func (c *capture) told() bool {
	c.telling.Lock()
	defer c.telling.Unlock()
	n, err := unix.IoctlGetInt(int(c.own.Fd()), unix.TIOCINQ)
	return err == nil && n == 0
}

// cut tells the text between marks, and returns what may be the beginning of another mark.
func (c *capture) cut(text []byte) []byte {
	for len(text) > 0 {
		i := bytes.IndexByte(text, markBegin[0])
		if i < 0 {
			i = len(text)
		}
		if i > 0 {
			c.tell(bytes.Clone(text[:i]))
			text = text[i:]
			continue
		}
		end := bytes.IndexByte(text, '\n')
		var mark int
		switch n, _ := fmt.Sscanf(string(text[:end+1]), markBegin+"%d\n", &mark); {
		case end < 0 && len(text) < len(markBegin)+20:
			return text
		case n == 1:
			c.pass(mark)
			text = text[end+1:]
		default: // a NUL of the cell's own
			c.tell([]byte{text[0]})
			text = text[1:]
		}
	}
	return nil
}

func (c *capture) pass(mark int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = max(c.at, mark)
	c.passed.Broadcast()
}

// settle returns when everything that was written before has been told.
func (c *capture) settle() {
	if c.told() {
		return
	}
	c.mu.Lock()
	c.marks++
	mark := c.marks
	c.mu.Unlock()
	if _, err := fmt.Fprintf(c.own, markBegin+"%d\n", mark); err != nil {
		return
	}
	select {
	case c.hurry <- struct{}{}:
	default:
	}
	passed := make(chan struct{})
	defer close(passed)
	go c.miss(mark, passed)
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.at < mark && !c.ended {
		c.passed.Wait()
	}
}

// miss passes a mark that has not come although everything has been told: a cell has written something into it. One
// that is only late, since whoever is told takes its time, is waited for: text after it is of another program.
func (c *capture) miss(mark int, passed <-chan struct{}) {
	for {
		select {
		case <-passed:
			return
		case <-time.After(c.late):
		}
		if c.told() {
			c.pass(mark)
			return
		}
	}
}
