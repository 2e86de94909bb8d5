package pure

import (
	"cmp"
	"math"
	"reflect"
	"unsafe"
)

// whole, float and place are expressions of the three classes.
type (
	whole func(*frame) int64
	float func(*frame) float64
	place func(*frame) memory
)

// compiler makes closures of Nodes.
type compiler struct{ funcs map[string]*function }

// whole makes an expression whose value is an integer or a boolean.
func (c *compiler) whole(n Node) whole {
	switch n.Op {
	case "const":
		v := n.Int
		return func(*frame) int64 { return v }
	case "local":
		s := n.Int
		return func(f *frame) int64 { return f.whole[s] }
	case "not":
		x := c.whole(n.Args[0])
		return func(f *frame) int64 { return 1 - x(f) }
	case "neg":
		x := c.whole(n.Args[0])
		return wrap(n.Kind, func(f *frame) int64 { return -x(f) })
	case "com":
		x := c.whole(n.Args[0])
		return wrap(n.Kind, func(f *frame) int64 { return ^x(f) })
	case "conv":
		return c.convertToWhole(n)
	case "len":
		x := c.place(n.Args[0])
		return func(f *frame) int64 { return int64(x(f).len) }
	case "index", "field":
		return loadWhole(n.Kind, c.address(n))
	case "call":
		fn, args := c.funcs[n.Str], c.arguments(n)
		return func(f *frame) int64 {
			fr := fn.enter(f.task)
			args(f, fr)
			fn.run(fr)
			v := fr.wholeResult
			fn.leave(fr)
			return v
		}
	case "&&":
		x, y := c.whole(n.Args[0]), c.whole(n.Args[1])
		return func(f *frame) int64 { return truth(x(f) != 0 && y(f) != 0) }
	case "||":
		x, y := c.whole(n.Args[0]), c.whole(n.Args[1])
		return func(f *frame) int64 { return truth(x(f) != 0 || y(f) != 0) }
	case "min":
		x, y := c.whole(n.Args[0]), c.whole(n.Args[1])
		if unsigned(n.Kind) {
			return func(f *frame) int64 { return int64(min(uint64(x(f)), uint64(y(f)))) }
		}
		return func(f *frame) int64 { return min(x(f), y(f)) }
	case "max":
		x, y := c.whole(n.Args[0]), c.whole(n.Args[1])
		if unsigned(n.Kind) {
			return func(f *frame) int64 { return int64(max(uint64(x(f)), uint64(y(f)))) }
		}
		return func(f *frame) int64 { return max(x(f), y(f)) }
	case "==", "!=", "<", "<=", ">", ">=", "compare":
		return c.compare(n)
	case "or":
		return c.firstOf(n)
	}
	return wrap(n.Kind, c.arithmetic(n))
}

// arithmetic makes an operation on integers, before its result is cut to the size of its type.
func (c *compiler) arithmetic(n Node) whole {
	x, y := c.whole(n.Args[0]), c.whole(n.Args[1])
	if a, b := n.Args[0], n.Args[1]; a.Op == "local" {
		s, k := a.Int, b.Int
		switch {
		case n.Op == "+" && b.Op == "const":
			return func(f *frame) int64 { return f.whole[s] + k }
		case n.Op == "-" && b.Op == "const":
			return func(f *frame) int64 { return f.whole[s] - k }
		case n.Op == "+":
			return func(f *frame) int64 { return f.whole[s] + y(f) }
		case n.Op == "*" && b.Op == "local":
			return func(f *frame) int64 { return f.whole[s] * f.whole[k] }
		}
	}
	switch n.Op {
	case "+":
		return func(f *frame) int64 { return x(f) + y(f) }
	case "-":
		return func(f *frame) int64 { return x(f) - y(f) }
	case "*":
		return func(f *frame) int64 { return x(f) * y(f) }
	case "&":
		return func(f *frame) int64 { return x(f) & y(f) }
	case "|":
		return func(f *frame) int64 { return x(f) | y(f) }
	case "^":
		return func(f *frame) int64 { return x(f) ^ y(f) }
	case "&^":
		return func(f *frame) int64 { return x(f) &^ y(f) }
	case "/", "%":
		return divide(n, x, y)
	case "<<", ">>":
		return shift(n, x, y)
	}
	panic("pure: no operation " + n.Op)
}

