package h5browse

import (
	"context"
	"math"

	"gofive/h5"
)

// image is a grid of pixels over the elements of two axes.
type image struct {
	lens          lens
	rows, columns int // of elements
	height, width int // of pixels
}

// row and column give the pixel of an element.
func (m image) row(i int) int    { return i * m.height / m.rows }
func (m image) column(j int) int { return j * m.width / m.columns }

// decimateImage answers for two axes.
func decimateImage(ctx context.Context, l *call, d *h5.Dataset, seen lens, axes []h5.Interval, open []int) (answer, error) {
	r := l.request
	count := func(i h5.Interval) int { return (i.Hi - i.Lo + i.Step - 1) / i.Step }
	y, x := axes[open[0]], axes[open[1]]
	m := image{lens: seen, rows: count(y), columns: count(x)}
	m.height, m.width = min(m.rows, within(r.Height, 600, 1, mostWidth)), min(m.columns, within(r.Width, 800, 1, mostWidth))
	if m.height*m.width*4 > mostBinary {
		return answer{}, &failure{Kind: "too-large", Message: "the image has too many pixels", Max: mostBinary / 4}
	}
	if r.Method == "nearest" {
		axes[open[0]].Step *= max(1, (m.rows+m.height-1)/m.height)
		axes[open[1]].Step *= max(1, (m.columns+m.width-1)/m.width)
		m.rows, m.columns = count(axes[open[0]]), count(axes[open[1]])
		full := m.height == m.rows && m.width == m.columns
		m.height, m.width = m.rows, m.columns
		return m.answer(ctx, l, d, axes, y, x, full)
	}
	return m.answer(ctx, l, d, axes, y, x, m.height == m.rows && m.width == m.columns)
}

func (m image) answer(ctx context.Context, l *call, d *h5.Dataset, axes []h5.Interval, y, x h5.Interval, full bool) (answer, error) {
	pixels, nan, err := m.read(ctx, l, d, axes)
	if err != nil {
		return answer{}, err
	}
	fields := map[string]any{"width": m.width, "height": m.height, "rows": []int{y.Lo, y.Hi}, "columns": []int{x.Lo, x.Hi}, "full": full,
		"range": rangeOf(pixels), "nan": nan}
	return answer{fields, []buffer{numbers("image", "<f4", pixels, m.height, m.width)}}, nil
}

// band is some rows of pixels.
type band struct {
	first int
	cells []cell
	n     int
	err   error
}

// read gives the pixels.
func (m image) read(ctx context.Context, l *call, d *h5.Dataset, axes []h5.Interval) (pixels []float32, nan int, err error) {
	pixels = make([]float32, m.height*m.width)
	if len(pixels) == 0 {
		return pixels, 0, nil
	}
	sel := []any{}
	for _, a := range axes {
		if a.Step == 0 {
			sel = append(sel, a.Lo)
		} else {
			sel = append(sel, a)
		}
	}
	if l.request.Field != "" {
		sel = append(sel, h5.Columns(l.request.Field))
	}
	cells := make([]cell, len(pixels))
	for i := range cells {
		cells[i] = nothing()
	}
	done, progress := 0, l.progress(m.rows*m.columns)
	var failed error
	err = d.Part(sel...).Pieces(ctx, func(a *h5.Array, at int) any { return m.band(a, at) }, func(v any) {
		b := v.(band)
		if b.err != nil {
			failed = b.err
			return
		}
		for i, c := range b.cells {
			cells[b.first*m.width+i] = cells[b.first*m.width+i].join(c)
		}
		done += b.n
		progress(done)
	})
	if err == nil {
		err = failed
	}
	for i, c := range cells {
		pixels[i] = c.pixel(l.request.Method)
		nan += c.nan
	}
	return pixels, nan, err
}

// pixel is the number of a pixel.
func (c cell) pixel(method string) float32 {
	switch {
	case c.n == 0:
		return float32(math.NaN())
	case method == "sum":
		return float32(c.sum)
	case method == "minmax":
		return float32(c.hi)
	}
	return float32(c.sum / float64(c.n))
}

// band reduces a piece whose first element is at a place of all.
func (m image) band(a *h5.Array, at int) band {
	x, err := m.lens.numbers(a)
	if err != nil || x.len() == 0 {
		return band{err: err}
	}
	n := x.len()
	first, last := m.row(at/m.columns), m.row((at+n-1)/m.columns)
	b := band{first: first, n: n, cells: make([]cell, (last-first+1)*m.width)}
	for i := range b.cells {
		b.cells[i] = nothing()
	}
	for k := 0; k < n; {
		i, j := (at+k)/m.columns, (at+k)%m.columns
		row := b.cells[(m.row(i)-first)*m.width:]
		end := min(n, k+m.columns-j)
		for k < end {
			p := m.column(j)
			next := (p+1)*m.columns + m.width - 1
			next = min(next/m.width, m.columns)
			to := min(end, k+max(1, next-j))
			row[p] = x.cell(row[p], k, to)
			j += to - k
			k = to
		}
	}
	return b
}
