package h5

import (
	"fmt"
	"math"
	"reflect"
)

// Add gives a + b, element by element. Like Sub, Mul, Div and the comparisons it takes an *Array, a slice
// or nested slice, or a number; shapes are matched from the last axis on, and an axis of length 1 is
// repeated, as in numpy. The result has the type that numpy 2 gives it: the wider of the two, a Go
// number taking the type of the array that it meets where that holds it. Integers that overflow wrap. Two
// masks count as uint8, where numpy combines them: And and Or do that.
func (a *Array) Add(b any) (*Array, error) { return a.arith("add", b) }

// Sub gives a - b; see Add.
func (a *Array) Sub(b any) (*Array, error) { return a.arith("subtract", b) }

// Mul gives a * b; see Add.
func (a *Array) Mul(b any) (*Array, error) { return a.arith("multiply", b) }

// Div gives a / b; see Add. Integers are divided as float64.
func (a *Array) Div(b any) (*Array, error) { return a.arith("divide", b) }

// Less gives a mask: where a < b; see Add. NaN is neither less nor greater than anything, nor equal.
func (a *Array) Less(b any) (*Array, error) { return a.compare("compare", b, less) }

// LessEqual gives a mask: where a <= b; see Add.
func (a *Array) LessEqual(b any) (*Array, error) { return a.compare("compare", b, less|equal) }

// Greater gives a mask: where a > b; see Add.
func (a *Array) Greater(b any) (*Array, error) { return a.compare("compare", b, greater) }

// GreaterEqual gives a mask: where a >= b; see Add.
func (a *Array) GreaterEqual(b any) (*Array, error) { return a.compare("compare", b, greater|equal) }

// Equal gives a mask: where a == b; see Add. Texts are compared too.
func (a *Array) Equal(b any) (*Array, error) { return a.compare("compare", b, equal) }

// operand is one side of an operation, with how far its elements are apart on each axis of the result: 0
// on an axis that is repeated.
type operand struct {
	*Array
	weak    bool // a Go number, which takes the other's type
	strides []int
}

func newOperand(v any) (operand, error) {
	b, err := NewArray(v)
	if err != nil {
		return operand{}, err
	}
	k := reflect.ValueOf(v).Kind()
	return operand{Array: b, weak: k == reflect.Int || k == reflect.Float64}, nil
}

// broadcast finds the shape of the result, and the strides of both sides in it.
func broadcast(op string, a, b *operand) (Shape, error) {
	n := max(len(a.shape), len(b.shape))
	shape := make(Shape, n)
	for i := range shape {
		shape[i] = max(lengthAt(a.shape, n, i), lengthAt(b.shape, n, i))
		if x, y := lengthAt(a.shape, n, i), lengthAt(b.shape, n, i); min(x, y) != 1 && x != y {
			return nil, &Error{Op: op, Kind: ErrShape, Reason: fmt.Sprintf("shapes %v and %v do not match: axis %d has %d and %d places", a.shape, b.shape, i, x, y),
				Hint: "lengths are matched from the last axis on; they are the same, or one of them is 1"}
		}
		if min(lengthAt(a.shape, n, i), lengthAt(b.shape, n, i)) == 0 {
			shape[i] = 0
		}
	}
	a.strides, b.strides = a.stridesIn(shape), b.stridesIn(shape)
	return shape, nil
}

// lengthAt is the length of axis i of n when shape has fewer: the first ones are 1.
func lengthAt(shape Shape, n, i int) int {
	if i -= n - len(shape); i >= 0 {
		return shape[i]
	}
	return 1
}

func (o *operand) stridesIn(shape Shape) []int {
	own, out := o.Strides(), make([]int, len(shape))
	for i := range own {
		if k := i + len(shape) - len(own); o.shape[i] == shape[k] && shape[k] != 1 {
			out[k] = own[i]
		}
	}
	return out
}

// rows calls f for each row of the last axis of shape: where it begins in the result and in the operands,
// whose strides these are.
func rows(shape Shape, strides [][]int, f func(at int, from []int)) {
	last, from := len(shape)-1, make([]int, len(strides))
	if last < 0 {
		f(0, from)
		return
	}
	if shape.Len() == 0 {
		return
	}
	index := make([]int, last)
	for at := 0; ; at += shape[last] {
		f(at, from)
		k := last - 1
		for ; k >= 0; k-- {
			index[k]++
			move(from, strides, k, 1)
			if index[k] < shape[k] {
				break
			}
			move(from, strides, k, -index[k])
			index[k] = 0
		}
		if k < 0 {
			return
		}
	}
}

