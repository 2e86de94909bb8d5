package h5

import "math"

// total is a sum.
type total struct {
	n         int
	sum, lost float64 // lost is what rounding took from sum
}

// totalOf adds up a few numbers, four at a time: they need not wait for one another.
func totalOf[T anyFloat](x []T) total {
	var a, b, c, d float64
	t := total{n: len(x)}
	for ; len(x) >= 4; x = x[4:] {
		a += float64(x[0])
		b += float64(x[1])
		c += float64(x[2])
		d += float64(x[3])
	}
	for _, v := range x {
		a += float64(v)
	}
	t.sum = a + b + (c + d)
	return t
}

// join puts two together by Neumaier's formula.
func (t total) join(o total) total {
	out := total{n: t.n + o.n, sum: t.sum + o.sum}
	if math.IsInf(out.sum, 0) {
		return out
	}
	if math.Abs(t.sum) >= math.Abs(o.sum) {
		out.lost = t.sum - out.sum + o.sum
	} else {
		out.lost = o.sum - out.sum + t.sum
	}
	out.lost += t.lost + o.lost
	return out
}

func (t total) value() float64 { return t.sum + t.lost }

// mean is NaN of none.
func (t total) mean() float64 { return t.value() / float64(t.n) }
