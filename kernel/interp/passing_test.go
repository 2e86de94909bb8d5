package interp_test

import (
	"fmt"
	"strings"
	"testing"

	"gofive/kernel/engine"
)

// passing is a program that declares nothing which outlives it.
func (w *world) passing(decls, body string) *engine.Program {
	p := w.program(decls, body)
	p.Passing, p.Forget = true, []string{"f", fmt.Sprintf("rt%d", p.Run), p.Entry}
	return p
}

// A program that declares nothing is read once, and run each time. When many others have come it is read again.
func TestProgramThatComesAgain(t *testing.T) {
	w := newWorld(t)
	w.Run(w.program("var n int", ""))
	again := w.passing("import f \"fmt\"\nvar _, _ = f.Println(`read`)", "n++; f.Println(n)")
	for range 3 {
		if f := w.Run(again); f != nil {
			t.Fatal(f)
		}
	}
	if got := w.text(again.Run, "stdout"); got != "read\n1\n2\n3\n" {
		t.Errorf("three times printed %q", got)
	}
	for range 30 {
		if f := w.Run(w.passing("", "n++")); f != nil {
			t.Fatal(f)
		}
	}
	if f := w.Run(again); f != nil {
		t.Fatal(f)
	}
	if got := w.text(again.Run, "stdout"); !strings.HasSuffix(got, "read\n34\n") {
		t.Errorf("after others it printed %q", got)
	}
	idle := *again
	idle.Entry = ""
	if f := w.Run(&idle); f != nil || strings.Count(w.text(again.Run, "stdout"), "read") != 2 {
		t.Errorf("a rank that does not run it: %v, %s", f, w.text(again.Run, "stdout"))
	}
}

// A rank that does not run the first cell has read nothing when it is to forget something.
func TestFirstProgramOfRankThatDoesNotRunIt(t *testing.T) {
	w := newWorld(t)
	idle := w.passing("", "")
	idle.Entry = ""
	if f := w.Run(idle); f != nil {
		t.Error(f)
	}
	if f := w.Run(w.passing("import f \"fmt\"", "f.Println(1)")); f != nil {
		t.Error(f)
	}
}

// A failure of a program that has been read before is told as that of one that has not.
func TestFailureOfProgramThatComesAgain(t *testing.T) {
	w := newWorld(t)
	w.Run(w.program("var p *int\nvar x any = 1", ""))
	for _, body := range []string{"_ = *p", "_ = x.(string)", "panic(`no`)", "var s []int; _ = s[len(s)]"} {
		again := w.passing("", body)
		first, second := w.Run(again), w.Run(again)
		if first == nil || fmt.Sprint(second) != fmt.Sprint(first) || fmt.Sprint(second.Traceback) != fmt.Sprint(first.Traceback) {
			t.Errorf("%s: got %q, want %q", body, second, first)
		}
	}
}
