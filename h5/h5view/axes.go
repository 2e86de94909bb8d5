package h5view

import (
	"fmt"
	"slices"

	"gofive/display/tree"
	"gofive/h5"
)

// axisAttrs are the attributes that hold labels and scales of axes.
var axisAttrs = []string{"DIMENSION_LABELS", "DIMENSION_LIST"}

// axes shows labels and scales of a dataset's axes in place of the attributes that hold them, and gives
// the other attributes.
func axes(o h5.Object, list h5.Attributes) ([]tree.Attr, h5.Attributes) {
	d, ok := o.(*h5.Dataset)
	if !ok || !slices.ContainsFunc(list, isAxisAttr) {
		return nil, list
	}
	var out []tree.Attr
	for i, m := range d.Dims() {
		if text := m.String(); text != "" {
			out = append(out, tree.Attr{Name: fmt.Sprintf("axis %d", i), Value: text})
		}
	}
	return out, slices.DeleteFunc(slices.Clone(list), isAxisAttr)
}

func isAxisAttr(a *h5.Attribute) bool { return slices.Contains(axisAttrs, a.Name()) }
