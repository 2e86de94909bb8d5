package plots

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/color"
	"image/png"
	"maps"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"

	"gofive/display"
)

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// hover is dots that are not seen and tell their values.
var hover = object{"opacity": 0, "size": 60}

func (l *line) vega(c *chart) []object {
	xs, ys := l.part(c.sheet.X.Min, c.sheet.X.Max)
	x, y := reduced(xs, ys, c.points(), c.f.x.log, c.f.scaling(c.second).log)
	mark := object{"type": "line", "clip": true, "strokeWidth": float64(l.style.Width) * pageDPI / 72, "point": hover}
	if l.steps {
		mark["interpolate"] = "step-after"
	}
	data := map[string][]float64{"x": x, "y": y}
	encoding := object{"x": c.x("x"), "y": c.y("y")}
	if !slices.IsSorted(x) { // Vega-Lite would sort the points
		data["i"] = places(len(x))
		encoding["order"] = object{"field": "i", "type": "quantitative"}
	}
	c.colour(mark, encoding, l.own())
	c.tip(encoding, "x", c.xCalled(), "y", c.yCalled())
	views := []object{c.view(rows(data), mark, encoding)}
	if x, y := alone(x, y); len(x) > 0 {
		dots := object{"type": "circle", "clip": true, "opacity": 1, "size": 12, "color": hex(l.own())}
		views = append(views, object{"data": rows(map[string][]float64{"x": x, "y": y}), "mark": dots, "encoding": object{"x": c.x("x"), "y": c.y("y")}})
	}
	return views
}

// alone gives the points between two gaps, of which a line draws nothing.
func alone(x, y []float64) (xs, ys []float64) {
	gap := func(i int) bool { return i < 0 || i >= len(y) || math.IsNaN(y[i]) }
	for i := range y {
		if !gap(i) && gap(i-1) && gap(i+1) {
			xs, ys = append(xs, x[i]), append(ys, y[i])
		}
	}
	return xs, ys
}

// reduced gives at most so many points of a line: of each of equal stretches the least and the greatest
// one, in their order. What has no place on the axes is NaN; a stretch of nothing else is a gap.
func reduced(x, y []float64, most int, logX, logY bool) (xs, ys []float64) {
	stretches := most / 2
	if len(x) <= most {
		stretches = len(x)
	}
	add := func(i int) { xs, ys = append(xs, x[i]), append(ys, y[i]) }
	for s := range stretches {
		from, to := s*len(x)/stretches, (s+1)*len(x)/stretches
		low, high := -1, -1
		for i := from; i < to; i++ {
			if !drawable(x[i], logX) || !drawable(y[i], logY) {
				continue
			}
			if low < 0 || y[i] < y[low] {
				low = i
			}
			if high < 0 || y[i] > y[high] {
				high = i
			}
		}
		if low < 0 {
			xs, ys = append(xs, gapAt(x[from], xs)), append(ys, math.NaN())
			continue
		}
		add(min(low, high))
		if low != high {
			add(max(low, high))
		}
	}
	return xs, ys
}

// gapAt is where a gap lies: at its x or, if that is none, at the x before.
func gapAt(x float64, before []float64) float64 {
	if !finite(x) && len(before) > 0 {
		return before[len(before)-1]
	}
	return x
}

func (s *scatter) vega(c *chart) []object {
	x, y := s.spread(c.points(), c.f.x.log, c.f.scaling(c.second).log)
	radius := float64(s.style.Radius) * pageDPI / 72
	area := math.Pi * radius * radius
	mark := object{"type": "circle", "clip": true, "opacity": 1, "size": area}
	encoding := object{"x": c.x("x"), "y": c.y("y")}
	c.colour(mark, encoding, s.own())
	c.tip(encoding, "x", c.xCalled(), "y", c.yCalled())
	return []object{c.view(rows(map[string][]float64{"x": x, "y": y}), mark, encoding)}
}

