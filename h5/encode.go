package h5

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unsafe"

	"gofive/h5/internal/libhdf5"
)

// encoded is a value in the form that the library takes: elements of mem at bytes. Where elements
// point to something, the offset of that from bytes stands there and slots lists the place.
type encoded struct {
	file  *libhdf5.Type
	mem   *libhdf5.Type
	shape Shape
	bytes unsafe.Pointer
	keep  any // what bytes points into
	slots []int64

	refersTo *fileState // the file of the references among the elements, if there are any
}

// checkReferences refuses references to another file, where they would point to something else.
func (e *encoded) checkReferences(f *fileState) error {
	if e.refersTo == nil || e.refersTo.path == f.path {
		return nil
	}
	return &Error{Kind: ErrType, Reason: fmt.Sprintf("a reference to an object of %q", e.refersTo.path), Hint: "references hold within one file"}
}

func (e *encoded) data() libhdf5.Data {
	return libhdf5.Data{Type: e.mem, Bytes: e.bytes, Slots: e.slots}
}

// relocate turns the offsets at the slots into addresses, so that elements may be copied.
func (e *encoded) relocate() {
	for _, slot := range e.slots {
		*(*uintptr)(unsafe.Add(e.bytes, slot)) += uintptr(e.bytes)
	}
	e.slots = nil
}

func (e *encoded) space() libhdf5.Space { return newSpace(e.shape) }

func newSpace(s Shape) libhdf5.Space {
	return libhdf5.Space{Null: s == nil, Dims: []int(s)}
}

// encode makes of a Go value what is stored of it when nothing else says how.
func encode(v any) (*encoded, error) { return encodeAs(v, nil) }

// encodeAs encodes a value for elements of a type of the file; nil lets the value choose.
func encodeAs(v any, target *libhdf5.Type) (*encoded, error) {
	switch x := v.(type) {
	case *Table:
		return encodeArray(x.Array(), target)
	case *Column:
		return encodeArray(x.Array, target)
	case *Array:
		return encodeArray(x, target)
	}
	s, err := newSource(reflect.ValueOf(v), target)
	if err != nil {
		return nil, err
	}
	return s.encode()
}

// encode lays out the elements. Numbers that are native already stay where they are.
func (s *source) encode() (*encoded, error) {
	e := &encoded{file: s.typ, mem: nativeOf(s.typ), shape: s.shape}
	base := elementOf(e.mem)
	if err := s.innerAxes(e.mem); err != nil {
		return nil, err
	}
	e.shape = s.shape
	if len(s.runs) == 1 && sameBytes(s.elem, base) {
		e.bytes, e.keep = s.runs[0].UnsafePointer(), s.runs[0].Interface()
		return e, nil
	}
	if len(s.runs) == 1 && e.rounded(s.runs[0].Interface(), base) {
		return e, nil
	}
	n := e.shape.Len() * (e.mem.Size / base.Size)
	enc := encoder{buf: make([]byte, n*base.Size)}
	at := 0
	for _, run := range s.runs {
		for i := range run.Len() {
			if at >= n*base.Size {
				return nil, &Error{Kind: ErrShape, Reason: fmt.Sprintf("too many values for elements of type %v", &Datatype{s.typ})}
			}
			if err := enc.put(at, base, run.Index(i)); err != nil {
				return nil, err
			}
			at += base.Size
		}
	}
	return e.take(&enc), nil
}

// elementOf is what arrays, and arrays of arrays, are made of.
func elementOf(t *libhdf5.Type) *libhdf5.Type {
	for t.Class == libhdf5.Array {
		t = t.Base
	}
	return t
}

// innerAxes takes the last axes of the value as those of an array type.
func (s *source) innerAxes(t *libhdf5.Type) error {
	if t.Class != libhdf5.Array {
		return nil
	}
	want := t.Size / elementOf(t).Size
	for k := len(s.shape) - 1; k >= 0; k-- {
		if n := s.shape[k:].Len(); n == want && want > 0 {
			s.shape = s.shape[:k]
			return nil
		}
	}
	if len(s.shape) == 1 && want > 0 && s.shape[0]%want == 0 { // all in C order
		s.shape = Shape{s.shape[0] / want}
		return nil
	}
	return &Error{Kind: ErrShape, Reason: fmt.Sprintf("a value of shape %v for elements of type %v", s.shape, &Datatype{t})}
}

func (e *encoded) take(enc *encoder) *encoded {
	e.bytes, e.keep, e.slots, e.refersTo = unsafe.Pointer(unsafe.SliceData(enc.buf)), enc.buf, enc.slots, enc.refersTo
	return e
}

