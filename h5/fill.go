package h5

import (
	"bytes"
	"reflect"
	"slices"
	"strings"
	"time"
	"unsafe"

	"gofive/h5/internal/libhdf5"
)

// filler takes n elements at p, stride bytes apart, and appends them to an array. What it keeps
// does not point there.
type filler func(p unsafe.Pointer, n, stride int)

// newArray makes an array of shape for elements of the native form of t, and the filler for it. f is
// where references lead to. Arrays as elements become more axes.
func newArray(t *libhdf5.Type, shape Shape, f *fileState) (*Array, filler) {
	a := &Array{typ: &Datatype{t}, shape: shape}
	n := shape.Len()
	var fill filler
	switch t.Class {
	case libhdf5.Array:
		return arrayFiller(t, shape, f)
	case libhdf5.Integer, libhdf5.Enum, libhdf5.Bitfield:
		a.data, fill = integerFiller(t, n)
	case libhdf5.Float:
		a.data, fill = floatFiller(t, n)
	case libhdf5.Compound:
		return compoundFiller(a, f)
	case libhdf5.String:
		a.data, fill = stringFiller(t, n)
	case libhdf5.Opaque:
		a.data, fill = rawFiller(t.Size, n)
	case libhdf5.Time:
		a.data, fill = mapFiller(n, func(p unsafe.Pointer) time.Time { return timeOf(t, p) })
	case libhdf5.Reference:
		a.data, fill = mapFiller(n, func(p unsafe.Pointer) Reference { return newReference(t, p, f) })
	case libhdf5.Vlen:
		a.data, fill = vlenFiller(t, n, f)
	}
	return a, fill
}

// isDirect reports whether the native form in memory is what a Go slice holds, so that the library
// can write into the slice itself. A compound of a single member is that member: one field of many is
// read as one.
func isDirect(t *libhdf5.Type) bool {
	switch t.Class {
	case libhdf5.Integer, libhdf5.Bitfield:
		return t.Size <= 8
	case libhdf5.Float:
		return true
	case libhdf5.Enum:
		return !isBool(t) && t.Size <= 8
	case libhdf5.Array:
		return isDirect(t.Base)
	case libhdf5.Compound:
		one := len(t.Members) == 1 && t.MemorySize == t.Members[0].Type.MemorySize
		return isComplex(t) || one && isDirect(t.Members[0].Type)
	}
	return false
}

// memory is where the elements of an array of a direct type stand.
func (a *Array) memory() unsafe.Pointer {
	for a.fields != nil {
		a = a.fields[0]
	}
	return reflect.ValueOf(a.data).UnsafePointer()
}

// copyFiller is for elements that are the same bytes in C and Go.
func copyFiller[T any](n int) (any, filler) {
	out, at := makeSlice[T](n), 0
	var zero T
	size := int(unsafe.Sizeof(zero))
	return out, func(p unsafe.Pointer, n, stride int) {
		if stride == size {
			copy(out[at:], unsafe.Slice((*T)(p), n))
		} else {
			for i := range n {
				// Members of a packed compound are not aligned; amd64 and arm64 load them all the same.
				out[at+i] = *(*T)(unsafe.Add(p, i*stride))
			}
		}
		at += n
	}
}

func mapFiller[T any](n int, value func(p unsafe.Pointer) T) (any, filler) {
	out, at := makeSlice[T](n), 0
	return out, func(p unsafe.Pointer, n, stride int) {
		for i := range n {
			out[at+i] = value(unsafe.Add(p, i*stride))
		}
		at += n
	}
}

func integerFiller(t *libhdf5.Type, n int) (any, filler) {
	if isBool(t) {
		return mapFiller(n, func(p unsafe.Pointer) bool { return *(*int8)(p) != 0 })
	}
	signed := t.Signed
	if t.Class == libhdf5.Enum {
		signed = t.Base.Signed
	}
	switch {
	case t.Size == 1 && signed:
		return copyFiller[int8](n)
	case t.Size == 1:
		return copyFiller[uint8](n)
	case t.Size == 2 && signed:
		return copyFiller[int16](n)
	case t.Size == 2:
		return copyFiller[uint16](n)
	case t.Size <= 4 && signed:
		return copyFiller[int32](n)
	case t.Size <= 4:
		return copyFiller[uint32](n)
	case t.Size <= 8 && signed:
		return copyFiller[int64](n)
	case t.Size <= 8:
		return copyFiller[uint64](n)
	}
	return rawFiller(t.Size, n)
}

func floatFiller(t *libhdf5.Type, n int) (any, filler) {
	if t.Size <= 4 {
		return copyFiller[float32](n)
	}
	return copyFiller[float64](n)
}

func rawFiller(size, n int) (any, filler) {
	return mapFiller(n, func(p unsafe.Pointer) []byte { return bytes.Clone(unsafe.Slice((*byte)(p), size)) })
}

func stringFiller(t *libhdf5.Type, n int) (any, filler) {
	if t.Variable {
		return mapFiller(n, func(p unsafe.Pointer) string { return cstring(*unaligned[*byte](p)) })
	}
	return mapFiller(n, func(p unsafe.Pointer) string { return fixedString(t, unsafe.Slice((*byte)(p), t.Size)) })
}

