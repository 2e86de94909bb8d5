package h5view

import (
	"fmt"
	"path"
	"strings"

	"gofive/display/table"
	"gofive/h5"
)

// netcdf is netCDF-4 with the CF conventions: dimensions are scales, variables are datasets whose
// attributes say how to read them.
// See https://docs.unidata.ucar.edu/netcdf-c/current/file_format_specifications.html and https://cfconventions.org.
type netcdf struct{}

func (netcdf) detect(s *site) string {
	cf := strings.TrimSpace(markText(s.attrs, "Conventions"))
	_, properties := s.attrs.Get("_NCProperties")
	_, classic := s.attrs.Get("_nc3_strict")
	if !properties && !classic && !s.anyMember("_Netcdf4Dimid", "_Netcdf4Coordinates") && !bareDimension(s) {
		if strings.HasPrefix(cf, "CF-") {
			return cf
		}
		return ""
	}
	return joined(", ", "netCDF-4", cf)
}

// bareDimension reports whether one of the first members is a dimension of the kind that only netCDF has.
func bareDimension(s *site) bool {
	for _, e := range s.members() {
		if strings.HasPrefix(markText(e.Info.Attributes, "NAME"), noVariable) {
			return true
		}
	}
	return false
}

// noVariable is what the library calls a dimension that has no values.
const noVariable = "This is a netCDF dimension but not a netCDF variable"

func (netcdf) role(n *node) (string, bool) {
	if !n.isScale() {
		return "", false
	}
	if strings.HasPrefix(markText(n.attributes(), "NAME"), noVariable) {
		return "dimension", true
	}
	return "coordinate", false
}

func (netcdf) quiet(_ *node, name string) bool {
	return strings.HasPrefix(name, "_Netcdf4") || name == "_NCProperties" || name == "_nc3_strict"
}

func (c netcdf) show(o h5.Object, x *exhibit) error {
	switch o := o.(type) {
	case *h5.Dataset:
		return c.variable(o, x)
	case folder:
		return c.dimensions(o, x)
	}
	return nil
}

// dimensions lists the dimensions of a group, as ncdump does.
func (netcdf) dimensions(g folder, x *exhibit) error {
	list, err := g.List(h5.ListOptions{Limit: firstMembers, Attributes: true, Order: h5.Natural})
	if err != nil {
		return err
	}
	var out []string
	for _, e := range list.Entries {
		if markText(e.Info.Attributes, "CLASS") != "DIMENSION_SCALE" || len(e.Info.Shape) == 0 {
			continue
		}
		s := e.Name + " = " + fmt.Sprint(e.Info.Shape[0])
		if e.Info.MaxShape[0] == h5.Unlimited {
			s += " (unlimited)"
		}
		out = append(out, s)
	}
	if len(out) > 0 {
		x.note("dimensions: " + strings.Join(out, ", "))
	}
	return nil
}

// variable shows a variable as it is meant: unpacked, with its unit, over its coordinates.
func (c netcdf) variable(d *h5.Dataset, x *exhibit) error {
	if t := d.Datatype(); t.Kind() == h5.TypeString && t.Size() == 1 && !t.IsVariable() && len(d.Shape()) > 0 {
		return x.characters(d)
	}
	if !numeric(d.Datatype()) || d.Len() < 2 {
		return nil
	}
	s, packed := packing(d)
	if own := c.isCoordinate(d); !own {
		if err := c.plot(d, s, x); err != nil {
			return err
		}
	}
	if info, err := d.Info(); err == nil && packed && showable(info) == nil {
		x.table(s.words(), table.Grid(unpacked{onDisk{d, info, s.meaning}, s}))
		x.replaced = true
	}
	return nil
}

func (netcdf) isCoordinate(d *h5.Dataset) bool {
	is, err := d.IsScale()
	return err == nil && is
}

// packing says how a variable's numbers are to be read, and whether they are packed.
func packing(d *h5.Dataset) (scale, bool) {
	p, _ := d.Packing() // a dataset is shown as it is stored, when its attributes cannot be read
	return scale{p.Scale, p.Offset, meaningOf(d)}, p.Scale != 1 || p.Offset != 0
}

// words says how stored numbers are unpacked.
func (s scale) words() string {
	words := "unpacked"
	if s.factor != 1 {
		words += " × " + fmt.Sprint(s.factor)
	}
	if s.offset != 0 {
		words += " + " + fmt.Sprint(s.offset)
	}
	return words
}

// plot draws a variable of one axis as a line, the last two axes of others as an image.
func (c netcdf) plot(d *h5.Dataset, s scale, x *exhibit) error {
	attrs, _ := d.Attrs()
	name := joined(" ", markText(attrs, "long_name"))
	if name == "" {
		name = joined(" ", markText(attrs, "standard_name"), d.Name())
	}
	shape := d.Shape()
	axes := 1
	if n := len(shape); n > 1 && shape[n-1] > 1 && shape[n-2] > 1 {
		axes = 2
	}
	p, err := readPlot(d, axes)
	if err != nil {
		return err
	}
	for i := range p.rows {
		s.apply(p.rows[i])
	}
	along := scaleAxis(d, len(shape)-1, p.steps[axes-1], len(p.rows[0]))
	label := withUnit(name, s.unit)
	if axes == 1 {
		x.line(joined(", ", label, p.note), p.rows[0], along, label)
		return nil
	}
	x.image(joined(", ", label, p.note), p.rows, scaleAxis(d, len(shape)-2, p.steps[0], len(p.rows)), along)
	return nil
}

// scaleAxis gives the first scale of axis k: its name, unit and every step-th of its values, n in all.
func scaleAxis(d *h5.Dataset, k, step, n int) axis {
	m := d.Dim(k)
	all, err := m.Scales()
	defer func() {
		for _, s := range all {
			s.Close()
		}
	}()
	if err != nil || len(all) == 0 {
		return axis{label: axisName(m)}
	}
	scale := all[0]
	attrs, _ := scale.Attrs()
	out := axis{label: withUnit(path.Base(scale.Path()), markText(attrs, "units"))}
	if strings.HasPrefix(markText(attrs, "NAME"), noVariable) || !numeric(scale.Datatype()) {
		return out
	}
	if v, err := readAll(scale, 1<<22); err == nil {
		s, _ := packing(scale)
		out.values = thinned(s.apply(v), step, n)
	}
	return out
}

// unpacked is a packed dataset as table.Array.
type unpacked struct {
	onDisk
	scale scale
}

func (u unpacked) Type() string { return "float64" }

func (u unpacked) Block(start, count []int) ([]any, error) {
	cells, err := u.onDisk.Block(start, count)
	for i, v := range cells {
		if f, ok := float(v); ok {
			cells[i] = f*u.scale.factor + u.scale.offset
		}
	}
	return cells, err
}

// Sample gives nothing: what a histogram would be made of is packed.
func (u unpacked) Sample() ([]float64, string) { return nil, "" }
