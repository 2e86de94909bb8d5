package h5

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Array is what a read gives: elements of one type in a shape, in memory, in C order. It has no tie
// to the file any more. An Array of compounds is a Table seen as an array: it holds a column for each
// member.
type Array struct {
	typ    *Datatype
	shape  Shape
	data   any      // a slice of shape.Len() elements; nil for compounds
	fields []*Array // compounds: one for each member of typ, its shape begins with shape
}

// Datatype is the type of the elements as the file has it.
func (a *Array) Datatype() *Datatype { return a.typ }

// Shape is the length of each axis; Shape{} for a single value.
func (a *Array) Shape() Shape { return slices.Clone(a.shape) }

// Len is the number of elements.
func (a *Array) Len() int { return a.shape.Len() }

// Strides are how many elements further the next place on each axis is.
func (a *Array) Strides() []int {
	out, n := make([]int, len(a.shape)), 1
	for i := len(a.shape) - 1; i >= 0; i-- {
		out[i] = n
		n *= a.shape[i]
	}
	return out
}

// Raw is the slice that holds the elements, such as []float32, []string, []bool, [][]int32 for lists.
// It is not a copy. It is nil for compounds.
func (a *Array) Raw() any { return a.data }

// IsCompound reports whether the elements are rows of named fields.
func (a *Array) IsCompound() bool { return a.fields != nil }

// At gives one element. A negative index counts from the end. A row of a compound is a Row.
func (a *Array) At(index ...int) (any, error) {
	if len(index) != len(a.shape) {
		return nil, &Error{Op: "take an element", Kind: ErrShape, Reason: fmt.Sprintf("%d indices for an array of shape %v", len(index), a.shape)}
	}
	at := 0
	for i, n := range a.shape {
		if index[i] < -n || index[i] >= n {
			return nil, because("take an element", "", "", rangeError(i, index[i], n))
		}
		at = at*n + fromEnd(index[i], n)
	}
	return a.element(at), nil
}

// element is the element at place i of the data.
func (a *Array) element(i int) any {
	if a.fields == nil {
		return reflect.ValueOf(a.data).Index(i).Interface()
	}
	row := make(Row, len(a.fields))
	for k, f := range a.fields {
		row[k] = Value{a.typ.t.Members[k].Name, f.part(i, len(a.shape)).Value()}
	}
	return row
}

// part is the sub-array at place i of the first axes together.
func (a *Array) part(i, axes int) *Array {
	return a.reshaped(Shape{a.shape[:axes].Len()}, axes).rows(i, i+1).reshaped(Shape{}, 1)
}

// rows is a view of lo to hi of the first axis.
func (a *Array) rows(lo, hi int) *Array {
	out := &Array{typ: a.typ, shape: slices.Clone(a.shape)}
	out.shape[0] = hi - lo
	if a.fields == nil {
		n := a.shape[1:].Len()
		out.data = reflect.ValueOf(a.data).Slice(lo*n, hi*n).Interface()
		return out
	}
	for _, f := range a.fields {
		out.fields = append(out.fields, f.rows(lo, hi))
	}
	return out
}

// Value is the array in the plainest Go: a single value by itself, one axis as a slice, nothing as
// nil, all others as the *Array.
func (a *Array) Value() any {
	switch {
	case a.shape == nil:
		return nil
	case len(a.shape) == 0:
		return a.element(0)
	case len(a.shape) == 1 && a.fields == nil:
		return a.data
	}
	return a
}

// Slice selects from the array as Dataset.Slice does from a dataset. What lies in one piece is a view, which
// shares the elements: an index or a range of step 1 on the first axes that are not taken whole, with the
// later axes whole. All else is a copy.
func (a *Array) Slice(sel ...any) (*Array, error) {
	s, err := newSelection(a.shape, sel)
	if err != nil {
		return nil, because("slice an array", "", "", err)
	}
	if s.shape == nil {
		return a, nil
	}
	out := a
	if s.elements {
		out = a.reshaped(Shape{a.Len()}, len(a.shape))
	}
	for i, ax := range s.axes {
		out = out.along(i, ax)
	}
	return out.dropped(s), nil
}

// along selects on one axis.
func (a *Array) along(i int, ax axis) *Array {
	if ax.places != nil || ax.order != nil || ax.block > 1 || ax.step != 1 && ax.count > 1 {
		return a.take(i, ax.asked())
	}
	switch {
	case ax.count == a.shape[i]:
		return a
	case a.shape[:i].Len() == 1:
		rows := a.reshaped(Shape{a.shape[i]}, i+1).rows(ax.start, ax.start+ax.count)
		return rows.reshaped(append(slices.Clone(a.shape[:i]), ax.count), 1)
	}
	return a.take(i, ax.asked())
}

// dropped leaves out the axes that were selected by an index.
func (a *Array) dropped(s *selection) *Array {
	shape := Shape{}
	for i, ax := range s.axes {
		if !ax.drop {
			shape = append(shape, a.shape[i])
		}
	}
	return a.reshaped(shape, len(s.axes))
}

// reshaped replaces the first axes of the shape; the number of elements stays.
func (a *Array) reshaped(shape Shape, axes int) *Array {
	out := *a
	out.shape = append(slices.Clone(shape), a.shape[axes:]...)
	out.fields = nil
	for _, f := range a.fields {
		out.fields = append(out.fields, f.reshaped(shape, axes))
	}
	return &out
}

// Field is one member of an array of compounds.
func (a *Array) Field(name string) (*Array, error) {
	if a.fields == nil {
		return nil, &Error{Op: "take field", Name: name, Kind: ErrType, Reason: "elements of type " + a.typ.String() + " have no fields"}
	}
	for i, m := range a.typ.t.Members {
		if m.Name == name {
			return a.fields[i], nil
		}
	}
	return nil, noField("take field", name, "", a.typ)
}

// member is Field for a member of a member too, with points between the names: "x", "at.x".
func (a *Array) member(name string) (*Array, error) {
	whole, err := a.Field(name)
	first, rest, found := strings.Cut(name, ".")
	if err == nil || !found {
		return whole, err
	}
	of, unknown := a.Field(first)
	if unknown != nil || of.fields == nil {
		return nil, err
	}
	return of.member(rest)
}

func noField(op, name, file string, t *Datatype) error {
	return &Error{Op: op, Name: name, File: file, Kind: ErrNotFound, Reason: "there is no such field", Hint: suggest(name, t.Names())}
}

// Table gives an array of compounds as a table: a column for each field, a row for each element.
func (a *Array) Table() (*Table, error) {
	if a.fields == nil {
		return nil, &Error{Op: "make a table", Kind: ErrType, Reason: fmt.Sprintf("elements of type %v are no rows", a.typ),
			Hint: "only compound types have columns"}
	}
	t := &Table{rows: a.Len()}
	for i, f := range a.fields {
		t.columns = append(t.columns, &Column{name: a.typ.t.Members[i].Name, Array: f.reshaped(Shape{t.rows}, len(a.shape))})
	}
	return t, nil
}

// ReadInto sets what dst points to: a scalar, a slice, a nested slice, an array, a struct or a slice
// of structs. A number must fit its new type exactly.
func (a *Array) ReadInto(dst any) error {
	return because("read an array", "", "", assign(reflect.ValueOf(dst), a))
}

// Row is one element of a compound.
type Row []Value

// Value is one field of a Row.
type Value struct {
	Name  string
	Value any
}

// Get gives a field's value, nil when there is none.
func (r Row) Get(name string) any {
	for _, v := range r {
		if v.Name == name {
			return v.Value
		}
	}
	return nil
}
