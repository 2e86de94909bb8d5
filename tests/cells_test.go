package tests

import (
	"os"
	"strings"
	"testing"

	"gofive/tests/cells"
)

// cellsOpen lists the cases that do not pass yet, one a line, each with its reason. It may only get
// shorter: a listed case that passes fails the test too. Those whose reason begins with "here" fail only
// where the engine is no process of its own.
const cellsOpen = "testdata/cells_open.txt"

// TestCells runs the cell cases through the front end and the interpreter, in one process and without
// sockets.
func TestCells(t *testing.T) {
	play(t, allCases(t), func(t *testing.T) cells.Runner { return newNotebook(t) })
}

func newNotebook(t *testing.T) *cells.Notebook {
	t.Helper()
	nb, err := cells.NewNotebook()
	if err != nil {
		t.Fatal(err)
	}
	return nb
}

// allCases gives the cases of testdata/cells and those of the shared folder, if it is there.
func allCases(t *testing.T) []cells.Case {
	t.Helper()
	var all []cells.Case
	for _, folder := range []string{"testdata/cells", "../../shared/cells"} {
		found, err := cells.ReadCases(folder)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, found...)
	}
	if len(all) == 0 {
		t.Fatal("no cases in testdata/cells")
	}
	return all
}

// openCases gives the reason for each case that does not pass yet.
func openCases(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile(cellsOpen)
	if err != nil {
		t.Fatal(err)
	}
	open := map[string]string{}
	for line := range strings.Lines(string(text)) {
		name, reason, _ := strings.Cut(strings.TrimSpace(line), " ")
		open[name] = reason
	}
	return open
}

// play plays each case in a notebook of its own.
func play(t *testing.T, all []cells.Case, fresh func(*testing.T) cells.Runner) {
	t.Helper()
	open := openCases(t)
	passed := 0
	for _, c := range all {
		t.Run(c.Name, func(t *testing.T) {
			err := c.Play(fresh(t))
			reason, isOpen := open[c.Name]
			switch here := strings.HasPrefix(reason, "here "); {
			case err == nil && isOpen && !here:
				t.Errorf("passes: take it off %s", cellsOpen)
			case err == nil:
				passed++
			case isOpen:
				t.Logf("open (%s): %v", reason, err)
			default:
				t.Error(err)
			}
		})
	}
	t.Logf("%d of %d cases pass", passed, len(all))
}
