package h5browse

import (
	"context"
	"math"
	"slices"
	"strconv"

	"gofive/h5"
)

// decimate gives as many stretches of a line, or pixels of an image, as a page has room for.
func decimate(ctx context.Context, l *call) (answer, error) {
	r := l.request
	if !slices.Contains([]string{"", "minmax", "mean", "sum", "nearest"}, r.Method) {
		return answer{}, badRequest("method is minmax, mean, sum or nearest, not %q", cutText(r.Method, 100))
	}
	d, err := l.dataset()
	if err != nil {
		return answer{}, err
	}
	defer d.Close()
	axes, err := axesOf(d, r.Sel)
	if err != nil {
		return answer{}, err
	}
	seen, err := l.lens(d, r.Field)
	if err == nil {
		err = oneByOne(d, r.Field)
	}
	if err != nil {
		return answer{}, err
	}
	open := openAxes(axes)
	switch len(open) {
	case 1:
		return decimateLine(ctx, l, line{d, r.Field, seen, axes, open[0]})
	case 2:
		return decimateImage(ctx, l, d, seen, axes, open)
	}
	return answer{}, &failure{Kind: "bad-request", Message: strconv.Itoa(len(open)) + " axes are left", Hint: "select one place of all axes but one, or two for an image", Path: d.Path()}
}

func place(n int) string { return strconv.Itoa(n) }

// mostPoints is how many elements a dataset may have to be counted here: a file can claim any number.
const mostPoints = 1 << 48

// axesOf gives what is selected of each axis.
func axesOf(d *h5.Dataset, sel string) ([]h5.Interval, error) {
	if d.Len() > mostPoints {
		return nil, &failure{Kind: "too-large", Message: "the dataset has the shape " + d.Shape().String(), Path: d.Path(), Max: mostPoints}
	}
	return d.Part(sel).Axes()
}

// openAxes are the axes of which more than one place may be selected.
func openAxes(axes []h5.Interval) (open []int) {
	for i, a := range axes {
		if a.Step > 0 {
			open = append(open, i)
		}
	}
	return open
}

// line is one axis of a dataset, at one place of the others.
type line struct {
	d     *h5.Dataset
	field string
	lens  lens
	axes  []h5.Interval
	open  int
}

// part selects an interval of the line.
func (n line) part(i h5.Interval) *h5.Part {
	var sel []any
	for k, a := range n.axes {
		switch {
		case k == n.open:
			sel = append(sel, i)
		default:
			sel = append(sel, a.Lo)
		}
	}
	if n.field != "" {
		sel = append(sel, h5.Columns(n.field))
	}
	return n.d.Part(sel...)
}

// length is how many numbers the whole line has.
func (n line) length() int { return n.d.Shape()[n.open] }

// drawn is what is drawn of a line: a cell for each stretch, the places where they begin, and where the last ends.
type drawn struct {
	at    []float64
	cells []cell
	from  int
	to    int
	full  bool
}

// draw reduces an interval of the line to so many stretches. Early gets what is known of them before the end.
func (n line) draw(ctx context.Context, l *call, i h5.Interval, width int, early early) (drawn, error) {
	count := (i.Hi - i.Lo + i.Step - 1) / i.Step
	if length := n.length(); i.Step == 1 && length >= indexFrom && count/width >= blockOf(length) {
		return n.fromIndex(ctx, l, i, width, early)
	}
	width = min(width, count)
	starts := make([]int, width+1)
	for k := range starts {
		starts[k] = k * count / max(1, width)
	}
	out := drawn{from: i.Lo, to: i.Hi, full: width == count}
	for _, s := range starts[:width] {
		out.at = append(out.at, float64(i.Lo+s*i.Step))
	}
	if count == 0 {
		return out, nil
	}
	var err error
	progress := l.progress(count)
	out.cells, err = reduce(ctx, n.part(i), n.lens, starts, func(done int, _ []cell) { progress(done) })
	return out, err
}

// progress tells parts of how much is read.
func (l *call) progress(total int) func(done int) {
	begun := l.started()
	return func(done int) {
		if done < total && begun() {
			l.part(answer{fields: map[string]any{"done": done, "total": total}})
		}
	}
}

// decimateLine answers for one axis.
func decimateLine(ctx context.Context, l *call, n line) (answer, error) {
	r := l.request
	width := within(r.Width, 1000, 1, mostWidth)
	if r.Method == "nearest" {
		return nearestLine(l, n, width)
	}
	early := func(got drawn, done, total int) {
		a := answer{fields: map[string]any{}}
		if r.X == nil {
			a = got.answer(n, r.Method)
			a.fields["early"] = true
		}
		a.fields["done"], a.fields["total"] = done, total
		l.part(a)
	}
	got, err := n.draw(ctx, l, n.axes[n.open], width, early)
	if err != nil {
		return answer{}, err
	}
	a := got.answer(n, r.Method)
	if r.X == nil {
		return a, nil
	}
	more, err := decimateX(ctx, l, n, width)
	a.buffers = append(a.buffers, more...)
	return a, err
}

