package h5

import (
	"cmp"
	"slices"
	"strconv"
)

// vector is the elements of an array that have an order: numbers, texts, truth values. What is done alike
// to each of these types is a method of it, so that the types are told apart in one place, vectorOf.
type vector interface {
	// take gives places of the middle one of three axes, in that order.
	take(outer, n, inner int, places []int) any
	// order compares two elements, NaN after all others; falling turns it around but for NaN.
	order(falling bool) func(i, j int) int
	// places gives the places lo to hi-1 in the order of what is there.
	places(lo, hi int, falling bool) []int
	// sorted gives each n elements in rising order, NaN last.
	sorted(n int) any
	// numbering gives equal elements equal numbers.
	numbering() numbering
	// field appends elements to a line of a CSV file.
	field() csvField
}

// numeric is a vector of numbers of a type T, which arithmetic can result in.
type numeric interface {
	vector
	calculate(op string, a, b operand, shape Shape) any
	either(a, b operand, mask operand, shape Shape) any
	extreme(a *Array, op string, axis []int, least bool) (*Array, error)
	arg(a *Array, op string, axis []int, least bool) (*Array, error)
	from(a *Array) any // the numbers of another array as T
	zeros(n int) any
}

// vectorOf gives the elements of an array as a vector; nil when they have no order.
func vectorOf(data any) vector {
	switch s := data.(type) {
	case []string:
		return words(s)
	case []bool:
		return masked(s)
	}
	if n := numericOf(data); n != nil {
		return n
	}
	return nil
}

// numericOf gives the elements of an array of numbers; nil for others.
func numericOf(data any) numeric {
	switch s := data.(type) {
	case []int8:
		return signed[int8]{s}
	case []int16:
		return signed[int16]{s}
	case []int32:
		return signed[int32]{s}
	case []int64:
		return signed[int64]{s}
	case []uint8:
		return unsigned[uint8]{s}
	case []uint16:
		return unsigned[uint16]{s}
	case []uint32:
		return unsigned[uint32]{s}
	case []uint64:
		return unsigned[uint64]{s}
	case []float32:
		return floating[float32]{s}
	case []float64:
		return floating[float64]{s}
	}
	return nil
}

// numericFor is the vector for results of a type of number.
func numericFor(t *Datatype) numeric {
	return map[*Datatype]numeric{Int8: signed[int8]{}, Int16: signed[int16]{}, Int32: signed[int32]{}, Int64: signed[int64]{},
		Uint8: unsigned[uint8]{}, Uint16: unsigned[uint16]{}, Uint32: unsigned[uint32]{}, Uint64: unsigned[uint64]{},
		Float32: floating[float32]{}, Float64: floating[float64]{}}[t]
}

// scalars are numbers of any type.
type scalars[T number] []T

func (s scalars[T]) take(outer, n, inner int, places []int) any {
	return takeSlice(s, outer, n, inner, places)
}
func (s scalars[T]) order(falling bool) func(i, j int) int { return orderOf(s, falling) }
func (s scalars[T]) sorted(n int) any                      { return sortRows([]T(s), n) }

func (scalars[T]) calculate(op string, a, b operand, shape Shape) any {
	return calculate[T](op, a, b, shape)
}

func (scalars[T]) either(a, b, mask operand, shape Shape) any { return either[T](a, b, mask, shape) }

func (scalars[T]) extreme(a *Array, op string, axis []int, least bool) (*Array, error) {
	return reduce(a, op, axis, a.number(), extremeOf[T](least))
}

func (scalars[T]) arg(a *Array, op string, axis []int, least bool) (*Array, error) {
	return argOf[T](a, op, axis, least)
}

func (scalars[T]) from(a *Array) any {
	x, _ := numbers[T](a, "numbers")
	return x
}

func (scalars[T]) zeros(n int) any { return make([]T, n) }

// signed, unsigned and floating differ in how they are numbered and written.
type (
	signed[T int8 | int16 | int32 | int64]       struct{ scalars[T] }
	unsigned[T uint8 | uint16 | uint32 | uint64] struct{ scalars[T] }
	floating[T float32 | float64]                struct{ scalars[T] }
)