func divide(n Node, x, y whole) whole {
	divisor := func(f *frame) int64 {
		d := y(f)
		if d == 0 {
			panic(giveUp{})
		}
		return d
	}
	switch {
	case n.Op == "/" && unsigned(n.Kind):
		return func(f *frame) int64 { a := x(f); return int64(uint64(a) / uint64(divisor(f))) }
	case n.Op == "/":
		return func(f *frame) int64 { a := x(f); return a / divisor(f) }
	case unsigned(n.Kind):
		return func(f *frame) int64 { a := x(f); return int64(uint64(a) % uint64(divisor(f))) }
	}
	return func(f *frame) int64 { a := x(f); return a % divisor(f) }
}

func shift(n Node, x, y whole) whole {
	countUnsigned := unsigned(n.Args[1].Kind)
	count := func(f *frame) uint64 {
		k := y(f)
		if k < 0 && !countUnsigned {
			panic(giveUp{})
		}
		return uint64(k)
	}
	switch {
	case n.Op == "<<":
		return func(f *frame) int64 { a := x(f); return a << count(f) }
	case unsigned(n.Kind):
		return func(f *frame) int64 { a := x(f); return int64(uint64(a) >> count(f)) }
	}
	return func(f *frame) int64 { a := x(f); return a >> count(f) }
}

// firstOf makes the first value that is not zero; all are computed, as arguments are.
func (c *compiler) firstOf(n Node) whole {
	all := make([]whole, len(n.Args))
	for i, a := range n.Args {
		all[i] = c.whole(a)
	}
	return func(f *frame) int64 {
		var first int64
		for _, x := range all {
			if v := x(f); first == 0 {
				first = v
			}
		}
		return first
	}
}

// compare makes a comparison of two values of one class.
func (c *compiler) compare(n Node) whole {
	switch k := n.Args[0].Kind; ClassOf(k) {
	case Float:
		x, y := c.float(n.Args[0]), c.float(n.Args[1])
		return comparison(n.Op, func(f *frame) (float64, float64) { a := x(f); return a, y(f) })
	case Memory: // strings: others the front end does not compare
		x, y := c.place(n.Args[0]), c.place(n.Args[1])
		return comparison(n.Op, func(f *frame) (string, string) { a := x(f); return a.string(), y(f).string() })
	default:
		x, y := c.whole(n.Args[0]), c.whole(n.Args[1])
		if unsigned(k) {
			return comparison(n.Op, func(f *frame) (uint64, uint64) { a := x(f); return uint64(a), uint64(y(f)) })
		}
		if a, b := n.Args[0], n.Args[1]; n.Op == "<" && a.Op == "local" {
			s, v := a.Int, b.Int
			switch b.Op {
			case "const":
				return func(f *frame) int64 { return truth(f.whole[s] < v) }
			case "local":
				return func(f *frame) int64 { return truth(f.whole[s] < f.whole[v]) }
			}
		}
		return comparison(n.Op, func(f *frame) (int64, int64) { a := x(f); return a, y(f) })
	}
}

func comparison[T int64 | uint64 | float64 | string](op string, both func(*frame) (T, T)) whole {
	switch op {
	case "compare":
		return func(f *frame) int64 { return int64(cmp.Compare(both(f))) }
	case "==":
		return func(f *frame) int64 { a, b := both(f); return truth(a == b) }
	case "!=":
		return func(f *frame) int64 { a, b := both(f); return truth(a != b) }
	case "<":
		return func(f *frame) int64 { a, b := both(f); return truth(a < b) }
	case "<=":
		return func(f *frame) int64 { a, b := both(f); return truth(a <= b) }
	case ">":
		return func(f *frame) int64 { a, b := both(f); return truth(a > b) }
	}
	return func(f *frame) int64 { a, b := both(f); return truth(a >= b) }
}

// convertToWhole converts a number to an integer.
func (c *compiler) convertToWhole(n Node) whole {
	if ClassOf(n.Args[0].Kind) != Float {
		return wrap(n.Kind, c.whole(n.Args[0]))
	}
	x := c.float(n.Args[0])
	if n.Kind == reflect.Uint64 || n.Kind == reflect.Uint || n.Kind == reflect.Uintptr {
		return func(f *frame) int64 { return int64(uint64(x(f))) }
	}
	return wrap(n.Kind, func(f *frame) int64 { return int64(x(f)) })
}

