package h5

import (
	"fmt"
	"math"
	"slices"
)

// Sum adds the elements along some axes, which go away, or all of them: integers as int64, or uint64 when
// they are unsigned, truth values as the number of those that are true, floats as float64. Of none it is 0. A
// negative axis counts from the last.
func (a *Array) Sum(axis ...int) (*Array, error) {
	const op = "sum"
	switch a.data.(type) {
	case []float32, []float64:
		return reduce(a, op, axis, Float64, func(x []float64) float64 { return sumOf(x) })
	case []uint8, []uint16, []uint32, []uint64:
		return reduce(a, op, axis, Uint64, addUp[uint64])
	}
	return reduce(a, op, axis, Int64, addUp[int64])
}

// Mean is the average along some axes, or of all elements, in float64; NaN of none.
func (a *Array) Mean(axis ...int) (*Array, error) {
	return reduce(a, "average", axis, Float64, func(x []float64) float64 { return sumOf(x) / float64(len(x)) })
}

// Std is the standard deviation along some axes, or of all elements, divided by their number as in
// numpy; NaN of none.
func (a *Array) Std(axis ...int) (*Array, error) {
	return reduce(a, "find the deviation of", axis, Float64, func(x []float64) float64 {
		m := moments{mean: math.NaN()}
		for part := range slices.Chunk(x, blockLen) {
			m = m.join(momentsOf(part))
		}
		return math.Sqrt(m.squares / float64(m.n))
	})
}

// Min is the least element along some axes, or of all, in the type of the elements; NaN where there is
// one, and an error where there are no elements.
func (a *Array) Min(axis ...int) (*Array, error) { return a.extreme("find the least of", axis, true) }

// Max is the greatest element along some axes, or of all; see Min.
func (a *Array) Max(axis ...int) (*Array, error) {
	return a.extreme("find the greatest of", axis, false)
}

// Percentile is the value below which p percent of the elements are, between two of them in proportion,
// as numpy does; along some axes, or of all. NaN where there is one.
func (a *Array) Percentile(p float64, axis ...int) (*Array, error) {
	const op = "find a percentile of"
	if !(p >= 0 && p <= 100) {
		return nil, &Error{Op: op, Kind: ErrRange, Reason: fmt.Sprintf("percentile %v", p), Hint: "it is 0 to 100"}
	}
	if a.Len() == 0 {
		return nil, nothingIn(op)
	}
	return reduce(a, op, axis, Float64, func(x []float64) float64 { return percentile(slices.Clone(x), p) })
}

// Median is Percentile(50).
func (a *Array) Median(axis ...int) (*Array, error) { return a.Percentile(50, axis...) }

// Cumsum adds up along an axis, by default through all elements in C order: each element and all before
// it. Types are those of Sum.
func (a *Array) Cumsum(axis ...int) (*Array, error) {
	const op = "add up"
	switch a.data.(type) {
	case []float32, []float64:
		return runningSum[float64](a, op, axis, Float64)
	case []uint8, []uint16, []uint32, []uint64:
		return runningSum[uint64](a, op, axis, Uint64)
	}
	return runningSum[int64](a, op, axis, Int64)
}

// Sort gives the elements in rising order along the last axis, NaN at the end.
func (a *Array) Sort() (*Array, error) {
	const op = "sort"
	out := &Array{typ: a.typ, shape: slices.Clone(a.shape)}
	n := 1
	if len(a.shape) > 0 {
		n = a.shape[len(a.shape)-1]
	}
	switch s := a.data.(type) {
	case []int8:
		out.data = sortRows(s, n)
	case []int16:
		out.data = sortRows(s, n)
	case []int32:
		out.data = sortRows(s, n)
	case []int64:
		out.data = sortRows(s, n)
	case []uint8:
		out.data = sortRows(s, n)
	case []uint16:
		out.data = sortRows(s, n)
	case []uint32:
		out.data = sortRows(s, n)
	case []uint64:
		out.data = sortRows(s, n)
	case []float32:
		out.data = sortRows(s, n)
	case []float64:
		out.data = sortRows(s, n)
	case []string:
		out.data = sortRows(s, n)
	default:
		e := a.notA("numbers or texts").(*Error)
		e.Op = op
		return nil, e
	}
	return out, nil
}

