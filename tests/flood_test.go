package tests

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestFlood prints 500 MB, of which 10 MB are to be shown, and looks where the rest is and what the
// kernel took for it.
func TestFlood(t *testing.T) {
	k := startKernel(t, newWorkspace(t), []string{"XDG_CACHE_HOME=" + t.TempDir()}, nil)
	before := k.memoryPeak()
	const lines, line = 8000, 1 << 16
	o := k.run(fmt.Sprintf("%%output --limit 10MB\nline := strings.Repeat(\"0123456789abcde\\n\", %d)\nfor range %d { fmt.Print(line) }\nfmt.Println(\"end\")", line/16, lines))
	if n := len(o.Stdout); o.Status != "ok" || n < 10e6 || n > 10e6+64<<10 || !strings.HasSuffix(o.Stdout, "\nend\n") {
		t.Errorf("%s, %d bytes shown, %.20q at their end; want 10 MB, and the last 64 KiB with end\n%s", o.Status, n, o.Stdout[max(0, n-20):], o.Traceback)
	}
	path := regexp.MustCompile(`more are in (/\S+);`).FindStringSubmatch(o.Stderr)
	if path == nil {
		t.Fatalf("no note names the file: %q", o.Stderr)
	}
	info, err := os.Stat(path[1])
	if err != nil {
		t.Fatal(err)
	}
	if want := int64(lines*line + len("end\n") - 10e6); info.Size() != want {
		t.Errorf("the file has %d bytes, want %d", info.Size(), want)
	}
	if grown := k.memoryPeak() - before; grown > 150e6 {
		t.Errorf("the kernel grew by %d bytes, want less than a third of what was printed", grown)
	}
	k.mustRun("1 + 1", "2")
}

// memoryPeak is the most that the kernel process has had in memory.
func (k *kernel) memoryPeak() int64 {
	k.t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", k.pid))
	if err != nil {
		k.t.Fatal(err)
	}
	_, peak, _ := strings.Cut(string(status), "VmHWM:")
	var kb int64
	if _, err := fmt.Sscan(peak, &kb); err != nil {
		k.t.Fatal(err)
	}
	return kb << 10
}
