package h5

import (
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"testing"
)

// randomNumbers is an array of a random type; floats have a NaN or an infinity now and then.
func randomNumbers(r *rand.Rand, shape Shape) *Array {
	n := shape.Len()
	ints := func(lo, hi int) func() int { return func() int { return lo + r.IntN(hi-lo) } }
	floats := func() float64 {
		switch r.IntN(40) {
		case 0:
			return math.NaN()
		case 1:
			return math.Inf(1 - 2*r.IntN(2))
		}
		return math.Round(r.NormFloat64()*1000) / 8
	}
	out := &Array{shape: shape}
	switch r.IntN(11) {
	case 0:
		out.typ, out.data = Int8, fill(n, func() int8 { return int8(ints(-100, 100)()) })
	case 1:
		out.typ, out.data = Int16, fill(n, func() int16 { return int16(ints(-999, 999)()) })
	case 2:
		out.typ, out.data = Int32, fill(n, func() int32 { return int32(ints(-9999, 9999)()) })
	case 3:
		out.typ, out.data = Int64, fill(n, func() int64 { return int64(ints(-9999, 9999)()) })
	case 4:
		out.typ, out.data = Uint8, fill(n, func() uint8 { return uint8(ints(0, 255)()) })
	case 5:
		out.typ, out.data = Uint16, fill(n, func() uint16 { return uint16(ints(0, 999)()) })
	case 6:
		out.typ, out.data = Uint32, fill(n, func() uint32 { return uint32(ints(0, 9999)()) })
	case 7:
		out.typ, out.data = Uint64, fill(n, func() uint64 { return uint64(ints(0, 9999)()) })
	case 8:
		out.typ, out.data = Float32, fill(n, func() float32 { return float32(floats()) })
	default:
		out.typ, out.data = Float64, fill(n, floats)
	}
	return out
}

func fill[T any](n int, f func() T) []T {
	out := make([]T, n)
	for i := range out {
		out[i] = f()
	}
	return out
}

// broadcastable is a shape that goes with another: without some of the first axes, and with some of
// length 1.
func broadcastable(r *rand.Rand, shape Shape) Shape {
	out := append(Shape{}, shape[r.IntN(len(shape)):]...) // numpy 1 gives the type of a single value no weight
	for i := range out {
		if r.IntN(3) == 0 {
			out[i] = 1
		}
	}
	return out
}

// judge is what numpy makes of the same.
const judge = `
import warnings
warnings.simplefilter("ignore")
f = h5py.File(sys.argv[1])
bad = 0
for name, g in f.items():
    a, op, axis = g["a"][()], g.attrs["op"], g.attrs["axis"]
    b = g["b"][()] if "b" in g else None
    if "number" in g.attrs:
        b = g.attrs["number"].item()
    if op in ("Percentile", "Percentiles") and np.isinf(a.astype("f8")).any():
        continue  # numpy subtracts infinities from each other where nothing is between
    axis = None if axis == 99 else int(axis)
    want = {
        "Add": lambda: a + b, "Sub": lambda: a - b, "Mul": lambda: a * b, "Div": lambda: a / b,
        "Less": lambda: a < b, "LessEqual": lambda: a <= b, "Greater": lambda: a > b, "GreaterEqual": lambda: a >= b, "Equal": lambda: a == b,
        "Sum": lambda: np.sum(a, axis, np.float64 if a.dtype.kind == "f" else None), "Mean": lambda: np.mean(a, axis, np.float64), "Std": lambda: np.std(a, axis, np.float64),
        "Min": lambda: np.min(a, axis), "Max": lambda: np.max(a, axis), "Median": lambda: np.median(a.astype("f8"), axis),
        "Percentile": lambda: np.percentile(a.astype("f8"), 30, axis), "Cumsum": lambda: np.cumsum(a, axis, np.float64 if a.dtype.kind == "f" else None),
        "Sort": lambda: np.sort(a, -1), "Where": lambda: np.where(a > 3, a, b),
        "ArgMin": lambda: np.argmin(a, axis), "ArgMax": lambda: np.argmax(a, axis), "ArgSort": lambda: np.argsort(a, -1, "stable"),
        "Unique": lambda: np.unique(a), "Transpose": lambda: a.T, "IsNaN": lambda: np.isnan(a.astype("f8")), "Clip": lambda: np.clip(a, 1, 5),
        "Round": lambda: np.round(a, 1) if a.dtype.kind == "f" else a, "Percentiles": lambda: np.percentile(a.astype("f8"), [10, 50, 90], axis),
        "Concat": lambda: np.concatenate([a, b], int(axis)), "Stack": lambda: np.stack([a, b], int(axis)), "Dot": lambda: a.astype("f8") @ b.astype("f8"),
    }[op]()
    want, got = np.asarray(want), g["got"][()]
    if got.dtype.kind == "b" or want.dtype.kind == "b":
        ok = got.astype(bool).tolist() == want.tolist()
    else:
        close = 2e-6 if want.dtype == np.float32 else 1e-9
        ok = got.dtype == want.dtype and got.shape == want.shape and np.allclose(got, want, rtol=close, atol=close, equal_nan=True)
    if not ok:
        bad += 1
        print(op, axis, a.dtype, a.shape, None if b is None else (np.asarray(b).dtype, np.asarray(b).shape), "got", got.dtype, got.shape, "want", want.dtype, want.shape)
        print("   a", a.ravel()[:6], "got", got.ravel()[:6], "want", want.ravel()[:6])
print(len(f), "cases,", bad, "differ")
`

