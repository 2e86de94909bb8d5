package engine_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"gofive/kernel/engine"
)

// fake is a Runner whose programs are words for what to do; the test executable itself is the
// engine that runs it.
type fake struct{ emit engine.Handler }

func (f fake) Run(p *engine.Program) *engine.Failure {
	word, arg, _ := strings.Cut(p.Source, " ")
	switch word {
	case "event":
		f.emit(engine.Event{Kind: engine.Stream, Run: p.Run, Stream: "stdout", Text: []byte(arg)})
	case "fd":
		fmt.Fprint(os.Stdout, arg)
	case "fdread": // the kernel has read it all when the program ends
		fmt.Fprint(os.Stdout, arg)
		time.Sleep(20 * time.Millisecond)
	case "errread":
		fmt.Fprint(os.Stderr, arg)
		time.Sleep(20 * time.Millisecond)
	case "between":
		for i := range 50 {
			fmt.Fprintf(os.Stdout, "%d\n", i)
			f.emit(engine.Event{Kind: engine.Display, Run: p.Run})
		}
	case "result":
		f.emit(engine.Event{Kind: engine.Result, Run: p.Run, Text: []byte(arg)})
		fmt.Fprint(os.Stdout, "deferred")
	case "flood":
		for range 1000 {
			fmt.Fprint(os.Stdout, strings.Repeat(arg, 1000))
		}
	case "closefd":
		os.Stdout.Close()
	case "fail":
		return &engine.Failure{Name: engine.FailureError, Value: arg}
	case "segv":
		_ = syscall.Kill(os.Getpid(), syscall.SIGSEGV)
		time.Sleep(time.Minute)
	case "overflow":
		endless(0)
	case "exit":
		os.Exit(3)
	case "stop":
		_ = syscall.Kill(os.Getpid(), syscall.SIGSTOP)
		time.Sleep(time.Minute)
	case "doze":
		d, _ := time.ParseDuration(arg)
		time.Sleep(d)
	case "wait":
		<-stop
		return &engine.Failure{Name: engine.FailureInterrupted}
	case "sleep":
		time.Sleep(time.Minute)
	}
	return nil
}

func endless(n int) int { return endless(n+1) + 1 }

// stop ends the program that waits for it.
var stop = make(chan struct{})

func (fake) Interrupt(int64) {
	select {
	case stop <- struct{}{}:
	default:
	}
}

func (fake) Answer(int64, string, bool) {}

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "serve" {
		s := engine.NewServer(os.NewFile(3, "kernel"))
		if err := s.Serve(fake{s.Emit}); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// host is an engine and all that it said.
type host struct {
	*engine.Process
	runs   int64
	mu     sync.Mutex
	events []engine.Event
}

func start(t *testing.T, path string) *host {
	h := &host{}
	h.Process = engine.Start(path, func(e engine.Event) {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.events = append(h.events, e)
	})
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		h.Close(ctx)
	})
	return h
}

