package plots

import (
	"errors"
	"fmt"
	"math"
)

// Heat draws a two-dimensional array as colours over two axes, its first row at the bottom: Heat(z), or
// Heat(x, y, z) with the places of the columns and of the rows of z, their middles or one more edge.
// Log and Percentile change which colours values get, Colours changes the colours.
func Heat(values ...any) *Figure { return newFigure().Heat(values...) }

// Heat adds a heat map.
func (f *Figure) Heat(values ...any) *Figure {
	p, err := f.newHeat("Heat", values)
	return f.add(p, err)
}

func (f *Figure) newHeat(call string, values []any) (*picture, error) {
	x, y, z, err := surface(call, values)
	if err != nil {
		return nil, err
	}
	p, err := f.newPicture(call, z)
	if err != nil {
		return nil, err
	}
	p.what = "heat map"
	if x == nil {
		return p, nil
	}
	p.plain = false
	if p.xEdge, err = edges(call, "x", x, p.of[1], "columns"); err != nil {
		return nil, err
	}
	p.yEdge, err = edges(call, "y", y, p.of[0], "rows")
	return p, err
}

// surface takes the arguments z, or x, y and z, of a call, and the error of the call that gave them.
func surface(call string, values []any) (x, y, z any, err error) {
	if values, err = withoutError(values); err != nil {
		return nil, nil, nil, err
	}
	switch len(values) {
	case 1:
		return nil, nil, values[0], nil
	case 3:
		return values[0], values[1], values[2], nil
	}
	return nil, nil, nil, fmt.Errorf("plots: %s takes z, or x, y and z; it was given %d arguments", call, len(values))
}

// edges gives the edges of the cells of an axis that are read, from the edges of all n or from their middles.
func edges(call, name string, v any, axis stride, of string) ([]float64, error) {
	n := axis.n
	at, err := numbers(call, name, v)
	if err != nil {
		return nil, err
	}
	if len(at) != n && len(at) != n+1 {
		return nil, fmt.Errorf("plots: %s: %s has %d values and z has %d %s; give as many, or one more for edges", call, name, len(at), n, of)
	}
	if err := steady(at); err != nil {
		return nil, fmt.Errorf("plots: %s: %s %w", call, name, err)
	}
	if len(at) == n {
		at = between(at)
	}
	if axis.every == 1 {
		return at, nil
	}
	return axis.edges(func(i int) float64 { return at[i] }), nil
}

// steady refuses places that do not follow one another.
func steady(at []float64) error {
	for i, v := range at {
		if !finite(v) {
			return fmt.Errorf("is %v at place %d", v, i)
		}
		if i > 1 && (v-at[i-1])*(at[1]-at[0]) <= 0 || i == 1 && v == at[0] {
			return errors.New("must rise all the way, or fall")
		}
	}
	return nil
}

// between gives edges half-way between the middles of cells; of places that are powers, as on a
// logarithmic axis, half-way in powers.
func between(at []float64) []float64 {
	n := len(at)
	if n == 1 {
		return []float64{at[0] - 0.5, at[0] + 0.5}
	}
	out := make([]float64, n+1)
	for i := 1; i < n; i++ {
		out[i] = (at[i-1] + at[i]) / 2
	}
	out[0], out[n] = at[0]-(out[1]-at[0]), at[n-1]+(at[n-1]-out[n-1])
	if first := out[0]; at[0] > 0 && first <= 0 { // an axis of powers must not begin at or below 0
		out[0] = at[0] * math.Sqrt(at[0]/at[1])
	}
	return out
}
