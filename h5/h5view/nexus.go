package h5view

import (
	"fmt"
	"strings"

	"gofive/h5"
)

// nexus is NeXus: groups say with NX_class what they are, and an NXdata group which of its datasets is
// to be drawn over which. See https://manual.nexusformat.org/datarules.html.
type nexus struct{}

func (nexus) detect(s *site) string {
	_, version := s.attrs.Get("NeXus_version")
	for _, e := range s.members() {
		if c := markText(e.Info.Attributes, "NX_class"); c == "NXentry" || c == "NXroot" {
			version = true
		}
	}
	if !version && markText(s.attrs, "NX_class") != "NXroot" {
		return ""
	}
	return joined(" ", "NeXus", markText(s.attrs, "NeXus_version"))
}

func (nexus) role(n *node) (string, bool) {
	if n.entry.Kind == h5.KindGroup {
		return markText(n.attributes(), "NX_class"), false
	}
	if _, ok := n.attributes().Get("signal"); ok {
		return "signal", false
	}
	return "", false
}

func (nexus) quiet(n *node, name string) bool {
	return name == "NX_class" || name == "signal" && n.entry.Kind == h5.KindDataset
}

func (c nexus) show(o h5.Object, x *exhibit) error {
	g, ok := o.(folder)
	if !ok {
		return nil
	}
	data, err := c.find(g, 0)
	if err != nil || data == nil {
		return err
	}
	if data != g {
		defer data.Close()
	}
	return c.draw(data, x)
}

// find follows the attribute default, level by level, to an NXdata group; nil when there is none. Files
// of the time before that attribute have their data in the first entry.
func (c nexus) find(g folder, depth int) (folder, error) {
	attrs, err := g.Attrs()
	if err != nil {
		return nil, err
	}
	class := markText(attrs, "NX_class")
	if class == "NXdata" {
		return g, nil
	}
	if depth == 4 || depth == 0 && class != "" && class != "NXroot" && class != "NXentry" {
		return nil, nil
	}
	name := markText(attrs, "default")
	if name == "" {
		if name = c.firstOf(g, map[bool]string{true: "NXdata", false: "NXentry"}[class == "NXentry"]); name == "" {
			return nil, nil
		}
	}
	next, err := g.Group(name)
	if err != nil {
		return nil, err
	}
	found, err := c.find(next, depth+1)
	if found != folder(next) {
		next.Close()
	}
	return found, err
}

// firstOf gives the name of the first member of a class.
func (nexus) firstOf(g folder, class string) string {
	list, err := g.List(h5.ListOptions{Limit: firstLooked, Attributes: true, Order: h5.Natural})
	if err != nil {
		return ""
	}
	for _, e := range list.Entries {
		if markText(e.Info.Attributes, "NX_class") == class {
			return e.Name
		}
	}
	return ""
}

// signal is what an NXdata group shows: a dataset, and the names of the datasets along its axes, "" for
// none.
type signal struct {
	name string
	axes []string
}

// signal reads how the group says it, in the way of NeXus since 2014 or in one of the older ones.
func (c nexus) signal(g folder) (signal, error) {
	attrs, err := g.Attrs()
	if err != nil {
		return signal{}, err
	}
	if name := markText(attrs, "signal"); name != "" {
		return signal{name, c.names(attrs)}, nil
	}
	list, err := g.List(h5.ListOptions{Limit: firstMembers, Attributes: true})
	if err != nil {
		return signal{}, err
	}
	var s signal
	numbered := map[int]string{}
	for _, e := range list.Entries {
		if markIs(e.Info.Attributes, "signal", "1") {
			s = signal{e.Name, c.names(e.Info.Attributes)}
		}
		for k := range 8 {
			if markIs(e.Info.Attributes, "axis", fmt.Sprint(k+1)) {
				numbered[k] = e.Name
			}
		}
	}
	if s.name == "" {
		return s, fmt.Errorf("no dataset of %s is marked as its signal", g.Path())
	}
	for k := 0; s.axes == nil && k < 8 && len(numbered) > 0; k++ {
		if name, ok := numbered[k]; ok {
			s.axes = append(s.axes, name)
		}
	}
	return s, nil
}

