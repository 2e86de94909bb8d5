package h5view

import (
	"errors"
	"os"
	"path/filepath"

	"gofive/display"
	"gofive/display/tree"
	"gofive/h5"
)

// look is one look at a file: what all nodes of a tree share.
type look struct {
	root      h5.Object
	attrsLeft int                 // attributes that may still be read
	seen      map[[2]int64]string // groups by file number and address: the path they were met at
	// first are the first members of the root, when they were listed already, or why they could not
	// be.
	first    *h5.Listing
	firstErr error
	failed   []error // what could not be read, links that lead nowhere aside
}

func newLook(o h5.Object) *look {
	return &look{root: o, attrsLeft: maxAttrs, seen: map[[2]int64]string{}}
}

// fail notes what could not be read.
func (l *look) fail(err error) { l.failed = append(l.failed, err) }

// maxAttrs is how many attributes a tree reads in all; objects beyond are shown with their number.
const maxAttrs = 2000

// node is one object of a tree, met as an entry of its parent.
type node struct {
	look  *look
	entry h5.Entry
	same  string // the path at which the same group was met before
}

// newRoot gives the node of an object that stands at the top.
func newRoot(o h5.Object) node { return newLook(o).node(entryOf(o)) }

// entryOf describes an object as its parent's listing would.
func entryOf(o h5.Object) h5.Entry {
	e := h5.Entry{Path: o.Path(), Kind: o.Kind()}
	e.Info, e.Err = o.Info()
	return e
}

// node makes the node of an entry. A group met a second time, by another hard link or in a cycle, is
// not entered again.
func (l *look) node(e h5.Entry) node {
	n := node{look: l, entry: e}
	if e.Err != nil && !followed(e) {
		l.fail(e.Err)
	}
	if e.Kind != h5.KindGroup || e.Err != nil || followed(e) {
		return n
	}
	key := [2]int64{e.Info.FileNo, e.Info.Address}
	if at, ok := l.seen[key]; ok {
		n.same = at
	} else {
		l.seen[key] = e.Path
	}
	return n
}

// followed reports whether the entry is a link to a place elsewhere, which a tree shows and does not
// enter.
func followed(e h5.Entry) bool {
	return e.Link.Kind != h5.LinkNone && e.Link.Kind != h5.LinkHard
}

// Label implements tree.Node.
func (n node) Label() tree.Label {
	e := n.entry
	l := tree.Label{Name: e.Name, Group: e.Kind == h5.KindGroup, Link: e.Link.Target(), Attrs: e.Info.NumAttrs}
	if e.Link.Kind == h5.LinkUser {
		l.Link = "?"
	}
	if n.entry.Path == n.look.root.Path() {
		l.Name = e.Path
		if f, ok := n.look.root.(*h5.File); ok {
			l.Name, l.Note = fileLabel(f)
		}
	}
	if e.Err != nil {
		l.Problem = problem(e.Err)
		return l
	}
	switch e.Kind {
	case h5.KindGroup:
		n.groupLabel(&l)
	case h5.KindDataset:
		l.Detail, l.Note = shapeAndType(e.Info), stored(e.Info)
	case h5.KindDatatype:
		l.Detail = "type " + typeText(e.Info.Datatype)
	}
	return l
}

func (n node) groupLabel(l *tree.Label) {
	links := n.entry.Info.NumLinks
	switch {
	case n.same != "":
		l.Note = "the same group as " + n.same
	case followed(n.entry):
		l.Note = members(links)
	default:
		l.Children = links
		if l.Note == "" {
			l.Note = members(links)
		}
	}
}

// members says how many members a group has.
func members(n int) string {
	if n == 0 {
		return "empty"
	}
	return plural(n, "member")
}

// Children implements tree.Node.
func (n node) Children(offset, limit int) ([]tree.Node, error) {
	list, err := n.list(offset, limit)
	if err != nil {
		n.look.fail(err)
		return nil, errors.New(problem(err))
	}
	nodes := make([]tree.Node, len(list))
	for i, e := range list {
		nodes[i] = n.look.node(e)
	}
	return nodes, nil
}

// list gives a page of the group's members.
func (n node) list(offset, limit int) ([]h5.Entry, error) {
	if l := n.look; n.entry.Path == l.root.Path() && (l.first != nil || l.firstErr != nil) {
		if l.firstErr != nil {
			return nil, l.firstErr
		}
		if offset+limit <= len(l.first.Entries) || len(l.first.Entries) == l.first.Total {
			return l.first.Entries[min(offset, l.first.Total):min(offset+limit, len(l.first.Entries))], nil
		}
	}
	g, done, err := n.open()
	if err != nil {
		return nil, err
	}
	defer done()
	list, err := g.List(h5.ListOptions{Offset: offset, Limit: limit, Order: h5.Natural})
	if err != nil {
		return nil, err
	}
	return list.Entries, nil
}

// open gives the group of the node, and what to do when done with it.
func (n node) open() (folder, func() error, error) {
	if root, ok := n.look.root.(folder); ok {
		if n.entry.Path == root.Path() {
			return root, func() error { return nil }, nil
		}
		g, err := root.Group(n.entry.Path)
		if err != nil {
			return nil, nil, err
		}
		return g, g.Close, nil
	}
	return nil, nil, errors.New("not a group")
}

// Attrs implements tree.Attributed.
func (n node) Attrs(limit int) ([]tree.Attr, error) {
	if n.look.attrsLeft < n.entry.Info.NumAttrs || n.entry.Err != nil {
		return nil, nil
	}
	n.look.attrsLeft -= n.entry.Info.NumAttrs
	o := n.look.root
	if n.entry.Path != o.Path() {
		child, err := o.(folder).Get(n.entry.Path)
		if err != nil {
			return nil, errors.New(problem(err))
		}
		defer child.Close()
		o = child
	}
	list, err := o.Attrs()
	if err != nil {
		return nil, errors.New(problem(err))
	}
	var attrs []tree.Attr
	for _, a := range list[:min(limit, len(list))] {
		attrs = append(attrs, axes(o, a))
	}
	return attrs, nil
}

// fileLabel gives a file's name, and its size and mode.
func fileLabel(f *h5.File) (name, note string) {
	note = "read-only"
	if f.Writable() {
		note = "read and write"
	}
	if info, err := os.Stat(f.Filename()); err == nil {
		note = display.Size(info.Size()) + ", " + note
	}
	return filepath.Base(f.Filename()), note
}

// problem says in short why something cannot be shown: the reason alone, for the name stands beside.
func problem(err error) string {
	var e *h5.Error
	if errors.As(err, &e) && e.Reason != "" {
		return e.Reason
	}
	return err.Error()
}

// advice is problem with what to try next.
func advice(err error) string {
	var e *h5.Error
	if errors.As(err, &e) && e.Reason != "" && e.Hint != "" {
		return e.Reason + "; " + e.Hint
	}
	return problem(err)
}
