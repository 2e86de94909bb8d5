package plots

import (
	"fmt"
	"image/color"
	"math"
	"reflect"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"gofive/display"
)

// Bar draws a bar for each name, as long as its value, from the top down in their order.
func Bar(names []string, values any) *Figure { return newFigure().Bar(names, values) }

// Bar adds bars.
func (f *Figure) Bar(names []string, values any) *Figure {
	b, err := newBars(names, values)
	if err == nil {
		b.colour = f.next()
	}
	return f.add(b, err)
}

// maxBars is how many bars have a line of their own.
const maxBars = 60

type bars struct {
	names  []string
	values []float64
	colour color.NRGBA
}

func newBars(names []string, values any) (*bars, error) {
	v, err := numbers("Bar", "values", values)
	if err != nil {
		return nil, err
	}
	if len(v) != len(names) || len(v) == 0 || len(v) > maxBars {
		return nil, fmt.Errorf("plots: Bar: %d names and %d values; give as many, 1 to %d", len(names), len(v), maxBars)
	}
	return &bars{names: names, values: v}, nil
}

// countText draws how often each text occurs, the most frequent first.
func (f *Figure) countText(texts []string) *Figure {
	counts, names := map[string]int{}, []string{}
	for _, s := range texts {
		if counts[s]++; counts[s] == 1 {
			names = append(names, s)
		}
	}
	slices.SortStableFunc(names, func(a, b string) int { return counts[b] - counts[a] })
	const shown = 25
	if len(names) > shown {
		f.note("the %d most frequent of %s texts", shown, display.Count(len(names)))
		names = names[:shown]
	}
	values := make([]int, len(names))
	for i, s := range names {
		values[i] = counts[s]
	}
	if f.x.label == "" {
		f.x.label = "count"
	}
	return f.Bar(names, values)
}

// numbersByName gives the numbers of a map and their names in order; a map of anything else is none.
func numbersByName(v any) (names []string, values []float64, ok bool) {
	r := reflect.ValueOf(v)
	if r.Kind() != reflect.Map || r.Type().Key().Kind() != reflect.String || r.Len() == 0 {
		return nil, nil, false
	}
	keys := r.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	for _, k := range keys {
		x, ok := number(r.MapIndex(k))
		if !ok {
			return nil, nil, false
		}
		names, values = append(names, k.String()), append(values, x)
	}
	return names, values, true
}

// ofNumbers draws a bar for each of some numbers, as many as have room.
func (f *Figure) ofNumbers(names []string, values []float64) *Figure {
	if n := len(names); n > maxBars {
		f.note("the first %d of %s bars", maxBars, display.Count(n))
		names, values = names[:maxBars], values[:maxBars]
	}
	return f.Bar(names, values)
}

// own is the colour of the bars.
func (b *bars) own() color.NRGBA { return b.colour }

func (b *bars) categories() (x, y []string) { return nil, b.names }

func (b *bars) bounds(logX, logY bool) box {
	area := none()
	for i, v := range b.values {
		if !drawable(v, logX) {
			continue
		}
		from := 0.0
		if logX {
			from = math.Min(v, 0.5)
		}
		area = area.with(from, float64(i)).with(v, float64(i))
	}
	if area.empty() || logY {
		return none()
	}
	area.yMin, area.yMax = -0.5, float64(len(b.values))-0.5
	return area
}

func (b *bars) describe() string {
	return display.Count(len(b.values)) + " bars, " + display.Short(b.names[0], 40) + fmt.Sprintf(" %.6g", b.values[0])
}

// Plot draws the bars with some air between them.
func (b *bars) Plot(c draw.Canvas, p *plot.Plot) {
	toX, toY := p.Transforms(&c)
	base := b.base(p.X)
	for i, v := range b.values {
		if !drawable(v, isLog(p.X)) {
			continue
		}
		x0, x1, top, bottom := toX(base), toX(v), toY(float64(i)-0.38), toY(float64(i)+0.38)
		bar := c.ClipPolygonXY([]vg.Point{{X: x0, Y: bottom}, {X: x0, Y: top}, {X: x1, Y: top}, {X: x1, Y: bottom}})
		c.FillPolygon(b.colour, bar)
	}
}

// base is where bars begin: at 0, or at the end of the axis that is next to it.
func (b *bars) base(x plot.Axis) float64 { return max(x.Min, math.Min(0, x.Max)) }

// Thumbnail draws the bar's sample in a legend.
func (b *bars) Thumbnail(c *draw.Canvas) { fillBox(c, b.colour) }