// Where keeps the elements where the mask is true, and takes those of b elsewhere: an array, a slice or a
// number. Shapes are matched, and the type is found, as for Add.
func (a *Array) Where(mask, b any) (*Array, error) {
	const op = "choose"
	m, err := newOperand(mask)
	if err != nil {
		return nil, because(op, "", "", err)
	}
	yes, isMask := m.data.([]bool)
	if !isMask {
		return nil, &Error{Op: op, Kind: ErrType, Reason: fmt.Sprintf("the mask is of type %v", m.typ), Hint: "comparisons such as a.Less(b) give masks"}
	}
	x, y, shape, err := a.operands(op, b)
	if err != nil {
		return nil, err
	}
	t, err := commonType(op, x, y)
	if err != nil {
		return nil, err
	}
	both := operand{Array: &Array{typ: t, shape: shape}}
	if shape, err = broadcast(op, &both, &m); err != nil {
		return nil, err
	}
	x.strides, y.strides = x.stridesIn(shape), y.stridesIn(shape)
	return chooseAs(t, x, y, m.strides, yes, shape), nil
}

func chooseAs(t *Datatype, x, y operand, strides []int, yes []bool, shape Shape) *Array {
	out := &Array{typ: t, shape: shape}
	switch t {
	case Int8:
		out.data = either[int8](x, y, strides, yes, shape)
	case Int16:
		out.data = either[int16](x, y, strides, yes, shape)
	case Int32:
		out.data = either[int32](x, y, strides, yes, shape)
	case Int64:
		out.data = either[int64](x, y, strides, yes, shape)
	case Uint8:
		out.data = either[uint8](x, y, strides, yes, shape)
	case Uint16:
		out.data = either[uint16](x, y, strides, yes, shape)
	case Uint32:
		out.data = either[uint32](x, y, strides, yes, shape)
	case Uint64:
		out.data = either[uint64](x, y, strides, yes, shape)
	case Float32:
		out.data = either[float32](x, y, strides, yes, shape)
	default:
		out.data = either[float64](x, y, strides, yes, shape)
	}
	return out
}

func either[T number](a, b operand, strides []int, yes []bool, shape Shape) []T {
	x, _ := numbers[T](a.Array, "choose")
	y, _ := numbers[T](b.Array, "choose")
	out := makeSlice[T](shape.Len())
	at, from, other := places(shape, strides), places(shape, a.strides), places(shape, b.strides)
	for i := range out {
		if yes[at[i]] {
			out[i] = x[from[i]]
		} else {
			out[i] = y[other[i]]
		}
	}
	return out
}

// Float64 gives the only element as a number.
func (a *Array) Float64() (float64, error) {
	x, err := a.Float64s()
	if err == nil && len(x) != 1 {
		err = &Error{Op: "read a number", Kind: ErrShape, Reason: fmt.Sprintf("there are %d", len(x)), Hint: "take Float64s"}
	}
	return append(x, 0)[0], err
}

// Int gives the only element as a whole number; a fraction is cut off.
func (a *Array) Int() (int, error) {
	x, err := a.Ints()
	if err == nil && len(x) != 1 {
		err = &Error{Op: "read a number", Kind: ErrShape, Reason: fmt.Sprintf("there are %d", len(x)), Hint: "take Ints"}
	}
	return append(x, 0)[0], err
}

func nothingIn(op string) error {
	return &Error{Op: op, Kind: ErrRange, Reason: "there are no elements"}
}

// axesOf are the axes that a reduction takes away: those named, or all.
func (a *Array) axesOf(op string, named []int) ([]bool, error) {
	gone := make([]bool, len(a.shape))
	for i := range gone {
		gone[i] = len(named) == 0
	}
	for _, ax := range named {
		if ax < -len(a.shape) || ax >= len(a.shape) {
			return nil, &Error{Op: op, Kind: ErrRange, Reason: fmt.Sprintf("axis %d of an array of shape %v", ax, a.shape), Hint: "axes count from 0, or from -1 backwards"}
		}
		gone[fromEnd(ax, len(a.shape))] = true
	}
	return gone, nil
}

// reduce calls f with the elements of each place of the axes that stay. The slice is f's to read only.
func reduce[T number](a *Array, op string, named []int, t *Datatype, f func(x []T) T) (*Array, error) {
	lanes, shape, err := lanesOf[T](a, op, named)
	if err != nil {
		return nil, err
	}
	out := &Array{typ: t, shape: shape}
	data := make([]T, 0, shape.Len())
	for x := range lanes {
		data = append(data, f(x))
	}
	out.data = data
	return out, nil
}

