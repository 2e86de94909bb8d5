package kerneltest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"gofive/kernel/engine"
)

// Engine runs programs whose lines are commands:
//
//	print TEXT, eprint TEXT    write a line to stdout, to stderr
//	write TEXT                 write TEXT, a Go string without quotes, to stdout
//	lines N                    print N lines
//	result TEXT                the value of the cell
//	show ID TEXT, update ID TEXT, clear
//	open ID TARGET             open a comm
//	ask PROMPT, password PROMPT    print what the user answers
//	wait                       until the cell is interrupted
//	hold                       until Release is called
//	error TEXT                 fail
//	die                        lose the engine
//
// It knows every comm but the one called "unknown", answers what is said there with the same, and lets
// "turn" be printed when the data has a field of that name. On comms of engine.BrowseTarget it says hello, or files
// when they are opened again; it answers a request with op "echo" and keeps the others waiting.
type Engine struct {
	events  sync.Mutex // one event at a time
	handler engine.Handler

	mu      sync.Mutex
	stops   map[int64]context.CancelFunc // of running programs
	answers map[int64]chan answer
	asked   int64
	release chan struct{}
	ran     []*engine.Program
	closed  bool
	pages   map[string]bool // comms of engine.BrowseTarget, as long as the engine is not lost
}

// answer is what Answer was called with.
type answer struct {
	text string
	ok   bool
}

// NewEngine returns an engine whose events go nowhere yet.
func NewEngine() *Engine {
	return &Engine{
		handler: func(engine.Event) {},
		stops:   make(map[int64]context.CancelFunc),
		answers: make(map[int64]chan answer),
		release: make(chan struct{}),
		pages:   make(map[string]bool),
	}
}

// Bind lets events go to h and returns e.
func (e *Engine) Bind(h engine.Handler) *Engine {
	e.events.Lock()
	defer e.events.Unlock()
	e.handler = h
	return e
}

// Emit sends an event as if a program had caused it.
func (e *Engine) Emit(ev engine.Event) {
	e.events.Lock()
	defer e.events.Unlock()
	e.handler(ev)
}

// Release lets one "hold" go on; it waits for it.
func (e *Engine) Release() { e.release <- struct{}{} }

// Ran lists the programs that were run.
func (e *Engine) Ran() []*engine.Program {
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]*engine.Program(nil), e.ran...)
}

// AwaitRan waits until so many programs have begun: events of theirs find their cells then.
func (e *Engine) AwaitRan(n int) {
	for len(e.Ran()) < n {
		time.Sleep(time.Millisecond)
	}
}

// Closed reports whether Close was called.
func (e *Engine) Closed() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.closed
}

// Run implements engine.Engine.
func (e *Engine) Run(ctx context.Context, p *engine.Program) *engine.Failure {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	e.mu.Lock()
	e.stops[p.Run] = stop
	e.ran = append(e.ran, p)
	e.mu.Unlock()
	defer func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		delete(e.stops, p.Run)
	}()
	if p.Turn {
		e.write(p, "stdout", "turn\n")
		return nil
	}
	e.Emit(engine.Event{Kind: engine.Loaded, Run: p.Run})
	for i, line := range strings.Split(p.Source, "\n") {
		command, rest, _ := strings.Cut(line, " ")
		if f := e.do(ctx, p, command, rest); f != nil {
			f.Traceback = []string{f.Error(), fmt.Sprintf("cell %s, line %d", p.Name, i+1)}
			return f
		}
	}
	return nil
}

// do runs one command.
func (e *Engine) do(ctx context.Context, p *engine.Program, command, rest string) *engine.Failure {
	id, text, _ := strings.Cut(rest, " ")
	switch command {
	case "print":
		e.write(p, "stdout", rest+"\n")
	case "eprint":
		e.write(p, "stderr", rest+"\n")
	case "write":
		e.write(p, "stdout", unescape(rest))
	case "lines":
		e.lines(p, rest)
	case "result":
		e.Emit(engine.Event{Kind: engine.Result, Run: p.Run, Data: plain(rest), Metadata: json.RawMessage("{}")})
	case "show":
		e.Emit(engine.Event{Kind: engine.Display, Run: p.Run, DisplayID: id, Data: plain(text)})
	case "update":
		e.Emit(engine.Event{Kind: engine.Update, Run: p.Run, DisplayID: id, Data: plain(text)})
	case "clear":
		e.Emit(engine.Event{Kind: engine.Clear, Run: p.Run, Wait: true})
	case "open":
		e.Emit(engine.Event{Kind: engine.Comm, Run: p.Run, Comm: &engine.CommMessage{
			Kind: "comm_open", ID: id, Target: text, Data: json.RawMessage("{}"), Metadata: json.RawMessage(`{"version":"1"}`), Buffers: [][]byte{[]byte("buffer")},
		}})
	case "ask", "password":
		return e.ask(ctx, p, rest, command == "password")
	case "wait":
		<-ctx.Done()
	case "hold":
		select {
		case <-e.release:
		case <-ctx.Done():
		}
	case "error":
		return &engine.Failure{Name: engine.FailureError, Value: rest}
	case "die":
		e.mu.Lock()
		clear(e.pages)
		e.mu.Unlock()
		e.Emit(engine.Event{Kind: engine.Lost, Run: p.Run, Text: []byte("the engine died")})
		return &engine.Failure{Name: engine.FailureEngine, Value: "the engine died"}
	}
	if ctx.Err() != nil {
		return &engine.Failure{Name: engine.FailureInterrupted, Value: "interrupted"}
	}
	return nil
}

