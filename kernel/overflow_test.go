package kernel_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"gofive/kernel"
	"gofive/kernel/engine"
	"gofive/kernel/kerneltest"
)

// numbered gives n lines of 16 bytes.
func numbered(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat("0", 15-len(strconv.Itoa(i))) + strconv.Itoa(i) + "\n")
	}
	return b.String()
}

var filePath = regexp.MustCompile(`in (/\S+\.txt)`)

// TestOutputLimit prints on both streams of a cell that shows 1 MB of it.
func TestOutputLimit(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	s := kerneltest.Start(t, nil)
	if got := s.Execute("%output").Text("stdout"); got != "a cell shows 105 MB of text; the rest goes to a file\n" {
		t.Errorf("%%output: %q, want 105 MB", got)
	}
	s.Execute("%output --limit 1MB")
	text := "€" + numbered(1<<17) // 2 MiB, the limit inside of a line
	id := s.Send(kernel.Shell, "execute_request", kerneltest.Code("hold\nerror no"))
	s.NextType("execute_input", id)
	s.Engine.AwaitRan(1)
	write := func(stream, text string) {
		s.Engine.Emit(engine.Event{Kind: engine.Stream, Run: 1, Stream: stream, Text: []byte(text)})
	}
	write("stdout", text[:1<<19])
	write("stderr", "half\n")
	write("stdout", text[1<<19:])
	s.Engine.Release()
	x := s.Wait(id)

	stdout, stderr := x.Text("stdout"), x.Text("stderr")
	shown, tail := stdout[:1e6-len("half\n")], stdout[1e6-len("half\n"):]
	if shown != text[:len(shown)] {
		t.Error("the first MB is not what was printed")
	}
	if want := text[len(text)-64<<10:]; tail != want[strings.Index(want, "\n")+1:] {
		t.Errorf("the last of it are %d bytes, %.20q; want 64 KiB from the beginning of a line", len(tail), tail)
	}
	if !strings.HasPrefix(stderr, "half\n\n[gofive: the cell has printed 1.0 MB; what follows is in /") || !strings.Contains(stderr, "[gofive: 1.1 MB more are in /") {
		t.Errorf("stderr %q, want a note at the limit and one at the end", stderr)
	}
	file := filePath.FindStringSubmatch(stderr)
	if file == nil {
		t.Fatalf("stderr %q names no file", stderr)
	}
	content, err := os.ReadFile(file[1])
	if err != nil {
		t.Fatal(err)
	}
	if string(content) != text[len(shown):] {
		t.Errorf("the file has %d bytes, want the %d that were not shown", len(content), len(text)-len(shown))
	}
	if types := x.Types(); !strings.HasSuffix(types, "stream error idle") {
		t.Errorf("published %s, want the error last", types)
	}
	write("stdout", "late\n")
	if later, _ := os.ReadFile(file[1]); !strings.HasSuffix(string(later), "late\n") {
		t.Error("text of a goroutine that outlives the cell is not in the file")
	}
	if x := s.Execute("print next"); x.Text("stdout") != "next\n" {
		t.Errorf("the next cell printed %q, want next", x.Text("stdout"))
	}
}

// TestOutputLimitCutsBetweenRunes has a limit inside of one.
func TestOutputLimitCutsBetweenRunes(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	s := kerneltest.Start(t, nil)
	x := s.Execute("%output --limit 10B\nprint €€€€€")
	if got := x.Text("stdout"); got != "€€€€€\n" {
		t.Errorf("stdout %q, want what was shown and the rest", got)
	}
}

// TestOutputWithoutFile has no place for one: the cell goes on and says so.
func TestOutputWithoutFile(t *testing.T) {
	none := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(none, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("XDG_CACHE_HOME", none)
	s := kerneltest.Start(t, nil)
	x := s.Execute("%output --limit 4B\nprint 123\nprint 456\nresult 7")
	if got := x.Text("stdout"); got != "123\n456\n" {
		t.Errorf("stdout %q, want the first line and the last", got)
	}
	if got := x.Text("stderr"); !strings.Contains(got, "nowhere (") || !strings.Contains(got, "not a directory") {
		t.Errorf("stderr %q, want why there is no file", got)
	}
	if x.Get("status") != "ok" {
		t.Errorf("status %v, want ok", x.Get("status"))
	}
}

// TestOldOutputGoes makes more files than are kept.
func TestOldOutputGoes(t *testing.T) {
	cache := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", cache)
	s := kerneltest.Start(t, nil)
	s.Execute("%output --limit 1B")
	for range 25 {
		s.Execute("print many")
	}
	files, err := filepath.Glob(filepath.Join(cache, "gofive", "output", "*"))
	if err != nil || len(files) != 20 {
		t.Errorf("%d files are kept (%v), want 20", len(files), err)
	}
}

// TestOutputSizes reads what %output may be told.
func TestOutputSizes(t *testing.T) {
	s := kerneltest.Start(t, nil)
	for _, test := range []struct{ args, want string }{
		{"--limit 512", "a cell shows 512 B of text; the rest goes to a file\n"},
		{"--limit 3KB", "a cell shows 3.0 KB of text; the rest goes to a file\n"},
		{"--limit  2GB", "a cell shows 2.0 GB of text; the rest goes to a file\n"},
		{"--limit none", "a cell shows all of its text\n"},
		{"--limit", ""}, {"--limit -1", ""}, {"--limit 3KiB", ""}, {"--limit 99999999TB", ""}, {"10MB", ""},
	} {
		x := s.Execute("%output " + test.args)
		if test.want == "" {
			if x.Get("ename") != "magic" {
				t.Errorf("%%output %s: %v, want a failure", test.args, x.Get("status"))
			}
			continue
		}
		if got := s.Execute("%output").Text("stdout"); got != test.want {
			t.Errorf("%%output %s: then %q, want %q", test.args, got, test.want)
		}
	}
}
