package h5

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gofive/h5/internal/libhdf5"
)

// Datatype says what an element is. It is never changed after it is made, and belongs to no file.
type Datatype struct{ t *libhdf5.Type }

// TypeKind groups datatypes by what a reader gets of them.
type TypeKind uint8

// The kinds of datatypes.
const (
	TypeInt       TypeKind = iota + 1
	TypeFloat              // of any width
	TypeComplex            // a compound {r, i} of two floats
	TypeBool               // an enum {FALSE = 0, TRUE = 1} of one byte
	TypeString             // of fixed or variable length
	TypeEnum               // read as its number
	TypeBitfield           // read as an unsigned number
	TypeOpaque             // bytes with a tag
	TypeTime               // seconds since 1970
	TypeReference          // to an object or a region
	TypeCompound           // named members
	TypeVlen               // a list of any length
	TypeArray              // a list of fixed lengths
)

// String gives "integer", "float", "compound" ...
func (k TypeKind) String() string {
	return [...]string{"unknown", "integer", "float", "complex", "bool", "string", "enum", "bitfield", "opaque", "time",
		"reference", "compound", "list", "array"}[k]
}

// The numbers, in the machine's byte order, and strings of variable length in UTF-8 and in ASCII.
var (
	Int8       = integer(1, true)
	Int16      = integer(2, true)
	Int32      = integer(4, true)
	Int64      = integer(8, true)
	Uint8      = integer(1, false)
	Uint16     = integer(2, false)
	Uint32     = integer(4, false)
	Uint64     = integer(8, false)
	Float16    = float(2, libhdf5.FloatBits{Sign: 15, Exponent: 10, ExponentBits: 5, MantissaBits: 10, Bias: 15})
	Float32    = float(4, libhdf5.FloatBits{Sign: 31, Exponent: 23, ExponentBits: 8, MantissaBits: 23, Bias: 127})
	Float64    = float(8, libhdf5.FloatBits{Sign: 63, Exponent: 52, ExponentBits: 11, MantissaBits: 52, Bias: 1023})
	Complex64  = Compound(Member{"r", Float32}, Member{"i", Float32})
	Complex128 = Compound(Member{"r", Float64}, Member{"i", Float64})
	String     = &Datatype{&libhdf5.Type{Class: libhdf5.String, Size: pointerSize, Variable: true, Charset: libhdf5.UTF8}}
	ASCII      = &Datatype{&libhdf5.Type{Class: libhdf5.String, Size: pointerSize, Variable: true}}
	Bool       = &Datatype{&libhdf5.Type{Class: libhdf5.Enum, Size: 1, Base: Int8.t,
		Values: []libhdf5.Value{{Name: "FALSE", Number: 0}, {Name: "TRUE", Number: 1}}}}
	ObjectReference = &Datatype{&libhdf5.Type{Class: libhdf5.Reference, Size: 8}}
	RegionReference = &Datatype{&libhdf5.Type{Class: libhdf5.Reference, Size: 12, Region: true}}
)

const (
	pointerSize = strconv.IntSize / 8
	vlenSize    = 2 * pointerSize
)

func integer(size int, signed bool) *Datatype {
	return &Datatype{&libhdf5.Type{Class: libhdf5.Integer, Size: size, MemorySize: size, Order: nativeOrder,
		Signed: signed, Precision: 8 * size}}
}

func float(size int, bits libhdf5.FloatBits) *Datatype {
	return &Datatype{&libhdf5.Type{Class: libhdf5.Float, Size: size, MemorySize: size, Order: nativeOrder,
		Precision: 8 * size, Bits: bits}}
}

// FixedString is a string of n bytes in UTF-8, padded with zeros.
func FixedString(n int) *Datatype {
	return &Datatype{&libhdf5.Type{Class: libhdf5.String, Size: n, MemorySize: n, Padding: libhdf5.PadNull, Charset: libhdf5.UTF8}}
}

