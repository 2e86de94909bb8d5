package h5view

import (
	"fmt"
	"time"

	"gofive/display"
	"gofive/display/table"
	"gofive/display/tree"
	"gofive/h5"
)

// View gives the forms of a value of packages h5 and fits: text, HTML and, for what lies in a file, its
// metadata as JSON. It reports false for other values. What a file's conventions say of an object is
// shown with it; see Plain.
func View(v any) (display.Bundle, bool) {
	switch v.(type) {
	case *h5.File, *h5.Group, *h5.Dataset, *h5.NamedType:
		return viewObject(v.(h5.Object), recognise), true
	}
	if b, ok := viewFITS(v); ok {
		return b, true
	}
	return inMemory(v)
}

// Plain shows an object of a file as it is stored, without what the conventions of its file say of it:
// the tree with all its members and attributes, the table of raw values.
func Plain(o h5.Object) display.Renderer {
	return viewObject(o, func(*h5.File) []found { return nil })
}

// viewObject views what lies in a file, as the conventions that recognise gives say.
func viewObject(o h5.Object, recognise func(*h5.File) []found) display.Bundle {
	switch x := o.(type) {
	case *h5.File:
		if x != nil {
			return inFile(x, x.IsOpen(), recognise, viewGroup)
		}
	case *h5.Group:
		if x != nil {
			return inFile(x, x.ID() >= 0, recognise, viewGroup)
		}
	case *h5.Dataset:
		if x != nil {
			return inFile(x, x.ID() >= 0, recognise, viewDataset)
		}
	case *h5.NamedType:
		if x != nil {
			return inFile(x, x.ID() >= 0, recognise, viewNamedType)
		}
	}
	return nothing(o)
}

// inMemory views what has no tie to a file.
func inMemory(v any) (display.Bundle, bool) {
	switch x := v.(type) {
	case *h5.Array:
		if x == nil {
			return nothing(v), true
		}
		return viewArray(x), true
	case *h5.Column:
		if x == nil {
			return nothing(v), true
		}
		return viewColumn(x), true
	case *h5.Table:
		if x == nil {
			return nothing(v), true
		}
		return viewTable(ofTable(x), table.Options{}), true
	case *h5.Attribute:
		if x == nil {
			return nothing(v), true
		}
		return viewAttributes(h5.Attributes{x}), true
	case h5.Attributes:
		return viewAttributes(x), true
	}
	return display.Bundle{}, false
}

// nothing views a nil pointer, which a call that failed leaves behind.
func nothing(v any) display.Bundle {
	return plain(fmt.Sprintf("nil %T: nothing was opened", v))
}

// patience is how long View waits for the HDF5 library, which another goroutine may keep busy.
const patience = 200 * time.Millisecond

// inFile views an object with f, unless it is closed or the library is busy.
func inFile[T h5.Object](x T, open bool, recognise func(*h5.File) []found, f func(T, []found) display.Bundle) display.Bundle {
	if !open {
		return plain(x.String())
	}
	if h5.Busy(patience) {
		return plain("the HDF5 library is busy with another call; show this again when it is done")
	}
	return f(x, recognise(x.File()))
}

// plain is a bundle that says one thing.
func plain(text string) display.Bundle {
	text = display.VisibleLines(text)
	var m display.Markup
	m.Element("p", text)
	return bundle(text, m.String())
}

func bundle(text, html string) display.Bundle {
	return display.Bundle{Data: map[string]any{display.TextPlain: text, display.TextHTML: html}}
}

// folder is what *h5.File and *h5.Group have in common.
type folder interface {
	h5.Object
	List(h5.ListOptions) (*h5.Listing, error)
	Group(path string) (*h5.Group, error)
	Dataset(path string, opts ...h5.Option) (*h5.Dataset, error)
	Has(path string) (bool, error)
	Get(path string) (h5.Object, error)
	Keys(order ...h5.Order) ([]string, error)
	Each(o h5.ListOptions, f func(h5.Entry) error) error
}

// firstMembers is how many members of a group a look at it describes: those that the tree shows are
// among them.
const firstMembers = 200

// textWidth is how many columns a tree takes as text.
const textWidth = 80

// viewGroup shows a group, or the root group of a file, as a tree.
func viewGroup[T folder](g T, found []found) display.Bundle {
	root := newRoot(g)
	root.look.found = found
	root.look.first, root.look.firstErr = g.List(h5.ListOptions{Limit: firstMembers, Order: h5.Natural})
	root.look.totals = addUp(g, maxAdded)
	x := newExhibit(tree.New(root, tree.Options{Width: textWidth}))
	x.conventions(g, found)
	b := x.bundle()
	b.Data[display.HDF5] = metadata(g, root.look.first)
	return b
}

// viewNamedType shows a type that stands by itself.
func viewNamedType(o *h5.NamedType, found []found) display.Bundle {
	root := newRoot(o)
	root.look.found = found
	b := newExhibit(tree.New(root, tree.Options{Width: textWidth})).bundle()
	b.Data[display.HDF5] = metadata(o, nil)
	return b
}

// viewTable shows rows and columns.
func viewTable(s table.Source, o table.Options) display.Bundle {
	t := table.New(s, o)
	return bundle(t.Text(), t.HTML())
}
