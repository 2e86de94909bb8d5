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

// Percentiles is Percentile for several: the first axis of the result runs over them.
func (a *Array) Percentiles(p []float64, axis ...int) (*Array, error) {
	const op = "find percentiles of"
	for _, x := range p {
		if !(x >= 0 && x <= 100) {
			return nil, &Error{Op: op, Kind: ErrRange, Reason: fmt.Sprintf("percentile %v", x), Hint: "it is 0 to 100"}
		}
	}
	if a.Len() == 0 {
		return nil, nothingIn(op)
	}
	lanes, shape, err := lanesOf[float64](a, op, axis)
	if err != nil {
		return nil, err
	}
	data, n, at := make([]float64, len(p)*shape.Len()), shape.Len(), 0
	for x := range lanes {
		x = slices.Clone(x)
		slices.Sort(x)
		for k, percent := range p {
			data[k*n+at] = percentileOf(x, percent)
		}
		at++
	}
	return &Array{typ: Float64, shape: append(Shape{len(p)}, shape...), data: data}, nil
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
	v := vectorOf(a.data)
	if v == nil {
		e := a.notA("numbers or texts").(*Error)
		e.Op = op
		return nil, e
	}
	out.data = v.sorted(n)
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
	if !m.isMask() {
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
	return &Array{typ: t, shape: shape, data: numericFor(t).either(x, y, m, shape)}, nil
}

// either takes elements of a where the mask is true, and of b elsewhere.
func either[T number](a, b, mask operand, shape Shape) []T {
	x, _ := numbers[T](a.Array, "choose")
	y, _ := numbers[T](b.Array, "choose")
	yes := mask.data.([]bool)
	out := makeSlice[T](shape.Len())
	n, step := 1, [3]int{}
	if last := len(shape) - 1; last >= 0 {
		n, step = shape[last], [3]int{a.strides[last], b.strides[last], mask.strides[last]}
	}
	rows(shape, [][]int{a.strides, b.strides, mask.strides}, func(at int, from []int) {
		for k := range n {
			if yes[from[2]+k*step[2]] {
				out[at+k] = x[from[0]+k*step[0]]
			} else {
				out[at+k] = y[from[1]+k*step[1]]
			}
		}
	})
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
	if v := numericOf(a.data); v != nil {
		return v.extreme(a, op, axis, least)
	}
	return reduce(a, op, axis, Int64, extremeOf[int64](least))
}

func extremeOf[T number](least bool) func(x []T) T {
	if least {
		return func(x []T) T { return slices.Min(x) } // NaN when there is one
	}
	return func(x []T) T { return slices.Max(x) }
}

// percentile moves the elements of x about.
func percentile(x []float64, p float64) float64 {
	if slices.ContainsFunc(x, math.IsNaN) {
		return math.NaN()
	}
	i := int(p / 100 * float64(len(x)-1))
	selectNth(x, i)
	if i+1 < len(x) {
		selectNth(x[i+1:], 0)
	}
	return percentileOf(x, p)
}

// percentileOf wants x in order, NaN first: only the element that counts and the next one are looked at.
func percentileOf(x []float64, p float64) float64 {
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
