package libhdf5

import (
	"math"
	"math/bits"
	"slices"
)

// Space is a dataspace.
type Space struct {
	Null bool  // no extent and no elements; Dims is nil
	Dims []int // empty for a scalar
	Max  []int // as long as Dims; -1 for unlimited
}

func (r *reader) space() Space {
	class := r.u8()
	n := r.count(16)
	both := r.ints(2 * n)
	return Space{Null: class == 2, Dims: both[:n:n], Max: both[n:]}
}

// Len is the number of elements, math.MaxInt if there are more than that.
func (s Space) Len() int {
	if s.Null {
		return 0
	}
	return Product(s.Dims)
}

// Product multiplies lengths, as a file may name them: the result is never negative, and math.MaxInt
// when an int cannot hold it.
func Product(lengths []int) int {
	if slices.Contains(lengths, 0) {
		return 0
	}
	n := uint(1)
	for _, d := range lengths {
		hi, lo := bits.Mul(n, uint(d))
		if hi != 0 || lo > math.MaxInt {
			return math.MaxInt
		}
		n = lo
	}
	return int(n)
}
