package h5view

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"gofive/display"
	"gofive/display/tree"
	"gofive/h5"
)

// look is one look at a file: what all nodes of a tree share.
type look struct {
	root      h5.Object
	attrsLeft int                 // attributes that may still be read
	seen      map[identity]string // groups: the path they were met at
	totals    map[identity]*total // what groups hold, as far as it was added up
	found     []found             // the conventions that the file follows
	// first are the first members of the root, when they were listed already, or why they could not
	// be.
	first    *h5.Listing
	firstErr error
	failed   []error // what could not be read, links that lead nowhere aside
}

func newLook(o h5.Object) *look {
	return &look{root: o, attrsLeft: maxAttrs, seen: map[identity]string{}}
}

// fail notes what could not be read.
func (l *look) fail(err error) { l.failed = append(l.failed, err) }

// What a tree reads of attributes: those of so many in all, and of no object that has more. Objects
// beyond are shown with their number.
const (
	maxAttrs    = 2000
	maxAttrsOne = 1000
)

// node is one object of a tree, met as an entry of its parent.
type node struct {
	look   *look
	entry  h5.Entry
	same   string // the path at which the same group was met before
	attrs  h5.Attributes
	err    error    // why the attributes could not be read
	asked  bool     // the attributes were read, or will not be
	axes   []string // their names once they were asked for; empty for none
	hidden []string
}

// newRoot gives the node of an object that stands at the top.
func newRoot(o h5.Object) *node { return newLook(o).node(entryOf(o)) }

// entryOf describes an object as its parent's listing would.
func entryOf(o h5.Object) h5.Entry {
	e := h5.Entry{Path: o.Path(), Kind: o.Kind()}
	e.Info, e.Err = o.Info()
	return e
}

// node makes the node of an entry. A group met a second time, by another hard link or in a cycle, is
// not entered again.
func (l *look) node(e h5.Entry) *node {
	n := &node{look: l, entry: e}
	if e.Err != nil && !followed(e) {
		l.fail(e.Err)
	}
	if e.Kind != h5.KindGroup || e.Err != nil || followed(e) {
		return n
	}
	key := identityOf(e.Info)
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

// top reports whether the node is the one that was asked for.
func (n *node) top() bool { return n.entry.Path == n.look.root.Path() }

// Label implements tree.Node.
func (n *node) Label() tree.Label {
	e := n.entry
	l := tree.Label{Name: e.Name, Group: e.Kind == h5.KindGroup, Link: e.Link.Target()}
	if e.Link.Kind == h5.LinkUser {
		l.Link = "?"
	}
	if n.top() {
		l.Name = e.Path
		if f, ok := n.look.root.(*h5.File); ok {
			l.Name = filepath.Base(f.Filename())
		}
	}
	if e.Err != nil {
		l.Problem = n.trouble()
		return l
	}
	l.Attrs = e.Info.NumAttrs - n.quietAttrs()
	switch e.Kind {
	case h5.KindGroup:
		n.groupLabel(&l)
	case h5.KindDataset:
		if !followed(e) {
			l.Size = e.Info.Storage
		}
		l.Detail, l.Note = n.shapeAndType(), stored(e.Info)
	case h5.KindDatatype:
		l.Detail = "type " + typeText(e.Info.Datatype)
	}
	l.Role = n.role()
	if n.top() {
		n.topLabel(&l)
	}
	return l
}

// trouble says why the node cannot be described. Where a link points stands beside its name already.
func (n *node) trouble() string {
	if followed(n.entry) && errors.Is(n.entry.Err, h5.ErrNotFound) {
		return "broken link"
	}
	return problem(n.entry.Err)
}

func (n *node) groupLabel(l *tree.Label) {
	links := n.entry.Info.NumLinks
	if n.same != "" {
		l.Note = "the same group as " + n.same
		return
	}
	l.Note = members(links)
	if followed(n.entry) {
		return
	}
	l.Children = links
	if t := n.look.totals[identityOf(n.entry.Info)]; t != nil {
		l.Size, l.AtLeast = t.bytes, t.part
	}
}

// topLabel says of the node at the top what its size is, of a file how it is open and which
// conventions it follows.
func (n *node) topLabel(l *tree.Label) {
	var notes []string
	if f, ok := n.look.root.(*h5.File); ok {
		if info, err := os.Stat(f.Filename()); err == nil {
			notes = append(notes, display.Size(info.Size()))
			if l.AtLeast {
				l.Size = max(l.Size, info.Size())
			}
		}
		notes = append(notes, map[bool]string{false: "read-only", true: "read and write"}[f.Writable()])
		for _, c := range n.look.found {
			notes = append(notes, c.note)
		}
	} else {
		if l.Size > 0 {
			notes = append(notes, map[bool]string{true: "at least "}[l.AtLeast]+display.Size(l.Size))
		}
		if l.Note != "" {
			notes = append(notes, l.Note)
		}
	}
	l.Note = strings.Join(notes, ", ")
}

// members says how many members a group has.
func members(n int) string {
	if n == 0 {
		return "empty"
	}
	return plural(n, "member")
}

// maxPages is how many pages of children are looked at for one that holds no internals.
const maxPages = 8

// Children implements tree.Node. Where members are internal, further ones take their place.
func (n *node) Children(offset, limit int) ([]tree.Node, error) {
	var nodes []tree.Node
	for range maxPages {
		list, err := n.list(offset, limit)
		if err != nil {
			n.look.fail(err)
			return nodes, errors.New(problem(err))
		}
		for _, e := range list {
			if len(nodes) == limit {
				return nodes, nil
			}
			if child := n.look.node(e); !n.hide(child) {
				nodes = append(nodes, child)
			}
		}
		if len(n.hidden) == 0 || len(list) < limit {
			break
		}
		offset += len(list)
	}
	return nodes, nil
}

// Each implements tree.Streamed. Nothing is hidden from those who want to see all.
func (n *node) Each(f func(tree.Node) error) error {
	g, done, err := n.open()
	if err == nil {
		defer done()
		err = g.Each(h5.ListOptions{Order: h5.Natural}, func(e h5.Entry) error { return f(n.look.node(e)) })
	}
	if err != nil {
		n.look.fail(err)
		err = errors.New(problem(err))
	}
	return err
}

// Hidden implements tree.Discreet.
func (n *node) Hidden() (int, string) {
	switch len(n.hidden) {
	case 0:
		return 0, ""
	case 1:
		return 1, "1 internal: " + n.hidden[0]
	case 2, 3:
		return len(n.hidden), fmt.Sprintf("%d internals: %s", len(n.hidden), strings.Join(n.hidden, ", "))
	}
	return len(n.hidden), fmt.Sprintf("%d internals: %s …", len(n.hidden), strings.Join(n.hidden[:3], ", "))
}

// list gives a page of the group's members.
func (n *node) list(offset, limit int) ([]h5.Entry, error) {
	if l := n.look; n.top() && (l.first != nil || l.firstErr != nil) {
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
func (n *node) open() (folder, func() error, error) {
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
