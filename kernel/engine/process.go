package engine

import (
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Process is an Engine in a process of its own, which is started at once and replaced when it dies.
type Process struct {
	path    string
	handler Handler
	grace   time.Duration // interruptGrace
	memory  int64         // bytes that the engine may take, 0: what there is

	emitting sync.Mutex // the handler sees one event at a time

	mu      sync.Mutex
	life    *life // the current process, nil when the next run has to start one
	lives   int64 // how many there have been
	pending error // why there is none
	closed  bool
	latest  int64 // the run that last began in the main shell: it gets what is written to fd 1 and 2
}

// Start starts the engine executable at path in the background and hands its events to h. A failure
// to start is what the next Run returns, and the Run after it tries again.
func Start(path string, h Handler) *Process {
	p := &Process{path: path, handler: h, grace: interruptGrace}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.memory, _ = MemoryLimit() // the engine refuses to start with what is no size
	p.begin()
	return p
}

// begin starts a process; p.mu is held.
func (p *Process) begin() {
	p.lives++
	p.life, p.pending = p.launch()
}

// Life implements Mortal.
func (p *Process) Life() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.life == nil {
		return p.lives + 1
	}
	return p.lives
}

// Measure implements Measured.
func (p *Process) Measure() (pid int, rss int64) {
	l := p.living()
	if l == nil || l.reaped.Load() {
		return 0, 0
	}
	return l.cmd.Process.Pid, resident(l.cmd.Process.Pid)
}

// Run implements Engine.
func (p *Process) Run(ctx context.Context, prog *Program) *Failure {
	l, err := p.current(prog)
	switch {
	case err == errStale:
		return &Failure{Name: FailureEngine, Value: err.Error(), Unrun: true, Stale: true}
	case err != nil:
		return unstarted(err)
	}
	ended := l.waits.add(prog.Run) // before the engine is ready: an interrupt counts from here
	select {
	case <-l.ready:
	case <-l.gone:
		p.mu.Lock()
		defer p.mu.Unlock()
		p.forget(l)
		return unstarted(l.startError())
	}
	l.used.Store(true)
	l.out.send(command{Run: prog})
	select {
	case d := <-ended:
		l.told(d.Mark, func() {
			if d.Result != nil {
				p.emit(*d.Result)
			}
		})
		return d.Failure
	case <-l.gone:
		return l.death(prog.Name)
	case <-ctx.Done():
		l.kill()
		<-l.gone
		return l.death(prog.Name)
	}
}

var errStale = errors.New("the engine ended before the cell began")

// current gives the process that the run shall use, a new one when the last is gone.
func (p *Process) current(prog *Program) (*life, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, fmt.Errorf("the engine has been closed")
	}
	if p.life == nil {
		p.begin()
	}
	if p.pending != nil {
		err := p.pending
		p.pending = nil
		return nil, err
	}
	if prog.Life != 0 && prog.Life != p.lives {
		return nil, errStale
	}
	if !prog.Beside {
		p.latest = prog.Run
	}
	return p.life, nil
}

// forget drops a dead process, so that the next run starts another.
func (p *Process) forget(l *life) {
	if p.life == l {
		p.life = nil
	}
}

// Interrupt implements Engine. An engine that has not ended the run after the grace is killed.
func (p *Process) Interrupt(run int64) {
	if l := p.living(); l != nil {
		l.waits.interrupted(run, p.grace, l.deafen)
		l.out.send(command{Interrupt: run})
	}
}

// Answer implements Engine.
func (p *Process) Answer(request int64, text string, ok bool) {
	if l := p.living(); l != nil {
		l.out.send(command{Answer: &reply{request, text, ok}})
	}
}

func (p *Process) isClosed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.closed
}

func (p *Process) living() *life {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.life
}

// Close implements Engine.
func (p *Process) Close(ctx context.Context) error {
	p.mu.Lock()
	p.closed = true
	l := p.life
	p.mu.Unlock()
	if l == nil {
		return nil
	}
	l.out.send(command{Close: true})
	select {
	case <-l.gone:
		return nil
	case <-ctx.Done():
		l.kill()
		<-l.gone
		return fmt.Errorf("the engine did not close its files in time and was killed")
	}
}

