package h5view

import (
	"fmt"
	"math"
	"reflect"

	"gofive/display/table"
	"gofive/h5"
)

// meaning is what is known of numbers beside their type.
type meaning struct {
	unit  string
	fills []float64            // the numbers that mean: nothing was written, or there is no value
	named func(n int64) string // the name of a number, or the names of its bits; nil when they have none
}

// cell turns an element into what a table shows: enums and masks by their names, rows and arrays as text.
func (m meaning) cell(v any, t *h5.Datatype) any {
	n, whole := integer(v)
	switch {
	case m.isFill(v):
		return table.Fill{Value: v}
	case whole && m.named != nil:
		return m.named(n)
	}
	return cell(v, t)
}

// isFill reports whether v is a number that stands for no value.
func (m meaning) isFill(v any) bool {
	if len(m.fills) == 0 {
		return false
	}
	x, ok := float(v)
	return ok && m.fill(x, reflect.TypeOf(v).Kind() == reflect.Float32)
}

func (m meaning) fill(x float64, single bool) bool {
	for _, f := range m.fills {
		if x == f || single && float32(x) == float32(f) {
			return true
		}
	}
	return false
}

// withoutFill leaves the values out that are none.
func (m meaning) withoutFill(x []float64) []float64 {
	if len(m.fills) == 0 {
		return x
	}
	var out []float64
	for _, v := range x {
		if !m.fill(v, true) {
			out = append(out, v)
		}
	}
	return out
}

func float(v any) (float64, bool) {
	r := reflect.ValueOf(v)
	switch {
	case !r.IsValid():
		return 0, false
	case r.CanFloat():
		return r.Float(), true
	case r.CanInt():
		return float64(r.Int()), true
	case r.CanUint():
		return float64(r.Uint()), true
	}
	return 0, false
}

// integer gives a whole number; one beyond int64 keeps its bits.
func integer(v any) (int64, bool) {
	r := reflect.ValueOf(v)
	switch {
	case !r.IsValid():
		return 0, false
	case r.CanInt():
		return r.Int(), true
	case r.CanUint():
		return int64(r.Uint()), true
	}
	return 0, false
}

// meaningOf says what the attributes of a dataset tell of its numbers, and its fill value.
func meaningOf(d *h5.Dataset) meaning {
	attrs, _ := d.Attrs() // a dataset is shown without, when they cannot be read
	packing, _ := d.Packing()
	m := meaning{unit: markText(attrs, "units", "UNITS", "Units", "unit", "UNIT"), fills: packing.Fills, named: flags(attrs)}
	if m.named == nil {
		m.named = bitsOfDataset(d.Path())
	}
	return m
}

// addFill adds a number that is no value. A zero may be a value too, and NaN says by itself what it is.
func (m *meaning) addFill(v any) {
	if x, ok := float(v); ok && x != 0 && !math.IsNaN(x) {
		m.fills = append(m.fills, x)
	}
}

// member is what is known of a member of a compound: its unit, its fill value with those of its own
// members, and the names of its numbers.
type memberMeaning struct {
	unit  string
	fill  any
	named func(name string) func(n int64) string
}

// of gives the meaning of a column that the member takes.
func (m memberMeaning) of(l leaf) meaning {
	out := meaning{unit: m.unit, named: m.named(l.name)}
	fill := m.fill
	for _, name := range l.path {
		row, ok := fill.(h5.Row)
		if !ok {
			return out
		}
		fill = row.Get(name)
	}
	out.addFill(fill)
	return out
}

// meaningsOf says what the attributes of a dataset of rows tell of its columns, and its fill value.
func meaningsOf(d *h5.Dataset, members []h5.Member) []memberMeaning {
	attrs, _ := d.Attrs()
	names := d.Datatype().Names()
	fill, _ := d.FillValue()
	row, _ := fill.(h5.Row)
	list := markTexts(attrs, "units", "UNITS", "Units", "unit", "UNIT")
	out := make([]memberMeaning, len(members))
	for i, m := range members {
		out[i] = memberMeaning{fill: row.Get(m.Name), unit: markText(attrs, unitAttrs(i, m.Name)...)}
		if out[i].unit == "" && len(list) == len(members) {
			out[i].unit = list[i]
		}
		out[i].named = func(name string) func(int64) string { return bitsOf(name, names) }
	}
	return out
}

// unitAttrs are the attributes that hold the unit of column i: those of HDF5's table convention and of
// PyTables, which count from 0, FITS's, which counts from 1, and what people write by hand.
func unitAttrs(i int, name string) []string {
	return []string{fmt.Sprintf("FIELD_%d_UNITS", i), fmt.Sprintf("FIELD_%d_UNIT", i), fmt.Sprintf("TUNIT%d", i+1),
		name + "_units", name + "_UNITS", name + "_unit", name + ".units"}
}
