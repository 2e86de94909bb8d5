package plots

import (
	"fmt"
	"math"
	"reflect"

	"gofive/display"
)

// float64er is what arrays read from files offer.
type float64er interface {
	Float64s() ([]float64, error)
}

// complex128er is what arrays of complex numbers offer.
type complex128er interface {
	Complex128s() ([]complex128, error)
}

// vector is a vector of gonum's package mat.
type vector interface {
	Len() int
	AtVec(i int) float64
}

// numbers gives v as float64s, of complex numbers the amplitudes. call and name say in errors which
// argument it is. The result may be v itself: it is only read.
func numbers(call, name string, v any) ([]float64, error) {
	switch x := v.(type) {
	case nil:
		return nil, fmt.Errorf("plots: %s: %s is nil", call, name)
	case []float64:
		return x, nil
	case []complex128:
		return amplitudes(x), nil
	case float64er:
		return fromArray(call, name, x)
	case vector:
		out := make([]float64, x.Len())
		for i := range out {
			out[i] = x.AtVec(i)
		}
		return out, nil
	}
	if read, is, err := slice(v); is {
		if err != nil {
			return nil, fmt.Errorf("plots: %s: %s: %w", call, name, err)
		}
		return numbers(call, name, read)
	}
	r := reflect.ValueOf(v)
	if r.Kind() != reflect.Slice && r.Kind() != reflect.Array {
		return nil, notNumbers(call, name, v)
	}
	out := make([]float64, r.Len())
	for i := range out {
		x, ok := number(r.Index(i))
		if !ok {
			return nil, notNumbers(call, name, v)
		}
		out[i] = x
	}
	return out, nil
}

// fromArray reads an array; a nil pointer of such a type is a forgotten error, not an array.
func fromArray(call, name string, a float64er) ([]float64, error) {
	if isNil(a) {
		return nil, fmt.Errorf("plots: %s: %s is a nil %T", call, name, a)
	}
	out, err := a.Float64s()
	if err != nil && isComplex(a) {
		return fromComplex(call, name, a)
	}
	if err != nil {
		return nil, fmt.Errorf("plots: %s: %s: %w", call, name, err)
	}
	return out, nil
}

// fromComplex reads an array of complex numbers, or a dataset, which gives such an array.
func fromComplex(call, name string, v any) ([]float64, error) {
	if read, is, err := slice(v); is && err == nil {
		v = read
	}
	c, ok := v.(complex128er)
	if !ok {
		return nil, notNumbers(call, name, v)
	}
	z, err := c.Complex128s()
	if err != nil {
		return nil, fmt.Errorf("plots: %s: %s: %w", call, name, err)
	}
	return amplitudes(z), nil
}

func notNumbers(call, name string, v any) error {
	return fmt.Errorf("plots: %s: %s is %T; give a slice of numbers or an array with a method Float64s", call, name, v)
}

// number gives r as float64, if it holds a real number.
func number(r reflect.Value) (float64, bool) {
	if r.Kind() == reflect.Interface {
		r = r.Elem()
	}
	switch {
	case r.CanFloat():
		return r.Float(), true
	case r.CanInt():
		return float64(r.Int()), true
	case r.CanUint():
		return float64(r.Uint()), true
	}
	return math.NaN(), false
}

// withoutError takes the trailing error off the arguments of a call and passes it on.
func withoutError(values []any) ([]any, error) {
	if n := len(values); n > 1 {
		if err, ok := values[n-1].(error); ok {
			return nil, err
		}
		if values[n-1] == nil {
			return values[:n-1], nil
		}
	}
	return values, nil
}

// pairs gives x and y of equal length from the arguments of call: y alone, whose x are 0, 1, 2 ...,
// or x and y.
//
// A call with a trailing error passes it on when it is the only argument, as in
// plots.Line(ds.Slice()): that is legal Go, so the error arrives here.
func pairs(call string, values []any) (x, y []float64, err error) {
	if values, err = withoutError(values); err != nil {
		return nil, nil, err
	}
	if n := len(values); (n == 1 || n == 2) && call != "Scatter" {
		if x, y, n, err := long(call, values); n > 0 {
			return x, y, err
		}
	}
	switch len(values) {
	case 1:
		if y, err = numbers(call, "y", values[0]); err != nil {
			return nil, nil, err
		}
		x = places(len(y))
	case 2:
		return both(call, values[0], values[1])
	default:
		return nil, nil, fmt.Errorf("plots: %s takes y, or x and y; it was given %d arguments", call, len(values))
	}
	return x, y, some(call, y)
}

// both gives x and y, which must be as many.
func both(call string, xs, ys any) (x, y []float64, err error) {
	if y, err = numbers(call, "y", ys); err != nil {
		return nil, nil, err
	}
	if even, ok := xs.(evenly); ok {
		x = even.values(len(y))
	} else if x, err = numbers(call, "x", xs); err != nil {
		return nil, nil, err
	}
	if len(x) != len(y) {
		return nil, nil, unequal(call, len(x), len(y))
	}
	return x, y, some(call, y)
}

// some refuses no values.
func some(call string, values []float64) error {
	if len(values) == 0 {
		return fmt.Errorf("plots: %s: there are no values", call)
	}
	return nil
}

// places are 0, 1, 2 ... n-1.
func places(n int) []float64 { return evenly{0, float64(n - 1)}.values(n) }

func unequal(call string, x, y int) error {
	return fmt.Errorf("plots: %s: x has %s values and y has %s; they must be as many", call, display.Count(x), display.Count(y))
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// drawable reports whether x has a place on an axis.
func drawable(x float64, log bool) bool { return finite(x) && (!log || x > 0) }

// box is a rectangle in the values of the axes; the zero value is not empty, none is.
type box struct{ xMin, xMax, yMin, yMax float64 }

// none is the box that holds nothing.
func none() box {
	return box{math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)}
}

func (b box) empty() bool { return b.xMin > b.xMax || b.yMin > b.yMax }

// with gives the smallest box that holds b and the point.
func (b box) with(x, y float64) box {
	return box{min(b.xMin, x), max(b.xMax, x), min(b.yMin, y), max(b.yMax, y)}
}

// union gives the smallest box that holds both.
func (b box) union(c box) box {
	return box{min(b.xMin, c.xMin), max(b.xMax, c.xMax), min(b.yMin, c.yMin), max(b.yMax, c.yMax)}
}

// everywhere are the limits of an axis without any.
var everywhere = limits{math.Inf(-1), math.Inf(1)}

// boundsOf gives the box of all points that can be drawn between two places of the x axis.
func boundsOf(x, y []float64, part limits, logX, logY bool) box {
	b := none()
	for i := range x {
		if drawable(x[i], logX) && drawable(y[i], logY) && part.from <= x[i] && x[i] <= part.to {
			b = b.with(x[i], y[i])
		}
	}
	return b
}

// span says from where to where values go.
func span(b box) string {
	if b.empty() {
		return "none of them finite"
	}
	return fmt.Sprintf("x %.6g to %.6g, y %.6g to %.6g", b.xMin, b.xMax, b.yMin, b.yMax)
}
