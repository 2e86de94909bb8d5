package h5view

import (
	"errors"
	"strings"

	"gofive/display"
	"gofive/display/table"
	"gofive/h5"
)

// sheet is rows of named columns as table.Source: those of a table in memory, or of a dataset of which
// only the fields and rows that are shown are read. A compound among the columns takes a column for each
// of its members.
type sheet struct {
	rows    int
	columns []leaf
	// read gives columns of the table, by their places, from row lo on every step-th one below hi.
	read func(places []int, lo, hi, step int) ([]*h5.Array, error)
	// sampled is how many rows histograms are made of: the first ones, or every so manieth.
	sampled int
	spread  bool
}

// leaf is a column that is shown: column place of the table, or a member of it.
type leaf struct {
	place int
	path  []string // of the member; none for the column itself
	name  string
	typ   *h5.Datatype
	shape h5.Shape // of each cell, when it is an array
	meaning
}

// maxLeaves bounds what members of members can make of one table.
const maxLeaves = 10_000

// leaves gives the columns that a column takes: itself, or its members.
func leaves(place int, path []string, name string, t *h5.Datatype) []leaf {
	if t.Kind() != h5.TypeCompound {
		return []leaf{{place: place, path: path, name: name, typ: t}}
	}
	var out []leaf
	for _, m := range t.Members() {
		out = append(out, leaves(place, append(path[:len(path):len(path)], m.Name), name+"."+m.Name, m.Type)...)
		if len(out) > maxLeaves {
			break
		}
	}
	return out
}

func (s sheet) Size() (rows, cols int) { return s.rows, len(s.columns) }

func (s sheet) Column(j int) table.Column {
	l := s.columns[j]
	text := headType(l.typ)
	if l.shape != nil {
		text = shapeText(l.shape) + " " + text
	}
	return table.Column{Name: l.name, Type: text, Unit: l.unit}
}

func (s sheet) Read(rows, cols table.Span) ([][]any, error) {
	shown, err := s.arrays(s.columns[cols.From:cols.To], rows.From, rows.To, 1)
	if err != nil {
		return nil, errors.New(advice(err))
	}
	out := make([][]any, rows.Len())
	for j, a := range shown {
		cells, err := s.columns[cols.From+j].cells(a)
		if err != nil {
			return nil, err
		}
		for i := range out {
			out[i] = append(out[i], cells[i])
		}
	}
	return out, nil
}

// arrays reads some of the columns.
func (s sheet) arrays(shown []leaf, lo, hi, step int) ([]*h5.Array, error) {
	var places []int
	at := map[int]int{} // of a column of the table, its place among those that are read
	for _, l := range shown {
		if _, known := at[l.place]; !known {
			at[l.place] = len(places)
			places = append(places, l.place)
		}
	}
	read, err := s.read(places, lo, hi, step)
	if err != nil {
		return nil, err
	}
	out := make([]*h5.Array, len(shown))
	for j, l := range shown {
		a := read[at[l.place]]
		for _, name := range l.path {
			if a, err = a.Field(name); err != nil {
				return nil, err
			}
		}
		out[j] = a
	}
	return out, nil
}

// cells gives what stands in the rows of a column; where a row has several elements, they are one cell.
func (l leaf) cells(a *h5.Array) ([]any, error) {
	if shape := a.Shape(); len(shape) == 1 {
		return block(a, []int{0}, shape, l.meaning)
	}
	var out []any
	for i := range a.Shape()[0] {
		part, err := a.Slice(i)
		if err != nil {
			return nil, err
		}
		out = append(out, cell(part.Value(), a.Datatype()))
	}
	return out, nil
}

// firstSample is Sample of what has a single column, of which things are counted.
func firstSample(s sheet, things string) ([]float64, string) {
	numbers, of := s.Sample(table.Span{To: 1})
	if len(numbers) == 0 {
		return nil, ""
	}
	return numbers[0], strings.Replace(of, "rows", things, 1)
}

