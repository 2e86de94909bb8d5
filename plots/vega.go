package plots

import (
	"encoding/json"
	"fmt"
	"image/color"
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"gofive/display"
)

// The bounds of a Vega-Lite specification: how many points stand in it, and how many bytes it has.
const (
	maxPoints = 5000
	maxSpec   = 1 << 20
)

// object is a JSON object of a specification.
type object map[string]any

// vega gives the figure in Vega-Lite 5, which is drawn by the front end: the wheel zooms, the mouse pans,
// a point tells its values. It is nil for what cannot be said so, a second axis over a picture, and for
// what would be too large.
func (f *Figure) vega() json.RawMessage {
	spec := f.specification()
	if spec == nil {
		return nil
	}
	spec["$schema"] = "https://vega.github.io/schema/vega-lite/v5.json"
	spec["background"] = "white"
	spec["description"] = f.String()
	spec["config"] = vegaConfig
	out, err := json.Marshal(spec)
	if err != nil || len(out) > maxSpec {
		return nil
	}
	return out
}

// maxLabel is how many pixels a name may be wide.
const maxLabel = 240

// vegaConfig are the colours and letters of our pictures.
var vegaConfig = object{
	"font":   "Liberation Sans, Arial, Helvetica, sans-serif",
	"title":  object{"fontSize": 15, "color": hex(ink), "offset": 8},
	"axis":   object{"labelColor": hex(ink), "titleColor": hex(ink), "labelFontSize": 11, "titleFontSize": 12, "titleFontWeight": "normal", "gridColor": hex(faint), "domainColor": hex(edge), "tickColor": hex(edge)},
	"legend": object{"labelColor": hex(ink), "titleColor": hex(ink), "labelFontSize": 11, "labelLimit": maxLabel},
	"view":   object{"stroke": nil},
	"concat": object{"spacing": 30},
}

func hex(c color.NRGBA) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }

// specification is the figure without what is the same for all.
func (f *Figure) specification() object {
	if f.cells != nil {
		return f.vegaCells()
	}
	s, err := f.frame()
	if err != nil {
		return nil
	}
	spec := f.vegaView(&chart{f: f, sheet: s, budget: maxPoints, width: f.width, height: f.height})
	if spec == nil {
		return nil
	}
	spec["width"], spec["height"] = f.width, f.height
	spec["autosize"] = object{"type": "fit", "contains": "padding"}
	if pic := f.picture(); pic != nil && pic.down || f.has(isPhoto) {
		spec["width"], spec["height"] = f.squareSize(s)
		delete(spec, "autosize")
	}
	return spec
}

func isPhoto(l layer) bool { _, ok := l.(*photo); return ok }

// squareSize is the size of the area between the axes that makes pixels of an image square.
func (f *Figure) squareSize(s *sheet) (width, height int) {
	w, h := float64(f.width-120), float64(f.height-80)
	ratio := (s.X.Max - s.X.Min) / (s.Y.Max - s.Y.Min)
	if ratio > 8 || ratio < 1./8 {
		return int(w), int(h)
	}
	return int(min(w, h*ratio)), int(min(h, w/ratio))
}

// vegaCells puts the figures of a grid together. If one of them cannot be said, none is.
func (f *Figure) vegaCells() object {
	rows := (len(f.cells) + f.columns - 1) / max(1, f.columns)
	var views []object
	for i, cell := range f.cells {
		s, err := cell.frame()
		if err != nil {
			return nil
		}
		height := max(60, f.height/rows-90)
		view := cell.vegaView(&chart{f: cell, sheet: s, budget: maxPoints / len(f.cells), width: f.width / f.columns, height: height, number: i})
		if view == nil {
			return nil
		}
		view["width"], view["height"] = max(60, f.width/f.columns-110), height
		views = append(views, view)
	}
	if len(views) == 0 {
		return nil
	}
	spec := object{"concat": views, "columns": f.columns, "resolve": separate("color", "fill")}
	f.vegaTitle(spec, f.width)
	if title, ok := spec["title"].(object); ok {
		title["anchor"] = "middle"
	}
	return spec
}

// separate gives each view its own scales and legends of some channels.
func separate(channels ...string) object {
	own := object{}
	for _, c := range channels {
		own[c] = "independent"
	}
	return object{"scale": own, "legend": own}
}

