package h5view

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"gofive/display"
	"gofive/h5"
)

// pytables is PyTables, and pandas, which keeps its frames in PyTables' files. See
// https://www.pytables.org/usersguide/file_format.html; pandas describes its layouts nowhere but in its
// module pandas.io.pytables.
type pytables struct{}

func (pytables) detect(s *site) string {
	version := markText(s.attrs, "PYTABLES_FORMAT_VERSION")
	if version == "" {
		return ""
	}
	for _, e := range s.members() {
		if markText(e.Info.Attributes, "pandas_type") != "" {
			return "pandas in PyTables " + version
		}
	}
	return "PyTables " + version
}

// classes are the values of CLASS and what PyTables calls them.
var classes = map[string]string{"TABLE": "table", "EARRAY": "growing array", "CARRAY": "chunked array", "VLARRAY": "lists", "ARRAY": "array", "INDEX": "index", "UNIMPLEMENTED": ""}

// inside are the names of indexes, and of the parts of a frame of pandas.
var inside = regexp.MustCompile(`^(_i_.*|_p_.*|axis\d+|axis\d+_(level|label)\d+|block\d+_(items|values))$`)

func (pytables) role(n *node) (string, bool) {
	if inside.MatchString(n.entry.Name) && !n.top() {
		return "internal", true
	}
	switch kind := markText(n.attributes(), "pandas_type"); kind {
	case "":
	case "frame", "frame_table":
		return "DataFrame", false
	case "series", "series_table":
		return "Series", false
	default:
		return "pandas " + kind, false
	}
	return classes[markText(n.attributes(), "CLASS")], false
}

// bookkeeping are the attributes that hold nothing for a reader.
var bookkeeping = regexp.MustCompile(`^(CLASS|VERSION|FLAVOR|NROWS|EXTDIM|PSEUDOATOM|PYTABLES_FORMAT_VERSION|FIELD_\d+_(NAME|FILL|ATTR)|pandas_(type|version)|encoding|errors|nan_rep|axis\d+_variety|block\d+_items_variety|ndim|nblocks|levels|metadata|non_index_axes|index_cols|values_cols|data_columns|table_type|info|value_type|transposed|shape|kind|name|index_class|freq|tz)$`)

func (pytables) quiet(n *node, name string) bool {
	if name == "TITLE" {
		return markText(n.attributes(), name) == ""
	}
	return bookkeeping.MatchString(name)
}

func (c pytables) show(o h5.Object, x *exhibit) error {
	g, ok := o.(folder)
	if !ok {
		return nil
	}
	attrs, err := g.Attrs()
	if err != nil {
		return err
	}
	switch kind := markText(attrs, "pandas_type"); kind {
	case "frame":
		return c.fixedFrame(g, x)
	case "series":
		return c.series(g, x)
	case "frame_table", "series_table":
		return c.frameTable(g, x)
	}
	return nil
}

// columns are the columns of a table that is put together.
type columns struct {
	args  []any // name, values, name, values ...
	names map[string]bool
}

// mostRows and mostColumns are how much of a table that lies in several datasets is put together.
const (
	mostRows    = 100_000
	mostColumns = 400
)

// add adds a column. A second one of a name gets a number behind it.
func (c *columns) add(name string, values any) {
	if c.names == nil {
		c.names = map[string]bool{}
	}
	for base, k := name, 2; c.names[name]; k++ {
		name = fmt.Sprint(base, " (", k, ")")
	}
	c.names[name] = true
	c.args = append(c.args, name, values)
}

// show adds the columns as a table.
func (c *columns) show(caption string, x *exhibit) error {
	if len(c.args) == 0 {
		return nil
	}
	t, err := h5.NewTable(c.args...)
	if err != nil {
		return err
	}
	x.table(caption, ofTable(t))
	if t.NumRows() == mostRows {
		x.note("only the first " + display.Count(mostRows) + " rows were looked at")
	}
	if t.NumColumns() > mostColumns {
		x.note("only the first " + display.Count(mostColumns) + " columns were looked at")
	}
	return nil
}

// head reads the first rows of a dataset, mostRows of them.
func head(g folder, name string) (*h5.Array, error) {
	d, err := g.Dataset(name)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	info, err := d.Info()
	if err == nil {
		err = showable(info)
	}
	if err != nil {
		return nil, err
	}
	if len(info.Shape) == 0 {
		return d.Slice()
	}
	if rest := info.Shape.Len() / max(1, info.Shape[0]); rest > mostColumns && len(info.Shape) > 1 {
		return d.Slice(h5.Range(0, min(info.Shape[0], mostRows)), h5.Range(0, min(info.Shape[1], mostColumns)))
	}
	return d.Slice(h5.Range(0, min(info.Shape[0], mostRows)))
}

// labels reads names of rows or columns; moments in time as such.
func (pytables) labels(g folder, name string) (any, error) {
	a, err := head(g, name)
	if err != nil {
		return nil, err
	}
	d, err := g.Dataset(name)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	attrs, _ := d.Attrs()
	if strings.HasPrefix(markText(attrs, "kind"), "datetime") {
		if ns, err := a.Int64s(); err == nil {
			return moments(ns), nil
		}
	}
	return a, nil
}

