package h5

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"gofive/h5/internal/libhdf5"
)

// Dim is one axis of a dataset with its label and scales, as the HDF5 Dimension Scale Specification
// keeps them: in attributes, which h5py, netCDF and others read. A scale is a dataset that says what the
// places of an axis stand for, such as times or wavelengths.
type Dim struct {
	d    *Dataset
	axis int
}

// The attributes of the specification.
const (
	attrClass      = "CLASS"
	attrName       = "NAME"
	attrLabels     = "DIMENSION_LABELS"
	attrList       = "DIMENSION_LIST"
	attrReferences = "REFERENCE_LIST"
	classScale     = "DIMENSION_SCALE"
)

// attachedTo is one element of a scale's REFERENCE_LIST.
type attachedTo struct {
	Dataset   Reference `h5:"dataset"`
	Dimension int32     `h5:"dimension"`
}

// attachedType is the layout that the C library of the specification has in its memory, and in files.
var attachedType = &Datatype{&libhdf5.Type{Class: libhdf5.Compound, Size: 16, Members: []libhdf5.Member{
	{Name: "dataset", Type: ObjectReference.t}, {Name: "dimension", Offset: 8, MemoryOffset: 8, Type: Int32.t}}}}

// Dim is an axis of the dataset; a negative one counts from the end. That there is no such axis is said
// by what is done with it.
func (d *Dataset) Dim(axis int) Dim { return Dim{d, axis} }

// Dims are all axes of the dataset.
func (d *Dataset) Dims() []Dim {
	out := make([]Dim, len(d.d.info.Shape))
	for i := range out {
		out[i] = Dim{d, i}
	}
	return out
}

// at is the number of the axis.
func (m Dim) at(op string) (int, error) {
	n := len(m.d.d.info.Shape)
	if m.axis < -n || m.axis >= n {
		return 0, because(op, m.d.path, m.d.h.file.path,
			&Error{Kind: ErrRange, Reason: fmt.Sprintf("there is no axis %d in shape %v", m.axis, m.d.d.info.Shape)})
	}
	return fromEnd(m.axis, n), nil
}

// Label is the label of the axis, "" for none.
func (m Dim) Label() (string, error) {
	axis, err := m.at("read label of")
	if err != nil {
		return "", err
	}
	labels, err := attrOr(m.d, attrLabels, []string(nil))
	if err != nil || axis >= len(labels) {
		return "", err
	}
	return labels[axis], nil
}

// SetLabel labels the axis.
func (m Dim) SetLabel(label string) error {
	axis, err := m.at("label")
	if err != nil {
		return err
	}
	labels, err := attrOr(m.d, attrLabels, []string(nil))
	if err != nil {
		return err
	}
	labels = grown(labels, len(m.d.d.info.Shape))
	labels[axis] = label
	return m.d.SetAttrAs(attrLabels, labels, String)
}

// attrOr reads an attribute that an object need not have.
func attrOr[T any](d *Dataset, name string, otherwise T) (T, error) {
	yes, err := d.HasAttr(name)
	if err != nil || !yes {
		return otherwise, err
	}
	var out T
	err = ReadAttr(d, name, &out)
	return out, err
}

// grown is s with at least n elements.
func grown[T any](s []T, n int) []T { return append(s, make([]T, max(0, n-len(s)))...) }

// Scales are the scales attached to the axis, in their order.
func (m Dim) Scales() ([]*Dataset, error) {
	const op = "read scales of"
	axis, err := m.at(op)
	if err != nil {
		return nil, err
	}
	lists, err := attrOr(m.d, attrList, [][]Reference(nil))
	if err != nil || axis >= len(lists) {
		return nil, err
	}
	var out []*Dataset
	for _, r := range lists[axis] {
		o, err := r.Open()
		if err != nil {
			return nil, because(op, m.d.path, m.d.h.file.path, err)
		}
		s, ok := o.(*Dataset)
		if !ok {
			return nil, &Error{Op: op, Name: m.d.path, File: m.d.h.file.path, Kind: ErrDamaged, Reason: o.Path() + " is no dataset"}
		}
		out = append(out, s)
	}
	return out, nil
}

