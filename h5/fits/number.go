package fits

import (
	"encoding/binary"
	"math"
	"math/big"
)

// number is a kind of numbers in a file, big-endian, and how they become a slice of Go's.
type number struct {
	size   int
	name   string
	decode func(b []byte, n int) any // n values
	// lift says what the numbers become to which half their range is added: unsigned, or signed bytes.
	lift     func(b []byte, n int) any
	liftName string
	offset   uint64 // TZERO that means lift, its absolute value
}

// slice decodes n values of the same size.
func slice[T any](size int, one func(b []byte) T) func([]byte, int) any {
	return func(b []byte, n int) any {
		out := make([]T, n)
		for i := range out {
			out[i] = one(b[i*size:])
		}
		return out
	}
}

var (
	bytesNumber = number{1, "uint8", slice(1, func(b []byte) uint8 { return b[0] }),
		slice(1, func(b []byte) int8 { return int8(b[0] ^ 0x80) }), "int8", 1 << 7}
	int16Number = number{2, "int16", slice(2, func(b []byte) int16 { return int16(binary.BigEndian.Uint16(b)) }),
		slice(2, func(b []byte) uint16 { return binary.BigEndian.Uint16(b) ^ 1<<15 }), "uint16", 1 << 15}
	int32Number = number{4, "int32", slice(4, func(b []byte) int32 { return int32(binary.BigEndian.Uint32(b)) }),
		slice(4, func(b []byte) uint32 { return binary.BigEndian.Uint32(b) ^ 1<<31 }), "uint32", 1 << 31}
	int64Number = number{8, "int64", slice(8, func(b []byte) int64 { return int64(binary.BigEndian.Uint64(b)) }),
		slice(8, func(b []byte) uint64 { return binary.BigEndian.Uint64(b) ^ 1<<63 }), "uint64", 1 << 63}
	float32Number = number{size: 4, name: "float32", decode: slice(4, func(b []byte) float32 { return math.Float32frombits(binary.BigEndian.Uint32(b)) })}
	float64Number = number{size: 8, name: "float64", decode: slice(8, func(b []byte) float64 { return math.Float64frombits(binary.BigEndian.Uint64(b)) })}
	complex64Num  = number{size: 8, name: "complex64", decode: slice(8, func(b []byte) complex64 {
		return complex(math.Float32frombits(binary.BigEndian.Uint32(b)), math.Float32frombits(binary.BigEndian.Uint32(b[4:])))
	})}
	complex128Num = number{size: 16, name: "complex128", decode: slice(16, func(b []byte) complex128 {
		return complex(math.Float64frombits(binary.BigEndian.Uint64(b)), math.Float64frombits(binary.BigEndian.Uint64(b[8:])))
	})}
	logicalNumber = number{size: 1, name: "bool", decode: slice(1, func(b []byte) bool { return b[0] == 'T' })}
)

// pixels are the numbers of images by their BITPIX.
var pixels = map[int]number{8: bytesNumber, 16: int16Number, 32: int32Number, 64: int64Number, -32: float32Number, -64: float64Number}

// scaling is how stored numbers become the ones that are meant: scale x stored + zero, and what stands for
// no value.
type scaling struct {
	scale, zero float64
	null        *int64
	lift        bool // it only moves the range of integers to unsigned ones, or back
	plain       bool // it changes nothing
}

// newScaling reads the cards of those names.
func newScaling(h Header, n number, scaleKey, zeroKey, nullKey string) (scaling, error) {
	s := scaling{scale: 1}
	scale, zero := new(big.Rat).SetInt64(1), new(big.Rat)
	for key, to := range map[string]**big.Rat{scaleKey: &scale, zeroKey: &zero} {
		c, ok := h.Get(key)
		if !ok || c.Value == nil {
			continue
		}
		if *to, ok = exact(c.Value); !ok {
			return s, fault(ErrDamaged, "%s is %s and no number", key, c.valueText())
		}
	}
	s.scale, _ = scale.Float64()
	s.zero, _ = zero.Float64()
	if null, ok := h.Value(nullKey).(int64); ok {
		s.null = &null
	}
	one := scale.Cmp(big.NewRat(1, 1)) == 0
	s.plain = one && zero.Sign() == 0
	want := new(big.Rat).SetInt(new(big.Int).SetUint64(n.offset))
	if n.size == 1 {
		want.Neg(want)
	}
	s.lift = one && n.lift != nil && zero.Cmp(want) == 0
	return s, nil
}

// values decodes n values and scales them: scaled integers and those that may be missing become float64,
// missing ones NaN; scaled floats stay floats.
func (s scaling) values(n number, b []byte, count int) any {
	switch {
	case s.lift:
		return n.lift(b, count)
	case s.plain:
		return n.decode(b, count)
	}
	stored := n.decode(b, count)
	if f, ok := stored.([]float32); ok {
		for i := range f {
			f[i] = float32(float64(f[i])*s.scale + s.zero)
		}
		return f
	}
	out, ok := asFloat64s(stored)
	if !ok {
		return stored
	}
	for i := range out {
		if s.null != nil && out[i] == float64(*s.null) {
			out[i] = math.NaN()
			continue
		}
		out[i] = out[i]*s.scale + s.zero
	}
	return out
}

// typeName names the elements of what values gives.
func (s scaling) typeName(n number) string {
	switch {
	case s.lift:
		return n.liftName
	case s.plain || n.offset == 0:
		return n.name
	}
	return "float64"
}

// asFloat64s turns a slice of numbers into float64s; bools become 0 and 1.
func asFloat64s(v any) ([]float64, bool) {
	switch v := v.(type) {
	case []float64:
		return v, true
	case []float32:
		return floatsOf(v), true
	case []int8:
		return floatsOf(v), true
	case []uint8:
		return floatsOf(v), true
	case []int16:
		return floatsOf(v), true
	case []uint16:
		return floatsOf(v), true
	case []int32:
		return floatsOf(v), true
	case []uint32:
		return floatsOf(v), true
	case []int64:
		return floatsOf(v), true
	case []uint64:
		return floatsOf(v), true
	case []bool:
		out := make([]float64, len(v))
		for i, b := range v {
			if b {
				out[i] = 1
			}
		}
		return out, true
	}
	return nil, false
}

func floatsOf[T int8 | uint8 | int16 | uint16 | int32 | uint32 | int64 | uint64 | float32](v []T) []float64 {
	out := make([]float64, len(v))
	for i, x := range v {
		out[i] = float64(x)
	}
	return out
}
