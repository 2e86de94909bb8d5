package boss

import (
	"slices"

	"gofive/h5"
)

// numbers are the types that commonType chooses from, the narrowest that can be meant first.
var numbers = []*h5.Datatype{h5.Int8, h5.Uint8, h5.Int16, h5.Uint16, h5.Int32, h5.Uint32, h5.Int64, h5.Uint64,
	h5.Float16, h5.Float32, h5.Float64}

// commonType is the narrowest type that has all values of types, nil when there is none. It is that of numpy.result_type, but that
// for 64-bit integers numpy gives float64, which would lose some, where they are signed and unsigned or meet floats. The order of
// types does not count: ranks hear of them in another one than a process that is alone.
func commonType(types ...*h5.Datatype) *h5.Datatype {
	if elems := elementTypes(types); elems != nil {
		if elem := commonType(elems...); elem != nil {
			return h5.ArrayOf(elem, types[0].Dims()...)
		}
		return nil
	}
	for _, wide := range slices.Concat(types, numbers) {
		if !slices.ContainsFunc(types, func(t *h5.Datatype) bool { return !holds(wide, t) }) {
			return wide
		}
	}
	return nil
}

// elementTypes are those of arrays of one shape, nil when types are something else.
func elementTypes(types []*h5.Datatype) (out []*h5.Datatype) {
	for _, t := range types {
		if t.Kind() != h5.TypeArray || !slices.Equal(t.Dims(), types[0].Dims()) {
			return nil
		}
		out = append(out, t.Elem())
	}
	return out
}

// holds reports whether each value of a type is one of the type wide too.
func holds(wide, t *h5.Datatype) bool {
	switch a, b := wide.Kind(), t.Kind(); {
	case a == h5.TypeInt && b == h5.TypeInt:
		return wide.Size() >= t.Size() && wide.Signed() == t.Signed() || wide.Signed() && wide.Size() > t.Size()
	case a == h5.TypeFloat && b == h5.TypeInt:
		return wholeBits(wide) >= wholeBits(t)
	case a == h5.TypeFloat && b == h5.TypeFloat:
		return wide.Size() >= t.Size()
	case a == h5.TypeString && b == h5.TypeString:
		return wide.IsVariable() == t.IsVariable() && wide.Size() >= t.Size()
	}
	return wide.Equal(t)
}

// wholeBits is how many bits the whole numbers have that a type of numbers has without a gap, the sign not counted.
func wholeBits(t *h5.Datatype) int {
	switch {
	case t.Kind() == h5.TypeFloat:
		return map[int]int{2: 11, 4: 24, 8: 53}[t.Size()]
	case t.Signed():
		return 8*t.Size() - 1
	}
	return 8 * t.Size()
}
