package engine

import (
	"bytes"
	"os"
	"regexp"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// output reads one of the pipes that an engine's file descriptors 1 and 2 write into: text of C
// libraries and child processes, and the last words of a crash. The kernel holds the reading end,
// so that nothing is lost when the engine dies.
type output struct {
	life *life
	name string
	pipe *os.File
	gate *gate

	hurry chan struct{} // has an element when the reader is not to wait for more text

	reading sync.Mutex // held from a read until what it gave is handed on
	buf     []byte
	held    int // bytes of buf that may be the beginning of a mark

	mu     sync.Mutex
	moved  *sync.Cond      // at, done or closed have changed
	at     string          // the mark that the reader has come to and waits at
	done   map[string]bool // marks that were released before the reader came to them
	free   bool            // there is nobody left to release a mark
	words  []byte          // before the engine is ready, and from the first line of a crash
	closed bool
}

// longest bounds the last words that are kept.
const longest = 16 << 10

// newOutput makes a pipe; the end to write into is the engine's.
func newOutput(l *life, name string) (o *output, w *os.File, err error) {
	r, w, err := newPipe()
	if err != nil {
		return nil, nil, err
	}
	g, err := newGate(r)
	if err != nil {
		r.Close()
		w.Close()
		return nil, nil, err
	}
	o = &output{life: l, name: name, pipe: r, gate: g, buf: make([]byte, pipeSize), hurry: make(chan struct{}, 1), done: map[string]bool{}}
	o.moved = sync.NewCond(&o.mu)
	return o, w, nil
}

// close closes our end of the pipe.
func (o *output) close() {
	o.gate.close()
	o.pipe.Close()
}

const (
	// pipeSize is how much a cell can write before it waits for the reader, where the system allows it.
	pipeSize = 256 << 10
	// readEvery is how long the reader lets text gather. One that is woken for each line that a cell
	// prints takes more time than the cell.
	readEvery = time.Millisecond
)

// newPipe makes a pipe that the runtime does not poll.
func newPipe() (r, w *os.File, err error) {
	var fds [2]int
	if err := unix.Pipe2(fds[:], unix.O_CLOEXEC); err != nil {
		return nil, nil, os.NewSyscallError("pipe2", err)
	}
	_, _ = unix.FcntlInt(uintptr(fds[0]), unix.F_SETPIPE_SZ, pipeSize)
	return os.NewFile(uintptr(fds[0]), "|0"), os.NewFile(uintptr(fds[1]), "|1"), nil
}

// read hands everything on until the pipe closes.
func (o *output) read() {
	defer o.close()
	defer o.end()
	for {
		if err := o.gate.wait(); err != nil {
			return
		}
		text, err := o.take()
		if err != nil {
			return
		}
		if text {
			o.gather()
		}
	}
}

// take reads what there is and hands it on. It reports whether there was text.
func (o *output) take() (text bool, err error) {
	o.reading.Lock()
	defer o.reading.Unlock()
	n, err := o.pipe.Read(o.buf[o.held:])
	if err != nil {
		return false, err
	}
	read := o.buf[:o.held+n]
	text = read[0] != markText[0]
	o.held = copy(o.buf, o.scan(read))
	return text, nil
}

// gather waits until more text has come, or somebody waits for a mark.
func (o *output) gather() {
	select {
	case <-o.hurry:
	case <-time.After(readEvery):
	}
}

// end hands on what is left when the pipe has closed.
func (o *output) end() {
	o.hand(o.buf[:o.held])
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closed = true
	o.moved.Broadcast()
}

// settle waits until what has been read is handed on. What looked like the beginning of a mark is none
// when nothing follows, and what looked like last words was ordinary text.
func (o *output) settle() {
	o.reading.Lock()
	defer o.reading.Unlock()
	if o.held > 0 && isEmpty(o.pipe) {
		o.hand(o.buf[:o.held])
		o.held = 0
	}
	o.goOn()
}

// isEmpty reports whether all that was written to a pipe has been read.
func isEmpty(pipe *os.File) bool {
	n, err := unix.IoctlGetInt(int(pipe.Fd()), unix.TIOCINQ)
	return err == nil && n == 0
}

// scan hands on the text between marks and returns what may be the beginning of another.
func (o *output) scan(text []byte) []byte {
	for {
		i := bytes.IndexByte(text, markText[0])
		if i < 0 {
			o.hand(text)
			return nil
		}
		o.hand(text[:i])
		text = text[i:]
		head := min(len(text), len(markText))
		if string(text[:head]) != markText[:head] {
			o.hand(text[:1]) // a NUL of the cell's own
			text = text[1:]
			continue
		}
		end := bytes.IndexByte(text, '\n')
		switch {
		case end < 0 && len(text) < longestMark:
			return text
		case end < 0 || end > longestMark: // the cell's own too
			o.hand(text[:1])
			text = text[1:]
			continue
		}
		o.pause(string(text[:end+1]))
		text = text[end+1:]
	}
}

// lastWords finds the line by which a Go process says that it is about to die.
var lastWords = regexp.MustCompile(`(?m)^(SIG[A-Z]+: |fatal error: |runtime: goroutine stack exceeds|panic: )`)

// hand gives text to the cell that runs, or keeps it when it belongs to no cell: before the engine
// is ready, and when it dies.
func (o *output) hand(text []byte) {
	if len(text) == 0 {
		return
	}
	o.mu.Lock()
	ready := false
	select {
	case <-o.life.ready:
		ready = true
	default:
	}
	switch {
	case !ready || len(o.words) > 0:
		o.keep(text)
		text = nil
	case o.name == "stderr":
		if at := lastWords.FindIndex(text); at != nil {
			o.keep(text[at[0]:])
			text = text[:at[0]]
		}
	}
	o.mu.Unlock()
	if len(text) > 0 {
		o.life.owner.written(o.name, bytes.Clone(text))
	}
}

func (o *output) keep(text []byte) {
	o.words = append(o.words, text[:min(len(text), longest-len(o.words))]...)
}

// last gives the last words.
func (o *output) last() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return string(o.words)
}

