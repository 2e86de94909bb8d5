package interp_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gofive/display"
	"gofive/kernel/engine"
	"gofive/kernel/interp"
)

// table is the little of the standard library that these programs use.
var table = map[string]map[string]reflect.Value{
	"fmt/fmt":                {"Println": reflect.ValueOf(fmt.Println), "Sscan": reflect.ValueOf(fmt.Sscan), "Scan": reflect.ValueOf(fmt.Scan)},
	"time/time":              {"Sleep": reflect.ValueOf(time.Sleep), "Duration": reflect.ValueOf((*time.Duration)(nil))},
	"block/block":            {"Forever": reflect.ValueOf(func() { blocking <- true; select {} })},
	"os/os":                  {"Exit": reflect.ValueOf(os.Exit)},
	"gofive/display/display": {"Show": reflect.ValueOf(display.Show)},
	"half/half":              {"Drawn": reflect.ValueOf(halfDrawn{true}), "Blank": reflect.ValueOf(halfDrawn{})},
}

// halfDrawn carries an error, and perhaps a picture all the same.
type halfDrawn struct{ picture bool }

func (halfDrawn) Err() error { return errors.New("half of it is wrong") }

func (h halfDrawn) MimeBundle() map[string]any {
	if h.picture {
		return map[string]any{display.ImagePNG: []byte("png"), display.TextPlain: "half"}
	}
	return map[string]any{display.TextPlain: "nothing"}
}

// blocking has an element for each call of block.Forever.
var blocking = make(chan bool, 100)

// world is an Interp and the events it emitted. That a program's declarations are there is told while it
// runs, or never, as the clock has it: it is kept apart from what programs say.
type world struct {
	*interp.Interp
	mu     sync.Mutex
	events []engine.Event
	runs   int64
	seen   chan engine.Event // of kind Input
	loaded chan int64        // the runs whose declarations are there
}

// newWorld makes one in which an interrupted cell is waited for, however busy the machine is.
func newWorld(t *testing.T) *world { return newWorldWith(t, interp.Options{Grace: time.Minute}) }

func newWorldWith(t *testing.T, opts interp.Options) *world {
	w := &world{seen: make(chan engine.Event, 1), loaded: make(chan int64, 100)}
	opts.Table, opts.Emit = table, func(e engine.Event) {
		if e.Kind == engine.Loaded {
			w.loaded <- e.Run
			return
		}
		w.mu.Lock()
		w.events = append(w.events, e)
		w.mu.Unlock()
		if e.Kind == engine.Input {
			w.seen <- e
		}
	}
	it, err := interp.New(opts)
	if err != nil {
		t.Fatal(err)
	}
	w.Interp = it
	return w
}

// program writes the statements of a cell as the lowering would; decls stand before them.
func (w *world) program(decls, body string) *engine.Program {
	w.mu.Lock()
	w.runs++
	n := w.runs
	w.mu.Unlock()
	rt := fmt.Sprintf("rt%d", n)
	head := fmt.Sprintf("package main\nimport %s \"gofive/kernel/interp\"\n", rt)
	entry := fmt.Sprintf("cell%d", n)
	src := head + strings.ReplaceAll(decls+fmt.Sprintf("\nfunc %s(run *rt.Run) {\n/*line 0/_.go:1:1*/\n%s\n}\n", entry, body), "rt.", rt+".")
	return &engine.Program{Run: n, Name: fmt.Sprintf("In[%d]", n), Code: "the code", Source: src, Entry: entry, AllowInput: true}
}

// interruptWhen runs a program and interrupts it as soon as it has come far enough.
func (w *world) interruptWhen(p *engine.Program, enough func() bool) *engine.Failure {
	ended := make(chan *engine.Failure, 1)
	go func() { ended <- w.Run(p) }()
	for !enough() {
		select {
		case f := <-ended:
			return f
		case <-time.After(time.Millisecond):
		}
	}
	w.Interrupt(p.Run)
	return <-ended
}

// value is what is told of a variable while a program runs.
func (w *world) value(t *testing.T, name string) string {
	k, err := w.Ask(context.Background(), &engine.Question{Value: true, Var: name})
	if err != nil {
		t.Error(err)
	}
	return k.Value
}

