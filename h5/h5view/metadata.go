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
	Node      member   `json:"node"`
	Children  []member `json:"children"`
	Truncated bool     `json:"truncated"` // there are more children
}

type fileRef struct {
	Name string `json:"name"`
	Path string `json:"path"`
}

// member is one object, as the front end's protocol lists it.
type member struct {
	Name      string   `json:"name"`
	Kind      string   `json:"kind"` // group, dataset, type, or link for one that leads nowhere
	Dtype     string   `json:"dtype,omitempty"`
	Shape     []int    `json:"shape,omitempty"`
	MaxShape  []int    `json:"maxshape,omitempty"`
	Attrs     int      `json:"nattrs"`
	Children  int      `json:"nchildren,omitempty"`
	Bytes     int64    `json:"bytes,omitempty"`
	Stored    int64    `json:"stored,omitempty"`
	Filters   []string `json:"filters,omitempty"`
	Link      *linkRef `json:"link,omitempty"`
	Truncated bool     `json:"truncated,omitempty"` // name or dtype was too long
}

type linkRef struct {
	Kind   string `json:"kind"`
	File   string `json:"file,omitempty"`
	Target string `json:"target"`
	OK     bool   `json:"ok"`
}

// metadata gives the document of an object, with as many of its first members as fit; first is nil
// for what has none.
func metadata(o h5.Object, first *h5.Listing) json.RawMessage {
	doc := document{V: 1, Path: o.Path(), Children: []member{},
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
func newMember(e h5.Entry) member {
	const most = 1000
	kind := e.Kind.String()
	switch {
	case e.Kind == h5.KindDatatype:
		kind = "type"
	case e.Kind == h5.KindUnknown:
		kind = "link"
	}
	m := member{Name: display.Short(e.Name, most), Kind: kind, Shape: e.Info.Shape, Attrs: e.Info.NumAttrs,
		Children: e.Info.NumLinks, Stored: e.Info.Storage, Truncated: len(e.Name) > most}
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
		m.Link = &linkRef{Kind: e.Link.Kind.String(), File: display.Short(e.Link.File, most),
			Target: display.Short(e.Link.Path, most), OK: e.Err == nil}
	}
	return m
}
