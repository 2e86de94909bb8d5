package h5

import (
	"fmt"
	"runtime"
	"slices"
	"strings"

	"gofive/h5/internal/libhdf5"
)

// Entry is one member of a group: a name, the link behind it, and what it leads to.
type Entry struct {
	Name string
	Path string
	Link Link
	Kind Kind // KindUnknown when it was not asked for, or Err says why
	Info ObjectInfo
	Err  error // why the link leads nowhere, or the object cannot be described
}

// ListOptions say what of a group to list, and how much to find out.
type ListOptions struct {
	Offset     int // entries to leave out
	Limit      int // entries to give at most; 0 for all
	Order      Order
	Names      []string // only these, in this order: what was listed before is described without listing it again
	Of         Names    // only these, as they were found in this group
	Attributes bool     // attributes and their small values as well
	AttrTypes  bool     // names, types and shapes of attributes, without values: those are read when asked for
}

// Order is the order in which the members of a group are named.
type Order uint8

// The orders.
const (
	ByName     Order = iota // byte order
	Natural                 // as people count: "spec9" before "spec10"
	ByCreation              // as they were made; an error for groups without GroupCreate.TrackOrder
)

// Listing is a page of a group.
type Listing struct {
	Total   int // links in the group
	Entries []Entry
}

// List describes a page of the group's members: the names of all are looked at in one call, and only
// the objects of the page are opened. A member that cannot be described is listed with its Err.
func (g *container) List(o ListOptions) (*Listing, error) {
	const op = "list"
	names, total, err := g.page(op, o)
	if err != nil {
		return nil, err
	}
	out := &Listing{Total: total}
	out.Entries, err = g.describe(op, names, o.detail())
	return out, err
}

// page gives the names of a page, and how many there are in all. For the first few of very many in
// natural order these are not all sorted.
func (g *container) page(op string, o ListOptions) (names []libhdf5.Name, total int, err error) {
	from, order := max(o.Offset, 0), o.Order
	if o.Names != nil || o.Of.list != nil {
		return o.named(from)
	}
	if order == Natural && o.Limit > 0 {
		order = ByName
	}
	if names, err = g.names(op, order); err != nil {
		return nil, 0, err
	}
	total = len(names)
	from = min(from, total)
	to := total
	if o.Limit > 0 && o.Limit < total-from {
		to = from + o.Limit
	}
	if order != o.Order {
		names = firstNatural(names, to)
	}
	return names[from:to], total, nil
}

// named gives the page of the names that were asked for.
func (o ListOptions) named(from int) (names []libhdf5.Name, total int, err error) {
	all := slices.Clip(o.Of.list)
	for _, n := range o.Names {
		all = append(all, libhdf5.Name{Text: n, Address: libhdf5.NoAddress})
	}
	names = all[min(from, len(all)):]
	if o.Limit > 0 {
		names = names[:min(o.Limit, len(names))]
	}
	return names, len(all), nil
}

// firstNatural gives the first n of names in natural order.
func firstNatural(names []libhdf5.Name, n int) []libhdf5.Name {
	compare := func(a, b libhdf5.Name) int { return naturalCompare(a.Text, b.Text) }
	if n > len(names)/16 {
		slices.SortFunc(names, compare)
		return names
	}
	var out []libhdf5.Name
	for _, name := range names {
		if len(out) == n && (n == 0 || compare(name, out[n-1]) >= 0) {
			continue
		}
		at, _ := slices.BinarySearchFunc(out, name, compare)
		out = slices.Insert(out[:min(len(out), n-1)], at, name)
	}
	return out
}

func (o ListOptions) detail() libhdf5.Detail {
	switch {
	case o.Attributes:
		return libhdf5.AttributeValues
	case o.AttrTypes:
		return libhdf5.AttributeTypes
	}
	return libhdf5.NoAttributes
}

// Children describes all members of the group.
func (g *container) Children() ([]Entry, error) {
	l, err := g.List(ListOptions{})
	if err != nil {
		return nil, err
	}
	return l.Entries, nil
}

