package h5view

import (
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"gofive/display"
	"gofive/display/table"
	"gofive/display/tree"
	"gofive/h5/fits"
)

// viewFITS gives the forms of a value of package fits.
func viewFITS(v any) (display.Bundle, bool) {
	switch x := v.(type) {
	case *fits.File:
		if x == nil {
			return nothing(v), true
		}
		return newExhibit(tree.New(fitsFile{x}, tree.Options{Width: textWidth})).bundle(), true
	case *fits.HDU:
		if x == nil {
			return nothing(v), true
		}
		return viewHDU(x), true
	case *fits.Column:
		if x == nil {
			return nothing(v), true
		}
		if x.Err != nil {
			_, err := x.Values()
			return plain(err.Error()), true
		}
		return viewTable(fitsRows{[]*fits.Column{x}, x.Rows()}, table.Options{}), true
	case fits.Header:
		return viewTable(fitsCards(x), table.Options{Rows: len(x)}), true
	}
	return display.Bundle{}, false
}

// viewHDU shows what an HDU is, with its cards folded, and the first and last rows of what it holds.
func viewHDU(h *fits.HDU) display.Bundle {
	if h.Header == nil {
		return plain(h.Err.Error())
	}
	x := newExhibit(tree.New(fitsHDU{h, true}, tree.Options{Attrs: 4, Width: textWidth}))
	x.replacePage(tree.New(fitsHDU{h, true}, tree.Options{Attrs: 1000}))
	columns, err := h.Columns()
	switch {
	case h.Kind == fits.Table && err != nil:
		x.problem(err)
	case h.Kind == fits.Table:
		columns = slices.DeleteFunc(slices.Clone(columns), func(c *fits.Column) bool { return c.Err != nil })
		x.table("", fitsRows{columns, h.Rows()})
	case h.Len() > 0:
		x.table("", table.Grid(fitsImage{h}))
	}
	return x.bundle()
}

// fitsFile is a file as the root of a tree.
type fitsFile struct{ f *fits.File }

func (n fitsFile) Label() tree.Label {
	return tree.Label{Name: filepath.Base(n.f.Path()), Group: true, Children: len(n.f.HDUs()), Detail: "FITS", Size: n.f.Size()}
}

func (n fitsFile) Children(offset, limit int) (out []tree.Node, err error) {
	all := n.f.HDUs()
	for _, h := range all[offset:min(offset+limit, len(all))] {
		out = append(out, fitsHDU{h, false})
	}
	return out, nil
}

// fitsHDU is an HDU, with its cards as attributes and its columns below it; alone, a table of them follows.
type fitsHDU struct {
	h     *fits.HDU
	alone bool
}

func (n fitsHDU) Label() tree.Label {
	h := n.h
	l := tree.Label{Name: fmt.Sprint(h.Index), Attrs: len(h.Header.WithoutLayout()), Size: h.Bytes()}
	if h.Name() != "" {
		l.Name += " " + h.Name()
	}
	switch h.Kind {
	case fits.Table:
		columns, _ := h.Columns()
		l.Group, l.Children = !n.alone, len(columns)
		if n.alone {
			l.Children = 0
		}
		l.Detail = "table of " + plural(h.Rows(), "row")
	case fits.Image:
		l.Detail = "no data"
		if h.Len() > 0 {
			l.Detail = shapeText(h.Shape()) + " " + h.TypeName()
		}
	}
	if h.Err != nil {
		l.Problem = h.Err.Error()
	}
	return l
}

func (n fitsHDU) Attrs(limit int) (out []tree.Attr, err error) {
	cards := n.h.Header.WithoutLayout()
	for _, c := range cards[:min(limit, len(cards))] {
		a := tree.Attr{Name: c.Key, Type: "comment", Value: c.Comment}
		if c.Value != nil {
			a = tree.Attr{Name: c.Key, Type: fmt.Sprintf("%T", c.Value), Value: fmt.Sprint(c.Value)}
			if c.Comment != "" {
				a.Value += " / " + c.Comment
			}
		}
		out = append(out, a)
	}
	return out, nil
}