// sameBytes reports whether a Go type is what a memory type is.
func sameBytes(t reflect.Type, m *libhdf5.Type) bool {
	if isComplex(m) {
		return t.Kind() == reflect.Complex64 && m.Size == 8 || t.Kind() == reflect.Complex128 && m.Size == 16
	}
	switch m.Class {
	case libhdf5.Integer, libhdf5.Bitfield:
		return t.Size() == uintptr(m.Size) && (m.Signed && t.Kind() >= reflect.Int && t.Kind() <= reflect.Int64 ||
			!m.Signed && t.Kind() >= reflect.Uint && t.Kind() <= reflect.Uint64)
	case libhdf5.Float:
		return t.Kind() == reflect.Float32 && m.Size == 4 || t.Kind() == reflect.Float64 && m.Size == 8
	}
	return false
}

// encodeArray lays out an array, column by column.
func encodeArray(a *Array, target *libhdf5.Type) (*encoded, error) {
	if target == nil {
		target = a.typ.t
	}
	e := &encoded{file: target, mem: nativeOf(target), shape: a.shape}
	if a.shape == nil {
		return e, nil
	}
	if target.Class == libhdf5.Array {
		s := &source{shape: a.shape}
		if err := s.innerAxes(target); err != nil {
			return nil, err
		}
		e.shape = s.shape
	}
	base := elementOf(e.mem)
	if a.fields == nil && sameBytes(reflect.TypeOf(a.data).Elem(), base) {
		v := reflect.ValueOf(a.data)
		e.bytes, e.keep = v.UnsafePointer(), a.data
		return e, nil
	}
	if a.fields == nil && e.rounded(a.data, base) {
		return e, nil
	}
	enc := encoder{buf: make([]byte, e.shape.Len()*e.mem.Size)}
	if err := enc.column(0, e.mem.Size, e.shape.Len(), e.mem, a); err != nil {
		return nil, err
	}
	return e.take(&enc), nil
}

// rounded lays out float64 numbers for elements of float32, which people do so often that it must not take
// longer than writing them.
func (e *encoded) rounded(data any, base *libhdf5.Type) bool {
	numbers, ok := data.([]float64)
	if !ok || base.Class != libhdf5.Float || base.Size != 4 || len(numbers) != e.shape.Len()*(e.mem.Size/base.Size) {
		return false
	}
	out := makeSlice[float32](len(numbers))
	for i, x := range numbers {
		out[i] = float32(x)
	}
	e.bytes, e.keep = unsafe.Pointer(unsafe.SliceData(out)), out
	return true
}

// encoder lays out elements in buf; what they point to goes behind them.
type encoder struct {
	buf      []byte
	slots    []int64
	refersTo *fileState // the file of the references among the values
}