// move goes n places further on axis k in each operand.
func move(from []int, strides [][]int, k, n int) {
	for i, s := range strides {
		from[i] += n * s[k]
	}
}

// arith runs one of the four operations.
func (a *Array) arith(op string, v any) (*Array, error) {
	x, y, shape, err := a.operands(op, v)
	if err != nil {
		return nil, err
	}
	t, err := resultType(op, x, y)
	if err != nil {
		return nil, err
	}
	return &Array{typ: t, shape: shape, data: numericFor(t).calculate(op, x, y, shape)}, nil
}

func (a *Array) operands(op string, v any) (x, y operand, shape Shape, err error) {
	x = operand{Array: a}
	if y, err = newOperand(v); err != nil {
		return x, y, nil, because(op, "", "", err)
	}
	shape, err = broadcast(op, &x, &y)
	return x, y, shape, err
}

// calculate works on rows of the last axis, each operand being a row or one number for all of it.
func calculate[T number](op string, a, b operand, shape Shape) []T {
	x, _ := numbers[T](a.Array, op)
	y, _ := numbers[T](b.Array, op)
	out := makeSlice[T](shape.Len())
	last := len(shape) - 1
	if last < 0 || shape.Len() == len(x) && len(x) == len(y) { // one row
		calculateRow(op, out, x, y)
		return out
	}
	n := shape[last]
	rows(shape, [][]int{a.strides, b.strides}, func(at int, from []int) {
		i, j := from[0], from[1]
		calculateRow(op, out[at:at+n], x[i:i+rowOf(a.strides[last], n)], y[j:j+rowOf(b.strides[last], n)])
	})
	return out
}

// rowOf is how many elements a row of n has in an operand of that stride.
func rowOf(stride, n int) int {
	if stride == 0 {
		return min(1, n)
	}
	return n
}

func calculateRow[T number](op string, out, x, y []T) {
	switch {
	case len(out) == 0:
	case len(x) == len(y) && len(x) == len(out):
		calculateBoth(op, out, x, y)
	case len(y) == 1:
		calculateRight(op, out, x, y[0])
	default:
		calculateLeft(op, out, x[0], y)
	}
}

func calculateBoth[T number](op string, out, x, y []T) {
	x, y = x[:len(out)], y[:len(out)]
	switch op {
	case "add":
		for i := range out {
			out[i] = x[i] + y[i]
		}
	case "subtract":
		for i := range out {
			out[i] = x[i] - y[i]
		}
	case "multiply":
		for i := range out {
			out[i] = x[i] * y[i]
		}
	default:
		for i := range out {
			out[i] = x[i] / y[i]
		}
	}
}

func calculateRight[T number](op string, out, x []T, y T) {
	switch x = x[:len(out)]; op {
	case "add":
		for i := range out {
			out[i] = x[i] + y
		}
	case "subtract":
		for i := range out {
			out[i] = x[i] - y
		}
	case "multiply":
		for i := range out {
			out[i] = x[i] * y
		}
	default:
		for i := range out {
			out[i] = x[i] / y
		}
	}
}

func calculateLeft[T number](op string, out []T, x T, y []T) {
	switch y = y[:len(out)]; op {
	case "add":
		for i := range out {
			out[i] = x + y[i]
		}
	case "subtract":
		for i := range out {
			out[i] = x - y[i]
		}
	case "multiply":
		for i := range out {
			out[i] = x * y[i]
		}
	default:
		for i := range out {
			out[i] = x / y[i]
		}
	}
}

// The outcomes of a comparison that a mask is of.
const (
	less = 1 << iota
	equal
	greater
)

// compare gives a mask of where the outcome is one of those wanted.
func (a *Array) compare(op string, v any, want int) (*Array, error) {
	x, y, shape, err := a.operands(op, v)
	if err != nil {
		return nil, err
	}
	out := &Array{typ: Bool, shape: shape}
	if s, ok := a.data.([]string); ok {
		t, isText := y.data.([]string)
		if !isText {
			return nil, y.notA("string")
		}
		out.data = mask(s, t, x, y, shape, want)
		return out, nil
	}
	t, err := commonType(op, x, y)
	if err != nil {
		return nil, err
	}
	switch t {
	case Float32:
		out.data = compareAs[float32](op, x, y, shape, want)
	case Float64:
		if x.number().Kind() != TypeFloat && y.number().Kind() != TypeFloat {
			out.data = compareMixed(op, x, y, shape, want)
			break
		}
		out.data = compareAs[float64](op, x, y, shape, want)
	case Uint64:
		out.data = compareAs[uint64](op, x, y, shape, want)
	default:
		out.data = compareAs[int64](op, x, y, shape, want)
	}
	return out, nil
}