// vegaView is one pair of axes with its layers.
func (f *Figure) vegaView(c *chart) object {
	var first, second []object
	for _, l := range f.inOrder() {
		v, ok := l.layer.(vegaLayer)
		if !ok || f.twin && f.filled() {
			return nil
		}
		_, beside := l.layer.(*annotation)
		if l.bounds(f.x.log, f.scaling(l.second).log).empty() && !beside {
			continue
		}
		c.second, c.name = l.second, display.Visible(l.name)
		views := v.vega(c)
		if views == nil {
			return nil
		}
		if l.second {
			second = append(second, views...)
		} else {
			first = append(first, views...)
		}
	}
	if len(first) == 0 && len(second) == 0 {
		return nil
	}
	spec := object{"layer": first}
	if len(second) > 0 {
		spec = object{"layer": []object{{"layer": first}, {"layer": second}}, "resolve": object{"scale": object{"y": "independent"}}}
	}
	c.zoom(first, second)
	f.vegaTitle(spec, c.width)
	return spec
}

// vegaTitle writes the title, and below it what is remarked, in lines that have room.
func (f *Figure) vegaTitle(spec object, width int) {
	room := 0.85 * vg.Length(width-60) * vg.Inch / pageDPI // front ends may have wider letters
	lines := func(style draw.TextStyle, text string, most int) []string {
		return strings.Split(wrapped(style, text, room, most), "\n")
	}
	p := dressed()
	title := object{"text": lines(p.Title.TextStyle, display.VisibleLines(f.title), 3)}
	var below []string
	for _, text := range f.remarks() {
		below = append(below, lines(p.X.Tick.Label, text, 2)...)
	}
	if len(below) > 0 {
		title["subtitle"], title["subtitleColor"] = below[:min(len(below), maxRemarks)], hex(remark)
	}
	if f.title != "" || len(below) > 0 {
		spec["title"] = title
	}
}

// vegaLayer is a layer that Vega-Lite can say.
type vegaLayer interface{ vega(c *chart) []object }

// chart is what the layers of one pair of axes have in common.
type chart struct {
	f      *Figure
	sheet  *sheet
	budget int // points of all layers
	width  int // of the figure
	height int
	number int // of the figure in a grid
	second bool
	name   string // of the layer that is being said
}

// points is how many points one layer may have.
func (c *chart) points() int { return max(20, c.budget/len(c.f.layers)) }

// zoom lets the mouse move the axes. Two y axes stay as they are, for only one of them would follow;
// names do not move.
func (c *chart) zoom(first, second []object) {
	if c.f.names(false) != nil || c.f.names(true) != nil || len(first) == 0 {
		return
	}
	along := []string{"x", "y"}
	if len(second) > 0 {
		along = along[:1]
	}
	first[0]["params"] = []object{{"name": fmt.Sprintf("zoom%d", c.number), "bind": "scales", "select": object{"type": "interval", "encodings": along}}}
}

// x and y are the channels of the axes, from a field.
func (c *chart) x(field string) object {
	return c.axis(field, c.f.x, c.sheet.X.Min, c.sheet.X.Max, c.sheet.X.Label.Text, c.count(c.width/90, c.sheet.X, c.f.whole(false)))
}

func (c *chart) y(field string) object {
	p := c.sheet.Plot
	if c.second {
		p = c.sheet.second
	}
	out := c.axis(field, *c.f.scaling(c.second), p.Y.Min, p.Y.Max, p.Y.Label.Text, c.count(c.height/60, p.Y, c.f.whole(true)))
	if c.second {
		out["axis"].(object)["orient"] = "right"
		out["axis"].(object)["grid"] = false
	}
	if c.f.inverted() {
		out["scale"].(object)["reverse"] = true
	}
	return out
}

// count is about how many numbers an axis has: of one that counts, no more than there are.
func (c *chart) count(room int, a plot.Axis, whole bool) int {
	if whole && !isLog(a) {
		room = min(room, int(a.Max-a.Min))
	}
	return max(2, room)
}

func (c *chart) axis(field string, s scaling, from, to float64, title string, count int) object {
	scale := object{"domain": []float64{from, to}, "nice": false}
	axis := object{"labelFlush": false, "tickCount": count}
	if s.log {
		scale["type"] = "log"
		axis["tickCount"], axis["labelExpr"] = 8, powers(from, to)
	} else {
		scale["zero"] = false
	}
	return object{"field": field, "type": "quantitative", "title": shown(title), "scale": scale, "axis": axis}
}