// moments gives nanoseconds since 1970 as texts, without the time of day when all are midnights.
func moments(ns []int64) []string {
	form := time.DateOnly
	for _, n := range ns {
		if n%int64(24*time.Hour) != 0 {
			form = "2006-01-02 15:04:05.999999999"
		}
	}
	out := make([]string, len(ns))
	for i, n := range ns {
		out[i] = time.Unix(0, n).UTC().Format(form)
	}
	return out
}

// fixedFrame shows a frame that was stored by blocks of columns of one type.
func (c pytables) fixedFrame(g folder, x *exhibit) error {
	index, err := c.labels(g, "axis1")
	if err != nil {
		return err
	}
	order, err := head(g, "axis0")
	if err != nil {
		return err
	}
	values := map[string]*h5.Array{}
	for b := 0; b < mostColumns; b++ {
		items := fmt.Sprintf("block%d_items", b)
		if ok, err := g.Has(items); err != nil || !ok {
			break
		}
		if err := c.block(g, b, items, values); err != nil {
			return err
		}
	}
	var out columns
	out.add("index", index)
	for _, name := range printed(order) {
		if a := values[name]; a != nil {
			out.add(name, a)
		}
	}
	return out.show("data frame", x)
}

// block reads the columns of a block. One of mixed objects is a pickle, which nobody should open.
func (pytables) block(g folder, b int, items string, values map[string]*h5.Array) error {
	names, err := head(g, items)
	if err != nil {
		return err
	}
	a, err := head(g, fmt.Sprintf("block%d_values", b))
	if err != nil {
		return err
	}
	for k, name := range printed(names) {
		if len(a.Shape()) != 2 || k >= a.Shape()[1] {
			continue
		}
		if values[name], err = a.Slice(":", k); err != nil {
			return err
		}
	}
	return nil
}

// printed gives the elements of an array of one axis as texts.
func printed(a *h5.Array) []string {
	if s, err := a.Strings(); err == nil {
		return s
	}
	var out []string
	for i := range a.Len() {
		v, err := a.At(i)
		if err != nil {
			break
		}
		out = append(out, fmt.Sprint(v))
	}
	return out
}

// series shows a series that was stored as two arrays.
func (c pytables) series(g folder, x *exhibit) error {
	index, err := c.labels(g, "index")
	if err != nil {
		return err
	}
	values, err := head(g, "values")
	if err != nil {
		return err
	}
	var out columns
	out.add("index", index)
	out.add("values", values)
	return out.show("series", x)
}

// frameTable shows a frame that was stored as rows: an index, columns by themselves, and blocks of
// columns whose names are in a pickle.
func (c pytables) frameTable(g folder, x *exhibit) error {
	d, err := g.Dataset("table")
	if err != nil {
		return err
	}
	defer d.Close()
	n := min(d.Len(), mostRows)
	if len(d.Shape()) != 1 {
		return errors.New("its table is not one of rows")
	}
	t, err := d.Table(h5.Range(0, n))
	if err != nil {
		return err
	}
	attrs, _ := d.Attrs()
	var out columns
	for _, col := range t.Columns() {
		c.tableColumn(&out, col, attrs)
	}
	return out.show("data frame", x)
}

// tableColumn adds what a column of a stored table stands for.
func (c pytables) tableColumn(out *columns, col *h5.Column, attrs h5.Attributes) {
	name := col.Name()
	if kind := markText(attrs, name+"_kind"); strings.HasPrefix(kind, "datetime") {
		if ns, err := col.Int64s(); err == nil {
			out.add(name, moments(ns))
			return
		}
	}
	shape := col.Shape()
	if !strings.HasPrefix(name, "values_block_") || len(shape) != 2 {
		out.add(name, col.Array)
		return
	}
	names := pickledNames(markRaw(attrs, name+"_kind"))
	for k := range min(shape[1], mostColumns) {
		part, err := col.Slice(":", k)
		if err != nil {
			return
		}
		if len(names) == shape[1] {
			out.add(names[k], part)
		} else {
			out.add(fmt.Sprint(name, "[", k, "]"), part)
		}
	}
}

// markRaw gives an attribute of text as it is stored.
func markRaw(list h5.Attributes, name string) string {
	a := mark(list, name)
	if a == nil {
		return ""
	}
	s, err := a.Text()
	if err != nil {
		return ""
	}
	return s
}

// pickledName is a text in a pickle of protocol 0: S'name' or Vname at the begin of a line, behind
// the marks of a list.
var pickledName = regexp.MustCompile(`(?m)^(?:\(lp\d+\n|a|\(l)*(?:S'([^'\n]*)'|V([^\n]*))$`)

// pickledNames finds the texts of a pickled list without running it, as opening a pickle would.
func pickledNames(pickle string) []string {
	var out []string
	for _, m := range pickledName.FindAllStringSubmatch(pickle, -1) {
		out = append(out, first(m[1], m[2]))
	}
	return slices.Clip(out)
}