// Attach attaches a scale to the axis, behind those that it has. A dataset that is no scale yet becomes
// one without a name.
func (m Dim) Attach(s *Dataset) error {
	const op = "attach scale to"
	axis, own, other, err := m.pair(op, s)
	if err != nil {
		return err
	}
	if err := m.attachable(op, s); err != nil {
		return err
	}
	lists, err := attrOr(m.d, attrList, [][]Reference(nil))
	if err != nil {
		return err
	}
	lists = grown(lists, len(m.d.d.info.Shape))
	if slices.ContainsFunc(lists[axis], other.same) {
		return nil
	}
	back, err := attrOr(s, attrReferences, []attachedTo(nil))
	if err != nil {
		return err
	}
	yes, err := s.IsScale()
	if err == nil && !yes {
		err = s.MakeScale("")
	}
	if err != nil {
		return err
	}
	// The scale's list first: what it says of this dataset is looked at only from there.
	if err := s.SetAttrAs(attrReferences, append(back, attachedTo{own, int32(axis)}), attachedType); err != nil {
		return err
	}
	lists[axis] = append(lists[axis], other)
	return m.d.SetAttrAs(attrList, lists, VlenOf(ObjectReference))
}

// pair gives the axis, and references to the dataset and to a scale.
func (m Dim) pair(op string, s *Dataset) (axis int, own, other Reference, err error) {
	if axis, err = m.at(op); err != nil {
		return
	}
	if _, err = m.d.change(op, m.d.path); err != nil {
		return
	}
	if s == nil || s.h.file != m.d.h.file {
		err = &Error{Op: op, Name: m.d.path, File: m.d.h.file.path, Kind: ErrType, Reason: "the scale is not a dataset of the same file"}
		return
	}
	if own, err = m.d.Ref(); err == nil {
		other, err = s.Ref()
	}
	return
}

// attachable refuses what the specification forbids.
func (m Dim) attachable(op string, s *Dataset) error {
	wrong := func(reason string) error {
		return &Error{Op: op, Name: m.d.path, File: m.d.h.file.path, Kind: ErrType, Reason: reason}
	}
	if yes, err := m.d.IsScale(); err != nil || yes {
		return or(err, wrong("it is a scale, which has none of its own"))
	}
	if yes, err := s.HasAttr(attrList); err != nil || yes {
		return or(err, wrong(s.path+" has scales of its own, and cannot be one"))
	}
	a, err := m.d.Info()
	if err != nil {
		return err
	}
	if b, err := s.Info(); err != nil || a.Address == b.Address {
		return or(err, wrong("it cannot be its own scale"))
	}
	return nil
}

// Detach takes a scale off the axis. One that is not attached is left alone.
func (m Dim) Detach(s *Dataset) error {
	const op = "detach scale from"
	axis, own, other, err := m.pair(op, s)
	if err != nil {
		return err
	}
	lists, err := attrOr(m.d, attrList, [][]Reference(nil))
	if err != nil || axis >= len(lists) || !slices.ContainsFunc(lists[axis], other.same) {
		return err
	}
	lists[axis] = slices.DeleteFunc(lists[axis], other.same)
	empty := !slices.ContainsFunc(lists, func(l []Reference) bool { return len(l) > 0 })
	if err := m.d.setOrDelete(attrList, lists, VlenOf(ObjectReference), empty); err != nil {
		return err
	}
	back, err := attrOr(s, attrReferences, []attachedTo(nil))
	if err != nil || back == nil {
		return err
	}
	back = slices.DeleteFunc(back, func(a attachedTo) bool { return a.Dataset.same(own) && int(a.Dimension) == axis })
	return s.setOrDelete(attrReferences, back, attachedType, len(back) == 0)
}

func (d *Dataset) setOrDelete(name string, v any, t *Datatype, empty bool) error {
	if empty {
		return d.DeleteAttr(name)
	}
	return d.SetAttrAs(name, v, t)
}

// same reports whether two references point to one object of one file.
func (r Reference) same(s Reference) bool { return r.bytes == s.bytes && r.region == s.region }

