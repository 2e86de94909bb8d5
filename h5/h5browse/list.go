package h5browse

import (
	"context"
	"encoding/json"
	"path"
	"slices"
	"strings"
	"sync"

	"gofive/h5"
	"gofive/h5/h5view"
)

// group is a *h5.File or *h5.Group.
type group interface {
	h5.Object
	Names(order ...h5.Order) (h5.Names, error)
	Links() ([]h5.Entry, error)
	List(h5.ListOptions) (*h5.Listing, error)
	Each(h5.ListOptions, func(h5.Entry) error) error
	Group(string) (*h5.Group, error)
}

// object opens what a request names.
func (l *call) object() (h5.Object, error) {
	f, err := l.file()
	if err != nil {
		return nil, err
	}
	if strings.Trim(l.request.Path, "/") == "" {
		return f, nil
	}
	return f.Get(l.request.Path)
}

// group opens the group that a request names.
func (l *call) group() (group, error) {
	o, err := l.object()
	if err != nil {
		return nil, err
	}
	g, ok := o.(group)
	if !ok {
		drop(o)
		return nil, &failure{Kind: "bad-request", Message: "it is a " + o.Kind().String() + " and no group", Path: o.Path()}
	}
	return g, nil
}

// dataset opens the dataset that a request names.
func (l *call) dataset() (*h5.Dataset, error) {
	o, err := l.object()
	if err != nil {
		return nil, err
	}
	d, ok := o.(*h5.Dataset)
	if !ok {
		drop(o)
		return nil, &failure{Kind: "bad-request", Message: "it is a " + o.Kind().String() + " and no dataset", Path: o.Path()}
	}
	if isSWMR(d.File()) {
		return d, d.Refresh()
	}
	return d, nil
}

// drop closes an object that was opened for a call; a file stays open.
func drop(o h5.Object) {
	if _, ok := o.(*h5.File); !ok {
		o.Close()
	}
}

// orderings are the orders of a list, by what pages call them.
var orderings = map[string]h5.Order{"": h5.Natural, "natural": h5.Natural, "name": h5.ByName, "created": h5.ByCreation}

// list describes a page of a group's members.
func list(ctx context.Context, l *call) (answer, error) {
	r := l.request
	order, ok := orderings[r.Sort]
	if !ok {
		return answer{}, badRequest("sort is natural, name or created, not %q", cutText(r.Sort, 100))
	}
	g, err := l.group()
	if err != nil {
		return answer{}, err
	}
	defer drop(g)
	names, err := l.members(ctx, g, order)
	if err != nil {
		return answer{}, err
	}
	from := min(max(r.Offset, 0), names.Len())
	to := min(from+within(r.Limit, usualListed, 1, mostListed), names.Len())
	page := &h5.Listing{}
	guide := l.comm.browser.guides.of(g.File())
	if from < to {
		// Attributes cost as much as all else, and without a convention none tells what an object is for.
		o := h5.ListOptions{Of: names.Slice(from, to), Attributes: r.Detail || len(guide.Conventions()) > 0}
		if page, err = g.List(o); err != nil {
			return answer{}, err
		}
	}
	members := guide.Members(g, page.Entries)
	items, left := fitting(members)
	if r.Detail {
		more, err := detailed(ctx, members, page.Entries)
		if err != nil {
			return answer{}, err
		}
		items, left = fitting(more)
	}
	fields := map[string]any{"path": g.Path(), "total": names.Len(), "items": items}
	if next := to - left; next < names.Len() {
		fields["next"] = next
	}
	return answer{fields: fields}, nil
}

// detailedMember is a member with what a page would have to ask for one by one.
type detailedMember struct {
	h5view.Member
	Type       *typeItem        `json:"type,omitempty"`
	Chunks     []int            `json:"chunks,omitempty"`
	Filters    []map[string]any `json:"filters,omitempty"` // as stat tells them, in place of the member's
	Attributes []attrItem       `json:"attrs,omitempty"`
}

// detailed adds to members what their entries know beyond.
func detailed(ctx context.Context, members []h5view.Member, entries []h5.Entry) ([]detailedMember, error) {
	out := make([]detailedMember, len(members))
	for i, e := range entries {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		out[i] = detailedMember{Member: members[i], Chunks: e.Info.Chunks, Filters: filterItems(e.Info.Filters)}
		if t := e.Info.Datatype; t != nil {
			out[i].Type = newTypeItem(t, 0, new(int))
		}
		for _, a := range e.Info.Attributes {
			out[i].Attributes = append(out[i].Attributes, newAttrItem(a))
		}
	}
	return out, nil
}

