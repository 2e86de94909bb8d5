package plots

import (
	"errors"
	"fmt"
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"gofive/display"
)

// sheet is a figure made ready to be drawn: a plot for each y axis.
type sheet struct {
	*plot.Plot
	second *plot.Plot // nil without a second axis
}

// categorical is a layer whose places on an axis are names: the first stands at 0, the next at 1.
type categorical interface{ categories() (x, y []string) }

// frame builds the plots: axes that hold all layers, and a grid behind them.
func (f *Figure) frame() (*sheet, error) {
	if len(f.layers) == 0 {
		return nil, f.nothing()
	}
	first, second := f.area(false), f.area(true)
	if first.empty() && second.empty() {
		return nil, f.nothing()
	}
	whole := first.union(second)
	if !finite(whole.xMax-whole.xMin) || !finite(whole.yMax-whole.yMin) {
		return nil, fmt.Errorf("plots: the values reach further than an axis can: %s", span(whole))
	}
	s := &sheet{Plot: f.plot(whole, first, false)}
	s.Add(guides())
	if f.twin {
		s.second = f.plot(whole, second, true)
	}
	for _, l := range f.inOrder() {
		if !l.second {
			s.Add(l)
		}
	}
	return s, nil
}

// nothing is why there is no picture: the first mistake, if there was one.
func (f *Figure) nothing() error {
	if len(f.errs) > 0 {
		return f.errs[0]
	}
	if len(f.layers) == 0 {
		return errors.New("plots: the figure is empty: nothing was added to it")
	}
	return errNothing
}

// area is the smallest box that holds the layers of one y axis.
func (f *Figure) area(second bool) box {
	area := none()
	for _, l := range f.layers {
		if l.second == second {
			area = area.union(f.visible(l))
		}
	}
	return area
}

// partly is a layer that knows what of it can be seen between two places of the x axis.
type partly interface {
	within(x limits, logX, logY bool) box
}

// visible is the box of what a layer shows: with an XRange, of what lies in it if that is anything.
func (f *Figure) visible(l placed) box {
	logX, logY := f.x.log, f.scaling(l.second).log
	if part, ok := l.layer.(partly); ok && f.x.limits != nil {
		if b := part.within(*f.x.limits, logX, logY); !b.empty() {
			return b
		}
	}
	b := l.bounds(logX, logY)
	if b.empty() {
		return none() // of a layer that shows nothing no side counts
	}
	return b
}

// inOrder gives the layers as they lie on one another: pictures under areas under all others, marks on top.
func (f *Figure) inOrder() []placed {
	depth := func(l placed) int {
		switch l := l.layer.(type) {
		case *picture, *photo:
			return 0
		case *band:
			return 1
		case *annotation:
			if l.kind == "shades" {
				return 1
			}
			return 3
		}
		return 2
	}
	out := slices.Clone(f.layers)
	slices.SortStableFunc(out, func(a, b placed) int { return depth(a) - depth(b) })
	return out
}

// plot makes the axes of one side. An axis without anything on it goes from 0 to 1.
func (f *Figure) plot(whole, side box, second bool) *plot.Plot {
	if side.empty() {
		side = box{yMax: 1}
		if f.scaling(second).log {
			side = box{yMin: 1, yMax: 10}
		}
	}
	p := plot.New()
	dress(p)
	x, y := f.ends(whole, side, second)
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = x.from, x.to, y.from, y.to
	f.scaleX(&p.X)
	f.scaleY(&p.Y, second)
	if f.inverted() {
		p.Y.Scale = plot.InvertedScale{Normalizer: p.Y.Scale} // row 0 is at the top
	}
	width, height := f.lengths()
	p.X.Label.Text = wrapped(p.X.Label.TextStyle, display.VisibleLines(f.x.label), 0.8*width, 2)
	p.Y.Label.Text = wrapped(p.Y.Label.TextStyle, display.VisibleLines(f.scaling(second).label), 0.75*height, 2)
	if c, ok := f.onlyColour(second); ok {
		p.Y.Label.TextStyle.Color = c
	}
	return p
}

// ends gives from where to where the axes go. Values have some room above and below, and none at the
// sides where a line runs to the edge; pictures and bars stand on their edges.
func (f *Figure) ends(whole, side box, second bool) (x, y limits) {
	xMargin, yMargin := 0.0, 0.05
	for _, l := range f.layers {
		switch l.layer.(type) {
		case *scatter:
			xMargin = 0.03
		case *bars:
			yMargin = 0
		}
	}
	if f.filled() {
		xMargin, yMargin = 0, 0
	}
	x = widen(whole.xMin, whole.xMax, xMargin, f.x.log)
	y = widen(side.yMin, side.yMax, yMargin, f.scaling(second).log)
	if side.yMin == 0 && side.yMax > 0 && !f.scaling(second).log && len(f.names(true)) == 0 {
		y.from = 0 // counts and other quantities that begin at nothing stand on the axis
	}
	if f.has(func(l layer) bool { _, ok := l.(*bars); return ok }) {
		x.to += 0.05 * (x.to - x.from)
	}
	return f.x.shown(x), f.scaling(second).shown(y)
}

// shown is what the user asked to see, or else all.
func (s *scaling) shown(all limits) limits {
	if s.limits == nil || s.log && s.limits.from <= 0 {
		return all
	}
	return *s.limits
}

