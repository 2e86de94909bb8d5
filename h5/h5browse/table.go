package h5browse

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"gofive/h5"
)

// How much of a table is told at once, and how long one may be that is put in another order.
const (
	mostRows     = 10_000
	usualRows    = 200
	usualColumns = 50
	mostColumns  = 1000
	mostSorted   = 10_000_000
)

// tabular is a dataset as rows and columns.
type tabular struct {
	d     *h5.Dataset
	axes  []h5.Interval
	row   int // the axis of rows
	col   int // the axis of columns, -1 for none
	names []string
	total int // columns
}

// newTabular looks at a dataset as a table.
func newTabular(d *h5.Dataset, sel string) (*tabular, error) {
	axes, err := axesOf(d, sel)
	if err != nil {
		return nil, err
	}
	t := &tabular{d: d, axes: axes, row: -1, col: -1, names: d.FieldNames()}
	open := openAxes(axes)
	switch {
	case len(axes) == 0 && t.names == nil:
		t.names = []string{"value"}
	case len(open) == 2 && t.names == nil:
		t.row, t.col = open[0], open[1]
		t.total = count1(axes[t.col])
		for j := range min(t.total, mostColumns) {
			t.names = append(t.names, strconv.Itoa(axes[t.col].Lo+j*axes[t.col].Step))
		}
		return t, nil
	case len(open) == 1:
		t.row = open[0]
		if t.names == nil {
			t.names = []string{"value"}
		}
	case len(axes) > 0:
		return nil, &failure{Kind: "bad-request", Message: fmt.Sprintf("%d axes are left", len(open)), Hint: "select one place of the others", Path: d.Path()}
	}
	t.total = len(t.names)
	return t, nil
}

// count1 is how many places an interval has.
func count1(i h5.Interval) int { return (i.Hi - i.Lo + i.Step - 1) / i.Step }

// rows is how many rows there are.
func (t *tabular) rows() int {
	if t.row < 0 {
		return 1
	}
	return count1(t.axes[t.row])
}

// selection selects rows, given as an interval or a list of places, and places of the columns' axis.
func (t *tabular) selection(rows, columns any) []any {
	var sel []any
	for k, a := range t.axes {
		switch k {
		case t.row:
			sel = append(sel, rows)
		case t.col:
			sel = append(sel, columns)
		default:
			sel = append(sel, a.Lo)
		}
	}
	return sel
}

// interval is that of rows from one to before another.
func (t *tabular) interval(from, to int) h5.Interval {
	if t.row < 0 {
		return h5.Interval{}
	}
	a := t.axes[t.row]
	return h5.Range(a.Lo+from*a.Step, min(a.Lo+to*a.Step, a.Hi), a.Step)
}

// places turns numbers of rows into places of the axis.
func (t *tabular) places(rows []int) []int {
	if t.row < 0 {
		return rows
	}
	out := make([]int, len(rows))
	for i, r := range rows {
		out[i] = t.axes[t.row].Lo + r*t.axes[t.row].Step
	}
	return out
}

// read reads columns, by their numbers, of some rows.
func (t *tabular) read(columns []int, rows any) ([]*h5.Array, error) {
	if len(columns) == 0 {
		return nil, nil
	}
	if t.col >= 0 {
		return t.readGrid(columns, rows)
	}
	if t.d.FieldNames() == nil {
		a, err := t.d.Slice(t.selection(rows, nil)...)
		return []*h5.Array{a}, err
	}
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = t.names[c]
	}
	table, err := t.d.Table(append([]any{h5.Columns(names...)}, t.selection(rows, nil)...)...)
	if err != nil {
		return nil, err
	}
	var out []*h5.Array
	for _, c := range table.Columns() {
		out = append(out, c.Array)
	}
	return out, nil
}