// fitting gives the JSON of the first items that one answer holds, one at least, and tells how many are left.
func fitting[T any](items []T) (kept json.RawMessage, left int) {
	if items == nil {
		items = []T{}
	}
	const room = mostJSON - 4<<10
	if raw, err := json.Marshal(items); err == nil && len(raw) <= room {
		return raw, 0
	}
	size, n := 0, 0
	for ; n < len(items); n++ {
		raw, _ := json.Marshal(items[n])
		if size += len(raw) + 1; size > room && n > 0 {
			break
		}
	}
	raw, _ := json.Marshal(items[:n])
	return raw, len(items) - n
}

// members gives the names of what a list holds in all.
func (l *call) members(ctx context.Context, g group, order h5.Order) (h5.Names, error) {
	r := l.request
	names, err := l.comm.browser.names.of(g, order)
	if err != nil {
		return names, err
	}
	keep := map[string]bool{}
	switch {
	case r.Attribute != "":
		err = l.withAttribute(ctx, g, keep)
	case len(r.Kinds) > 0:
		err = l.ofKinds(g, keep)
	case r.Filter == "":
		return names, nil
	default:
		return names.Keep(func(n string) bool { return matches(n, r.Filter) }), nil
	}
	return names.Keep(func(n string) bool { return keep[n] && matches(n, r.Filter) }), err
}

// ofKinds notes the names of members that are of the kinds that a list keeps.
func (l *call) ofKinds(g group, keep map[string]bool) error {
	links, err := g.Links()
	for _, e := range links {
		keep[e.Name] = slices.Contains(l.request.Kinds, kindOf(e))
	}
	return err
}

// kindOf is what pages call the kind of an entry.
func kindOf(e h5.Entry) string {
	switch e.Kind {
	case h5.KindUnknown:
		return "link"
	case h5.KindDatatype:
		return "type"
	}
	return e.Kind.String()
}

// withAttribute notes the names of members that have an attribute, as "units" or "units=K", and are of the kinds.
func (l *call) withAttribute(ctx context.Context, g group, keep map[string]bool) error {
	r := l.request
	name, value, valued := strings.Cut(r.Attribute, "=")
	return g.Each(h5.ListOptions{Attributes: true}, func(e h5.Entry) error {
		a, ok := e.Info.Attributes.Get(name)
		keep[e.Name] = ok && (len(r.Kinds) == 0 || slices.Contains(r.Kinds, kindOf(e))) && (!valued || is(a, value))
		return ctx.Err()
	})
}

// is reports whether an attribute has a value, as people write it.
func is(a *h5.Attribute, value string) bool {
	text, err := a.Text()
	return err == nil && strings.EqualFold(strings.TrimSpace(text), strings.TrimSpace(value))
}

// matches reports whether a name holds a text, in any case, or is as a pattern says.
func matches(name, filter string) bool {
	name, filter = strings.ToLower(name), strings.ToLower(filter)
	if strings.ContainsAny(filter, "*?") {
		ok, err := path.Match(filter, name)
		return ok && err == nil
	}
	return strings.Contains(name, filter)
}

// listings are the names of the groups that were listed last, of files that do not change.
type listings struct {
	mu   sync.Mutex
	kept []listing
}

type listing struct {
	of    mark
	path  string
	order h5.Order
	names h5.Names
}

// How many listings are kept, and how many names one has to have: others are soon found again.
const (
	mostListings = 8
	manyNames    = 500
)

// of gives the names of a group's members.
func (ls *listings) of(g group, order h5.Order) (h5.Names, error) {
	m := markOf(g.File())
	ls.mu.Lock()
	for _, k := range ls.kept {
		if k.of == m && k.path == g.Path() && k.order == order {
			ls.mu.Unlock()
			return k.names, nil
		}
	}
	ls.mu.Unlock()
	names, err := g.Names(order)
	if err != nil || names.Len() < manyNames || changing(g.File()) {
		return names, err
	}
	ls.mu.Lock()
	ls.kept = append(ls.kept, listing{m, g.Path(), order, names})
	ls.kept = ls.kept[max(0, len(ls.kept)-mostListings):]
	ls.mu.Unlock()
	return names, nil
}

var _ = []group{(*h5.File)(nil), (*h5.Group)(nil)}

// clear forgets all.
func (k *listings) clear() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.kept = nil
}
