package table

import (
	"fmt"
	"slices"
	"strings"

	"gofive/display"
)

// fillText stands for a Fill among the cells.
const fillText = "fill"

// fill is what stands where nothing was written, and in which columns.
type fill struct {
	value   string
	columns []string
}

// noteFill remembers what the Fills of a column stand for.
func (t *Table) noteFill(column string, cells []any) {
	for _, c := range cells {
		if f, ok := c.(Fill); ok {
			t.addFill(display.Short(column, maxHead), display.Short(display.Value(f.Value), maxHead))
		}
	}
}

func (t *Table) addFill(column, value string) {
	for i := range t.fills {
		if f := &t.fills[i]; f.value == value {
			if !slices.Contains(f.columns, column) {
				f.columns = append(f.columns, column)
			}
			return
		}
	}
	t.fills = append(t.fills, fill{value, []string{column}})
}

// notes are the lines below the table that say how to read it.
func (t *Table) notes() []string {
	var out []string
	if t.bars != "" {
		out = append(out, "histograms from least to greatest, of "+t.bars)
	}
	if len(t.nans) > 0 {
		out = append(out, "NaN: "+some(t.nans))
	}
	for _, f := range t.fills {
		where := ""
		if len(t.columns) > len(f.columns) {
			where = " in column " + some(f.columns)
		}
		out = append(out, fillText+where+": "+f.value+", which stands for no value")
	}
	return out
}

// some names the first of a list and says how many more there are.
func some(list []string) string {
	const most = 4
	text := strings.Join(list[:min(most, len(list))], ", ")
	if left := len(list) - most; left > 0 {
		text += fmt.Sprintf(" and %d more", left)
	}
	return text
}
