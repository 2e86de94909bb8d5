package h5

import (
	"fmt"

	"gonum.org/v1/gonum/mat"
)

// Matrix gives an array of two axes as gonum's matrix. Elements of float64 are shared, all others copied.
func (a *Array) Matrix() (*mat.Dense, error) {
	const op = "make a matrix"
	if len(a.shape) != 2 || a.Len() == 0 {
		return nil, &Error{Op: op, Kind: ErrShape, Reason: fmt.Sprintf("an array of shape %v", a.shape), Hint: "two axes make one, neither of them empty; Reshape gives others"}
	}
	x, err := numbers[float64](a, "numbers")
	if err != nil {
		return nil, because(op, "", "", err)
	}
	return mat.NewDense(a.shape[0], a.shape[1], x), nil
}

// Vector gives an array of one axis as gonum's vector; see Matrix.
func (a *Array) Vector() (*mat.VecDense, error) {
	const op = "make a vector"
	if len(a.shape) != 1 || a.Len() == 0 {
		return nil, &Error{Op: op, Kind: ErrShape, Reason: fmt.Sprintf("an array of shape %v", a.shape), Hint: "one axis makes one, when it is not empty"}
	}
	x, err := numbers[float64](a, "numbers")
	if err != nil {
		return nil, because(op, "", "", err)
	}
	return mat.NewVecDense(len(x), x), nil
}

// ofMatrix gives a matrix or vector of gonum as an array. The elements of a dense one that lie without
// gaps are shared.
func ofMatrix(m mat.Matrix) *Array {
	rows, cols := m.Dims()
	out := &Array{typ: Float64, shape: Shape{rows, cols}}
	switch x := m.(type) {
	case *mat.VecDense:
		out.shape = Shape{rows}
		if raw := x.RawVector(); raw.Inc == 1 {
			out.data = raw.Data[:rows]
			return out
		}
	case *mat.Dense:
		if raw := x.RawMatrix(); raw.Stride == cols {
			out.data = raw.Data[:rows*cols]
			return out
		}
	}
	data := makeSlice[float64](rows * cols)
	for i := range rows {
		for j := range cols {
			data[i*cols+j] = m.At(i, j)
		}
	}
	out.data = data
	return out
}

// Dot gives the matrix product of two arrays of one or two axes as numpy does, in float64: of two vectors a
// single number.
func (a *Array) Dot(b any) (*Array, error) {
	const op = "multiply matrices"
	o, err := NewArray(b)
	if err != nil {
		return nil, because(op, "", "", err)
	}
	left, right := a, o
	if len(a.shape) == 1 {
		left = a.reshaped(Shape{1, a.shape[0]}, 1)
	}
	if len(o.shape) == 1 {
		right = o.reshaped(Shape{o.shape[0], 1}, 1)
	}
	if len(left.shape) != 2 || len(right.shape) != 2 || left.shape[1] != right.shape[0] {
		return nil, &Error{Op: op, Kind: ErrShape, Reason: fmt.Sprintf("shapes %v and %v", a.shape, o.shape), Hint: "the last axis of the first is as long as the first of the second"}
	}
	x, err := left.Matrix()
	if err != nil {
		return nil, because(op, "", "", err)
	}
	y, err := right.Matrix()
	if err != nil {
		return nil, because(op, "", "", err)
	}
	var product mat.Dense
	product.Mul(x, y)
	shape := append(axisIf(len(a.shape) > 1, left.shape[0]), axisIf(len(o.shape) > 1, right.shape[1])...)
	return ofMatrix(&product).reshaped(shape, 2), nil
}

// axisIf is a shape of one axis, or of none.
func axisIf(kept bool, n int) Shape {
	if kept {
		return Shape{n}
	}
	return Shape{}
}
