package tests

import (
	"strings"
	"testing"
	"time"
)

// allowed is what engines may take in these tests, so that no machine is brought to its limits.
const allowed = "600MB"

// TestMemory has cells that take all the memory they can get. Those that can be ended are, and the
// variables stay; with others the engine dies, and with some only what they have started. The kernel, and
// the next cell, live on.
func TestMemory(t *testing.T) {
	tests := []struct {
		name, code  string
		ename, want string
		keeps       bool // the variables
	}{
		{"one that asks for too much", "x := make([]byte, 10_000_000_000)\nlen(x)", "panic", "out of memory", true},
		{"one that allocates without end", "var all [][]byte\nfor { all = append(all, make([]byte, 1_000_000)) }", "panic", "out of memory", true},
		{"one that keeps stacks", "func deep(n int) { if n > 0 { deep(n-1) } else { select {} } }\nfor { go deep(50); time.Sleep(time.Microsecond) }", "engine", "GOFIVE_MEMORY allows", false},
		{"a child process", `exec.Command("tail", "/dev/zero").Run()`, "error", "killed", true},
	}
	for _, tt := range tests {
		k := startKernel(t, newWorkspace(t), []string{"GOFIVE_MEMORY=" + allowed}, nil)
		k.mustRun("kept := 42\nkept", "42")
		o, stuck := k.runOrInterrupt(tt.code, 60)
		if stuck || o.Status != "error" || o.Name != tt.ename || !strings.Contains(o.Value, tt.want) {
			t.Errorf("%s: got %s %s: %s %s (had to be interrupted: %v), want %s: %s",
				tt.name, o.Status, o.Name, o.Value, o.Stderr, stuck, tt.ename, tt.want)
		}
		if tt.ename == "engine" && !strings.Contains(o.Traceback, "%replay") {
			t.Errorf("%s: the message does not say what to do:\n%s", tt.name, o.Traceback)
		}
		if kept := k.run("kept").text() == "42"; kept != tt.keeps {
			t.Errorf("%s: variables kept: %v, want %v", tt.name, kept, tt.keeps)
		}
	}
}

// TestRunawayGoroutines interrupts a cell that starts goroutines that never rest, as many as it can. They
// leave the engine no time to notice; then it is killed.
func TestRunawayGoroutines(t *testing.T) {
	k := startKernel(t, newWorkspace(t), nil, nil)
	k.mustRun("1+1", "2")
	k.begin("for i := 0; i < 50_000; i++ { go func() { for {} }() }\nfor {}")
	time.Sleep(time.Second) // as many as that makes
	k.interrupt()
	o := k.wait()
	switch {
	case o.Name == "interrupted":
	case o.Name == "engine" && strings.Contains(o.Value, "did not answer an interrupt"):
	default:
		t.Errorf("got %s %s: %s, want interrupted, or an engine that did not answer", o.Status, o.Name, o.Value)
	}
	k.mustRun("1+1", "2")
}
