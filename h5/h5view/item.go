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
	Storage    *int64     `json:"storage,omitempty"`  // bytes in the file, of a group those of the data below it
	AtLeast    bool       `json:"at_least,omitempty"` // Storage is only a part: the group is too large to add up first
	Members    *int       `json:"members,omitempty"`  // of a group
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
	l.totals = totalsFor(o, deep)
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
	var failed error
	err := g.Each(h5.ListOptions{Order: h5.Natural, AttrTypes: true}, func(e h5.Entry) error {
		failed = l.member(g, e)
		return failed
	})
	if err != nil && failed == nil {
		l.fail(err)
	}
	return failed
}

// member writes one member of g and what is below it.
func (l *lister) member(g folder, e h5.Entry) error {
	n := l.node(e)
	if err := l.out.Encode(newItem(n)); err != nil {
		return err
	}
	if !l.deep || e.Kind != h5.KindGroup || followed(e) || n.same != "" {
		return nil
	}
	return l.enter(g, e.Name)
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
func newItem(n *node) Item {
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
		if t := n.look.totals[identityOf(e.Info)]; t != nil && !followed(e) && n.same == "" {
			item.Storage, item.AtLeast = &t.bytes, t.part
		}
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