// unaligned reads a value that may stand at any address.
func unaligned[T any](p unsafe.Pointer) *T {
	v := new(T)
	copy(unsafe.Slice((*byte)(unsafe.Pointer(v)), unsafe.Sizeof(*v)), unsafe.Slice((*byte)(p), unsafe.Sizeof(*v)))
	return v
}

// cstring copies a NUL-terminated string; a null pointer is "".
func cstring(p *byte) string {
	if p == nil {
		return ""
	}
	n := 0
	for *(*byte)(unsafe.Add(unsafe.Pointer(p), n)) != 0 {
		n++
	}
	return string(unsafe.Slice(p, n))
}

// fixedString cuts off the padding.
func fixedString(t *libhdf5.Type, b []byte) string {
	switch t.Padding {
	case libhdf5.PadSpace:
		return strings.TrimRight(string(b), " ")
	case libhdf5.PadNull:
		return string(bytes.TrimRight(b, "\x00"))
	}
	if end := bytes.IndexByte(b, 0); end >= 0 {
		b = b[:end]
	}
	return string(b)
}

// timeOf decodes seconds since 1970, a signed number that stays in the file's byte order; a damaged file
// may give it any size.
func timeOf(t *libhdf5.Type, p unsafe.Pointer) time.Time {
	b := bytes.Clone(unsafe.Slice((*byte)(p), t.Size))
	if t.Order != libhdf5.BigEndian {
		slices.Reverse(b)
	}
	var seconds int64
	if len(b) > 0 && b[0] >= 0x80 {
		seconds = -1
	}
	for _, x := range b {
		seconds = seconds<<8 | int64(x)
	}
	return time.Unix(seconds, 0).UTC()
}

// arrayFiller adds the array's own lengths as axes.
func arrayFiller(t *libhdf5.Type, shape Shape, f *fileState) (*Array, filler) {
	k := Shape(t.Dims).Len()
	if shape != nil {
		shape = append(append(Shape{}, shape...), t.Dims...)
	}
	a, inner := newArray(t.Base, shape, f)
	size := t.Base.MemorySize
	return a, func(p unsafe.Pointer, n, stride int) {
		if stride == k*size {
			inner(p, n*k, size)
			return
		}
		for i := range n {
			inner(unsafe.Add(p, i*stride), k, size)
		}
	}
}

// compoundFiller fills a column a member; complex numbers are no compounds here.
func compoundFiller(a *Array, f *fileState) (*Array, filler) {
	t, n := a.typ.t, a.shape.Len()
	if isComplex(t) {
		var fill filler
		if t.MemorySize == 8 {
			a.data, fill = copyFiller[complex64](n)
		} else {
			a.data, fill = copyFiller[complex128](n)
		}
		return a, fill
	}
	fills := make([]filler, len(t.Members))
	a.fields = make([]*Array, len(t.Members))
	for i, m := range t.Members {
		a.fields[i], fills[i] = newArray(m.Type, a.shape, f)
	}
	return a, func(p unsafe.Pointer, n, stride int) {
		for i, m := range t.Members {
			fills[i](unsafe.Add(p, m.MemoryOffset), n, stride)
		}
	}
}

// vlenFiller gives [][]T for lists of things that are one Go value each, and []*Array for others.
func vlenFiller(t *libhdf5.Type, n int, f *fileState) (any, filler) {
	sample, _ := newArray(t.Base, Shape{0}, f)
	switch sample.data.(type) {
	case []int8:
		return listFiller[int8](t, n, f)
	case []int16:
		return listFiller[int16](t, n, f)
	case []int32:
		return listFiller[int32](t, n, f)
	case []int64:
		return listFiller[int64](t, n, f)
	case []uint8:
		return listFiller[uint8](t, n, f)
	case []uint16:
		return listFiller[uint16](t, n, f)
	case []uint32:
		return listFiller[uint32](t, n, f)
	case []uint64:
		return listFiller[uint64](t, n, f)
	case []float32:
		return listFiller[float32](t, n, f)
	case []float64:
		return listFiller[float64](t, n, f)
	case []bool:
		return listFiller[bool](t, n, f)
	case []string:
		return listFiller[string](t, n, f)
	case []Reference:
		return listFiller[Reference](t, n, f)
	}
	return mapFiller(n, func(p unsafe.Pointer) *Array { return listOf(t, p, f) })
}

func listFiller[T any](t *libhdf5.Type, n int, f *fileState) (any, filler) {
	if t.Base.Class == libhdf5.Array {
		return mapFiller(n, func(p unsafe.Pointer) *Array { return listOf(t, p, f) })
	}
	return mapFiller(n, func(p unsafe.Pointer) []T { return listOf(t, p, f).data.([]T) })
}

// listOf copies the list at p, C's hvl_t: a length and a pointer.
func listOf(t *libhdf5.Type, p unsafe.Pointer, f *fileState) *Array {
	list := unaligned[struct {
		n int
		p unsafe.Pointer
	}](p)
	if list.p == nil {
		list.n = 0
	}
	a, fill := newArray(t.Base, Shape{list.n}, f)
	if list.n > 0 {
		fill(list.p, list.n, t.Base.MemorySize)
	}
	return a
}
