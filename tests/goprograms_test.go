package tests

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gofive/tests/cells"
)

// goProgramsOpen lists the programs of Go's own tests that do not run as a cell. It may only get
// shorter. "sometimes" behind a name says that it depends on the machine: on how fast it is, or on when
// the collector runs. What is behind a # says why.
const goProgramsOpen = "testdata/goprograms_open.txt"

// longVariable asks for all of what takes minutes; otherwise a part is tried, the same in each run.
const longVariable = "GOFIVE_LONG"

// some gives every nth of a list, or all when that is asked for.
func some[T any](list []T, n int) []T {
	if os.Getenv(longVariable) != "" {
		return list
	}
	var part []T
	for i := 0; i < len(list); i += n {
		part = append(part, list[i])
	}
	return part
}

// goProgramLimit is longer than a program takes that works.
const goProgramLimit = 20 * time.Second

// TestMain lets copies of this process run programs that may end it.
func TestMain(m *testing.M) {
	cells.Serve()
	os.Exit(m.Run())
}

// TestGoPrograms runs the programs that Go's compiler is tested with, each as one cell: what has to run
// and to print nothing but what the file beside it says.
func TestGoPrograms(t *testing.T) {
	programs := some(goPrograms(t), 20)
	text, err := os.ReadFile(goProgramsOpen)
	if err != nil {
		t.Fatal(err)
	}
	open := map[string]string{}
	for line := range strings.Lines(string(text)) {
		entry, _, _ := strings.Cut(line, "#")
		name, when, _ := strings.Cut(strings.TrimSpace(entry), " ")
		open[name] = when
	}
	w := &cells.Worker{}
	defer w.Close()
	passed := 0
	for _, p := range programs {
		failure := p.run(w)
		switch when, isOpen := open[p.name]; {
		case failure == "" && isOpen && when == "":
			t.Errorf("%s passes: take it off %s", p.name, goProgramsOpen)
		case failure == "":
			passed++
		case isOpen:
			t.Logf("open: %s: %s", p.name, failure)
		default:
			t.Errorf("%s: %s", p.name, failure)
		}
	}
	t.Logf("%d of %d programs pass", passed, len(programs))
}

// goProgram is a file and what it has to print.
type goProgram struct{ name, text, output string }

// run gives the first line of what is wrong.
func (p goProgram) run(w *cells.Worker) string {
	r := w.Run([]string{p.text}, goProgramLimit)[0]
	ended := strings.HasPrefix(r.Failure, "exit\nos.Exit(0):") // as a program ends well
	switch got := r.Out + r.Errout; {
	case r.Failure != "" && !ended:
		lines := strings.SplitN(r.Failure, "\n", 3)
		return strings.Join(lines[:min(2, len(lines))], ": ")
	case got != p.output:
		return "prints " + strings.SplitN(got, "\n", 2)[0]
	}
	return ""
}

// goPrograms reads the programs that stand beside the toolchain.
func goPrograms(t *testing.T) []goProgram {
	t.Helper()
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(strings.TrimSpace(string(root)), "test")
	var all []goProgram
	err = filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil || !bytes.HasPrefix(text, []byte("// run\n")) {
			return err
		}
		output, err := os.ReadFile(strings.TrimSuffix(path, ".go") + ".out")
		if errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
		name, _ := filepath.Rel(folder, path) // it is below
		all = append(all, goProgram{filepath.ToSlash(name), string(text), string(output)})
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("SKIPPED: this Go was installed without its tests")
	}
	if err != nil {
		t.Fatal(err)
	}
	return all
}
