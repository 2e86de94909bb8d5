package table

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"gofive/display"
)

// maxHead is the longest name or type at the head of a column, in characters.
const maxHead = 40

// Text gives the table as a terminal shows it, each line ended. Columns that do not fit into the
// width are left out of the middle, and the last line says how many.
func (t *Table) Text() string {
	var b strings.Builder
	if t.caption != "" {
		b.WriteString(display.Visible(t.caption) + "\n")
	}
	cols := t.textColumns()
	left := t.cols
	for _, c := range cols {
		if !c.gap {
			left--
		}
	}
	for line := range cols[0].lines {
		var row []string
		for _, c := range cols {
			row = append(row, pad(c.lines[line], c.width, c.right))
		}
		if s := strings.TrimRight(strings.Join(row, "  "), " "); s != "" {
			b.WriteString(s + "\n")
		}
	}
	b.WriteString(t.summary)
	if left > 0 {
		fmt.Fprintf(&b, ", %s not shown", plural(left, "column"))
	}
	b.WriteString("\n")
	for _, p := range t.problems {
		b.WriteString("! " + display.Visible(p.String()) + "\n")
	}
	return b.String()
}

// textColumn is a column of text, all its lines from the head down.
type textColumn struct {
	lines []string
	width int
	right bool
	gap   bool // it only says that columns are left out
}

// textColumns gives the labels and the columns that fit, with a … where some are left out.
func (t *Table) textColumns() []textColumn {
	labels := t.textColumn(column{texts: t.labels, right: true})
	gap := t.textColumn(column{Column: Column{Name: "…"}, texts: make([]string, len(t.labels))})
	gap.gap = true
	var cols []textColumn
	total := labels.width
	for _, c := range t.columns {
		tc := t.textColumn(c)
		cols = append(cols, tc)
		total += tc.width + 2
	}
	at := t.colGap
	if total > t.width && at < 0 {
		at = (len(cols) + 1) / 2
	}
	if at >= 0 {
		front, back := cols[:at:at], cols[at:]
		for total += 3; total > t.width && len(front)+len(back) > 2; {
			if len(front) > len(back) {
				total -= front[len(front)-1].width + 2
				front = front[:len(front)-1]
			} else {
				total -= back[0].width + 2
				back = back[1:]
			}
		}
		if len(front)+len(back) < t.cols {
			front = append(front, gap)
		}
		cols = append(front, back...)
	}
	return append([]textColumn{labels}, cols...)
}

// textColumn lays out one column: name, type, cells with the … of left-out rows between them.
func (t *Table) textColumn(c column) textColumn {
	lines := []string{display.Short(c.Name, maxHead), display.Short(c.Type, maxHead)}
	for i, s := range c.texts {
		if i == t.rowGap {
			lines = append(lines, "…")
		}
		lines = append(lines, s)
	}
	tc := textColumn{lines: lines, right: c.right}
	for _, s := range lines {
		tc.width = max(tc.width, utf8.RuneCountInString(s))
	}
	return tc
}

func pad(s string, width int, right bool) string {
	blanks := strings.Repeat(" ", width-utf8.RuneCountInString(s))
	if right {
		return blanks + s
	}
	return s + blanks
}
