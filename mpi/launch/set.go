package launch

import (
	"cmp"
	"iter"
	"slices"
	"strconv"
	"strings"
)

// Span is a run of consecutive ranks, both ends included.
type Span struct{ First, Last int }

// Set is a set of ranks: spans in rising order that neither overlap nor touch. Sets are values: no
// method changes one.
type Set []Span

// All is the set of ranks 0 to n-1.
func All(n int) Set {
	if n <= 0 {
		return nil
	}
	return Set{{0, n - 1}}
}

// Ranks is the set of the given ranks, in any order.
func Ranks(ranks ...int) Set {
	spans := make(Set, len(ranks))
	for i, r := range ranks {
		spans[i] = Span{r, r}
	}
	return joined(spans)
}

// joined sorts spans and makes those that overlap or touch one; it may reuse their memory.
func joined(spans Set) Set {
	if len(spans) < 2 {
		return spans
	}
	slices.SortFunc(spans, func(a, b Span) int { return cmp.Compare(a.First, b.First) })
	out := spans[:1]
	for _, s := range spans[1:] {
		if last := &out[len(out)-1]; s.First <= last.Last+1 {
			last.Last = max(last.Last, s.Last)
		} else {
			out = append(out, s)
		}
	}
	return out
}

// Len is the number of ranks.
func (s Set) Len() int {
	n := 0
	for _, span := range s {
		n += span.Last - span.First + 1
	}
	return n
}

// Has reports whether rank is in the set.
func (s Set) Has(rank int) bool {
	i, found := slices.BinarySearchFunc(s, rank, func(span Span, r int) int { return cmp.Compare(span.First, r) })
	return found || i > 0 && rank <= s[i-1].Last
}

// Each gives the ranks in rising order.
func (s Set) Each() iter.Seq[int] {
	return func(yield func(int) bool) {
		for _, span := range s {
			for r := span.First; r <= span.Last; r++ {
				if !yield(r) {
					return
				}
			}
		}
	}
}

// Union is the set of ranks that are in s or t.
func (s Set) Union(t Set) Set {
	switch {
	case len(t) == 0:
		return s
	case len(s) == 0:
		return t
	}
	return joined(append(slices.Clip(slices.Clone(s)), t...))
}

// Minus is the set of ranks that are in s and not in t.
func (s Set) Minus(t Set) Set {
	if !s.Meets(t) {
		return s
	}
	var out Set
	for _, span := range s {
		first := span.First
		for _, hole := range t {
			if hole.Last < first {
				continue
			}
			if hole.First > span.Last {
				break
			}
			if hole.First > first {
				out = append(out, Span{first, hole.First - 1})
			}
			first = hole.Last + 1
		}
		if first <= span.Last {
			out = append(out, Span{first, span.Last})
		}
	}
	return out
}

// And is the set of ranks that are in both s and t.
func (s Set) And(t Set) Set {
	if !s.Meets(t) {
		return nil
	}
	return s.Minus(s.Minus(t))
}

// Meets reports whether s and t have a rank in common.
func (s Set) Meets(t Set) bool {
	for i, j := 0, 0; i < len(s) && j < len(t); {
		switch {
		case s[i].Last < t[j].First:
			i++
		case t[j].Last < s[i].First:
			j++
		default:
			return true
		}
	}
	return false
}

// String is the set as people write it: "[0-7]", "[0,2-3]", "[]".
func (s Set) String() string {
	var b strings.Builder
	b.WriteByte('[')
	for i, span := range s {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.Itoa(span.First))
		if span.Last > span.First {
			b.WriteByte('-')
			b.WriteString(strconv.Itoa(span.Last))
		}
	}
	b.WriteByte(']')
	return b.String()
}
