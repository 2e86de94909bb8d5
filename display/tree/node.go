// Package tree shows any named hierarchy as text and as HTML that folds.
//
// There are only a few types here. A Node says what it is and gives its children by pages; New looks
// at a Node no further than what is shown, and the Tree it returns writes itself:
//
//	t := tree.New(root, tree.Options{})
//	fmt.Print(t.Text())
//
// A tree of a hundred thousand nodes costs what its five hundred shown ones do.
package tree

// Node is one thing of a hierarchy.
type Node interface {
	// Label says what the node is. It is asked once.
	Label() Label
	// Children gives the children from offset on, limit at most, in the order in which a person
	// looks for them. It is only asked of nodes whose Label counts some.
	Children(offset, limit int) ([]Node, error)
}

// Attributed is a Node that carries attributes.
type Attributed interface {
	// Attrs gives the first attributes, limit at most. It is only asked of nodes whose Label
	// counts some.
	Attrs(limit int) ([]Attr, error)
}

// Label is what a node says of itself. Everything in it may come from a stranger: it is escaped
// when it is written.
type Label struct {
	Name     string
	Group    bool   // can have children; its name is written with a /
	Children int    // how many it has
	Attrs    int    // how many attributes it carries
	Detail   string // what it holds, such as "float32 (4,623)"
	Note     string // what is good to know beside it, such as "gzip 4, 1.2 MB"
	Link     string // for a link: where it points
	Problem  string // what is wrong with it; the rest of the tree is shown all the same
}

// Attr is an attribute: name, type and value as text.
type Attr struct{ Name, Type, Value string }
