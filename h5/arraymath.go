package h5

import (
	"math"
	"math/cmplx"
	"slices"
)

// Abs gives the distances from 0, in the type of the elements; that of the least integer wraps to itself. Of
// complex numbers they are the amplitudes, as float64.
func (a *Array) Abs() (*Array, error) {
	if a.areComplex() {
		return a.component(cmplx.Abs)
	}
	if s, ok := a.data.([]float32); ok {
		return a.mapped(Float32, mapSlice(s, func(x float32) float32 { return float32(math.Abs(float64(x))) })), nil
	}
	if s, ok := a.data.([]float64); ok {
		return a.mapped(Float64, mapSlice(s, math.Abs)), nil
	}
	negative, err := a.Less(0)
	if err != nil {
		return nil, err
	}
	minus, err := a.Mul(-1)
	if t := a.number(); err != nil || !t.Signed() {
		return a, err
	}
	return minus.Where(negative, a)
}

// Sqrt gives square roots, NaN of what is less than 0. Like Exp, Log, Log10 and Pow it gives float32 for
// float32, and float64 for all other numbers.
func (a *Array) Sqrt() (*Array, error) { return a.apply("take roots of", math.Sqrt) }

// Exp gives powers of e; see Sqrt.
func (a *Array) Exp() (*Array, error) { return a.apply("take powers of", math.Exp) }

// Log gives natural logarithms: -Inf of 0, NaN of what is less; see Sqrt.
func (a *Array) Log() (*Array, error) { return a.apply("take logarithms of", math.Log) }

// Log10 gives logarithms of base 10; see Log.
func (a *Array) Log10() (*Array, error) { return a.apply("take logarithms of", math.Log10) }

// Pow gives the p-th powers; see Sqrt.
func (a *Array) Pow(p float64) (*Array, error) {
	return a.apply("take powers of", func(x float64) float64 { return math.Pow(x, p) })
}

// IsNaN gives a mask: where there is a NaN.
func (a *Array) IsNaN() (*Array, error) {
	out := &Array{typ: Bool, shape: slices.Clone(a.shape)}
	switch s := a.data.(type) {
	case []float32:
		out.data = maskOf(s, func(x float32) bool { return x != x })
	case []float64:
		out.data = maskOf(s, func(x float64) bool { return x != x })
	default:
		if a.number() == nil {
			return nil, a.notA("numbers")
		}
		out.data = make([]bool, a.Len())
	}
	return out, nil
}

func maskOf[T any](s []T, f func(T) bool) []bool {
	out := makeSlice[bool](len(s))
	for i, x := range s {
		out[i] = f(x)
	}
	return out
}

// Round gives the nearest numbers with so many decimals, halves to the even one; whole numbers as they are. See
// Sqrt for types.
func (a *Array) Round(decimals ...int) (*Array, error) {
	if t := a.number(); t != nil && t.Kind() == TypeInt {
		return a, nil
	}
	times := 1.0
	if len(decimals) > 0 {
		times = math.Pow10(decimals[0])
	}
	return a.apply("round", func(x float64) float64 {
		if y := math.RoundToEven(x*times) / times; y-y == 0 {
			return y
		}
		return x // so large that it has no decimals, or infinite
	})
}

// Clip gives lo for what is less and hi for what is greater; NaN stays. The type is that of Where.
func (a *Array) Clip(lo, hi any) (*Array, error) {
	for _, bound := range []struct {
		to      any
		compare func(a *Array, b any) (*Array, error)
	}{{lo, (*Array).Less}, {hi, (*Array).Greater}} {
		beyond, err := bound.compare(a, bound.to)
		if err != nil {
			return nil, err
		}
		inside, err := beyond.Not()
		if err != nil {
			return nil, err
		}
		if a, err = a.Where(inside, bound.to); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// Not gives the other truth values.
func (a *Array) Not() (*Array, error) {
	yes, ok := a.data.([]bool)
	if !ok {
		return a.Equal(false)
	}
	return a.mapped(Bool, mapSlice(yes, func(x bool) bool { return !x })), nil
}

// And gives where both masks are true; shapes are matched as for Add.
func (a *Array) And(b any) (*Array, error) {
	return a.logic(b, func(x, y bool) bool { return x && y })
}

// Or gives where one of two masks is true, or both; shapes are matched as for Add.
func (a *Array) Or(b any) (*Array, error) {
	return a.logic(b, func(x, y bool) bool { return x || y })
}

// logic combines two masks.
func (a *Array) logic(b any, f func(x, y bool) bool) (*Array, error) {
	const op = "combine"
	x, y, shape, err := a.operands(op, b)
	if err != nil {
		return nil, err
	}
	for _, side := range []operand{x, y} {
		if !side.isMask() {
			e := side.notA("bool").(*Error)
			e.Op, e.Hint = op, "comparisons such as a.Less(b) give masks"
			return nil, e
		}
	}
	out := makeSlice[bool](shape.Len())
	eachPair(x.data.([]bool), y.data.([]bool), x, y, shape, func(at int, p, q bool) { out[at] = f(p, q) })
	return &Array{typ: Bool, shape: shape, data: out}, nil
}

// eachPair calls f for each place of a result with what both operands have there.
func eachPair[T any](x, y []T, a, b operand, shape Shape, f func(at int, p, q T)) {
	n, dx, dy := 1, 0, 0
	if last := len(shape) - 1; last >= 0 {
		n, dx, dy = shape[last], a.strides[last], b.strides[last]
	}
	rows(shape, [][]int{a.strides, b.strides}, func(at int, from []int) {
		for k, i, j := 0, from[0], from[1]; k < n; k, i, j = k+1, i+dx, j+dy {
			f(at+k, x[i], y[j])
		}
	})
}

func (a *Array) apply(op string, f func(x float64) float64) (*Array, error) {
	if s, ok := a.data.([]float32); ok {
		return a.mapped(Float32, mapSlice(s, func(x float32) float32 { return float32(f(float64(x))) })), nil
	}
	x, err := numbers[float64](a, "numbers")
	if err != nil {
		e := err.(*Error)
		e.Op = op
		return nil, e
	}
	return a.mapped(Float64, mapSlice(x, f)), nil
}

func (a *Array) mapped(t *Datatype, data any) *Array {
	return &Array{typ: t, shape: a.Shape(), data: data}
}

func mapSlice[T any](s []T, f func(T) T) []T {
	out := makeSlice[T](len(s))
	for i, x := range s {
		out[i] = f(x)
	}
	return out
}
