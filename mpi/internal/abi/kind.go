package abi

// Kind is the type of an element.
type Kind uint8

// The kinds. Go's int is Int64 and its uint Uint64; structs travel as Byte.
const (
	Byte Kind = iota // memory without meaning; no reductions but the bitwise ones
	Bool
	Int8
	Int16
	Int32
	Int64
	Uint8
	Uint16
	Uint32
	Uint64
	Float32
	Float64
	Complex64
	Complex128
)

var kindNames = [...]string{"byte", "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
	"float32", "float64", "complex64", "complex128"}

var kindSizes = [...]int{1, 1, 1, 2, 4, 8, 1, 2, 4, 8, 4, 8, 8, 16}

func (k Kind) String() string { return kindNames[k] }

// Size is the size of an element in bytes.
func (k Kind) Size() int { return kindSizes[k] }

// Op is how a reduction joins two elements.
type Op uint8

// The reductions. The logical ones are for Bool and integers, the bitwise ones for integers, Max and
// Min not for complex numbers.
const (
	Sum Op = iota
	Prod
	Max
	Min
	LogicalAnd
	LogicalOr
	LogicalXor
	BitAnd
	BitOr
	BitXor
)

var opNames = [...]string{"Sum", "Prod", "Max", "Min", "And", "Or", "Xor", "BitAnd", "BitOr", "BitXor"}

func (o Op) String() string { return opNames[o] }

// Works says whether elements of kind k can be joined by o.
func (o Op) Works(k Kind) bool {
	switch {
	case o <= Prod:
		return k >= Int8
	case o <= Min:
		return k >= Int8 && k <= Float64
	case o <= LogicalXor:
		return k >= Bool && k <= Uint64
	}
	return k == Byte || (k >= Int8 && k <= Uint64)
}