// answer tells what is drawn of a line.
func (got drawn) answer(n line, method string) answer {
	count := len(got.at)
	lo, hi, value, nan := make([]float64, count), make([]float64, count), make([]float64, count), make([]uint32, count)
	all := nothing()
	for k, c := range got.cells {
		all = all.join(c)
		lo[k], hi[k], value[k], nan[k] = c.lo, c.hi, c.sum, uint32(c.nan)
		if method == "mean" {
			value[k] /= float64(c.n)
		}
		if c.n == 0 {
			lo[k], hi[k], value[k] = math.NaN(), math.NaN(), math.NaN()
		}
	}
	a := answer{fields: map[string]any{"count": count, "from": got.from, "to": got.to, "step": n.axes[n.open].Step, "full": got.full, "nan": all.nan}}
	a.buffers = []buffer{numbers("index", "<f8", got.at, count)}
	if method == "mean" || method == "sum" {
		a.fields["range"] = rangeOf(value)
		a.buffers = append(a.buffers, numbers("value", "<f8", value, count))
	} else {
		a.fields["range"] = []any{finite(all.lo), finite(all.hi)}
		a.buffers = append(a.buffers, numbers("min", "<f8", lo, count), numbers("max", "<f8", hi, count))
	}
	a.buffers = append(a.buffers, numbers("nan", "<u4", nan, count))
	return a
}

// rangeOf is from where to where the finite ones of numbers go.
func rangeOf[T float32 | float64](x []T) []any {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, v := range x {
		if f := float64(v); !math.IsInf(f, 0) && !math.IsNaN(f) {
			lo, hi = min(lo, f), max(hi, f)
		}
	}
	return []any{finite(lo), finite(hi)}
}

// nearestLine reads an element here and there.
func nearestLine(l *call, n line, width int) (answer, error) {
	i := n.axes[n.open]
	count := (i.Hi - i.Lo + i.Step - 1) / i.Step
	step := i.Step * max(1, (count+width-1)/width)
	stored, err := n.part(h5.Interval{Lo: i.Lo, Hi: i.Hi, Step: step}).Slice()
	if err != nil {
		return answer{}, err
	}
	x, err := n.lens.float64s(stored)
	if err != nil {
		return answer{}, err
	}
	at, nan := make([]float64, len(x)), make([]uint32, len(x))
	lost := 0
	for k, v := range x {
		at[k] = float64(i.Lo + k*step)
		if v != v {
			nan[k] = 1
			lost++
		}
	}
	fields := map[string]any{"count": len(x), "from": i.Lo, "to": i.Hi, "step": i.Step, "full": step == i.Step, "nan": lost, "range": rangeOf(x)}
	return answer{fields, []buffer{numbers("index", "<f8", at, len(x)), numbers("value", "<f8", x, len(x)), numbers("nan", "<u4", nan, len(x))}}, nil
}

// decimateX draws another dataset over the same stretches.
func decimateX(ctx context.Context, l *call, y line, width int) ([]buffer, error) {
	o, err := y.d.File().Get(l.request.X.Path)
	if err != nil {
		return nil, err
	}
	defer o.Close()
	d, ok := o.(*h5.Dataset)
	if !ok {
		return nil, &failure{Kind: "bad-request", Message: "x is no dataset", Path: o.Path()}
	}
	seen, err := l.lens(d, l.request.X.Field)
	if err != nil {
		return nil, err
	}
	x := line{d, l.request.X.Field, seen, y.axes, y.open}
	switch {
	case len(d.Shape()) == 1 && d.Shape()[0] == y.length():
		x.axes, x.open = y.axes[y.open:y.open+1], 0
	case !slices.Equal(d.Shape(), y.d.Shape()):
		return nil, &failure{Kind: "bad-request", Message: "x has the shape " + d.Shape().String() + ", which does not fit", Path: d.Path()}
	}
	got, err := x.draw(ctx, l, y.axes[y.open], width, func(drawn, int, int) {})
	if err != nil {
		return nil, err
	}
	lo, hi := make([]float64, len(got.cells)), make([]float64, len(got.cells))
	for k, c := range got.cells {
		lo[k], hi[k] = c.lo, c.hi
		if c.n == 0 {
			lo[k], hi[k] = math.NaN(), math.NaN()
		}
	}
	return []buffer{numbers("xmin", "<f8", lo, len(lo)), numbers("xmax", "<f8", hi, len(hi))}, nil
}
