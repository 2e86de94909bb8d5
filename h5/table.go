package h5

import (
	"fmt"
	"slices"
	"strings"
)

// Table is rows of named, typed columns in memory.
type Table struct {
	columns []*Column
	rows    int
}

// Column is one column of a Table: an array whose first axis are the rows.
type Column struct {
	name string
	*Array
}

// Name is the column's name.
func (c *Column) Name() string { return c.name }

// NewTable makes a table of columns, a name and a slice in turn, all slices of one length:
// NewTable("WAVE", wave, "FLUX", flux).
func NewTable(namesAndValues ...any) (*Table, error) {
	const op = "make a table"
	t := &Table{}
	if len(namesAndValues)%2 != 0 {
		return nil, &Error{Op: op, Kind: ErrShape, Reason: "the last name has no values"}
	}
	for i := 0; i < len(namesAndValues); i += 2 {
		name, ok := namesAndValues[i].(string)
		if !ok {
			return nil, &Error{Op: op, Kind: ErrType, Reason: fmt.Sprintf("argument %d is a %T and should be a name", i+1, namesAndValues[i])}
		}
		a, err := NewArray(namesAndValues[i+1])
		if err != nil {
			return nil, because(op, name, "", err)
		}
		if len(a.shape) == 0 || i > 0 && a.shape[0] != t.rows {
			return nil, &Error{Op: op, Name: name, Kind: ErrShape, Reason: fmt.Sprintf("a column of shape %v in a table of %d rows", a.shape, t.rows)}
		}
		t.rows = a.shape[0]
		t.columns = append(t.columns, &Column{name, a})
	}
	return t, nil
}

// NumRows is the number of rows.
func (t *Table) NumRows() int { return t.rows }

// NumColumns is the number of columns.
func (t *Table) NumColumns() int { return len(t.columns) }

// Names are the names of the columns.
func (t *Table) Names() []string {
	out := make([]string, len(t.columns))
	for i, c := range t.columns {
		out[i] = c.name
	}
	return out
}

// Columns are the columns, in order.
func (t *Table) Columns() []*Column { return slices.Clone(t.columns) }

// Column finds a column by its name, or a member of one that is a compound by both, as in "pos.x".
func (t *Table) Column(name string) (*Column, error) {
	c, err := t.whole(name)
	if err == nil {
		return c, nil
	}
	first, rest, _ := strings.Cut(name, ".")
	of, unknown := t.whole(first)
	if unknown != nil || of.fields == nil {
		return nil, err
	}
	a, err := of.member(rest)
	if err != nil {
		return nil, err
	}
	return &Column{name, a}, nil
}

// whole finds a column by its name, and no member of one.
func (t *Table) whole(name string) (*Column, error) {
	for _, c := range t.columns {
		if c.name == name {
			return c, nil
		}
	}
	return nil, &Error{Op: "take column", Name: name, Kind: ErrNotFound, Reason: "there is no such column", Hint: suggest(name, t.Names())}
}

// Field is Column, by the name that datasets and arrays have for it.
func (t *Table) Field(name string) (*Array, error) {
	c, err := t.Column(name)
	if err != nil {
		return nil, err
	}
	return c.Array, nil
}

// Cell is the value in a row and a column.
func (t *Table) Cell(row, column int) any { return t.columns[column].part(row, 1).Value() }

// Select gives a table of some columns, in the order of the names.
func (t *Table) Select(names ...string) (*Table, error) {
	out := &Table{rows: t.rows}
	for _, name := range names {
		c, err := t.Column(name)
		if err != nil {
			return nil, err
		}
		out.columns = append(out.columns, c)
	}
	return out, nil
}

// Head is the first n rows.
func (t *Table) Head(n int) *Table { return t.part(0, min(max(n, 0), t.rows)) }

// Tail is the last n rows.
func (t *Table) Tail(n int) *Table { return t.part(max(0, t.rows-max(n, 0)), t.rows) }

func (t *Table) part(lo, hi int) *Table {
	out := &Table{rows: hi - lo}
	for _, c := range t.columns {
		out.columns = append(out.columns, &Column{c.name, c.rows(lo, hi)})
	}
	return out
}

// Slice selects rows; those of a range are shared, see Array.Slice.
func (t *Table) Slice(sel ...any) (*Table, error) {
	s, err := newSelection(Shape{t.rows}, sel)
	if err != nil {
		return nil, because("slice a table", "", "", err)
	}
	out := &Table{rows: s.axes[0].length()}
	for _, c := range t.columns {
		out.columns = append(out.columns, &Column{c.name, c.along(0, s.axes[0])})
	}
	return out, nil
}

// ReadInto fills a slice of structs, a row each.
func (t *Table) ReadInto(dst any) error { return t.Array().ReadInto(dst) }

// Array is the table as an array of compounds.
func (t *Table) Array() *Array {
	a := &Array{shape: Shape{t.rows}, fields: []*Array{}}
	var members []Member
	for _, c := range t.columns {
		members = append(members, Member{c.name, c.elementType()})
		a.fields = append(a.fields, c.Array)
	}
	a.typ = Compound(members...)
	return a
}

// elementType is the type of what a row holds of the column.
func (c *Column) elementType() *Datatype {
	if len(c.shape) > 1 {
		return ArrayOf(c.typ, c.shape[1:]...)
	}
	return c.typ
}
