package h5view

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"gofive/display"
	"gofive/h5"
)

// What a picture of a dataset reads: values of a line, values along an axis of an image, and bytes over
// which the values may be spread when not all are read.
const (
	maxLine   = 1 << 19
	maxSide   = 700
	maxSpread = 64 << 20
)

// plotted is values that were read for a picture, one value for each line of an image or one for a line.
type plotted struct {
	rows  [][]float64
	steps []int    // of each axis: which of its places were read
	note  string   // what was left out
	names []string // of the axes
}

// readPlot reads the last axes of a dataset, one or two, at the first place of all others.
func readPlot(d *h5.Dataset, axes int) (*plotted, error) {
	info, err := d.Info()
	if err == nil {
		err = showable(info)
	}
	if err != nil {
		return nil, err
	}
	rank := len(info.Shape)
	if rank < axes || info.Shape.Len() == 0 {
		return nil, errors.New("there is nothing to draw")
	}
	p := &plotted{}
	selection, spread := p.selection(info, axes)
	a, err := d.Slice(selection...)
	if err != nil {
		return nil, err
	}
	x, err := a.Float64s()
	if err != nil {
		return nil, err
	}
	p.note = leftOut(info.Shape, p.steps, axes, spread)
	columns := a.Shape()[axes-1]
	for ; len(x) >= columns && columns > 0; x = x[columns:] {
		p.rows = append(p.rows, x[:columns:columns])
	}
	return p, nil
}

// selection is what is read: every so manieth place of an axis, or the first ones where that would touch
// too many bytes.
func (p *plotted) selection(info h5.ObjectInfo, axes int) (selection []any, spread bool) {
	rank := len(info.Shape)
	bytes := float64(typeSize(info.Datatype))
	for _, n := range info.Shape[rank-axes:] {
		bytes *= float64(n)
	}
	spread = bytes <= maxSpread
	for k, n := range info.Shape {
		if k < rank-axes {
			selection = append(selection, 0)
			continue
		}
		most := map[int]int{1: maxLine, 2: maxSide}[axes]
		step := 1
		if spread {
			step = (n + most - 1) / most
		} else {
			n = min(n, most)
		}
		p.steps = append(p.steps, step)
		selection = append(selection, h5.Range(0, n, step))
	}
	return selection, spread
}

// leftOut says what of a dataset a picture does not show.
func leftOut(shape h5.Shape, steps []int, axes int, spread bool) string {
	var parts []string
	if lead := len(shape) - axes; lead > 0 && h5.Shape(shape[:lead]).Len() > 1 {
		parts = append(parts, "at "+strings.Repeat("0, ", lead)+strings.TrimSuffix(strings.Repeat(":, ", axes), ", "))
	}
	for k, step := range steps {
		if step > 1 {
			parts = append(parts, fmt.Sprintf("every %s of axis %d", ordinal(step), len(shape)-axes+k))
		}
	}
	if !spread {
		parts = append(parts, fmt.Sprintf("the first %s of each axis", display.Count(map[int]int{1: maxLine, 2: maxSide}[axes])))
	}
	return strings.Join(parts, ", ")
}

// scale maps stored numbers to what they mean: x times factor plus offset, and NaN for those that stand
// for no value.
type scale struct {
	factor, offset float64
	meaning
}

// apply gives the numbers that x stands for, in place.
func (s scale) apply(x []float64) []float64 {
	for i, v := range x {
		if len(s.fills) > 0 && s.fill(v, true) {
			x[i] = math.NaN()
		} else {
			x[i] = v*s.factor + s.offset
		}
	}
	return x
}

// readAll reads a dataset of one axis, of no more than most numbers.
func readAll(d *h5.Dataset, most int) ([]float64, error) {
	info, err := d.Info()
	if err == nil {
		err = showable(info)
	}
	if err == nil && (len(info.Shape) != 1 || info.Shape[0] > most) {
		err = fmt.Errorf("%s has shape %s", d.Name(), shapeText(info.Shape))
	}
	if err != nil {
		return nil, err
	}
	a, err := d.Slice()
	if err != nil {
		return nil, err
	}
	return a.Float64s()
}

// thinned gives every step-th of x.
func thinned(x []float64, step, n int) []float64 {
	out := make([]float64, 0, n)
	for i := 0; i < len(x) && len(out) < n; i += step {
		out = append(out, x[i])
	}
	return out
}

// numeric reports whether the elements are real numbers.
func numeric(t *h5.Datatype) bool {
	return t != nil && (t.Kind() == h5.TypeInt || t.Kind() == h5.TypeFloat)
}

// withUnit names a quantity with its unit in brackets.
func withUnit(name, unit string) string {
	if unit == "" {
		return name
	}
	return strings.TrimSpace(name + " [" + unit + "]")
}

// join puts texts together that are not empty.
func joined(separator string, texts ...string) string {
	var some []string
	for _, s := range texts {
		if s != "" {
			some = append(some, s)
		}
	}
	return strings.Join(some, separator)
}
