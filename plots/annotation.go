package plots

import (
	"fmt"
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"gofive/display"
)

// annotation is a layer that says something about places on the x axis, and moves no axis: what lies
// outside of the axes is not drawn.
type annotation struct {
	kind     string
	from, to []float64
	names    []string
}

// Marks adds a line from the bottom to the top at each x, with a name beside it; names may be nil. Places
// outside of the x axis are left out.
func (f *Figure) Marks(x any, names ...string) *Figure {
	at, err := numbers("Marks", "x", x)
	if err == nil && len(names) > 0 && len(names) != len(at) {
		err = fmt.Errorf("plots: Marks: %d places and %d names; there must be one for each, or none", len(at), len(names))
	}
	return f.add(&annotation{"marks", at, at, names}, err)
}

// Shade adds grey areas from the bottom to the top, from each x of one list to that of another, each with
// a name that a front end shows under the mouse; names may be left out.
func (f *Figure) Shade(from, to any, names ...string) *Figure {
	a, err := numbers("Shade", "from", from)
	if err != nil {
		return f.fail(err)
	}
	b, err := numbers("Shade", "to", to)
	if err == nil && (len(a) != len(b) || len(names) > 0 && len(names) != len(a)) {
		err = fmt.Errorf("plots: Shade: from has %d values, to %d, and there are %d names; they must be as many", len(a), len(b), len(names))
	}
	return f.add(&annotation{"shades", a, b, names}, err)
}

var (
	shadeColour = color.NRGBA{0x80, 0x80, 0x80, 0x38}
	markColour  = color.NRGBA{0x80, 0x80, 0x80, 0xc0}
)

func (a *annotation) bounds(logX, logY bool) box { return none() }

func (a *annotation) describe() string { return display.Count(len(a.from)) + " " + a.kind }

// name is that of the i-th, "" for none.
func (a *annotation) name(i int) string {
	if len(a.names) == 0 {
		return ""
	}
	return display.Visible(a.names[i])
}

// Plot draws what lies between the ends of the x axis.
func (a *annotation) Plot(c draw.Canvas, p *plot.Plot) {
	if a.kind == "shades" {
		a.shade(c, p)
		return
	}
	a.mark(c, p)
}

func (a *annotation) shade(c draw.Canvas, p *plot.Plot) {
	toX, _ := p.Transforms(&c)
	for i := range a.from {
		from, to := max(a.from[i], p.X.Min), min(a.to[i], p.X.Max)
		if !(from < to) {
			continue
		}
		left, right := toX(from), max(toX(to), toX(from)+vg.Points(0.5))
		c.FillPolygon(shadeColour, []vg.Point{{X: left, Y: c.Min.Y}, {X: right, Y: c.Min.Y}, {X: right, Y: c.Max.Y}, {X: left, Y: c.Max.Y}})
	}
}

// mark draws the lines, and names where they have room: beside the line, from the top down, and not over
// one another.
func (a *annotation) mark(c draw.Canvas, p *plot.Plot) {
	toX, _ := p.Transforms(&c)
	style := p.X.Tick.Label
	style.Font, style.Color = sans(7.5), remark
	style.Rotation, style.XAlign, style.YAlign = math.Pi/2, text.XRight, text.YBottom
	line := draw.LineStyle{Color: markColour, Width: vg.Points(0.6), Dashes: []vg.Length{vg.Points(3), vg.Points(2)}}
	free := c.Min.X // names to the left of here are written
	for _, i := range a.inOrder(p) {
		x := toX(a.from[i])
		c.StrokeLine2(line, x, c.Min.Y, x, c.Max.Y)
		height := style.Height(a.name(i))
		if left := x - height - vg.Points(1); left >= free && a.name(i) != "" {
			c.FillText(style, vg.Point{X: x - vg.Points(1), Y: c.Max.Y - vg.Points(2)}, shortened(style, a.name(i), c.Size().Y/2))
			free = x
		}
	}
}

// inOrder gives the marks between the ends of the axis from left to right.
func (a *annotation) inOrder(p *plot.Plot) []int {
	var out []int
	for i, x := range a.from {
		if x >= p.X.Min && x <= p.X.Max {
			out = append(out, i)
		}
	}
	slices.SortStableFunc(out, func(i, j int) int {
		if a.from[i] < a.from[j] {
			return -1
		}
		return 1
	})
	return out
}

func (a *annotation) vega(c *chart) []object {
	var values []object
	for i := range a.from {
		from, to := max(a.from[i], c.sheet.X.Min), min(a.to[i], c.sheet.X.Max)
		if from <= to {
			values = append(values, object{"x": from, "x2": to, "is": a.name(i)})
		}
	}
	if len(values) == 0 || len(values) > c.budget {
		return []object{}
	}
	x := c.x("x")
	tip := []object{{"field": "is", "type": "nominal", "title": a.kind[:len(a.kind)-1]}, {"field": "x", "type": "quantitative", "title": c.xCalled(), "format": ".7~g"}}
	if a.kind == "shades" {
		return []object{{"data": object{"values": values}, "mark": object{"type": "rect", "color": "#808080", "opacity": 0.22, "clip": true},
			"encoding": object{"x": x, "x2": object{"field": "x2"}, "tooltip": tip}}}
	}
	words := object{"type": "text", "angle": 270, "align": "right", "baseline": "bottom", "dx": -2, "dy": -2, "fontSize": 10, "color": hex(remark), "clip": true}
	return []object{
		{"data": object{"values": values}, "mark": object{"type": "rule", "color": "#808080", "opacity": 0.75, "strokeDash": []int{4, 3}, "clip": true},
			"encoding": object{"x": x, "tooltip": tip}},
		{"data": object{"values": values}, "mark": words,
			"encoding": object{"x": x, "y": object{"value": 0}, "text": object{"field": "is"}}},
	}
}
