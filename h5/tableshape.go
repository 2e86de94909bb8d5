package h5

import (
	"fmt"
	"slices"
)

// Rename gives the table with other names for columns, each old name followed by the new one.
func (t *Table) Rename(oldAndNew ...string) (*Table, error) {
	const op = "rename columns"
	if len(oldAndNew)%2 != 0 {
		return nil, &Error{Op: op, Kind: ErrShape, Reason: "the last column has no new name"}
	}
	out := &Table{columns: slices.Clone(t.columns), rows: t.rows}
	for i := 0; i < len(oldAndNew); i += 2 {
		old, name := oldAndNew[i], oldAndNew[i+1]
		at := slices.Index(t.Names(), old)
		if at < 0 {
			_, err := t.whole(old)
			return nil, because(op, old, "", err)
		}
		out.columns[at] = &Column{name, t.columns[at].Array}
	}
	for i, c := range out.columns {
		if slices.Contains(out.Names()[:i], c.name) {
			return nil, &Error{Op: op, Name: c.name, Kind: ErrExists, Reason: "two columns would have this name"}
		}
	}
	return out, nil
}

// Drop gives the table without some columns.
func (t *Table) Drop(names ...string) (*Table, error) {
	for _, name := range names {
		if _, err := t.whole(name); err != nil {
			return nil, because("drop columns", name, "", err)
		}
	}
	return t.Select(slices.DeleteFunc(t.Names(), func(name string) bool { return slices.Contains(names, name) })...)
}

// DropNaN leaves out the rows with a NaN in one of some columns, or in any.
func (t *Table) DropNaN(names ...string) (*Table, error) {
	some := t
	if len(names) > 0 {
		var err error
		if some, err = t.Select(names...); err != nil {
			return nil, because("leave NaN out", "", "", err)
		}
	}
	keep := make([]bool, t.rows)
	for i := range keep {
		keep[i] = true
	}
	for _, c := range some.columns {
		mask, err := c.IsNaN()
		if err != nil { // no numbers
			continue
		}
		each := c.shape[1:].Len()
		for i, nan := range mask.data.([]bool) {
			keep[i/each] = keep[i/each] && !nan
		}
	}
	return t.take(placesOf(keep)), nil
}

// Distinct keeps the first of the rows that are equal in some columns, or in all; they stay in order.
func (t *Table) Distinct(names ...string) (*Table, error) {
	if len(names) == 0 {
		names = t.Names()
	}
	groups, err := t.groupsOf("find distinct rows", names, numbering.withNaN)
	if err != nil {
		return nil, err
	}
	return t.take(slices.Sorted(slices.Values(groups.first))), nil
}

// ValueCounts gives each of the values of some columns together with how many rows have it, most of them
// first, in a column "count". NaN is counted too.
func (t *Table) ValueCounts(names ...string) (*Table, error) {
	groups, err := t.groupsOf("count values", names, numbering.withNaN)
	if err != nil {
		return nil, err
	}
	counts := make([]int64, len(groups.first))
	for _, k := range groups.of {
		counts[k]++
	}
	values, err := groups.keyColumns().With(unusedName("count", names), counts)
	if err != nil {
		return nil, err
	}
	return values.Sort("-" + unusedName("count", names))
}

// Append gives the rows of the table and, behind them, those of others, which have the same columns in any
// order. Numbers of unlike types become the type that Add would give.
func (t *Table) Append(others ...*Table) (*Table, error) {
	const op = "append rows"
	out := &Table{rows: t.rows}
	for i, o := range others {
		if o.NumColumns() != t.NumColumns() {
			return nil, &Error{Op: op, Kind: ErrShape, Reason: fmt.Sprintf("table %d has %d columns, and the first %d", i+1, o.NumColumns(), t.NumColumns()), Hint: "Select the columns that all of them have"}
		}
		out.rows += o.rows
	}
	for _, c := range t.columns {
		parts := []any{c.Array}
		for _, o := range others {
			part, err := o.Field(c.name)
			if err != nil {
				return nil, because(op, c.name, "", err)
			}
			parts = append(parts, part)
		}
		joined, err := Concat(0, parts...)
		if err != nil {
			return nil, because(op, c.name, "", err)
		}
		out.columns = append(out.columns, &Column{c.name, joined})
	}
	return out, nil
}
