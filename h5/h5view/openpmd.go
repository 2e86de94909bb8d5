package h5view

import (
	"fmt"
	"path"
	"strings"

	"gofive/h5"
)

// openpmd is openPMD: meshes and particles by iterations, with units. A component that has one value
// everywhere is a group without a dataset. See https://github.com/openPMD/openPMD-standard.
type openpmd struct{}

func (openpmd) detect(s *site) string {
	version := markText(s.attrs, "openPMD")
	if version == "" {
		return ""
	}
	return joined(" ", "openPMD", version)
}

func (openpmd) role(n *node) (string, bool) {
	attrs := n.attributes()
	if _, ok := attrs.Get("timeUnitSI"); ok {
		return "iteration", false
	}
	if geometry := markText(attrs, "geometry"); geometry != "" {
		return geometry + " mesh", false
	}
	if _, _, ok := constant(attrs); ok && n.entry.Kind == h5.KindGroup {
		return "constant", false
	}
	return "", false
}

// constant reads the one value of a component and its shape.
func constant(attrs h5.Attributes) (value float64, shape []float64, ok bool) {
	value, ok = markNumber(attrs, "value")
	shape = markNumbers(attrs, "shape")
	return value, shape, ok && len(shape) > 0
}

func (openpmd) quiet(n *node, name string) bool {
	return name == "shape" && n.entry.Kind == h5.KindGroup || name == "unitDimension" || name == "macroWeighted" || name == "weightingPower"
}

func (c openpmd) show(o h5.Object, x *exhibit) error {
	attrs, err := o.Attrs()
	if err != nil {
		return err
	}
	unit, hasUnit := markNumber(attrs, "unitSI")
	if !hasUnit {
		unit = 1
	}
	switch o := o.(type) {
	case *h5.File:
		return c.iterations(o, attrs, x)
	case *h5.Dataset:
		if hasUnit && numeric(o.Datatype()) && o.Len() > 1 {
			return c.component(o, unit, x)
		}
	case *h5.Group:
		if value, shape, ok := constant(attrs); ok {
			x.note(fmt.Sprintf("every value of shape %v is %g", shape, value*unit) + map[bool]string{true: " in SI units"}[hasUnit])
		}
	}
	return nil
}

// iterations lists the iterations, which are the members of the group that basePath names.
func (openpmd) iterations(f *h5.File, attrs h5.Attributes, x *exhibit) error {
	base, _, ok := strings.Cut(markText(attrs, "basePath"), "%T")
	if !ok || strings.Trim(base, "/") == "" {
		return nil
	}
	g, err := f.Group(base)
	if err != nil {
		return err
	}
	defer g.Close()
	list, err := g.List(h5.ListOptions{Limit: 20, Order: h5.Natural})
	if err != nil {
		return err
	}
	var names []string
	for _, e := range list.Entries {
		names = append(names, e.Name)
	}
	if len(names) < list.Total {
		names = append(names, "…")
	}
	x.note(plural(list.Total, "iteration") + ": " + strings.Join(names, ", "))
	return nil
}

// component draws a component of a mesh over its axes, other records as lines.
func (c openpmd) component(d *h5.Dataset, unit float64, x *exhibit) error {
	mesh, err := c.record(d)
	if err != nil {
		return err
	}
	labels := markTexts(mesh, "axisLabels")
	axes := 1
	if len(d.Shape()) > 1 && labels != nil {
		axes = 2
	}
	if len(d.Shape()) == 0 {
		return nil
	}
	p, err := readPlot(d, axes)
	if err != nil {
		return err
	}
	for _, row := range p.rows {
		scale{factor: unit}.apply(row)
	}
	label := joined("/", path.Base(path.Dir(d.Path())), d.Name()) + " [SI]"
	note := p.note
	if markText(mesh, "geometry") == "thetaMode" {
		note = "mode 0"
	}
	caption := joined(", ", label, note)
	at := func(k, n int) axis { return c.axis(mesh, labels, len(labels)-axes+k, p.steps[k], n) }
	if axes == 1 {
		x.line(caption, p.rows[0], at(0, len(p.rows[0])), label)
		return nil
	}
	x.image(caption, p.rows, at(0, len(p.rows)), at(1, len(p.rows[0])))
	return nil
}

// record gives the attributes of what the dataset is a component of: the group above, or itself when it
// is a scalar.
func (openpmd) record(d *h5.Dataset) (h5.Attributes, error) {
	own, err := d.Attrs()
	if err != nil {
		return nil, err
	}
	if _, ok := own.Get("axisLabels"); ok {
		return own, nil
	}
	above, err := d.File().Get(path.Dir(d.Path()))
	if err != nil {
		return nil, err
	}
	defer above.Close()
	return above.Attrs()
}

// axis gives axis k of a mesh from the spacing and offset of its grid.
func (openpmd) axis(mesh h5.Attributes, labels []string, k, step, n int) axis {
	if k < 0 || k >= len(labels) {
		return axis{}
	}
	spacing, offset := markNumbers(mesh, "gridSpacing"), markNumbers(mesh, "gridGlobalOffset")
	unit, ok := markNumber(mesh, "gridUnitSI")
	if !ok || k >= len(spacing) || k >= len(offset) {
		return axis{label: labels[k]}
	}
	return axis{labels[k] + " [m]", regular(offset[k]*unit, spacing[k]*unit*float64(step), n)}
}