// TestArithmeticAsNumpy lets numpy judge operations on random arrays of every type of number.
func TestArithmeticAsNumpy(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cases.h5")
	f, err := Create(path)
	must(t, err)
	r := rand.New(rand.NewPCG(1, 5))
	both := map[string]func(a *Array, b any) (*Array, error){
		"Add": (*Array).Add, "Sub": (*Array).Sub, "Mul": (*Array).Mul, "Div": (*Array).Div, "Less": (*Array).Less, "LessEqual": (*Array).LessEqual,
		"Greater": (*Array).Greater, "GreaterEqual": (*Array).GreaterEqual, "Equal": (*Array).Equal,
		"Where": func(a *Array, b any) (*Array, error) {
			m, err := a.Greater(3)
			if err != nil {
				return nil, err
			}
			return a.Where(m, b)
		},
	}
	one := map[string]func(a *Array, axis ...int) (*Array, error){
		"Sum": (*Array).Sum, "Mean": (*Array).Mean, "Std": (*Array).Std, "Min": (*Array).Min, "Max": (*Array).Max, "Median": (*Array).Median,
		"Percentile": func(a *Array, axis ...int) (*Array, error) { return a.Percentile(30, axis...) },
		"Cumsum":     (*Array).Cumsum,
		"Sort":       func(a *Array, _ ...int) (*Array, error) { return a.Sort() },
		"ArgMin":     (*Array).ArgMin, "ArgMax": (*Array).ArgMax,
		"ArgSort":     func(a *Array, _ ...int) (*Array, error) { return a.ArgSort() },
		"Unique":      func(a *Array, _ ...int) (*Array, error) { return a.Unique() },
		"Transpose":   func(a *Array, _ ...int) (*Array, error) { return a.Transpose() },
		"IsNaN":       func(a *Array, _ ...int) (*Array, error) { return a.IsNaN() },
		"Clip":        func(a *Array, _ ...int) (*Array, error) { return a.Clip(1, 5) },
		"Round":       func(a *Array, _ ...int) (*Array, error) { return a.Round(1) },
		"Percentiles": func(a *Array, axis ...int) (*Array, error) { return a.Percentiles([]float64{10, 50, 90}, axis...) },
	}
	joined := map[string]func(axis int, arrays ...any) (*Array, error){"Concat": Concat, "Stack": Stack}
	n := 0
	store := func(op string, axis int, a, got *Array, b any) {
		g, err := f.CreateGroup(fmt.Sprintf("%04d", n))
		must(t, err)
		n++
		must(t, g.SetAttr("op", op))
		must(t, g.SetAttr("axis", axis))
		must(t, g.Set("a", a))
		must(t, g.Set("got", got))
		switch b := b.(type) {
		case *Array:
			must(t, g.Set("b", b))
		case int, float64:
			must(t, g.SetAttr("number", b))
		}
	}
	for range 30 {
		shape := Shape{1 + r.IntN(4), 1 + r.IntN(5), 1 + r.IntN(6)}[r.IntN(3):]
		a := randomNumbers(r, shape)
		for op, do := range both {
			var b any = randomNumbers(r, broadcastable(r, shape))
			switch r.IntN(4) {
			case 0:
				b = r.IntN(100)
			case 1:
				b = math.Round(r.NormFloat64()*100) / 4
			}
			got, err := do(a, b)
			must(t, err)
			store(op, 99, a, got, b)
		}
		for op, do := range one {
			axis, axes := 99, []int(nil)
			if r.IntN(3) > 0 {
				axis = r.IntN(2*len(shape)) - len(shape)
				axes = []int{axis}
			}
			got, err := do(a, axes...)
			must(t, err)
			store(op, axis, a, got, nil)
		}
		for op, do := range joined {
			b, axis := randomNumbers(r, shape), r.IntN(2*len(shape))-len(shape)
			got, err := do(axis, a, b)
			must(t, err)
			store(op, axis, a, got, b)
		}
		left, right := randomNumbers(r, Shape{3, 4}[r.IntN(2):]), randomNumbers(r, Shape{4, 2}[:1+r.IntN(2)])
		got, err := left.Dot(right)
		must(t, err)
		store("Dot", 99, left, got, right)
	}
	must(t, f.Close())
	same(t, h5py(t, judge, path), fmt.Sprintf("%d cases, 0 differ", n))
}