// patience is how long a mark is waited for: a cell may have closed the descriptor. It is counted in ticks, as by
// Within: when this process did not run for so long, neither did the reader.
const patience = 2 * time.Second

// pause keeps the reader at a mark until what the mark belongs to has been told: text behind it is
// shown behind it.
func (o *output) pause(mark string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.done[mark] {
		delete(o.done, mark)
		return
	}
	o.at = mark
	o.moved.Broadcast()
	for o.at == mark && !o.free {
		o.moved.Wait()
	}
}

// await waits until the reader has come to a mark. What looked like last words before it was ordinary
// text, for the engine lives.
func (o *output) await(mark string) {
	select {
	case o.hurry <- struct{}{}:
	default:
	}
	o.mu.Lock()
	left, tooLate := ticks, false
	var late *time.Timer
	late = time.AfterFunc(patience/ticks, func() {
		reading := !o.reading.TryLock()
		if !reading {
			o.reading.Unlock()
		}
		o.mu.Lock()
		defer o.mu.Unlock()
		if left--; reading { // somebody is slow to take what stands before the mark
			left = ticks
		}
		if left > 0 {
			late.Reset(patience / ticks)
			return
		}
		tooLate = true
		o.moved.Broadcast()
	})
	defer late.Stop()
	for o.at != mark && !o.closed && !tooLate {
		o.moved.Wait()
	}
	o.mu.Unlock()
	o.goOn()
}

// goOn hands on what looked like last words, for the engine lives.
func (o *output) goOn() {
	o.mu.Lock()
	words := o.words
	o.words = nil
	o.mu.Unlock()
	if len(words) > 0 {
		o.life.owner.written(o.name, words)
	}
}

// release lets the reader go on from a mark; "" from any, for good.
func (o *output) release(mark string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case mark == "":
		o.free = true
	case o.at == mark:
		o.at = ""
	default:
		o.done[mark] = true
	}
	o.moved.Broadcast()
}

// written emits text of a file descriptor as that of the latest run.
func (p *Process) written(stream string, text []byte) {
	p.mu.Lock()
	run := p.latest
	p.mu.Unlock()
	p.emit(Event{Kind: Stream, Run: run, Stream: stream, Text: text})
}
