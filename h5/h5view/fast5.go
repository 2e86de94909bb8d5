package h5view

import (
	"strings"

	"gofive/h5"
)

// fast5 is fast5 of Oxford Nanopore: reads with the raw signal of a pore, one a file or one a group. See
// https://github.com/nanoporetech/ont_h5_validator.
type fast5 struct{}

func (fast5) detect(s *site) string {
	if s.links <= 20 && s.has("UniqueGlobalKey", "Raw/Reads") {
		return "fast5 of one read"
	}
	version := markText(s.attrs, "file_version")
	for _, e := range s.members() {
		if strings.HasPrefix(e.Name, "read_") && e.Kind == h5.KindGroup && s.has(e.Name+"/Raw") {
			return joined(" ", "fast5", version, "of "+plural(s.links, "read"))
		}
	}
	return ""
}

func (fast5) role(n *node) (string, bool) {
	switch {
	case n.entry.Name == "Signal":
		return "signal", false
	case strings.HasPrefix(n.entry.Name, "read_") && strings.Count(n.entry.Path, "/") == 1:
		return "read", false
	}
	return "", false
}

func (c fast5) show(o h5.Object, x *exhibit) error {
	d, ok := o.(*h5.Dataset)
	if g, isGroup := o.(*h5.Group); isGroup {
		if has, err := g.Has("Raw/Signal"); err != nil || !has {
			return err
		}
		signal, err := g.Dataset("Raw/Signal")
		if err != nil {
			return err
		}
		defer signal.Close()
		d, ok = signal, true
	}
	if !ok || d.Name() != "Signal" || len(d.Shape()) != 1 {
		return nil
	}
	p, err := readPlot(d, 1)
	if err != nil {
		return err
	}
	label := "raw signal"
	if s, ok := c.channel(d); ok {
		s.apply(p.rows[0])
		label = "current [pA]"
	}
	x.line(joined(", ", d.Path(), p.note), p.rows[0], axis{"sample", regular(0, float64(p.steps[0]), len(p.rows[0]))}, label)
	return nil
}

// channel reads how numbers of the signal become picoamperes.
func (fast5) channel(d *h5.Dataset) (scale, bool) {
	for _, path := range []string{strings.TrimSuffix(d.Path(), "/Raw/Signal") + "/channel_id", "/UniqueGlobalKey/channel_id"} {
		o, err := d.File().Get(path)
		if err != nil {
			continue
		}
		attrs, _ := o.Attrs()
		o.Close()
		digits, ok := markNumber(attrs, "digitisation")
		width, ok2 := markNumber(attrs, "range")
		offset, ok3 := markNumber(attrs, "offset")
		if ok && ok2 && ok3 && digits != 0 {
			return scale{factor: width / digits, offset: offset * width / digits}, true
		}
	}
	return scale{}, false
}
