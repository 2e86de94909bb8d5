package plots

import (
	"fmt"
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"

	"gofive/display"
)

// Band fills what lies between two lines, as the errors of a third: Band(lo, hi) over 0, 1, 2 ..., or
// Band(x, lo, hi). It has the colour of the line added before it or, when it comes first, of the next
// one, and lies under all lines. It breaks where one of its values is NaN or infinite.
func Band(values ...any) *Figure { return newFigure().Band(values...) }

// Band adds a band.
func (f *Figure) Band(values ...any) *Figure {
	b, err := newBand(values)
	if err == nil {
		b.colour = colour(max(0, f.taken()-1))
	}
	return f.add(b, err)
}

type band struct {
	x, lo, hi []float64
	colour    color.NRGBA
}

func newBand(values []any) (*band, error) {
	values, err := withoutError(values)
	if err != nil {
		return nil, err
	}
	if len(values) != 2 && len(values) != 3 {
		return nil, fmt.Errorf("plots: Band takes lo and hi, or x, lo and hi; it was given %d arguments", len(values))
	}
	b := &band{}
	n := len(values)
	if b.lo, err = numbers("Band", "lo", values[n-2]); err != nil {
		return nil, err
	}
	if b.hi, err = numbers("Band", "hi", values[n-1]); err != nil {
		return nil, err
	}
	b.x = places(len(b.lo))
	if n == 3 {
		if b.x, err = numbers("Band", "x", values[0]); err != nil {
			return nil, err
		}
	}
	if len(b.x) != len(b.lo) || len(b.lo) != len(b.hi) {
		return nil, fmt.Errorf("plots: Band: x has %s values, lo %s and hi %s; they must be as many",
			display.Count(len(b.x)), display.Count(len(b.lo)), display.Count(len(b.hi)))
	}
	return b, some("Band", b.x)
}

// own is the colour of the line that the band belongs to.
func (b *band) own() color.NRGBA { return b.colour }

func (b *band) bounds(logX, logY bool) box { return b.within(everywhere, logX, logY) }

func (b *band) within(x limits, logX, logY bool) box {
	area := none()
	for i := range b.x {
		if b.drawable(i, logX, logY) && x.from <= b.x[i] && b.x[i] <= x.to {
			area = area.with(b.x[i], b.lo[i]).with(b.x[i], b.hi[i])
		}
	}
	return area
}

func (b *band) drawable(i int, logX, logY bool) bool {
	return drawable(b.x[i], logX) && drawable(b.lo[i], logY) && drawable(b.hi[i], logY)
}

func (b *band) describe() string {
	return "band of " + display.Count(len(b.x)) + " points, " + span(b.bounds(false, false))
}

// strip is an unbroken piece of a band.
type strip struct{ lo, hi []vg.Point }

// Plot draws the strips between gaps.
func (b *band) Plot(c draw.Canvas, p *plot.Plot) {
	toX, toY := p.Transforms(&c)
	var s strip
	for i := range b.x {
		if b.drawable(i, isLog(p.X), isLog(p.Y)) {
			s.lo = append(s.lo, vg.Point{X: toX(b.x[i]), Y: toY(b.lo[i])})
			s.hi = append(s.hi, vg.Point{X: toX(b.x[i]), Y: toY(b.hi[i])})
			continue
		}
		b.fill(c, s)
		s = strip{}
	}
	b.fill(c, s)
}

// maxCorners is how many points a strip may have to be filled as it is.
const maxCorners = 150

// fill fills a strip. The rasterizer of PNG is slow with many corners (pieceLength says why), and pieces
// of a see-through colour must not overlap: there a strip of many points is filled dot by dot.
func (b *band) fill(c draw.Canvas, s strip) {
	if len(s.lo) > maxCorners {
		if s = s.columns(columnAt(c.Min.X), columnAt(c.Max.X)); len(s.lo) == 0 {
			return
		}
	}
	if _, dots := c.Canvas.(vgimg.PngCanvas); dots && len(s.lo) > maxCorners {
		for i := 0; i+1 < len(s.lo); i += 2 {
			b.polygon(c, strip{s.lo[i : i+2], s.hi[i : i+2]})
		}
		return
	}
	b.polygon(c, s)
}

func (b *band) polygon(c draw.Canvas, s strip) {
	corners := append([]vg.Point{}, s.lo...)
	for i := range s.hi {
		corners = append(corners, s.hi[len(s.hi)-1-i])
	}
	if corners = c.ClipPolygonXY(corners); len(corners) > 2 {
		c.FillPolygon(pale(b.colour), corners)
	}
}

// columns gives the strip as the lowest and highest value of each column of dots, at its left and right
// edge. Columns before from and after to are left out: of a small part of a long strip they would be millions.
func (s strip) columns(from, to int) strip {
	least, most := columnsOf(s.lo, from, to, math.Min), columnsOf(s.hi, from, to, math.Max)
	var out strip
	for k := range least.values {
		left := vg.Length(least.first+k) * columnWidth
		for _, x := range []vg.Length{left, left + columnWidth} {
			out.lo = append(out.lo, vg.Point{X: x, Y: vg.Length(least.values[k])})
			out.hi = append(out.hi, vg.Point{X: x, Y: vg.Length(most.values[k])})
		}
	}
	return out
}

// extremes are the least or greatest height that a line has in each column of dots from the first on.
type extremes struct {
	first  int
	values []float64
}

// columnAt is the number of the column of dots at some place.
func columnAt(x vg.Length) int { return int(math.Floor(float64(x / columnWidth))) }

func columnsOf(line []vg.Point, from, to int, choose func(a, b float64) float64) extremes {
	first, last := columnAt(line[0].X), columnAt(line[0].X)
	for _, p := range line {
		first, last = min(first, columnAt(p.X)), max(last, columnAt(p.X))
	}
	first, last = max(first, from), min(last, to)
	e := extremes{first, make([]float64, max(0, last-first+1))}
	for i := range e.values {
		e.values[i] = math.NaN()
	}
	set := func(k int, y vg.Length) {
		if k < first || k > last {
			return
		}
		if old := e.values[k-first]; math.IsNaN(old) {
			e.values[k-first] = float64(y)
		} else {
			e.values[k-first] = choose(old, float64(y))
		}
	}
	for i, p := range line {
		set(columnAt(p.X), p.Y)
		if i == 0 {
			continue
		}
		q := line[i-1]
		for k := max(columnAt(q.X)+1, first); k <= min(columnAt(p.X), last+1); k++ { // where the line enters a column
			t := (vg.Length(k)*columnWidth - q.X) / (p.X - q.X)
			y := q.Y + t*(p.Y-q.Y)
			set(k-1, y)
			set(k, y)
		}
	}
	return e
}

// Thumbnail draws the band's sample in a legend.
func (b *band) Thumbnail(c *draw.Canvas) { fillBox(c, pale(b.colour)) }

// fillBox fills a whole canvas.
func fillBox(c *draw.Canvas, with color.NRGBA) {
	c.FillPolygon(with, []vg.Point{c.Min, {X: c.Min.X, Y: c.Max.Y}, c.Max, {X: c.Max.X, Y: c.Min.Y}})
}
