package h5

import (
	"fmt"
	"math"
)

// Linspace gives n numbers at equal distances, the first lo and the last hi.
func Linspace(lo, hi float64, n int) (*Array, error) {
	if n < 0 {
		return nil, &Error{Op: "make an array", Kind: ErrRange, Reason: fmt.Sprintf("%d numbers", n)}
	}
	x := make([]float64, n)
	for i := range x {
		x[i] = lo + (hi-lo)*(float64(i)/float64(max(1, n-1)))
	}
	if n > 1 {
		x[n-1] = hi
	}
	return &Array{typ: Float64, shape: Shape{n}, data: x}, nil
}

// Arange gives lo, lo+step, ... up to but not including hi.
func Arange(lo, hi, step float64) (*Array, error) {
	const op = "make an array"
	n := math.Ceil((hi - lo) / step)
	if step == 0 || math.IsNaN(n) || n > math.MaxInt32 {
		return nil, &Error{Op: op, Kind: ErrRange, Reason: fmt.Sprintf("from %v to %v in steps of %v", lo, hi, step)}
	}
	x := make([]float64, max(0, int(n)))
	for i := range x {
		x[i] = lo + float64(i)*step
	}
	return &Array{typ: Float64, shape: Shape{len(x)}, data: x}, nil
}

// Zeros gives zeros of a type of number in a shape: Zeros(Float64, 3, 4).
func Zeros(t *Datatype, shape ...int) (*Array, error) {
	const op = "make an array"
	v := numericFor(t)
	if v == nil {
		return nil, &Error{Op: op, Kind: ErrType, Reason: fmt.Sprintf("zeros of type %v", t), Hint: "Int8 to Uint64, Float32 and Float64 are the types of numbers"}
	}
	for _, n := range shape {
		if n < 0 {
			return nil, &Error{Op: op, Kind: ErrShape, Reason: fmt.Sprintf("the shape %v", Shape(shape))}
		}
	}
	if err := checkMemory(Shape(shape), t.Size()); err != nil {
		return nil, because(op, "", "", err)
	}
	return &Array{typ: t, shape: append(Shape{}, shape...), data: v.zeros(Shape(shape).Len())}, nil
}
