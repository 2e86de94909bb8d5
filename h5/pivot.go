package h5

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Pivot spreads a column over the values of another one: a row for each value of the column rows, a column for
// each value of the column columns, and in them an aggregate (see Groups.Agg) of the rows that have both. Where
// there are none stands NaN, or 0 for count; the results are float64.
//
//	t.Pivot("PLATE", "CLASS", "Z", "mean")
func (t *Table) Pivot(rows, columns, values, aggregate string) (*Table, error) {
	const op = "pivot a table"
	groups, err := t.GroupBy(rows, columns)
	if err != nil {
		return nil, because(op, "", "", err)
	}
	if aggregateOf[aggregate] == nil {
		return nil, &Error{Op: op, Name: aggregate, Kind: ErrNotFound, Reason: "there is no such aggregate", Hint: "one of " + strings.Join(aggregates, ", ")}
	}
	found, err := groups.Agg(values, aggregate)
	if err != nil {
		return nil, because(op, "", "", err)
	}
	result := found.columns[len(found.columns)-1]
	x, err := numbers[float64](result.Array, "numbers")
	if err != nil || len(result.shape) != 1 {
		return nil, &Error{Op: op, Name: values, Kind: ErrType, Reason: fmt.Sprintf("its %s is %v", aggregate, result.elementType()), Hint: "numbers can stand in a table of both"}
	}
	empty := math.NaN()
	if aggregate == "count" {
		empty = 0
	}
	return found.spread(x, empty)
}

// spread lays out x, a number for each pair of values of the first two columns.
func (t *Table) spread(x []float64, empty float64) (*Table, error) {
	down, _ := newNumbering(t.columns[0].Array) // they were keys
	across, _ := newNumbering(t.columns[1].Array)
	if err := checkMemory(Shape{len(down.first), len(across.first)}, 8); err != nil {
		return nil, because("pivot a table", "", "", err)
	}
	out := &Table{rows: len(down.first), columns: []*Column{{t.columns[0].name, t.columns[0].take(0, down.first)}}}
	cells := make([][]float64, len(across.first))
	for k, row := range across.first {
		cells[k] = slices.Repeat([]float64{empty}, out.rows)
		name := unusedName(t.columns[1].text(row), out.Names())
		out.columns = append(out.columns, &Column{name, &Array{typ: Float64, shape: Shape{out.rows}, data: cells[k]}})
	}
	for i, v := range x {
		cells[across.of[i]][down.of[i]] = v
	}
	return out, nil
}
