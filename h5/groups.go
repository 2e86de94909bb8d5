package h5

import (
	"fmt"
	"slices"
	"strings"
)

// Groups are the rows of a Table put together where keys are equal. What it computes are tables with a
// row for each group: the keys first, in the order of their values, then a column of results for each
// column that is not a key.
//
// As in pandas, a row with a NaN among its keys belongs to no group, and a NaN among the values is left
// out: of a group with no other values the sum is 0, the count is 0, and all else is NaN.
type Groups struct {
	table *Table
	keys  []string
	numbering
}

// GroupBy groups the rows by one or several columns of numbers, texts or truth values.
//
//	t.GroupBy("PLATE").Mean()
//	t.GroupBy("PLATE", "MJD").Agg("FLUX", "mean", "max", "WAVE", "min")
func (t *Table) GroupBy(keys ...string) (*Groups, error) {
	return t.groupsOf("group a table", keys, func(n numbering) numbering { return n })
}

// groupsOf groups the rows by columns, each numbered and then mended.
func (t *Table) groupsOf(op string, keys []string, mend func(numbering) numbering) (*Groups, error) {
	if len(keys) == 0 {
		return nil, &Error{Op: op, Kind: ErrShape, Reason: "no column is named", Hint: "name one or more: " + someOf(t.Names())}
	}
	g := &Groups{table: t, keys: keys}
	for i, name := range keys {
		c, err := t.Column(name)
		if err != nil {
			return nil, because(op, name, "", err)
		}
		n, ok := newNumbering(c.Array)
		if !ok {
			return nil, c.noKey(op)
		}
		if n = mend(n); i > 0 {
			n = g.and(n)
		}
		g.numbering = n
	}
	return g, nil
}

// noKey says that the column's elements cannot be told apart by an order.
func (c *Column) noKey(op string) error {
	return &Error{Op: op, Name: c.name, Kind: ErrType, Reason: fmt.Sprintf("its elements are of type %v", c.elementType()),
		Hint: "numbers, texts and truth values can be keys"}
}

// NumGroups is the number of groups.
func (g *Groups) NumGroups() int { return len(g.first) }

// String says how many groups there are and by what.
func (g *Groups) String() string {
	return fmt.Sprintf("%d groups of %d rows by %s", g.NumGroups(), g.table.rows, strings.Join(g.keys, ", "))
}

// Size gives the number of rows of each group, in a column "size".
func (g *Groups) Size() (*Table, error) {
	sizes := make([]int64, len(g.first))
	for _, k := range g.of {
		if k >= 0 {
			sizes[k]++
		}
	}
	return g.keyColumns().With("size", sizes)
}

// Count gives the number of values that are not NaN.
func (g *Groups) Count() (*Table, error) { return g.all("count") }

// Sum adds the columns of numbers: integers and truth values as int64, unsigned ones as uint64, all
// others as float64.
func (g *Groups) Sum() (*Table, error) { return g.all("sum") }

// Mean averages the columns of numbers.
func (g *Groups) Mean() (*Table, error) { return g.all("mean") }

// Std gives the standard deviation of the columns of numbers, divided by one less than their number as
// pandas does; of a single value it is NaN.
func (g *Groups) Std() (*Table, error) { return g.all("std") }

// Min gives the least values, in the columns' own types: of numbers, texts and truth values.
func (g *Groups) Min() (*Table, error) { return g.all("min") }

// Max gives the greatest values, in the columns' own types: of numbers, texts and truth values.
func (g *Groups) Max() (*Table, error) { return g.all("max") }

// Median gives the middle values of the columns of numbers, between two the mean of both.
func (g *Groups) Median() (*Table, error) { return g.all("median") }

// First gives the first values that are not NaN, of columns of any type.
func (g *Groups) First() (*Table, error) { return g.all("first") }

// Last gives the last values that are not NaN, of columns of any type.
func (g *Groups) Last() (*Table, error) { return g.all("last") }

// Agg gives chosen aggregates of chosen columns: each column's name is followed by one or more of
// count, sum, mean, std, min, max, median, first, last. The results are called FLUX_mean and so on.
// Such a word after a column is always an aggregate: a column of that name can only come first.
func (g *Groups) Agg(columnsAndAggregates ...string) (*Table, error) {
	const op = "aggregate"
	out := g.keyColumns()
	for words := columnsAndAggregates; len(words) > 0; {
		c, err := g.table.Column(words[0])
		if err != nil {
			return nil, g.unknownWord(op, words[0], err)
		}
		words = words[1:]
		if len(words) == 0 || aggregateOf[words[0]] == nil {
			return nil, &Error{Op: op, Name: c.name, Kind: ErrShape, Reason: "no aggregate follows it", Hint: "one of " + strings.Join(aggregates, ", ")}
		}
		for len(words) > 0 && aggregateOf[words[0]] != nil {
			result := aggregateOf[words[0]](g, c)
			if result == nil {
				return nil, &Error{Op: op, Name: c.name, Kind: ErrType, Reason: fmt.Sprintf("there is no %s of %v", words[0], c.elementType())}
			}
			out.columns = append(out.columns, &Column{c.name + "_" + words[0], result})
			words = words[1:]
		}
	}
	return out, nil
}

// unknownWord is for a word that may be meant as a column or as an aggregate.
func (g *Groups) unknownWord(op, word string, err error) error {
	if near := nearest(word, aggregates); len(near) > 0 {
		return &Error{Op: op, Name: word, Kind: ErrNotFound, Reason: "there is no such column or aggregate", Hint: "did you mean " + quoted(near, " or ") + "?"}
	}
	return because(op, word, "", err)
}

// keyColumns is the keys of each group.
func (g *Groups) keyColumns() *Table {
	keys, err := g.table.Select(g.keys...)
	if err != nil {
		panic(err) // GroupBy found them
	}
	return keys.take(g.first)
}

func (g *Groups) all(how string) (*Table, error) {
	out := g.keyColumns()
	for _, c := range g.table.columns {
		if slices.Contains(g.keys, c.name) {
			continue
		}
		if result := aggregateOf[how](g, c); result != nil {
			out.columns = append(out.columns, &Column{c.name, result})
		}
	}
	if len(out.columns) == len(g.keys) {
		return nil, &Error{Op: "aggregate", Kind: ErrType, Reason: fmt.Sprintf("besides the keys there is no column that has a %s", how),
			Hint: "it has " + someOf(g.table.Names()) + "; Size counts rows"}
	}
	return out, nil
}
