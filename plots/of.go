package plots

import (
	"fmt"
	"image"
	"reflect"
	"slices"

	"gofive/display"
)

// Of draws v in the way that fits what it is:
//
//   - a table, or an array or a dataset of compounds: a line for each column of numbers, over the column
//     that is an axis (XColumn says which) or over the number of the row
//   - numbers with one axis: a line; with two: a heat map; with more: the first plane, said below it;
//     of complex numbers the amplitudes
//   - bytes of shape (rows, columns, 3 or 4), an HDF5 image, an image.Image: the picture
//   - texts: a bar for each, as long as it is frequent
//   - a map of numbers: a bar for each, in the order of their names
//   - a Figure: itself
//
// Labels, scales and units that a dataset has are written at the axes.
func Of(v any, options ...Option) *Figure {
	f, is := v.(*Figure)
	if is = is && f != nil; !is {
		f = newFigure()
	}
	for _, o := range options {
		o(f)
	}
	if is {
		return f
	}
	return f.of(v)
}

// wanted are the columns that a figure of a table needs, nil for all.
func (f *Figure) wanted() []string {
	if f.picked == nil || f.xColumn == nil {
		return f.picked
	}
	return append(slices.Clone(f.picked), *f.xColumn)
}

// pictured is a dataset that may be a picture; the image is nil if it is none.
type pictured interface{ Picture() (image.Image, error) }

func (f *Figure) of(v any) *Figure {
	if isNil(v) {
		return f.fail(fmt.Errorf("plots: Of: it is nil: nothing was read"))
	}
	f.describe(v)
	if img, ok := v.(image.Image); ok {
		return f.RGB(img)
	}
	if p, ok := v.(pictured); ok {
		if img, err := p.Picture(); img != nil && err == nil {
			return f.RGB(img)
		}
	}
	if names, values, ok := numbersByName(v); ok {
		return f.ofNumbers(names, values)
	}
	t, err := tableOf(v, f.wanted())
	if err != nil {
		return f.fail(fmt.Errorf("plots: Of: %w", err))
	}
	if t != nil {
		return f.ofTable(t)
	}
	return f.ofArray(v)
}

// ofArray draws what has a shape.
func (f *Figure) ofArray(v any) *Figure {
	shape := shapeOf(v)
	if shape == nil && nested(reflect.ValueOf(v)) {
		b, err := blockOf("Of", "values", v)
		if err != nil {
			return f.fail(err)
		}
		return f.ofBlock(v, b)
	}
	if texts, ok := textsOf(v); ok {
		return f.countText(texts)
	}
	if len(shape) < 2 {
		if !hasNumbers(v) {
			return f.fail(fmt.Errorf("plots: Of: it is %T; give a dataset, an array, a table or slices of numbers", v))
		}
		return f.ofLine(v)
	}
	if isRGB(shape) && ofBytes(v) {
		return f.RGB(v)
	}
	p, err := planeOf(v)
	if err != nil {
		return f.fail(fmt.Errorf("plots: Of: %w", err))
	}
	if isRGB(shapeOf(p.values)) {
		return f.RGB(p.values)
	}
	if len(shapeOf(p.values)) == 2 {
		f.sayPlane(shape)
	}
	return f.ofPlane(v, p)
}

// hasNumbers reports whether v is something that numbers are read from.
func hasNumbers(v any) bool {
	switch v.(type) {
	case float64er, vector:
		return true
	}
	k := reflect.TypeOf(v).Kind()
	return k == reflect.Slice || k == reflect.Array || shapeOf(v) != nil
}

// ofBlock draws nested slices, which have been read already.
func (f *Figure) ofBlock(v any, b block) *Figure {
	if isRGB(b.shape) && ofBytes(v) {
		return f.RGB(v)
	}
	if n := len(b.shape); n > 2 {
		f.sayPlane(b.shape)
		rows, cols := b.shape[n-2], b.shape[n-1]
		b = block{b.values[:rows*cols], b.shape[n-2:]}
	}
	rows := make([][]float64, b.shape[0])
	for i := range rows {
		rows[i] = b.values[i*b.shape[1] : (i+1)*b.shape[1]]
	}
	return f.Heat(rows)
}

// ofLine draws numbers with one axis over the values of that axis, if it has such.
func (f *Figure) ofLine(v any) *Figure {
	if isComplex(v) && f.y.label == "" {
		f.y.label = "amplitude"
	}
	if x := scaleOf(v, 0); x != nil {
		return f.Line(x, v)
	}
	return f.Line(v)
}

// ofPlane draws two axes of v over their values, if they have such.
func (f *Figure) ofPlane(v any, p plane) *Figure {
	n := len(shapeOf(v))
	x, y := scaleOf(v, n-1), scaleOf(v, n-2)
	if len(x) != p.cols.n || len(y) != p.rows.n || steady(x) != nil || steady(y) != nil {
		return f.Heat(p)
	}
	return f.Heat(x, y, p)
}

// sayPlane says which part of an array of more than two axes is drawn.
func (f *Figure) sayPlane(shape []int) {
	if n := len(shape) - 2; n > 0 {
		f.note("the first of %s planes of an array of shape %v", display.Count(product(shape[:n])), shape)
	}
}

// texts is an array of text.
type texts interface{ Strings() ([]string, error) }

// textsOf gives v as texts, if it holds such.
func textsOf(v any) ([]string, bool) {
	r := reflect.ValueOf(v)
	if r.Kind() == reflect.Slice && r.Type().Elem().Kind() == reflect.String {
		out := make([]string, r.Len())
		for i := range out {
			out[i] = r.Index(i).String()
		}
		return out, true
	}
	if !holdsText(v) {
		return nil, false
	}
	if a, ok := v.(texts); ok {
		out, err := a.Strings()
		return out, err == nil
	}
	read, is, err := slice(v) // a dataset, which gives an array
	if _, ok := read.(texts); !is || err != nil || !ok {
		return nil, false
	}
	return textsOf(read)
}

// holdsText reports whether the elements of an array or a dataset are text, from the name of their type.
func holdsText(v any) bool { return elementType(v, "string") }

// isComplex reports whether they are complex numbers.
func isComplex(v any) bool {
	switch v.(type) {
	case []complex128, []complex64:
		return true
	}
	return elementType(v, "complex")
}

// ofBytes reports whether the elements of an array or a dataset or of nested slices are bytes.
func ofBytes(v any) bool {
	t := reflect.TypeOf(v)
	for t.Kind() == reflect.Slice || t.Kind() == reflect.Array {
		t = t.Elem()
	}
	return t.Kind() == reflect.Uint8 || elementType(v, "uint8")
}