// wrap cuts a value to the size of its type.
func wrap(k reflect.Kind, x whole) whole {
	switch k {
	case reflect.Int8:
		return func(f *frame) int64 { return int64(int8(x(f))) }
	case reflect.Int16:
		return func(f *frame) int64 { return int64(int16(x(f))) }
	case reflect.Int32:
		return func(f *frame) int64 { return int64(int32(x(f))) }
	case reflect.Uint8:
		return func(f *frame) int64 { return int64(uint8(x(f))) }
	case reflect.Uint16:
		return func(f *frame) int64 { return int64(uint16(x(f))) }
	case reflect.Uint32:
		return func(f *frame) int64 { return int64(uint32(x(f))) }
	}
	return x
}

func unsigned(k reflect.Kind) bool { return k >= reflect.Uint && k <= reflect.Uintptr }

// float makes an expression whose value is a floating-point number.
func (c *compiler) float(n Node) float {
	switch n.Op {
	case "const":
		v := n.Flt
		return func(*frame) float64 { return v }
	case "local":
		s := n.Int
		return func(f *frame) float64 { return f.float[s] }
	case "neg":
		x := c.float(n.Args[0])
		return func(f *frame) float64 { return -x(f) }
	case "conv":
		return c.convertToFloat(n)
	case "index", "field":
		return loadFloat(n.Kind, c.address(n))
	case "call":
		fn, args := c.funcs[n.Str], c.arguments(n)
		return func(f *frame) float64 {
			fr := fn.enter(f.task)
			args(f, fr)
			fn.run(fr)
			v := fr.floatResult
			fn.leave(fr)
			return v
		}
	case "math":
		return c.math(n)
	}
	x, y := c.float(n.Args[0]), c.float(n.Args[1])
	var op float
	switch n.Op {
	case "+":
		op = func(f *frame) float64 { a := x(f); return a + y(f) }
	case "-":
		op = func(f *frame) float64 { a := x(f); return a - y(f) }
	case "*":
		op = func(f *frame) float64 { a := x(f); b := y(f); return float64(a * b) } // rounded: never joined with an addition
	case "/":
		op = func(f *frame) float64 { a := x(f); return a / y(f) }
	case "min":
		op = func(f *frame) float64 { a := x(f); return min(a, y(f)) }
	case "max":
		op = func(f *frame) float64 { a := x(f); return max(a, y(f)) }
	default:
		panic("pure: no operation " + n.Op)
	}
	return round(n.Kind, op)
}

func round(k reflect.Kind, x float) float {
	if k == reflect.Float32 {
		return func(f *frame) float64 { return float64(float32(x(f))) }
	}
	return x
}

func (c *compiler) convertToFloat(n Node) float {
	from := n.Args[0]
	if ClassOf(from.Kind) == Float {
		return round(n.Kind, c.float(from))
	}
	x := c.whole(from)
	if unsigned(from.Kind) {
		if n.Kind == reflect.Float32 {
			return func(f *frame) float64 { return float64(float32(uint64(x(f)))) }
		}
		return func(f *frame) float64 { return float64(uint64(x(f))) }
	}
	if n.Kind == reflect.Float32 {
		return func(f *frame) float64 { return float64(float32(x(f))) }
	}
	return func(f *frame) float64 { return float64(x(f)) }
}

// Math are the functions of package math that pure functions call.
var Math = map[string]func(float64) float64{
	"Sqrt": math.Sqrt, "Abs": math.Abs, "Exp": math.Exp, "Log": math.Log, "Log2": math.Log2, "Log10": math.Log10, "Log1p": math.Log1p,
	"Sin": math.Sin, "Cos": math.Cos, "Tan": math.Tan, "Asin": math.Asin, "Acos": math.Acos, "Atan": math.Atan,
	"Sinh": math.Sinh, "Cosh": math.Cosh, "Tanh": math.Tanh, "Floor": math.Floor, "Ceil": math.Ceil, "Trunc": math.Trunc, "Round": math.Round,
}

// Math2 are those of two arguments.
var Math2 = map[string]func(float64, float64) float64{
	"Pow": math.Pow, "Atan2": math.Atan2, "Hypot": math.Hypot, "Mod": math.Mod, "Max": math.Max, "Min": math.Min,
}

func (c *compiler) math(n Node) float {
	x := c.float(n.Args[0])
	if fn := Math[n.Str]; fn != nil {
		return func(f *frame) float64 { return fn(x(f)) }
	}
	fn, y := Math2[n.Str], c.float(n.Args[1])
	return func(f *frame) float64 { a := x(f); return fn(a, y(f)) }
}

