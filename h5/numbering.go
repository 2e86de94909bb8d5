package h5

import (
	"cmp"
	"slices"
)

// numbering gives equal values of a column the same number: 0, 1, ... in the order of the values. NaN
// is not a value and has the number -1.
type numbering struct {
	of    []int // the number of each row
	first []int // for each number, the first row that has it
}

// newNumbering numbers the rows of a column; ok is false when its elements have no order.
func newNumbering(a *Array) (n numbering, ok bool) {
	if len(a.shape) != 1 {
		return n, false
	}
	v := vectorOf(a.data)
	if v == nil {
		return n, false
	}
	return v.numbering(), true
}

type integral interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint8 | ~uint16 | ~uint32 | ~uint64
}

// numberIntegers looks numbers up in a list when they lie close together, which keys mostly do.
func numberIntegers[T integral](s []T) numbering {
	if len(s) == 0 {
		return numbering{}
	}
	lo, hi := slices.Min(s), slices.Max(s)
	if span := uint64(hi) - uint64(lo); span < uint64(2*len(s)+1024) {
		return numberDense(s, lo, int(span)+1)
	}
	if n, ok := numberFew(s); ok {
		return n
	}
	return numberKeysOf(keysOf(s), 0)
}

// numberFloats is numberIntegers for floats.
func numberFloats[T float32 | float64](s []T) numbering {
	if n, ok := numberFew(s); ok {
		return n
	}
	nan := 0
	for _, x := range s {
		nan += truth(x != x)
	}
	return numberKeysOf(floatKeys(s), nan)
}

// manyValues is how many different values are looked up in a map; of more the rows are sorted, which is
// faster then.
const manyValues = 1 << 15

// numberFew is numberAny that gives up when there are many values.
func numberFew[T cmp.Ordered](s []T) (numbering, bool) { return numberUpTo(s, manyValues) }

func numberDense[T integral](s []T, lo T, span int) numbering {
	n := numbering{of: makeSlice[int](len(s))}
	places := make([]int, span) // one more than the first row, later one more than the number
	for i := len(s) - 1; i >= 0; i-- {
		places[uint64(s[i])-uint64(lo)] = i + 1
	}
	for v, place := range places {
		if place > 0 {
			n.first = append(n.first, place-1)
			places[v] = len(n.first)
		}
	}
	for i, x := range s {
		n.of[i] = places[uint64(x)-uint64(lo)] - 1
	}
	return n
}

// numberAny numbers values of any type.
func numberAny[T cmp.Ordered](s []T) numbering {
	n, _ := numberUpTo(s, len(s))
	return n
}

// numberUpTo numbers values unless there are more different ones than most.
func numberUpTo[T cmp.Ordered](s []T, most int) (numbering, bool) {
	n := numbering{of: makeSlice[int](len(s))}
	seen := map[T]int{}
	for i, x := range s {
		if x != x {
			n.of[i] = -1
			continue
		}
		k, ok := seen[x]
		if !ok {
			k = len(n.first)
			if k == most {
				return numbering{}, false
			}
			seen[x] = k
			n.first = append(n.first, i)
		}
		n.of[i] = k
	}
	return n.inOrder(orderOfFirst(s, n.first)), true
}

// orderOfFirst gives numbers in the order of their values. The values are put beside the numbers first:
// to look each up while sorting takes several times as long.
func orderOfFirst[T cmp.Ordered](s []T, first []int) []int {
	type numbered struct {
		value T
		k     int
	}
	all := make([]numbered, len(first))
	for k, i := range first {
		all[k] = numbered{s[i], k}
	}
	slices.SortFunc(all, func(a, b numbered) int { return cmp.Compare(a.value, b.value) })
	order := make([]int, len(all))
	for r, v := range all {
		order[r] = v.k
	}
	return order
}

// inOrder numbers anew: order[0] becomes 0.
func (n numbering) inOrder(order []int) numbering {
	rank, first := make([]int, len(order)), make([]int, len(order))
	for r, k := range order {
		rank[k], first[r] = r, n.first[k]
	}
	for i, k := range n.of {
		if k >= 0 {
			n.of[i] = rank[k]
		}
	}
	return numbering{n.of, first}
}

// and numbers the pairs of two columns' values, the first column's order first. A row without a value in
// one of them has none.
func (n numbering) and(o numbering) numbering {
	pairs := makeSlice[int](len(n.of))
	for i, k := range n.of {
		if k < 0 || o.of[i] < 0 {
			pairs[i] = -1
			continue
		}
		pairs[i] = k*len(o.first) + o.of[i]
	}
	both := numberIntegers(pairs)
	if len(pairs) > 0 && len(both.first) > 0 && pairs[both.first[0]] < 0 { // -1 was the least
		both.first = both.first[1:]
		for i := range both.of {
			both.of[i]--
		}
	}
	return both
}

// withNaN makes NaN a value, the last one.
func (n numbering) withNaN() numbering {
	last, found := len(n.first), false
	for i, k := range n.of {
		if k < 0 {
			if !found {
				n.first, found = append(n.first, i), true
			}
			n.of[i] = last
		}
	}
	return n
}

// byNumber gives the rows ordered by number, and where each number's rows begin; the last entry is
// their end. Rows of one number stay in order, and those without one are left out.
func (n numbering) byNumber() (rows, begin []int) {
	begin = make([]int, len(n.first)+1)
	for _, k := range n.of {
		if k >= 0 {
			begin[k+1]++
		}
	}
	for k := range n.first {
		begin[k+1] += begin[k]
	}
	rows, next := makeSlice[int](begin[len(n.first)]), slices.Clone(begin)
	for i, k := range n.of {
		if k >= 0 {
			rows[next[k]] = i
			next[k]++
		}
	}
	return rows, begin
}