// MakeScale makes the dataset a scale, which axes of others can have, with a name or "".
func (d *Dataset) MakeScale(name string) error {
	const op = "make scale of"
	if yes, err := d.HasAttr(attrList); err != nil || yes {
		return or(err, error(&Error{Op: op, Name: d.path, File: d.h.file.path, Kind: ErrType, Reason: "it has scales of its own"}))
	}
	if strings.ContainsRune(name, 0) {
		return &Error{Op: op, Name: d.path, File: d.h.file.path, Kind: ErrType, Reason: "a name must not hold a zero byte"}
	}
	if err := d.SetAttrAs(attrClass, classScale, terminated(classScale)); err != nil || name == "" {
		return err
	}
	return d.SetAttrAs(attrName, name, terminated(name))
}

// terminated is a fixed string just long enough for a text and the zero byte behind it.
func terminated(text string) *Datatype {
	n := len(text) + 1
	return &Datatype{&libhdf5.Type{Class: libhdf5.String, Size: n, MemorySize: n, Padding: libhdf5.PadNullTerm}}
}

// IsScale reports whether the dataset is a scale.
func (d *Dataset) IsScale() (bool, error) {
	yes, err := d.HasAttr(attrClass)
	if err != nil || !yes {
		return false, err
	}
	a, err := d.Attr(attrClass)
	if err != nil {
		return false, err
	}
	class, err := a.Text()
	return class == classScale, err
}

// ScaleName is the name that the scale was made with.
func (d *Dataset) ScaleName() (string, error) { return attrOr(d, attrName, "") }

// String gives the label and the scales: "time: /t, /seconds".
func (m Dim) String() string {
	label, err := m.Label()
	if err != nil {
		return err.Error()
	}
	scales, err := m.Scales()
	if err != nil {
		return err.Error()
	}
	paths := make([]string, len(scales))
	for i, s := range scales {
		paths[i] = printable(s.path)
		s.Close()
	}
	parts := make([]string, 0, 2)
	if label != "" {
		parts = append(parts, printable(label))
	}
	if len(paths) > 0 {
		parts = append(parts, strings.Join(paths, ", "))
	}
	return strings.Join(parts, ": ")
}

// AxisLabels are what to write at each axis: its label or else the name or path of its first scale, and
// the unit of that scale; "" for an axis that has none.
func (d *Dataset) AxisLabels() ([]string, error) {
	out := make([]string, len(d.d.info.Shape))
	for i, m := range d.Dims() {
		label, err := m.Label()
		if err != nil {
			return nil, err
		}
		s, err := m.first()
		if err != nil {
			return nil, err
		}
		if out[i] = label; s == nil {
			continue
		}
		name, err := s.title()
		s.Close()
		if err != nil {
			return nil, err
		}
		out[i] = strings.TrimSpace(cmp.Or(label, name.name) + name.unit)
	}
	return out, nil
}

// AxisValues are the numbers that the places of an axis stand for: those of its first scale, nil if it has
// none.
func (d *Dataset) AxisValues(axis int) ([]float64, error) {
	s, err := d.Dim(axis).first()
	if err != nil || s == nil {
		return nil, err
	}
	defer s.Close()
	a, err := s.Slice()
	if err != nil {
		return nil, err
	}
	return a.Float64s()
}

// first is the first scale, which the caller closes; nil for none.
func (m Dim) first() (*Dataset, error) {
	all, err := m.Scales()
	if err != nil || len(all) == 0 {
		return nil, err
	}
	for _, s := range all[1:] {
		s.Close()
	}
	return all[0], nil
}

// scaleTitle is how an axis speaks of its scale.
type scaleTitle struct{ name, unit string }

func (d *Dataset) title() (scaleTitle, error) {
	name, err := d.ScaleName()
	if err != nil {
		return scaleTitle{}, err
	}
	unit, err := d.Unit()
	if unit != "" {
		unit = " [" + unit + "]"
	}
	return scaleTitle{cmp.Or(name, strings.TrimPrefix(d.path, "/")), unit}, err
}

// Unit is the text of the attribute units or unit, "" for none.
func (d *Dataset) Unit() (string, error) {
	text, err := d.attrText("units")
	if err != nil || text != "" {
		return text, err
	}
	return d.attrText("unit")
}