// Restart ends the process, whose files are closed, and starts another. After ctx the old one is
// killed. No Lost event tells of it.
func (p *Process) Restart(ctx context.Context) {
	l := p.living()
	if l == nil {
		p.replace()
		return
	}
	l.dismissed.Store(true)
	l.out.send(command{Close: true})
	select {
	case <-l.gone:
	case <-ctx.Done():
		l.kill()
		<-l.gone
	}
	p.replace()
}

// emit hands an event to the handler.
func (p *Process) emit(e Event) {
	p.emitting.Lock()
	defer p.emitting.Unlock()
	p.handler(e)
}

// unstarted words that there is no engine.
func unstarted(err error) *Failure {
	text := fmt.Sprintf("the engine that runs cells does not start: %v", err)
	return &Failure{Name: FailureEngine, Value: text, Unrun: true, Traceback: []string{
		"engine: " + text,
		"Run gofive doctor in a terminal: it says what is missing and how to mend it. Then run the cell again.",
	}}
}

// life is one process of an engine, from its start to its end.
type life struct {
	owner     *Process
	cmd       *exec.Cmd
	conn      *os.File
	out       *commands
	ready     chan struct{} // closed when it has said that it is ready
	gone      chan struct{} // closed when it has ended and everything it wrote was handed on
	outs      [2]*output    // what it writes to fd 1 and 2
	waits     waits
	asks      asks
	used      atomic.Bool            // it has been given a program
	deaf      atomic.Bool            // it was killed because it did not answer an interrupt
	dismissed atomic.Bool            // its end was asked for, and is no loss
	killed    atomic.Bool            // by us
	starved   atomic.Pointer[string] // why it was killed for the memory it held
	reaped    atomic.Bool            // its process id may be another's
	since     atomic.Int64           // when the event that is being handled was received, Unix nanoseconds; 0: none is
}

// launch starts a process and everything that listens to it.
func (p *Process) launch() (*life, error) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	_ = unix.SetNonblock(fds[0], true) // for speed alone: a read that blocks keeps a processor for a while
	ours, theirs := os.NewFile(uintptr(fds[0]), "engine"), os.NewFile(uintptr(fds[1]), "kernel")
	defer theirs.Close()
	l := &life{owner: p, conn: ours, out: newCommands(), ready: make(chan struct{}), gone: make(chan struct{})}
	l.waits.runs = map[int64]*wait{}
	l.cmd = exec.Command(p.path, "serve")
	l.cmd.ExtraFiles = []*os.File{theirs}
	// A group of its own: the signals that a front end sends to the kernel's group are the kernel's
	// to understand. No trace of all goroutines when it crashes: the user's code is not in there.
	l.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	l.cmd.Env = append(os.Environ(), "GOTRACEBACK=none")
	if err := l.start(); err != nil {
		ours.Close()
		return nil, err
	}
	return l, nil
}

// start opens the pipes, starts the process and listens.
func (l *life) start() error {
	var listening sync.WaitGroup
	var ends [2]*os.File
	for i, name := range []string{"stdout", "stderr"} {
		var err error
		if l.outs[i], ends[i], err = newOutput(l, name); err != nil {
			for _, o := range l.outs[:i] {
				o.close()
			}
			return err
		}
		defer ends[i].Close()
	}
	l.cmd.Stdout, l.cmd.Stderr = ends[0], ends[1]
	if err := l.cmd.Start(); err != nil {
		l.outs[0].close()
		l.outs[1].close()
		return err
	}
	for _, o := range l.outs {
		listening.Go(o.read)
	}
	listening.Go(l.listen)
	go l.tell()
	go l.guard()
	go l.wait(&listening)
	return nil
}

// tell writes commands to the engine. One that no longer listens is of no use: its runs then say so.
func (l *life) tell() {
	if err := l.out.write(l.conn); err != nil {
		l.kill()
	}
}

// listen obeys what the engine reports until the socket closes.
func (l *life) listen() {
	defer func() {
		for _, o := range l.outs {
			o.release("")
		}
	}()
	in := gob.NewDecoder(l.conn)
	for {
		var r report
		if err := in.Decode(&r); err != nil {
			return
		}
		switch {
		case r.Ready:
			close(l.ready)
		case r.Event != nil:
			l.since.Store(time.Now().UnixNano())
			if mark := r.Event.Mark; mark != "" {
				l.told(mark, func() { l.owner.emit(*r.Event) })
			} else {
				l.owner.emit(*r.Event)
			}
			l.since.Store(0)
		case r.Done != nil:
			l.waits.finish(r.Done)
		case r.Known != nil:
			l.asks.told(r.Known)
		}
	}
}

