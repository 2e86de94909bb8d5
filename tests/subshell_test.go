package tests

import (
	"strings"
	"testing"
)

// beside runs a cell in a subshell while another may run in the main shell.
func (k *kernel) beside(subshell, code string) outcome {
	k.t.Helper()
	var o outcome
	k.ask(&o, map[string]any{"do": "beside", "code": code, "subshell": subshell, "timeout": 120})
	if o.Failed != "" {
		k.t.Fatalf("%s after the cell\n%s", o.Failed, code)
	}
	return o
}

// TestSubshells has a cell that prints for as long as another shell does not stop it.
func TestSubshells(t *testing.T) {
	k := startKernel(t, newWorkspace(t), nil, nil)
	k.run("var stop atomic.Bool\nn := 0")
	var sub struct{ ID string }
	k.ask(&sub, map[string]any{"do": "subshell"})
	k.send(`for !stop.Load() { fmt.Println("main"); n++; time.Sleep(time.Millisecond) }; n > 0`)
	for range 20 {
		o := k.beside(sub.ID, `for range 10 { fmt.Println("beside"); time.Sleep(time.Millisecond) }; func twice(n int) int { return 2*n }; twice(21)`)
		if want := "beside\nbeside\nbeside\nbeside\nbeside\nbeside\nbeside\nbeside\nbeside\nbeside\n"; o.Stdout != want || o.text() != "42" {
			t.Errorf("the subshell shows %q and %q, %s", o.Stdout, o.text(), o.Traceback)
		}
	}
	if o := k.beside(sub.ID, "var none []int\nnone[3]"); o.Name != "panic" {
		t.Errorf("a panic in the subshell: %s %s, want panic", o.Status, o.Name)
	}
	if o := k.beside(sub.ID, "stop.Store(true)"); o.Status != "ok" {
		t.Errorf("the subshell cannot use a variable of the main shell: %s", o.Traceback)
	}
	o := k.wait()
	for i := 0; i < len(o.Stdout); i += len("main\n") {
		if o.Stdout[i:min(i+5, len(o.Stdout))] != "main\n" {
			t.Fatalf("the main shell shows %.40q at %d, want its own lines", o.Stdout[i:], i)
		}
	}
	if len(o.Stdout) == 0 || o.text() != "true" {
		t.Errorf("the main shell shows %d bytes and %q, want its lines and true: %s", len(o.Stdout), o.text(), o.Traceback)
	}
	k.mustRun("twice(4)", "8")
}

// TestMagicsInSubshell has magics print in the cell of their shell, while another cell runs.
func TestMagicsInSubshell(t *testing.T) {
	k := startKernel(t, newWorkspace(t), nil, nil)
	k.run("var stop atomic.Bool")
	var sub struct{ ID string }
	k.ask(&sub, map[string]any{"do": "subshell"})
	k.begin("for !stop.Load() { time.Sleep(time.Millisecond) }")
	for _, tt := range []struct{ code, out, err string }{
		{"%pwd", "/", ""},
		{"!echo out; echo err >&2", "out\n", "err\n"},
		{"%%bash\necho script", "script\n", ""},
		{"%%time\nx := 1", "wall ", ""},
		{"%timeit -n 1 -r 1 x++", "of 1 run of 1 loop", ""},
		{"%whos", "atomic.Bool", ""},
		{"shell.Lines(\"echo err >&2\")", "", "err\n"},
	} {
		if o := k.beside(sub.ID, tt.code); o.Status != "ok" || !strings.Contains(o.Stdout, tt.out) || o.Stderr != tt.err {
			t.Errorf("%s: %s, prints %q and %q, want %q and %q", tt.code, o.Status, o.Stdout, o.Stderr, tt.out, tt.err)
		}
	}
	k.beside(sub.ID, "stop.Store(true)")
	if o := k.wait(); o.Stdout != "it runs\n" || o.Stderr != "" {
		t.Errorf("the main shell prints %q and %q", o.Stdout, o.Stderr)
	}
}
