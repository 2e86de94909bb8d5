package engine

import (
	"bytes"
	"os"
	"regexp"
	"sync"
	"time"
)

// output reads one of the pipes that an engine's file descriptors 1 and 2 write into: text of C
// libraries and child processes, and the last words of a crash. The kernel holds the reading end,
// so that nothing is lost when the engine dies.
type output struct {
	life *life
	name string
	pipe *os.File

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

func newOutput(l *life, name string, pipe *os.File) *output {
	o := &output{life: l, name: name, pipe: pipe, done: map[string]bool{}}
	o.moved = sync.NewCond(&o.mu)
	return o
}

// read hands everything on until the pipe closes.
func (o *output) read() {
	defer o.pipe.Close()
	buf := make([]byte, 64<<10)
	var rest []byte // the beginning of what may be a mark
	for {
		n, err := o.pipe.Read(buf)
		rest = o.scan(append(rest, buf[:n]...))
		if err != nil {
			o.hand(rest)
			o.mu.Lock()
			o.closed = true
			o.moved.Broadcast()
			o.mu.Unlock()
			return
		}
	}
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
		if end < 0 {
			return bytes.Clone(text)
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

// patience is how long a mark is waited for: a cell may have closed the descriptor.
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
	tooLate := false
	late := time.AfterFunc(patience, func() {
		o.mu.Lock()
		defer o.mu.Unlock()
		tooLate = true
		o.moved.Broadcast()
	})
	defer late.Stop()
	o.mu.Lock()
	for o.at != mark && !o.closed && !tooLate {
		o.moved.Wait()
	}
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
