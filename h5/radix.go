package h5

import (
	"cmp"
	"math"
	"runtime"
	"slices"
	"sync"
)

// keyed is a number as bits that come in its order, and the row that it stands in.
type keyed struct {
	key uint64
	at  int
}

// nanKey comes after all other keys of floats.
const nanKey = math.MaxUint64

// keysOf gives the keys of integers.
func keysOf[T integral](s []T) []keyed {
	sign := uint64(0)
	if ^T(0) < 0 {
		sign = 1 << 63
	}
	out := makeSlice[keyed](len(s))
	for i, x := range s {
		out[i] = keyed{uint64(x) ^ sign, i}
	}
	return out
}

// floatKeys gives the keys of floats: both zeros have one, and all NaN have another.
func floatKeys[T float32 | float64](s []T) []keyed {
	out := makeSlice[keyed](len(s))
	for i, x := range s {
		bits := math.Float64bits(float64(x) + 0) // -0 becomes 0
		key := bits ^ (uint64(int64(bits)>>63) | 1<<63)
		if x != x {
			key = nanKey
		}
		out[i] = keyed{key, i}
	}
	return out
}

// turn makes the order of the keys a falling one, but for that of NaN.
func turn(all []keyed, floats bool) {
	for i, k := range all {
		if !floats || k.key != nanKey {
			all[i].key = ^k.key // of floats none is 0, so that none becomes NaN's
		}
	}
}

const (
	digitBits   = 11
	digitValues = 1 << digitBits
	radixAbove  = 1 << 12 // fewer are sorted by comparing
)

// sortKeys puts keys in rising order; equal ones stay as they were. Digit by digit from the last one on, of
// which those that are alike everywhere are left out.
func sortKeys(all []keyed) []keyed {
	if len(all) < radixAbove {
		slices.SortStableFunc(all, func(a, b keyed) int { return cmp.Compare(a.key, b.key) })
		return all
	}
	differ := uint64(0)
	for _, k := range all {
		differ |= k.key ^ all[0].key
	}
	spare := makeSlice[keyed](len(all))
	for shift := 0; shift < 64; shift += digitBits {
		if differ>>shift&(digitValues-1) != 0 {
			sortByDigit(all, spare, shift)
			all, spare = spare, all
		}
	}
	return all
}

// sortByDigit moves keys to where they belong by one digit, each processor those of one part.
func sortByDigit(from, to []keyed, shift int) {
	parts := slices.Collect(slices.Chunk(from, max(1, (len(from)+runtime.GOMAXPROCS(0)-1)/runtime.GOMAXPROCS(0))))
	next := make([][digitValues]int, len(parts))
	each := func(f func(i int)) {
		var all sync.WaitGroup
		for i := range parts {
			all.Go(func() { f(i) })
		}
		all.Wait()
	}
	each(func(i int) {
		for _, k := range parts[i] {
			next[i][k.key>>shift&(digitValues-1)]++
		}
	})
	at := 0
	for d := range digitValues {
		for i := range next {
			n := next[i][d]
			next[i][d] = at
			at += n
		}
	}
	each(func(i int) {
		places := &next[i]
		for _, k := range parts[i] {
			d := k.key >> shift & (digitValues - 1)
			to[places[d]] = k
			places[d]++
		}
	})
}

// inOrder gives the rows of keys, counted from lo on, in the order of the keys.
func inOrder(all []keyed, lo int, falling, floats bool) []int {
	if falling {
		turn(all, floats)
	}
	out := makeSlice[int](len(all))
	for i, k := range sortKeys(all) {
		out[i] = lo + k.at
	}
	return out
}

// numberKeysOf numbers rows by their keys; the rows of nan, which come last, have no number.
func numberKeysOf(all []keyed, nan int) numbering {
	all = sortKeys(all)
	n := numbering{of: makeSlice[int](len(all))}
	values := all[:len(all)-nan]
	different := 0
	for i, k := range values {
		different += truth(i == 0 || k.key != values[i-1].key)
	}
	n.first = makeSlice[int](different)[:0]
	for i, k := range values {
		if i == 0 || k.key != values[i-1].key {
			n.first = append(n.first, k.at)
		}
		n.of[k.at] = len(n.first) - 1
	}
	for _, k := range all[len(values):] {
		n.of[k.at] = -1
	}
	return n
}
