package interp_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// A run is forgotten when nobody can speak for it any more, and not before.
func TestRunsAreForgotten(t *testing.T) {
	w := newWorld(t)
	w.Run(w.program("import f \"fmt\"\nvar late, printed = make(chan bool), make(chan bool)", "go func() { <-late; f.Println(`late`); printed <- true }()"))
	for range 200 {
		w.Run(w.program("", "_ = 1"))
	}
	for range 3 {
		runtime.GC()
	}
	w.Run(w.program("", "late <- true; <-printed"))
	if got := w.text(1, "stdout"); got != "late\n" {
		t.Errorf("after collections run 1 printed %q, want late", got)
	}
	before := heap()
	const runs = 2000
	for range runs {
		w.Run(w.program("", "_ = 1"))
	}
	if each := (heap() - before) / runs; each > 400 {
		t.Errorf("a run that does nothing leaves %d bytes, want 400 at most", each)
	}
}

// A panic at the top of a cell that is over shows nothing of the interpreter's own.
func TestPanicWithoutPosition(t *testing.T) {
	w := newWorld(t)
	w.Run(w.program("var late, over = make(chan bool), make(chan bool)", "go func() { defer func() { over <- recover() != nil }(); <-late; func() { panic(1) }() }()"))
	w.Run(w.program("", "late <- true; <-over"))
	for _, run := range []int64{0, 1, 2} {
		if text := fmt.Sprint(w.text(run, "stdout"), w.text(run, "stderr")); strings.Contains(text, "main.") {
			t.Errorf("run %d shows %q", run, text)
		}
	}
}

func heap() int64 {
	for range 3 { // the first only finds what can be cleaned up
		runtime.GC()
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