// Links gives the names and links of the group's members and the kind of each that leads to an
// object, but opens none of them.
func (g *container) Links() ([]Entry, error) {
	const op = "list"
	id, err := g.use(op)
	if err != nil {
		return nil, err
	}
	defer runtime.KeepAlive(g.h)
	links, err := libhdf5.List(id, ".")
	if err != nil {
		return nil, g.failed(op, g.path, err)
	}
	out := make([]Entry, len(links))
	for i, l := range links {
		out[i] = Entry{Name: l.Name, Path: join(g.path, l.Name), Link: newLink(l.Link), Kind: Kind(l.Kind)}
	}
	return out, nil
}

// pageSize is how many objects one call into the library describes: the lock is free in between.
const pageSize = 256

func (g *container) describe(op string, names []libhdf5.Name, attributes libhdf5.Detail) ([]Entry, error) {
	out := make([]Entry, len(names))
	stop := interrupted()
	for from := 0; from < len(names); from += pageSize {
		if stop() {
			return nil, interruption(op, g.path, g.h.file.path)
		}
		to := min(from+pageSize, len(names))
		if err := g.describePage(op, names[from:to], attributes, out[from:to]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func interruption(op, name, file string) error {
	return &Error{Op: op, Name: name, File: file, Kind: ErrInterrupted, Reason: "interrupted"}
}

func (g *container) describePage(op string, names []libhdf5.Name, attributes libhdf5.Detail, out []Entry) error {
	id, err := g.use(op)
	if err != nil {
		return err
	}
	defer runtime.KeepAlive(g.h)
	stats, err := libhdf5.Describe(id, names, attributes, smallAttribute, g.decode)
	if err != nil {
		return g.failed(op, g.path, err)
	}
	for i := range stats {
		out[i] = g.newEntry(names[i].Text, &stats[i])
	}
	return nil
}

func (g *container) newEntry(name string, s *libhdf5.Stat) Entry {
	e := Entry{Name: name, Path: join(g.path, name), Link: newLink(s.Link), Kind: Kind(s.Kind)}
	if s.Err != nil {
		err := g.failed("open", e.Path, s.Err)
		err.brokenLink(e.Path, e.Link)
		e.Err, e.Kind = err, KindUnknown
		return e
	}
	e.Info = newObjectInfo(s, g.h.file)
	if s.Attributes == nil {
		return e
	}
	e.Info.Attributes = newAttributes(g.object, s.Attributes, func(attr string) (*Attribute, error) {
		o, err := g.Get(name)
		if err != nil {
			return nil, err
		}
		defer o.Close()
		return o.Attr(attr)
	})
	return e
}

// String gives an entry a line, and says how many are left out.
func (l *Listing) String() string {
	lines := make([]string, len(l.Entries), len(l.Entries)+1)
	for i, e := range l.Entries {
		lines[i] = e.String()
	}
	if n := l.Total - len(l.Entries); n > 0 {
		lines = append(lines, fmt.Sprintf("(%d more)", n))
	}
	return strings.Join(lines, "\n")
}

// IsDataset reports whether the entry leads to a dataset.
func (e Entry) IsDataset() bool { return e.Kind == KindDataset }

// IsGroup reports whether the entry leads to a group.
func (e Entry) IsGroup() bool { return e.Kind == KindGroup }

// String gives one line: path, kind, and what is known of it.
func (e Entry) String() string {
	parts := []string{printable(e.Path)}
	if e.Kind != KindUnknown {
		parts = append(parts, e.Kind.String())
	}
	if e.Kind == KindDataset && e.Info.Datatype != nil {
		parts = append(parts, e.Info.Shape.String(), e.Info.Datatype.String())
	}
	if t := e.Link.Target(); t != "" {
		parts = append(parts, "→ "+printable(t))
	}
	if e.Err != nil {
		parts = append(parts, "(broken)")
	}
	return strings.Join(parts, "  ")
}
