package h5view

import (
	"errors"
	"fmt"

	"gofive/h5"
	"gofive/plots"
)

// gwosc is the strain data of the Gravitational Wave Open Science Center. See
// https://gwosc.org/yellow_box/.
type gwosc struct{}

func (gwosc) detect(s *site) string {
	if s.links > 20 || !s.has("meta", "quality", "strain") {
		return ""
	}
	return joined(" ", "GWOSC", scalarText(s.root, "meta/Detector"))
}

func (gwosc) role(n *node) (string, bool) {
	return map[string]string{"/strain/Strain": "strain", "/quality/simple/DQmask": "data quality", "/quality/injections/Injmask": "injections"}[n.entry.Path], false
}

func (c gwosc) show(o h5.Object, x *exhibit) error {
	if f, ok := o.(*h5.File); ok {
		d, err := f.Dataset("strain/Strain")
		if err != nil {
			return err
		}
		defer d.Close()
		return c.draw(d, x)
	}
	if d, ok := o.(*h5.Dataset); ok {
		attrs, err := d.Attrs()
		if _, regular := attrs.Get("Xspacing"); err == nil && regular {
			return c.draw(d, x)
		}
	}
	return nil
}

// maxStrain is how many bytes are read to draw all of a strain: an hour at 4 kHz is 118 MB.
const maxStrain = 256 << 20

// draw draws values over the GPS time that their attributes say.
func (gwosc) draw(d *h5.Dataset, x *exhibit) error {
	attrs, err := d.Attrs()
	if err != nil {
		return err
	}
	start, ok := markNumber(attrs, "Xstart")
	spacing, ok2 := markNumber(attrs, "Xspacing")
	if !ok || !ok2 || len(d.Shape()) != 1 {
		return errors.New("its values have no Xstart and Xspacing")
	}
	along := axis{label: fmt.Sprintf("seconds since GPS %.10g", start)}
	label := withUnit(first(markText(attrs, "Yname", "Ylabel"), d.Name()), markText(attrs, "Yunits"))
	if n := d.Len(); n > maxLine && n*typeSize(d.Datatype()) <= maxStrain { // no spike is lost
		f := plots.Line(plots.Linspace(0, spacing*float64(n-1)), d)
		x.figure(d.Path(), f.Labels(along.label, label))
		return nil
	}
	p, err := readPlot(d, 1)
	if err != nil {
		return err
	}
	along.values = regular(0, spacing*float64(p.steps[0]), len(p.rows[0]))
	x.line(joined(", ", d.Path(), p.note), p.rows[0], along, label)
	return nil
}

// scalarText reads a text that is a dataset by itself, "" when it is none.
func scalarText(g folder, path string) string {
	d, err := g.Dataset(path)
	if err != nil {
		return ""
	}
	defer d.Close()
	if d.Len() != 1 || d.Datatype().Kind() != h5.TypeString || d.Datatype().Size() > 1<<20 {
		return ""
	}
	a, err := d.Slice()
	if err != nil {
		return ""
	}
	s, err := a.Strings()
	if err != nil || len(s) != 1 {
		return ""
	}
	return s[0]
}
