package plots

import (
	"fmt"
	"math"

	"gofive/display"
)

// plane is an array of two axes, or the last two axes of one with more, as far as a picture needs it.
type plane struct {
	values     any
	rows, cols stride
}

// stride is an axis of n of which every so many-th place is read.
type stride struct{ n, every int }

const (
	// maxCellsRead is how many cells are read so that a dot has the mean of all it lies on. More are
	// neither worth the time nor the memory:
	maxCellsRead = 1 << 25
	// of these at most so many rows and columns are read, which is still more than a screen shows.
	maxSideRead = 5792 // maxSideRead * maxSideRead <= maxCellsRead
)

// planeOf reads the last two axes of v, at the first place of the others. Each axis has a stride of its own,
// so that a few columns of many rows stay whole. What cannot be read in part is taken as it is.
func planeOf(v any) (plane, error) {
	shape := shapeOf(v)
	n := len(shape)
	if n < 2 {
		return plane{values: v}, nil
	}
	p := plane{v, stride{shape[n-2], 1}, stride{shape[n-1], 1}}
	// Divided, for the product may be more than an int holds.
	if p.cols.n > 0 && p.rows.n > maxCellsRead/p.cols.n {
		p.rows.every, p.cols.every = everyOf(p.rows.n), everyOf(p.cols.n)
	}
	if n == 2 && !p.thinned() {
		return p, nil
	}
	sel := make([]any, n)
	for i := range sel {
		sel[i] = 0
	}
	sel[n-2], sel[n-1] = fmt.Sprintf("::%d", p.rows.every), fmt.Sprintf("::%d", p.cols.every)
	out, is, err := slice(v, sel...)
	if err != nil {
		return plane{}, err
	}
	if !is { // it is in memory
		return plane{v, stride{p.rows.n, 1}, stride{p.cols.n, 1}}, nil
	}
	p.values = out
	return p, nil
}

// everyOf is the stride that leaves at most maxSideRead of n.
func everyOf(n int) int { return (n-1)/maxSideRead + 1 }

func (p plane) thinned() bool { return p.rows.every > 1 || p.cols.every > 1 }

// sayThinned says which rows and columns are drawn, if it is not all.
func (f *Figure) sayThinned(p plane) {
	one := func(s stride, of string) string {
		if s.every == 1 {
			return "all " + display.Count(s.n) + " " + of
		}
		return fmt.Sprintf("one in %s of %s %s", display.Count(s.every), display.Count(s.n), of)
	}
	if p.thinned() {
		f.note("drawn: %s, %s", one(p.rows, "rows"), one(p.cols, "columns"))
	}
}

// counted are the edges of the cells that are read, where the middles of all n cells are 0, 1, 2 ...
func (s stride) counted() []float64 {
	return s.edges(func(i int) float64 { return float64(i) - 0.5 })
}

// edges takes those of the cells that are read from all n+1: a cell reaches to the next that is read.
func (s stride) edges(all func(i int) float64) []float64 {
	var out []float64
	for i := 0; i < s.n; i += s.every {
		out = append(out, all(i))
	}
	return append(out, all(s.n))
}

// ends are the least and the greatest of edges, which rise or fall all the way.
func ends(edges []float64) (least, greatest float64) {
	first, last := edges[0], edges[len(edges)-1]
	return math.Min(first, last), math.Max(first, last)
}
