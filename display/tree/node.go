// Package tree shows any named hierarchy as text and as HTML that folds.
//
// There are only a few types here. A Node says what it is and gives its children by pages; New looks
// at a Node no further than what is shown, and the Tree it returns writes itself:
//
//	t := tree.New(root, tree.Options{})
//	fmt.Print(t.Text())
//
// A tree of a hundred thousand nodes costs what its five hundred shown ones do. Print writes all of
// such a tree, and has only a few of its nodes in memory at a time.
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

// Streamed is a Node that gives its children one after the other, however many they are.
type Streamed interface {
	// Each calls f for every child, in the order of Children. It ends with the first error of f.
	Each(f func(Node) error) error
}

// Discreet is a Node that keeps some of its children to itself. They are counted by its Label.
type Discreet interface {
	// Hidden says how many of the children given so far were left out, and what they are.
	Hidden() (n int, what string)
}

// Label is what a node says of itself. Everything in it may come from a stranger: it is escaped
// when it is written.
type Label struct {
	Name     string
	Group    bool   // can have children; its name is written with a /
	Children int    // how many it has
	Attrs    int    // how many attributes it carries
	Role     string // what it is to those who made it, such as "signal"
	Detail   string // what it holds, such as "float32 (4,623)"
	Note     string // what is good to know beside it, such as "gzip 4, ratio 2.1"
	Link     string // for a link: where it points
	Problem  string // what is wrong with it; the rest of the tree is shown all the same
	Size     int64  // bytes that it takes with all below it; 0 for nothing, or nothing known
	AtLeast  bool   // Size is only a part of it, for it would have taken long to add up
}

// Attr is an attribute: name, type and value as text.
type Attr struct{ Name, Type, Value string }
