package plots

import (
	"errors"
	"fmt"
	"math"

	"gofive/display"
)

// extremer is what cuts its elements into stretches of equal length and knows the least and greatest of
// each, reading piece by piece: datasets and parts of them, and arrays.
type extremer interface {
	Len() int
	Extremes(pieces int, sel ...any) (lo, hi []float64, err error)
}

// counter is what counts its elements in bins of equal width.
type counter interface {
	Len() int
	Histogram(bins int, sel ...any) (counts []int, edges []float64, err error)
}

var errForthAndBack = errors.New("x goes forth and back")

const (
	longLine  = 200_000       // more points are never all in memory
	maxWhole  = 20 * longLine // unless x and y are no function
	stretches = 2 * maxPixels // of dots that the widest figure has, on a dense screen
)

// evenly is an x axis of as many values as y has.
type evenly struct{ from, to float64 }

// Linspace is an x of evenly spaced values, the first and the last of them given, as many as y has:
//
//	plots.Line(plots.Linspace(0, 60), ds).Labels("minutes", "current [A]")
func Linspace(from, to float64) any { return evenly{from, to} }

// at is number i of n.
func (e evenly) at(i float64, n int) float64 {
	if n == 1 {
		return e.from
	}
	return e.from + (e.to-e.from)*i/float64(n-1)
}

// values are all of n.
func (e evenly) values(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = e.at(float64(i), n)
	}
	return out
}

// long gives the points of a line through more samples than are worth having in memory: of each of many
// stretches the least and the greatest, above one another. n is the number of samples, 0 when the line
// is not so long. values are y, or x and y.
func long(call string, values []any) (x, y []float64, n int, err error) {
	source, ok := isLong(values[len(values)-1])
	if !ok {
		return nil, nil, 0, nil
	}
	n = source.Len()
	var from any = evenly{0, float64(n - 1)}
	if len(values) == 2 {
		from = values[0]
	}
	places, err := placesOf(call, from, n)
	if errors.Is(err, errForthAndBack) && n <= maxWhole && hasNumbers(values[len(values)-1]) {
		return nil, nil, 0, nil // it is drawn as it is
	}
	if err != nil {
		return nil, nil, n, err
	}
	lo, hi, err := source.Extremes(stretches)
	if err != nil {
		return nil, nil, n, fmt.Errorf("plots: %s: y: %w", call, err)
	}
	x, y = upAndDown(places, lo, hi)
	return x, y, n, nil
}

// upAndDown gives the least and the greatest of each stretch above one another, down where the one before went
// up: there are no slanted strokes.
func upAndDown(places, lo, hi []float64) (x, y []float64) {
	for i, place := range places {
		x = append(x, place, place)
		if i%2 == 0 {
			y = append(y, lo[i], hi[i])
		} else {
			y = append(y, hi[i], lo[i])
		}
	}
	return x, y
}

// samplesOf is how many samples the points of a line stand for.
func samplesOf(values []any, points []float64) int {
	if values, err := withoutError(values); err == nil && len(values) > 0 {
		if source, ok := isLong(values[len(values)-1]); ok {
			return source.Len()
		}
	}
	return len(points)
}

func isLong(y any) (extremer, bool) {
	switch s := y.(type) {
	case extremer:
		return s, !isNil(y) && s.Len() > longLine
	case []float64:
		return samples[float64](s), len(s) > longLine
	case []float32:
		return samples[float32](s), len(s) > longLine
	}
	return nil, false
}

// placesOf gives the middle of each stretch of x.
func placesOf(call string, x any, n int) ([]float64, error) {
	out := make([]float64, stretches)
	if even, ok := x.(evenly); ok {
		for i := range out {
			out[i] = even.at((float64(i)+0.5)*float64(n)/stretches-0.5, n)
		}
		return out, nil
	}
	source, ok := isLong(x)
	if !ok {
		values, err := numbers(call, "x", x)
		if err != nil {
			return nil, err
		}
		source = samples[float64](values)
	}
	if source.Len() != n {
		return nil, unequal(call, source.Len(), n)
	}
	lo, hi, err := source.Extremes(stretches)
	if err != nil {
		return nil, fmt.Errorf("plots: %s: x: %w", call, err)
	}
	if !ordered(lo, hi) && !ordered(backwards(lo), backwards(hi)) {
		return nil, fmt.Errorf("plots: %s: %w over %s values; count them with Histogram2D, or take a part", call, errForthAndBack, display.Count(n))
	}
	for i := range out {
		out[i] = lo[i] + (hi[i]-lo[i])/2
	}
	return out, nil
}

// ordered reports whether each stretch begins where the one before ends, or later.
func ordered(lo, hi []float64) bool {
	for i := 1; i < len(lo); i++ {
		if lo[i] < hi[i-1] {
			return false
		}
	}
	return true
}

func backwards(x []float64) []float64 {
	out := make([]float64, 0, len(x))
	for i := len(x) - 1; i >= 0; i-- {
		out = append(out, x[i])
	}
	return out
}

// samples are numbers that stand in memory already.
type samples[T float32 | float64] []T

func (s samples[T]) Len() int { return len(s) }

// Extremes goes through the numbers; it needs as many of them as pieces.
func (s samples[T]) Extremes(pieces int, _ ...any) (lo, hi []float64, err error) {
	lo, hi = make([]float64, pieces), make([]float64, pieces)
	whole, rest := len(s)/pieces, len(s)%pieces
	for i := range pieces {
		lo[i], hi[i] = reach(s[i*whole+i*rest/pieces : (i+1)*whole+(i+1)*rest/pieces])
	}
	return lo, hi, nil
}

// reach goes from the least to the greatest, NaN and NaN when there is nothing else.
func reach[T float32 | float64](s []T) (lo, hi float64) {
	least, greatest := T(math.Inf(1)), T(math.Inf(-1))
	for _, v := range s {
		if !(v >= least && v <= greatest) && v == v {
			least, greatest = min(least, v), max(greatest, v)
		}
	}
	if least > greatest {
		return math.NaN(), math.NaN()
	}
	return float64(least), float64(greatest)
}

// longHistogram counts a source of which not all is worth having in memory; nil of others.
func longHistogram(values any, bins []int) (*histogram, error) {
	source, ok := values.(counter)
	if !ok || isNil(values) || source.Len() <= longLine || len(bins) > 1 {
		return nil, nil
	}
	n := 100
	if len(bins) == 1 && bins[0] > 0 {
		n = min(bins[0], maxBins)
	}
	counts, edges, err := source.Histogram(n)
	if err != nil {
		return nil, fmt.Errorf("plots: Histogram: %w", err)
	}
	h := &histogram{from: edges[0], width: (edges[n] - edges[0]) / float64(n), counts: counts}
	for _, count := range counts {
		h.total += count
	}
	h.skipped = source.Len() - h.total
	return h, nil
}
