package h5browse

import (
	"context"
	"slices"
	"strings"

	"gofive/h5"
)

// hit is what a search has found.
type hit struct {
	Path      string `json:"path"`
	Kind      string `json:"kind"`
	Where     string `json:"where"` // name or attribute
	Attribute string `json:"attribute,omitempty"`
	Excerpt   string `json:"excerpt"`
}

// searching is a search under way: breadth first, so that what is near the top comes first.
type searching struct {
	ctx          context.Context
	call         *call
	text         string
	names, attrs bool
	limit        int

	root    group
	seen    map[[2]int64]bool
	next    []string // groups that are not entered yet
	found   int
	visited int
	more    bool
	waiting []hit // that were not told yet
}

// search looks for a text in names and attributes of all that is below a group.
func search(ctx context.Context, l *call) (answer, error) {
	r := l.request
	if !slices.Contains([]string{"", "names", "attrs", "both"}, r.In) {
		return answer{}, badRequest("in is names, attrs or both, not %q", cutText(r.In, 100))
	}
	if strings.TrimSpace(r.Text) == "" {
		return answer{}, badRequest("text is empty")
	}
	g, err := l.group()
	if err != nil {
		return answer{}, err
	}
	defer drop(g)
	s := &searching{ctx: ctx, call: l, text: strings.ToLower(r.Text), names: r.In != "attrs", attrs: r.In == "attrs" || r.In == "both",
		limit: within(r.Limit, usualListed, 1, mostListed), root: g, seen: map[[2]int64]bool{}}
	if info, err := g.Info(); err == nil {
		s.seen[[2]int64{info.FileNo, info.Address}] = true
	}
	s.next = []string{g.Path()}
	for len(s.next) > 0 && !s.more && err == nil {
		path := s.next[0]
		s.next = s.next[1:]
		err = s.group(path)
	}
	s.tell(true)
	if err != nil {
		return answer{}, err
	}
	return answer{fields: map[string]any{"done": true, "found": s.found, "visited": s.visited, "more": s.more}}, nil
}

// group looks at the members of a group. One that cannot be read is passed over.
func (s *searching) group(path string) error {
	g := s.root
	if path != g.Path() {
		child, err := s.root.Group(path)
		if err != nil {
			return nil
		}
		defer child.Close()
		g = child
	}
	_ = g.Each(h5.ListOptions{Order: h5.Natural, Attributes: s.attrs}, s.member) // what it cannot read has its own error
	return s.ctx.Err()
}

// member looks at one object.
func (s *searching) member(e h5.Entry) error {
	s.visited++
	if s.names && strings.Contains(strings.ToLower(e.Name), s.text) {
		s.hit(hit{Path: e.Path, Kind: kindOf(e), Where: "name", Excerpt: cutText(e.Name, mostText)})
	}
	for _, a := range e.Info.Attributes {
		if large(a) {
			continue
		}
		if text := a.Name() + " " + a.ValueString(); strings.Contains(strings.ToLower(text), s.text) {
			s.hit(hit{Path: e.Path, Kind: kindOf(e), Where: "attribute", Attribute: a.Name(), Excerpt: excerpt(a.ValueString(), s.text)})
		}
	}
	key := [2]int64{e.Info.FileNo, e.Info.Address}
	followed := e.Link.Kind != h5.LinkHard && e.Link.Kind != h5.LinkNone
	if e.Kind == h5.KindGroup && e.Err == nil && !followed && !s.seen[key] {
		s.seen[key] = true
		s.next = append(s.next, e.Path)
	}
	s.tell(false)
	if s.more {
		return h5.Stop
	}
	return s.ctx.Err()
}

func (s *searching) hit(h hit) {
	if s.found == s.limit {
		s.more = true
		return
	}
	s.found++
	s.waiting = append(s.waiting, h)
}

// mostHits is how many hits are told at once.
const mostHits = 50

// tell tells what was found: at the end, when it is much, and else now and then.
func (s *searching) tell(end bool) {
	switch {
	case len(s.waiting) > 0 && (end || len(s.waiting) >= mostHits):
		s.call.hits(s.waiting, s.visited)
		s.waiting = nil
	case !end && s.visited%1000 == 0:
		s.call.hits([]hit{}, s.visited)
	}
}

// aroundHit is how much of a long text is told on either side of what was found in it.
const aroundHit = 60

// excerpt is a text around what was found in it.
func excerpt(text, found string) string {
	at := strings.Index(strings.ToLower(text), found)
	if at < 0 || at > len(text) {
		return cutText(text, 2*aroundHit)
	}
	out := strings.ToValidUTF8(text[max(0, at-aroundHit):min(len(text), at+len(found)+aroundHit)], "")
	if at > aroundHit {
		out = "…" + out
	}
	if at+len(found)+aroundHit < len(text) {
		out += "…"
	}
	return out
}
