package interp

import (
	"cmp"
	"errors"
	"io"
	"os"

	"gofive/kernel/engine"
)

// endOfInput is what terminals answer when Ctrl-D was typed.
const endOfInput = "\x04"

// answer is the reply to an Input event.
type answer struct {
	text string
	ok   bool
}

// ask asks the front end of the calling goroutine's run for a line of text.
func (it *Interp) ask(prompt string, password bool) (string, error) {
	r := it.labels.run()
	if r == nil || !r.allowInput {
		return "", cmp.Or(it.opts.NoFrontEnd, errNoInput)
	}
	request, reply := it.expect()
	it.opts.Emit(engine.Event{Kind: engine.Input, Run: r.id, Request: request, Prompt: prompt, Password: password})
	select {
	case a := <-reply:
		switch {
		case !a.ok:
			return "", errNoInput
		case a.text == endOfInput:
			return "", io.EOF
		}
		return a.text, nil
	case <-r.interrupted:
		it.halt("")
		return "", io.EOF
	}
}

// Call asks the kernel to do something for the calling goroutine's run, and gives its answer. An error is the
// kernel's word on why it did not.
func (it *Interp) Call(method string, args []byte) ([]byte, error) {
	r := it.labels.run()
	if it.opts.NoFrontEnd != nil {
		return nil, it.opts.NoFrontEnd
	}
	if r == nil {
		return nil, errors.New("only a cell that runs can ask the kernel")
	}
	request, reply := it.expect()
	it.opts.Emit(engine.Event{Kind: engine.Errand, Run: r.id, Request: request, Method: method, Data: args})
	select {
	case a := <-reply:
		if !a.ok {
			return nil, errors.New(a.text)
		}
		return []byte(a.text), nil
	case <-r.interrupted:
		it.halt("")
		return nil, errInterrupted
	}
}

// expect numbers a request and gives where its answer will come.
func (it *Interp) expect() (request int64, reply chan answer) {
	it.mu.Lock()
	defer it.mu.Unlock()
	it.asked++
	reply = make(chan answer, 1)
	it.asks[it.asked] = reply
	return it.asked, reply
}

// errInterrupted is what a request gives whose run was interrupted.
var errInterrupted = errors.New("the cell was interrupted")

// Answer replies to an Input or Call event; one that nobody waits for is dropped.
func (it *Interp) Answer(request int64, text string, ok bool) {
	it.mu.Lock()
	defer it.mu.Unlock()
	if reply := it.asks[request]; reply != nil {
		delete(it.asks, request)
		reply <- answer{text, ok}
	}
}

// typed gives what stands in for r when it is the standard input: a compiled function that reads from
// os.Stdin prompts too.
func (it *Interp) typed(r io.Reader) io.Reader {
	if f, ok := r.(*os.File); ok && f == os.Stdin {
		return input{it}
	}
	return r
}

// input is the standard input of cells: fmt.Scan and its kin prompt the front end for a line.
type input struct{ interp *Interp }

func (in input) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	r := in.interp.labels.run()
	if r == nil {
		return 0, errNoInput
	}
	if len(r.typed) == 0 { // fmt reads byte by byte: a line is asked for once
		text, err := in.interp.ask("", false)
		if err != nil {
			return 0, err
		}
		r.typed = []byte(text + "\n")
	}
	n := copy(p, r.typed)
	r.typed = r.typed[n:]
	return n, nil
}
