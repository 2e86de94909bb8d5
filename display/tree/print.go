package tree

import (
	"io"
)

// pageSize is how many siblings stand in one layout when a tree is printed, and how many of a group
// are in memory at a time.
const pageSize = 256

// Print writes all of a tree as text, as far below root as o.Depth says; of o, Nodes and Group are not
// used. It ends with the first error of w; what a node cannot do is said in its place.
func Print(w io.Writer, root Node, o Options) error {
	o = o.orDefault()
	b := newBranch(root, 0, o)
	p := printer{newPen(w, b, o), o}
	p.root(b)
	p.below(b, "")
	return p.err
}

type printer struct {
	*pen
	o Options
}

// below writes what is under b, a page of siblings after the other.
func (p printer) below(b *branch, indent string) {
	s, ok := b.node.(Streamed)
	if !ok || b.Label.Children == 0 || b.depth >= p.o.Depth {
		return
	}
	var page []*branch
	err := s.Each(func(n Node) error {
		if len(page) == pageSize { // one follows, so none of these is the last
			p.page(page, indent, false)
			page = page[:0]
		}
		page = append(page, newBranch(n, b.depth+1, p.o))
		return p.err
	})
	p.page(page, indent, err == nil)
	if err != nil && p.err == nil {
		p.write(indent + "└── " + p.paint(red, "! "+cut(err.Error(), maxDetail)) + "\n")
	}
}

// page writes siblings; with last, none follow.
func (p printer) page(siblings []*branch, indent string, last bool) {
	l := p.layout(siblings)
	for i, c := range siblings {
		p.child(c, indent, l, last && i == len(siblings)-1, p.below)
	}
}
