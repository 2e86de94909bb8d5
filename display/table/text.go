package table

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"gofive/display"
)

// maxHead is the longest name or type at the head of a column, in characters.
const maxHead = 40

// maxBlocks is how many blocks of columns stand below one another at most.
const maxBlocks = 3

// Text gives the table as a terminal shows it, each line ended. Columns that do not fit into the
// width follow below the others. Where that would be too much, columns are left out of the middle, and
// the last line says how many.
func (t *Table) Text() string {
	var b strings.Builder
	if t.caption != "" {
		b.WriteString(display.Visible(t.caption) + "\n")
	}
	left := t.cols
	for i, cols := range t.blocks() {
		if i > 0 {
			b.WriteString("\n")
		}
		writeBlock(&b, cols)
		for _, c := range cols[1:] {
			if !c.gap {
				left--
			}
		}
	}
	b.WriteString(t.summary)
	if left > 0 {
		fmt.Fprintf(&b, ", %s not shown", plural(left, "column"))
	}
	b.WriteString("\n")
	for _, note := range t.notes() {
		b.WriteString(note + "\n")
	}
	for _, p := range t.problems {
		b.WriteString("! " + display.Visible(p.String()) + "\n")
	}
	return b.String()
}

// writeBlock writes columns beside one another, without lines in which none has anything.
func writeBlock(b *strings.Builder, cols []textColumn) {
	for line := range cols[0].lines {
		var row []string
		for _, c := range cols {
			row = append(row, pad(c.lines[line], c.width, c.right))
		}
		if s := strings.TrimRight(strings.Join(row, "  "), " "); s != "" {
			b.WriteString(s + "\n")
		}
	}
}

// textColumn is a column of text, all its lines from the head down.
type textColumn struct {
	lines []string
	width int
	right bool
	gap   bool // it only says that columns are left out
}

// blocks gives the columns, each block of them with the labels before it.
func (t *Table) blocks() [][]textColumn {
	labels := t.textColumn(column{texts: t.labels, right: true})
	var cols []textColumn
	for _, c := range t.columns {
		cols = append(cols, t.textColumn(c))
	}
	if blocks := t.wrap(labels, cols); t.colGap < 0 && len(blocks) <= maxBlocks {
		return blocks
	}
	return [][]textColumn{t.fit(labels, cols)}
}

// wrap begins a new block with each column that does not fit beside those before it.
func (t *Table) wrap(labels textColumn, cols []textColumn) [][]textColumn {
	blocks, total := [][]textColumn{{labels}}, labels.width
	for _, c := range cols {
		last := len(blocks) - 1
		if total += c.width + 2; total > t.width && len(blocks[last]) > 1 {
			blocks, total = append(blocks, []textColumn{labels}), labels.width+c.width+2
			last++
		}
		blocks[last] = append(blocks[last], c)
	}
	return blocks
}

// fit gives the columns that fit into one line, with a … where some are left out.
func (t *Table) fit(labels textColumn, cols []textColumn) []textColumn {
	gap := t.textColumn(column{Column: Column{Name: "…"}, texts: make([]string, len(t.labels))})
	gap.gap = true
	total := labels.width + 3
	for _, c := range cols {
		total += c.width + 2
	}
	at := t.colGap
	if at < 0 {
		at = (len(cols) + 1) / 2
	}
	front, back := cols[:at:at], cols[at:]
	for total > t.width && len(front)+len(back) > 2 {
		if len(front) > len(back) {
			total -= front[len(front)-1].width + 2
			front = front[:len(front)-1]
		} else {
			total -= back[0].width + 2
			back = back[1:]
		}
	}
	return slices.Concat([]textColumn{labels}, front, []textColumn{gap}, back)
}

// textColumn lays out one column: name, type, unit, histogram, cells with the … of left-out rows between them.
func (t *Table) textColumn(c column) textColumn {
	lines := []string{display.Short(c.Name, maxHead), display.Short(c.Type, maxHead), display.Short(c.Unit, maxHead), c.bars}
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