func (n fitsHDU) Children(offset, limit int) (out []tree.Node, err error) {
	columns, err := n.h.Columns()
	for _, c := range columns[min(offset, len(columns)):min(offset+limit, len(columns))] {
		out = append(out, fitsColumn{c})
	}
	return out, err
}

// fitsColumn is a column of a table in a tree.
type fitsColumn struct{ c *fits.Column }

func (n fitsColumn) Label() tree.Label {
	l := tree.Label{Name: n.c.Name, Detail: n.c.TypeName(), Note: n.c.Unit}
	if len(n.c.Shape) > 0 {
		l.Detail = shapeText(n.c.Shape) + " " + l.Detail
	}
	if n.c.Err != nil {
		l.Problem = n.c.Err.Error()
	}
	return l
}

func (n fitsColumn) Children(offset, limit int) ([]tree.Node, error) { return nil, nil }

// fitsRows is columns as a table.
type fitsRows struct {
	columns []*fits.Column
	rows    int
}

func (s fitsRows) Size() (rows, cols int) { return s.rows, len(s.columns) }

func (s fitsRows) Column(j int) table.Column {
	c := s.columns[j]
	l := fitsColumn{c}.Label()
	return table.Column{Name: c.Name, Type: l.Detail, Unit: c.Unit}
}

func (s fitsRows) Read(rows, cols table.Span) ([][]any, error) {
	out := make([][]any, rows.Len())
	for _, c := range s.columns[cols.From:cols.To] {
		v, err := c.Read(rows.From, rows.To)
		if err != nil {
			return nil, err
		}
		values := reflect.ValueOf(v)
		per := 1
		for _, n := range c.Shape {
			per *= n
		}
		bits := bitsOf(strings.ToUpper(c.Name), []string{"IVAR"}) // a FITS table with a MASK is one of spectra
		for i := range out {
			cell := values.Slice(i*per, (i+1)*per).Interface()
			if len(c.Shape) == 0 {
				cell = values.Index(i).Interface()
			}
			if n := reflect.ValueOf(cell); bits != nil && n.CanInt() {
				cell = bits(n.Int())
			}
			out[i] = append(out[i], cell)
		}
	}
	return out, nil
}

// fitsImage is an image as an array.
type fitsImage struct{ h *fits.HDU }

func (a fitsImage) Shape() []int { return a.h.Shape() }
func (a fitsImage) Type() string { return a.h.TypeName() }

// Block reads a run for each row of the block.
func (a fitsImage) Block(start, count []int) ([]any, error) {
	shape := a.h.Shape()
	last := len(shape) - 1
	index := slices.Clone(start)
	var out []any
	for {
		at := 0
		for k, n := range shape {
			at = at*n + index[k]
		}
		v, err := a.h.Read(at, count[last])
		if err != nil {
			return nil, err
		}
		for i := range count[last] {
			out = append(out, reflect.ValueOf(v).Index(i).Interface())
		}
		k := last - 1
		for ; k >= 0; k-- {
			if index[k]++; index[k] < start[k]+count[k] {
				break
			}
			index[k] = start[k]
		}
		if k < 0 {
			return out, nil
		}
	}
}

// fitsCards is a header as a table.
type fitsCards fits.Header

func (s fitsCards) Size() (rows, cols int) { return len(s), 2 }
func (s fitsCards) RowLabel(i int) string  { return s[i].Key }
func (s fitsCards) Summary() string        { return plural(len(s), "card") }
func (s fitsCards) Column(j int) table.Column {
	return table.Column{Name: []string{"value", "comment"}[j]}
}

func (s fitsCards) Read(rows, cols table.Span) (out [][]any, err error) {
	for _, c := range s[rows.From:rows.To] {
		value := any("")
		if c.Value != nil {
			value = c.Value
		}
		out = append(out, []any{value, c.Comment}[cols.From:cols.To])
	}
	return out, nil
}
