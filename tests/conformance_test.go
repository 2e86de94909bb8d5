package tests

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
)

// TestConformance runs Jupyter's own suite for kernels, all of it, against the installed one.
func TestConformance(t *testing.T) {
	py := python(t, "jupyter_client", "jupyter_kernel_test")
	w := newWorkspace(t)
	stdout, stderr, err := command(t, t.TempDir(), w.env(t), py, filepath.Join(repoRoot(t), "tests", "conformance.py"))
	var reasons map[string][]string // by test
	if err != nil || json.Unmarshal([]byte(stdout), &reasons) != nil {
		t.Fatalf("jupyter_kernel_test: %v\n%s%s", err, stdout, stderr)
	}
	for _, name := range []string{
		"clear_output", "completion", "display_data", "error", "error_of_running_code", "execute_result",
		"execute_stderr", "execute_stdout", "history", "inspect", "is_complete", "kernel_info", "pager", "welcome",
	} {
		t.Run(name, func(t *testing.T) {
			why, ran := reasons["test_"+name]
			if !ran {
				t.Error("the suite has no such test")
			}
			if len(why) > 0 {
				t.Error(strings.Join(why, "\n"))
			}
		})
	}
	for name, why := range reasons {
		if strings.HasPrefix(strings.Join(why, ""), "skipped") {
			t.Errorf("%s: %v", name, why)
		}
	}
	if t.Failed() {
		t.Logf("what the kernel wrote to stderr:\n%s", stderr)
	}
}
