package tests

import (
	"fmt"
	"syscall"
	"testing"
	"time"
)

// history gives the cells that a kernel has of its session, or of an earlier one.
func (k *kernel) history(session int) string {
	k.t.Helper()
	var answer struct{ History [][]any }
	k.ask(&answer, map[string]any{"do": "history", "timeout": 20,
		"options": map[string]any{"hist_access_type": "range", "session": session, "start": 1, "output": true}})
	return fmt.Sprint(answer.History)
}

// TestHistoryOutlivesTheKernel kills the engine, and then the kernel between two cells.
func TestHistoryOutlivesTheKernel(t *testing.T) {
	w := newWorkspace(t)
	data := "JUPYTER_DATA_DIR=" + t.TempDir()
	k := startKernel(t, w, []string{data}, nil)
	k.mustRun("6 * 7", "42")
	k.run("os.Exit(3)")
	k.mustRun("1 + 1", "2")
	want := "[[1 1 [6 * 7 42]] [1 2 [os.Exit(3) <nil>]] [1 3 [1 + 1 2]]]"
	if got := k.history(0); got != want {
		t.Errorf("after an engine was lost: got %s, want %s", got, want)
	}
	beside := startKernel(t, w, []string{data}, nil)
	for late := time.Now().Add(20 * time.Second); beside.history(1) != want && time.Now().Before(late); {
		time.Sleep(10 * time.Millisecond) // until the first kernel has written its last cell
	}
	if err := syscall.Kill(k.pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	next := startKernel(t, w, []string{data}, nil)
	if got := next.history(-1); got != want {
		t.Errorf("after the kernel was killed: got %s, want %s", got, want)
	}
}
