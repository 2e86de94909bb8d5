package cell_test

import (
	"fmt"
	"strings"
	"testing"

	"gofive/kernel/cell"
	"gofive/kernel/cell/exports"
)

// A cell that comes again has the source that it had, as long as that means the same.
func TestSourceOfCellThatComesAgain(t *testing.T) {
	for _, tt := range []struct {
		cells string // the last two are compared
		same  bool
	}{
		{"a := 1|a := 1|a := 1", true},
		{"x := 1|x++|x++", true},
		{"x := 1|x++|y := 2|x++", true},
		{`fmt.Println("hi")|fmt.Println("hi")`, true},
		{"n := strconv.Atoi(`1`)|n = strconv.Atoi(`1`)|n = strconv.Atoi(`1`)", true},
		{`fmt.Println("ˑcell1 ˑcell2")|fmt.Println("ˑcell1 ˑcell2")`, false}, // no cell has such text, and it stays what it is
		{"a := 1|a := 1", false},                                             // the first declares
		{"x := 1|x += 1|x := 1.5|x += 1", false},
		{"func f() int { return 1 }|f()|func f() int { return 2 }|f()", false},
		{"type T int|T(1)|type T string|T(1)", false},
		{"go func() { println() }()|go func() { println() }()", false}, // tracebacks name the cell
		{"func f() {}|func f() {}", false},
	} {
		s := cell.NewSession(exports.Library())
		last := map[string]*cell.Program{}
		cells := strings.Split(tt.cells, "|")
		for i, code := range cells {
			p, err := s.Check(fmt.Sprintf("In[%d]", i+1), code)
			if err != nil {
				t.Fatalf("%s: %v", code, err)
			}
			if before := last[code]; i == len(cells)-1 && (before != nil && before.Source == p.Source && before.Entry == p.Entry) != tt.same {
				t.Errorf("%s: got\n%s\nand\n%s\nwant the same: %v", tt.cells, before.Source, p.Source, tt.same)
			}
			if p.Entry != "" && !strings.Contains(p.Source, "func "+p.Entry+"(") {
				t.Errorf("%s: the source has no %s:\n%s", tt.cells, p.Entry, p.Source)
			}
			last[code] = p
		}
	}
}
