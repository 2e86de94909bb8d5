package tests

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gofive/kernel/cell"
	"gofive/kernel/cell/exports"
	"gofive/kernel/engine"
	"gofive/kernel/interp"
	"gofive/kernel/symbols"
)

// cellsOpen lists the cases that do not pass yet, one a line. It may only get shorter: a listed case
// that passes fails the test too.
const cellsOpen = "testdata/cells_open.txt"

// TestCells runs the cell cases of ../shared/cells through the front end and the interpreter, in one
// process and without sockets.
func TestCells(t *testing.T) {
	files, err := filepath.Glob("../../shared/cells/*.cells")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skip("SKIPPED: ../shared/cells is not there")
	}
	text, err := os.ReadFile(cellsOpen)
	if err != nil {
		t.Fatal(err)
	}
	open := strings.Fields(string(text))
	passed := 0
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".cells")
		err := runCase(t, file)
		switch {
		case err == nil:
			passed++
			if slices.Contains(open, name) {
				t.Errorf("%s passes: take it off %s", name, cellsOpen)
			}
		case slices.Contains(open, name):
			t.Logf("open: %s: %v", name, err)
		default:
			t.Errorf("%s: %v", name, err)
		}
	}
	t.Logf("%d of %d cases pass", passed, len(files))
}

// cellRunner is a front end and an interpreter without a kernel between them.
type cellRunner struct {
	session *cell.Session
	interp  *interp.Interp
	count   int64

	mu     sync.Mutex
	events []engine.Event
}

func newCellRunner(t *testing.T) *cellRunner {
	nb := &cellRunner{session: cell.NewSession(exports.Library())}
	it, err := interp.New(interp.Options{Table: symbols.Table, Emit: func(e engine.Event) {
		nb.mu.Lock()
		defer nb.mu.Unlock()
		nb.events = append(nb.events, e)
	}})
	if err != nil {
		t.Fatal(err)
	}
	nb.interp = it
	return nb
}

// reaction is what a client would have seen of one cell.
type reaction struct{ out, errout, result, failure string }

func (nb *cellRunner) run(code string, interrupt, wait bool) reaction {
	nb.count++
	name := fmt.Sprintf("In[%d]", nb.count)
	p, err := nb.session.Check(name, code)
	if d, ok := err.(*cell.Diagnostics); ok {
		return reaction{failure: "compile error\n" + strings.Join(d.Traceback(), "\n")}
	}
	if interrupt {
		time.AfterFunc(time.Second, nb.interp.Interrupt)
	}
	f := nb.interp.Run(&engine.Program{Run: nb.count, Name: p.Name, Code: code, Source: p.Source, Entry: p.Entry, Funcs: p.Funcs})
	if wait {
		time.Sleep(500 * time.Millisecond)
	}
	r := reaction{errout: strings.Join(p.Notes, "\n")}
	if f != nil {
		r.failure = f.Name + "\n" + f.Value + "\n" + strings.Join(f.Traceback, "\n")
	}
	nb.mu.Lock()
	defer nb.mu.Unlock()
	for _, e := range nb.events {
		if e.Run != nb.count {
			continue
		}
		switch {
		case e.Kind == engine.Result:
			var data map[string]string
			_ = json.Unmarshal(e.Data, &data) // a form that is no string is not text/plain
			r.result = strings.TrimSpace(data["text/plain"])
		case e.Stream == "stderr":
			r.errout += string(e.Text)
		default:
			r.out += string(e.Text)
		}
	}
	return r
}

var markWords = regexp.MustCompile(`//\s*(=>|err:|interrupt err:|out:|errout:|noout\b|wait\b)(.*)$`)

// runCase runs the cells of one file in a fresh notebook and reports the first that fails.
func runCase(t *testing.T, file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	nb := newCellRunner(t)
	for i, source := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n---\n") {
		code, marks := cutMarks(source)
		_, interrupt := marks["interrupt err:"]
		_, wait := marks["wait"]
		done := make(chan reaction, 1)
		go func() { done <- nb.run(code, interrupt, wait) }()
		select {
		case r := <-done:
			if err := judgeCell(r, marks); err != nil {
				return fmt.Errorf("cell %d: %w", i+1, err)
			}
		case <-time.After(20 * time.Second):
			return fmt.Errorf("cell %d: not done in 20 s", i+1)
		}
	}
	return nil
}

// cutMarks takes the marks out of a cell; their lines stay.
func cutMarks(source string) (string, map[string][]string) {
	marks := map[string][]string{}
	lines := strings.Split(source, "\n")
	for i, line := range lines {
		if m := markWords.FindStringSubmatchIndex(line); m != nil {
			word, text := line[m[2]:m[3]], strings.TrimSpace(line[m[4]:m[5]])
			marks[word] = append(marks[word], strings.ReplaceAll(text, `\n`, "\n"))
			lines[i] = strings.TrimRight(line[:m[0]], " \t")
		}
	}
	return strings.Join(lines, "\n"), marks
}

// judgeCell compares what was seen with what the marks say.
func judgeCell(r reaction, marks map[string][]string) error {
	wantErr, failing := marks["err:"]
	if !failing {
		wantErr, failing = marks["interrupt err:"]
	}
	if !failing && r.failure != "" {
		return fmt.Errorf("failed: %s", r.failure)
	}
	if failing && r.failure == "" {
		return fmt.Errorf("succeeded, want error %q", wantErr)
	}
	for _, want := range wantErr {
		if !strings.Contains(strings.ToLower(r.failure), strings.ToLower(want)) {
			return fmt.Errorf("error %q, want %q", r.failure, want)
		}
	}
	for _, want := range marks["out:"] {
		if !strings.Contains(r.out+r.errout, want) {
			return fmt.Errorf("output %q, want %q", r.out+r.errout, want)
		}
	}
	for _, want := range marks["errout:"] {
		if !strings.Contains(r.errout, want) {
			return fmt.Errorf("stderr %q, want %q", r.errout, want)
		}
	}
	if _, ok := marks["noout"]; ok && r.out+r.errout+r.result != "" {
		return fmt.Errorf("output %q, want none", r.out+r.errout+r.result)
	}
	for _, want := range marks["=>"] {
		if err := judgeResult(r.result, want); err != nil {
			return err
		}
	}
	return nil
}

func judgeResult(got, want string) error {
	kind, values, _ := strings.Cut(want, " ")
	switch {
	case kind == "none" && values == "":
		if got != "" {
			return fmt.Errorf("result %q, want none", got)
		}
	case kind == "multi":
		if strings.Join(strings.Fields(strings.ReplaceAll(got, ", ", " ")), " ") != strings.Join(strings.Fields(values), " ") {
			return fmt.Errorf("result %q, want %q", got, values)
		}
	case got != values && got != want:
		return fmt.Errorf("result %q, want %q", got, want)
	}
	return nil
}
