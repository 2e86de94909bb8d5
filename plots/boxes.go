package plots

import (
	"fmt"
	"image/color"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"gofive/display"
)

// Box draws each set of values as a box from the first quartile to the third with a line at the median,
// whiskers to the furthest values within 1.5 times the height of the box, and dots for those beyond. A
// string names the set behind it: Box("blue", b, "red", r). Of a table it draws the columns.
func Box(values ...any) *Figure { return newFigure().Box(values...) }

// Box adds boxes.
func (f *Figure) Box(values ...any) *Figure {
	b, err := newBoxes(values)
	if err == nil {
		b.colour = f.next()
	}
	return f.add(b, err)
}

// maxBoxes is how many sets stand side by side.
const maxBoxes = 100

type boxes struct {
	names  []string
	sets   []summary
	colour color.NRGBA
}

// summary is what a box shows of a set of values.
type summary struct {
	n                       int // finite values
	low, q1, median, q3, up float64
	beyond                  []float64
	more                    int // of them that are not kept
}

func newBoxes(values []any) (*boxes, error) {
	values, err := withoutError(values)
	if err != nil {
		return nil, err
	}
	b, name := &boxes{}, ""
	for _, v := range values {
		if s, ok := v.(string); ok {
			name = s
			continue
		}
		if t, err := tableOf(v, nil); t != nil || err != nil {
			if err != nil {
				return nil, err
			}
			if err := b.addColumns(t); err != nil {
				return nil, err
			}
			continue
		}
		if err := b.addSet(name, v); err != nil {
			return nil, err
		}
		name = ""
	}
	if len(b.sets) == 0 || len(b.sets) > maxBoxes {
		return nil, fmt.Errorf("plots: Box: %d sets of values; give 1 to %d", len(b.sets), maxBoxes)
	}
	return b, nil
}

func (b *boxes) addSet(name string, v any) error {
	if name == "" {
		name = fmt.Sprint(len(b.sets) + 1)
	}
	x, err := numbers("Box", name, v)
	if err != nil {
		return err
	}
	b.names = append(b.names, name)
	b.sets = append(b.sets, summarize(x))
	return nil
}

func (b *boxes) addColumns(t *columnar) error {
	for _, c := range t.columns {
		if c.numeric() {
			if err := b.addSet(c.name, c.values); err != nil {
				return err
			}
		}
	}
	return nil
}

// maxBeyond is how many dots stand above and below one box.
const maxBeyond = 200

func summarize(values []float64) summary {
	sorted := slices.DeleteFunc(slices.Clone(values), func(x float64) bool { return !finite(x) })
	slices.Sort(sorted)
	s := summary{n: len(sorted)}
	if s.n == 0 {
		return s
	}
	s.q1, s.median, s.q3 = quantile(sorted, 0.25), quantile(sorted, 0.5), quantile(sorted, 0.75)
	reach := 1.5 * (s.q3 - s.q1)
	first, _ := slices.BinarySearch(sorted, s.q1-reach)
	last, _ := slices.BinarySearch(sorted, s.q3+reach)
	for last < s.n && sorted[last] == s.q3+reach {
		last++
	}
	s.low, s.up = min(s.q1, sorted[first]), max(s.q3, sorted[last-1])
	s.beyond = thinned(append(sorted[:first:first], sorted[last:]...), maxBeyond)
	s.more = first + s.n - last - len(s.beyond)
	return s
}

// own is the colour of the boxes.
func (b *boxes) own() color.NRGBA { return b.colour }

func (b *boxes) categories() (x, y []string) { return b.names, nil }

func (b *boxes) bounds(logX, logY bool) box {
	area := none()
	for i, s := range b.sets {
		for _, y := range append([]float64{s.low, s.q1, s.q3, s.up}, s.beyond...) {
			if s.n > 0 && drawable(y, logY) {
				area = area.with(float64(i), y)
			}
		}
	}
	if area.empty() || logX {
		return none()
	}
	area.xMin, area.xMax = -0.6, float64(len(b.sets))-0.4
	return area
}

func (b *boxes) describe() string {
	text := display.Count(len(b.sets)) + " boxes"
	for i, s := range b.sets[:min(5, len(b.sets))] {
		text += fmt.Sprintf(", %s %s values with median %.6g", display.Short(b.names[i], 30), display.Count(s.n), s.median)
	}
	return text
}

// Plot draws the boxes, each in half of its room.
func (b *boxes) Plot(c draw.Canvas, p *plot.Plot) {
	toX, toY := p.Transforms(&c)
	style := draw.LineStyle{Color: b.colour, Width: vg.Points(1.2)}
	y := func(v float64) vg.Length {
		if !drawable(v, isLog(p.Y)) {
			return c.Min.Y
		}
		return toY(v)
	}
	for i, s := range b.sets {
		if s.n == 0 {
			continue
		}
		middle := toX(float64(i))
		half := min(toX(float64(i)+0.3)-middle, vg.Points(28))
		b.draw(c, style, s, middle, half, y)
	}
}

func (b *boxes) draw(c draw.Canvas, style draw.LineStyle, s summary, middle, half vg.Length, y func(float64) vg.Length) {
	left, right := middle-half, middle+half
	corners := []vg.Point{{X: left, Y: y(s.q1)}, {X: left, Y: y(s.q3)}, {X: right, Y: y(s.q3)}, {X: right, Y: y(s.q1)}, {X: left, Y: y(s.q1)}}
	c.FillPolygon(pale(b.colour), c.ClipPolygonXY(corners))
	lines := [][]vg.Point{
		corners,
		{{X: middle, Y: y(s.q3)}, {X: middle, Y: y(s.up)}},
		{{X: middle, Y: y(s.q1)}, {X: middle, Y: y(s.low)}},
		{{X: middle - half/2, Y: y(s.up)}, {X: middle + half/2, Y: y(s.up)}},
		{{X: middle - half/2, Y: y(s.low)}, {X: middle + half/2, Y: y(s.low)}},
	}
	c.StrokeLines(style, c.ClipLinesXY(lines...)...)
	style.Width *= 1.8
	c.StrokeLines(style, c.ClipLinesXY([]vg.Point{{X: left, Y: y(s.median)}, {X: right, Y: y(s.median)}})...)
	for _, v := range s.beyond {
		c.DrawGlyph(draw.GlyphStyle{Color: b.colour, Radius: vg.Points(1.3), Shape: draw.CircleGlyph{}}, vg.Point{X: middle, Y: y(v)})
	}
}

// Thumbnail draws the box's sample in a legend.
func (b *boxes) Thumbnail(c *draw.Canvas) { fillBox(c, pale(b.colour)) }
