package h5

import "math"

// reach is from where to where numbers go, NaN left out.
type reach struct {
	n, nan int // numbers, and NaN among them
	lo, hi float64
}

// nowhere is the reach of nothing.
func nowhere() reach { return reach{lo: math.Inf(1), hi: math.Inf(-1)} }

// with adds numbers. Nearly all lie between those before them, and are done with two comparisons.
func with[T anyFloat](r reach, x []T) reach {
	lo, hi, nan := T(r.lo), T(r.hi), 0
	for _, v := range x {
		switch {
		case v >= lo && v <= hi:
		case v != v:
			nan++
		default:
			lo, hi = min(lo, v), max(hi, v)
		}
	}
	return reach{r.n + len(x), r.nan + nan, float64(lo), float64(hi)}
}

func (r reach) join(o reach) reach {
	return reach{r.n + o.n, r.nan + o.nan, min(r.lo, o.lo), max(r.hi, o.hi)}
}

// reachOf goes through an array.
func reachOf(a *Array) reach {
	r := nowhere()
	a.blocks(func(x []float64) { r = with(r, x) }, func(x []float32) { r = with(r, x) })
	return r
}

// least is NaN when there is one among the numbers, as numpy has it.
func (r reach) least() float64 {
	if r.nan > 0 {
		return math.NaN()
	}
	return r.lo
}

// greatest is NaN when there is one among the numbers.
func (r reach) greatest() float64 {
	if r.nan > 0 {
		return math.NaN()
	}
	return r.hi
}
