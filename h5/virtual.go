package h5

import (
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"

	"gofive/h5/internal/libhdf5"
)

// VirtualSource maps a part of a virtual dataset to another dataset. Where that is missing, the virtual
// one reads as its fill value.
//
// A selection is text as in Slice, of plain intervals; "a:unlimited" goes on as far as there are data.
// Both Into and From may be unlimited. Or only Into is, and "%b" in File or Path stands for a number:
// source 0, 1, 2 ... come one behind the other on that axis.
type VirtualSource struct {
	File  string // default: the same file; a relative one is beside it
	Path  string
	Into  string // the part of the virtual dataset; default: all
	From  string // the part of the source; default: all
	Shape Shape  // of the source; default: that of the part Into
}

// mappings are the virtual sources in the library's words.
func (c DatasetCreate) mappings(s Shape) ([]libhdf5.Property, error) {
	var out []libhdf5.Property
	for _, v := range c.Virtual {
		into, err := newMapped(s, v.Into)
		if err != nil {
			return nil, v.wrong(err)
		}
		extent := s
		if c.MaxShape != nil {
			extent = c.MaxShape
		}
		m, err := v.mapping(into, extent)
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}

// wrong says of an error that it is about the source: the name of an error is that of the dataset that is made.
func (v VirtualSource) wrong(err error) error {
	var e *Error
	if !errors.As(err, &e) {
		return err
	}
	out := *e
	out.Name, out.Reason = "", fmt.Sprintf("virtual source %q: %s", v.Path, e.Reason)
	return &out
}

func (v VirtualSource) mapping(into mapped, extent Shape) (libhdf5.Property, error) {
	wrong := func(reason, hint string) (libhdf5.Property, error) {
		return libhdf5.Property{}, v.wrong(&Error{Kind: ErrShape, Reason: reason, Hint: hint})
	}
	if v.Path == "" {
		return wrong("it has no Path", "")
	}
	shape := v.Shape
	if shape == nil {
		if v.From != "" {
			return wrong("From without Shape", "give the source's Shape")
		}
		shape = into.shape()
	}
	from, err := newMapped(shape, v.From)
	if err != nil {
		return libhdf5.Property{}, v.wrong(err)
	}
	numbered := strings.Contains(v.File+v.Path, "%b")
	if numbered {
		if into.unlimited() < 0 || from.unlimited() >= 0 || v.Shape == nil {
			return wrong(`"%b" needs an unlimited Into, and the Shape of one source`, `such as Into: "0:unlimited", Shape: h5.Shape{100}`)
		}
		if !into.block(from.length()) {
			return wrong(fmt.Sprintf("a source of shape %v does not fill places of the unlimited axis", shape), "it has as many elements as so many of these places")
		}
	} else if (into.unlimited() >= 0) != (from.unlimited() >= 0) {
		return wrong("only one of Into and From is unlimited", `put h5.Unlimited into Shape, and "0:unlimited" into both`)
	} else if into.length() != from.length() {
		return wrong(fmt.Sprintf("the part %v of the source for the part %v", from.shape(), into.shape()), "they have the same number of elements")
	}
	file := or(v.File, ".")
	return libhdf5.Set("virtual", append(append([]any{file, v.Path}, into.numbers(extent)...), from.numbers(shape)...)...), nil
}

// checkSource wants that a virtual source of a dataset of shape s, when it is there already, has as many axes as the
// mapping says. libhdf5 1.10.8 does not ask when it reads: it gives what lies elsewhere in memory, or ends the process.
func (g *container) checkSource(v VirtualSource, s Shape) error {
	got, err := g.sourceShape(v)
	if err != nil {
		return nil // it may come later
	}
	want := s
	if v.Shape != nil {
		want = v.Shape
	}
	if len(got) == len(want) {
		return nil
	}
	return v.wrong(&Error{Kind: ErrShape, Reason: fmt.Sprintf("its shape is %v, not %v", got, want),
		Hint: fmt.Sprintf("give Shape: h5.Shape{%s}, and the part in From", strings.Trim(got.String(), "()"))})
}

func (g *container) sourceShape(v VirtualSource) (Shape, error) {
	if v.File != "" && v.File != "." {
		path := v.File
		if !filepath.IsAbs(path) {
			path = filepath.Join(filepath.Dir(g.h.file.path), path)
		}
		f, err := Open(path)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		g = &f.container
	}
	d, err := g.Dataset(join("/", v.Path))
	if err != nil {
		return nil, err
	}
	defer d.Close()
	return d.Shape(), nil
}

// mapped is a part of a dataset for a mapping, an interval an axis.
type mapped []mappedAxis

// mappedAxis is count blocks, step apart; a count of Unlimited has no end.
type mappedAxis struct{ start, step, count, block int }

// newMapped reads a selection of a shape, of which axes may be Unlimited.
func newMapped(s Shape, text string) (mapped, error) {
	const endless = "unlimited"
	finite, open := Shape{}, make([]bool, len(s))
	for _, n := range s {
		if n == Unlimited {
			n = 1 << 40
		}
		finite = append(finite, n)
	}
	var sel []any
	if text != "" {
		parts := strings.Split(text, ",")
		for i, p := range parts {
			if strings.Contains(p, endless) && i < len(s) {
				open[i], finite[i] = true, 1<<40
				p = strings.Replace(p, endless, "", 1)
			}
			sel = append(sel, strings.TrimSpace(p))
		}
	}
	selected, err := newSelection(finite, sel)
	if err != nil {
		return nil, err
	}
	out := make(mapped, len(s))
	for i, a := range selected.axes {
		if a.places != nil || a.order != nil {
			return nil, selectionError(text, "a virtual dataset takes intervals with rising steps only")
		}
		out[i] = mappedAxis{a.start, a.step, a.count, 1}
		if open[i] || s[i] == Unlimited && a.start+a.count*a.step >= 1<<40 {
			out[i].count = Unlimited
		}
	}
	return out, nil
}

// unlimited is the axis without end, -1 for none.
func (m mapped) unlimited() int {
	for i, a := range m {
		if a.count == Unlimited {
			return i
		}
	}
	return -1
}

func (m mapped) lengths() []int {
	out := make([]int, len(m))
	for i, a := range m {
		out[i] = a.count
	}
	return out
}

func (m mapped) shape() Shape { return Shape(m.lengths()) }

// block makes the unlimited axis blocks that a source of so many elements fills, and reports whether it can.
func (m mapped) block(elements int) bool {
	i, place := m.unlimited(), m.length()
	if place == 0 || elements == 0 || elements%place != 0 {
		return false
	}
	m[i].block = elements / place
	m[i].step = max(m[i].step, m[i].block)
	return true
}

// length is the number of elements, of a single place of an axis without end.
func (m mapped) length() int {
	n := 1
	for _, a := range m {
		if a.count != Unlimited {
			n *= a.count
		}
	}
	return n
}

// numbers are the rank, and extent, start, stride, count and block of each axis.
func (m mapped) numbers(extent Shape) []any {
	out := []any{len(m)}
	out = append(out, values(extent)...)
	for _, part := range []func(a mappedAxis) int{
		func(a mappedAxis) int { return a.start },
		func(a mappedAxis) int { return a.step },
		func(a mappedAxis) int { return a.count },
		func(a mappedAxis) int { return a.block },
	} {
		for _, a := range m {
			out = append(out, part(a))
		}
	}
	return out
}

// VirtualSources says where the parts of a virtual dataset come from, nothing for others. A part that no
// selection can say is "?"; of blocks that do not follow one another only the first places are said. The
// file does not keep the shapes of the sources.
func (d *Dataset) VirtualSources() ([]VirtualSource, error) {
	mappings, _, err := d.sources()
	var out []VirtualSource
	for _, m := range mappings {
		out = append(out, VirtualSource{File: m.File, Path: m.Path, Into: partText(m.Into), From: partText(m.From)})
	}
	return out, err
}

// ExternalFiles are the files that the data of a dataset lie in, nothing for others.
func (d *Dataset) ExternalFiles() ([]ExternalFile, error) {
	_, files, err := d.sources()
	var out []ExternalFile
	for _, f := range files {
		out = append(out, ExternalFile{Path: f.Path, Offset: f.Offset, Size: max(0, f.Size)})
	}
	return out, err
}

func (d *Dataset) sources() ([]libhdf5.Mapping, []libhdf5.ExternalFile, error) {
	const op = "read the sources of"
	id, err := d.use(op)
	if err != nil {
		return nil, nil, err
	}
	defer runtime.KeepAlive(d.h)
	mappings, files, err := libhdf5.Sources(id)
	if err != nil {
		return nil, nil, d.failed(op, d.path, err)
	}
	return mappings, files, nil
}

// partText is a part as a selection.
func partText(p libhdf5.Part) string {
	if p.Irregular {
		return "?"
	}
	axes := make([]string, len(p.Start))
	for i, start := range p.Start {
		stride, count, block := p.Stride[i], p.Count[i], p.Block[i]
		switch {
		case count == Unlimited || block == Unlimited:
			axes[i] = fmt.Sprintf("%d:unlimited", start)
		case count == 1:
			axes[i] = fmt.Sprintf("%d:%d", start, start+block)
		default:
			axes[i] = fmt.Sprintf("%d:%d", start, start+(count-1)*stride+block)
		}
		if count != 1 && stride > block {
			axes[i] += fmt.Sprintf(":%d", stride)
		}
	}
	return strings.Join(axes, ", ")
}