func self(t *testing.T) string {
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// run runs source and gives the failure and everything written until it ended.
func (h *host) run(source string) (*engine.Failure, string) {
	h.runs++
	h.mu.Lock()
	h.events = nil
	h.mu.Unlock()
	f := h.Run(context.Background(), &engine.Program{Run: h.runs, Name: "In[1]", Source: source})
	h.mu.Lock()
	defer h.mu.Unlock()
	var text strings.Builder
	for _, e := range h.events {
		if e.Kind == engine.Stream && e.Run == h.runs {
			text.Write(e.Text)
		}
	}
	return f, text.String()
}

func TestRun(t *testing.T) {
	h := start(t, self(t))
	nul := "a\x00b\x00gofive"
	for _, tt := range []struct{ source, want string }{
		{"event hello", "hello"},
		{"fd world", "world"},
		{"fd " + nul, nul},
		{"fdread " + nul, nul},
		{"fd no newline", "no newline"},
		{"flood x", strings.Repeat("x", 1_000_000)},
		{"fd SIGSEGV: just text\n", "SIGSEGV: just text\n"},
		{"errread SIGSEGV: just text\n", "SIGSEGV: just text\n"},
	} {
		if f, got := h.run(tt.source); f != nil || got != tt.want {
			t.Errorf("run %.20q: %v, output %.40q, want %.40q", tt.source, f, got, tt.want)
		}
	}
	if f, _ := h.run("fail no luck"); f == nil || f.Value != "no luck" {
		t.Errorf("failure %v", f)
	}
}

func TestDeathAndReplacement(t *testing.T) {
	h := start(t, self(t))
	for _, tt := range []struct{ source, want string }{
		{"segv", "SIGSEGV"},
		{"overflow", "stack"},
		{"exit", "status 3"},
	} {
		f, out := h.run(tt.source)
		if f == nil || f.Name != engine.FailureEngine || !strings.Contains(f.Value, tt.want) {
			t.Fatalf("%s: %v, want a failure of the engine with %q", tt.source, f, tt.want)
		}
		if out != "" {
			t.Errorf("%s: the cell shows the engine's last words: %q", tt.source, out)
		}
		h.mu.Lock()
		lost := 0
		for _, e := range h.events {
			if e.Kind == engine.Lost {
				lost++
			}
		}
		h.mu.Unlock()
		if lost != 1 {
			t.Errorf("%s: %d Lost events before Run returned, want 1", tt.source, lost)
		}
		if f, got := h.run("fd again"); f != nil || got != "again" {
			t.Errorf("the run after %s: %v, %q", tt.source, f, got)
		}
	}
}

// A program that was checked for a process which has died since runs nothing in the next.
func TestStaleProgram(t *testing.T) {
	h := start(t, self(t))
	life := h.Life()
	for i, tt := range []struct {
		life  int64
		stale bool
	}{{life, false}, {0, false}, {life, true}, {life + 1, false}} {
		f := h.Run(context.Background(), &engine.Program{Run: int64(100 + i), Name: "In[1]", Source: "fd x", Life: tt.life})
		if stale := f != nil && f.Stale && f.Unrun; stale != tt.stale || f != nil && !stale {
			t.Errorf("run %d for life %d: %v, stale should be %v", i, tt.life, f, tt.stale)
		}
		if i == 1 {
			h.run("exit")
		}
	}
}

func TestEngineThatDoesNotStart(t *testing.T) {
	for _, path := range []string{"/no/such/engine", "/bin/false"} {
		h := start(t, path)
		for range 2 { // trying again tells again
			f, _ := h.run("fd x")
			if f == nil || f.Name != engine.FailureEngine || !strings.Contains(strings.Join(f.Traceback, "\n"), "gofive doctor") {
				t.Errorf("%s: %v, want a failure that names gofive doctor", path, f)
			}
		}
	}
}

func TestClosedDescriptor(t *testing.T) {
	h := start(t, self(t))
	if f, _ := h.run("closefd"); f != nil {
		t.Errorf("closing stdout: %v", f)
	}
	if f, got := h.run("event still here"); f != nil || got != "still here" {
		t.Errorf("after closing stdout: %v, %q", f, got)
	}
}

func TestKilledByContext(t *testing.T) {
	h := start(t, self(t))
	h.runs++
	ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer cancel()
	f := h.Run(ctx, &engine.Program{Run: h.runs, Name: "In[1]", Source: "sleep"})
	if f == nil || !strings.Contains(f.Value, "SIGKILL") {
		t.Errorf("%v, want an engine killed by SIGKILL", f)
	}
}

// stopped runs a program that stops its engine, and returns when that is done. What came of the run
// arrives on the channel.
func stopped(t *testing.T, h *host) <-chan *engine.Failure {
	t.Helper()
	if f, _ := h.run("fd x"); f != nil {
		t.Fatal(f)
	}
	stat := fmt.Sprintf("/proc/%d/stat", h.PID())
	ended := make(chan *engine.Failure, 1)
	go func() {
		f, _ := h.run("stop")
		ended <- f
	}()
	for {
		text, err := os.ReadFile(stat)
		if err != nil {
			t.Skipf("needs %s: %v", stat, err)
		}
		if strings.Contains(string(text), ") T ") {
			return ended
		}
		time.Sleep(time.Millisecond)
	}
}

// fill sends more than the socket of an engine that does not read can hold.
func fill(h *host) {
	for range 8 {
		h.Answer(1, strings.Repeat("x", 1<<20), true)
	}
}

func TestInterruptOfStoppedEngine(t *testing.T) {
	h := start(t, self(t))
	h.SetGrace(300 * time.Millisecond)
	ended := stopped(t, h)
	fill(h)
	for range 10_000 {
		h.Interrupt(2)
	}
	if n := h.Queued(); n > 9 {
		t.Errorf("%d commands are queued after 8 answers and 10,000 interrupts, want one interrupt", n)
	}
	f := <-ended
	if f == nil || f.Name != engine.FailureEngine || !strings.Contains(f.Value, "did not answer an interrupt for 300ms") {
		t.Fatalf("%v, want an engine that did not answer an interrupt", f)
	}
	if f, got := h.run("fd again"); f != nil || got != "again" {
		t.Errorf("the run after it: %v, %q", f, got)
	}
}

func TestCloseOfStoppedEngine(t *testing.T) {
	h := start(t, self(t))
	ended := stopped(t, h)
	fill(h)
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	if err := h.Close(ctx); err == nil || !strings.Contains(err.Error(), "was killed") {
		t.Errorf("%v, want that the engine was killed", err)
	}
	if f := <-ended; f == nil || f.Name != engine.FailureEngine {
		t.Errorf("the run: %v, want a failure of the engine", f)
	}
}

// TestInterruptAnswered ends a program within its grace: that program's engine lives on, however
// long the next one takes.
func TestInterruptAnswered(t *testing.T) {
	h := start(t, self(t))
	h.run("fd begun")
	h.SetGrace(2 * time.Second)
	ended := make(chan *engine.Failure, 1)
	go func() {
		f, _ := h.run("wait")
		ended <- f
	}()
	var f *engine.Failure
	for f == nil { // the first may come before the program has begun
		h.Interrupt(2)
		select {
		case f = <-ended:
		case <-time.After(20 * time.Millisecond):
		}
	}
	if f.Name != engine.FailureInterrupted {
		t.Fatalf("%v, want %s", f, engine.FailureInterrupted)
	}
	if f, got := h.run("doze 2500ms"); f != nil || got != "" {
		t.Errorf("a program after the interrupted one: %v, %q", f, got)
	}
}

// TestBusyHandler has the end of a run held up by our own handler: the engine is not to blame.
func TestBusyHandler(t *testing.T) {
	release, entered := make(chan struct{}), make(chan struct{}, 1)
	p := engine.Start(self(t), func(engine.Event) { entered <- struct{}{}; <-release })
	t.Cleanup(func() { p.Close(context.Background()) })
	p.SetGrace(1200 * time.Millisecond)
	ended := make(chan *engine.Failure, 1)
	go func() {
		ended <- p.Run(context.Background(), &engine.Program{Run: 1, Name: "In[1]", Source: "event x"})
	}()
	<-entered
	for start := time.Now(); time.Since(start) < 1500*time.Millisecond; time.Sleep(50 * time.Millisecond) {
		p.Interrupt(1)
	}
	close(release)
	if f := <-ended; f != nil {
		t.Errorf("%v, want a run that ended well", f)
	}
}
