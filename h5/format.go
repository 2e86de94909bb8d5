package h5

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// text is the element at place i in one line, as a table shows it: strings bare, enums by name.
func (a *Array) text(i int) string {
	if a.fields != nil {
		return a.element(i).(Row).String()
	}
	v := reflect.ValueOf(a.data).Index(i).Interface()
	if a.typ.Kind() == TypeEnum {
		if n, _, ok := wholeNumber(reflect.ValueOf(v)); ok {
			return a.typ.ValueName(int64(n))
		}
	}
	return FormatValue(v)
}

// FormatValue is a value of a file in one line: floats as short as they can be told apart, strings
// as they are where they are printable and escaped where not.
func FormatValue(v any) string {
	switch x := v.(type) {
	case nil:
		return ""
	case float32:
		return strconv.FormatFloat(float64(x), 'g', -1, 32)
	case float64:
		return strconv.FormatFloat(x, 'g', -1, 64)
	case string:
		return printable(x)
	case []byte:
		return fmt.Sprintf("0x%x", x)
	case time.Time:
		return x.Format(time.RFC3339)
	case *Array:
		return x.line(8)
	}
	rv := reflect.ValueOf(v)
	if rv.Kind() != reflect.Slice || rv.Type() == reflect.TypeFor[Row]() {
		return fmt.Sprint(v)
	}
	return list(rv.Len(), 8, func(i int) string { return FormatValue(rv.Index(i).Interface()) })
}

// printable escapes a string only if it must be.
func printable(s string) string {
	if utf8.ValidString(s) && strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f || 0x80 <= r && r < 0xa0 }) < 0 {
		return s
	}
	q := strconv.Quote(s)
	return q[1 : len(q)-1]
}

// list writes n items in brackets, the middle left out when there are more than most.
func list(n, most int, item func(i int) string) string {
	parts := make([]string, 0, most+1)
	head := n
	if n > most {
		head = (most + 1) / 2
	}
	for i := range head {
		parts = append(parts, item(i))
	}
	if n > most {
		parts = append(parts, "...")
		for i := n - most/2; i < n; i++ {
			parts = append(parts, item(i))
		}
	}
	return "[" + strings.Join(parts, " ") + "]"
}

// line is the array in one line with at most so many elements.
func (a *Array) line(most int) string {
	switch {
	case a.shape == nil:
		return "null"
	case len(a.shape) == 0 && a.typ.Kind() == TypeString:
		return strconv.Quote(a.data.([]string)[0])
	case len(a.shape) == 0:
		return a.text(0)
	}
	return a.nested(0, 0, most)
}

// nested writes the axis at depth, whose sub-array begins at place from.
func (a *Array) nested(depth, from, most int) string {
	step := a.shape[depth+1:].Len()
	return list(a.shape[depth], max(2, most), func(i int) string {
		if depth < len(a.shape)-1 {
			return a.nested(depth+1, from+i*step, most/max(1, min(a.shape[depth], most)))
		}
		if a.typ.Kind() == TypeString {
			return strconv.Quote(a.text(from + i))
		}
		return a.text(from + i)
	})
}

// String gives type, shape and the first and last elements; rows of fields as a table.
func (a *Array) String() string {
	if a.fields != nil && len(a.shape) == 1 {
		if t, err := a.Table(); err == nil {
			return t.String()
		}
	}
	if len(a.shape) == 0 {
		return a.line(12)
	}
	return fmt.Sprintf("%v %v %s", a.typ, a.shape, a.line(12))
}

// String gives "{WAVE: 3600.5, FLUX: 1.25}".
func (r Row) String() string {
	parts := make([]string, len(r))
	for i, v := range r {
		parts[i] = v.Name + ": " + FormatValue(v.Value)
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// String gives the first and last rows under the names of the columns.
func (t *Table) String() string {
	const most = 10
	rows := [][]string{append([]string{""}, t.Names()...)}
	add := func(from, to int) {
		for i := from; i < to; i++ {
			row := []string{strconv.Itoa(i)}
			for _, c := range t.columns {
				row = append(row, c.cellText(i))
			}
			rows = append(rows, row)
		}
	}
	if t.rows <= most {
		add(0, t.rows)
	} else {
		add(0, most/2)
		rows = append(rows, append([]string{"..."}, make([]string, len(t.columns))...))
		add(t.rows-most/2, t.rows)
	}
	return fmt.Sprintf("%s(%d rows, %d columns)", aligned(rows), t.rows, len(t.columns))
}

func (c *Column) cellText(i int) string {
	if len(c.shape) == 1 {
		return c.text(i)
	}
	return c.part(i, 1).line(6)
}

// CellText is what stands in a row and a column, in one line.
func (t *Table) CellText(row, column int) string { return t.columns[column].cellText(row) }

// aligned puts columns under one another, to the right.
func aligned(rows [][]string) string {
	width := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			width[i] = max(width[i], utf8.RuneCountInString(cell))
		}
	}
	var b strings.Builder
	for _, row := range rows {
		for i, cell := range row {
			if i > 0 {
				b.WriteString("  ")
			}
			fmt.Fprintf(&b, "%*s", width[i], cell)
		}
		b.WriteByte('\n')
	}
	return b.String()
}