// last is the latest event.
func (w *world) last() engine.Event {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.events[len(w.events)-1]
}

// text gives what a run wrote to a stream.
func (w *world) text(run int64, stream string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var b strings.Builder
	for _, e := range w.events {
		if e.Kind == engine.Stream && e.Run == run && e.Stream == stream {
			b.Write(e.Text)
		}
	}
	return b.String()
}

const poll = "if *rt.Stop { rt.Halt(``) }\n"

func TestShow(t *testing.T) {
	w := newWorld(t)
	for _, tt := range []struct{ body, want string }{
		{"rt.Show(run, 1+1)", "2"},
		{`rt.Show(run, "a", 2)`, "a 2"},
		{"rt.Show(run, []float64{1.5})", "[1.5]"},
		{"rt.Show(run, nil)", "<nil>"},
	} {
		p := w.program("", tt.body)
		if f := w.Run(p); f != nil {
			t.Fatalf("%s: %v", tt.body, f)
		}
		last := w.last()
		var data map[string]string
		if err := json.Unmarshal(last.Data, &data); err != nil || last.Kind != engine.Result || data["text/plain"] != tt.want {
			t.Errorf("%s: %v %s, want %s", tt.body, err, last.Data, tt.want)
		}
	}
}

// TestShowsWhatIsRight: a value that carries an error fails its cell; its picture, if it has one, is shown
// before.
func TestShowsWhatIsRight(t *testing.T) {
	for body, want := range map[string][]engine.Kind{
		"rt.Show(run, half.Drawn)": {engine.Display},
		"rt.Show(run, half.Blank)": nil,
	} {
		w := newWorld(t)
		f := w.Run(w.program("import \"half\"", body))
		if f == nil || f.Value != "half of it is wrong" {
			t.Errorf("%s: %v, want the error", body, f)
		}
		var got []engine.Kind
		for _, e := range w.events {
			got = append(got, e.Kind)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: events %v, want %v", body, got, want)
		}
	}
}

// TestTellsLoaded: while a cell runs, it is told that its declarations are there.
func TestTellsLoaded(t *testing.T) {
	w, ended := newWorld(t), make(chan *engine.Failure, 1)
	long := w.program("var goon bool", "for !goon { "+poll+" }")
	go func() { ended <- w.Run(long) }()
	select {
	case run := <-w.loaded:
		if run != long.Run {
			t.Errorf("run %d has loaded, want %d", run, long.Run)
		}
	case f := <-ended:
		t.Fatalf("ended before it was told: %v", f)
	}
	w.Run(w.program("", "goon = true"))
	if f := <-ended; f != nil {
		t.Error(f)
	}
}

func TestFailures(t *testing.T) {
	tests := []struct{ name, decls, body, kind, value string }{
		{"panic", "", `panic("boom")`, engine.FailurePanic, "boom"},
		{"index", "", "a := []int{1}; i := 5; line := 1; run.At(&line); a[i] = 2", engine.FailurePanic, "runtime error: index out of range"},
		{"nil map", "", "var m map[string]int; m[`a`] = 1", engine.FailurePanic, "assignment to entry in nil map"},
		{"in a function", "func f() { panic(1) }", "f()", engine.FailurePanic, "1"},
		{"exit", "import o \"os\"", "o.Exit(3)", engine.FailureExit, "os.Exit(3)"},
		{"no Go", "", "x :=", engine.FailureError, "cannot run this cell"},
	}
	for _, tt := range tests {
		w := newWorld(t)
		f := w.Run(w.program(tt.decls, tt.body))
		if f == nil || f.Name != tt.kind || !strings.Contains(f.Value, tt.value) {
			t.Errorf("%s: %v, want %s: %s", tt.name, f, tt.kind, tt.value)
		}
		if f := w.Run(w.program("", "rt.Show(run, 1)")); f != nil {
			t.Errorf("the run after %s: %v", tt.name, f)
		}
	}
}

