package plots

import (
	"fmt"
	"image/color"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Contour draws the lines along which a two-dimensional array has the same value, its first row at the
// bottom: Contour(z), or Contour(x, y, z) with the places of the columns and of the rows of z. The values
// of the lines are round ones. Over a picture the lines are white where it is dark and dark where it is
// light; alone they have the colours that the picture would have.
func Contour(values ...any) *Figure { return newFigure().Contour(values...) }

// Contour adds lines of equal value.
func (f *Figure) Contour(values ...any) *Figure {
	p, err := f.newHeat("Contour", values)
	if err != nil {
		return f.add(nil, err)
	}
	return f.add(&contour{picture: p, over: func() *picture { return f.picture() }}, nil)
}

// contour is a picture of which lines are drawn.
type contour struct {
	*picture
	over func() *picture // the picture below, nil for none
}

// maxContour is how many rows and columns lines are drawn of; of more, the means of blocks.
const maxContour = 400

func (k *contour) describe() string {
	s := k.shades()
	if s.low > s.high {
		return fmt.Sprintf("contours of %d x %d values, none of them finite", k.rows, k.cols)
	}
	levels := k.levels()
	return fmt.Sprintf("%d contours of %d x %d values, %.6g to %.6g", len(levels), k.rows, k.cols, s.low, s.high)
}

// levels are the round values between the least and the greatest one, some eight of them.
func (k *contour) levels() []float64 {
	s := k.shades()
	if s.low >= s.high {
		return nil
	}
	var out []float64
	for _, t := range s.ticks(8) {
		if !t.IsMinor() && t.Value > s.low && t.Value < s.high {
			out = append(out, t.Value)
		}
	}
	return out
}

// bounds go from the middle of the first cell to that of the last one.
func (k *contour) bounds(logX, logY bool) box {
	if s := k.shades(); s.low > s.high {
		return none()
	}
	return edgeBox(middles(k.xEdge), middles(k.yEdge), logX, logY)
}

// middles are the places half-way between edges.
func middles(edges []float64) []float64 {
	out := make([]float64, len(edges)-1)
	for i := range out {
		out[i] = (edges[i] + edges[i+1]) / 2
	}
	return out
}

// Plot draws the lines of each level.
func (k *contour) Plot(c draw.Canvas, p *plot.Plot) {
	toX, toY := p.Transforms(&c)
	g := k.mesh()
	for i := range g.x {
		g.x[i] = float64(toX(g.x[i]))
	}
	for i := range g.y {
		g.y[i] = float64(toY(g.y[i]))
	}
	for _, level := range k.levels() {
		style := draw.LineStyle{Color: k.shade(level), Width: vg.Points(1.1)}
		for _, line := range g.lines(level) {
			for _, visible := range c.ClipLinesXY(line) {
				for _, piece := range pieces(visible) {
					c.StrokeLines(style, piece)
				}
			}
		}
	}
}

// shade is the colour of a line.
func (k *contour) shade(level float64) color.NRGBA {
	below := k.over()
	if below == nil {
		return k.shades().at(level)
	}
	c := below.shades().at(level)
	if 0.3*float64(c.R)+0.59*float64(c.G)+0.11*float64(c.B) < 140 {
		return color.NRGBA{0xff, 0xff, 0xff, 0xd0}
	}
	return color.NRGBA{0x22, 0x22, 0x22, 0xc0}
}

// mesh is values at the crossings of columns and rows.
type mesh struct {
	x, y []float64
	z    [][]float64
}

// mesh gives the middles of the cells with their values, of large arrays those of blocks.
func (k *contour) mesh() mesh {
	x, y := middles(k.xEdge), middles(k.yEdge)
	columns, rows := parted(k.cols, maxContour), parted(k.rows, maxContour)
	var g mesh
	for _, c := range columns {
		g.x = append(g.x, (x[c.from]+x[c.to-1])/2)
	}
	for _, r := range rows {
		g.y = append(g.y, (y[r.from]+y[r.to-1])/2)
		line := make([]float64, len(columns))
		for i, c := range columns {
			line[i] = k.mean(r, c)
		}
		g.z = append(g.z, line)
	}
	return g
}

// lines are the lines of a level, each as long as it goes.
func (g mesh) lines(level float64) [][]vg.Point {
	w := web{at: map[int]vg.Point{}, next: map[int][]int{}}
	for r := range len(g.y) - 1 {
		for c := range len(g.x) - 1 {
			g.cross(&w, r, c, level)
		}
	}
	return w.lines()
}

// cross finds where a level leaves the square of four neighbours: it cuts none, two or four of its
// sides. With four, two lines pass the middle on the side where its mean says they do.
func (g mesh) cross(w *web, r, c int, level float64) {
	corners := [4]float64{g.z[r][c], g.z[r][c+1], g.z[r+1][c+1], g.z[r+1][c]}
	at := [4]vg.Point{g.point(r, c), g.point(r, c+1), g.point(r+1, c+1), g.point(r+1, c)}
	sides := [4]int{g.side(r, c, 0), g.side(r, c+1, 1), g.side(r+1, c, 0), g.side(r, c, 1)}
	var cut []int
	mean := 0.0
	for i, v := range corners {
		if !finite(v) {
			return
		}
		mean += v / 4
		next := corners[(i+1)%4]
		if (v < level) == (next < level) {
			continue
		}
		t := vg.Length((level - v) / (next - v))
		p, q := at[i], at[(i+1)%4]
		w.at[sides[i]] = vg.Point{X: p.X + t*(q.X-p.X), Y: p.Y + t*(q.Y-p.Y)}
		cut = append(cut, sides[i])
	}
	switch {
	case len(cut) == 2:
		w.join(cut[0], cut[1])
	case len(cut) == 4 && (mean < level) == (corners[0] < level):
		w.join(cut[0], cut[1])
		w.join(cut[2], cut[3])
	case len(cut) == 4:
		w.join(cut[3], cut[0])
		w.join(cut[1], cut[2])
	}
}

func (g mesh) point(r, c int) vg.Point { return vg.Point{X: vg.Length(g.x[c]), Y: vg.Length(g.y[r])} }

// side numbers the side that goes from a crossing along a row (0) or a column (1).
func (g mesh) side(r, c, along int) int { return 2*(r*len(g.x)+c) + along }

// web is points on sides, each joined to one or two others.
type web struct {
	at   map[int]vg.Point
	next map[int][]int
}

func (w *web) join(a, b int) {
	w.next[a] = append(w.next[a], b)
	w.next[b] = append(w.next[b], a)
}

// lines follows the joints: first from loose ends, then around what is closed.
func (w *web) lines() [][]vg.Point {
	sides := make([]int, 0, len(w.next))
	for s := range w.next {
		sides = append(sides, s)
	}
	slices.Sort(sides)
	var out [][]vg.Point
	for _, loose := range []bool{true, false} {
		for _, s := range sides {
			if n := len(w.next[s]); n == 1 || n > 0 && !loose {
				out = append(out, w.follow(s))
			}
		}
	}
	return out
}

// follow takes one line out of the web.
func (w *web) follow(s int) []vg.Point {
	line := []vg.Point{w.at[s]}
	for len(w.next[s]) > 0 {
		t := w.next[s][0]
		w.next[s] = w.next[s][1:]
		i := slices.Index(w.next[t], s)
		w.next[t] = slices.Delete(w.next[t], i, i+1)
		line = append(line, w.at[t])
		s = t
	}
	return line
}
