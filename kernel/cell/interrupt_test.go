package cell_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"gofive/kernel/engine"
)

// interruptAt runs a cell and interrupts it when it has set the variable at, which was 0, and so has come
// to where the interrupt is to find it.
func (nb *live) interruptAt(t *testing.T, code string) string {
	t.Helper()
	at, ok := nb.session.Inspect("at", 0, 0)
	if !ok {
		t.Fatal("there is no variable called at")
	}
	p, ended := nb.load(t, code), make(chan string, 1)
	go func() { ended <- nb.runProgram(p) }()
	for {
		k, err := nb.interp.Ask(context.Background(), &engine.Question{Value: true, Var: at.Ask.Var})
		if err != nil {
			t.Fatal(err)
		}
		if k.Value != "0" {
			break
		}
		select {
		case got := <-ended:
			return got
		case <-time.After(time.Millisecond):
		}
	}
	// What waits is set a moment after the variable. Nothing depends on the length of the moment: an
	// interrupt has to end the cell before it waits too.
	time.Sleep(5 * time.Millisecond)
	nb.interp.Interrupt(p.Run)
	return <-ended
}

// An interrupt ends a cell wherever it is, and its goroutine too: what it waited for is left to later
// cells.
func TestInterrupts(t *testing.T) {
	tests := []struct{ name, code, then, want string }{
		{"loop", "for { n++; at = n }", "n > 0", "true"},
		{"goto", "again: n++; at = n; goto again", "n > 0", "true"},
		{"recursion", "func fib(n int) int { if n < 2 { return n }; return fib(n-1) + fib(n-2) }\nat = 1\nfib(60)", "n", "0"},
		{"receive", "at = 1; n = <-c", "c <- 1; n, len(c)", "0 1"},
		{"shown receive", "at = 1\n<-c", "c <- 1; n, len(c)", "0 1"},
		{"receive in a goroutine", "go func() { at = 1; n = <-c }()\nselect {}", "c <- 1; time.Sleep(time.Millisecond); n, len(c)", "0 1"},
		{"send", "at = 1; full <- 1", "<-full; len(full)", "0"},
		{"range", "at = 1; for v := range c { n = v }", "c <- 1; n, len(c)", "0 1"},
		{"select", "at = 1; select { case n = <-c: case full <- 3: }", "c <- 1; <-full; n, len(c), len(full)", "0 1 0"},
		{"argument", "at = 1; fmt.Println(<-c)", "c <- 1; n, len(c)", "0 1"},
		{"condition", "at = 1; if v, ok := <-c; ok { n = v }", "c <- 1; n, len(c)", "0 1"},
		{"sleep", "defer func() { n = 3 }(); at = 1\ntime.Sleep(time.Hour)", "n", "3"},
		{"deferred work", "defer func() { for i := range 1000 { n = i + 1 }; time.Sleep(time.Millisecond) }(); at = 1\nfor {}", "n", "1000"},
		{"mutex", "at = 1; held.Lock()\nn = 1", "held.Unlock(); got := false; for i := 0; i < 5000 && !got; i++ { time.Sleep(time.Millisecond); got = held.TryLock() }; got, n", "true 0"},
		{"mutex of a struct", "at = 1; guarded.Lock()\nn = 1", "guarded.Unlock(); got := false; for i := 0; i < 5000 && !got; i++ { time.Sleep(time.Millisecond); got = guarded.TryLock() }; got, n", "true 0"},
		{"group", "at = 1; wg.Wait()\nn = 1", "wg.Done(); wg.Wait(); n", "0"},
		{"ticks", "for range time.Tick(time.Millisecond) { n++; at = n }", "n > 0", "true"},
		{"sort", "x := make([]int, 3000000); for i := range x { x[i] = i * 7919 % 3000017 }; at = 1\nsort.Slice(x, func(i, j int) bool { return x[i] < x[j] })", "n", "0"},
		{"generic sort", "x := make([]int, 3000000); for i := range x { x[i] = i * 7919 % 3000017 }; at = 1\nslices.SortFunc(x, func(a, b int) int { return a - b })", "n", "0"},
		{"function that only computes", "func spin(k int) int { for k != 0 { k |= 1 }; return k }\nat = 1; n = spin(1)", "n", "0"},
		{"range over a function", "seq := func(yield func(int) bool) { for yield(1) {} }\nfor v := range seq { n = v; at = 1 }", "n", "1"},
		{"panics that are recovered", "for { func() { defer func() { recover() }(); var p *int; *p = 1 }(); at = 1 }", "n", "0"},
	}
	for _, tt := range tests {
		nb := newLive(t)
		nb.run(t, "n, at := 0, 0\nc := make(chan int, 5)\nfull := make(chan int, 1); full <- 0\nvar held sync.Mutex; held.Lock()\nvar wg sync.WaitGroup; wg.Add(1)\nvar guarded struct { sync.RWMutex; x int }; guarded.RLock(); guarded.RUnlock(); guarded.Lock()")
		if got := nb.interruptAt(t, tt.code); !strings.HasPrefix(got, "interrupted: the cell was interrupted; variables keep what they had\n") {
			t.Errorf("%s: %s", tt.name, got)
		}
		if got := nb.run(t, tt.then); got != tt.want {
			t.Errorf("%s: afterwards %s is %s, want %s", tt.name, tt.then, got, tt.want)
		}
	}
}

// Goroutines of earlier cells survive the interrupt of a later one, waiting or not.
func TestInterruptLeavesOthers(t *testing.T) {
	nb := newLive(t)
	nb.run(t, "at := 0\nin, out := make(chan int), make(chan int, 1)\ngo func() { for v := range in { out <- v * 2 } }()\nticks := 0\ngo func() { for { ticks++; time.Sleep(time.Millisecond) } }()\nvar mu sync.Mutex; mu.Lock()\ngot := make(chan int, 1)\ngo func() { mu.Lock(); got <- 5 }()")
	nb.interruptAt(t, "for { at = 1 }")
	if got := nb.run(t, "in <- 21; before := ticks; for i := 0; i < 5000 && ticks == before; i++ { time.Sleep(time.Millisecond) }; mu.Unlock(); <-out, ticks > before, <-got"); got != "42 true 5" {
		t.Errorf("after the interrupt: %s, want 42 true 5", got)
	}
}
