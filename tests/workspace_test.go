package tests

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// workspace is the executables as they are now and the kernelspec that starts them. It is made once
// for all tests, below build/test.
type workspace struct {
	dir    string // build/test
	gofive string // the executable; gofive-engine lies beside it
	sample string // a sample file, for reading only
	err    error
}

var theWorkspace struct {
	sync.Once
	workspace
}

// newWorkspace builds what is tested, so that `go test ./tests` never tests what an older make has
// left in bin.
func newWorkspace(t *testing.T) *workspace {
	t.Helper()
	theWorkspace.Do(func() { theWorkspace.workspace = makeWorkspace(repoRoot(t)) })
	if theWorkspace.err != nil {
		t.Fatal(theWorkspace.err)
	}
	return &theWorkspace.workspace
}

func makeWorkspace(root string) workspace {
	dir := filepath.Join(root, "build", "test")
	w := workspace{dir: dir, gofive: filepath.Join(dir, "bin", "gofive"), sample: filepath.Join(dir, "sample.h5")}
	for _, step := range []struct {
		env  string
		args []string
	}{
		{"CGO_ENABLED=0", []string{"go", "build", "-o", w.gofive, "./kernel/cmd/gofive"}},
		{"CGO_ENABLED=1", []string{"go", "build", "-o", w.gofive + "-engine", "./kernel/cmd/gofive-engine"}},
		{"CGO_ENABLED=0", []string{"go", "build", "-o", w.gofive + "-arrow", "./h5/cmd/gofive-arrow"}},
		{"", []string{w.gofive, "install", "--prefix", filepath.Join(dir, "prefix")}},
		{"", []string{w.gofive, "sample", "boss", w.sample}},
	} {
		cmd := exec.Command(step.args[0], step.args[1:]...)
		cmd.Dir, cmd.Env = root, append(os.Environ(), step.env)
		if out, err := cmd.CombinedOutput(); err != nil {
			w.err = &stepError{strings.Join(step.args, " "), string(out), err}
			return w
		}
	}
	return w
}

type stepError struct {
	step, said string
	err        error
}

func (e *stepError) Error() string { return e.step + ": " + e.err.Error() + "\n" + e.said }

// env is the environment in which Jupyter finds our kernel and writes nothing outside of the test.
func (w *workspace) env(t *testing.T, extra ...string) []string {
	t.Helper()
	tmp := t.TempDir()
	env := append(os.Environ(),
		"JUPYTER_PATH="+filepath.Join(w.dir, "prefix", "share", "jupyter"),
		"JUPYTER_CONFIG_PATH="+filepath.Join(w.dir, "prefix", "etc", "jupyter"),
		"JUPYTER_CONFIG_DIR="+filepath.Join(tmp, "config"),
		"JUPYTER_DATA_DIR="+filepath.Join(tmp, "data"),
		"JUPYTER_RUNTIME_DIR="+filepath.Join(tmp, "runtime"),
		"IPYTHONDIR="+filepath.Join(tmp, "ipython"),
		"XDG_DATA_HOME="+filepath.Join(tmp, "xdg"),
		"XDG_STATE_HOME="+filepath.Join(tmp, "xdg"),
	)
	return append(env, extra...)
}

// command runs a program in dir and returns all it wrote, with its error.
func command(t *testing.T, dir string, env []string, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	var out, errs bytes.Buffer
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = dir, env, &out, &errs
	cmd.WaitDelay = 5 * time.Second
	err = cmd.Run()
	return out.String(), errs.String(), err
}