// column puts n elements, or arrays of them, stride bytes apart.
func (e *encoder) column(at, stride, n int, t *libhdf5.Type, a *Array) error {
	if t.Class == libhdf5.Compound && !isComplex(t) {
		return e.columns(at, stride, n, t, a)
	}
	if a.fields != nil {
		return &Error{Kind: ErrType, Reason: fmt.Sprintf("rows of type %v for elements of type %v", a.typ, &Datatype{t})}
	}
	t = elementOf(t)
	flat := reflect.ValueOf(a.data)
	k := 0
	if n > 0 {
		k = flat.Len() / n
	}
	for i := range n {
		for j := range k {
			if err := e.put(at+i*stride+j*t.Size, t, flat.Index(i*k+j)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (e *encoder) columns(at, stride, n int, t *libhdf5.Type, a *Array) error {
	for _, m := range t.Members {
		f, err := a.Field(m.Name)
		if err != nil {
			return err
		}
		if f.Len() != n*m.Type.Size/elementOf(m.Type).Size {
			return &Error{Name: m.Name, Kind: ErrShape, Reason: fmt.Sprintf("a column of shape %v for a field of type %v", f.shape, &Datatype{m.Type})}
		}
		if err := e.column(at+m.Offset, stride, n, m.Type, f); err != nil {
			return because("", m.Name, "", err)
		}
	}
	return nil
}

// put encodes one value at a place of buf.
func (e *encoder) put(at int, t *libhdf5.Type, v reflect.Value) error {
	for v.Kind() == reflect.Interface || v.Kind() == reflect.Pointer && v.Type() != arrayType {
		if v = v.Elem(); !v.IsValid() {
			return misfit(t, "nil")
		}
	}
	switch t.Class {
	case libhdf5.Integer, libhdf5.Bitfield, libhdf5.Enum:
		return e.putInteger(at, t, v)
	case libhdf5.Float:
		return e.putFloat(at, t, v)
	case libhdf5.String:
		return e.putString(at, t, v)
	case libhdf5.Compound:
		return e.putCompound(at, t, v)
	case libhdf5.Array:
		return e.putArray(at, t, v)
	case libhdf5.Vlen:
		return e.putList(at, t, v)
	}
	return e.putRaw(at, t, v)
}

// misfit says that a value does not fit a type.
func misfit(t *libhdf5.Type, what any) error {
	if v, ok := what.(reflect.Value); ok {
		what = fmt.Sprintf("%v (%v)", v, v.Type())
	}
	return &Error{Kind: ErrType, Reason: fmt.Sprintf("%v does not fit elements of type %v", what, &Datatype{t})}
}

func (e *encoder) putInteger(at int, t *libhdf5.Type, v reflect.Value) error {
	signed := t.Signed
	if t.Class == libhdf5.Enum {
		signed = t.Base.Signed
		if v.Kind() == reflect.String {
			return e.putName(at, t, v.String())
		}
	}
	n, negative, ok := wholeNumber(v)
	if !ok || !holds(t.Size, signed, n, negative) {
		return misfit(t, v)
	}
	e.putBits(at, t.Size, n)
	return nil
}

func (e *encoder) putName(at int, t *libhdf5.Type, name string) error {
	for _, v := range t.Values {
		if v.Name == name {
			e.putBits(at, t.Size, uint64(v.Number))
			return nil
		}
	}
	return misfit(t, excerpt(name))
}

func (e *encoder) putBits(at, size int, n uint64) {
	b := e.buf[at : at+size]
	switch size {
	case 1:
		b[0] = byte(n)
	case 2:
		binary.NativeEndian.PutUint16(b, uint16(n))
	case 4:
		binary.NativeEndian.PutUint32(b, uint32(n))
	case 8:
		binary.NativeEndian.PutUint64(b, n)
	}
}

// wholeNumber gives the bits of a number without a fraction, and whether it is below zero.
func wholeNumber(v reflect.Value) (bits uint64, negative, ok bool) {
	switch {
	case v.CanInt():
		return uint64(v.Int()), v.Int() < 0, true
	case v.CanUint():
		return v.Uint(), false, true
	case v.Kind() == reflect.Bool:
		return uint64(flag(v.Bool())), false, true
	case v.CanFloat() && v.Float() == math.Trunc(v.Float()) && math.Abs(v.Float()) < 1<<63:
		return uint64(int64(v.Float())), v.Float() < 0, true
	}
	return 0, false, false
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}

// holds reports whether an integer of that size and sign can be n.
func holds(size int, signed bool, n uint64, negative bool) bool {
	bits := 8 * size
	switch {
	case size > 8:
		return false
	case negative:
		return signed && int64(n) >= math.MinInt64>>(64-bits)
	case signed:
		return n <= math.MaxInt64>>(64-bits)
	}
	return n <= math.MaxUint64>>(64-bits)
}

func (e *encoder) putFloat(at int, t *libhdf5.Type, v reflect.Value) error {
	x, ok := realNumber(v)
	if !ok {
		return misfit(t, v)
	}
	if t.Size == 4 {
		e.putBits(at, 4, uint64(math.Float32bits(float32(x))))
	} else {
		e.putBits(at, 8, math.Float64bits(x))
	}
	return nil
}

func realNumber(v reflect.Value) (float64, bool) {
	switch {
	case v.CanFloat():
		return v.Float(), true
	case v.CanInt():
		return float64(v.Int()), true
	case v.CanUint():
		return float64(v.Uint()), true
	}
	return 0, false
}

func (e *encoder) putString(at int, t *libhdf5.Type, v reflect.Value) error {
	text, ok := textOf(v)
	if !ok {
		return misfit(t, v)
	}
	if t.Variable {
		if strings.IndexByte(text, 0) >= 0 {
			return misfit(t, excerpt(text)+", which holds a zero byte,")
		}
		e.point(at, append([]byte(text), 0))
		return nil
	}
	room := t.Size
	if t.Padding == libhdf5.PadNullTerm {
		room--
	}
	if len(text) > room {
		return misfit(t, fmt.Sprintf("%s, of %d bytes,", excerpt(text), len(text)))
	}
	b := e.buf[at : at+t.Size]
	copy(b, text)
	for i := len(text); i < len(b) && t.Padding == libhdf5.PadSpace; i++ {
		b[i] = ' '
	}
	return nil
}

func textOf(v reflect.Value) (string, bool) {
	if v.Kind() == reflect.String {
		return v.String(), true
	}
	if v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8 {
		return string(v.Bytes()), true
	}
	return "", false
}

// point puts b behind the elements and lets the place at point to it.
func (e *encoder) point(at int, b []byte) int {
	for len(e.buf)%8 != 0 {
		e.buf = append(e.buf, 0)
	}
	to := len(e.buf)
	e.buf = append(e.buf, b...)
	binary.NativeEndian.PutUint64(e.buf[at:], uint64(to))
	e.slots = append(e.slots, int64(at))
	return to
}

func (e *encoder) putCompound(at int, t *libhdf5.Type, v reflect.Value) error {
	if isComplex(t) {
		return e.putComplex(at, t, v)
	}
	if row, ok := v.Interface().(Row); ok {
		return e.putRow(at, t, row)
	}
	if v.Kind() != reflect.Struct {
		return misfit(t, v)
	}
	fields, err := matchFields(v.Type(), (&Datatype{t}).Names())
	if err != nil {
		return err
	}
	for i, m := range t.Members {
		if fields[i].index == nil {
			return &Error{Kind: ErrType, Reason: fmt.Sprintf("%v has no field for member %q", v.Type(), m.Name),
				Hint: "write the fields it has one by one with WriteField"}
		}
		if err := e.put(at+m.Offset, m.Type, v.FieldByIndex(fields[i].index)); err != nil {
			return because("", m.Name, "", err)
		}
	}
	return nil
}

func (e *encoder) putRow(at int, t *libhdf5.Type, row Row) error {
	for _, m := range t.Members {
		if err := e.put(at+m.Offset, m.Type, reflect.ValueOf(row.Get(m.Name))); err != nil {
			return because("", m.Name, "", err)
		}
	}
	return nil
}

func (e *encoder) putComplex(at int, t *libhdf5.Type, v reflect.Value) error {
	re, im := 0.0, 0.0
	if v.CanComplex() {
		re, im = real(v.Complex()), imag(v.Complex())
	} else if x, ok := realNumber(v); ok {
		re = x
	} else {
		return misfit(t, v)
	}
	if err := e.putFloat(at, t.Members[0].Type, reflect.ValueOf(re)); err != nil {
		return err
	}
	return e.putFloat(at+t.Members[1].Offset, t.Members[1].Type, reflect.ValueOf(im))
}

// putArray puts the values of a nested or flat slice or array.
func (e *encoder) putArray(at int, t *libhdf5.Type, v reflect.Value) error {
	if a, ok := v.Interface().(*Array); ok {
		return e.column(at, t.Size, 1, t, a)
	}
	base := elementOf(t)
	s, err := newSource(v, base)
	if err != nil {
		return err
	}
	if s.shape.Len() != t.Size/base.Size {
		return &Error{Kind: ErrShape, Reason: fmt.Sprintf("a value of shape %v for elements of type %v", s.shape, &Datatype{t})}
	}
	for _, run := range s.runs {
		for i := range run.Len() {
			if err := e.put(at, base, run.Index(i)); err != nil {
				return err
			}
			at += base.Size
		}
	}
	return nil
}

// putList puts C's hvl_t, a length and a pointer, and the list behind the elements.
func (e *encoder) putList(at int, t *libhdf5.Type, v reflect.Value) error {
	if a, ok := v.Interface().(*Array); ok {
		n := a.Len()
		e.putBits(at, 8, uint64(n))
		if n == 0 {
			return nil
		}
		return e.column(e.point(at+pointerSize, make([]byte, n*t.Base.Size)), t.Base.Size, n, t.Base, a)
	}
	if v.Kind() != reflect.Slice && v.Kind() != reflect.Array {
		return misfit(t, v)
	}
	e.putBits(at, 8, uint64(v.Len()))
	if v.Len() == 0 {
		return nil
	}
	to := e.point(at+pointerSize, make([]byte, v.Len()*t.Base.Size))
	for i := range v.Len() {
		if err := e.put(to+i*t.Base.Size, t.Base, v.Index(i)); err != nil {
			return err
		}
	}
	return nil
}

// putRaw puts what is stored byte by byte: opaque values, references, times.
func (e *encoder) putRaw(at int, t *libhdf5.Type, v reflect.Value) error {
	b := e.buf[at : at+t.Size]
	switch x := v.Interface().(type) {
	case Reference:
		if t.Class == libhdf5.Reference && (x.region == t.Region || x.IsNil()) {
			copy(b, x.bytes[:])
			e.refersTo = cmp.Or(e.refersTo, x.file)
			return nil
		}
	case time.Time:
		if t.Class == libhdf5.Time {
			putTime(b, t, x.Unix())
			return nil
		}
	case []byte:
		if t.Class == libhdf5.Opaque && len(x) == t.Size {
			copy(b, x)
			return nil
		}
	}
	return misfit(t, v)
}

func putTime(b []byte, t *libhdf5.Type, seconds int64) {
	var order binary.ByteOrder = binary.LittleEndian
	if t.Order == libhdf5.BigEndian {
		order = binary.BigEndian
	}
	if t.Size == 8 {
		order.PutUint64(b, uint64(seconds))
	} else {
		order.PutUint32(b, uint32(seconds))
	}
}

// excerpt quotes a text, of a long one the beginning.
func excerpt(text string) string {
	const most = 60
	if len(text) <= most {
		return strconv.Quote(text)
	}
	return strconv.Quote(strings.ToValidUTF8(text[:most], "")) + "..."
}
