package boss

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"

	"gofive/h5"
	"gofive/h5/fits"
)

// rows is a catalog in memory: columns that know how a file has them, so that texts keep their width.
type rows struct {
	n       int
	columns []column
}

type column struct {
	name   string
	values *h5.Array
	typ    *h5.Datatype
}

// rowsOf gives a table as rows.
func rowsOf(t *h5.Table) *rows {
	r := &rows{n: t.NumRows()}
	members := t.Array().Datatype().Members()
	for i, c := range t.Columns() {
		r.columns = append(r.columns, column{c.Name(), c.Array, members[i].Type.LittleEndian()})
	}
	return r
}

// readRows reads a dataset of compounds.
func readRows(d *h5.Dataset, sel ...any) (*rows, error) {
	t, err := d.Table(sel...)
	if err != nil {
		return nil, err
	}
	r := rowsOf(t)
	for i, m := range d.Datatype().Members() {
		r.columns[i].typ = m.Type
	}
	return r, nil
}

// fitsRows reads rows from (included) to to (excluded) of a FITS table.
func fitsRows(h *fits.HDU, from, to int) (*rows, error) {
	columns, err := h.Columns()
	if err != nil {
		return nil, err
	}
	r := &rows{n: to - from}
	for _, c := range columns {
		values, typ, err := fitsColumn(c, from, to)
		if err != nil {
			return nil, err
		}
		r.columns = append(r.columns, column{strings.ToUpper(c.Name), values, typ})
	}
	return r, nil
}

func fitsColumn(c *fits.Column, from, to int) (*h5.Array, *h5.Datatype, error) {
	v, err := c.Read(from, to)
	if err != nil {
		return nil, nil, err
	}
	a, err := h5.NewArray(v)
	if err == nil && len(c.Shape) > 0 {
		a, err = a.Reshape(append([]int{to - from}, c.Shape...)...)
	}
	if err != nil {
		return nil, nil, err
	}
	typ := a.Datatype()
	if typ.Kind() == h5.TypeString {
		typ = h5.FixedASCII(textWidth(c, a))
	}
	if len(c.Shape) > 0 {
		typ = h5.ArrayOf(typ, c.Shape...)
	}
	return a, typ, nil
}

// textWidth is how many bytes a text of a column takes: what TFORM says of one without a shape.
func textWidth(c *fits.Column, a *h5.Array) int {
	var width int
	if _, err := fmt.Sscanf(c.Format, "%dA", &width); err != nil || len(c.Shape) > 0 {
		width = longest(a)
	}
	return max(width, 1)
}

func longest(a *h5.Array) (n int) {
	texts, _ := a.Raw().([]string)
	for _, s := range texts {
		n = max(n, len(s))
	}
	return n
}

// table gives the rows for use.
func (r *rows) table() (*h5.Table, error) {
	var args []any
	for _, c := range r.columns {
		args = append(args, c.name, c.values)
	}
	return h5.NewTable(args...)
}

// datatype is that of a row in a file.
func (r *rows) datatype() *h5.Datatype {
	var members []h5.Member
	for _, c := range r.columns {
		members = append(members, h5.Member{Name: c.name, Type: c.typ})
	}
	return h5.Compound(members...)
}

// column finds a column by its name, in any case; nil when there is none.
func (r *rows) column(name string) *column {
	for i := range r.columns {
		if strings.EqualFold(r.columns[i].name, name) {
			return &r.columns[i]
		}
	}
	return nil
}

// ints gives a column of whole numbers, nil when there is none.
func (r *rows) ints(name string) []int {
	c := r.column(name)
	if c == nil {
		return nil
	}
	n, err := c.values.Ints()
	if err != nil {
		return nil
	}
	return n
}

func (r *rows) names() (out []string) {
	for _, c := range r.columns {
		out = append(out, c.name)
	}
	return out
}

// take gives some rows, in the order of places.
func (r *rows) take(places []int) (*rows, error) {
	out := &rows{n: len(places)}
	for _, c := range r.columns {
		values, err := c.values.Slice(places)
		if err != nil {
			return nil, err
		}
		out.columns = append(out.columns, column{c.name, values, c.typ})
	}
	return out, nil
}

// ofFibers gives the rows of some fibers by the column FIBERID; without one, none.
func (r *rows) ofFibers(want map[int]bool) (*rows, error) {
	var places []int
	for i, fiber := range r.ints("FIBERID") {
		if want[fiber] {
			places = append(places, i)
		}
	}
	return r.take(places)
}

