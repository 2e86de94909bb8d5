package plots

import (
	"fmt"
	"math"
	"testing"
)

// huge is a dataset that nobody may have in memory. Its values are the numbers of its columns, and it counts
// what is read.
type huge struct {
	s    shape
	read int
}

func (h *huge) Shape() shape { return h.s }

func (h *huge) Slice(sel ...any) (*cube, error) {
	out := &cube{s: shape{}}
	for axis, one := range sel {
		if every := 0; one != 0 {
			if _, err := fmt.Sscanf(one.(string), "::%d", &every); err != nil {
				return nil, err
			}
			out.s = append(out.s, (h.s[axis]-1)/every+1)
		}
	}
	h.read += out.s[0] * out.s[1]
	if h.read > 1<<27 {
		return nil, fmt.Errorf("%v elements are too many", out.s)
	}
	out.values = make([]float64, out.s[0]*out.s[1])
	for i := range out.values {
		out.values[i] = float64(i % out.s[1])
	}
	return out, nil
}

// TestHugePlanes: each axis is thinned by itself, what is read is bounded, and the figure says which rows it shows.
func TestHugePlanes(t *testing.T) {
	for _, test := range []struct {
		shape      shape
		want       string
		rows, cols int
	}{
		{shape{100_000_000, 3}, "figure: heat map of 5792 x 3 values, 0 to 2; drawn: one in 17,266 of 100,000,000 rows, all 3 columns", 100_000_000, 3},
		{shape{12_000_000, 3}, "figure: heat map of 5792 x 3 values, 0 to 2; drawn: one in 2,072 of 12,000,000 rows, all 3 columns", 12_000_000, 3},
		{shape{3, 12_000_000}, "figure: heat map of 3 x 5792 values, 0 to 5791; drawn: all 3 rows, one in 2,072 of 12,000,000 columns", 3, 12_000_000},
		{shape{1 << 40, 100}, "figure: heat map of 5792 x 100 values, 0 to 99; drawn: one in 189,832,809 of 1,099,511,627,776 rows, all 100 columns", 1 << 40, 100},
		{shape{1 << 40, 1 << 40}, "figure: heat map of 5792 x 5792 values, 0 to 5791; drawn: one in 189,832,809 of 1,099,511,627,776 rows, one in 189,832,809 of 1,099,511,627,776 columns", 1 << 40, 1 << 40},
		{shape{2, 12_000_000, 3}, "figure: heat map of 5792 x 3 values, 0 to 2; the first of 2 planes of an array of shape [2 12000000 3]; drawn: one in 2,072 of 12,000,000 rows, all 3 columns", 12_000_000, 3},
	} {
		for call, draw := range map[string]func(v any) *Figure{"Of": func(v any) *Figure { return Of(v) }, "Heat": func(v any) *Figure { return Heat(v) }} {
			h := &huge{s: test.shape}
			if call == "Heat" && len(test.shape) > 2 {
				continue
			}
			f := draw(h)
			if got := f.String(); got != test.want {
				t.Errorf("%s of %v: got  %s\nwant %s", call, test.shape, got, test.want)
				continue
			}
			if h.read > maxCellsRead {
				t.Errorf("%s of %v: %d cells were read", call, test.shape, h.read)
			}
			if got, want := f.area(false), (box{-0.5, float64(test.cols) - 0.5, -0.5, float64(test.rows) - 0.5}); got != want {
				t.Errorf("%s of %v: the axes go over %v, want %v", call, test.shape, got, want)
			}
		}
	}
}

// TestThinnedScales: places that are given for all columns are those of the columns that are read.
func TestThinnedScales(t *testing.T) {
	const n = 12_000_000
	f := Heat(places(n), []int{10, 20, 30}, &huge{s: shape{3, n}})
	if err := f.Err(); err != nil {
		t.Fatal(err)
	}
	p := f.layers[0].layer.(*picture)
	if len(p.xEdge) != p.cols+1 || p.xEdge[1] != 2071.5 || p.xEdge[p.cols] != n-0.5 {
		t.Errorf("%d columns have %d edges, %v ... %v", p.cols, len(p.xEdge), p.xEdge[1], p.xEdge[p.cols])
	}
}

// TestPaintReadsCellsOnce: the cells of a long array with three columns are not read for each of the many dots
// that a column is wide.
func TestPaintReadsCellsOnce(t *testing.T) {
	const long, wide, high = 1_000_000, 1600, 900
	columns, rows := make([]cells, wide), make([]cells, high)
	for x := range columns {
		columns[x] = cells{x * 3 / wide, x*3/wide + 1}
	}
	for y := range rows {
		rows[y] = cells{y * long / high, (y + 1) * long / high}
	}
	for name, test := range map[string][2][]cells{"columns": {rows, columns}, "rows": {columns, rows}} {
		read, dots := 0, 0
		value := func(r, c cells) int {
			read += (r.to - r.from) * (c.to - c.from)
			return r.from*3 + c.from
		}
		paint(test[0], test[1], value, func(x, y, v int) {
			if dots++; v != test[0][y].from*3+test[1][x].from {
				t.Fatalf("few %s: dot %d, %d has the value of other cells", name, x, y)
			}
		})
		if read != 3*long || dots != wide*high {
			t.Errorf("few %s: %d cells were read for %d dots, want %d for %d", name, read, dots, 3*long, wide*high)
		}
	}
	if !math.IsNaN((&picture{values: []float64{nan, nan}, rows: 2, cols: 1}).mean(cells{0, 2}, cells{0, 1})) {
		t.Error("cells without a value have a mean")
	}
}
