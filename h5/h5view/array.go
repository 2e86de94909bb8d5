package h5view

import (
	"gofive/display"
	"gofive/display/table"
	"gofive/h5"
)

// viewArray shows an array in memory: rows of a compound as a table, others along their axes.
func viewArray(a *h5.Array) display.Bundle {
	if a.IsCompound() && a.Shape() != nil && len(a.Shape()) <= 1 {
		if t, err := a.Table(); err == nil {
			return viewTable(tableSource{t}, table.Options{})
		}
	}
	if a.Shape() == nil {
		return plain("an array without data, of type " + typeText(a.Datatype()))
	}
	return viewTable(table.Grid(memory{a}), table.Options{})
}

// memory is an array as table.Array.
type memory struct{ a *h5.Array }

func (m memory) Shape() []int { return m.a.Shape() }
func (m memory) Type() string { return typeText(m.a.Datatype()) }

func (m memory) Block(start, count []int) ([]any, error) {
	return elements(m.a, start, count)
}

// elements gives the count[k] elements from start[k] on of every axis k, the last axis fastest.
func elements(a *h5.Array, start, count []int) ([]any, error) {
	n := h5.Shape(count).Len()
	if len(count) == 0 {
		n = 1
	}
	out := make([]any, 0, n)
	index := make([]int, len(count))
	for i := range n {
		rest := i
		for k := len(count) - 1; k >= 0; k-- {
			index[k] = start[k] + rest%count[k]
			rest /= count[k]
		}
		v, err := a.At(index...)
		if err != nil {
			return nil, err
		}
		out = append(out, cell(v, a.Datatype()))
	}
	return out, nil
}

// tableSource is a table as table.Source.
type tableSource struct{ t *h5.Table }

func (s tableSource) Size() (rows, cols int) { return s.t.NumRows(), s.t.NumColumns() }

func (s tableSource) Column(j int) table.Column {
	c := s.t.Columns()[j]
	return table.Column{Name: c.Name(), Type: columnType(c)}
}

func (s tableSource) Read(rows, cols table.Span) ([][]any, error) {
	return cells(s.t, rows, cols), nil
}

// cells gives a block of a table.
func cells(t *h5.Table, rows, cols table.Span) [][]any {
	columns := t.Columns()
	out := make([][]any, 0, rows.Len())
	for i := rows.From; i < rows.To; i++ {
		row := make([]any, 0, cols.Len())
		for j := cols.From; j < cols.To; j++ {
			row = append(row, cell(t.Cell(i, j), columns[j].Datatype()))
		}
		out = append(out, row)
	}
	return out
}

// columnType gives the type of a column's elements, with their shape where they are arrays.
func columnType(c *h5.Column) string {
	text := typeText(c.Datatype())
	if s := c.Shape(); len(s) > 1 {
		text = shapeText(s[1:]) + " " + text
	}
	return text
}
