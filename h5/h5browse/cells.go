package h5browse

import (
	"context"
	"math"
	"sort"

	"gofive/h5"
)

// cell is what is known of a stretch of numbers. NaN counts for itself alone.
type cell struct {
	lo, hi, sum float64
	n, nan      int
}

// nothing is the cell of no numbers.
func nothing() cell { return cell{lo: math.Inf(1), hi: math.Inf(-1)} }

func (c cell) join(o cell) cell {
	return cell{min(c.lo, o.lo), max(c.hi, o.hi), c.sum + o.sum, c.n + o.n, c.nan + o.nan}
}

// number is what elements are read as.
type number interface {
	~int8 | ~int16 | ~int32 | ~int64 | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~float32 | ~float64
}

// with adds numbers to a cell.
func with[T number](c cell, x []T) cell {
	for _, v := range x {
		f := float64(v)
		if f != f {
			c.nan++
			continue
		}
		if f < c.lo {
			c.lo = f
		}
		if f > c.hi {
			c.hi = f
		}
		c.sum += f
		c.n++
	}
	return c
}

// numbers1 are numbers of one type.
type numbers1 interface {
	len() int
	at(i int) float64
	cell(c cell, from, to int) cell
}

type listOf[T number] []T

func (x listOf[T]) len() int                       { return len(x) }
func (x listOf[T]) at(i int) float64               { return float64(x[i]) }
func (x listOf[T]) cell(c cell, from, to int) cell { return with(c, x[from:to]) }

// numbersIn gives the elements of an array as they are stored, without a copy where they are numbers.
func numbersIn(a *h5.Array) (numbers1, error) {
	switch x := a.Raw().(type) {
	case []float32:
		return listOf[float32](x), nil
	case []float64:
		return listOf[float64](x), nil
	case []int8:
		return listOf[int8](x), nil
	case []int16:
		return listOf[int16](x), nil
	case []int32:
		return listOf[int32](x), nil
	case []int64:
		return listOf[int64](x), nil
	case []uint8:
		return listOf[uint8](x), nil
	case []uint16:
		return listOf[uint16](x), nil
	case []uint32:
		return listOf[uint32](x), nil
	case []uint64:
		return listOf[uint64](x), nil
	}
	x, err := a.Float64s()
	return listOf[float64](x), err
}

// found are the cells of some stretches one after the other, or why they could not be made.
type found struct {
	first int
	cells []cell
	n     int // numbers that were read
	err   error
}

// reduce reads a part and gives a cell for each stretch. A stretch goes from its start to that of the next; the last
// of starts is where the last one ends. Progress hears how many numbers were read, and the cells so far.
func reduce(ctx context.Context, part *h5.Part, seen lens, starts []int, progress func(done int, cells []cell)) ([]cell, error) {
	out := make([]cell, len(starts)-1)
	for i := range out {
		out[i] = nothing()
	}
	done := 0
	var failed error
	err := part.Pieces(ctx, func(a *h5.Array, at int) any { return stretches(a, seen, at, starts) }, func(v any) {
		f := v.(found)
		if f.err != nil && failed == nil {
			failed = f.err
		}
		for i, c := range f.cells {
			out[f.first+i] = out[f.first+i].join(c)
		}
		done += f.n
		progress(done, out)
	})
	if err == nil {
		err = failed
	}
	return out, err
}

// stretches gives the cells of a piece whose first number is at a place of all.
func stretches(a *h5.Array, seen lens, at int, starts []int) found {
	x, err := seen.numbers(a)
	if err != nil {
		return found{err: err}
	}
	n := x.len()
	if n == 0 {
		return found{}
	}
	first := sort.SearchInts(starts, at+1) - 1
	f := found{first: first, n: n}
	for i, from := first, 0; from < n && i+1 < len(starts); i++ {
		to := min(starts[i+1]-at, n)
		f.cells = append(f.cells, x.cell(nothing(), from, to))
		from = to
	}
	return f
}