func (s signed[T]) numbering() numbering   { return numberIntegers(s.scalars) }
func (s unsigned[T]) numbering() numbering { return numberIntegers(s.scalars) }
func (s floating[T]) numbering() numbering { return numberFloats(s.scalars) }

func (s signed[T]) places(lo, hi int, falling bool) []int {
	return inOrder(keysOf(s.scalars[lo:hi]), lo, falling, false)
}

func (s unsigned[T]) places(lo, hi int, falling bool) []int {
	return inOrder(keysOf(s.scalars[lo:hi]), lo, falling, false)
}

func (s floating[T]) places(lo, hi int, falling bool) []int {
	return inOrder(floatKeys(s.scalars[lo:hi]), lo, falling, true)
}

func (s signed[T]) field() csvField {
	return func(b []byte, row int) []byte { return strconv.AppendInt(b, int64(s.scalars[row]), 10) }
}

func (s unsigned[T]) field() csvField {
	return func(b []byte, row int) []byte { return strconv.AppendUint(b, uint64(s.scalars[row]), 10) }
}

func (s floating[T]) field() csvField {
	bits := 64
	if _, single := any(T(0)).(float32); single {
		bits = 32
	}
	return func(b []byte, row int) []byte { return appendFloat(b, float64(s.scalars[row]), bits) }
}

// words are strings.
type words []string

func (s words) take(outer, n, inner int, places []int) any {
	return takeSlice([]string(s), outer, n, inner, places)
}
func (s words) order(falling bool) func(i, j int) int { return orderOf(s, falling) }
func (s words) sorted(n int) any                      { return sortRows([]string(s), n) }
func (s words) numbering() numbering                  { return numberAny(s) }
func (s words) field() csvField {
	return func(b []byte, row int) []byte { return appendText(b, s[row]) }
}

func (s words) places(lo, hi int, falling bool) []int { return placesInOrder(s, lo, hi, falling) }

// masked are truth values; false comes before true.
type masked []bool

func (s masked) take(outer, n, inner int, places []int) any {
	return takeSlice([]bool(s), outer, n, inner, places)
}
func (s masked) order(falling bool) func(i, j int) int { return orderOf(truths(s), falling) }
func (s masked) numbering() numbering                  { return numberIntegers(truths(s)) }
func (s masked) field() csvField {
	return func(b []byte, row int) []byte { return strconv.AppendBool(b, s[row]) }
}

func (s masked) sorted(n int) any {
	out := make([]bool, 0, len(s))
	for _, x := range sortRows(truths(s), n) {
		out = append(out, x != 0)
	}
	return out
}

func (s masked) places(lo, hi int, falling bool) []int {
	return placesInOrder(truths(s), lo, hi, falling)
}

// truths gives truth values as numbers.
func truths(s []bool) []uint8 {
	out := make([]uint8, len(s))
	for i, yes := range s {
		out[i] = uint8(truth(yes))
	}
	return out
}

func orderOf[T cmp.Ordered](s []T, falling bool) func(i, j int) int {
	return func(i, j int) int {
		x, y := s[i], s[j]
		switch {
		case x != x || y != y: // NaN is last in both orders
			return truth(x != x) - truth(y != y)
		case falling:
			return cmp.Compare(y, x)
		}
		return cmp.Compare(x, y)
	}
}

// takeSlice takes places of the middle one of three axes.
func takeSlice[T any](data []T, outer, n, inner int, places []int) []T {
	out := makeSlice[T](outer * len(places) * inner)
	if outer == 1 && inner == 1 {
		for i, p := range places {
			out[i] = data[p]
		}
		return out
	}
	out = out[:0]
	for o := range outer {
		for _, p := range places {
			at := (o*n + p) * inner
			out = append(out, data[at:at+inner]...)
		}
	}
	return out
}

func sortRows[T cmp.Ordered](s []T, n int) []T {
	out := slices.Clone(s)
	for row := range slices.Chunk(out, max(n, 1)) {
		slices.Sort(row)
		bad := 0
		for bad < len(row) && row[bad] != row[bad] {
			bad++
		}
		copy(row, append(slices.Clone(row[bad:]), row[:bad]...))
	}
	return out
}
