package tree

// Options bound what is shown. The zero value is what notebooks show.
type Options struct {
	Nodes int  // nodes in all; 500
	Group int  // children of one node; 50
	Depth int  // levels below the root; 30
	Attrs int  // attributes of one node; 20
	Width int  // columns of a line of text; without end
	Color bool // text with the colours of a terminal
}

func (o Options) orDefault() Options {
	def := func(n, d int) int {
		if n <= 0 {
			return d
		}
		return n
	}
	o.Nodes, o.Group, o.Depth, o.Attrs = def(o.Nodes, 500), def(o.Group, 50), def(o.Depth, 30), def(o.Attrs, 20)
	return o
}

// Tree is the part of a hierarchy that is shown.
type Tree struct {
	root    *branch
	options Options
}

// branch is a Node that is shown, with those of its children that are shown too.
type branch struct {
	Label
	node     Node
	depth    int
	children []*branch
	more     int    // children that are not shown
	hidden   string // what else is not shown, because hardly anybody looks for it
	attrs    []Attr
	problems []string
	open     bool
}

// New looks at root and below it as far as o allows. Levels are visited one after the other, so that
// one huge group takes nothing from its siblings. Only Label, Children and Attrs of what is shown
// are called.
func New(root Node, o Options) *Tree {
	o = o.orDefault()
	t := &Tree{root: newBranch(root, 0, o), options: o}
	left := o.Nodes - 1
	for queue := []*branch{t.root}; len(queue) > 0; queue = queue[1:] {
		b := queue[0]
		b.grow(min(left, o.Group), o)
		left -= len(b.children)
		queue = append(queue, b.children...)
	}
	t.unfold()
	return t
}

func newBranch(n Node, depth int, o Options) *branch {
	b := &branch{Label: n.Label(), node: n, depth: depth}
	if b.Problem != "" {
		b.problems = append(b.problems, b.Problem)
	}
	if with, ok := n.(Attributed); ok && b.Label.Attrs > 0 {
		var err error
		if b.attrs, err = with.Attrs(o.Attrs); err != nil {
			b.problems = append(b.problems, err.Error())
		}
	}
	return b
}

// grow adds up to limit children.
func (b *branch) grow(limit int, o Options) {
	b.more = b.Label.Children
	if limit <= 0 || b.more == 0 || b.depth >= o.Depth {
		return
	}
	nodes, err := b.node.Children(0, limit)
	if err != nil {
		b.problems = append(b.problems, err.Error())
		b.more = 0
	}
	for _, n := range nodes[:min(limit, len(nodes))] {
		b.children = append(b.children, newBranch(n, b.depth+1, o))
	}
	b.more -= len(b.children) + b.hide()
	b.more = max(0, b.more)
}

// hide notes which children the node keeps to itself, and gives their number.
func (b *branch) hide() int {
	d, ok := b.node.(Discreet)
	if !ok {
		return 0
	}
	n := 0
	n, b.hidden = d.Hidden()
	return n
}

// firstSight is how many lines a tree may unfold by itself.
const firstSight = 40

// unfold opens the root, and level by level what fits into the lines of a first sight.
func (t *Tree) unfold() {
	t.root.open = true
	left := firstSight - len(t.root.children)
	for queue := t.root.children; len(queue) > 0; queue = queue[1:] {
		b := queue[0]
		if n := len(b.children); n > 0 && n <= left {
			b.open = true
			left -= n
			queue = append(queue[:len(queue):len(queue)], b.children...)
		}
	}
}
