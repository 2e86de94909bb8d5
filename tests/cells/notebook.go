package cells

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"

	"gofive/kernel/cell"
	"gofive/kernel/cell/exports"
	"gofive/kernel/engine"
	"gofive/kernel/interp"
	"gofive/kernel/symbols"
)

// Notebook is a front end and an interpreter in this process, without a kernel between them.
type Notebook struct {
	session *cell.Session
	interp  *interp.Interp
	count   int64

	mu     sync.Mutex
	events []engine.Event
}

// NewNotebook returns a notebook in which nothing is declared.
func NewNotebook() (*Notebook, error) {
	nb := &Notebook{session: cell.NewSession(exports.Library())}
	it, err := interp.New(interp.Options{Table: symbols.Table, Emit: nb.note})
	nb.interp = it
	return nb, err
}

func (nb *Notebook) note(e engine.Event) {
	nb.mu.Lock()
	defer nb.mu.Unlock()
	nb.events = append(nb.events, e)
}

// Run implements Runner.
func (nb *Notebook) Run(c Cell) Reaction {
	nb.count++
	code := c.Code
	if c.Interrupted() {
		code = c.Announced()
	}
	p, err := nb.session.Check(fmt.Sprintf("In[%d]", nb.count), code)
	if d, ok := err.(*cell.Diagnostics); ok {
		return Reaction{Failure: "compile error\n" + strings.Join(d.Traceback(), "\n")}
	}
	if err != nil {
		return Reaction{Failure: err.Error()}
	}
	run := nb.count
	interrupt := func() { nb.interp.Interrupt(run) }
	if c.Interrupted() {
		go func() {
			nb.await(Reaction{}, func(r Reaction) bool { return strings.Contains(r.Out, Begun) })
			time.AfterFunc(RunTime, interrupt)
		}()
	}
	late := time.AfterFunc(patience, interrupt)
	defer late.Stop()
	f := nb.interp.Run(&engine.Program{Run: nb.count, Name: p.Name, Code: code, Types: p.Types, Ring: p.Ring, Source: p.Source, Entry: p.Entry, Funcs: p.Funcs, Forget: p.Forget})
	r := Reaction{Errout: strings.Join(p.Notes, "\n")}
	if f != nil {
		r.Failure = f.Name + "\n" + f.Value + "\n" + strings.Join(f.Traceback, "\n")
	}
	right := func(r Reaction) bool { return !c.Waits() || c.Judge(r) == nil }
	return nb.await(r, right)
}

// await adds to r what the run has written and showed, as soon as that is right or nobody waits any longer.
func (nb *Notebook) await(r Reaction, right func(Reaction) bool) Reaction {
	for late := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		now := r
		nb.output(&now)
		if right(now) || time.Now().After(late) {
			return now
		}
	}
}

// Export gives all cells that have run as one Go program.
func (nb *Notebook) Export() (string, error) {
	var names []string
	for n := range nb.count {
		names = append(names, fmt.Sprintf("In[%d]", n+1))
	}
	return nb.session.Export(names)
}

// output adds what the run wrote and showed.
func (nb *Notebook) output(r *Reaction) {
	nb.mu.Lock()
	defer nb.mu.Unlock()
	for _, e := range nb.events {
		switch {
		case e.Run != nb.count:
		case e.Kind == engine.Result:
			var data map[string]any
			if json.Unmarshal(e.Data, &data) == nil {
				text, _ := data["text/plain"].(string)
				r.Result = strings.TrimSpace(text)
			}
		case e.Stream == "stderr":
			r.Errout += string(e.Text)
		default:
			r.Out += string(e.Text)
		}
	}
}