// lanesOf gives the elements that are reduced to one, for each place of the axes that stay, in C order.
func lanesOf[T number](a *Array, op string, named []int) (func(yield func(x []T) bool), Shape, error) {
	gone, err := a.axesOf(op, named)
	if err != nil {
		return nil, nil, err
	}
	x, err := numbers[T](a, "numbers")
	if err != nil {
		e := err.(*Error)
		e.Op = op
		return nil, nil, e
	}
	var kept, lost Shape
	var keptStep, lostStep []int
	for i, step := range a.Strides() {
		if gone[i] {
			lost, lostStep = append(lost, a.shape[i]), append(lostStep, step)
		} else {
			kept, keptStep = append(kept, a.shape[i]), append(keptStep, step)
		}
	}
	if kept == nil {
		kept = Shape{}
	}
	return func(yield func([]T) bool) {
		inner := places(lost, lostStep)
		whole := isRow(inner)
		lane := make([]T, len(inner))
		for _, at := range places(kept, keptStep) {
			if whole {
				lane = x[at : at+len(inner)]
			} else {
				for i, p := range inner {
					lane[i] = x[at+p]
				}
			}
			if !yield(lane) {
				return
			}
		}
	}, kept, nil
}

// places are where the elements of some axes lie.
func places(shape Shape, steps []int) []int {
	out := make([]int, 1, max(1, shape.Len()))
	for i, n := range shape {
		before := out
		out = make([]int, 0, len(before)*n)
		for _, p := range before {
			for k := range n {
				out = append(out, p+k*steps[i])
			}
		}
	}
	return out
}

func isRow(places []int) bool {
	return len(places) == 0 || places[0] == 0 && places[len(places)-1] == len(places)-1
}

func addUp[T int64 | uint64](x []T) (sum T) {
	for _, v := range x {
		sum += v
	}
	return sum
}

// sumOf adds up in blocks, so that errors of rounding stay small.
func sumOf(x []float64) float64 {
	var t total
	for part := range slices.Chunk(x, blockLen) {
		t = t.join(totalOf(part))
	}
	return t.value()
}

func (a *Array) extreme(op string, axis []int, least bool) (*Array, error) {
	if a.Len() == 0 {
		return nil, nothingIn(op)
	}
	t := a.number()
	switch a.data.(type) {
	case []float32:
		return reduce(a, op, axis, Float32, extremeOf[float32](least))
	case []float64:
		return reduce(a, op, axis, Float64, extremeOf[float64](least))
	case []int8:
		return reduce(a, op, axis, t, extremeOf[int8](least))
	case []int16:
		return reduce(a, op, axis, t, extremeOf[int16](least))
	case []int32:
		return reduce(a, op, axis, t, extremeOf[int32](least))
	case []uint8:
		return reduce(a, op, axis, t, extremeOf[uint8](least))
	case []uint16:
		return reduce(a, op, axis, t, extremeOf[uint16](least))
	case []uint32:
		return reduce(a, op, axis, t, extremeOf[uint32](least))
	case []uint64:
		return reduce(a, op, axis, t, extremeOf[uint64](least))
	}
	return reduce(a, op, axis, Int64, extremeOf[int64](least))
}

func extremeOf[T number](least bool) func(x []T) T {
	if least {
		return func(x []T) T { return slices.Min(x) } // NaN when there is one
	}
	return func(x []T) T { return slices.Max(x) }
}

// percentile puts x in order.
func percentile(x []float64, p float64) float64 {
	slices.Sort(x) // NaN first
	if math.IsNaN(x[0]) {
		return math.NaN()
	}
	at := p / 100 * float64(len(x)-1)
	i := int(at)
	if part := at - float64(i); part > 0 && x[i] != x[i+1] { // infinities cannot be subtracted
		return x[i] + (x[i+1]-x[i])*part
	}
	return x[i]
}

func runningSum[T number](a *Array, op string, named []int, t *Datatype) (*Array, error) {
	x, err := numbers[T](a, "numbers")
	if err != nil {
		e := err.(*Error)
		e.Op = op
		return nil, e
	}
	if len(named) > 1 {
		return nil, &Error{Op: op, Kind: ErrRange, Reason: fmt.Sprintf("%d axes", len(named)), Hint: "give one, or none for all elements in a row"}
	}
	out := &Array{typ: t, shape: slices.Clone(a.shape)}
	step := 1
	n := len(x)
	if len(named) == 1 {
		if _, err := a.axesOf(op, named); err != nil {
			return nil, err
		}
		ax := fromEnd(named[0], len(a.shape))
		step, n = a.Strides()[ax], a.shape[ax]
	} else {
		out.shape = Shape{len(x)}
	}
	sums := slices.Clone(x)
	for i := range sums {
		if i/step%max(n, 1) > 0 {
			sums[i] += sums[i-step]
		}
	}
	out.data = sums
	return out, nil
}

func sortRows[T number | ~string](s []T, n int) []T {
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
