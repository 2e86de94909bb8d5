package h5view

import (
	"errors"
	"fmt"
	"strings"

	"gofive/h5"
)

// nwb is Neurodata Without Borders: groups say with neurodata_type what they are; a TimeSeries has
// data and a clock, a DynamicTable columns. See https://nwb-schema.readthedocs.io.
type nwb struct{}

func (nwb) detect(s *site) string {
	version := markText(s.attrs, "nwb_version")
	if version == "" && s.links <= maxKeys && s.has("nwb_version", "acquisition") { // version 1
		version = "1"
	}
	if version == "" {
		return ""
	}
	return "NWB " + version
}

func (nwb) role(n *node) (string, bool) {
	return markText(n.attributes(), "neurodata_type"), n.entry.Path == "/specifications" && !n.top()
}

func (nwb) quiet(_ *node, name string) bool {
	return name == "neurodata_type" || name == "namespace" || name == "object_id" || name == ".specloc"
}

func (c nwb) show(o h5.Object, x *exhibit) error {
	g, ok := o.(folder)
	if _, file := o.(*h5.File); !ok || file {
		return nil
	}
	attrs, err := g.Attrs()
	if err != nil {
		return err
	}
	if names := markTexts(attrs, "colnames"); names != nil {
		return c.dynamicTable(g, names, x)
	}
	if ok, err := g.Has("data"); err != nil || !ok || markText(attrs, "neurodata_type") == "" {
		return err
	}
	return c.timeSeries(g, x)
}

// timeSeries draws data against the clock: timestamps, or a rate and the time of the first value.
func (c nwb) timeSeries(g folder, x *exhibit) error {
	d, err := g.Dataset("data")
	if err != nil {
		return err
	}
	defer d.Close()
	shape := d.Shape()
	if !numeric(d.Datatype()) || len(shape) == 0 || len(shape) > 2 || d.Len() < 2 {
		return nil // pictures and films have their own ways
	}
	y, step, note, err := firstChannel(d)
	if err != nil {
		return err
	}
	attrs, _ := d.Attrs()
	s := scale{factor: 1}
	if f, ok := markNumber(attrs, "conversion"); ok {
		s.factor = f
	}
	s.offset, _ = markNumber(attrs, "offset")
	clock, err := c.clock(g, shape[0], step, len(y))
	if err != nil {
		return err
	}
	label := withUnit("data", markText(attrs, "unit"))
	x.line(joined(", ", g.Path(), note), s.apply(y), clock, label)
	return nil
}

// firstChannel reads the first column of data whose first axis is time.
func firstChannel(d *h5.Dataset) (y []float64, step int, note string, err error) {
	info, err := d.Info()
	if err == nil {
		err = showable(info)
	}
	if err != nil {
		return nil, 0, "", err
	}
	n := info.Shape[0]
	step = 1
	if int64(n)*int64(typeSize(info.Datatype))*int64(info.Shape.Len()/n) <= maxSpread {
		step = (n + maxLine - 1) / maxLine
	} else {
		n, note = min(n, maxLine), fmt.Sprintf("the first %d values", maxLine)
	}
	selection := []any{h5.Range(0, n, step)}
	if len(info.Shape) == 2 {
		if info.Shape[1] == 0 {
			return nil, 0, "", errors.New("it has no channels")
		}
		selection = append(selection, 0)
		note = joined(", ", fmt.Sprintf("channel 0 of %d", info.Shape[1]), note)
	}
	a, err := d.Slice(selection...)
	if err != nil {
		return nil, 0, "", err
	}
	y, err = a.Float64s()
	return y, step, note, err
}

// clock gives the times of every step-th of n values.
func (nwb) clock(g folder, n, step, shown int) (axis, error) {
	out := axis{label: "time [seconds]"}
	if ok, err := g.Has("timestamps"); err == nil && ok {
		d, err := g.Dataset("timestamps")
		if err != nil {
			return out, err
		}
		defer d.Close()
		all, err := readAll(d, 1<<24)
		if err == nil && len(all) < n {
			err = fmt.Errorf("it has %d values and %d timestamps", n, len(all))
		}
		out.values = thinned(all, step, shown)
		return out, err
	}
	d, err := g.Dataset("starting_time")
	if err != nil {
		return out, errors.New("it has neither timestamps nor a starting time")
	}
	defer d.Close()
	attrs, _ := d.Attrs()
	rate, ok := markNumber(attrs, "rate")
	a, err := d.Slice()
	if err != nil || !ok || rate <= 0 {
		return out, errors.New("its starting time has no rate")
	}
	start, err := a.Float64s()
	if err != nil || len(start) != 1 {
		return out, errors.New("its starting time is no number")
	}
	out.values = regular(start[0], float64(step)/rate, shown)
	return out, nil
}

// regular gives n values, step apart.
func regular(from, step float64, n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = from + float64(i)*step
	}
	return out
}

// dynamicTable shows columns by their names. A column of lists has an index of their ends.
func (c nwb) dynamicTable(g folder, names []string, x *exhibit) error {
	var out columns
	rows := -1
	for _, name := range append([]string{"id"}, names[:min(len(names), mostColumns)]...) {
		values, n, err := c.column(g, name)
		if err != nil {
			return fmt.Errorf("column %q: %s", name, problem(err))
		}
		if rows < 0 {
			rows = n
		}
		if n != rows {
			return fmt.Errorf("column %q has %d rows and the first one %d", name, n, rows)
		}
		out.add(name, values)
	}
	return out.show("table "+g.Path(), x)
}

// column reads a column, lists as texts.
func (nwb) column(g folder, name string) (values any, rows int, err error) {
	a, err := head(g, name)
	if err != nil {
		return nil, 0, err
	}
	if ok, err := g.Has(name + "_index"); err != nil || !ok {
		if a.Datatype().Kind() == h5.TypeReference {
			texts := printed(a)
			return texts, len(texts), nil
		}
		return a, a.Shape().Len() / max(1, h5.Shape(a.Shape()[1:]).Len()), nil
	}
	index, err := head(g, name+"_index")
	if err != nil {
		return nil, 0, err
	}
	ends, err := index.Int64s()
	if err != nil {
		return nil, 0, err
	}
	all := printed(a)
	texts := make([]string, len(ends))
	from := int64(0)
	for i, to := range ends {
		if to < from || to > int64(len(all)) {
			return nil, 0, errors.New("its index does not fit")
		}
		texts[i] = strings.Join(all[from:to], ", ")
		from = to
	}
	return texts, len(texts), nil
}
