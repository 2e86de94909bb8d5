package h5view

import (
	"fmt"
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
	all, err := m.Scales()
	paths := make([]string, len(all))
	for i, s := range all {
		paths[i] = s.Path()
		s.Close()
	}
	return strings.Join(paths, " "), err
}
