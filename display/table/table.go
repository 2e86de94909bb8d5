package table

import (
	"fmt"
	"strconv"
	"strings"

	"gofive/display"
)

// Options bound what is shown. The zero value is what notebooks show.
type Options struct {
	Rows    int    // a Source with more rows shows its first and last ones; 20
	Edge    int    // how many of the first, and of the last; 5
	Columns int    // columns, the first and last ones of more; 20
	Width   int    // characters of a line of text, fewer columns of more; 80
	Cell    int    // characters of a cell, cut where there are more; 40
	Caption string // what is shown; none
}

func (o Options) orDefault() Options {
	def := func(n, d int) int {
		if n <= 0 {
			return d
		}
		return n
	}
	return Options{def(o.Rows, 20), def(o.Edge, 5), def(o.Columns, 20), def(o.Width, 80), def(o.Cell, 40), o.Caption}
}

// Table is the part of a Source that is shown.
type Table struct {
	caption  string
	summary  string
	width    int
	labels   []string // of the rows
	columns  []column
	rowGap   int      // rows stand before the … that means rows left out; -1 when there is none
	colGap   int      // the same for columns
	cols     int      // columns of the source
	bars     string   // of which rows the histograms are; "" when there are none
	nans     []string // how many NaN there are in which column
	fills    []fill
	problems []problem
}

// problem says which rows could not be read and why.
type problem struct{ where, why string }

func (p problem) String() string { return p.where + ": " + p.why }

// column is a shown column: its head and the texts of its cells.
type column struct {
	Column
	texts []string
	bars  string // a histogram
	right bool   // numbers stand to the right
}

// New reads the part of s that is shown: one block, or four when the middle of both rows and columns
// is left out. A block that cannot be read is shown as what went wrong, and the rest as it is.
func New(s Source, o Options) *Table {
	o = o.orDefault()
	rows, cols := s.Size()
	t := &Table{caption: o.Caption, summary: summary(s), width: o.Width, cols: cols}
	rowSpans, rowGap := ends(rows, o.Rows, o.Edge)
	colSpans, colGap := ends(cols, o.Columns, o.Columns/2)
	t.rowGap, t.colGap = rowGap, colGap
	for _, span := range rowSpans {
		for i := span.From; i < span.To; i++ {
			t.labels = append(t.labels, label(s, i))
		}
	}
	for _, span := range colSpans {
		cells := t.read(s, rowSpans, span)
		bars := t.histograms(s, span)
		for j := range cells {
			c := column{Column: s.Column(span.From + j), bars: bars[j]}
			t.noteFill(c.Name, cells[j])
			c.texts, c.right = format(cells[j], o.Cell)
			t.columns = append(t.columns, c)
		}
	}
	return t
}

// ends gives what is shown of n rows or columns: all when they are most or fewer, else the first and
// last edge of them, and after how many the gap stands.
func ends(n, most, edge int) (spans []Span, gap int) {
	if n <= most || n <= 2*edge {
		return []Span{{0, n}}, -1
	}
	return []Span{{0, edge}, {n - edge, n}}, edge
}

// missing stands for a cell that could not be read.
type missing struct{}

// read gives the cells of the columns cols, each a list over all shown rows.
func (t *Table) read(s Source, rowSpans []Span, cols Span) [][]any {
	cells := make([][]any, cols.Len())
	for _, rows := range rowSpans {
		var block [][]any
		var err error
		if rows.Len() > 0 && cols.Len() > 0 {
			block, err = s.Read(rows, cols)
		}
		if err == nil && len(block) < rows.Len() && cols.Len() > 0 {
			err = fmt.Errorf("%d of %d rows could be read", len(block), rows.Len())
		}
		if err != nil {
			t.note(rows, err)
		}
		for i := range rows.Len() {
			for j := range cells {
				if i < len(block) && j < len(block[i]) {
					cells[j] = append(cells[j], block[i][j])
				} else {
					cells[j] = append(cells[j], missing{})
				}
			}
		}
	}
	return cells
}

// note remembers why rows could not be read; a reason that several blocks have is said once.
func (t *Table) note(rows Span, err error) {
	where := fmt.Sprintf("rows %d to %d", rows.From, rows.To-1)
	for i := range t.problems {
		if p := &t.problems[i]; p.why == err.Error() {
			if !strings.Contains(p.where, where) {
				p.where += " and " + where
			}
			return
		}
	}
	t.problems = append(t.problems, problem{where, err.Error()})
}

func label(s Source, i int) string {
	if l, ok := s.(Labeled); ok {
		return display.Short(l.RowLabel(i), maxHead)
	}
	return strconv.Itoa(i)
}

// summary says how large s is.
func summary(s Source) string {
	if z, ok := s.(Summarized); ok {
		return z.Summary()
	}
	rows, cols := s.Size()
	return plural(rows, "row") + " × " + plural(cols, "column")
}

func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return display.Count(n) + " " + thing + "s"
}
