package plots

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"gofive/display"
)

// columnar is what a table holds.
type columnar struct{ columns []column }

// column is one column, as numbers if it is such.
type column struct {
	name    string
	values  any
	numbers []float64 // nil for what cannot be drawn
	why     string    // it cannot
}

func (c column) numeric() bool { return c.numbers != nil }

// named is a table in memory; its method Field(name) gives a column.
type named interface{ Names() []string }

// fielded is a table in a file; its method Table() reads it.
type fielded interface{ FieldNames() []string }

// compounds is an array whose elements may be rows; its method Table() makes a table of them.
type compounds interface{ IsCompound() bool }

// tableOf gives the columns of a table, nil for what is none. With wanted columns only these are read of a
// file, and those that may be an axis; the others are there without values.
func tableOf(v any, wanted []string) (*columnar, error) {
	if isNil(v) {
		return nil, nil
	}
	if x, ok := v.(fielded); ok && len(x.FieldNames()) > 0 {
		if wanted != nil {
			return readFields(v, x.FieldNames(), wanted)
		}
		return readTable(v)
	}
	if x, ok := v.(compounds); ok && x.IsCompound() {
		return readTable(v)
	}
	if r := reflect.ValueOf(v); r.Kind() == reflect.Map && r.Type().Key().Kind() == reflect.String {
		return ofMap(r), nil
	}
	x, ok := v.(named)
	if _, has, _ := callOne(v, "Field", ""); !ok || !has {
		return nil, nil
	}
	t := &columnar{}
	for _, name := range x.Names() {
		values, _, err := callOne(v, "Field", name)
		if err != nil {
			return nil, err
		}
		t.columns = append(t.columns, newColumn(name, values))
	}
	return t, nil
}

// readTable reads what has a method Table.
func readTable(v any) (*columnar, error) {
	t, has, err := callOne(v, "Table")
	if !has || err != nil {
		return nil, err
	}
	return tableOf(t, nil)
}

// readFields reads a few columns.
func readFields(v any, all, wanted []string) (*columnar, error) {
	t := &columnar{}
	for _, name := range all {
		if !slices.Contains(wanted, name) && !isAxisName(name) {
			t.columns = append(t.columns, column{name: name, why: "not wanted"})
			continue
		}
		values, _, err := callOne(v, "Field", name)
		if err != nil {
			return nil, err
		}
		t.columns = append(t.columns, newColumn(name, values))
	}
	return t, nil
}

// ofMap gives a map of slices as columns in the order of their names.
func ofMap(r reflect.Value) *columnar {
	t := &columnar{}
	for _, k := range r.MapKeys() {
		t.columns = append(t.columns, newColumn(k.String(), r.MapIndex(k).Interface()))
	}
	slices.SortFunc(t.columns, func(a, b column) int { return strings.Compare(a.name, b.name) })
	return t
}

func newColumn(name string, values any) column {
	c := column{name: name, values: values}
	if shape := shapeOf(values); len(shape) > 1 {
		c.why = fmt.Sprintf("%s values a row", display.Count(product(shape[1:])))
		return c
	}
	x, err := numbers("Of", name, values)
	if err != nil {
		c.why = "no numbers"
		return c
	}
	c.numbers = x
	return c
}

// callOne calls a method by its name, with what it takes besides left out, and gives its first result and
// its error. It is not there when v has no such method. Libraries return types of their own, so that no
// interface of ours fits.
func callOne(v any, name string, args ...any) (out any, has bool, err error) {
	if isNil(v) {
		return nil, false, nil
	}
	method := reflect.ValueOf(v).MethodByName(name)
	if !method.IsValid() || !takes(method.Type(), args) {
		return nil, false, nil
	}
	var in []reflect.Value
	for _, a := range args {
		in = append(in, reflect.ValueOf(a))
	}
	results := method.Call(in)
	if len(results) == 2 {
		err, _ = results[1].Interface().(error)
	}
	return results[0].Interface(), true, err
}

// takes reports whether a method can be called so, and gives a value, or a value and an error.
func takes(m reflect.Type, args []any) bool {
	fixed := m.NumIn()
	if m.IsVariadic() {
		fixed--
	}
	if len(args) < fixed || len(args) > fixed && !m.IsVariadic() {
		return false
	}
	for i, a := range args {
		want := m.In(min(i, m.NumIn()-1))
		if i >= fixed {
			want = want.Elem()
		}
		if !reflect.TypeOf(a).AssignableTo(want) {
			return false
		}
	}
	failure := reflect.TypeFor[error]()
	return m.NumOut() == 1 && m.Out(0) != failure || m.NumOut() == 2 && m.Out(1) == failure
}

