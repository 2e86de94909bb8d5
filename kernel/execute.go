package kernel

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"gofive/kernel/cell"
	"gofive/kernel/engine"
	"gofive/kernel/history"
	"gofive/kernel/msg"
)

// failureHold is how long after its request a failing cell is answered at the earliest. A "Run All"
// is still on its way when the first of its cells fails within a millisecond; what arrives meanwhile
// is aborted with what waits.
const failureHold = 25 * time.Millisecond

// execution is a cell being run.
type execution struct {
	k       *Kernel
	lane    *lane
	request *request
	asked   msg.ExecuteRequest
	name    string
	count   int
	out     *Output
	mode    cell.Mode            // how the functions of the cell are to run
	px      *pxFlags             // how the cell runs on ranks; nil: here
	payload []any                // what the front end is to do at the end
	after   []func() *msg.Failed // what magics have to do when the cell has ended, in whatever way
}

// execute answers execute_request, and lets functions of cells run that comms call for. It is what the lane of
// a shell does.
func (k *Kernel) execute(l *lane, r *request) {
	if r.run != nil {
		k.takeTurn(l, r)
		return
	}
	k.activity.begin(r.msg.Header, true)
	defer k.activity.end(r.msg.Header)
	defer r.cancel()
	if r.aborted {
		k.reply(r, msg.ExecuteAborted{Status: msg.StatusAborted, ExecutionCount: k.counts.last()})
		return
	}
	asked, err := msg.ParseExecute(r.msg.Content)
	if err != nil {
		k.reply(r, msg.ExecuteError{Error: msg.NewError(*badRequest(err)), ExecutionCount: k.counts.last()})
		return
	}
	x := k.newExecution(l, r, asked)
	failed := k.guarded(r, x.runCell)
	x.out.end()
	if failed != nil {
		x.fail(*failed)
		return
	}
	k.reply(r, msg.ExecuteReply{
		Status: msg.StatusOK, ExecutionCount: x.count,
		UserExpressions: x.userExpressions(), Payload: x.payload,
	})
}

// newExecution names and counts a cell. One that is empty or not to be stored is not counted, and
// its name differs from those of all that are.
func (k *Kernel) newExecution(l *lane, r *request, asked msg.ExecuteRequest) *execution {
	x := &execution{k: k, lane: l, request: r, asked: asked, payload: []any{}}
	if asked.StoreHistory && !x.empty() {
		x.count = k.counts.cell()
		x.name = fmt.Sprintf("In[%d]", x.count)
		k.history.Add(history.Cell{Line: x.count, Input: asked.Code})
	} else {
		var aside int
		aside, x.count = k.counts.aside()
		x.name = fmt.Sprintf("Aside[%d]", aside)
	}
	x.out = &Output{pub: k.pub, parent: r.msg.Header, count: x.count, silent: asked.Silent, room: k.limit.Load()}
	return x
}

// empty reports whether there is nothing to run.
func (x *execution) empty() bool { return strings.TrimSpace(x.asked.Code) == "" }

// runCell checks and runs the cell; nil means that it ended well.
func (x *execution) runCell() *msg.Failed {
	x.out.input(x.asked.Code)
	if x.empty() {
		return nil
	}
	steps, failed := x.steps(cutMagics(x.asked.Code))
	for i := 0; i < len(steps) && failed == nil; i++ {
		failed = steps[i]()
	}
	for _, do := range x.after {
		if f := do(); failed == nil {
			failed = f
		}
	}
	return failed
}

// steps are what the cell does, one after the other: magics above its Go, the Go, the other magics.
func (x *execution) steps(lines []magicLine, code string) ([]func() *msg.Failed, *msg.Failed) {
	var above, below []func() *msg.Failed
	for _, l := range lines {
		m, failed := l.find()
		step := func() *msg.Failed { return m.run(x, l.args) }
		switch {
		case failed != nil:
			return nil, failed
		case m.run == nil:
		case l.above:
			above = append(above, step)
		default:
			below = append(below, step)
		}
	}
	lines, code = x.withoutNegations(lines, code)
	code, failed := expandMagics(lines, code)
	if failed != nil {
		return nil, failed
	}
	if strings.TrimSpace(code) != "" {
		above = append(above, func() *msg.Failed { return x.runCode(code, x.asked.Code) })
	}
	return append(above, below...), nil
}

// runCode runs the Go of a cell where it is to run.
func (x *execution) runCode(code, typed string) *msg.Failed {
	flags := x.parallel()
	if flags == nil {
		return x.runGo(code, typed)
	}
	failed := x.runPx(code, typed, flags)
	if failed == nil && flags.local {
		return x.runGo(code, typed)
	}
	return failed
}

// runGo checks and runs the Go of a cell, which was typed with its magics.
func (x *execution) runGo(code, typed string) *msg.Failed {
	x.adopt()
	r := &run{
		name: x.name, code: typed, request: x.request, out: x.out, input: x.asked.AllowStdin,
		result: x.result,
	}
	loaded := x.inOrder(r)
	defer loaded()
	program, err := x.check(x.mode, x.name, code)
	if err != nil {
		return checkFailure(err, typed)
	}
	if x.mode != cell.Interpreted { // else they have been told
		for _, note := range program.Notes {
			x.out.Stream("stderr", []byte(note+"\n"))
		}
	}
	failure := x.run(x.request.ctx, program, r, true)
	switch {
	case failure == nil:
		x.k.ran.add(x.name, typed)
	case failure.Stale: // it is checked again, with what there is now
		loaded()
		return x.runGo(code, typed)
	case failure.Unloaded:
		loaded()
		return x.interpret(code, typed, failure.Value)
	}
	return runFailure(failure)
}