// refused is why a range is not shown as asked, or nil.
func (s *scaling) refused(axis string) error {
	if s.limits == nil || !s.log || s.limits.from > 0 {
		return nil
	}
	return fmt.Errorf("plots: range of %s from %g on a logarithmic axis: it must begin above 0", axis, s.limits.from)
}

// mistakes are what is wrong with a figure of which the rest can be drawn.
func (f *Figure) mistakes() []error {
	out := slices.Clone(f.errs)
	for axis, s := range []*scaling{&f.x, &f.y, &f.second} {
		if err := s.refused([]string{"x", "y", "the second y"}[axis]); err != nil {
			out = append(out, err)
		}
	}
	return out
}

// scaling is that of one y axis.
func (f *Figure) scaling(second bool) *scaling {
	if second {
		return &f.second
	}
	return &f.y
}

// has reports whether one of the layers is such.
func (f *Figure) has(is func(layer) bool) bool {
	return slices.ContainsFunc(f.layers, func(l placed) bool { return is(l.layer) })
}

// filled reports whether a picture fills the area between the axes.
func (f *Figure) filled() bool {
	return f.has(func(l layer) bool {
		switch l.(type) {
		case *picture, *photo, *contour:
			return true
		}
		return false
	})
}

// inverted reports whether the y axis goes down, as rows and lists do.
func (f *Figure) inverted() bool {
	return f.has(func(l layer) bool {
		switch l := l.(type) {
		case *picture:
			return l.down
		case *photo, *bars:
			return true
		}
		return false
	})
}

// picture gives the last array that is drawn as colours, or nil.
func (f *Figure) picture() *picture {
	for _, l := range slices.Backward(f.layers) {
		if p, ok := l.layer.(*picture); ok {
			return p
		}
	}
	return nil
}

// shades is the scale that the colour bar shows: of the picture, or of contours alone.
func (f *Figure) shades() (s shades, ok bool) {
	if p := f.picture(); p != nil {
		return p.shades(), true
	}
	for _, l := range f.layers {
		if k, is := l.layer.(*contour); is {
			return k.shades(), true
		}
	}
	return s, false
}

// names gives the categories of an axis, nil for numbers.
func (f *Figure) names(vertical bool) []string {
	for _, l := range f.layers {
		c, ok := l.layer.(categorical)
		if !ok {
			continue
		}
		x, y := c.categories()
		if vertical && y != nil {
			return y
		}
		if !vertical && x != nil {
			return x
		}
	}
	return nil
}

// onlyColour is the colour of the only layer of one of two y axes, which its label then has too.
func (f *Figure) onlyColour(second bool) (c color.NRGBA, ok bool) {
	if !f.twin {
		return c, false
	}
	n := 0
	for _, l := range f.layers {
		if l.second == second {
			n++
			if own, is := l.layer.(coloured); is {
				c, ok = own.own(), true
			}
		}
	}
	return c, ok && n == 1
}

// scaleX makes the x axis linear, logarithmic or one of names, with as many labels as have room.
func (f *Figure) scaleX(a *plot.Axis) {
	width, _ := f.lengths()
	room := width - vg.Points(70)
	if _, hasBar := f.shades(); hasBar {
		room -= barRoom
	}
	names := f.names(false)
	if names != nil {
		a.Tick.Marker, a.Tick.Length = labelled(names, room/vg.Length(len(names)), a.Tick.Label), 0
		return
	}
	for count := max(2, f.width/90); count >= 1; count-- {
		f.scale(a, f.x.log, f.whole(false), count)
		if !crowded(a, room) {
			return
		}
	}
}

// scaleY does so for a y axis, whose labels stand below one another.
func (f *Figure) scaleY(a *plot.Axis, second bool) {
	width, height := f.lengths()
	if names := f.names(true); names != nil {
		a.Tick.Marker, a.Tick.Length = labelled(names, width/3, a.Tick.Label), 0
		if per := (height - vg.Points(60)) / vg.Length(len(names)); per < a.Tick.Label.Font.Size*1.1 {
			a.Tick.Label.Font.Size = max(vg.Points(4), per/1.1)
		}
		return
	}
	f.scale(a, f.scaling(second).log, f.whole(true), max(2, f.height/75))
}

// scale makes an axis linear or logarithmic, with about count labels.
func (f *Figure) scale(a *plot.Axis, log, whole bool, count int) {
	a.Tick.Marker = ticks{count, whole}
	if log {
		a.Scale, a.Tick.Marker = plot.LogScale{}, logTicks{count}
	}
}

// whole reports whether an axis counts: rows, columns, or how many there are.
func (f *Figure) whole(vertical bool) bool {
	return f.has(func(l layer) bool {
		switch l := l.(type) {
		case *photo:
			return true
		case *picture:
			return l.plain
		case *histogram:
			return vertical && !f.twin
		case *bars:
			return !vertical && !slices.ContainsFunc(l.values, func(v float64) bool { return v != math.Trunc(v) })
		}
		return false
	})
}

// guides are lines that lead the eye from the axes.
func guides() *plotter.Grid {
	g := plotter.NewGrid()
	for _, style := range []*draw.LineStyle{&g.Horizontal, &g.Vertical} {
		style.Color, style.Width, style.Dashes = faint, vg.Points(0.5), nil
	}
	return g
}
