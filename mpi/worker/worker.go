package worker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"gofive/kernel/engine"
	"gofive/mpi"
	"gofive/mpi/launch"
)

// Worker runs programs in one rank.
type Worker struct {
	// Flush makes what C code has written reach file descriptors 1 and 2, and Ended is called when a
	// program has ended; nil does nothing.
	Flush, Ended func()
	// Line gives the line that a program has reached, 0 for unknown.
	Line func(run int64) int

	rank           int
	runner         engine.Runner
	stdout, stderr *capture

	running atomic.Int64 // the program that runs, 0 for none
	mu      sync.Mutex
	emits   []voice // of the programs that ran last, the latest at the end
}

// voice is how a program emits, also what its goroutines print after its end.
type voice struct {
	run  int64
	emit func(launch.Event)
}

// voicesKept is of how many programs late output is told; kernels keep as many.
const voicesKept = 8

// New returns a Worker. It takes whatever is written to file descriptors 1 and 2 once it serves.
func New() (*Worker, error) {
	w := &Worker{}
	for kind, c := range map[launch.Kind]**capture{launch.Stdout: &w.stdout, launch.Stderr: &w.stderr} {
		var err error
		*c, err = newCapture(func(text []byte) { w.tell(0, launch.Event{Kind: kind, Payload: text, Merge: true}) })
		if err != nil {
			return nil, fmt.Errorf("take what the rank prints: %w", err)
		}
	}
	return w, nil
}

// Stdout and Stderr are where text of the latest program goes.
func (w *Worker) Stdout() io.Writer { return w.stdout.own }

// Stderr is like Stdout.
func (w *Worker) Stderr() io.Writer { return w.stderr.own }

// Serve joins the job and runs what the cluster of dir has to run, until that ends the rank.
func (w *Worker) Serve(ctx context.Context, dir string, runner engine.Runner, build string) error {
	keepLastWords(dir)
	info, err := mpi.Init()
	if err != nil {
		return err
	}
	w.rank, w.runner = info.Rank, runner
	mpi.At = func() int { return w.line() }
	// Up to here the launcher has what MPI says when it cannot start.
	if err := errors.Join(w.stdout.begin(1), w.stderr.begin(2)); err != nil {
		return fmt.Errorf("take what the rank prints: %w", err)
	}
	host, _ := os.Hostname() // "" is shown as what it is
	return launch.Serve(ctx, dir, launch.Self{
		Rank: info.Rank, Size: info.Size, LocalRank: info.LocalRank, LocalSize: info.LocalSize,
		Host: host, PID: os.Getpid(), Library: info.Library, Thread: info.Thread, Build: build,
	}, mpi.Exchange, w)
}

// keepLastWords has the Go runtime write why it dies to a file: the pipes of this process die with it, and in what the
// launcher has of a crash in MPI_Init the reason stands above hundreds of lines.
func keepLastWords(dir string) {
	rank, ok := launch.RankIn(os.Environ())
	if !ok {
		return // the rank still runs; only its death would be told in fewer words
	}
	f, err := os.OpenFile(launch.LastWords(dir, rank), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return // the same
	}
	_ = debug.SetCrashOutput(f, debug.CrashOptions{}) // the same
	f.Close()
}

// Run implements launch.Runner.
func (w *Worker) Run(id int64, program []byte, emit func(launch.Event)) []byte {
	share, err := engine.ParseShare(program)
	if err != nil {
		return (&engine.Failure{Name: engine.FailureEngine, Value: err.Error(), Unrun: true}).Encode()
	}
	w.settle() // what was written before is of programs before
	w.mu.Lock()
	w.emits = append(w.emits[max(0, len(w.emits)+1-voicesKept):], voice{id, emit})
	w.mu.Unlock()
	p := share.For(w.rank)
	p.Run, p.AllowInput = id, false
	w.running.Store(id)
	failure := w.runner.Run(p)
	w.running.Store(0)
	if w.Ended != nil {
		w.Ended()
	}
	w.settle()
	if failure == nil {
		return nil
	}
	return failure.Encode()
}

// Interrupt implements launch.Runner: Go code ends at its next poll, calls of MPI are dropped.
func (w *Worker) Interrupt(id int64) {
	if w.running.Load() == id {
		w.runner.Interrupt(id)
		mpi.Interrupt()
	}
}

// Where implements launch.Runner.
func (w *Worker) Where() launch.Where {
	if w.running.Load() == 0 {
		return launch.Where{}
	}
	if calls := mpi.Where(); len(calls) > 0 {
		return launch.Where{Text: calls[0].String(), Waits: true, All: calls[0].All, Since: calls[0].Since}
	}
	where := launch.Where{Text: "the cell", Since: time.Now()}
	if line := w.line(); line > 0 {
		where.Text = fmt.Sprintf("line %d", line)
	}
	return where
}

// Renew implements launch.Runner.
func (w *Worker) Renew() error { return mpi.Renew() }

// line is the line that the program which runs has reached.
func (w *Worker) line() int {
	if run := w.running.Load(); run != 0 && w.Line != nil {
		return w.Line(run)
	}
	return 0
}

// Emit takes the events of programs. It is the Handler that the engine.Runner reports to.
func (w *Worker) Emit(e engine.Event) {
	switch e.Kind {
	case engine.Stream:
		kind := launch.Stdout
		if e.Stream == "stderr" {
			kind = launch.Stderr
		}
		w.tell(e.Run, launch.Event{Kind: kind, Payload: e.Text, Merge: true})
	case engine.Display, engine.Update, engine.Clear:
		w.settle()
		w.tell(e.Run, launch.Event{Kind: launch.Display, Payload: e.Encode(), Merge: true})
	case engine.Result:
		w.settle()
		w.tell(e.Run, launch.Event{Kind: launch.Result, Payload: e.Encode(), Merge: true})
	}
}

// settle tells what was written before now.
func (w *Worker) settle() {
	if w.Flush != nil {
		w.Flush()
	}
	w.stdout.settle()
	w.stderr.settle()
}

// tell sends an event of a program, or of the one that ran last for 0. What comes before the first, and what is of
// programs that are long over, belongs to nobody.
func (w *Worker) tell(run int64, e launch.Event) {
	w.mu.Lock()
	var emit func(launch.Event)
	for _, v := range w.emits {
		if run == 0 || v.run == run {
			emit = v.emit
		}
	}
	w.mu.Unlock()
	if emit != nil {
		emit(e)
	}
}
