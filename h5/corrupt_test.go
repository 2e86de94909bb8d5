package h5

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

func init() {
	children["read"] = func(args []string) {
		for resource, limit := range map[int]uint64{syscall.RLIMIT_AS: 6 << 30, syscall.RLIMIT_CORE: 0, syscall.RLIMIT_CPU: 10} {
			if err := syscall.Setrlimit(resource, &syscall.Rlimit{Cur: limit, Max: limit}); err != nil {
				fmt.Println(err)
				os.Exit(3)
			}
		}
		fmt.Println("result:", readEverything(args[0]))
	}
}

// readEverything reads all objects and attributes of a file and says how it went.
func readEverything(path string) string {
	f, err := Open(path)
	if err != nil {
		return err.Error()
	}
	defer f.Close()
	values, failures, last := 0, 0, error(nil)
	count := func(err error) {
		values++
		if err != nil {
			failures++
			last = err
		}
	}
	visit := func(o Object) {
		attrs, err := o.Attrs()
		count(err)
		for _, a := range attrs {
			_, err := a.Array()
			count(err)
		}
		if d, ok := o.(*Dataset); ok {
			_, err := d.Slice()
			count(err)
		}
		_ = fmt.Sprint(o, attrs)
	}
	visit(f)
	count(f.Walk(func(e Entry) error {
		count(e.Err)
		o, err := f.Get(e.Path)
		count(err)
		if err == nil {
			visit(o)
			o.Close()
		}
		return nil
	}))
	return fmt.Sprintf("%d reads, %d failed, the last with: %v", values, failures, last)
}

// TestCorruptFiles reads damaged files, each in a process of its own with little time and memory. The
// library may kill that process; our own code may not, and every error must be one of ours.
func TestCorruptFiles(t *testing.T) {
	files := sharedFiles(t, "hdf5/corrupt")
	var mu sync.Mutex
	counts := map[string]int{}
	for _, path := range files {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			how, detail := readInChild(t, path)
			if how == "our fault" {
				t.Errorf("%s:\n%s", path, detail)
			}
			t.Logf("%s: %s", how, detail)
			mu.Lock()
			counts[how]++
			mu.Unlock()
		})
	}
	t.Cleanup(func() { t.Logf("%d files: %v", len(files), counts) })
}

func readInChild(t *testing.T, path string) (how, detail string) {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	self, err := os.Executable()
	must(t, err)
	cmd := exec.CommandContext(ctx, self, path)
	cmd.Env = append(os.Environ(), "H5_TEST_CHILD=read")
	out, err := cmd.CombinedOutput()
	text := string(out)
	_, result, ok := strings.Cut(text, "result: ")
	first, _, _ := strings.Cut(text, "\n")
	switch {
	case err == nil && ok && (strings.HasPrefix(result, "h5: ") || strings.Contains(result, " with: h5: ") || strings.Contains(result, ", 0 failed")):
		return "error or value", strings.TrimSpace(result)
	case err == nil:
		return "our fault", text
	case bytes.Contains(out, []byte("signal arrived during cgo execution")), strings.Contains(err.Error(), "signal: "):
		return "process died", fmt.Sprintf("%v: %s", err, first)
	}
	return "our fault", fmt.Sprintf("%v\n%.3000s", err, text)
}
