package engine_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gofive/kernel/engine"
)

// Ask of the engine under test knows the name of every variable, but nothing ever of "never".
func (fake) Ask(_ context.Context, q *engine.Question) (engine.Knowledge, error) {
	if q.Var == "never" {
		select {}
	}
	if q.Var == "many" {
		return engine.Knowledge{Names: make([]engine.Name, 5000)}, nil
	}
	return engine.Knowledge{Value: q.Var}, nil
}

// A question is answered while a program runs, whatever became of the one before.
func TestAsk(t *testing.T) {
	h := start(t, self(t))
	ask := func(name string, wait time.Duration) (engine.Knowledge, error) {
		ctx, cancel := context.WithTimeout(context.Background(), wait)
		defer cancel()
		return h.Ask(ctx, &engine.Question{Value: true, Var: name})
	}
	if k, err := ask("x", time.Minute); err != nil || k.Value != "x" {
		t.Errorf("the engine answers %+v, %v, want x", k, err)
	}
	done := make(chan *engine.Failure)
	go func() { f, _ := h.run("wait"); done <- f }()
	if _, err := ask("never", 10*time.Millisecond); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("without an answer: %v, want deadline exceeded", err)
	}
	if k, err := ask("y", time.Minute); err != nil || k.Value != "y" {
		t.Errorf("while a program runs: %+v, %v, want y", k, err)
	}
	if k, err := ask("many", time.Minute); err != nil || len(k.Names) != 1000 {
		t.Errorf("%d names, %v, want the first 1000", len(k.Names), err)
	}
	for ended := false; !ended; {
		h.Interrupt(1) // one that comes before the program waits is lost
		select {
		case <-done:
			ended = true
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func TestAskOfNoEngine(t *testing.T) {
	h := start(t, filepath.Join(t.TempDir(), "nothing"))
	if k, err := h.Ask(context.Background(), &engine.Question{Value: true, Var: "x"}); err == nil {
		t.Errorf("an engine that is not there answers %+v", k)
	}
}

func TestFiles(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"sub/a.h5", "sub/b.txt", "sample.h5", ".hidden"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("sub", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	t.Setenv("HOME", dir)
	for typed, want := range map[string]string{
		"": "link/ sample.h5 sub/", "s": "sample.h5 sub/", "./sa": "sample.h5", "sub/": "a.h5 b.txt", "link/b": "b.txt",
		dir + "/sam": "sample.h5", "~/su": "sub/", ".": ".hidden", "none/": "", "sample.h5/": "",
	} {
		var got []string
		for _, n := range engine.Files(typed) {
			got = append(got, n.Text)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("Files(%q) = %q, want %s", typed, got, want)
		}
	}
}
