package table

import (
	"strconv"
	"strings"

	"gofive/display"
)

// Array is values of one type along any number of axes.
type Array interface {
	// Shape gives the length of each axis; none for a single value.
	Shape() []int
	// Type names the type of the values.
	Type() string
	// Block gives the count[k] values from start[k] on of every axis k, the last axis fastest.
	Block(start, count []int) ([]any, error)
}

// Measured is an Array whose values have a unit.
type Measured interface {
	Unit() string
}

// SampledArray is an Array along one axis that gives more of its numbers than are shown, for a histogram,
// and says which: "all 4,623 values".
type SampledArray interface {
	Sample() (numbers []float64, of string)
}

// Grid shows an array as rows and columns: the last axis runs along the columns and every other index
// has a row, labelled by its indices. One axis, or none, makes one column.
func Grid(a Array) Source {
	g := grid{Array: a, shape: a.Shape(), rows: 1, cols: 1}
	g.lead = g.shape
	if len(g.shape) > 1 {
		g.lead, g.cols = g.shape[:len(g.shape)-1], g.shape[len(g.shape)-1]
	}
	for _, n := range g.lead {
		g.rows *= n
	}
	return g
}

type grid struct {
	Array
	shape, lead []int // lead are the axes that make the rows
	rows, cols  int
}

func (g grid) Size() (rows, cols int) { return g.rows, g.cols }

func (g grid) Column(j int) Column {
	if len(g.shape) < 2 {
		return Column{Name: "value", Type: g.Type(), Unit: g.unit()}
	}
	return Column{Name: strconv.Itoa(j)}
}

// Read asks for one block where the rows are those of an array, and for a block a row where they run
// over several axes.
func (g grid) Read(rows, cols Span) ([][]any, error) {
	step := 1
	if len(g.lead) == 1 {
		step = rows.Len()
	}
	var out [][]any
	for r := rows.From; r < rows.To; r += step {
		start, count := g.index(r), make([]int, len(g.lead), len(g.shape))
		for k := range count {
			count[k] = 1
		}
		if len(g.lead) == 1 {
			count[0] = step
		}
		if len(g.shape) > 1 {
			start, count = append(start, cols.From), append(count, cols.Len())
		}
		cells, err := g.Block(start, count)
		if err != nil {
			return nil, err
		}
		for n := cols.Len(); len(cells) >= n && n > 0; cells = cells[n:] {
			out = append(out, cells[:n])
		}
	}
	return out, nil
}

// index gives the indices of row r along the leading axes.
func (g grid) index(r int) []int {
	index := make([]int, len(g.lead), len(g.shape))
	for k := len(g.lead) - 1; k >= 0; k-- {
		index[k] = r % g.lead[k]
		r /= g.lead[k]
	}
	return index
}

func (g grid) RowLabel(r int) string {
	var parts []string
	for _, i := range g.index(r) {
		parts = append(parts, strconv.Itoa(i))
	}
	return strings.Join(parts, ", ")
}

func (g grid) Summary() string {
	if len(g.shape) < 2 {
		n := g.rows
		if n == 1 {
			return "1 value"
		}
		return display.Count(n) + " values"
	}
	var axes []string
	for _, n := range g.shape {
		axes = append(axes, display.Count(n))
	}
	text := strings.Join(axes, " × ") + " values of " + g.Type()
	if unit := g.unit(); unit != "" {
		text += " in " + display.Short(unit, maxHead)
	}
	return text
}

func (g grid) unit() string {
	if m, ok := g.Array.(Measured); ok {
		return m.Unit()
	}
	return ""
}

// Sample implements Sampled for an array along one axis.
func (g grid) Sample(Span) ([][]float64, string) {
	s, ok := g.Array.(SampledArray)
	if !ok || len(g.shape) != 1 {
		return nil, ""
	}
	numbers, of := s.Sample()
	return [][]float64{numbers}, of
}
