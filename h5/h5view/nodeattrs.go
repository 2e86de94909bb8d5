package h5view

import (
	"errors"

	"gofive/display/tree"
	"gofive/h5"
)

// attributes gives the attributes of the node, none when the tree has read enough of them.
func (n *node) attributes() h5.Attributes {
	if n.asked {
		return n.attrs
	}
	n.asked = true
	count := n.entry.Info.NumAttrs
	if count == 0 || n.entry.Err != nil || n.look.attrsLeft < count || count > maxAttrsOne && !n.top() {
		return nil
	}
	n.look.attrsLeft -= count
	o, done, err := n.object()
	if err == nil {
		defer done()
		n.attrs, err = o.Attrs()
	}
	n.err = err
	return n.attrs
}

// object gives the object of the node, and what to do when done with it.
func (n *node) object() (h5.Object, func() error, error) {
	root := n.look.root
	if n.top() {
		return root, func() error { return nil }, nil
	}
	g, ok := root.(folder)
	if !ok {
		return nil, nil, errors.New("not a group")
	}
	o, err := g.Get(n.entry.Path)
	if err != nil {
		return nil, nil, err
	}
	return o, o.Close, nil
}

// Attrs implements tree.Attributed.
func (n *node) Attrs(limit int) ([]tree.Attr, error) {
	var out []tree.Attr
	for _, a := range n.attributes() {
		if len(out) == limit {
			break
		}
		if !n.quiet(a.Name()) {
			out = append(out, n.shown(a))
		}
	}
	if n.err != nil {
		return nil, errors.New(problem(n.err))
	}
	return out, nil
}

// shown gives an attribute as it is shown.
func (n *node) shown(a *h5.Attribute) tree.Attr {
	if n.top() {
		return axes(n.look.root, a)
	}
	return tree.Attr{Name: a.Name(), Type: attrType(a), Value: a.ValueString()}
}

// quiet reports whether an attribute is left out, because the node's own line says what it means. The
// object that was asked for shows them all.
func (n *node) quiet(name string) bool {
	if n.top() {
		return false
	}
	switch name {
	case "DIMENSION_LIST", "DIMENSION_LABELS":
		return n.entry.Kind == h5.KindDataset && n.axisNames() != nil
	case "REFERENCE_LIST", "NAME", "CLASS":
		if n.isScale() {
			return true
		}
	}
	for _, c := range n.look.found {
		if q, ok := c.convention.(quieter); ok && q.quiet(n, name) {
			return true
		}
	}
	return false
}

// quietAttrs counts the attributes that are left out.
func (n *node) quietAttrs() int {
	count := 0
	for _, a := range n.attributes() {
		if n.quiet(a.Name()) {
			count++
		}
	}
	return count
}
