package libhdf5

import (
	"bytes"
	"encoding/binary"
)

// Class is the class of a datatype, numbered as in the library.
type Class uint8

// The classes.
const (
	Integer Class = iota
	Float
	Time
	String
	Bitfield
	Opaque
	Compound
	Reference
	Enum
	Vlen
	Array
)

// Byte orders, numbered as in the library.
const (
	LittleEndian = 0
	BigEndian    = 1
	VaxOrder     = 2
)

// Padding of fixed strings.
const (
	PadNullTerm = 0
	PadNull     = 1
	PadSpace    = 2
)

// Character sets.
const (
	ASCII = 0
	UTF8  = 1
)

// Type is a datatype as a tree. Which fields mean something depends on Class. A Type is never
// changed after it is made.
type Type struct {
	Class      Class
	Size       int // bytes in the file
	MemorySize int // bytes of its native form in memory, 0 when that was not asked for

	Order     int // Integer, Float, Bitfield, Time
	Signed    bool
	Precision int // bits
	Offset    int // bits
	Bits      FloatBits

	Variable bool // String
	Padding  int
	Charset  int

	Tag     string   // Opaque
	Region  bool     // Reference
	Members []Member // Compound
	Values  []Value  // Enum
	Dims    []int    // Array
	Base    *Type    // Enum, Vlen, Array
}

// FloatBits says where the parts of a floating-point number are, in bits.
type FloatBits struct {
	Sign, Exponent, ExponentBits, Mantissa, MantissaBits int
	Bias                                                 int
	Norm                                                 int // 0 implied leading bit, 1 always set, 2 none
}

// Member is one member of a compound.
type Member struct {
	Name         string
	Offset       int // bytes in the file
	MemoryOffset int // bytes in the native form
	Type         *Type
}

// Value is one name of an enum.
type Value struct {
	Name   string
	Number int64 // the bits of an unsigned base as well
}

// HasPointers reports whether the native form in memory points to memory of the library.
func (t *Type) HasPointers() bool {
	switch t.Class {
	case String:
		return t.Variable
	case Vlen:
		return true
	case Array:
		return t.Base.HasPointers()
	case Compound:
		for _, m := range t.Members {
			if m.Type.HasPointers() {
				return true
			}
		}
	}
	return false
}

// met are the types that answers named last, by their code: the objects of a file have few different
// ones, and a Type is never changed. Whoever holds the lock may touch them.
var met struct {
	code  [8][]byte
	types [8]*Type
	next  int
}

// longestMet is the longest code that is kept.
const longestMet = 4 << 10

// typ reads a type. No code is the beginning of another, so that one met before is known by its code.
func (r *reader) typ() *Type {
	for i, code := range met.code {
		if code != nil && bytes.HasPrefix(r.data, code) {
			r.take(int64(len(code)))
			return met.types[i]
		}
	}
	from := r.data
	t := r.newType()
	if n := len(from) - len(r.data); r.err == nil && n <= longestMet {
		i := met.next % len(met.code)
		met.code[i], met.types[i] = bytes.Clone(from[:n]), t
		met.next++
	}
	return t
}

func (r *reader) newType() *Type {
	t := &Type{Class: Class(r.u8()), Size: r.int(), MemorySize: r.int()}
	switch t.Class {
	case Integer, Bitfield:
		t.Order, t.Signed, t.Precision, t.Offset = r.u8(), r.bool(), r.int(), r.int()
	case Float:
		t.Order, t.Precision, t.Offset = r.u8(), r.int(), r.int()
		t.Bits = FloatBits{r.int(), r.int(), r.int(), r.int(), r.int(), r.int(), r.u8()}
	case Time:
		t.Order, t.Precision = r.u8(), r.int()
	case String:
		t.Variable, t.Padding, t.Charset = r.bool(), r.u8(), r.u8()
	case Opaque:
		t.Tag = r.str()
	case Reference:
		t.Region = r.bool()
	default:
		r.parts(t)
	}
	return t
}

// parts reads what a type is made of.
func (r *reader) parts(t *Type) {
	if r.err != nil {
		return
	}
	switch t.Class {
	case Compound:
		t.Members = make([]Member, r.count(41))
		for i := range t.Members {
			t.Members[i] = Member{r.str(), r.int(), r.int(), r.newType()}
		}
	case Enum:
		t.Base = r.newType()
		t.Values = make([]Value, r.count(16))
		for i := range t.Values {
			t.Values[i] = Value{r.str(), r.i64()}
		}
	case Vlen:
		t.Base = r.newType()
	case Array:
		t.Dims = r.ints(r.count(8))
		t.Base = r.newType()
	default:
		r.err = errShort
	}
}

// code is the tree as the C side reads it.
func (t *Type) code(b []byte) []byte {
	b = append(b, byte(t.Class))
	b = appendInts(b, t.Size, t.MemorySize)
	switch t.Class {
	case Integer, Bitfield:
		b = append(b, byte(t.Order), flag(t.Signed))
		return appendInts(b, t.Precision, t.Offset)
	case Float:
		b = append(b, byte(t.Order))
		f := t.Bits
		b = appendInts(b, t.Precision, t.Offset, f.Sign, f.Exponent, f.ExponentBits, f.Mantissa, f.MantissaBits, f.Bias)
		return append(b, byte(f.Norm))
	case Time:
		return appendInts(append(b, byte(t.Order)), t.Precision)
	case String:
		return append(b, flag(t.Variable), byte(t.Padding), byte(t.Charset))
	case Opaque:
		return appendString(b, t.Tag)
	case Reference:
		return append(b, flag(t.Region))
	}
	return t.codeParts(b)
}

func (t *Type) codeParts(b []byte) []byte {
	switch t.Class {
	case Compound:
		b = appendInts(b, len(t.Members))
		for _, m := range t.Members {
			b = appendInts(appendString(b, m.Name), m.Offset, m.MemoryOffset)
			b = m.Type.code(b)
		}
	case Enum:
		b = appendInts(t.Base.code(b), len(t.Values))
		for _, v := range t.Values {
			b = appendInts(appendString(b, v.Name), int(v.Number))
		}
	case Vlen:
		b = t.Base.code(b)
	case Array:
		b = appendInts(appendInts(b, len(t.Dims)), t.Dims...)
		b = t.Base.code(b)
	}
	return b
}

func appendInts(b []byte, v ...int) []byte {
	for _, n := range v {
		b = binary.NativeEndian.AppendUint64(b, uint64(n))
	}
	return b
}

func appendString(b []byte, s string) []byte {
	return append(appendInts(b, len(s)), s...)
}

func flag(b bool) byte {
	if b {
		return 1
	}
	return 0
}