// spread gives at most so many of the points that can be drawn, chosen so that lone ones remain: of many
// in one place only the first is taken, and the places are made larger until few enough are left.
func (s *scatter) spread(most int, logX, logY bool) (x, y []float64) {
	b := s.bounds(logX, logY)
	scaled := func(v, lo, hi float64, log bool) float64 {
		if log {
			v, lo, hi = math.Log(v), math.Log(lo), math.Log(hi)
		}
		if hi == lo {
			return 0
		}
		return (v - lo) / (hi - lo)
	}
	for parts := 2000.0; ; parts *= 0.7 {
		type place struct{ x, y int }
		taken := map[place]bool{}
		x, y = x[:0], y[:0]
		for i := range s.x {
			if !drawable(s.x[i], logX) || !drawable(s.y[i], logY) {
				continue
			}
			here := place{int(parts * scaled(s.x[i], b.xMin, b.xMax, logX)), int(parts * scaled(s.y[i], b.yMin, b.yMax, logY))}
			if len(s.x) > most && taken[here] {
				continue
			}
			taken[here] = true
			if x, y = append(x, s.x[i]), append(y, s.y[i]); len(x) > most {
				break
			}
		}
		if len(x) <= most {
			return x, y
		}
	}
}

func (b *band) vega(c *chart) []object {
	logX, logY := c.f.x.log, c.f.scaling(c.second).log
	parts := min(len(b.x), c.points())
	data := map[string][]float64{}
	for s := range parts {
		x, lo, hi := math.NaN(), math.NaN(), math.NaN()
		for i := s * len(b.x) / parts; i < (s+1)*len(b.x)/parts; i++ {
			if !b.drawable(i, logX, logY) {
				continue
			}
			if math.IsNaN(x) {
				x, lo, hi = b.x[i], b.lo[i], b.hi[i]
			}
			lo, hi = min(lo, b.lo[i]), max(hi, b.hi[i])
		}
		if math.IsNaN(x) {
			x = gapAt(b.x[s*len(b.x)/parts], data["x"])
		}
		data["x"], data["y"], data["y2"] = append(data["x"], x), append(data["y"], lo), append(data["y2"], hi)
	}
	mark := object{"type": "area", "clip": true, "opacity": float64(pale(b.colour).A) / 255}
	encoding := object{"x": c.x("x"), "y": c.y("y"), "y2": object{"field": "y2"}}
	c.colour(mark, encoding, b.colour)
	return []object{c.view(rows(data), mark, encoding)}
}

func (h *histogram) vega(c *chart) []object {
	base := 0.0
	if c.f.scaling(c.second).log {
		base = c.sheet.Y.Min
	}
	data := map[string][]float64{}
	for i, n := range h.counts {
		left := h.from + float64(i)*h.width
		if n == 0 || c.f.x.log && left <= 0 {
			continue
		}
		for name, v := range map[string]float64{"x": left, "x2": left + h.width, "y": float64(n), "y2": base} {
			data[name] = append(data[name], v)
		}
	}
	mark := object{"type": "rect", "clip": true, "opacity": float64(h.colour.A) / 255}
	if len(h.counts) <= 60 {
		mark["stroke"], mark["strokeWidth"] = "white", 0.5
	}
	encoding := object{"x": c.x("x"), "x2": object{"field": "x2"}, "y": c.y("y"), "y2": object{"field": "y2"}}
	c.colour(mark, encoding, h.colour)
	c.tip(encoding, "x", "from", "x2", "to", "y", "count")
	return []object{c.view(rows(data), mark, encoding)}
}

func hexes(table []color.NRGBA) []string {
	out := make([]string, len(table))
	for i, c := range table {
		out[i] = hex(c)
	}
	return out
}

func (b *bars) vega(c *chart) []object {
	var values []object
	var names []string
	for i, v := range b.values {
		name := display.Short(b.names[i], 60)
		names = append(names, name)
		if drawable(v, c.f.x.log) {
			values = append(values, object{"name": name, "v": v, "from": b.base(c.sheet.X)})
		}
	}
	mark := object{"type": "bar", "clip": true}
	y := object{"field": "name", "type": "nominal", "sort": names, "title": shown(c.sheet.Y.Label.Text), "axis": object{"labelLimit": c.f.width / 3, "grid": false}}
	encoding := object{"x": c.x("v"), "x2": object{"field": "from"}, "y": y}
	c.colour(mark, encoding, b.colour)
	encoding["tooltip"] = []object{{"field": "name", "type": "nominal", "title": "name"}, {"field": "v", "type": "quantitative", "title": c.xCalled()}}
	return []object{c.view(object{"values": values}, mark, encoding)}
}