// names gives the names of axes: a list, or a text such as "[x,y]" or "x:y".
func (nexus) names(attrs h5.Attributes) []string {
	names := markTexts(attrs, "axes")
	if len(names) == 1 {
		names = strings.FieldsFunc(strings.Trim(names[0], "[]"), func(r rune) bool { return r == ':' || r == ',' })
	}
	for i, name := range names {
		if names[i] = strings.TrimSpace(name); names[i] == "." {
			names[i] = ""
		}
	}
	return names
}

// markIs reports whether an attribute is a number or text that reads so.
func markIs(attrs h5.Attributes, name, want string) bool {
	if x, ok := markNumber(attrs, name); ok {
		return fmt.Sprint(x) == want
	}
	return markText(attrs, name) == want
}

// draw draws the signal of an NXdata group over its axes.
func (c nexus) draw(g folder, x *exhibit) error {
	s, err := c.signal(g)
	if err != nil {
		return err
	}
	d, err := g.Dataset(s.name)
	if err != nil {
		return fmt.Errorf("its signal %q is not there: %s", s.name, problem(err))
	}
	defer d.Close()
	shape := d.Shape()
	if !numeric(d.Datatype()) || d.Len() == 0 || len(shape) == 0 {
		return nil
	}
	axes := min(2, len(shape))
	if axes == 2 && shape[len(shape)-2] == 1 {
		axes = 1
	}
	p, err := readPlot(d, axes)
	if err != nil {
		return err
	}
	attrs, _ := d.Attrs()
	label := withUnit(first(markText(attrs, "long_name"), d.Name()), markText(attrs, "units"))
	caption := joined(", ", c.title(g), label, p.note)
	k := len(shape) - axes
	if axes == 1 {
		x.line(caption, p.rows[0], c.axis(g, s.axis(k), shape[k], p.steps[0], len(p.rows[0])), label, c.errors(g, d)...)
		return nil
	}
	vertical := c.axis(g, s.axis(k), shape[k], p.steps[0], len(p.rows))
	x.image(caption, p.rows, vertical, c.axis(g, s.axis(k+1), shape[k+1], p.steps[1], len(p.rows[0])))
	return nil
}

// axis names what lies along axis k of the signal, "" when nothing does.
func (s signal) axis(k int) string {
	if k >= len(s.axes) {
		return ""
	}
	return s.axes[k]
}

// errors reads the errors of a signal of one axis, nil when it has none.
func (nexus) errors(g folder, d *h5.Dataset) []float64 {
	attrs, _ := d.Attrs()
	for _, name := range []string{d.Name() + "_errors", markText(attrs, "uncertainties"), "errors"} {
		if ok, err := g.Has(name); name == "" || err != nil || !ok {
			continue
		}
		e, err := g.Dataset(name)
		if err != nil {
			return nil
		}
		defer e.Close()
		if v, err := readAll(e, maxLine); err == nil {
			return v
		}
	}
	return nil
}

// title gives the title that the group or its entry has.
func (nexus) title(g folder) string {
	d, err := g.Dataset("title")
	if err != nil {
		return g.Path()
	}
	defer d.Close()
	a, err := d.Slice()
	if err != nil {
		return g.Path()
	}
	if s, err := a.Strings(); err == nil && len(s) == 1 {
		return s[0]
	}
	return g.Path()
}

// axis reads an axis of the group: values, or the edges of bins, one more than places.
func (nexus) axis(g folder, name string, length, step, n int) axis {
	if name == "" {
		return axis{}
	}
	d, err := g.Dataset(name)
	if err != nil {
		return axis{label: name}
	}
	defer d.Close()
	attrs, _ := d.Attrs()
	out := axis{label: withUnit(first(markText(attrs, "long_name"), name), markText(attrs, "units"))}
	if v, err := readAll(d, 1<<22); err == nil && numeric(d.Datatype()) {
		if len(v) == length+1 {
			v = centres(v)
		}
		out.values = thinned(v, step, n)
	}
	return out
}

// first gives the first text that is not empty.
func first(texts ...string) string {
	for _, s := range texts {
		if s != "" {
			return s
		}
	}
	return ""
}
