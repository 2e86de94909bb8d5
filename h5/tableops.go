package h5

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Filter keeps the rows where a mask is true: a comparison of a column, or a []bool.
//
//	bright := t.Filter(t.Column("FLUX").Greater(1.5))
func (t *Table) Filter(mask any) (*Table, error) {
	const op = "filter a table"
	if text, ok := mask.(string); ok {
		return nil, &Error{Op: op, Kind: ErrType, Reason: fmt.Sprintf("%q is a text, not a mask", text), Hint: "Query takes an expression"}
	}
	m, err := NewArray(mask)
	if err != nil {
		return nil, because(op, "", "", err)
	}
	yes, ok := m.data.([]bool)
	if !ok || len(m.shape) != 1 {
		return nil, &Error{Op: op, Kind: ErrType, Reason: fmt.Sprintf("the mask is %v of shape %v", m.typ, m.shape), Hint: "give a truth value for each row: comparisons of columns do"}
	}
	if len(yes) != t.rows {
		return nil, &Error{Op: op, Kind: ErrShape, Reason: fmt.Sprintf("a mask of %d for a table of %d rows", len(yes), t.rows)}
	}
	return t.take(placesOf(yes)), nil
}

// Sort puts the rows in the order of columns, the first one first; a name after a minus is in falling
// order. Rows that are equal stay as they were, NaN comes last.
func (t *Table) Sort(names ...string) (*Table, error) {
	const op = "sort a table"
	var keys []sortKey
	for i, name := range names {
		key, err := t.sortKey(name)
		if err != nil && i > 0 && slices.Contains(orderWords, strings.ToLower(name)) {
			column := strings.TrimPrefix(names[i-1], "-")
			return nil, &Error{Op: op, Name: name, Kind: ErrNotFound, Reason: "there is no such column",
				Hint: fmt.Sprintf("Sort(%q) puts it in falling order, Sort(%q) in rising", "-"+column, column)}
		}
		if err != nil {
			return nil, because(op, "", "", err)
		}
		keys = append(keys, key)
	}
	if len(keys) == 0 {
		return t, nil
	}
	if n, ok := keys[0].vector.(numeric); ok && len(keys) == 1 {
		return t.take(n.places(0, t.rows, keys[0].falling)), nil
	}
	all := keys[0].ranks()
	for _, k := range keys[1:] {
		all = all.and(k.ranks())
	}
	places, _ := all.byNumber()
	return t.take(places), nil
}

// orderWords are what SQL and others write behind a column for its order.
var orderWords = []string{"asc", "ascending", "desc", "descending"}

// ranks numbers the rows in the order of the key, NaN last.
func (k sortKey) ranks() numbering {
	n := k.numbering()
	if k.falling {
		last := len(n.first) - 1
		for i, r := range n.of {
			if r >= 0 {
				n.of[i] = last - r
			}
		}
		slices.Reverse(n.first)
	}
	return n.withNaN()
}

// sortKey is a column to sort by.
type sortKey struct {
	vector
	falling bool
}

// sortKey finds the column of a name, which may stand after a minus.
func (t *Table) sortKey(name string) (sortKey, error) {
	column, falling := strings.CutPrefix(name, "-")
	if _, err := t.Column(name); err == nil { // a name may begin so
		column, falling = name, false
	}
	c, err := t.Column(column)
	if err != nil {
		return sortKey{}, err
	}
	v := vectorOf(c.data)
	if v == nil || len(c.shape) != 1 {
		return sortKey{}, &Error{Name: column, Kind: ErrType, Reason: fmt.Sprintf("its elements are of type %v", c.elementType()), Hint: "numbers, texts and truth values have an order"}
	}
	return sortKey{v, falling}, nil
}