// of gives the rows with the columns PLATE and MJD, which plugmap and photo have not.
func (r *rows) of(n night) *rows {
	out := &rows{n: r.n}
	for _, c := range []struct {
		name  string
		value int
	}{{"PLATE", n.plate}, {"MJD", n.mjd}} {
		if r.column(c.name) == nil {
			out.columns = append(out.columns, intColumn(c.name, slices.Repeat([]int32{int32(c.value)}, r.n)))
		}
	}
	out.columns = append(out.columns, r.columns...)
	return out
}

func intColumn(name string, values []int32) column {
	a, err := h5.NewArray(values)
	if err != nil {
		panic(err) // a slice of int32 is an array
	}
	return column{name, a, h5.Int32}
}

// merge puts rows behind one another. A column that some lack is NaN, 0 or "" there.
func merge(all []*rows) (*rows, error) {
	if len(all) == 1 {
		return all[0], nil
	}
	out := &rows{}
	parts := map[string][]any{}
	for _, r := range all {
		for _, c := range r.columns {
			if out.column(c.name) == nil {
				out.columns = append(out.columns, column{c.name, c.values, c.typ})
			}
		}
		out.n += r.n
	}
	for i := range out.columns {
		c := &out.columns[i]
		for _, r := range all {
			part, err := r.orMissing(c)
			if err != nil {
				return nil, fmt.Errorf("column %s: %w", c.name, err)
			}
			parts[c.name] = append(parts[c.name], part)
		}
		values, err := h5.Concat(0, parts[c.name]...)
		if err != nil {
			return nil, fmt.Errorf("column %s: %w", c.name, err)
		}
		c.typ = joint(c.typ, values)
		c.values = values
	}
	return out, nil
}

// orMissing gives a column like c, made of nothing where r has none. The type of c grows to hold it.
func (r *rows) orMissing(c *column) (*h5.Array, error) {
	if mine := r.column(c.name); mine != nil {
		c.typ = wider(c.typ, mine.typ)
		return mine.values, nil
	}
	shape := slices.Clone([]int(c.values.Shape()))
	shape[0] = r.n
	return missing(c.values, shape)
}

// missing makes an array of the type of like, of NaN, 0 or "".
func missing(like *h5.Array, shape []int) (*h5.Array, error) {
	n := 1
	for _, axis := range shape {
		n *= axis
	}
	v := reflect.MakeSlice(reflect.TypeOf(like.Raw()), n, n)
	for i := range n {
		if k := v.Index(i).Kind(); k == reflect.Float32 || k == reflect.Float64 {
			v.Index(i).SetFloat(math.NaN())
		}
	}
	a, err := h5.NewArray(v.Interface())
	if err != nil {
		return nil, err
	}
	return a.Reshape(shape...)
}

// wider is the longer of two types of text; of others the first.
func wider(a, b *h5.Datatype) *h5.Datatype {
	if a.Kind() == h5.TypeString && b.Kind() == h5.TypeString && !a.IsVariable() && b.Size() > a.Size() {
		return b
	}
	return a
}

// joint is how a file has values that were of type typ before they were put together with others.
func joint(typ *h5.Datatype, values *h5.Array) *h5.Datatype {
	elem := typ
	if typ.Kind() == h5.TypeArray {
		elem = typ.Elem()
	}
	if elem.Kind() == h5.TypeString {
		if elem.IsVariable() || longest(values) <= elem.Size() {
			return typ
		}
		elem = h5.FixedASCII(longest(values))
	} else if t := values.Datatype(); !t.LittleEndian().Equal(elem.LittleEndian()) {
		elem = t.LittleEndian()
	} else {
		return typ
	}
	if dims := values.Shape()[1:]; len(dims) > 0 {
		return h5.ArrayOf(elem, dims...)
	}
	return elem
}

// fromFITS renames the columns of a FITS spectrum and puts them in the order of names.
func (r *rows) fromFITS(names []string) (*rows, error) {
	out := &rows{n: r.n}
	for i := range r.columns {
		switch c := &r.columns[i]; c.name {
		case "LOGLAM":
			c.name = "WAVE"
		case "WDISP":
			c.name = "WAVEDISP"
		}
	}
	for _, name := range names {
		c := r.column(name)
		if c == nil {
			return nil, fmt.Errorf("the table has no column for %s", name)
		}
		out.columns = append(out.columns, *c)
	}
	for _, c := range r.columns {
		if !slices.Contains(names, c.name) {
			out.columns = append(out.columns, c)
		}
	}
	return out, nil
}