// inOrder waits until programs that were checked before have reached the engine: what is about to be
// checked may use what they declare. The function that it returns lets the next one go; so does the
// engine, when it has loaded the program of r.
func (x *execution) inOrder(r *run) (loaded func()) {
	x.k.loading.Lock()
	r.life = x.k.engine.life()
	r.loaded = sync.OnceFunc(x.k.loading.Unlock)
	return r.loaded
}

// check has code checked as the cell called name. What is no text at all never reaches the front
// end.
func (x *execution) check(mode cell.Mode, name, code string) (*cell.Program, error) {
	if d := badText(name, code); d != nil {
		return nil, d
	}
	return x.k.front.CheckAs(mode, name, code)
}

// result shows the value of the cell and keeps its text for the history.
func (x *execution) result(ev engine.Event) {
	x.out.Result(ev.Data, ev.Metadata)
	if x.asked.StoreHistory {
		x.k.history.Add(history.Cell{Line: x.count, Input: x.asked.Code, Output: plainText(ev.Data)})
	}
}

// run has the engine run p, its events going where r says, and interrupts it when ctx is done. The
// engine gets a context without end: it takes the end of one as the order to die.
func (x *execution) run(ctx context.Context, p *cell.Program, r *run, isCell bool) *engine.Failure {
	f := x.runProgram(ctx, p, r, isCell)
	if f != nil && f.Unrun {
		x.k.front.Revert(p)
	}
	return f
}

func (x *execution) runProgram(ctx context.Context, p *cell.Program, r *run, isCell bool) *engine.Failure {
	native, failure := x.build(ctx, p, r)
	if failure != nil {
		return failure
	}
	e := x.k.engine.get(ctx)
	beside := x.lane != x.k.shells.main()
	x.k.runs.begin(r, isCell && !beside)
	defer x.k.prompts.withdraw(r.id)
	defer x.k.runs.end(r)
	if ctx.Err() != nil {
		return &engine.Failure{Name: engine.FailureInterrupted, Value: "before it began", Unrun: true}
	}
	defer interruptWhen(ctx, e, r.id)()
	return e.Run(context.Background(), &engine.Program{
		Run: r.id, Name: p.Name, Code: r.code, Types: p.Types, Ring: p.Ring, Source: p.Source, Entry: p.Entry, Funcs: p.Funcs, Forget: p.Forget, Passing: p.Passing,
		Parent: x.request.msg.Header.ID, Native: native, AllowInput: r.input, Profile: x.k.auto.isOn(), Beside: beside, Life: r.life,
	})
}

// fail shows why the cell failed, aborts what waits behind it and answers. A silent cell aborts
// nothing: front ends run such cells on their own account.
func (x *execution) fail(f msg.Failed) {
	x.out.Error(f)
	if x.asked.StopOnError && !x.asked.Silent || f.Name == engine.FailureEngine {
		time.Sleep(failureHold - time.Since(x.request.came))
		x.lane.abort()
	}
	x.k.reply(x.request, msg.ExecuteError{Error: msg.NewError(f), ExecutionCount: x.count})
}

// checkFailure makes the failure of a cell that did not pass its check. What it says of a line that is a
// magic stands below the line as it was typed.
func checkFailure(err error, typed string) *msg.Failed {
	f := &msg.Failed{Name: "compile error", Value: err.Error(), Traceback: []string{red(err.Error())}}
	var d *cell.Diagnostics
	if errors.As(err, &d) {
		asTyped(d, typed)
		f.Value, _, _ = strings.Cut(d.Error(), "\n")
		if more := len(d.List) - 1; more > 0 {
			f.Value += fmt.Sprintf(" (and %d more)", more)
		}
		f.Traceback = d.Traceback()
		for i, line := range f.Traceback {
			if strings.HasPrefix(line, d.Cell+":") { // a message, and not the line it is about
				f.Traceback[i] = red(line)
			}
		}
	}
	return f
}

// asTyped shows errors in the text that was typed: those in Go that a magic became are the magic's.
func asTyped(d *cell.Diagnostics, typed string) {
	lines, _ := cutMagics(typed)
	d.Code = typed
	rows := strings.Split(typed, "\n")
	for i, e := range d.List {
		if e.Line <= len(rows) && strings.HasPrefix(e.Msg, "undefined: ") {
			d.List[i].Msg += commandHint(rows[e.Line-1])
		}
		for _, l := range lines {
			if l.line == e.Line {
				d.List[i].Col = l.start - strings.LastIndexByte(typed[:l.start], '\n')
			}
		}
	}
}

// runFailure makes the failure of a cell that did not run to its end, nil of one that did.
func runFailure(f *engine.Failure) *msg.Failed {
	if f == nil {
		return nil
	}
	traceback := f.Traceback
	if len(traceback) == 0 {
		traceback = []string{f.Error()}
	}
	return &msg.Failed{Name: f.Name, Value: f.Value, Traceback: coloured(traceback)}
}

// coloured gives a traceback with its message in red.
func coloured(traceback []string) []string {
	out := append([]string{}, traceback...)
	if len(out) > 0 {
		out[0] = red(out[0])
	}
	return out
}

func red(text string) string { return "\x1b[31m" + text + "\x1b[0m" }
