package launch

import "slices"

// mergeReach is how many groups a merge looks back over; beyond, equal output stays apart.
const mergeReach = 4096

// merger collects groups and makes those of equal kind and payload one, as far as every rank keeps
// the order of its own.
type merger struct {
	groups []group // one without ranks has moved
	ended  []group // kept apart: nothing of a run comes after its end, so it may always be last
	places map[mergeKey][]int
	bytes  int
}

type mergeKey struct {
	kind Kind
	run  uint64
	text string
}

// add takes a group that comes after all that its ranks have in the merger.
func (m *merger) add(g group) {
	if g.kind == kindEnded {
		m.end(g)
		return
	}
	if g.merge {
		key := mergeKey{g.kind, g.run, string(g.payload)}
		if places := m.places[key]; len(places) > 0 && (m.join(places, g.ranks) || m.move(key, g.ranks)) {
			return
		}
		if m.places == nil {
			m.places = map[mergeKey][]int{}
		}
		m.places[key] = append(m.places[key], len(m.groups))
	}
	m.groups = append(m.groups, g)
	m.bytes += len(g.payload) + 32
}

func (m *merger) end(g group) {
	for i := range m.ended {
		if e := &m.ended[i]; e.run == g.run {
			e.ranks = e.ranks.Union(g.ranks)
			return
		}
	}
	m.ended = append(m.ended, g)
}

// join adds ranks to the first of the equal groups at places that comes after everything of theirs.
func (m *merger) join(places []int, ranks Set) bool {
	for i := len(m.groups) - 1; ; i-- {
		if i < 0 || m.groups[i].ranks.Meets(ranks) {
			places = places[lowerBound(places, i+1):]
			break
		}
		if len(m.groups)-i > mergeReach {
			return false
		}
	}
	if len(places) == 0 {
		return false
	}
	g := &m.groups[places[0]]
	g.ranks = g.ranks.Union(ranks)
	return true
}

// move puts the last group of the key behind all others, and ranks into it, when none of its own ranks has
// anything after it, and it is not of these ranks itself.
func (m *merger) move(key mergeKey, ranks Set) bool {
	places := m.places[key]
	at := places[len(places)-1]
	g := m.groups[at]
	if len(m.groups)-at > mergeReach || g.ranks.Meets(ranks) {
		return false
	}
	for _, later := range m.groups[at+1:] {
		if later.ranks.Meets(g.ranks) {
			return false
		}
	}
	places[len(places)-1] = len(m.groups)
	m.groups[at].ranks, m.groups[at].payload = nil, nil
	g.ranks = g.ranks.Union(ranks)
	m.groups = append(m.groups, g)
	return true
}

func lowerBound(sorted []int, v int) int {
	i, _ := slices.BinarySearch(sorted, v)
	return i
}

// take gives what has been collected, and forgets it.
func (m *merger) take() []group {
	groups := slices.DeleteFunc(m.groups, func(g group) bool { return len(g.ranks) == 0 })
	groups = append(groups, m.ended...)
	*m = merger{}
	return groups
}
