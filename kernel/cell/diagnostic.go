package cell

import (
	"fmt"
	"slices"
	"strings"
)

// Diagnostic is one error in the text of a cell, in the Go compiler's words.
type Diagnostic struct {
	Line, Col int // 1-based, Col in bytes as the Go compiler counts
	Msg       string
}

// Diagnostics are the errors of one cell, in the order of the text. As an error it reads as the
// compiler prints it.
type Diagnostics struct {
	Cell string // "In[4]"
	Code string // the text that the positions are in
	List []Diagnostic
	More bool // there are more, which are not told
}

// most is how many errors are shown, as the Go compiler does.
const most = 10

// tooMany stands behind them when there are more.
const tooMany = "too many errors"

// newDiagnostics orders the errors of a cell, drops what is said twice of a line and all but the first
// ten.
func newDiagnostics(cell, code string, list []Diagnostic) *Diagnostics {
	slices.SortStableFunc(list, func(a, b Diagnostic) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Col - b.Col
	})
	list = slices.CompactFunc(list, func(a, b Diagnostic) bool { return a.Line == b.Line && a.Msg == b.Msg })
	return &Diagnostics{Cell: cell, Code: code, List: list[:min(len(list), most)], More: len(list) > most}
}

// Error gives one line an error, as the compiler does.
func (d *Diagnostics) Error() string {
	lines := make([]string, len(d.List))
	for i, e := range d.List {
		lines[i] = fmt.Sprintf("%s:%d:%d: %s", d.Cell, e.Line, e.Col, e.Msg)
	}
	if d.More {
		last := d.List[len(d.List)-1]
		lines = append(lines, fmt.Sprintf("%s:%d:%d: %s", d.Cell, last.Line, last.Col, tooMany))
	}
	return strings.Join(lines, "\n")
}

// Traceback gives what a person reads: each error, the line it is in and a caret under the column.
func (d *Diagnostics) Traceback() []string {
	code := strings.Split(d.Code, "\n")
	var out []string
	for _, e := range d.List {
		out = append(out, fmt.Sprintf("%s:%d:%d: %s", d.Cell, e.Line, e.Col, e.Msg))
		if e.Line < 1 || e.Line > len(code) {
			continue
		}
		line := code[e.Line-1]
		out = append(out, "    "+strings.ReplaceAll(line, "\t", "    "), "    "+caret(line, e.Col))
	}
	if d.More {
		out = append(out, tooMany)
	}
	return out
}

// caret gives the blanks and the ^ that stand below byte column col of line, tabs shown as four.
func caret(line string, col int) string {
	before := line[:min(max(col-1, 0), len(line))]
	return strings.Repeat(" ", len([]rune(strings.ReplaceAll(before, "\t", "    ")))) + "^"
}