func TestTracebackNamesFunctions(t *testing.T) {
	w := newWorld(t)
	p := w.program("func inner() {\n/*line 1.1/_.go:1:1*/\nrt.Panic(`deep`, 1) }\nfunc outer() {\n/*line 1.2/_.go:1:1*/\ninner() }\n", "line := 1\nrun.At(&line)\nouter()")
	p.Funcs = map[string]engine.Func{"1.1": {Name: "inner", Cell: "In[1]"}, "1.2": {Name: "outer", Cell: "In[1]"}}
	f := w.Run(p)
	want := "panic: deep\n\ncell In[1], line 1, in inner\n    the code\ncell In[1], in outer\ncell In[1], line 1\n    the code"
	if f == nil || strings.Join(f.Traceback, "\n") != want {
		t.Errorf("traceback\n%v\nwant\n%s", f.Traceback, want)
	}
	if got := w.text(1, "stderr"); got != "" {
		t.Errorf("yaegi's own trace got through: %q", got)
	}
}

// A nil that a failed cell left behind is explained.
func TestNilIsExplained(t *testing.T) {
	w := newWorld(t)
	f := w.Run(w.program("type T struct{ a int }\nvar p *T", "p.a = 1"))
	if f == nil || f.Name != engine.FailurePanic || !strings.Contains(strings.Join(f.Traceback, "\n"), "should have set it failed") {
		t.Errorf("%+v, want a panic that explains nil", f)
	}
}

// Deferred calls run last first, see the panic, may end it, and may call closures of their function.
func TestDefers(t *testing.T) {
	tests := []struct{ name, body, want string }{
		{"order", "d.Add(func() { out += `a` }); d.Add(func() { out += `b` })", "ba"},
		{"recover", "d.Add(func() { if v := rt.Recover(); v != nil { out += v.(string) } }); panic(`boom`)", "boom"},
		{"recover in a function", "d.AddCall(func() { handle(&out) }); panic(`boom`)", "boom handled"},
		{"run-time error", "d.Add(func() { out = rt.Recover().(error).Error() }); var a []int; i := 3; a[i] = 1", "runtime error: index out of range"},
		{"a panic in a deferred call", "d.Add(func() { out += rt.Recover().(string) }); d.Add(func() { panic(`two`) }); panic(`one`)", "two"},
		{"closure of the function", "f := func() { out += `f` }; d.Add(func() { f() })", "f"},
		{"nothing to recover", "d.Add(func() { if rt.Recover() == nil { out += `nil` } })", "nil"},
	}
	for _, tt := range tests {
		w := newWorld(t)
		f := w.Run(w.program("func handle(out *string) { *out += rt.Recover().(string) + ` handled` }\nfunc f() (out string) { d := rt.NewDefers(nil); d.Run(func() { "+tt.body+" }); return out }", "rt.Show(run, f())"))
		if f != nil {
			t.Errorf("%s: %v", tt.name, f)
			continue
		}
		if last := w.last(); string(last.Data) != `{"text/plain":"`+tt.want+`"}` {
			t.Errorf("%s: %s, want %s", tt.name, last.Data, tt.want)
		}
	}
}

// An interrupt ends a spinning cell, keeps its variables and leaves goroutines of earlier cells alone.
func TestInterrupt(t *testing.T) {
	w := newWorld(t)
	earlier := w.program("import f \"fmt\"\nimport s \"time\"\nvar n int\nvar ended, goon bool",
		"go func() { for !goon { "+poll+" s.Sleep(1000000) }; f.Println(`earlier is done`) }()")
	if f := w.Run(earlier); f != nil {
		t.Fatal(f)
	}
	f := w.interruptWhen(w.program("", "defer func() { ended = true }()\nfor { "+poll+" n = 7 }"), func() bool { return w.value(t, "n") == "7" })
	if f == nil || f.Name != engine.FailureInterrupted {
		t.Fatalf("%v, want an interruption", f)
	}
	if f := w.Run(w.program("", "goon = true; rt.Show(run, n, ended)")); f != nil {
		t.Fatal(f)
	}
	w.mu.Lock()
	shown := slices.IndexFunc(w.events, func(e engine.Event) bool { return e.Kind == engine.Result })
	if got := string(w.events[shown].Data); !strings.Contains(got, "7 true") {
		t.Errorf("variables after the interrupt: %s, want 7 and a deferred call that ran", got)
	}
	w.mu.Unlock()
	for deadline := time.Now().Add(time.Minute); !strings.Contains(w.text(1, "stdout"), "earlier is done"); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the goroutine of the earlier cell did not go on")
		}
	}
}

