package h5view

import (
	"fmt"
	"path"
	"strings"

	"gofive/display/tree"
	"gofive/h5"
)

// axisAttrs are the attributes that hold labels and scales of axes, and what they are called here.
var axisAttrs = map[string]string{"DIMENSION_LABELS": "axis labels", "DIMENSION_LIST": "axis scales"}

// axes makes of an attribute that holds labels or scales what it says of each axis; others stay as they
// are.
func axes(o h5.Object, a *h5.Attribute) tree.Attr {
	shown := tree.Attr{Name: a.Name(), Type: attrType(a), Value: a.ValueString()}
	d, ok := o.(*h5.Dataset)
	if !ok || axisAttrs[a.Name()] == "" || a.Err() != nil {
		return shown
	}
	var parts []string
	for i, m := range d.Dims() {
		text, err := m.Label()
		if a.Name() == "DIMENSION_LIST" {
			text, err = scales(m)
		}
		if err != nil {
			return shown
		}
		if text != "" {
			parts = append(parts, fmt.Sprintf("%d %s", i, text))
		}
	}
	return tree.Attr{Name: axisAttrs[a.Name()], Value: strings.Join(parts, ", ")}
}

// scales are the paths of an axis's scales.
func scales(m h5.Dim) (string, error) {
	paths, err := scalePaths(m)
	return strings.Join(paths, " "), err
}

func scalePaths(m h5.Dim) ([]string, error) {
	all, err := m.Scales()
	paths := make([]string, len(all))
	for i, s := range all {
		paths[i] = s.Path()
		s.Close()
	}
	return paths, err
}

// isScale reports whether the node is a dimension scale.
func (n *node) isScale() bool {
	return n.entry.Kind == h5.KindDataset && markText(n.attributes(), "CLASS") == "DIMENSION_SCALE"
}

// axisNames gives a name for each axis of a dataset, "" for one without, and nil when none has one: the
// axis's label, or else the name of its first scale.
func (n *node) axisNames() []string {
	if n.axes == nil {
		n.axes = n.findAxisNames()
	}
	if len(n.axes) == 0 {
		return nil
	}
	return n.axes
}

func (n *node) findAxisNames() []string {
	list := n.attributes()
	if _, ok := list.Get("DIMENSION_LIST"); !ok && markTexts(list, "DIMENSION_LABELS") == nil {
		return []string{}
	}
	o, done, err := n.object()
	if err != nil {
		return []string{}
	}
	defer done()
	d, ok := o.(*h5.Dataset)
	if !ok {
		return []string{}
	}
	names, some := make([]string, len(d.Shape())), false
	for i, m := range d.Dims() {
		names[i] = axisName(m)
		some = some || names[i] != ""
	}
	if !some {
		return []string{}
	}
	return names
}

// axisName gives the label of an axis, or else the name of its first scale.
func axisName(m h5.Dim) string {
	if label, err := m.Label(); err != nil || label != "" {
		return label
	}
	if paths, err := scalePaths(m); err == nil && len(paths) > 0 {
		return path.Base(paths[0])
	}
	return ""
}

// shapeAndType says what the dataset of the node holds, with the names of its axes.
func (n *node) shapeAndType() string {
	names := n.axisNames()
	info := n.entry.Info
	if names == nil || len(names) != len(info.Shape) {
		return shapeAndType(info)
	}
	return namedShape(names, info.Shape) + " " + typeText(info.Datatype)
}

// namedShape gives a shape with the names of its axes: (time 365 × lat 180).
func namedShape(names []string, shape h5.Shape) string {
	parts := make([]string, len(shape))
	for i, name := range names {
		parts[i] = strings.TrimSpace(name + " " + strings.Trim(shapeText(shape[i:i+1]), "()"))
	}
	return "(" + strings.Join(parts, " × ") + ")"
}