// FixedASCII is a string of n bytes in ASCII, padded with zeros.
func FixedASCII(n int) *Datatype {
	return &Datatype{&libhdf5.Type{Class: libhdf5.String, Size: n, MemorySize: n, Padding: libhdf5.PadNull}}
}

// Enum is an int32 whose values have names.
func Enum(values map[string]int) *Datatype { return EnumOf(Int32, values) }

// EnumOf is an enum over any integer type.
func EnumOf(base *Datatype, values map[string]int) *Datatype {
	t := &libhdf5.Type{Class: libhdf5.Enum, Size: base.t.Size, Base: base.t}
	for name, v := range values {
		t.Values = append(t.Values, libhdf5.Value{Name: name, Number: int64(v)})
	}
	slices.SortFunc(t.Values, func(a, b libhdf5.Value) int { return int(a.Number - b.Number) })
	return &Datatype{t}
}

// OpaqueOf is n bytes that HDF5 does not look into; tag says what they are.
func OpaqueOf(n int, tag string) *Datatype {
	return &Datatype{&libhdf5.Type{Class: libhdf5.Opaque, Size: n, MemorySize: n, Tag: tag}}
}

// Member is one member of a compound.
type Member struct {
	Name string
	Type *Datatype
}

// Compound is a type of named members, one behind the other.
func Compound(members ...Member) *Datatype {
	t := &libhdf5.Type{Class: libhdf5.Compound}
	for _, m := range members {
		t.Members = append(t.Members, libhdf5.Member{Name: m.Name, Offset: t.Size, MemoryOffset: t.Size, Type: m.Type.t})
		t.Size += m.Type.t.Size
	}
	t.MemorySize = t.Size
	return &Datatype{t}
}

// ArrayOf is a fixed array of elements. An array of arrays is one with more axes.
func ArrayOf(elem *Datatype, dims ...int) *Datatype {
	if elem.t.Class == libhdf5.Array {
		return ArrayOf(&Datatype{elem.t.Base}, append(slices.Clone(dims), elem.t.Dims...)...)
	}
	n := Shape(dims).Len()
	return &Datatype{&libhdf5.Type{Class: libhdf5.Array, Size: n * elem.t.Size, MemorySize: n * elem.t.Size,
		Dims: dims, Base: elem.t}}
}

// VlenOf is a list of elements, of another length in each place.
func VlenOf(elem *Datatype) *Datatype {
	return &Datatype{&libhdf5.Type{Class: libhdf5.Vlen, Size: vlenSize, MemorySize: vlenSize, Base: elem.t}}
}

// BigEndian is the same type with the bytes of all numbers in it in big-endian order.
func (d *Datatype) BigEndian() *Datatype { return &Datatype{ordered(d.t, libhdf5.BigEndian)} }

// LittleEndian is the same type with the bytes of all numbers in it in little-endian order.
func (d *Datatype) LittleEndian() *Datatype { return &Datatype{ordered(d.t, libhdf5.LittleEndian)} }

// isOrdered reports whether the bytes of a class stand in an order.
func isOrdered(t *libhdf5.Type) bool {
	return t.Class == libhdf5.Integer || t.Class == libhdf5.Float || t.Class == libhdf5.Bitfield || t.Class == libhdf5.Time
}

func ordered(t *libhdf5.Type, order int) *libhdf5.Type {
	out := *t
	if isOrdered(t) {
		out.Order = order
	}
	if t.Base != nil {
		out.Base = ordered(t.Base, order)
	}
	out.Members = slices.Clone(t.Members)
	for i, m := range out.Members {
		out.Members[i].Type = ordered(m.Type, order)
	}
	return &out
}

