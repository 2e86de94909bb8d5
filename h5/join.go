package h5

import (
	"fmt"
	"math"
	"reflect"
	"slices"
)

// Join puts together each row of the table and each row of the other one that has the same keys, as
// pandas' merge does: in the order of this table's rows, among equal keys in that of the other's. The
// columns are this table's, then the other's without the keys. Without keys, all columns are keys that
// both tables have. Columns of equal names that are no keys get the suffixes _x and _y. NaN as a key
// equals NaN.
//
//	spectra.Join(plates, "PLATE", "MJD")
func (t *Table) Join(other *Table, keys ...string) (*Table, error) {
	return t.join(other, keys, false)
}

// LeftJoin is Join that keeps also rows whose keys the other table does not have. What they miss is NaN
// in columns of numbers and truth values, which become float64 then, and "" in columns of texts; an
// integer that float64 cannot hold is an error.
func (t *Table) LeftJoin(other *Table, keys ...string) (*Table, error) {
	return t.join(other, keys, true)
}

const joining = "join tables"

func (t *Table) join(other *Table, keys []string, left bool) (*Table, error) {
	if len(keys) == 0 {
		if keys = t.commonNames(other); len(keys) == 0 {
			return nil, &Error{Op: joining, Kind: ErrNotFound, Reason: "they have no column in common",
				Hint: fmt.Sprintf("one has %s, the other %s", someOf(t.Names()), someOf(other.Names()))}
		}
	}
	both, err := numberKeys(t, other, keys)
	if err != nil {
		return nil, err
	}
	mine, others, err := both.matches(t.rows, left)
	if err != nil {
		return nil, because(joining, "", "", err)
	}
	out := t.take(mine)
	for _, c := range other.columns {
		if slices.Contains(keys, c.name) {
			continue
		}
		joined, err := c.takeOrMiss(others)
		if err != nil {
			return nil, err
		}
		out.columns = append(out.columns, &Column{c.name, joined})
	}
	if err := out.suffix(len(t.columns), keys); err != nil {
		return nil, err
	}
	return out, nil
}

func (t *Table) commonNames(other *Table) []string {
	return slices.DeleteFunc(t.Names(), func(name string) bool { return !slices.Contains(other.Names(), name) })
}

// numberKeys numbers the keys of both tables together, the other's rows after those of t.
func numberKeys(t, other *Table, keys []string) (all numbering, err error) {
	for i, name := range keys {
		a, err := t.whole(name)
		if err != nil {
			return all, because(joining, name, "", inTable("first", err))
		}
		b, err := other.whole(name)
		if err != nil {
			return all, because(joining, name, "", inTable("second", err))
		}
		ab, err := a.append(b)
		if err != nil {
			return all, err
		}
		n, ok := newNumbering(ab)
		if !ok {
			return all, a.noKey(joining)
		}
		if n = n.withNaN(); i > 0 {
			n = all.and(n)
		}
		all = n
	}
	return all, nil
}

// inTable says in which table a column was not found.
func inTable(which string, err error) error {
	e := *err.(*Error)
	e.Op, e.Reason = joining, "there is no such column in the "+which+" table"
	return &e
}

// append gives the elements of two columns one behind the other, in a type that holds all of them
// exactly: numbers of unlike types can be equal only then.
func (c *Column) append(o *Column) (*Array, error) {
	if len(c.shape) != 1 || len(o.shape) != 1 || c.data == nil || o.data == nil {
		return nil, c.noKey(joining)
	}
	shape := Shape{c.shape[0] + o.shape[0]}
	if reflect.TypeOf(c.data) == reflect.TypeOf(o.data) {
		both := reflect.AppendSlice(reflect.MakeSlice(reflect.TypeOf(c.data), 0, shape[0]), reflect.ValueOf(c.data))
		return &Array{typ: c.typ, shape: shape, data: reflect.AppendSlice(both, reflect.ValueOf(o.data)).Interface()}, nil
	}
	if c.isFloat() || o.isFloat() {
		if both, ok := appendAs[float64](c, o); ok {
			return &Array{typ: Float64, shape: shape, data: both}, nil
		}
	} else if both, ok := appendAs[int64](c, o); ok {
		return &Array{typ: Int64, shape: shape, data: both}, nil
	} else if both, ok := appendAs[uint64](c, o); ok {
		return &Array{typ: Uint64, shape: shape, data: both}, nil
	}
	return nil, &Error{Op: joining, Name: c.name, Kind: ErrType, Reason: fmt.Sprintf("it is %v in one table and %v in the other", c.typ, o.typ),
		Hint: "give it one type in both: With puts another column in its place"}
}

