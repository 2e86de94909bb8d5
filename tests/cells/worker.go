package cells

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// A program may end the process it runs in: the interpreter has faults that no recover catches, and a
// program can wait for ever. So programs by the hundred run in a copy of the test's own process.
const (
	workerVariable = "GOFIVE_TESTS_WORKER"
	workerMemory   = 4 << 30 // bytes
	workerPrograms = 100     // that one process runs: the interpreter gives nothing back
)

// Worker runs notebooks in another process, a new one whenever that has died or grown old.
type Worker struct {
	cmd     *exec.Cmd
	to      *json.Encoder
	answers chan []Reaction // closed when the process has ended
	ran     int
	stderr  *strings.Builder
}

// Serve makes the process a worker when it was started as one, and does not return then. It belongs at
// the start of TestMain.
func Serve() {
	if os.Getenv(workerVariable) == "" {
		return
	}
	_ = syscall.Setrlimit(syscall.RLIMIT_AS, &syscall.Rlimit{Cur: workerMemory, Max: workerMemory})
	in, out := json.NewDecoder(os.Stdin), json.NewEncoder(os.NewFile(3, "answers"))
	for {
		var texts []string
		if in.Decode(&texts) != nil {
			os.Exit(0)
		}
		nb, err := NewNotebook()
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		var reactions []Reaction
		for _, text := range texts {
			reactions = append(reactions, nb.Run(Cell{Code: text}))
		}
		if out.Encode(reactions) != nil {
			os.Exit(1)
		}
	}
}

// Run runs cells in a fresh notebook. A process that dies, or takes longer, has failed them all; but one that has run
// others before may die of a goroutine that those have left behind, and they run once more in one of their own.
func (w *Worker) Run(texts []string, limit time.Duration) []Reaction {
	if w.cmd != nil && w.ran >= workerPrograms {
		w.Close()
	}
	used := w.cmd != nil
	r, died := w.run(texts, limit)
	if died && used {
		r, _ = w.run(texts, limit)
	}
	return r
}

// run is Run in the process that there is, or in a new one, and reports whether it died.
func (w *Worker) run(texts []string, limit time.Duration) (r []Reaction, died bool) {
	if w.cmd == nil {
		if err := w.start(); err != nil {
			return []Reaction{{Failure: "start a worker: " + err.Error()}}, false
		}
	}
	w.ran++
	if err := w.to.Encode(texts); err != nil {
		w.Close()
		return []Reaction{{Failure: "the process has ended: " + err.Error()}}, true
	}
	select {
	case r, ok := <-w.answers:
		if ok {
			return r, false
		}
		w.Close()
		return []Reaction{{Failure: "the process died: " + head(w.stderr.String())}}, true
	case <-time.After(limit):
		w.Close()
		return []Reaction{{Failure: fmt.Sprintf("not done in %v", limit)}}, false
	}
}

func (w *Worker) start() error {
	answers, theirs, err := os.Pipe()
	if err != nil {
		return err
	}
	defer theirs.Close()
	w.stderr = &strings.Builder{}
	w.cmd = exec.Command(os.Args[0])
	w.cmd.Env = append(os.Environ(), workerVariable+"=1")
	w.cmd.ExtraFiles = []*os.File{theirs}
	w.cmd.Stderr = w.stderr
	to, err := w.cmd.StdinPipe()
	if err != nil {
		return err
	}
	w.to, w.ran, w.answers = json.NewEncoder(to), 0, make(chan []Reaction)
	go func(sent chan<- []Reaction) {
		defer answers.Close()
		defer close(sent)
		for from := json.NewDecoder(answers); ; {
			var r []Reaction
			if from.Decode(&r) != nil {
				return
			}
			sent <- r
		}
	}(w.answers)
	return w.cmd.Start()
}

// Close ends the process.
func (w *Worker) Close() {
	if w.cmd == nil {
		return
	}
	_ = w.cmd.Process.Kill() // it may have ended by itself
	_ = w.cmd.Wait()         // its status says nothing: it was killed
	go func(answers <-chan []Reaction) {
		for range answers { // one that came too late
		}
	}(w.answers)
	w.cmd = nil
}

// head gives the first lines of a text.
func head(text string) string {
	const most = 12
	lines := strings.SplitN(text, "\n", most+1)
	return strings.Join(lines[:min(len(lines), most)], "\n")
}
