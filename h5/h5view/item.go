package h5view

import (
	"encoding/json"
	"errors"
	"io"

	"gofive/h5"
)

// Item is one object of a file as "gofive ls --json" writes it. Fields that do not apply are left
// out.
type Item struct {
	Path       string     `json:"path"`
	Kind       string     `json:"kind"`               // group, dataset, datatype, or link for one that leads nowhere
	Shape      *[]int     `json:"shape,omitempty"`    // [] for a single value, null for none
	MaxShape   *[]int     `json:"maxshape,omitempty"` // only if it can grow; -1 is without end
	Dtype      string     `json:"dtype,omitempty"`
	Layout     string     `json:"layout,omitempty"`
	Chunks     []int      `json:"chunks,omitempty"`
	Filters    []string   `json:"filters,omitempty"`
	Storage    *int64     `json:"storage,omitempty"` // bytes in the file
	Members    *int       `json:"members,omitempty"` // of a group
	Attributes []ItemAttr `json:"attributes,omitempty"`
	Link       *ItemLink  `json:"link,omitempty"`    // soft and external links
	SameAs     string     `json:"same_as,omitempty"` // the path at which this group was listed before
	Error      string     `json:"error,omitempty"`
}

// ItemAttr is an attribute of an Item.
type ItemAttr struct {
	Name  string `json:"name"`
	Dtype string `json:"dtype"`
	Shape []int  `json:"shape"` // [] for a single value, null for none
	Error string `json:"error,omitempty"`
}

// ItemLink is the link through which an Item was reached.
type ItemLink struct {
	Kind   string `json:"kind"`
	Target string `json:"target"`
}

// listJSON writes an Item a line: the object, what is in it, and with deep all that is below.
func listJSON(w io.Writer, o h5.Object, deep bool) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	l := lister{newLook(o), encoder, deep}
	e := entryOf(o)
	if e.Err == nil {
		e.Info.Attributes, e.Err = o.Attrs()
	}
	if err := encoder.Encode(newItem(l.node(e))); err != nil {
		return err
	}
	if g, ok := o.(folder); ok {
		if err := l.members(g); err != nil {
			return err
		}
	}
	return errors.Join(l.failed...)
}

// lister writes the members of groups.
type lister struct {
	*look
	out  *json.Encoder
	deep bool
}

// members writes the members of g, those of a group among them right after it. Only what keeps it
// from writing is an error; the rest is noted.
func (l *lister) members(g folder) error {
	list, err := g.List(h5.ListOptions{Order: h5.Natural, AttrTypes: true})
	if err != nil {
		l.fail(err)
		return nil
	}
	for _, e := range list.Entries {
		n := l.node(e)
		if err := l.out.Encode(newItem(n)); err != nil {
			return err
		}
		if !l.deep || e.Kind != h5.KindGroup || followed(e) || n.same != "" {
			continue
		}
		if err := l.enter(g, e.Name); err != nil {
			return err
		}
	}
	return nil
}

// enter writes the members of the group called name in g.
func (l *lister) enter(g folder, name string) error {
	child, err := g.Group(name)
	if err != nil {
		l.fail(err)
		return nil
	}
	defer child.Close()
	return l.members(child)
}

// newItem describes an entry.
func newItem(n node) Item {
	e := n.entry
	item := Item{Path: e.Path, Kind: e.Kind.String(), SameAs: n.same}
	if e.Kind == h5.KindUnknown {
		item.Kind = "link"
	}
	if followed(e) {
		item.Link = &ItemLink{e.Link.Kind.String(), e.Link.Target()}
	}
	if e.Err != nil {
		item.Error = problem(e.Err)
		return item
	}
	if e.Info.Datatype != nil {
		item.Dtype = e.Info.Datatype.String()
	}
	switch e.Kind {
	case h5.KindGroup:
		item.Members = &e.Info.NumLinks
	case h5.KindDataset:
		item.describe(e.Info)
	}
	for _, a := range e.Info.Attributes {
		item.Attributes = append(item.Attributes, newItemAttr(a))
	}
	return item
}

// describe adds what only datasets have.
func (item *Item) describe(info h5.ObjectInfo) {
	shape := []int(info.Shape)
	item.Shape = &shape
	if grows(info) {
		most := []int(info.MaxShape)
		item.MaxShape = &most
	}
	item.Layout, item.Storage = info.Layout.String(), &info.Storage
	if info.Layout == h5.Chunked {
		item.Chunks = info.Chunks
	}
	for _, f := range info.Filters {
		item.Filters = append(item.Filters, f.String())
	}
}

func newItemAttr(a *h5.Attribute) ItemAttr {
	out := ItemAttr{Name: a.Name(), Shape: a.Shape()}
	if a.Datatype() != nil {
		out.Dtype = a.Datatype().String()
	}
	if err := a.Err(); err != nil {
		out.Error = problem(err)
	}
	return out
}
