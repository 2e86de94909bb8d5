// Package cells holds what the tests of cells share: the cases of ../shared/cells and testdata/cells,
// notebooks that live in this process or in one that may die, and the Go compiler to compare with.
//
// There are only a few types here: a Case is a file of Cells; a Runner runs them and gives Reactions;
// a Notebook is the nearest Runner; a Worker runs notebooks in another process; Compiled is the same
// programs built by Go.
package cells

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

const patience = 20 * time.Second // for one cell to end, and for what it writes behind its end when it is marked "wait"

// A cell that is to be interrupted prints Begun first: it is interrupted when it has run for RunTime, however long it
// takes to begin.
const (
	Begun   = "it runs"
	RunTime = time.Second
)

// Case is a file of cells that say themselves what they should do. The format is that of the README
// of ../shared/cells.
type Case struct {
	Name  string
	Cells []Cell
}

// Cell is the text of a cell without its marks, whose lines stay, and the marks: word -> texts.
type Cell struct {
	Code  string
	Marks map[string][]string
}

// Reaction is what a client sees of a cell. Failure is empty when the cell succeeded.
type Reaction struct{ Out, Errout, Result, Failure string }

// Runner runs the cells of one notebook.
type Runner interface{ Run(Cell) Reaction }

// ReadCases reads all cases of a folder.
func ReadCases(folder string) ([]Case, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.cells"))
	if err != nil {
		return nil, err
	}
	var cases []Case
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		c := Case{Name: strings.TrimSuffix(filepath.Base(file), ".cells")}
		for _, source := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n---\n") {
			c.Cells = append(c.Cells, NewCell(source))
		}
		cases = append(cases, c)
	}
	return cases, nil
}

var markWords = regexp.MustCompile(`//\s*(=>|err:|interrupt err:|out:|errout:|noout\b|wait\b)(.*)$`)

// NewCell takes the marks out of the text of a cell.
func NewCell(source string) Cell {
	marks := map[string][]string{}
	lines := strings.Split(source, "\n")
	for i, line := range lines {
		if m := markWords.FindStringSubmatchIndex(line); m != nil {
			word, text := line[m[2]:m[3]], strings.TrimSpace(line[m[4]:m[5]])
			marks[word] = append(marks[word], strings.ReplaceAll(text, `\n`, "\n"))
			lines[i] = strings.TrimRight(line[:m[0]], " \t")
		}
	}
	return Cell{strings.Join(lines, "\n"), marks}
}

// Interrupted reports whether the cell is to be interrupted while it runs.
func (c Cell) Interrupted() bool { return c.has("interrupt err:") }

// Announced is the text of a cell that prints Begun first.
func (c Cell) Announced() string { return fmt.Sprintf("fmt.Println(%q)\n%s", Begun, c.Code) }

// Waits reports whether output that comes a little late still counts.
func (c Cell) Waits() bool { return c.has("wait") }

// Fails reports whether the cell is to fail.
func (c Cell) Fails() bool { return c.has("err:") || c.Interrupted() }

func (c Cell) has(mark string) bool { _, ok := c.Marks[mark]; return ok }

// Play runs the cells in order and reports the first that does not do what its marks say.
func (c Case) Play(r Runner) error {
	for i, cell := range c.Cells {
		if err := cell.Judge(r.Run(cell)); err != nil {
			return fmt.Errorf("cell %d: %w", i+1, err)
		}
	}
	return nil
}

// Judge compares what was seen with what the marks say.
func (c Cell) Judge(r Reaction) error {
	if !c.Fails() && r.Failure != "" {
		return fmt.Errorf("failed: %s", r.Failure)
	}
	for _, word := range []string{"err:", "interrupt err:"} {
		for _, want := range c.Marks[word] {
			if r.Failure == "" || !strings.Contains(strings.ToLower(r.Failure), strings.ToLower(want)) {
				return fmt.Errorf("error %q, want %q", r.Failure, want)
			}
		}
	}
	for _, want := range c.Marks["out:"] {
		if !strings.Contains(r.Out+r.Errout, want) {
			return fmt.Errorf("output %q, want %q", r.Out+r.Errout, want)
		}
	}
	for _, want := range c.Marks["errout:"] {
		if !strings.Contains(r.Errout, want) {
			return fmt.Errorf("stderr %q, want %q", r.Errout, want)
		}
	}
	if c.has("noout") && r.Out+r.Errout+r.Result != "" {
		return fmt.Errorf("output %q, want none", r.Out+r.Errout+r.Result)
	}
	for _, want := range c.Marks["=>"] {
		if err := judgeResult(r.Result, want); err != nil {
			return err
		}
	}
	return nil
}

func judgeResult(got, want string) error {
	kind, values, _ := strings.Cut(want, " ")
	switch {
	case kind == "none" && values == "":
		if got != "" {
			return fmt.Errorf("result %q, want none", got)
		}
	case kind == "multi":
		if words(strings.ReplaceAll(got, ", ", " ")) != words(values) {
			return fmt.Errorf("result %q, want %q", got, values)
		}
	case got != values && got != want:
		return fmt.Errorf("result %q, want %q", got, want)
	}
	return nil
}

// words gives text with single blanks between its words.
func words(text string) string { return strings.Join(strings.Fields(text), " ") }