// lingering is how long a dead engine's children may hold its pipes open before they are no longer
// waited for.
const lingering = time.Second

// wait waits for the end of the process and of what it wrote, and then says that it is gone.
func (l *life) wait(listening *sync.WaitGroup) {
	_ = l.cmd.Wait() // cause reads the state of the process
	l.reaped.Store(true)
	l.waits.end()
	l.out.end()
	heard := make(chan struct{})
	go func() { listening.Wait(); close(heard) }()
	_, _ = Within(heard, lingering)
	l.conn.Close()
	p := l.owner
	if l.used.Load() && !p.isClosed() && !l.dismissed.Load() {
		p.emit(Event{Kind: Lost, Text: []byte(l.cause())})
	}
	p.mu.Lock()
	p.forget(l)
	p.mu.Unlock()
	close(l.gone)
	if l.used.Load() {
		p.replace()
	}
}

// replace starts the next process at once, so that the next cell need not wait for it. One that
// died before it was given anything to do is replaced only when there is something.
func (p *Process) replace() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.life == nil && !p.closed {
		p.begin()
	}
}

// told tells something that came with a mark: after all that was written before the mark to fd 1 and
// 2, and before all that was written behind it. Without a mark, nothing was left to be read there.
func (l *life) told(mark string, tell func()) {
	if mark == "" {
		for _, o := range l.outs {
			o.settle()
		}
		tell()
		return
	}
	for _, o := range l.outs {
		o.await(mark)
	}
	tell()
	for _, o := range l.outs {
		o.release(mark)
	}
}

// handling is how long the handler may take for one event before it, and not the engine, is what
// keeps the end of a run from being heard.
const handling = time.Second

// deafen kills an engine that does not end what it was told to end. It reports false when it is we
// who do not listen.
func (l *life) deafen() bool {
	if since := l.since.Load(); since != 0 && time.Since(time.Unix(0, since)) > handling {
		return false
	}
	l.deaf.Store(true)
	l.kill()
	return true
}

// kill ends the process and what it started; SIGKILL ends a stopped one too.
func (l *life) kill() {
	l.killed.Store(true)
	if !l.reaped.Load() {
		_ = syscall.Kill(-l.cmd.Process.Pid, syscall.SIGKILL)
	}
}

// death is the failure of a run whose engine ended.
func (l *life) death(cell string) *Failure {
	text := l.cause()
	return &Failure{Name: FailureEngine, Value: text, Traceback: []string{
		"engine: " + text,
		fmt.Sprintf("It ended while cell %s ran. The variables, types and functions of all cells are lost; files it had open for writing keep what was flushed.", cell),
		"A new engine has been started: %replay declares types and functions again; run the cells you need again.",
	}}
}

// cause says how the process ended: by which signal, or with which last words.
func (l *life) cause() string {
	if l.deaf.Load() {
		return fmt.Sprintf("the engine (process %d) did not answer an interrupt for %v and was killed", l.cmd.Process.Pid, l.owner.grace)
	}
	if why := l.starved.Load(); why != nil {
		return *why
	}
	words := strings.TrimSpace(l.outs[1].last())
	how := "ended"
	if state := l.cmd.ProcessState; state != nil {
		if ws, ok := state.Sys().(syscall.WaitStatus); ok && ws.Signaled() {
			how = fmt.Sprintf("was killed by %s (%s)", unix.SignalName(ws.Signal()), ws.Signal())
			if ws.Signal() == syscall.SIGKILL && !l.killed.Load() {
				how += ", as the system does when memory runs out"
			}
		} else {
			how = fmt.Sprintf("ended with status %d", state.ExitCode())
		}
	}
	if first, _, _ := strings.Cut(words, "\n"); first != "" {
		how += ": " + first
	}
	return fmt.Sprintf("the engine (process %d) %s", l.cmd.Process.Pid, how)
}

// startError says why a process ended before it was ready.
func (l *life) startError() error {
	if words := strings.TrimSpace(l.outs[1].last()); words != "" {
		return fmt.Errorf("%s", words)
	}
	return fmt.Errorf("%s", l.cause())
}
