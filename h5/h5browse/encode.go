package h5browse

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"unsafe"

	"gofive/h5"
)

// encode gives the elements of an array as bytes of a type of numpy, and reports whether they have one.
func encode(name string, a *h5.Array) (buffer, bool) {
	b := buffer{Name: name, Shape: a.Shape()}
	if b.Shape == nil {
		b.Shape = []int{0}
	}
	switch x := a.Raw().(type) {
	case []bool:
		b.Dtype, b.data = "|b1", little(x)
	case []int8:
		b.Dtype, b.data = "|i1", little(x)
	case []uint8:
		if a.Datatype().Kind() == h5.TypeOpaque {
			return b, false
		}
		b.Dtype, b.data = "|u1", bytes.Clone(x)
	case []int16:
		b.Dtype, b.data = "<i2", little(x)
	case []uint16:
		b.Dtype, b.data = "<u2", little(x)
	case []int32:
		b.Dtype, b.data = "<i4", little(x)
	case []uint32:
		b.Dtype, b.data = "<u4", little(x)
	case []int64:
		b.Dtype, b.data = "<i8", little(x)
	case []uint64:
		b.Dtype, b.data = "<u8", little(x)
	case []float32:
		b.Dtype, b.data = "<f4", little(x)
	case []float64:
		b.Dtype, b.data = "<f8", little(x)
	case []complex64:
		b.Dtype, b.data = "<c8", little(unsafe.Slice((*float32)(unsafe.Pointer(unsafe.SliceData(x))), 2*len(x)))
	case []complex128:
		b.Dtype, b.data = "<c16", little(unsafe.Slice((*float64)(unsafe.Pointer(unsafe.SliceData(x))), 2*len(x)))
	default:
		return b, false
	}
	return b, len(b.data) == 0 && a.Len() == 0 || a.Len() > 0 && len(b.data)%a.Len() == 0
}

// little gives numbers as bytes.
func little(x any) []byte {
	out, err := binary.Append(nil, binary.LittleEndian, x)
	if err != nil {
		panic(err) // it holds numbers
	}
	return out
}

// numbers makes a buffer of numbers of ours.
func numbers(name, dtype string, x any, shape ...int) buffer {
	return buffer{name, dtype, shape, little(x)}
}

// dtypeOf is what numpy calls a type that comes in buffers, "" for others.
func dtypeOf(t *h5.Datatype) string {
	if t == nil {
		return ""
	}
	switch t.Kind() {
	case h5.TypeBool:
		return "|b1"
	case h5.TypeFloat:
		if t.Size() <= 4 {
			return "<f4"
		}
		return "<f8"
	case h5.TypeComplex:
		if t.Size() <= 8 {
			return "<c8"
		}
		return "<c16"
	case h5.TypeInt, h5.TypeEnum, h5.TypeBitfield:
		return wholeDtype(t)
	}
	return ""
}

// wholeDtype is what numpy calls whole numbers of the width that they are read in.
func wholeDtype(t *h5.Datatype) string {
	number := t
	if t.Kind() == h5.TypeEnum {
		number = t.Elem()
	}
	sign := "u"
	if number.Signed() && t.Kind() != h5.TypeBitfield {
		sign = "i"
	}
	switch size := t.Size(); {
	case size == 1:
		return "|" + sign + "1"
	case size == 2:
		return "<" + sign + "2"
	case size <= 4:
		return "<" + sign + "4"
	}
	return "<" + sign + "8"
}

// texts gives the elements of an array as text, in C order, each of bounded length.
func texts(a *h5.Array) ([]string, error) {
	var out []string
	var err error
	if a.IsCompound() {
		t, err := a.Table()
		if err != nil {
			return nil, err
		}
		for i := range t.NumRows() {
			out = append(out, rowText(t, i))
		}
	} else if out, err = a.Strings(); err != nil {
		return nil, err
	}
	for i, s := range out {
		if len(s) > mostText {
			out[i] = cutText(s, mostText) + "…"
		}
	}
	return out, nil
}

// rowText is a row as a line.
func rowText(t *h5.Table, row int) string {
	var b bytes.Buffer
	b.WriteByte('{')
	for j, name := range t.Names() {
		if j > 0 {
			b.WriteString(", ")
		}
		if b.Len() > mostText {
			break
		}
		fmt.Fprintf(&b, "%s: %s", name, t.CellText(row, j))
	}
	b.WriteByte('}')
	return b.String()
}

// enumNames gives the names of an enum's numbers, nil for other types.
func enumNames(t *h5.Datatype) map[string]string {
	if t == nil || t.Kind() != h5.TypeEnum {
		return nil
	}
	out := map[string]string{}
	for name, n := range t.Values() {
		out[fmt.Sprint(n)] = name
		if len(out) == mostListed {
			break
		}
	}
	return out
}
