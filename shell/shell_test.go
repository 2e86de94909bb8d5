package shell

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestLines(t *testing.T) {
	tests := []struct {
		command []any
		want    string
		err     string
	}{
		{[]any{"printf 'a\\nb\\n'"}, "a|b", ""},
		{[]any{"echo ", []string{"x", "y"}, " ", 3, " ", []byte("z")}, "x y 3 z", ""},
		{[]any{"true"}, "", ""},
		{[]any{"echo a; exit 2"}, "a", "`echo a; exit 2` ended with exit status 2"},
		{[]any{"kill -9 $$"}, "", "`kill -9 $$` ended with signal: killed"},
		{[]any{"nosuchcommand 2>/dev/null"}, "", "exit status 127"},
	}
	for _, tt := range tests {
		got, err := Lines(tt.command...)
		if strings.Join(got, "|") != tt.want || (err != nil) != (tt.err != "") || err != nil && !strings.Contains(err.Error(), tt.err) {
			t.Errorf("%v: %q, %v; want %q, %q", tt.command, got, err, tt.want, tt.err)
		}
	}
}

// TestInterrupt ends a command with all that it has started; one that pays no heed is killed.
func TestInterrupt(t *testing.T) {
	for _, command := range []string{"sleep 60", "sleep 60 | cat", "trap '' INT; while :; do sleep 0.1; done"} {
		go func() {
			for children.count() == 0 {
				time.Sleep(time.Millisecond)
			}
			Interrupt()
		}()
		if _, err := Output(command); err == nil || !strings.Contains(err.Error(), "was interrupted") {
			t.Errorf("%s: %v, want that it was interrupted", command, err)
		}
	}
}

func TestPlace(t *testing.T) {
	start, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(start) // so that it is restored
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("HOME", dir)
	for _, tt := range []struct{ to, want string }{{"~", dir}, {"-", start}, {"", dir}, {"..", filepath.Dir(dir)}} {
		if got, err := Cd(tt.to); got != tt.want || err != nil {
			t.Errorf("cd %s gives %q, %v; want %q", tt.to, got, err, tt.want)
		}
	}
	for i, want := range []string{"note: 4 bytes written", "note: 4 bytes added", "note: 4 bytes overwritten"} {
		got, err := WriteFile("~/note", "text", i == 1)
		if got != filepath.Join(dir, want) || err != nil {
			t.Errorf("%q, %v; want %q", got, err, want)
		}
	}
}

func (p *processes) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.running)
}