// Kind groups the type by what a reader gets of it.
func (d *Datatype) Kind() TypeKind {
	switch d.t.Class {
	case libhdf5.Integer:
		return TypeInt
	case libhdf5.Float:
		return TypeFloat
	case libhdf5.Enum:
		if isBool(d.t) {
			return TypeBool
		}
		return TypeEnum
	case libhdf5.Compound:
		if isComplex(d.t) {
			return TypeComplex
		}
		return TypeCompound
	}
	return map[libhdf5.Class]TypeKind{libhdf5.String: TypeString, libhdf5.Bitfield: TypeBitfield,
		libhdf5.Opaque: TypeOpaque, libhdf5.Time: TypeTime, libhdf5.Reference: TypeReference,
		libhdf5.Vlen: TypeVlen, libhdf5.Array: TypeArray}[d.t.Class]
}

// Size is the number of bytes of an element in the file.
func (d *Datatype) Size() int { return d.t.Size }

// Signed reports whether an integer type has negative values.
func (d *Datatype) Signed() bool { return d.t.Signed }

// IsBigEndian reports whether the bytes of a number stand in the file in big-endian order.
func (d *Datatype) IsBigEndian() bool {
	if d.t.Class == libhdf5.Enum {
		return d.t.Base.Order == libhdf5.BigEndian
	}
	return d.t.Order == libhdf5.BigEndian
}

// IsVariable reports whether a string type has no fixed length.
func (d *Datatype) IsVariable() bool { return d.t.Variable }

// IsUTF8 reports whether a string type says that its text is UTF-8.
func (d *Datatype) IsUTF8() bool { return d.t.Charset == libhdf5.UTF8 }

// Tag is what an opaque type says its bytes are.
func (d *Datatype) Tag() string { return d.t.Tag }

// Dims are the lengths of an array type.
func (d *Datatype) Dims() Shape { return Shape(slices.Clone(d.t.Dims)) }

// Elem is the type of the elements of an array or list, and the integer type of an enum; nil for
// others.
func (d *Datatype) Elem() *Datatype {
	if d.t.Base == nil {
		return nil
	}
	return &Datatype{d.t.Base}
}

// Members are the members of a compound, in the order of the file.
func (d *Datatype) Members() []Member {
	out := make([]Member, len(d.t.Members))
	for i, m := range d.t.Members {
		out[i] = Member{m.Name, &Datatype{m.Type}}
	}
	return out
}

// Names are the names of a compound's members.
func (d *Datatype) Names() []string {
	out := make([]string, len(d.t.Members))
	for i, m := range d.t.Members {
		out[i] = m.Name
	}
	return out
}

// Values are the names of an enum with their numbers.
func (d *Datatype) Values() map[string]int {
	out := make(map[string]int, len(d.t.Values))
	for _, v := range d.t.Values {
		out[v.Name] = int(v.Number)
	}
	return out
}

// ValueName is the name of an enum's number, and the number itself where it has none.
func (d *Datatype) ValueName(n int64) string {
	for _, v := range d.t.Values {
		if v.Number == n {
			return v.Name
		}
	}
	return strconv.FormatInt(n, 10)
}

// Equal reports whether the two types are the same in the file.
func (d *Datatype) Equal(o *Datatype) bool { return equalTypes(d.t, o.t) }

// String gives the type in Go's words: "float64", "big-endian int16", "string", "string[13]",
// "[3][4]float32", "[]int32", "enum int8 {OFF=0, ON=1}", "{WAVE float32, FLUX float32}".
func (d *Datatype) String() string {
	var b strings.Builder
	writeType(&b, d.t)
	return b.String()
}

func writeType(b *strings.Builder, t *libhdf5.Type) {
	writeOrder(b, t)
	switch t.Class {
	case libhdf5.Integer:
		fmt.Fprintf(b, "%sint%d", map[bool]string{false: "u"}[t.Signed], 8*t.Size)
	case libhdf5.Float:
		fmt.Fprintf(b, "float%d", t.Precision)
	case libhdf5.Bitfield:
		fmt.Fprintf(b, "bitfield%d", 8*t.Size)
	case libhdf5.Time:
		fmt.Fprintf(b, "time%d", t.Precision)
	case libhdf5.Opaque:
		fmt.Fprintf(b, "opaque[%d]", t.Size)
		if t.Tag != "" {
			fmt.Fprintf(b, " %q", t.Tag)
		}
	case libhdf5.Reference:
		b.WriteString(map[bool]string{false: "reference", true: "region reference"}[t.Region])
	case libhdf5.String:
		b.WriteString("string")
		if !t.Variable {
			fmt.Fprintf(b, "[%d]", t.Size)
		}
	default:
		writeParts(b, t)
	}
}

