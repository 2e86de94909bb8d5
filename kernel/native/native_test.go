package native

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// newHost builds a program that could be an engine, with environment variables of its own, and a cache
// of plugins for the test alone.
func newHost(t *testing.T, env ...string) string {
	t.Helper()
	cache, err := exec.Command("go", "env", "GOCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOCACHE", strings.TrimSpace(string(cache)))
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	dir := t.TempDir()
	write(t, filepath.Join(dir, "go.mod"), "module example.org/host\n\ngo 1.26\n", 0o644)
	write(t, filepath.Join(dir, "main.go"), "package main\n\nimport _ \"plugin\"\n\nfunc main() {}\n", 0o644)
	build := exec.Command("go", "build", "-o", "host", ".")
	build.Dir, build.Env = dir, append(os.Environ(), env...)
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return filepath.Join(dir, "host")
}

func write(t *testing.T, path, text string, mode os.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

const source = "package main\n\nvar GofiveFunctions = map[string]any{}\n\nfunc main() {}\n"

func TestBuild(t *testing.T) {
	host := newHost(t)
	b := New(func() (string, error) { return host, nil })
	first, err := b.Build(context.Background(), source, nil)
	if err != nil || first.Cached {
		t.Fatalf("got %+v, %v", first, err)
	}
	again, err := New(b.engine).Build(context.Background(), source, nil)
	if err != nil || !again.Cached || again.Path != first.Path || again.Package != first.Package {
		t.Errorf("again: got %+v, %v, want that of %+v", again, err, first)
	}
	if _, err := os.Stat(first.Path); err != nil {
		t.Error(err)
	}
}

// TestBuildTogether has two kernels want the same plugin at the same time.
func TestBuildTogether(t *testing.T) {
	host := newHost(t)
	var group sync.WaitGroup
	var paths [2]string
	for i := range paths {
		group.Go(func() {
			p, err := New(func() (string, error) { return host, nil }).Build(context.Background(), source, nil)
			if err != nil {
				t.Error(err)
				return
			}
			paths[i] = p.Path
		})
	}
	group.Wait()
	if _, err := os.Stat(paths[0]); err != nil || paths[0] != paths[1] {
		t.Errorf("got %q, %v", paths, err)
	}
}

// TestNoFolder keeps using what is there in a cache that cannot be written to.
func TestNoFolder(t *testing.T) {
	host := newHost(t)
	find := func() (string, error) { return host, nil }
	t.Setenv("XDG_CACHE_HOME", host) // a file
	if _, err := New(find).Build(context.Background(), source, nil); err == nil || !strings.Contains(err.Error(), "set XDG_CACHE_HOME to one that you can write to") {
		t.Errorf("got %v", err)
	}
	t.Setenv("XDG_CACHE_HOME", "")
	t.Setenv("HOME", "")
	if _, err := New(find).Build(context.Background(), source, nil); err == nil || !strings.Contains(err.Error(), "there is no folder to build in") {
		t.Errorf("got %v", err)
	}
}

func TestFirstWords(t *testing.T) {
	for text, want := range map[string]string{
		"": "go build: exit status 1",
		"# gofive.native/0\n./native.go:3:15: undefined: x\nmore":                                            "go build: ./native.go:3:15: undefined: x",
		"go: downloading gonum.org/v1/gonum v0.16.0\nnative.go:4:2: module lookup disabled by GOPROXY=off\n": "the source of gonum.org/v1/gonum@v0.16.0 is not on this machine: run go mod download gonum.org/v1/gonum@v0.16.0, where there is a network",
	} {
		if got := firstWords(text, errors.New("exit status 1")); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestToolchain(t *testing.T) {
	host := newHost(t)
	got, err := New(func() (string, error) { return host, nil }).Toolchain()
	if err != nil || !strings.HasSuffix(got, "go: "+runtime.Version()) {
		t.Errorf("got %q, %v", got, err)
	}
	t.Setenv("PATH", "")
	t.Setenv("GOROOT", t.TempDir())
	if _, err := os.Stat("/usr/local/go/bin/go"); err == nil {
		return // it is found without PATH
	}
	if got, err := New(func() (string, error) { return host, nil }).Toolchain(); err == nil || !strings.Contains(err.Error(), "install the Go toolchain") {
		t.Errorf("without go: got %q, %v", got, err)
	}
}

func TestRefusals(t *testing.T) {
	host := newHost(t)
	pure := newHost(t, "CGO_ENABLED=0")
	other := t.TempDir()
	write(t, filepath.Join(other, "go"), "#!/bin/sh\necho go1.2.3\necho cc\n", 0o755)
	blind := t.TempDir()
	write(t, filepath.Join(blind, "go"), "#!/bin/sh\necho "+runtime.Version()+"\necho no-such-cc\n", 0o755)
	path := os.Getenv("PATH")
	tests := []struct {
		name, path, host, source string
		imports                  []string
		want                     string
	}{
		{"another version", other + ":" + path, host, source, nil, "is go1.2.3: both must be the same; install " + runtime.Version()},
		{"no C compiler", blind, host, source, nil, "there is no C compiler (no-such-cc)"},
		{"no engine", path, filepath.Join(other, "nothing"), source, nil, "cannot be read"},
		{"no program", path, filepath.Join(other, "go"), source, nil, "cannot be read"},
		{"no cgo", path, pure, source, nil, "without cgo"},
		{"module that the engine lacks", path, host, source, []string{"fmt", "example.com/x"}, "native code cannot import example.com/x"},
		{"engine's own source", path, host, source, []string{"example.org/host/p"}, "the source that the engine was built from is not on this machine"},
		{"no Go", path, host, "package main\n\nfunc main() { undefined() }\n", nil, "go build: ./native.go:3:15: undefined: undefined"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Setenv("PATH", tt.path)
			_, err := New(func() (string, error) { return tt.host, nil }).Build(context.Background(), tt.source, tt.imports)
			var refusal *Refusal
			if !errors.As(err, &refusal) || !strings.Contains(refusal.Why, tt.want) || strings.Contains(refusal.Why, "\n") {
				t.Errorf("got %v, want a line with %q", err, tt.want)
			}
		})
	}
}

func TestCanceled(t *testing.T) {
	host := newHost(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := New(func() (string, error) { return host, nil }).Build(ctx, source, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// TestCacheIsBounded keeps the plugins that were used last.
func TestCacheIsBounded(t *testing.T) {
	c := &cache{t.TempDir()}
	now := time.Now()
	for i := range kept + 5 {
		name := c.path(fmt.Sprintf("old%02d", i))
		write(t, name, "", 0o644)
		used := now.Add(time.Duration(i-100) * time.Hour)
		if err := os.Chtimes(name, used, used); err != nil {
			t.Fatal(err)
		}
	}
	if _, ok := c.find("old00"); !ok {
		t.Fatal("old00 is not there")
	}
	file := filepath.Join(t.TempDir(), "out.so")
	write(t, file, "", 0o644)
	if _, err := c.keep("new", file); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]bool{"old00": true, "old01": false, "old06": false, "old07": true, "new": true} {
		if _, got := c.find(key); got != want {
			t.Errorf("%s: kept %v, want %v", key, got, want)
		}
	}
}
