package h5view

import (
	"encoding/json"
	"path/filepath"

	"gofive/display"
	"gofive/h5"
)

// maxMetadata is the size in bytes of the JSON that goes to front ends; it holds no data.
const maxMetadata = 64 << 10

// document is what front ends get under the MIME type display.HDF5.
type document struct {
	V         int      `json:"v"`
	File      fileRef  `json:"file"`
	Path      string   `json:"path"`
	Node      Member   `json:"node"`
	Children  []Member `json:"children"`
	Truncated bool     `json:"truncated"` // there are more children
}

type fileRef struct {
	Name string `json:"name"`
	Path string `json:"path"`
}

// Member is one object, as front ends know it. Fields that do not apply are left out of its JSON.
type Member struct {
	Name      string   `json:"name"`
	Path      string   `json:"path,omitempty"`
	Kind      string   `json:"kind"` // group, dataset, type, or link for one that leads nowhere
	Dtype     string   `json:"dtype,omitempty"`
	Shape     *[]int   `json:"shape,omitempty"`    // [] for a single value, null for none
	MaxShape  []int    `json:"maxshape,omitempty"` // only if it can grow; -1 is without end
	Attrs     int      `json:"nattrs"`
	Children  *int     `json:"nchildren,omitempty"` // of a group
	Bytes     int64    `json:"bytes,omitempty"`
	Stored    int64    `json:"stored,omitempty"`
	Filters   []string `json:"filters,omitempty"`
	Link      *LinkRef `json:"link,omitempty"` // soft and external links
	Role      string   `json:"role,omitempty"`
	Error     string   `json:"error,omitempty"`
	Truncated bool     `json:"truncated,omitempty"` // name or dtype was too long
}

// LinkRef is the link through which a Member was reached.
type LinkRef struct {
	Kind   string `json:"kind"`
	File   string `json:"file,omitempty"`
	Target string `json:"target"`
	OK     bool   `json:"ok"`
}

// metadata gives the document of an object, with as many of its first members as fit; first is nil
// for what has none.
func metadata(o h5.Object, first *h5.Listing) json.RawMessage {
	doc := document{V: 1, Path: o.Path(), Children: []Member{},
		File: fileRef{filepath.Base(o.File().Filename()), o.File().Filename()}}
	entry := entryOf(o)
	entry.Name = filepath.Base(o.Path())
	doc.Node = newMember(entry)
	if first != nil {
		doc.addChildren(first, maxMetadata-length(doc))
	}
	raw, err := json.Marshal(doc)
	if err != nil || len(raw) > maxMetadata {
		return json.RawMessage(`{"v":1,"truncated":true}`)
	}
	return raw
}

// addChildren adds members, as many as left bytes hold.
func (doc *document) addChildren(list *h5.Listing, left int) {
	for _, e := range list.Entries {
		m := newMember(e)
		if left -= length(m) + 1; left < 0 {
			break
		}
		doc.Children = append(doc.Children, m)
	}
	doc.Truncated = len(doc.Children) < list.Total
}

// length is the number of bytes of v as JSON.
func length(v any) int {
	raw, _ := json.Marshal(v)
	return len(raw)
}

// newMember describes an entry. Texts are cut where they would fill the document.
func newMember(e h5.Entry) Member {
	const most = 1000
	kind := e.Kind.String()
	switch {
	case e.Kind == h5.KindDatatype:
		kind = "type"
	case e.Kind == h5.KindUnknown:
		kind = "link"
	}
	m := Member{Name: display.Short(e.Name, most), Kind: kind, Attrs: e.Info.NumAttrs, Stored: e.Info.Storage, Truncated: len(e.Name) > most}
	switch e.Kind {
	case h5.KindGroup:
		m.Children = &e.Info.NumLinks
	case h5.KindDataset:
		m.Shape = (*[]int)(&e.Info.Shape)
	}
	if grows(e.Info) {
		m.MaxShape = e.Info.MaxShape
	}
	if t := e.Info.Datatype; t != nil {
		m.Dtype = display.Short(t.String(), most)
		m.Bytes = dataBytes(e.Info)
	}
	for _, f := range e.Info.Filters {
		m.Filters = append(m.Filters, f.String())
	}
	if followed(e) {
		m.Link = &LinkRef{Kind: e.Link.Kind.String(), File: display.Short(e.Link.File, most),
			Target: display.Short(e.Link.Path, most), OK: e.Err == nil}
	}
	return m
}
