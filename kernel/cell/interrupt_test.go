package cell_test

import (
	"strings"
	"testing"
	"time"
)

// An interrupt ends a cell wherever it is, and its goroutine too: what it waited for is left to later
// cells.
func TestInterrupts(t *testing.T) {
	tests := []struct{ name, code, then, want string }{
		{"loop", "for { n++ }", "n > 0", "true"},
		{"goto", "again: n++; goto again", "n > 0", "true"},
		{"recursion", "func fib(n int) int { if n < 2 { return n }; return fib(n-1) + fib(n-2) }\nfib(60)", "n", "0"},
		{"receive", "n = <-c", "c <- 1; n, len(c)", "0 1"},
		{"shown receive", "<-c", "c <- 1; n, len(c)", "0 1"},
		{"receive in a goroutine", "go func() { n = <-c }()\nselect {}", "c <- 1; time.Sleep(time.Millisecond); n, len(c)", "0 1"},
		{"send", "full <- 1", "<-full; len(full)", "0"},
		{"range", "for v := range c { n = v }", "c <- 1; n, len(c)", "0 1"},
		{"select", "select { case n = <-c: case full <- 3: }", "c <- 1; <-full; n, len(c), len(full)", "0 1 0"},
		{"argument", "fmt.Println(<-c)", "c <- 1; n, len(c)", "0 1"},
		{"condition", "if v, ok := <-c; ok { n = v }", "c <- 1; n, len(c)", "0 1"},
		{"sleep", "defer func() { n = 3 }()\ntime.Sleep(time.Hour)", "n", "3"},
		{"deferred work", "defer func() { for i := range 1000 { n = i + 1 }; time.Sleep(time.Millisecond) }()\nfor {}", "n", "1000"},
		{"mutex", "held.Lock()\nn = 1", "held.Unlock(); time.Sleep(10 * time.Millisecond); held.TryLock(), n", "true 0"},
		{"mutex of a struct", "guarded.Lock()\nn = 1", "guarded.Unlock(); time.Sleep(10 * time.Millisecond); guarded.TryLock(), n", "true 0"},
		{"group", "wg.Wait()\nn = 1", "wg.Done(); wg.Wait(); n", "0"},
		{"ticks", "for range time.Tick(time.Millisecond) { n++ }", "n > 0", "true"},
		{"sort", "x := make([]int, 3000000); for i := range x { x[i] = i * 7919 % 3000017 }\nsort.Slice(x, func(i, j int) bool { return x[i] < x[j] })", "n", "0"},
		{"generic sort", "x := make([]int, 3000000); for i := range x { x[i] = i * 7919 % 3000017 }\nslices.SortFunc(x, func(a, b int) int { return a - b })", "n", "0"},
		{"function that only computes", "func spin(k int) int { for k != 0 { k |= 1 }; return k }\nn = spin(1)", "n", "0"},
		{"range over a function", "seq := func(yield func(int) bool) { for yield(1) {} }\nfor v := range seq { n = v }", "n", "1"},
		{"panics that are recovered", "for { func() { defer func() { recover() }(); var p *int; *p = 1 }() }", "n", "0"},
	}
	for _, tt := range tests {
		nb := newLive(t)
		nb.run(t, "n := 0\nc := make(chan int, 5)\nfull := make(chan int, 1); full <- 0\nvar held sync.Mutex; held.Lock()\nvar wg sync.WaitGroup; wg.Add(1)\nvar guarded struct { sync.RWMutex; x int }; guarded.RLock(); guarded.RUnlock(); guarded.Lock()")
		time.AfterFunc(100*time.Millisecond, nb.interp.Interrupt)
		if got := nb.run(t, tt.code); !strings.HasPrefix(got, "interrupted: the cell was interrupted; variables keep what they had\n") {
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
	nb.run(t, "in, out := make(chan int), make(chan int, 1)\ngo func() { for v := range in { out <- v * 2 } }()\nticks := 0\ngo func() { for { ticks++; time.Sleep(time.Millisecond) } }()\nvar mu sync.Mutex; mu.Lock()\ngot := make(chan int, 1)\ngo func() { mu.Lock(); got <- 5 }()")
	time.AfterFunc(100*time.Millisecond, nb.interp.Interrupt)
	nb.run(t, "for {}")
	if got := nb.run(t, "in <- 21; before := ticks; time.Sleep(30 * time.Millisecond); mu.Unlock(); <-out, ticks > before, <-got"); got != "42 true 5" {
		t.Errorf("after the interrupt: %s, want 42 true 5", got)
	}
}
