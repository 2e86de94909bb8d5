package h5

import (
	"fmt"
	"math"
	"math/bits"
	"strconv"
	"strings"

	"gofive/h5/internal/libhdf5"
)

// Shape is the length of each axis. A scalar has the empty Shape{}; a null dataspace, which holds
// nothing at all, has the nil Shape Null.
type Shape []int

// Null is the shape of a dataset or attribute without a dataspace.
var Null Shape

// Unlimited is the length in a maximum shape of an axis that can grow without end.
const Unlimited = -1

// Len is the number of elements: 1 for a scalar, 0 for Null, math.MaxInt if an int cannot hold it.
func (s Shape) Len() int {
	if s == nil {
		return 0
	}
	return libhdf5.Product(s)
}

// bytes is the number of bytes of elements of size, and whether an int can hold it.
func (s Shape) bytes(size int) (int, bool) {
	if s == nil {
		return 0, true
	}
	n := uint(size)
	for _, d := range s {
		hi, lo := bits.Mul(n, uint(d))
		if hi != 0 || lo > math.MaxInt {
			return 0, false
		}
		n = lo
	}
	return int(n), true
}

// String gives (4622), (100, 2), () for a scalar and null.
func (s Shape) String() string {
	if s == nil {
		return "null"
	}
	parts := make([]string, len(s))
	for i, n := range s {
		if parts[i] = strconv.Itoa(n); n == Unlimited {
			parts[i] = "unlimited"
		}
	}
	return fmt.Sprintf("(%s)", strings.Join(parts, ", "))
}
