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
			return viewTable(ofTable(t), table.Options{})
		}
	}
	if a.Shape() == nil {
		return plain("an array without data, of type " + typeText(a.Datatype()))
	}
	return viewTable(table.Grid(memory{a}), table.Options{})
}

// viewColumn shows a column under its name.
func viewColumn(c *h5.Column) display.Bundle {
	t, err := h5.NewTable(c.Name(), c.Array)
	if err != nil {
		return viewArray(c.Array)
	}
	return viewTable(ofTable(t), table.Options{})
}

// memory is an array as table.Array.
type memory struct{ a *h5.Array }

func (m memory) Shape() []int { return m.a.Shape() }
func (m memory) Type() string { return typeText(m.a.Datatype()) }

func (m memory) Block(start, count []int) ([]any, error) {
	return block(m.a, start, count, meaning{})
}

// Sample gives numbers of an array along one axis.
func (m memory) Sample() ([]float64, string) {
	t, err := h5.NewTable("value", m.a)
	if err != nil {
		return nil, ""
	}
	return firstSample(ofTable(t), "values")
}

// block gives the count[k] elements from start[k] on of every axis k, the last axis fastest.
func block(a *h5.Array, start, count []int, m meaning) ([]any, error) {
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
		out = append(out, m.cell(v, a.Datatype()))
	}
	return out, nil
}
