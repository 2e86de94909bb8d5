package plots

import (
	"fmt"
	"image"
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Image draws a two-dimensional array as colours, its first row at the top and its cells as wide as they
// are high. values is a slice of rows of numbers, or anything with the methods Shape, of two axes, and
// Float64s. A colour bar stands beside it.
func Image(values any) *Figure { return newFigure().Image(values) }

// Image adds a picture of a two-dimensional array.
func (f *Figure) Image(values any) *Figure {
	p, err := f.newPicture("Image", values)
	if err == nil {
		p.down = true
	}
	return f.add(p, err)
}

// picture is rows x cols values, row after row, as colours.
type picture struct {
	values       []float64
	rows, cols   int
	of           [2]stride // the rows and columns that the values were read from
	xEdge, yEdge []float64 // where cells begin, and the last one ends
	down         bool      // the first row is at the top
	plain        bool      // the axes count rows and columns
	blank        bool      // what has no colour is left white
	what         string    // "image", "heat map"
	look         *look     // of the figure
	known        shades    // of knownFor
	knownFor     *look
}

func (f *Figure) newPicture(call string, v any) (*picture, error) {
	part, ok := v.(plane)
	if !ok && len(shapeOf(v)) == 2 {
		var err error
		if part, err = planeOf(v); err != nil {
			return nil, fmt.Errorf("plots: %s: values: %w", call, err)
		}
	} else if !ok {
		part.values = v
	}
	values, rows, cols, err := matrix(call, part.values)
	if err != nil {
		return nil, err
	}
	if !part.thinned() {
		part.rows, part.cols = stride{rows, 1}, stride{cols, 1}
	}
	f.sayThinned(part)
	return &picture{values: values, rows: rows, cols: cols, of: [2]stride{part.rows, part.cols}, xEdge: part.cols.counted(), yEdge: part.rows.counted(),
		plain: true, what: "image", look: &f.look}, nil
}

// counted are the edges of n cells whose middles are 0, 1, 2 ...
func counted(n int) []float64 { return stride{n, 1}.counted() }

// shades is the scale of the colours. Finding it goes through all values, so it is kept.
func (p *picture) shades() shades {
	if p.knownFor == nil || *p.knownFor != *p.look {
		of := *p.look
		p.known, _ = of.shades(p.values)
		p.knownFor = &of
	}
	return p.known
}

func (p *picture) bounds(logX, logY bool) box {
	if s := p.shades(); s.low > s.high {
		return none()
	}
	return edgeBox(p.xEdge, p.yEdge, logX, logY)
}

// edgeBox is what edges enclose. On a logarithmic axis they must be positive.
func edgeBox(x, y []float64, logX, logY bool) box {
	var b box
	b.xMin, b.xMax = ends(x)
	b.yMin, b.yMax = ends(y)
	if logX && b.xMin <= 0 || logY && b.yMin <= 0 {
		return none()
	}
	return b
}

func (p *picture) describe() string {
	s := p.shades()
	if s.low > s.high {
		return fmt.Sprintf("%s of %d x %d values, none of them with a colour", p.what, p.rows, p.cols)
	}
	return fmt.Sprintf("%s of %d x %d values, %.6g to %.6g", p.what, p.rows, p.cols, s.low, s.high)
}

// Plot draws the cells within the area; where there are more than dots, a dot has the mean of its
// finite cells.
func (p *picture) Plot(c draw.Canvas, pl *plot.Plot) {
	toX, toY := pl.Transforms(&c)
	x, y := spots(p.xEdge, toX), spots(p.yEdge, toY)
	frame := vg.Rectangle{
		Min: vg.Point{X: max(c.Min.X, min(x[0], x[len(x)-1])), Y: max(c.Min.Y, min(y[0], y[len(y)-1]))},
		Max: vg.Point{X: min(c.Max.X, max(x[0], x[len(x)-1])), Y: min(c.Max.Y, max(y[0], y[len(y)-1]))},
	}
	size := frame.Size()
	width, height := dots(size.X), dots(size.Y)
	if width < 1 || height < 1 {
		return
	}
	columns := cover(x, frame.Min.X, size.X/vg.Length(width), width)
	rows := cover(y, frame.Max.Y, -size.Y/vg.Length(height), height)
	c.DrawImage(frame, p.pixels(rows, columns))
}

// dots is how many columns of dots a length holds.
func dots(length vg.Length) int { return min(maxPixels, int(math.Round(float64(length/columnWidth)))) }

// spots gives the places of edges on the page.
func spots(edges []float64, to func(float64) vg.Length) []vg.Length {
	out := make([]vg.Length, len(edges))
	for i, e := range edges {
		out[i] = to(e)
	}
	return out
}

// cells are from, from+1 ... to-1.
type cells struct{ from, to int }

// cover says which cells each of n dots lies on. The first dot begins at start, and each is step long,
// which is negative for rows counted from the top. Dots smaller than a cell lie on one, so that cells
// keep sharp edges.
func cover(edges []vg.Length, start, step vg.Length, n int) []cells {
	last := len(edges) - 1
	turned := (edges[last]-edges[0])/step < 0
	at := func(k int) float64 { // where edge k lies, in dots
		if turned {
			k = last - k
		}
		return float64((edges[k] - start) / step)
	}
	out := make([]cells, n)
	k := 0
	for i := range out {
		for k < last-1 && at(k+1) <= float64(i)+1e-6 {
			k++
		}
		to := k + 1
		for to < last && at(to) < float64(i+1)-1e-6 {
			to++
		}
		from := k
		if to-from == 2 { // the one that the middle of the dot lies on
			if at(k+1) <= float64(i)+0.5 {
				from++
			}
			to = from + 1
		}
		if turned {
			from, to = last-to, last-from
		}
		out[i] = cells{from, to}
	}
	return out
}

// pixels gives the picture of dots that lie on cells.
func (p *picture) pixels(rows, columns []cells) image.Image {
	img := image.NewPaletted(image.Rect(0, 0, len(columns), len(rows)), p.palette())
	s := p.shades()
	value := func(r, c cells) uint8 { return s.index(p.mean(r, c)) }
	paint(rows, columns, value, func(x, y int, index uint8) { img.Pix[y*img.Stride+x] = index })
	return img
}

// paint sets each dot to the value of the cells that it lies on. Neighbours that lie on the same ones share
// it: of a long array with three columns a cell would else be looked at as often as a column has dots.
func paint[T any](rows, columns []cells, value func(r, c cells) T, set func(x, y int, v T)) {
	line := make([]T, len(columns))
	for y, r := range rows {
		for x, c := range columns {
			switch {
			case y > 0 && r == rows[y-1]: // the line is that of the row before
			case x > 0 && c == columns[x-1]:
				line[x] = line[x-1]
			default:
				line[x] = value(r, c)
			}
			set(x, y, line[x])
		}
	}
}

// palette is the colours, and at last that of what has none: a light grey that is none of them, or
// nothing.
func (p *picture) palette() color.Palette {
	var out color.Palette
	for _, c := range p.shades().table {
		out = append(out, c)
	}
	if p.blank {
		return append(out, color.NRGBA{})
	}
	return append(out, color.NRGBA{0xe4, 0xe4, 0xe4, 0xff})
}

// mean of the finite values of a block of cells, NaN if there is none.
func (p *picture) mean(r, c cells) float64 {
	if r.to-r.from == 1 && c.to-c.from == 1 {
		return p.values[r.from*p.cols+c.from]
	}
	sum, n := 0.0, 0
	for i := r.from; i < r.to; i++ {
		for _, v := range p.values[i*p.cols+c.from : i*p.cols+c.to] {
			if finite(v) {
				sum += v
				n++
			}
		}
	}
	return sum / float64(n)
}