// place makes an expression whose value is a string, a slice or a struct.
func (c *compiler) place(n Node) place {
	switch n.Op {
	case "const":
		m := text(n.Str)
		return func(*frame) memory { return m }
	case "local":
		s := n.Int
		return func(f *frame) memory { return f.memory[s] }
	case "address": // of a struct
		return c.place(n.Args[0])
	case "target": // of a pointer
		x := c.place(n.Args[0])
		return func(f *frame) memory {
			m := x(f)
			if m.at == nil {
				panic(giveUp{})
			}
			return m
		}
	case "make":
		size, length := n.Int, c.whole(n.Args[0])
		return func(f *frame) memory {
			k := length(f)
			if k < 0 || k > maxMade/size {
				panic(giveUp{})
			}
			return memory{unsafe.Pointer(unsafe.SliceData(make([]int64, (k*size+7)/8+1))), int(k)}
		}
	case "index", "field":
		at := c.address(n)
		switch n.Kind {
		case reflect.String, reflect.Slice: // both begin with a pointer and a length
			return func(f *frame) memory { return *(*memory)(at(f)) }
		case reflect.Pointer:
			return func(f *frame) memory { return memory{at: *(*unsafe.Pointer)(at(f))} }
		}
		return func(f *frame) memory { return memory{at: at(f)} }
	case "call":
		fn, args := c.funcs[n.Str], c.arguments(n)
		return func(f *frame) memory {
			fr := fn.enter(f.task)
			args(f, fr)
			fn.run(fr)
			v := fr.memoryResult
			fn.leave(fr)
			return v
		}
	}
	panic("pure: no operation " + n.Op)
}

// maxMade is how many bytes a slice made here may take: more is for the interpreter to make, or refuse.
const maxMade = 64 << 20

// address gives where an element of a slice, a byte of a string or a field of a struct is.
func (c *compiler) address(n Node) func(*frame) unsafe.Pointer {
	x := c.place(n.Args[0])
	if n.Op == "field" {
		offset := uintptr(n.Int)
		return func(f *frame) unsafe.Pointer { return unsafe.Add(x(f).at, offset) }
	}
	i, size := c.whole(n.Args[1]), n.Int
	if n.Args[0].Op == "local" && n.Args[1].Op == "local" {
		list, at := n.Args[0].Int, n.Args[1].Int
		return func(f *frame) unsafe.Pointer {
			m, k := &f.memory[list], f.whole[at]
			if uint64(k) >= uint64(m.len) {
				panic(giveUp{})
			}
			return unsafe.Add(m.at, k*size)
		}
	}
	return func(f *frame) unsafe.Pointer {
		m := x(f)
		k := i(f)
		if uint64(k) >= uint64(m.len) {
			panic(giveUp{})
		}
		return unsafe.Add(m.at, k*size)
	}
}

// arguments evaluates the arguments of a call into the frame of the called function.
func (c *compiler) arguments(n Node) func(from, to *frame) {
	set := make([]func(from, to *frame), len(n.Args))
	for i, a := range n.Args {
		switch ClassOf(a.Kind) {
		case Whole:
			x := c.whole(a)
			set[i] = func(from, to *frame) { to.whole[i] = x(from) }
		case Float:
			x := c.float(a)
			set[i] = func(from, to *frame) { to.float[i] = x(from) }
		default:
			x := c.place(a)
			set[i] = func(from, to *frame) { to.memory[i] = x(from) }
		}
	}
	if len(set) == 1 {
		return set[0]
	}
	return func(from, to *frame) {
		for _, s := range set {
			s(from, to)
		}
	}
}

func loadWhole(k reflect.Kind, at func(*frame) unsafe.Pointer) whole {
	switch k {
	case reflect.Bool, reflect.Uint8:
		return func(f *frame) int64 { return int64(*(*uint8)(at(f))) }
	case reflect.Int8:
		return func(f *frame) int64 { return int64(*(*int8)(at(f))) }
	case reflect.Int16:
		return func(f *frame) int64 { return int64(*(*int16)(at(f))) }
	case reflect.Uint16:
		return func(f *frame) int64 { return int64(*(*uint16)(at(f))) }
	case reflect.Int32:
		return func(f *frame) int64 { return int64(*(*int32)(at(f))) }
	case reflect.Uint32:
		return func(f *frame) int64 { return int64(*(*uint32)(at(f))) }
	}
	return func(f *frame) int64 { return *(*int64)(at(f)) }
}

func loadFloat(k reflect.Kind, at func(*frame) unsafe.Pointer) float {
	if k == reflect.Float32 {
		return func(f *frame) float64 { return float64(*(*float32)(at(f))) }
	}
	return func(f *frame) float64 { return *(*float64)(at(f)) }
}
