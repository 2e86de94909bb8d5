package h5view

import "gofive/h5"

// What is looked at to add up the sizes of groups before a tree is shown: objects in all, members of
// one group, and the size of a group of which not even the names are asked.
const (
	maxAdded     = 5000
	maxAddedEach = 2000
	maxNamed     = 50_000
)

// identity tells objects apart, by whatever path they are reached: file number and address.
type identity [2]int64

func identityOf(i h5.ObjectInfo) identity { return identity{i.FileNo, i.Address} }

// total is what a group holds below it.
type total struct {
	bytes int64
	part  bool // there is more that was not looked at
	above *total
}

// add counts bytes for the group and all above it.
func (t *total) add(bytes int64) {
	for ; t != nil; t = t.above {
		t.bytes += bytes
	}
}

// miss notes that something below the group was not looked at.
func (t *total) miss() {
	for ; t != nil && !t.part; t = t.above {
		t.part = true
	}
}

// sizes are the totals of groups.
type sizes struct {
	root folder
	left int // objects that may still be looked at
	of   map[identity]*total
	seen map[identity]bool // datasets that were counted
	next []pending
}

// pending is a group that is not yet added up.
type pending struct {
	path  string
	links int
	total *total
}

// addUp adds up what groups below root hold, level by level, and looks at no more than most objects.
// A dataset of several paths is counted once.
func addUp(root folder, most int) map[identity]*total {
	s := &sizes{root: root, left: most, of: map[identity]*total{}, seen: map[identity]bool{}}
	info, err := root.Info()
	if err != nil {
		return nil
	}
	s.meet(root.Path(), info, nil)
	for ; len(s.next) > 0; s.next = s.next[1:] {
		s.group(s.next[0])
	}
	return s.of
}

// meet notes a group that is not known yet.
func (s *sizes) meet(path string, info h5.ObjectInfo, above *total) {
	key := identityOf(info)
	if s.of[key] == nil {
		s.of[key] = &total{above: above}
		s.next = append(s.next, pending{path, info.NumLinks, s.of[key]})
	}
}

// group adds up one group.
func (s *sizes) group(p pending) {
	if p.links == 0 {
		return
	}
	limit := min(s.left, maxAddedEach)
	if limit < p.links {
		p.total.miss()
	}
	if limit <= 0 || p.links > maxNamed {
		p.total.miss()
		return
	}
	g := s.root
	if p.path != g.Path() {
		child, err := g.Group(p.path)
		if err != nil {
			p.total.miss()
			return
		}
		defer child.Close()
		g = child
	}
	s.left -= min(limit, p.links)
	if err := g.Each(h5.ListOptions{Limit: limit}, func(e h5.Entry) error { s.member(e, p.total); return nil }); err != nil {
		p.total.miss()
	}
}

func (s *sizes) member(e h5.Entry, t *total) {
	key := identityOf(e.Info)
	switch {
	case e.Err != nil || followed(e):
	case e.Kind == h5.KindGroup:
		s.meet(e.Path, e.Info, t)
	case e.Kind == h5.KindDataset && (e.Info.Refs < 2 || !s.seen[key]):
		if e.Info.Refs > 1 {
			s.seen[key] = true
		}
		t.add(e.Info.Storage)
	}
}