func (c *Column) isFloat() bool {
	switch c.data.(type) {
	case []float32, []float64:
		return true
	}
	return false
}

func appendAs[T number](c, o *Column) ([]T, bool) {
	a, badA, okA := convert[T](c.data, true)
	b, badB, okB := convert[T](o.data, true)
	return slices.Concat(a, b), okA && okB && badA < 0 && badB < 0
}

// matches pairs the first rows that were numbered, up to split, with those after of the same number.
// With left, a row without any is paired with -1.
func (n numbering) matches(split int, left bool) (mine, others []int, err error) {
	right := numbering{n.of[split:], n.first}
	rows, begin := right.byNumber()
	pairs := 0
	for _, k := range n.of[:split] {
		pairs += begin[k+1] - begin[k]
		if left && begin[k] == begin[k+1] {
			pairs++
		}
	}
	if err := checkMemory(Shape{pairs}, 2*intSize); err != nil { // keys that repeat in both tables multiply
		return nil, nil, err
	}
	mine, others = makeSlice[int](pairs)[:0], makeSlice[int](pairs)[:0]
	for i, k := range n.of[:split] {
		for _, j := range rows[begin[k]:begin[k+1]] {
			mine, others = append(mine, i), append(others, j)
		}
		if left && begin[k] == begin[k+1] {
			mine, others = append(mine, i), append(others, -1)
		}
	}
	return mine, others, nil
}

// takeOrMiss takes rows; a row -1 is a missing one.
func (c *Column) takeOrMiss(places []int) (*Array, error) {
	if !slices.Contains(places, -1) {
		return c.take(0, places), nil
	}
	extended, err := c.withMissing()
	if err != nil {
		return nil, err
	}
	places = slices.Clone(places)
	for i, p := range places {
		if p < 0 {
			places[i] = c.shape[0]
		}
	}
	return extended.take(0, places), nil
}

// withMissing is the column with one more row, a missing one.
func (c *Column) withMissing() (*Array, error) {
	out := &Array{typ: c.typ, shape: slices.Clone(c.shape)}
	out.shape[0]++
	row := c.shape[1:].Len()
	switch s := c.data.(type) {
	case []string:
		out.data = slices.Concat(s, make([]string, row))
		return out, nil
	case []float32:
		out.data = slices.Concat(s, slices.Repeat([]float32{float32(math.NaN())}, row))
		return out, nil
	case []bool:
		c = &Column{c.name, &Array{typ: Uint8, shape: c.shape, data: truths(s)}}
	}
	x, bad, ok := convert[float64](c.data, true)
	if !ok {
		return nil, &Error{Op: joining, Name: c.name, Kind: ErrType, Reason: fmt.Sprintf("its elements are of type %v, and rows miss them", c.elementType()),
			Hint: "Join leaves such rows out, Select the column"}
	}
	if bad >= 0 {
		return nil, &Error{Op: joining, Name: c.name, Kind: ErrRange, Reason: fmt.Sprintf("rows miss it, and element %d is %v, which a column with NaN cannot hold", bad, c.element(bad)),
			Hint: "Join leaves such rows out"}
	}
	out.typ, out.data = Float64, slices.Concat(x, slices.Repeat([]float64{math.NaN()}, row))
	return out, nil
}

// suffix tells columns of equal names apart: those before split from those after.
func (t *Table) suffix(split int, keys []string) error {
	names := t.Names()
	for i, c := range t.columns {
		others, suffix := names[split:], "_x"
		if i >= split {
			others, suffix = names[:split], "_y"
		}
		if slices.Contains(keys, c.name) || !slices.Contains(others, c.name) {
			continue
		}
		name := c.name + suffix
		if slices.Contains(names, name) {
			return &Error{Op: joining, Name: name, Kind: ErrExists, Reason: fmt.Sprintf("both tables have a column %q, and the new name is taken too", c.name),
				Hint: "Select the columns to join"}
		}
		t.columns[i] = &Column{name, c.Array}
	}
	return nil
}