func TestErrorsOfArithmetic(t *testing.T) {
	a := randomNumbers(rand.New(rand.NewPCG(1, 5)), Shape{3, 4})
	text, err := NewArray([]string{"a", "b"})
	must(t, err)
	_, err = a.Add([]int{1, 2})
	check(t, err, ErrShape, "shapes (3, 4) and (2) do not match: axis 1 has 4 and 2 places")
	_, err = a.Add("text")
	check(t, err, ErrType, "add", "the elements are of type string")
	_, err = a.Sum(2)
	check(t, err, ErrRange, "axis 2 of an array of shape (3, 4)")
	_, err = a.Percentile(101)
	check(t, err, ErrRange, "percentile 101")
	_, err = a.Where(a, 1)
	check(t, err, ErrType, "the mask is of type")
	empty, err := NewArray([]float64{})
	must(t, err)
	_, err = empty.Max()
	check(t, err, ErrRange, "there are no elements")
	sum, err := empty.Sum()
	must(t, err)
	x, err := sum.Float64()
	must(t, err)
	same(t, x, 0)
	equal, err := text.Equal("b")
	must(t, err)
	same(t, equal.Raw(), "[false true]")
	_, err = a.Float64()
	check(t, err, ErrShape, "there are 12")
}

func TestMathOfArrays(t *testing.T) {
	array := func(v any) *Array {
		a, err := NewArray(v)
		must(t, err)
		return a
	}
	must1 := func(a *Array, err error) any {
		t.Helper()
		must(t, err)
		return a.Raw()
	}
	same(t, must1(array([]int16{-3, 0, 5}).Abs()), "[3 0 5]")
	same(t, must1(array([]uint8{3, 255}).Abs()), "[3 255]")
	same(t, must1(array([]float64{-1.5, math.Inf(-1)}).Abs()), "[1.5 +Inf]")
	same(t, must1(array([]int{4, 9}).Sqrt()), "[2 3]")
	same(t, must1(array([]float32{100, 0}).Log10()), "[2 -Inf]")
	same(t, must1(array([]int{2, 3}).Pow(3)), "[8 27]")
	same(t, must1(array([]float64{0}).Exp()), "[1]")
	x := array([]float64{1, 2, 3, 4})
	low, err := x.Less(3)
	must(t, err)
	high, err := x.Greater(1)
	must(t, err)
	same(t, must1(low.And(high)), "[false true false false]")
	same(t, must1(low.Or(high)), "[true true true true]")
	same(t, must1(low.Not()), "[false false true true]")
	both, err := low.And(high)
	must(t, err)
	same(t, must1(x.Slice(both)), "[2]")
	same(t, must1(low.Sum()), "[2]")
	same(t, must1(low.Mul(200)), "[200 200 0 0]")
	counted, err := low.Mul(200)
	must(t, err)
	same(t, must1(counted.Add(100)), "[300 300 100 100]")
	same(t, must1(array([]int8{-3, 5, 7, 8}).Mul(low)), "[-3 5 0 0]")
	same(t, must1(array([]float32{0.1, 0.2}).Equal(0.1)), "[true false]")
	same(t, must1(array([]float32{0.1, 0.2}).Greater(0.1)), "[false true]")
	ids, others := array([]uint64{1<<53 + 1, 1<<53 + 1, 7, 1 << 63}), []int{1 << 53, 1<<53 + 1, -7, math.MaxInt64}
	same(t, must1(ids.Equal(others)), "[false true false false]")
	same(t, must1(ids.Greater(others)), "[true false true true]")
	same(t, must1(array(others).Less(ids)), "[true false true true]")
	same(t, must1(array(others).GreaterEqual(ids)), "[false true false false]")
	_, err = x.And(low)
	check(t, err, ErrType, "comparisons such as a.Less(b) give masks")
}
