package engine

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// Asker is an Engine, or a Runner inside one, that answers questions while programs run.
type Asker interface {
	// Ask gives what is known of q, or nothing; an error says that nobody could be asked, or that
	// the answer did not come before the end of ctx.
	Ask(ctx context.Context, q *Question) (Knowledge, error)
}

// Question asks about the variables of the notebook, or about the folders that it sees, or delivers a
// message. One of Comm, Files, Value and Method says what is asked.
type Question struct {
	Comm *CommMessage // of a front end; what it causes belongs to Run
	Run  int64

	Files  bool   // the files and folders whose path begins with Text
	Value  bool   // the value of the variable Var, as text
	Method string // what the argument of this method could be when it begins with Text

	Var   string // a variable, by its name in Program.Source
	Calls []Call // called on it, one after the other, before Method
	Text  string
}

// Call is a method called with one string.
type Call struct{ Method, Arg string }

// Knowledge is the answer to a Question.
type Knowledge struct {
	Names    []Name
	Value    string
	Delivery Delivery
}

// Name is something that could be typed: the part of it behind the last slash.
type Name struct {
	Text string // ends in a slash when there is more behind it
	Kind string // "file", "folder", "group", "dataset", "attribute", "field" ...
}

// mostNames is how many names an answer has; who wants another types a letter more.
const mostNames = 1000

// Files gives the files and folders whose path begins with typed, relative to the working folder. ~ is
// the home folder; hidden files are told when typed asks for them.
func Files(typed string) []Name {
	dir, begun := typed[:strings.LastIndexByte(typed, '/')+1], typed[strings.LastIndexByte(typed, '/')+1:]
	folder := dir
	if rest, ok := strings.CutPrefix(dir, "~/"); ok {
		home, err := os.UserHomeDir()
		if err != nil {
			return nil
		}
		folder = filepath.Join(home, rest)
	}
	if folder == "" {
		folder = "."
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil // nobody waits for the reason while typing
	}
	var names []Name
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), begun) || begun == "" && e.Name()[0] == '.' {
			continue
		}
		n := Name{Text: e.Name(), Kind: "file"}
		if info, err := os.Stat(filepath.Join(folder, e.Name())); err == nil && info.IsDir() { // a link to a folder too
			n = Name{Text: e.Name() + "/", Kind: "folder"}
		}
		if names = append(names, n); len(names) == mostNames {
			break
		}
	}
	return names
}

// Cut keeps the first names when there are very many.
func (k Knowledge) Cut() Knowledge {
	k.Names = k.Names[:min(len(k.Names), mostNames)]
	return k
}

// asks are the questions to one process that have no answer yet.
type asks struct {
	mu      sync.Mutex
	last    int64
	waiting map[int64]chan Knowledge
}

func (a *asks) add() (int64, <-chan Knowledge) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.waiting == nil {
		a.waiting = map[int64]chan Knowledge{}
	}
	a.last++
	c := make(chan Knowledge, 1)
	a.waiting[a.last] = c
	return a.last, c
}

// told hands an answer to who waits for it, if anybody still does.
func (a *asks) told(k *known) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if c := a.waiting[k.Ask]; c != nil {
		c <- k.Knowledge
	}
	delete(a.waiting, k.Ask)
}

func (a *asks) drop(id int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.waiting, id)
}

var errNoEngine = errors.New("there is no engine to ask")

// Ask implements Asker.
func (p *Process) Ask(ctx context.Context, q *Question) (Knowledge, error) {
	l := p.living()
	if l == nil && q.Comm != nil {
		p.replace() // a page may be the first to miss an engine
		l = p.living()
	}
	if l == nil {
		return Knowledge{}, errNoEngine
	}
	select {
	case <-l.ready:
	case <-l.gone:
		return Knowledge{}, errNoEngine
	case <-ctx.Done():
		return Knowledge{}, ctx.Err()
	}
	if q.Comm != nil {
		l.used.Store(true) // what it opens is lost with the process
	}
	id, answer := l.asks.add()
	defer l.asks.drop(id)
	l.out.send(command{Ask: &ask{id, q}})
	select {
	case k := <-answer:
		return k, nil
	case <-l.gone:
		return Knowledge{}, errNoEngine
	case <-ctx.Done():
		return Knowledge{}, ctx.Err()
	}
}

// answer asks the runner and sends what it knows. A runner that cannot be asked knows nothing.
func (s *Server) answer(runner Runner, a *ask) {
	var k Knowledge
	if r, ok := runner.(Asker); ok {
		k, _ = r.Ask(context.Background(), a.Question)
	}
	_ = s.out.send(report{Known: &known{a.Ask, k.Cut()}}) // the kernel may be gone
}