// slice reads what is selected of a dataset or an array, all of it when nothing is; is tells whether v
// can be read so.
func slice(v any, sel ...any) (out any, is bool, err error) {
	if _, ok := v.(named); ok { // a table gives a table
		return nil, false, nil
	}
	if shapeOf(v) == nil {
		return nil, false, nil
	}
	return callOne(v, "Slice", sel...)
}

// maxLines is how many columns are drawn.
const maxLines = 40

// ofTable draws the columns of a table as lines.
func (f *Figure) ofTable(t *columnar) *Figure {
	x, drawn := f.chosen(t)
	if len(drawn) == 0 {
		return f.ofTexts(t)
	}
	if len(drawn) > maxLines {
		f.note("the first %d of %d columns", maxLines, len(drawn))
		drawn = drawn[:maxLines]
	}
	if f.x.label == "" {
		f.x.label = "row"
		if x != nil {
			f.x.label = x.name
		}
	}
	for _, c := range drawn {
		if x == nil {
			f.Line(c.numbers)
		} else {
			f.Line(x.numbers, c.numbers)
		}
		f.Name(c.name)
	}
	if len(drawn) == 1 && f.y.label == "" {
		f.Name("").y.label = drawn[0].name
	}
	return f
}

// chosen gives the column of the x axis, nil for the number of the row, and those that are drawn over it.
func (f *Figure) chosen(t *columnar) (x *column, drawn []column) {
	x = t.axis(f)
	var left []string
	for _, c := range t.columns {
		wanted := slices.Contains(f.picked, c.name)
		switch {
		case f.picked != nil && !wanted, x != nil && c.name == x.name && !wanted:
		case !c.numeric():
			left = append(left, c.name+" ("+c.why+")")
		default:
			drawn = append(drawn, c)
		}
	}
	for _, name := range f.picked {
		if t.find(name) == nil {
			f.fail(fmt.Errorf("plots: Of: there is no column %q; there are %s", name, t.names()))
		}
	}
	if len(left) > 0 && len(drawn) > 0 {
		f.note("not drawn: %s", shortList(left))
	}
	return x, drawn
}

// shortList names a few of many things.
func shortList(names []string) string {
	if more := len(names) - 8; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:8], ", "), more)
	}
	return strings.Join(names, ", ")
}

func (t *columnar) find(name string) *column {
	for i, c := range t.columns {
		if c.name == name {
			return &t.columns[i]
		}
	}
	return nil
}

func (t *columnar) names() string {
	var out []string
	for _, c := range t.columns {
		out = append(out, c.name)
	}
	return shortList(out)
}

// axisNames are how columns are named that the others are drawn over.
var axisNames = []string{"wave", "wavelength", "lambda", "loglam", "time", "t", "x", "frequency", "freq", "energy", "date", "mjd", "phase", "depth", "distance", "radius", "r", "angle", "temperature"}

func isAxisName(name string) bool { return slices.Contains(axisNames, strings.ToLower(name)) }

// axis is the column that the user wants as x, or else the first that rises and has the name of an axis.
func (t *columnar) axis(f *Figure) *column {
	if f.xColumn != nil {
		c := t.find(*f.xColumn)
		if *f.xColumn != "" && (c == nil || !c.numeric()) {
			f.fail(fmt.Errorf("plots: Of: there is no column %q of numbers; there are %s", *f.xColumn, t.names()))
			return nil
		}
		return c
	}
	for i, c := range t.columns {
		if c.numeric() && isAxisName(c.name) && rises(c.numbers) && !cumulated(c.numbers) {
			return &t.columns[i]
		}
	}
	return nil
}

// rises reports whether each number is greater than the one before.
func rises(x []float64) bool {
	for i, v := range x {
		if !finite(v) || i > 0 && v <= x[i-1] {
			return false
		}
	}
	return len(x) > 1
}

// cumulated reports whether numbers that rise look like the running sum of such an axis, which is no axis
// any more: its steps are the numbers of the axis, so they begin a little above the first number and rise.
func cumulated(x []float64) bool {
	if len(x) < 3 || x[0] <= 0 {
		return false
	}
	first := x[1] - x[0]
	return first > x[0] && first < 2*x[0] && x[len(x)-1]-x[len(x)-2] > first
}

// ofTexts counts the texts of the first column, for a table without numbers.
func (f *Figure) ofTexts(t *columnar) *Figure {
	for _, c := range t.columns {
		if texts, ok := textsOf(c.values); ok && (f.picked == nil || slices.Contains(f.picked, c.name)) {
			if f.y.label == "" {
				f.y.label = c.name
			}
			return f.countText(texts)
		}
	}
	return f.fail(fmt.Errorf("plots: Of: the table has no column of numbers or texts; it has %s", t.names()))
}