// readGrid reads columns of a dataset of two axes, all at once.
func (t *tabular) readGrid(columns []int, rows any) ([]*h5.Array, error) {
	a := t.axes[t.col]
	first, last := slices.Min(columns), slices.Max(columns)
	block, err := t.d.Slice(t.selection(rows, h5.Range(a.Lo+first*a.Step, min(a.Lo+(last+1)*a.Step, a.Hi), a.Step))...)
	if err != nil {
		return nil, err
	}
	var out []*h5.Array
	for _, c := range columns {
		one, err := block.Slice(":", c-first)
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, nil
}

// chosen gives the numbers of the columns that a request names.
func (t *tabular) chosen(c columns) ([]int, error) {
	from, to := 0, min(usualColumns, t.total)
	if c.span != "" {
		var err error
		if from, to, err = span(c.span, t.total); err != nil {
			return nil, err
		}
	}
	var out []int
	for i := from; i < to && c.names == nil; i++ {
		out = append(out, i)
	}
	for _, name := range c.names {
		i := slices.Index(t.names, name)
		if i < 0 {
			return nil, &failure{Kind: "not-found", Message: fmt.Sprintf("there is no column %q", cutText(name, 200)), Path: t.d.Path()}
		}
		out = append(out, i)
	}
	if len(out) > mostColumns {
		return nil, &failure{Kind: "too-large", Message: fmt.Sprintf("%d columns", len(out)), Max: mostColumns}
	}
	return out, nil
}

// span reads "0:200", within n.
func span(text string, n int) (from, to int, err error) {
	a, b, ok := strings.Cut(text, ":")
	from, errA := strconv.Atoi(strings.TrimSpace(a))
	to, errB := strconv.Atoi(strings.TrimSpace(b))
	if !ok || errA != nil || errB != nil || from < 0 || to < from {
		return 0, 0, badRequest("%q is no range such as 0:200", cutText(text, 100))
	}
	return min(from, n), min(to, n), nil
}

// table gives rows of some columns.
func table(ctx context.Context, l *call) (answer, error) {
	r := l.request
	d, err := l.dataset()
	if err != nil {
		return answer{}, err
	}
	defer d.Close()
	t, err := newTabular(d, r.Sel)
	if err != nil {
		return answer{}, err
	}
	shown, err := t.chosen(r.Columns)
	if err != nil {
		return answer{}, err
	}
	seen, err := l.lens(d, "")
	if err != nil {
		return answer{}, err
	}
	total := t.rows()
	var order []int
	if r.Sort != "" || r.Filter != "" {
		if order, err = l.comm.browser.orders.of(ctx, t, r); err != nil {
			return answer{}, err
		}
		total = len(order)
	}
	rows := r.Rows
	if rows == "" {
		rows = "0:" + strconv.Itoa(usualRows)
	}
	from, to, err := span(rows, total)
	if err != nil {
		return answer{}, err
	}
	if to-from > mostRows {
		return answer{}, &failure{Kind: "too-large", Message: fmt.Sprintf("%d rows", to-from), Max: mostRows}
	}
	where := any(t.interval(from, to))
	if order != nil {
		where = t.places(order[from:to])
	}
	a := answer{fields: map[string]any{"total": total, "from": from, "count": to - from, "ncolumns": t.total, "names": t.names[:min(len(t.names), mostColumns)]}}
	list := []map[string]any{}
	if to > from {
		arrays, err := t.read(shown, where)
		if err != nil {
			return answer{}, err
		}
		for i, c := range shown {
			item, err := a.column(t.nameOf(c), arrays[i], seen)
			if err != nil {
				return answer{}, err
			}
			list = append(list, item)
		}
	}
	a.fields["columns"] = list
	return a, nil
}

// nameOf is the name of a column by its number.
func (t *tabular) nameOf(c int) string {
	if c < len(t.names) {
		return t.names[c]
	}
	return strconv.Itoa(t.axes[t.col].Lo + c*t.axes[t.col].Step)
}

// column adds a column to the answer: a buffer, or texts. Packed numbers are as they are meant.
func (a *answer) column(name string, x *h5.Array, seen lens) (map[string]any, error) {
	item := map[string]any{"name": name}
	if seen.packed() {
		meant, err := seen.float64s(x)
		item["dtype"], item["buffer"] = "<f8", len(a.buffers)
		a.buffers = append(a.buffers, numbers(name, "<f8", meant, len(meant)))
		return item, err
	}
	if b, ok := encode(name, x); ok {
		item["dtype"], item["buffer"] = b.Dtype, len(a.buffers)
		if names := enumNames(x.Datatype()); names != nil {
			item["names"] = names
		}
		a.buffers = append(a.buffers, b)
		return item, nil
	}
	list, err := rowTexts(x)
	item["dtype"], item["strings"] = "string", list
	if t := x.Datatype(); t != nil && t.Kind() != h5.TypeString {
		item["dtype"] = cutText(t.String(), mostText/4)
	}
	return item, err
}

// rowTexts gives a text for each row.
func rowTexts(x *h5.Array) ([]string, error) {
	if len(x.Shape()) <= 1 {
		return texts(x)
	}
	out := []string{}
	for i := range x.Shape()[0] {
		one, err := x.Slice(i)
		if err != nil {
			return nil, err
		}
		out = append(out, cutText(one.String(), mostText))
	}
	return out, nil
}

// orders are the orders of tables that were asked for last.
type orders struct {
	mu   sync.Mutex
	kept []order
}

// order is the numbers of rows as a filter and a sorting leave them.
type order struct {
	key  orderKey
	rows []int
}

type orderKey struct {
	of                      mark
	path, sel, sort, filter string
}

const mostOrders = 4

// of gives the rows of a table that a request wants, in its order.
func (o *orders) of(ctx context.Context, t *tabular, r *request) ([]int, error) {
	key := orderKey{markOf(t.d.File()), t.d.Path(), r.Sel, r.Sort, r.Filter}
	o.mu.Lock()
	for _, k := range o.kept {
		if k.key == key {
			o.mu.Unlock()
			return k.rows, nil
		}
	}
	o.mu.Unlock()
	rows, err := t.ordered(ctx, r)
	if err != nil || changing(t.d.File()) {
		return rows, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.kept = append(o.kept, order{key, rows})
	o.kept = o.kept[max(0, len(o.kept)-mostOrders):]
	return rows, nil
}

// rowNumber is the column that tells where a row was.
const rowNumber = "gofive row number"

// ordered filters and sorts; of the columns only those are read that are named.
func (t *tabular) ordered(ctx context.Context, r *request) ([]int, error) {
	n := t.rows()
	if n > mostSorted {
		return nil, &failure{Kind: "too-large", Message: fmt.Sprintf("%d rows are too many to be sorted or filtered here", n), Hint: "do it in a cell", Max: mostSorted}
	}
	var used []int
	for i, name := range t.names {
		if strings.Contains(r.Sort, name) || strings.Contains(r.Filter, name) {
			used = append(used, i)
		}
	}
	if len(used) == 0 {
		return nil, badRequest("sort and filter name no column of the table")
	}
	arrays, err := t.read(used, t.interval(0, n))
	if err != nil {
		return nil, err
	}
	numbers := make([]int64, n)
	for i := range numbers {
		numbers[i] = int64(i)
	}
	parts := []any{rowNumber, numbers}
	for i, c := range used {
		parts = append(parts, t.names[c], arrays[i])
	}
	table, err := h5.NewTable(parts...)
	if err == nil && r.Filter != "" {
		table, err = table.Query(r.Filter)
	}
	if err == nil && ctx.Err() != nil {
		err = ctx.Err()
	}
	if err == nil && r.Sort != "" {
		var by []string
		for _, s := range strings.Split(r.Sort, ",") {
			by = append(by, strings.TrimSpace(s))
		}
		table, err = table.Sort(by...)
	}
	if err != nil {
		return nil, err
	}
	c, err := table.Column(rowNumber)
	if err != nil {
		return nil, err
	}
	return c.Ints()
}

// clear forgets all.
func (k *orders) clear() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.kept = nil
}