func compareAs[T number](op string, a, b operand, shape Shape, want int) []bool {
	x, _ := numbers[T](a.Array, op)
	y, _ := numbers[T](b.Array, op)
	return mask(x, y, a, b, shape, want)
}

// compareMixed compares integers with unsigned ones, which no type of integer holds all of. As float64
// they come in the same order, but that some become equal; those are not negative, and uint64 tells them.
func compareMixed(op string, a, b operand, shape Shape, want int) []bool {
	out := compareAs[float64](op, a, b, shape, want&^equal)
	exact := compareAs[uint64](op, a, b, shape, want)
	for i, near := range compareAs[float64](op, a, b, shape, equal) {
		out[i] = out[i] || near && exact[i]
	}
	return out
}

func mask[T number | ~string](x, y []T, a, b operand, shape Shape, want int) []bool {
	out := make([]bool, shape.Len())
	n, dx, dy := 1, 0, 0
	if last := len(shape) - 1; last >= 0 {
		n, dx, dy = shape[last], a.strides[last], b.strides[last]
	}
	rows(shape, [][]int{a.strides, b.strides}, func(at int, from []int) {
		for k := range n {
			p, q := x[from[0]+k*dx], y[from[1]+k*dy]
			out[at+k] = want&less != 0 && p < q || want&equal != 0 && p == q || want&greater != 0 && p > q
		}
	})
	return out
}

// resultType is what an operation gives.
func resultType(op string, a, b operand) (*Datatype, error) {
	t, err := commonType(op, a, b)
	if err == nil && op == "divide" && t != Float32 {
		return Float64, nil
	}
	return t, err
}

// commonType is the type that holds the numbers of both sides, by numpy 2's rules.
func commonType(op string, a, b operand) (*Datatype, error) {
	x, y := a.number(), b.number()
	for i, t := range []*Datatype{x, y} {
		if t == nil {
			side := []operand{a, b}[i]
			e := side.notA("numbers").(*Error)
			e.Op = op
			return nil, e
		}
	}
	switch {
	case a.isMask():
		return y, nil
	case b.weak:
		return weakType(x, b), nil
	case b.isMask():
		return x, nil
	}
	return wider(x, y), nil
}

func (a *Array) isMask() bool {
	_, yes := a.data.([]bool)
	return yes
}

// number is the type that the elements have as numbers; nil when they are none.
func (a *Array) number() *Datatype {
	switch a.data.(type) {
	case []int8:
		return Int8
	case []int16:
		return Int16
	case []int32:
		return Int32
	case []int64, []int:
		return Int64
	case []uint8, []bool:
		return Uint8
	case []uint16:
		return Uint16
	case []uint32:
		return Uint32
	case []uint64, []uint:
		return Uint64
	case []float32:
		return Float32
	case []float64:
		return Float64
	}
	return nil
}

// weakType is the array's own type where it holds the number.
func weakType(t *Datatype, scalar operand) *Datatype {
	isFloat := t.Kind() == TypeFloat
	if f, ok := scalar.data.([]float64); ok {
		if isFloat && !(t == Float32 && math.Abs(f[0]) > math.MaxFloat32 && !math.IsInf(f[0], 0)) {
			return t
		}
		return Float64
	}
	if isFloat {
		return t
	}
	n := scalar.data.([]int64)[0]
	if bits := uint(8 * t.Size()); t.Signed() {
		if n>>(bits-1) == 0 || n>>(bits-1) == -1 {
			return t
		}
	} else if n >= 0 && (bits == 64 || n>>bits == 0) {
		return t
	}
	return wider(t, Int64)
}

// wider is numpy's result_type.
func wider(a, b *Datatype) *Datatype {
	if a == b {
		return a
	}
	if b.Kind() == TypeFloat && a.Kind() != TypeFloat {
		a, b = b, a
	}
	if a.Kind() == TypeFloat {
		if a == Float32 && b.Kind() != TypeFloat && b.Size() <= 2 {
			return Float32
		}
		return Float64
	}
	if a.Signed() == b.Signed() {
		if a.Size() > b.Size() {
			return a
		}
		return b
	}
	if !a.Signed() {
		a, b = b, a // a signed, b unsigned
	}
	if a.Size() > b.Size() {
		return a
	}
	return map[int]*Datatype{1: Int16, 2: Int32, 4: Int64, 8: Float64}[b.Size()]
}