// powers writes the numbers of a logarithmic axis as the PNG does: powers of ten, and where it has few of
// them some numbers between them.
func powers(from, to float64) string {
	digits := "[1]"
	if decades := math.Log10(to / from); decades < 1.2 {
		digits = "[1, 2, 3, 4, 5, 6, 7, 8, 9]"
	} else if decades < 3 {
		digits = "[1, 2, 5]"
	}
	digit := "round(datum.value / pow(10, floor(log(datum.value) / LN10 + 1e-9)))"
	number := "(datum.value >= 1e6 || datum.value < 1e-3 ? replace(format(datum.value, '~e'), 'e+', 'e') : format(datum.value, '~g'))"
	return "indexof(" + digits + ", " + digit + ") >= 0 ? " + number + " : ''"
}

// shown is text, or null where Vega-Lite would else write a name of its own.
func shown(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// colour sets the colour of a mark: that of the legend when the layer has a name.
func (c *chart) colour(mark, encoding object, own color.NRGBA) {
	mark["color"] = hex(own)
	if c.name == "" {
		return
	}
	var names, colours []string
	for _, l := range c.f.layers {
		if has, ok := l.layer.(coloured); ok && l.name != "" {
			names, colours = append(names, display.Visible(l.name)), append(colours, hex(has.own()))
		}
	}
	encoding["color"] = object{"field": "name", "type": "nominal", "scale": object{"domain": names, "range": colours},
		"legend": object{"orient": "top", "title": nil, "symbolOpacity": 1, "columns": c.legendColumns(names)}}
}

// legendColumns is how many names stand side by side.
func (c *chart) legendColumns(names []string) int {
	widest := vg.Length(0)
	for _, name := range names {
		widest = max(widest, c.sheet.Legend.TextStyle.Width(name))
	}
	each := min(float64(widest*pageDPI/vg.Inch)*1.15, maxLabel) + 45
	return max(1, int(float64(c.width-80)/each))
}

// tip is what a point tells: pairs of a field and what it is called.
func (c *chart) tip(encoding object, fields ...string) {
	var out []object
	for i := 0; i+1 < len(fields); i += 2 {
		out = append(out, object{"field": fields[i], "type": "quantitative", "title": fields[i+1], "format": ".7~g"})
	}
	if c.name != "" {
		out = append([]object{{"field": "name", "type": "nominal"}}, out...)
	}
	encoding["tooltip"] = out
}

// view is a layer's data, mark and encoding; each point knows the name of its layer.
func (c *chart) view(data, mark, encoding object) object {
	out := object{"data": data, "mark": mark, "encoding": encoding}
	if c.name != "" {
		quoted, _ := json.Marshal(c.name) // a string of Vega's expressions is one of JSON
		out["transform"] = []object{{"calculate": string(quoted), "as": "name"}}
	}
	return out
}

// called is how a tip calls an axis: by its label or by its letter.
func called(label, letter string) string {
	if label == "" {
		return letter
	}
	return display.Visible(label)
}

func (c *chart) xCalled() string { return called(c.f.x.label, "x") }
func (c *chart) yCalled() string { return called(c.f.scaling(c.second).label, "y") }

// rows writes columns of numbers as the data of a layer. What is not finite, or has no place on its axis,
// is null.
func rows(columns map[string][]float64) object {
	return object{"values": table(columns)}
}

// table is columns that are written as a list of objects.
type table map[string][]float64

// MarshalJSON writes each number with as many digits as it differs from its neighbours by.
func (t table) MarshalJSON() ([]byte, error) {
	names := sortedKeys(t)
	n := 0
	digits := map[string]int{}
	for name, column := range t {
		n, digits[name] = len(column), significant(column)
	}
	out := []byte{'['}
	for i := range n {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, '{')
		for k, name := range names {
			if k > 0 {
				out = append(out, ',')
			}
			out = strconv.AppendQuote(out, name)
			out = append(out, ':')
			out = appendNumber(out, t[name][i], digits[name])
		}
		out = append(out, '}')
	}
	return append(out, ']'), nil
}

func appendNumber(out []byte, x float64, digits int) []byte {
	if !finite(x) {
		return append(out, "null"...)
	}
	return strconv.AppendFloat(out, x, 'g', digits, 64)
}

// significant is how many digits tell numbers apart to a hundred-thousandth of their range.
func significant(column []float64) int {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, v := range column {
		if finite(v) {
			lo, hi = min(lo, v), max(hi, v)
		}
	}
	if !(hi > lo) {
		return -1
	}
	return min(17, 6+int(math.Ceil(math.Log10(max(math.Abs(lo), math.Abs(hi))/(hi-lo)))))
}
