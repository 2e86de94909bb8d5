package plots

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"reflect"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Image draws a two-dimensional array as colours, its first row at the top. values is a slice of rows
// of numbers, or anything with the methods Shape, of two axes, and Float64s. A colour bar stands
// beside it.
func Image(values any) *Figure { return newFigure().Image(values) }

// Image adds a picture of a two-dimensional array.
func (f *Figure) Image(values any) *Figure {
	p, err := newPicture(values)
	return f.add(p, err)
}

// picture is rows x cols values, row after row.
type picture struct {
	values     []float64
	rows, cols int
	low, high  float64 // of the finite values
}

func newPicture(v any) (*picture, error) {
	values, rows, cols, err := matrix(v)
	if err != nil {
		return nil, err
	}
	p := &picture{values: values, rows: rows, cols: cols, low: math.Inf(1), high: math.Inf(-1)}
	for _, x := range values {
		if finite(x) {
			p.low, p.high = min(p.low, x), max(p.high, x)
		}
	}
	if p.low > p.high {
		return nil, errNothing
	}
	return p, nil
}

// matrix gives the numbers of a two-dimensional array, row after row.
func matrix(v any) (values []float64, rows, cols int, err error) {
	if a, ok := v.(float64er); ok {
		shape := shapeOf(v)
		if len(shape) != 2 {
			return nil, 0, 0, fmt.Errorf("plots: Image: the array has shape %v; two axes can be drawn, so take a slice", shape)
		}
		if values, err = fromArray("Image", "values", a); err == nil && len(values) != shape[0]*shape[1] {
			err = fmt.Errorf("plots: Image: the array has shape %v and %d values", shape, len(values))
		}
		return values, shape[0], shape[1], err
	}
	r := reflect.ValueOf(v)
	if r.Kind() != reflect.Slice && r.Kind() != reflect.Array {
		return nil, 0, 0, fmt.Errorf("plots: Image: values is %T; give a slice of rows of numbers or a two-dimensional array", v)
	}
	for i := range r.Len() {
		row, err := numbers("Image", fmt.Sprintf("row %d", i), r.Index(i).Interface())
		if err != nil {
			return nil, 0, 0, err
		}
		if i > 0 && len(row) != cols {
			return nil, 0, 0, fmt.Errorf("plots: Image: row %d has %d values and row 0 has %d; they must be as many", i, len(row), cols)
		}
		cols = len(row)
		values = append(values, row...)
	}
	if len(values) == 0 {
		return nil, 0, 0, fmt.Errorf("plots: Image: there are no values")
	}
	return values, r.Len(), cols, nil
}

// shapeOf calls the method Shape of v, whose result may be any slice of int: libraries have types of
// their own for it.
func shapeOf(v any) []int {
	method := reflect.ValueOf(v).MethodByName("Shape")
	if !method.IsValid() || method.Type().NumIn() != 0 || method.Type().NumOut() != 1 {
		return nil
	}
	out := method.Call(nil)[0]
	if out.Kind() != reflect.Slice || out.Type().Elem().Kind() != reflect.Int {
		return nil
	}
	shape := make([]int, out.Len())
	for i := range shape {
		shape[i] = int(out.Index(i).Int())
	}
	return shape
}

func (p *picture) bounds(logX, logY bool) box {
	if logX || logY {
		return none() // the cells of an array are not spaced by powers
	}
	return box{-0.5, float64(p.cols) - 0.5, -0.5, float64(p.rows) - 0.5}
}

func (p *picture) describe() string {
	return fmt.Sprintf("image of %d x %d values, %.6g to %.6g", p.rows, p.cols, p.low, p.high)
}

// Plot draws the cells; where there are more than dots, a dot has the mean of its finite cells.
func (p *picture) Plot(c draw.Canvas, pl *plot.Plot) {
	toX, toY := pl.Transforms(&c)
	frame := vg.Rectangle{
		Min: vg.Point{X: toX(-0.5), Y: min(toY(-0.5), toY(float64(p.rows)-0.5))},
		Max: vg.Point{X: toX(float64(p.cols) - 0.5), Y: max(toY(-0.5), toY(float64(p.rows)-0.5))},
	}
	size := frame.Size()
	c.DrawImage(frame, p.pixels(min(maxPixels, int(size.X/columnWidth)), min(maxPixels, int(size.Y/columnWidth))))
}

// pixels gives the picture of width x height dots. Cells larger than a dot keep sharp edges.
func (p *picture) pixels(width, height int) image.Image {
	width, height = max(width, 1), max(height, 1)
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		r0, r1 := cells(y, height, p.rows)
		for x := range width {
			c0, c1 := cells(x, width, p.cols)
			img.SetNRGBA(x, y, p.shade(p.mean(r0, r1, c0, c1)))
		}
	}
	return img
}

// cells gives the cells from, from+1 ... to-1 of n that dot i of dots lies on, at least one.
func cells(i, dots, n int) (from, to int) {
	from = i * n / dots
	return from, max(from+1, (i+1)*n/dots)
}

// mean of the finite values of a block of cells, NaN if there is none.
func (p *picture) mean(r0, r1, c0, c1 int) float64 {
	sum, n := 0.0, 0
	for r := r0; r < r1; r++ {
		for _, v := range p.values[r*p.cols+c0 : r*p.cols+c1] {
			if finite(v) {
				sum += v
				n++
			}
		}
	}
	return sum / float64(n)
}

// shade gives the colour of a value; what is not finite is light grey, which is none of the colours.
func (p *picture) shade(v float64) color.NRGBA {
	if !finite(v) {
		return color.NRGBA{0xdd, 0xdd, 0xdd, 0xff}
	}
	if p.high == p.low {
		return heat(0.5)
	}
	return heat((v - p.low) / (p.high - p.low))
}

// heat gives the colour of t in 0..1: dark blue over violet and orange to light yellow, its lightness
// rising evenly so that it also reads in grey.
func heat(t float64) color.NRGBA {
	stops := [][3]float64{{14, 12, 60}, {84, 24, 120}, {160, 44, 104}, {222, 82, 60}, {248, 150, 42}, {252, 244, 176}}
	t = min(max(t, 0), 1) * float64(len(stops)-1)
	i := min(int(t), len(stops)-2)
	mix := func(k int) uint8 { return uint8(math.Round(stops[i][k] + (t-float64(i))*(stops[i+1][k]-stops[i][k]))) }
	return color.NRGBA{mix(0), mix(1), mix(2), 0xff}
}