// writeOrder says when the bytes are not in the machine's order.
func writeOrder(b *strings.Builder, t *libhdf5.Type) {
	if isOrdered(t) && t.Size > 1 && t.Order != nativeOrder {
		b.WriteString([...]string{"little-endian ", "big-endian ", "VAX "}[min(t.Order, libhdf5.VaxOrder)])
	}
}

func writeParts(b *strings.Builder, t *libhdf5.Type) {
	switch {
	case isBool(t):
		b.WriteString("bool")
	case isComplex(t):
		writeOrder(b, t.Members[0].Type)
		fmt.Fprintf(b, "complex%d", 2*t.Members[0].Type.Precision)
	case t.Class == libhdf5.Array:
		for _, n := range t.Dims {
			fmt.Fprintf(b, "[%d]", n)
		}
		writeType(b, t.Base)
	case t.Class == libhdf5.Vlen:
		b.WriteString("[]")
		writeType(b, t.Base)
	case t.Class == libhdf5.Enum:
		b.WriteString("enum ")
		writeType(b, t.Base)
		writeList(b, len(t.Values), func(i int) { fmt.Fprintf(b, "%s=%d", printable(t.Values[i].Name), t.Values[i].Number) })
	case t.Class == libhdf5.Compound:
		writeList(b, len(t.Members), func(i int) {
			b.WriteString(printable(t.Members[i].Name) + " ")
			writeType(b, t.Members[i].Type)
		})
	}
}

func writeList(b *strings.Builder, n int, item func(i int)) {
	if b.Len() > 0 && !strings.HasSuffix(b.String(), " ") && !strings.HasSuffix(b.String(), "]") {
		b.WriteString(" ")
	}
	b.WriteString("{")
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		item(i)
	}
	b.WriteString("}")
}

// isBool knows h5py's convention for truth values.
func isBool(t *libhdf5.Type) bool {
	if t.Class != libhdf5.Enum || t.Size != 1 || len(t.Values) != 2 {
		return false
	}
	for _, v := range t.Values {
		if v != (libhdf5.Value{Name: "FALSE", Number: 0}) && v != (libhdf5.Value{Name: "TRUE", Number: 1}) {
			return false
		}
	}
	return true
}

// isComplex knows h5py's convention for complex numbers.
func isComplex(t *libhdf5.Type) bool {
	if t.Class != libhdf5.Compound || len(t.Members) != 2 || t.Members[0].Name != "r" || t.Members[1].Name != "i" {
		return false
	}
	r, i := t.Members[0].Type, t.Members[1].Type
	return r.Class == libhdf5.Float && i.Class == libhdf5.Float && r.Size == i.Size
}

func equalTypes(a, b *libhdf5.Type) bool {
	if a == nil || b == nil {
		return a == b
	}
	if a.Class != b.Class || a.Size != b.Size || a.Order != b.Order || a.Signed != b.Signed ||
		a.Precision != b.Precision || a.Offset != b.Offset || a.Bits != b.Bits || a.Variable != b.Variable ||
		a.Padding != b.Padding || a.Charset != b.Charset || a.Tag != b.Tag || a.Region != b.Region {
		return false
	}
	return slices.Equal(a.Dims, b.Dims) && slices.Equal(a.Values, b.Values) && equalTypes(a.Base, b.Base) &&
		slices.EqualFunc(a.Members, b.Members, func(m, n libhdf5.Member) bool {
			return m.Name == n.Name && m.Offset == n.Offset && equalTypes(m.Type, n.Type)
		})
}