func (b *boxes) vega(c *chart) []object {
	var sets, beyond []object
	logY := c.f.scaling(c.second).log
	for i, s := range b.sets {
		name := display.Short(b.names[i], 60)
		if s.n > 0 && drawable(s.low, logY) {
			sets = append(sets, object{"name": name, "low": s.low, "q1": s.q1, "median": s.median, "q3": s.q3, "up": s.up, "n": s.n})
		}
		for _, v := range thinned(s.beyond, c.points()/len(b.sets)) {
			if drawable(v, logY) {
				beyond = append(beyond, object{"name": name, "v": v})
			}
		}
	}
	var names []string
	for _, n := range b.names {
		names = append(names, display.Short(n, 60))
	}
	x := func() object {
		return object{"field": "name", "type": "nominal", "sort": names, "scale": object{"domain": names}, "title": shown(c.sheet.X.Label.Text), "axis": object{"labelAngle": 0, "grid": false}}
	}
	var tip []object
	for _, f := range []string{"up", "q3", "median", "q1", "low", "n"} {
		tip = append(tip, object{"field": f, "type": "quantitative", "format": ".7~g"})
	}
	part := func(mark object, from, to string) object {
		mark["clip"] = true
		encoding := object{"x": x(), "y": c.y(from), "tooltip": tip}
		if to != "" {
			encoding["y2"] = object{"field": to}
		}
		return object{"data": object{"values": sets}, "mark": mark, "encoding": encoding}
	}
	dots := object{"data": object{"values": beyond}, "mark": object{"type": "circle", "size": 12, "opacity": 1, "clip": true, "color": hex(b.colour)},
		"encoding": object{"x": x(), "y": c.y("v")}}
	return []object{
		part(object{"type": "rule", "color": hex(b.colour)}, "low", "up"),
		part(object{"type": "bar", "size": 44, "fill": "#c8d5e6", "stroke": hex(b.colour)}, "q1", "q3"),
		part(object{"type": "tick", "color": hex(b.colour), "size": 44, "thickness": 2.4}, "median", ""),
		dots,
	}
}

// thinned keeps at most so many of sorted values, the ends among them.
func thinned(sorted []float64, most int) []float64 {
	if len(sorted) <= most || most < 2 {
		return sorted[:min(len(sorted), max(0, most))]
	}
	out := make([]float64, most)
	for i := range out {
		out[i] = sorted[i*(len(sorted)-1)/(most-1)]
	}
	return out
}

// vega gives the picture as an image between the edges of its cells, and over it rectangles that are not
// seen and tell their values.
func (p *picture) vega(c *chart) []object {
	s := p.shades()
	picture := c.image(p.xEdge, p.yEdge, p.pixels)
	if picture == nil {
		return nil
	}
	side := int(math.Sqrt(float64(c.points())))
	columns := parted(p.cols, c.points()/min(p.rows, side))
	rowsOf := parted(p.rows, c.points()/len(columns))
	data := map[string][]float64{}
	for _, r := range rowsOf {
		for _, k := range columns {
			v := p.mean(r, k)
			for name, value := range map[string]float64{"x": p.xEdge[k.from], "x2": p.xEdge[k.to], "y": p.yEdge[r.from], "y2": p.yEdge[r.to], "v": v} {
				data[name] = append(data[name], value)
			}
		}
	}
	scale := object{"domain": []float64{s.low, s.high}, "range": hexes(colourTable(p.look.colours, 17)), "clamp": true}
	if s.log {
		scale["type"] = "log"
	}
	encoding := object{"x": c.x("x"), "x2": object{"field": "x2"}, "y": c.y("y"), "y2": object{"field": "y2"},
		"fill": object{"field": "v", "type": "quantitative", "scale": scale, "legend": object{"title": nil, "gradientLength": c.height * 6 / 10}}}
	c.tip(encoding, "mx", c.xCalled(), "my", c.yCalled(), "v", "value")
	cellsOf := c.view(rows(data), object{"type": "rect", "clip": true, "fillOpacity": 0}, encoding)
	of, _ := cellsOf["transform"].([]object)
	cellsOf["transform"] = append(of, object{"calculate": "(datum.x + datum.x2) / 2", "as": "mx"}, object{"calculate": "(datum.y + datum.y2) / 2", "as": "my"})
	return []object{picture, cellsOf}
}

