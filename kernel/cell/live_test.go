package cell_test

import (
	"encoding/json"
	"fmt"
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

// live is a notebook whose cells run.
type live struct {
	session *cell.Session
	interp  *interp.Interp
	count   int64

	mu  sync.Mutex
	out strings.Builder // what the cells wrote and showed
}

func newLive(t testing.TB) *live {
	t.Helper()
	return newLiveWith(t, interp.Options{Grace: time.Minute}) // however busy the machine is
}

// newLiveWith makes one whose engine has these options.
func newLiveWith(t testing.TB, opts interp.Options) *live {
	t.Helper()
	nb := &live{session: cell.NewSession(exports.Library())}
	opts.Table, opts.Emit = symbols.Table, nb.emit
	it, err := interp.New(opts)
	if err != nil {
		t.Fatal(err)
	}
	nb.interp = it
	return nb
}

func (nb *live) emit(e engine.Event) {
	nb.mu.Lock()
	defer nb.mu.Unlock()
	if e.Kind != engine.Result {
		nb.out.Write(e.Text)
		return
	}
	var data map[string]any
	_ = json.Unmarshal(e.Data, &data) // the text is all that counts here
	fmt.Fprintln(&nb.out, data["text/plain"])
}

// load checks a cell and gives its program.
func (nb *live) load(t testing.TB, code string) *engine.Program {
	t.Helper()
	nb.count++
	name := fmt.Sprintf("In[%d]", nb.count)
	p, err := nb.session.Check(name, code)
	if err != nil {
		t.Fatalf("%s\n%v", code, err)
	}
	return &engine.Program{Run: nb.count, Name: name, Code: code, Source: p.Source, Entry: p.Entry, Funcs: p.Funcs, Forget: p.Forget}
}

// run runs a cell and gives what it wrote, or its traceback when it failed.
func (nb *live) run(t testing.TB, code string) string {
	t.Helper()
	return nb.runProgram(nb.load(t, code))
}

func (nb *live) runProgram(p *engine.Program) string {
	f := nb.interp.Run(p)
	nb.mu.Lock()
	defer nb.mu.Unlock()
	text := nb.out.String()
	nb.out.Reset()
	if f != nil {
		return strings.Join(f.Traceback, "\n")
	}
	return strings.TrimSuffix(text, "\n")
}

// await waits until text has been written that holds this: what a goroutine writes may come after its cell.
func (nb *live) await(t testing.TB, want string) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(time.Millisecond) {
		nb.mu.Lock()
		text := nb.out.String()
		nb.mu.Unlock()
		if strings.Contains(text, want) {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("wrote\n%s\nwant\n%s", text, want)
		}
	}
}

// runAll runs cells, all but the last of which must succeed, and gives what the last one did.
func runAll(t testing.TB, cells ...string) string {
	t.Helper()
	nb := newLive(t)
	for _, code := range cells[:len(cells)-1] {
		if f := nb.interp.Run(nb.load(t, code)); f != nil {
			t.Fatalf("%s\n%s", code, strings.Join(f.Traceback, "\n"))
		}
	}
	nb.mu.Lock()
	nb.out.Reset()
	nb.mu.Unlock()
	return nb.run(t, cells[len(cells)-1])
}
