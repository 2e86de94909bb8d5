package h5

import (
	"math"
	"math/rand/v2"
	"slices"
)

// aggregates are the words of Groups.Agg.
var aggregates = []string{"count", "sum", "mean", "std", "min", "max", "median", "first", "last"}

// aggregateOf gives one value a group of a column; nil for a column that it is not made for.
var aggregateOf = map[string]func(g *Groups, c *Column) *Array{
	"count":  (*Groups).count,
	"sum":    (*Groups).sum,
	"mean":   ofFloats((*Groups).mean),
	"std":    ofFloats((*Groups).std),
	"median": ofFloats((*Groups).median),
	"min":    func(g *Groups, c *Column) *Array { return g.extreme(c, false) },
	"max":    func(g *Groups, c *Column) *Array { return g.extreme(c, true) },
	"first":  (*Groups).earliest,
	"last":   (*Groups).latest,
}

// hasNumbers reports whether each row of the column is one number or truth value.
func (c *Column) hasNumbers() bool { return c.fields == nil && len(c.shape) == 1 && c.number() != nil }

// ofFloats makes an aggregate of one that counts in float64.
func ofFloats(f func(g *Groups, x []float64) []float64) func(g *Groups, c *Column) *Array {
	return func(g *Groups, c *Column) *Array {
		if !c.hasNumbers() {
			return nil
		}
		x, err := numbers[float64](c.Array, "numbers")
		if err != nil {
			return nil
		}
		return &Array{typ: Float64, shape: Shape{len(g.first)}, data: f(g, x)}
	}
}

func (g *Groups) count(c *Column) *Array {
	isNaN, counts := c.isNaN(), make([]int64, len(g.first))
	for i, k := range g.of {
		if k >= 0 && !isNaN(i) {
			counts[k]++
		}
	}
	return &Array{typ: Int64, shape: Shape{len(counts)}, data: counts}
}

// isNaN tells which rows of the column have no value.
func (c *Column) isNaN() func(i int) bool {
	if len(c.shape) == 1 {
		switch s := c.data.(type) {
		case []float32:
			return func(i int) bool { return s[i] != s[i] }
		case []float64:
			return func(i int) bool { return s[i] != s[i] }
		}
	}
	return func(int) bool { return false }
}

func (g *Groups) sum(c *Column) *Array {
	if !c.hasNumbers() {
		return nil
	}
	switch c.data.(type) {
	case []float32, []float64:
		return ofFloats((*Groups).floatSum)(g, c)
	case []uint8, []uint16, []uint32, []uint64:
		return wholeSum[uint64](g, c, Uint64)
	}
	return wholeSum[int64](g, c, Int64)
}

func wholeSum[T int64 | uint64](g *Groups, c *Column, t *Datatype) *Array {
	x, err := numbers[T](c.Array, "numbers")
	if err != nil {
		return nil
	}
	sums := make([]T, len(g.first))
	for i, k := range g.of {
		if k >= 0 {
			sums[k] += x[i]
		}
	}
	return &Array{typ: t, shape: Shape{len(sums)}, data: sums}
}

// tally adds up numbers; lost is what rounding added too much, by the formula of Kahan.
type tally struct {
	sum, lost float64
	n         int
}

func (t *tally) add(v float64) {
	v -= t.lost
	sum := t.sum + v
	t.lost = sum - t.sum - v
	if t.lost-t.lost != 0 { // infinities, and what became one, lose nothing
		t.lost = 0
	}
	t.sum = sum
	t.n++
}

func (g *Groups) tallies(x []float64) []tally {
	out := make([]tally, len(g.first))
	for i, k := range g.of {
		if v := x[i]; k >= 0 && v == v {
			out[k].add(v)
		}
	}
	return out
}

func (g *Groups) floatSum(x []float64) []float64 {
	out := make([]float64, len(g.first))
	for k, t := range g.tallies(x) {
		out[k] = t.sum
	}
	return out
}

func (g *Groups) mean(x []float64) []float64 {
	out := make([]float64, len(g.first))
	for k, t := range g.tallies(x) {
		out[k] = t.sum / float64(t.n)
	}
	return out
}

func (g *Groups) std(x []float64) []float64 {
	means, squares := g.mean(x), make([]tally, len(g.first))
	for i, k := range g.of {
		if v := x[i]; k >= 0 && v == v {
			squares[k].add((v - means[k]) * (v - means[k]))
		}
	}
	for k, t := range squares {
		means[k] = math.NaN()
		if t.n > 1 {
			means[k] = math.Sqrt(t.sum / float64(t.n-1))
		}
	}
	return means
}

func (g *Groups) median(x []float64) []float64 {
	rows, begin := g.byNumber()
	out, values := make([]float64, len(g.first)), []float64{}
	for k := range out {
		values = values[:0]
		for _, i := range rows[begin[k]:begin[k+1]] {
			if v := x[i]; v == v {
				values = append(values, v)
			}
		}
		out[k] = math.NaN()
		if len(values) > 0 {
			out[k] = middle(values)
		}
	}
	return out
}

// middle is the median of at least one number. It moves them about.
func middle(x []float64) float64 {
	half := len(x) / 2
	selectNth(x, half)
	if len(x)%2 == 1 {
		return x[half]
	}
	return (slices.Max(x[:half]) + x[half]) / 2
}

// selectNth moves numbers until place n has what it would have in order, and none before it is greater:
// quickselect, with a pivot by chance so that no order of the numbers is a bad one.
func selectNth(x []float64, n int) {
	for lo, hi := 0, len(x)-1; lo < hi; {
		pivot := x[lo+rand.IntN(hi-lo+1)]
		i, j := lo, hi
		for i <= j {
			for x[i] < pivot {
				i++
			}
			for x[j] > pivot {
				j--
			}
			if i <= j {
				x[i], x[j] = x[j], x[i]
				i++
				j--
			}
		}
		switch {
		case n <= j:
			hi = j
		case n >= i:
			lo = i
		default:
			return
		}
	}
}

func (g *Groups) extreme(c *Column, greatest bool) *Array {
	before := c.order(greatest)
	if before == nil {
		return nil
	}
	return g.pick(c, func(i, than int) bool { return before(i, than) < 0 })
}

func (g *Groups) earliest(c *Column) *Array {
	isNaN := c.isNaN()
	return g.pick(c, func(i, than int) bool { return isNaN(than) && !isNaN(i) })
}

func (g *Groups) latest(c *Column) *Array {
	isNaN := c.isNaN()
	return g.pick(c, func(i, than int) bool { return !isNaN(i) || isNaN(than) })
}

// pick takes one row of each group: the first one, until a later one is better.
func (g *Groups) pick(c *Column, better func(i, than int) bool) *Array {
	best := make([]int, len(g.first))
	for k := range best {
		best[k] = -1
	}
	for i, k := range g.of {
		if k >= 0 && (best[k] < 0 || better(i, best[k])) {
			best[k] = i
		}
	}
	return c.take(0, best)
}