func (p *photo) vega(c *chart) []object {
	size := p.Bounds().Size()
	picture := c.image(counted(size.X), counted(size.Y), p.pixels)
	if picture == nil {
		return nil
	}
	return []object{picture}
}

// maxImage is how many bytes the pixels of a picture may have; of more, there are half as many on each
// side.
const maxImage = 300_000

// image is the mark of a picture between edges, at most as sharp as the PNG is.
func (c *chart) image(xEdge, yEdge []float64, pixels func(rows, columns []cells) image.Image) object {
	var out bytes.Buffer
	for width, height := 2*c.f.width, 2*c.f.height; ; width, height = width/2, height/2 {
		x := spots(xEdge, unit(xEdge, c.f.x.log, false, width))
		y := spots(yEdge, unit(yEdge, c.f.y.log, !c.f.inverted(), height))
		out.Reset()
		if err := png.Encode(&out, pixels(cover(y, 0, 1, height), cover(x, 0, 1, width))); err != nil {
			return nil
		}
		if out.Len() < maxImage || width < 200 {
			break
		}
	}
	of := edgeBox(xEdge, yEdge, false, false)
	data := object{"values": []object{{
		"u": "data:image/png;base64," + base64.StdEncoding.EncodeToString(out.Bytes()),
		"x": of.xMin, "x2": of.xMax, "y": of.yMin, "y2": of.yMax}}}
	return object{"data": data, "mark": object{"type": "image", "aspect": false, "clip": true},
		"encoding": object{"x": c.x("x"), "x2": object{"field": "x2"}, "y": c.y("y"), "y2": object{"field": "y2"}, "url": object{"field": "u", "type": "nominal"}}}
}

// unit gives the place of a value between the least and the greatest edge on a picture of so many dots,
// turned when the greatest comes first.
func unit(edges []float64, log, turned bool, dots int) func(float64) vg.Length {
	of := func(v float64) float64 {
		if log {
			return math.Log(v)
		}
		return v
	}
	lo, hi := ends(edges)
	lo, hi = of(lo), of(hi)
	return func(v float64) vg.Length {
		t := (of(v) - lo) / (hi - lo)
		if turned {
			t = 1 - t
		}
		return vg.Length(t * float64(dots))
	}
}

// parted divides n cells into at most so many.
func parted(n, most int) []cells {
	parts := max(1, min(n, most))
	out := make([]cells, parts)
	for i := range out {
		out[i] = cells{i * n / parts, (i + 1) * n / parts}
	}
	return out
}

// vega gives the contours as lines.
func (k *contour) vega(c *chart) []object {
	g, s := k.mesh(), k.shades()
	data := map[string][]float64{}
	n := 0.0
	for _, level := range k.levels() {
		for _, line := range g.lines(level) {
			for i, p := range line {
				for name, v := range map[string]float64{"x": float64(p.X), "y": float64(p.Y), "v": level, "k": n, "i": float64(i)} {
					data[name] = append(data[name], v)
				}
			}
			n++
		}
	}
	if len(data["x"]) > c.points() {
		return nil
	}
	encoding := object{"x": c.x("x"), "y": c.y("y"), "detail": object{"field": "k", "type": "nominal"}, "order": object{"field": "i", "type": "quantitative"}}
	c.tip(encoding, "v", "value")
	mark := object{"type": "line", "clip": true, "strokeWidth": 1.5}
	if c.f.picture() != nil {
		mark["color"], mark["opacity"] = "white", 0.8
	} else {
		encoding["color"] = object{"field": "v", "type": "quantitative", "scale": object{"domain": []float64{s.low, s.high}, "range": hexes(colourTable(k.look.colours, 17))},
			"legend": object{"title": nil, "gradientLength": c.height * 6 / 10}}
	}
	return []object{c.view(rows(data), mark, encoding)}
}