// With gives the table with one more column, or another one of that name: a slice or an Array of as many
// rows.
func (t *Table) With(name string, values any) (*Table, error) {
	const op = "add a column"
	a, err := NewArray(values)
	if err != nil {
		return nil, because(op, name, "", err)
	}
	if len(a.shape) == 0 || a.shape[0] != t.rows {
		return nil, &Error{Op: op, Name: name, Kind: ErrShape, Reason: fmt.Sprintf("a column of shape %v in a table of %d rows", a.shape, t.rows)}
	}
	out := &Table{columns: slices.Clone(t.columns), rows: t.rows}
	at := slices.IndexFunc(out.columns, func(c *Column) bool { return c.name == name })
	if at < 0 {
		out.columns = append(out.columns, &Column{name, a})
		return out, nil
	}
	out.columns[at] = &Column{name, a}
	return out, nil
}

// Cumsum adds up each column of numbers, row by row; the others are left out.
func (t *Table) Cumsum() (*Table, error) {
	out := &Table{rows: t.rows}
	for _, c := range t.columns {
		if c.fields != nil || c.number() == nil {
			continue
		}
		sums, err := c.Array.Cumsum(0)
		if err != nil {
			return nil, because("add up", c.name, "", err)
		}
		out.columns = append(out.columns, &Column{c.name, sums})
	}
	if len(out.columns) == 0 {
		return nil, &Error{Op: "add up", Kind: ErrType, Reason: "the table has no column of numbers", Hint: "it has " + someOf(t.Names())}
	}
	return out, nil
}

// Describe gives a row for each column of single numbers: how many are numbers and not NaN, their mean,
// standard deviation (divided by one less than their number, as pandas does), least, quartiles and
// greatest; NaN is left out.
func (t *Table) Describe() (*Table, error) {
	var names []string
	var counts []int
	stats := make([][]float64, 7)
	for _, c := range t.columns {
		if c.fields != nil || c.number() == nil || len(c.shape) != 1 {
			continue
		}
		x, err := numbers[float64](c.Array, "numbers")
		if err != nil {
			return nil, because("describe", c.name, "", err)
		}
		x = slices.DeleteFunc(slices.Clone(x), math.IsNaN)
		names, counts = append(names, c.name), append(counts, len(x))
		for i, v := range describe(x) {
			stats[i] = append(stats[i], v)
		}
	}
	if len(names) == 0 {
		return nil, &Error{Op: "describe", Kind: ErrType, Reason: "the table has no column of single numbers", Hint: "it has " + someOf(t.Names())}
	}
	return NewTable("column", names, "count", counts, "mean", stats[0], "std", stats[1], "min", stats[2], "25%", stats[3], "50%", stats[4], "75%", stats[5], "max", stats[6])
}

// describe moves the elements of x about.
func describe(x []float64) [7]float64 {
	nan := math.NaN()
	if len(x) == 0 {
		return [7]float64{nan, nan, nan, nan, nan, nan, nan}
	}
	all := moments{}
	for part := range slices.Chunk(x, blockLen) {
		all = all.join(momentsOf(part))
	}
	return [7]float64{all.mean, math.Sqrt(all.squares / float64(all.n-1)), slices.Min(x), percentile(x, 25), percentile(x, 50), percentile(x, 75), slices.Max(x)}
}

func placesOf(mask []bool) []int {
	n := 0
	for _, yes := range mask {
		n += truth(yes)
	}
	places := make([]int, 0, n)
	for i, yes := range mask {
		if yes {
			places = append(places, i)
		}
	}
	return places
}

func (t *Table) take(places []int) *Table {
	out := &Table{rows: len(places)}
	for _, c := range t.columns {
		out.columns = append(out.columns, &Column{c.name, c.Array.take(0, places)})
	}
	return out
}

// order compares two rows of a column; nil when its elements have no order.
func (c *Column) order(falling bool) func(i, j int) int {
	v := vectorOf(c.data)
	if v == nil || len(c.shape) != 1 {
		return nil
	}
	return v.order(falling)
}