// write emits text.
func (e *Engine) write(p *engine.Program, stream, text string) {
	e.Emit(engine.Event{Kind: engine.Stream, Run: p.Run, Stream: stream, Text: []byte(text)})
}

// lines emits n lines.
func (e *Engine) lines(p *engine.Program, n string) {
	count := 0
	fmt.Sscan(n, &count)
	for i := range count {
		e.write(p, "stdout", fmt.Sprintf("line %d\n", i))
	}
}

// ask emits an Input event and prints the answer.
func (e *Engine) ask(ctx context.Context, p *engine.Program, prompt string, password bool) *engine.Failure {
	e.mu.Lock()
	e.asked++
	request, got := e.asked, make(chan answer, 1)
	e.answers[request] = got
	e.mu.Unlock()
	e.Emit(engine.Event{Kind: engine.Input, Run: p.Run, Request: request, Prompt: prompt, Password: password})
	select {
	case a := <-got:
		if !a.ok {
			return &engine.Failure{Name: engine.FailureError, Value: "nobody to ask"}
		}
		e.write(p, "stdout", "answer: "+a.text+"\n")
		return nil
	case <-ctx.Done():
		return &engine.Failure{Name: engine.FailureInterrupted, Value: "interrupted"}
	}
}

// plain gives a MIME bundle of plain text.
func plain(text string) json.RawMessage {
	b, err := json.Marshal(map[string]string{"text/plain": text})
	if err != nil {
		panic(err) // strings can always be marshalled
	}
	return b
}

// unescape reads \xHH and the like.
func unescape(text string) string {
	var s string
	if _, err := fmt.Sscanf(`"`+text+`"`, "%q", &s); err != nil {
		return err.Error()
	}
	return s
}

// Interrupt implements engine.Engine.
func (e *Engine) Interrupt(run int64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if stop := e.stops[run]; stop != nil {
		stop()
	}
}

// Answer implements engine.Engine.
func (e *Engine) Answer(request int64, text string, ok bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if got := e.answers[request]; got != nil {
		delete(e.answers, request)
		got <- answer{text, ok}
	}
}

// Ask implements engine.Asker: it knows the value of every variable, and "alpha" and "beta" as what any
// method takes; but of the variable "slow" nothing in time, and of files nothing.
func (e *Engine) Ask(ctx context.Context, q *engine.Question) (engine.Knowledge, error) {
	if m := q.Comm; m != nil && (m.Target == engine.BrowseTarget || strings.HasPrefix(m.ID, "page")) {
		return engine.Knowledge{Delivery: engine.Delivery{Known: e.page(q.Run, m)}}, nil
	}
	if m := q.Comm; m != nil {
		if m.Kind == "comm_msg" && m.ID != "unknown" {
			e.Emit(engine.Event{Kind: engine.Comm, Run: q.Run, Comm: m})
		}
		turn := strings.Contains(string(m.Data), `"turn"`)
		return engine.Knowledge{Delivery: engine.Delivery{Known: m.ID != "unknown", Turn: turn}}, nil
	}
	if q.Var == "slow" {
		<-ctx.Done()
	}
	if q.Files || q.Var == "slow" {
		return engine.Knowledge{}, errors.New("no answer")
	}
	if q.Value {
		return engine.Knowledge{Value: "value of " + q.Var}, nil
	}
	return engine.Knowledge{Names: []engine.Name{{Text: "alpha", Kind: "group"}, {Text: "beta\"", Kind: "dataset"}}}, nil
}

// page plays the engine's side of a comm of a page, whose id begins with "page", and reports whether it is open.
func (e *Engine) page(number int64, m *engine.CommMessage) bool {
	say := func(last bool, data string) {
		e.Emit(engine.Event{Kind: engine.Comm, Run: number, Beside: true, Last: last, Comm: &engine.CommMessage{Kind: "comm_msg", ID: m.ID, Data: json.RawMessage(data)}})
	}
	e.mu.Lock()
	open := e.pages[m.ID]
	switch m.Kind {
	case "comm_open":
		e.pages[m.ID] = true
	case "comm_close":
		delete(e.pages, m.ID)
	}
	e.mu.Unlock()
	switch {
	case m.Kind == "comm_open" && string(m.Metadata) == string(engine.BrowseAgain):
		say(false, `{"event":"files","files":[]}`)
	case m.Kind == "comm_open":
		say(false, `{"event":"hello"}`)
	case open && strings.Contains(string(m.Data), "echo"):
		say(false, `{"part":1}`)
		say(true, `{"ok":true}`)
	}
	return open || m.Kind == "comm_open"
}

// Close implements engine.Engine.
func (e *Engine) Close(context.Context) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, stop := range e.stops {
		stop()
	}
	e.closed = true
	return nil
}
