package h5

import (
	"context"
	"fmt"
	"slices"

	"gofive/h5/internal/libhdf5"
)

// Part is a selection of a dataset that is not read yet: for figures and histograms of more than memory
// holds.
type Part struct {
	d     *Dataset
	names []string // one field of rows, or none
	sel   []any
	ctx   context.Context // that ends reading it in pieces; nil for none
	pairs bool            // complex numbers will do where numbers are wanted
}

// Part selects numbers of the dataset without reading them: an argument an axis as for Slice, and of rows
// the field that Columns names.
//
//	plots.Line(d.Part(h5.Columns("FLUX"), "0:100000000"))
func (d *Dataset) Part(sel ...any) *Part {
	names, rest := columnsIn(sel)
	return &Part{d: d, names: names, sel: rest}
}

// columnsIn takes the fields that Columns names out of a selection.
func columnsIn(sel []any) (names []string, rest []any) {
	for _, s := range sel {
		if c, ok := s.(ColumnNames); ok {
			names = append(names, c...)
			continue
		}
		rest = append(rest, s)
	}
	return names, rest
}

// refined selects from the part. What is a list of places already cannot be selected from again.
func (p *Part) refined(sel []any) (*Part, error) {
	names, rest := columnsIn(sel)
	out := &Part{d: p.d, names: append(slices.Clone(p.names), names...), sel: p.sel, ctx: p.ctx, pairs: p.pairs}
	switch {
	case len(rest) == 0:
		return out, nil
	case len(p.sel) == 0:
		out.sel = rest
		return out, nil
	}
	shape, err := p.d.shapeNow("look at")
	if err != nil {
		return nil, err
	}
	whole, err := newSelection(shape, p.sel)
	if err != nil {
		return nil, err
	}
	inner, err := newSelection(whole.result(), rest)
	if err != nil {
		return nil, err
	}
	if !whole.regular() || !inner.regular() {
		return nil, &Error{Name: p.d.path, File: p.d.h.file.path, Kind: ErrRange, Reason: "nothing is selected from lists of places", Hint: "select both at once"}
	}
	out.sel = whole.within(inner)
	return out, nil
}

// regular reports whether each axis is an interval.
func (s *selection) regular() bool {
	return !s.elements && s.shape != nil && !slices.ContainsFunc(s.axes, func(a axis) bool { return a.places != nil || a.order != nil || a.block > 0 })
}

// within is what another selection selects of what this one does, an argument an axis.
func (s *selection) within(inner *selection) (sel []any) {
	k := 0
	for _, a := range s.axes {
		if a.drop {
			sel = append(sel, a.start)
			continue
		}
		b := inner.axes[k]
		k++
		from := a.start + b.start*a.step
		if b.drop {
			sel = append(sel, from)
			continue
		}
		sel = append(sel, Range(from, from+b.count*a.step*b.step, a.step*b.step))
	}
	return sel
}

// Axes gives what is selected of each axis of the dataset, one after the other in the order of the file; of an axis
// that goes away the one place, with Step 0. What is no interval on each axis is an error.
func (p *Part) Axes() ([]Interval, error) {
	const op = "look at"
	shape, err := p.d.shapeNow(op)
	if err != nil {
		return nil, err
	}
	s, err := newSelection(shape, p.sel)
	if err == nil && (!s.regular() || s.reorders()) {
		err = &Error{Kind: ErrRange, Reason: "the selection is no rising interval on each axis"}
	}
	if err != nil {
		return nil, because(op, p.d.path, p.d.h.file.path, err)
	}
	out := make([]Interval, len(s.axes))
	for i, a := range s.axes {
		out[i] = Interval{a.start, min(a.start+a.count*a.step, shape[i]), a.step}
		if a.drop {
			out[i] = Interval{Lo: a.start, Hi: a.start + 1}
		}
	}
	return out, nil
}

// String says what is selected of which dataset.
func (p *Part) String() string {
	return fmt.Sprint("part of ", p.d.path, " ", append(slices.Clone(p.sel), toAny(p.names)...))
}

func toAny(names []string) (out []any) {
	for _, n := range names {
		out = append(out, n)
	}
	return out
}

// Len is the number of elements, 0 where the selection is impossible.
func (p *Part) Len() int { return p.Shape().Len() }

// Shape is the length of each axis, Shape{0} where the selection is impossible: reading then says why.
func (p *Part) Shape() Shape {
	shape, err := p.d.shapeNow("look at")
	if err != nil {
		return Shape{0}
	}
	s, err := newSelection(shape, p.sel)
	if err != nil {
		return Shape{0}
	}
	return s.result()
}

// Datatype is the type of its elements: of one field of rows the type of the field.
func (p *Part) Datatype() *Datatype {
	t := p.d.Datatype()
	if len(p.names) != 1 {
		return t
	}
	for _, m := range t.Members() {
		if m.Name == p.names[0] {
			return m.Type
		}
	}
	return t
}

// Slice reads the part, or a selection from it.
func (p *Part) Slice(sel ...any) (*Array, error) {
	const op = "read"
	p, err := p.refined(sel)
	if err != nil {
		return nil, because(op, "", "", err)
	}
	return p.read(op)
}

// Float64s reads all elements in C order.
func (p *Part) Float64s() ([]float64, error) {
	a, err := p.read("read")
	if err != nil {
		return nil, err
	}
	return a.Float64s()
}

// Float64s reads all elements in C order as float64.
func (d *Dataset) Float64s() ([]float64, error) { return d.Part().Float64s() }

// read reads the part whole.
func (p *Part) read(op string) (*Array, error) {
	a, err := p.d.read(op, p.names, p.sel)
	if err != nil {
		return nil, err
	}
	return a.onlyField(), nil
}

// onlyField is the column of rows that have one, and else the array.
func (a *Array) onlyField() *Array {
	if len(a.fields) == 1 {
		return a.fields[0]
	}
	return a
}

// transfer gets ready to read the part.
func (p *Part) transfer(op string) (*transfer, error) {
	if err := passedOn(p.sel); err != nil {
		return nil, err
	}
	s, mem, err := p.d.resolve(op, p.names, p.sel)
	if err != nil {
		return nil, err
	}
	t := &transfer{d: p.d, op: op, mem: mem, sel: s, ctx: p.ctx}
	if none, _ := newArray(mem.typ, Shape{0}, nil); none.onlyField().areNumbers() != nil && !(p.pairs && none.onlyField().areComplex()) {
		e := &Error{Op: op, Name: p.d.path, File: p.d.h.file.path, Kind: ErrType, Reason: fmt.Sprintf("the elements are of type %v", p.d.Datatype()),
			Hint: "only numbers can be reduced"}
		if names := p.d.FieldNames(); names != nil {
			e.Hint += fmt.Sprintf("; of rows one field, such as h5.Columns(%q)", names[0])
		}
		return nil, e
	}
	return t, nil
}

// irregular reports whether the elements do not come piece by piece in their order.
func (t *transfer) irregular() bool {
	return t.sel.elements || t.sel.lists() || t.sel.reorders() || t.sel.read().Len() == 0
}

// same is the part of this selection that stands where h stands in that of another transfer.
func (t *transfer) same(other *transfer, h *libhdf5.Hyperslab) *libhdf5.Hyperslab {
	if t == other {
		return h
	}
	mine, theirs := t.sel.hyperslab(), other.sel.hyperslab()
	for k := range mine.Start {
		mine.Start[k] += (h.Start[k] - theirs.Start[k]) / theirs.Stride[k] * mine.Stride[k]
		mine.Count[k] = h.Count[k]
	}
	return mine
}