// An interrupt is for one of the runs that are under way.
func TestInterruptOfOneRun(t *testing.T) {
	w := newWorld(t)
	w.Run(w.program("var a, b int\nvar end bool", ""))
	other, ended := w.program("", "for !end { "+poll+" b++ }"), make(chan *engine.Failure, 1)
	go func() { ended <- w.Run(other) }()
	f := w.interruptWhen(w.program("", "for { "+poll+" a++ }"), func() bool { return w.value(t, "a") != "0" && w.value(t, "b") != "0" })
	if f == nil || f.Name != engine.FailureInterrupted {
		t.Errorf("%v, want an interruption", f)
	}
	for before := w.value(t, "b"); w.value(t, "b") == before; {
		select {
		case f := <-ended:
			t.Fatalf("the other run has ended too: %v", f)
		case <-time.After(time.Millisecond):
		}
	}
	w.Run(w.program("", "end = true"))
	if f := <-ended; f != nil {
		t.Errorf("the other run: %v, want that it ends well", f)
	}
}

// Endless recursion ends the cell, and nothing is lost.
func TestStackOverflow(t *testing.T) {
	w := newWorld(t)
	p := w.program("var kept = 3\nfunc f(n int) int { "+poll+"return f(n+1) + 1 }", "kept = 4\nf(0)")
	f := w.Run(p)
	if f == nil || f.Name != engine.FailurePanic || !strings.Contains(f.Value, "stack overflow") {
		t.Fatalf("%v, want a stack overflow", f)
	}
	if f := w.Run(w.program("", "rt.Show(run, kept)")); f != nil {
		t.Fatal(f)
	}
	if last := w.last(); !strings.Contains(string(last.Data), "4") {
		t.Errorf("after the overflow kept is %s, want 4", last.Data)
	}
}

// A cell that waits in compiled code is given up, and says so.
func TestInterruptOfCompiledCode(t *testing.T) {
	w := newWorldWith(t, interp.Options{})
	blocked := func() bool {
		select {
		case <-blocking:
			return true
		default:
			return false
		}
	}
	f := w.interruptWhen(w.program("import b \"block\"", "b.Forever()"), blocked)
	if f == nil || f.Name != engine.FailureInterrupted || !strings.Contains(f.Value, "still waits") {
		t.Errorf("%v, want an interruption that names compiled code", f)
	}
}

// What a goroutine prints belongs to the cell that started it, whatever runs meanwhile; a panic in
// it ends nothing else.
func TestOutputOfGoroutines(t *testing.T) {
	w := newWorld(t)
	w.Run(w.program("import f \"fmt\"\nvar late, printed = make(chan bool), make(chan bool)", "go func() { <-late; f.Println(`late`); printed <- true }()"))
	w.Run(w.program("import f2 \"fmt\"", "for i := 0; i < 10; i++ { f2.Println(`now`); if i == 5 { late <- true; <-printed } }"))
	if got := w.text(1, "stdout"); got != "late\n" {
		t.Errorf("run 1 printed %q, want late", got)
	}
	if got := w.text(2, "stdout"); strings.Contains(got, "late") || strings.Count(got, "now") != 10 {
		t.Errorf("run 2 printed %q", got)
	}
	w.Run(w.program("", "rt.Go(func() { panic(`lost`) })"))
	for end := time.Now().Add(20 * time.Second); w.text(3, "stderr") != "panic in a goroutine: lost\n"; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("the panic of a goroutine: %q", w.text(3, "stderr"))
		}
	}
}

func TestInput(t *testing.T) {
	w := newWorld(t)
	go func() { e := <-w.seen; w.Answer(e.Request, "42", true) }()
	if f := w.Run(w.program("import f \"fmt\"\nvar x int", "f.Scan(&x)\nrt.Show(run, x)")); f != nil {
		t.Fatal(f)
	}
	if last := w.last(); !strings.Contains(string(last.Data), "42") {
		t.Errorf("scanned %s, want 42", last.Data)
	}
}
