package cell

import (
	"fmt"
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
}

// Error gives one line an error, as the compiler does.
func (d *Diagnostics) Error() string {
	lines := make([]string, len(d.List))
	for i, e := range d.List {
		lines[i] = fmt.Sprintf("%s:%d:%d: %s", d.Cell, e.Line, e.Col, e.Msg)
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
	return out
}

// caret gives the blanks and the ^ that stand below byte column col of line, tabs shown as four.
func caret(line string, col int) string {
	before := line[:min(max(col-1, 0), len(line))]
	return strings.Repeat(" ", len([]rune(strings.ReplaceAll(before, "\t", "    ")))) + "^"
}