// Sample implements table.Sampled.
func (s sheet) Sample(cols table.Span) ([][]float64, string) {
	var measuring []leaf
	var at []int // of each, its place among cols
	for j, l := range s.columns[cols.From:cols.To] {
		if l.measures() {
			measuring, at = append(measuring, l), append(at, j)
		}
	}
	n, step, of := s.sample()
	if n == 0 || len(measuring) == 0 {
		return nil, ""
	}
	read, err := s.arrays(measuring, 0, n, step)
	if err != nil {
		return nil, "" // Read says so
	}
	out := make([][]float64, cols.Len())
	for k, a := range read {
		if x, err := a.Float64s(); err == nil && len(a.Shape()) == 1 {
			out[at[k]] = measuring[k].withoutFill(x)
		}
	}
	return out, of
}

// sample says which rows histograms are made of: up to n, every step-th.
func (s sheet) sample() (n, step int, of string) {
	n = min(s.rows, s.sampled)
	switch {
	case n == s.rows:
		return n, 1, "all " + display.Count(n) + " rows"
	case s.spread:
		step = (s.rows + n - 1) / n
		return s.rows, step, "every " + ordinal(step) + " of " + display.Count(s.rows) + " rows"
	}
	return n, 1, "the first " + display.Count(n) + " rows"
}

// measures reports whether a column holds numbers that measure something: those of masks and enums do not.
func (l leaf) measures() bool {
	k := l.typ.Kind()
	return (k == h5.TypeInt || k == h5.TypeFloat) && l.named == nil && len(l.shape) == 0
}

// inMemorySample is how many rows of a table in memory a histogram is made of, and onDiskSample how many
// bytes are read for it.
const (
	inMemorySample = 10_000
	onDiskSample   = 1 << 20
)

// ofTable is a table in memory.
func ofTable(t *h5.Table) sheet {
	s := sheet{rows: t.NumRows(), sampled: inMemorySample, spread: true}
	columns := t.Columns()
	for i, c := range columns {
		for _, l := range leaves(i, nil, c.Name(), c.Datatype()) {
			if shape := c.Shape(); len(shape) > 1 {
				l.shape = shape[1:]
			}
			l.named = bitsOf(l.name, t.Names())
			s.columns = append(s.columns, l)
		}
	}
	s.read = func(places []int, lo, hi, step int) (out []*h5.Array, err error) {
		for _, p := range places {
			a, err := columns[p].Slice(h5.Range(lo, hi, step))
			if err != nil {
				return nil, err
			}
			out = append(out, a)
		}
		return out, nil
	}
	return s
}

// ofRows is a dataset of rows of a compound, along one axis or a single row.
func ofRows(d *h5.Dataset, info h5.ObjectInfo) sheet {
	members := info.Datatype.Members()
	s := sheet{rows: info.Shape.Len(), sampled: sampleSize(info)}
	said := meaningsOf(d, members)
	for i, m := range members {
		for _, l := range leaves(i, nil, m.Name, m.Type) {
			l.meaning = said[i].of(l)
			s.columns = append(s.columns, l)
		}
	}
	s.read = func(places []int, lo, hi, step int) (out []*h5.Array, err error) {
		names := make([]string, len(places))
		for i, p := range places {
			names[i] = members[p].Name
		}
		selection := []any{h5.Columns(names...)}
		if len(info.Shape) == 1 {
			selection = append(selection, h5.Range(lo, hi, step))
		}
		t, err := d.Table(selection...)
		if err != nil {
			return nil, err
		}
		for _, c := range t.Columns() {
			out = append(out, c.Array)
		}
		return out, nil
	}
	return s
}

// sampleSize is how many of the first rows, or values, of a dataset are read for histograms: what takes
// little time to fetch. Large chunks that went through filters are unpacked for the rows that are shown
// and not once more.
func sampleSize(info h5.ObjectInfo) int {
	element := max(1, typeSize(info.Datatype))
	if len(info.Filters) > 0 && int64(info.Chunks.Len())*int64(element) > 8*onDiskSample {
		return 0
	}
	return onDiskSample / element
}
