package mpi

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"math"
	"reflect"
	"strings"
	"sync"
	"unsafe"

	"gofive/mpi/internal/abi"
)

// element is one thing of Go as MPI sees it: so many of a kind.
type element struct {
	kind abi.Kind
	per  int // of the kind in one element: the length of an array, the bytes of a struct
}

func (e element) size() int { return e.kind.Size() * e.per }

func (e element) String() string {
	switch {
	case e.per == 1:
		return e.kind.String()
	case e.kind == abi.Byte:
		return fmt.Sprintf("struct of %d bytes", e.per)
	}
	return fmt.Sprintf("[%d]%v", e.per, e.kind)
}

var kinds = map[reflect.Kind]abi.Kind{
	reflect.Bool: abi.Bool,
	reflect.Int:  abi.Int64, reflect.Int8: abi.Int8, reflect.Int16: abi.Int16, reflect.Int32: abi.Int32, reflect.Int64: abi.Int64,
	reflect.Uint: abi.Uint64, reflect.Uint8: abi.Uint8, reflect.Uint16: abi.Uint16, reflect.Uint32: abi.Uint32, reflect.Uint64: abi.Uint64,
	reflect.Float32: abi.Float32, reflect.Float64: abi.Float64, reflect.Complex64: abi.Complex64, reflect.Complex128: abi.Complex128,
}

var elements sync.Map // of what elementOf found: reflect.Type to found

type found struct {
	element
	ok bool
}

// elementOf gives how a type travels as memory, not ok when it holds pointers.
func elementOf(t reflect.Type) (element, bool) {
	if f, ok := elements.Load(t); ok {
		return f.(found).element, f.(found).ok
	}
	e, ok := findElement(t)
	elements.Store(t, found{e, ok})
	return e, ok
}

func findElement(t reflect.Type) (element, bool) {
	if k, ok := kinds[t.Kind()]; ok {
		return element{k, 1}, true
	}
	switch t.Kind() {
	case reflect.Array:
		e, ok := elementOf(t.Elem())
		e.per *= t.Len()
		return e, ok && t.Len() > 0
	case reflect.Struct:
		return element{abi.Byte, int(t.Size())}, t.Size() > 0 && plain(t)
	}
	return element{}, false
}

func plain(t reflect.Type) bool {
	for i := range t.NumField() {
		if _, ok := elementOf(t.Field(i).Type); !ok {
			return false
		}
	}
	return true
}

// form is how a value is made of elements.
type form uint8

const (
	single  form = iota // one element
	series              // a slice
	text                // a string
	coded               // anything else, by encoding/gob
	refused             // in headers: none, the rank cannot make its call
)

// memory is a value as MPI sees it: n elements at ptr. For text and coded they are bytes.
type memory struct {
	element
	form  form
	ptr   unsafe.Pointer
	n     int
	fixed bool // the caller's slice: it keeps its length
}

// shape is what two ranks compare.
func (m memory) shape() string {
	switch m.form {
	case single:
		return m.element.String()
	case series:
		return fmt.Sprintf("%d %v", m.n, m.element)
	case text:
		return fmt.Sprintf("a string of %d bytes", m.n)
	}
	return fmt.Sprintf("a value in %d bytes of gob", m.n)
}

func (m memory) buffer() abi.Buffer { return abi.Buffer{Ptr: m.ptr, Count: m.n * m.per, Kind: m.kind} }

// message is m as bytes: MPICH aborts when half an element comes, instead of saying so. What an int of C
// does not count stays elements.
func (m memory) message() abi.Buffer {
	b := m.buffer()
	if n := b.Bytes(); n <= math.MaxInt32 {
		return abi.Buffer{Ptr: b.Ptr, Count: n, Kind: abi.Byte}
	}
	return b
}

// bytes is the memory itself.
func (m memory) bytes() []byte { return unsafe.Slice((*byte)(m.ptr), m.n*m.size()) }

// at is the address of element i.
func (m memory) at(i int) unsafe.Pointer { return unsafe.Add(m.ptr, i*m.size()) }

func slice[E any](s []E, k abi.Kind, fixed bool) (memory, bool) {
	return memory{element{k, 1}, series, unsafe.Pointer(unsafe.SliceData(s)), len(s), fixed}, true
}

func pointer[E any](p *E, k abi.Kind) (memory, bool) {
	return memory{element{k, 1}, single, unsafe.Pointer(p), 1, false}, true
}

// quick knows the commonest types without reflection.
func quick(v any) (memory, bool) {
	switch v := v.(type) {
	case []float64:
		return slice(v, abi.Float64, true)
	case *[]float64:
		return slice(*v, abi.Float64, false)
	case *float64:
		return pointer(v, abi.Float64)
	case []int:
		return slice(v, abi.Int64, true)
	case *[]int:
		return slice(*v, abi.Int64, false)
	case *int:
		return pointer(v, abi.Int64)
	case []float32:
		return slice(v, abi.Float32, true)
	case []byte:
		return slice(v, abi.Uint8, true)
	case *[]byte:
		return slice(*v, abi.Uint8, false)
	}
	return memory{}, false
}

// outgoing is the memory of a value that is sent: a slice, a pointer to a value, or a plain value.
func outgoing(f abi.Func, v any) (memory, error) {
	if m, ok := quick(v); ok {
		return m, nil
	}
	rv := reflect.ValueOf(v)
	switch {
	case !rv.IsValid():
		return memory{}, newError(f, ErrValue, "nil cannot be sent")
	case rv.Kind() == reflect.Pointer && !rv.IsNil():
		rv = rv.Elem()
	case rv.Kind() == reflect.Slice:
		m, ok := direct(rv)
		m.fixed = ok
		if ok {
			return m, nil
		}
	default: // not addressable: a copy is sent
		p := reflect.New(rv.Type())
		p.Elem().Set(rv)
		rv = p.Elem()
	}
	if m, ok := direct(rv); ok {
		return m, nil
	}
	return encoded(f, rv)
}

// direct is the memory of an addressable value, or of a slice, that needs no coding.
func direct(rv reflect.Value) (memory, bool) {
	switch rv.Kind() {
	case reflect.String:
		s := rv.String()
		return memory{element{abi.Uint8, 1}, text, unsafe.Pointer(unsafe.StringData(s)), len(s), false}, true
	case reflect.Slice:
		e, ok := elementOf(rv.Type().Elem())
		return memory{e, series, rv.UnsafePointer(), rv.Len(), false}, ok
	}
	e, ok := elementOf(rv.Type())
	if !ok || !rv.CanAddr() {
		return memory{}, false
	}
	return memory{e, single, rv.Addr().UnsafePointer(), 1, false}, true
}

func encoded(f abi.Func, rv reflect.Value) (memory, error) {
	if rv.Kind() == reflect.Pointer && rv.IsNil() { // gob panics
		return memory{}, newError(f, ErrValue, "a nil %v cannot be sent", rv.Type())
	}
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).EncodeValue(rv); err != nil {
		return memory{}, newError(f, ErrValue, "a %v cannot be sent: %w", rv.Type(), err)
	}
	m, _ := slice(b.Bytes(), abi.Uint8, false)
	m.form = coded
	return m, nil
}

// target is where a value that comes is put.
type target struct {
	memory
	rv reflect.Value // what the caller's pointer points to; none for a slice
}

// incoming is the memory for a value that comes into v: a slice, which keeps its length, or a pointer.
func incoming(f abi.Func, v any) (target, error) {
	if m, ok := quick(v); ok && m.fixed || ok && m.form == single {
		return target{memory: m}, nil
	}
	rv := reflect.ValueOf(v)
	if rv.IsValid() && rv.Kind() == reflect.Slice {
		if m, ok := direct(rv); ok {
			m.fixed = true
			return target{memory: m}, nil
		}
		return target{}, newError(f, ErrValue, "a %T cannot be filled: give a pointer to it", v)
	}
	if !rv.IsValid() || rv.Kind() != reflect.Pointer || rv.IsNil() {
		return target{}, newError(f, ErrValue, "a %T cannot be filled: give a slice or a pointer", v)
	}
	return targetOf(rv.Elem()), nil
}

// targetOf is a target for an addressable value.
func targetOf(rv reflect.Value) target {
	if m, ok := direct(rv); ok {
		return target{m, rv}
	}
	return target{memory{element: element{abi.Uint8, 1}, form: coded}, rv}
}

// grow makes the memory n elements long, new memory unless it has that length. Its old elements are lost.
func (t *target) grow(n int) {
	if t.form == single || (t.form == series && t.n == n) {
		return
	}
	t.n = n
	if t.form == series {
		t.rv.Set(reflect.MakeSlice(t.rv.Type(), n, n))
		t.ptr = t.rv.UnsafePointer()
		return
	}
	t.ptr = unsafe.Pointer(unsafe.SliceData(make([]byte, n)))
}

// fill puts what has come into the caller's value.
func (t *target) fill(f abi.Func) error {
	switch t.form {
	case text:
		t.rv.SetString(unsafe.String((*byte)(t.ptr), t.n))
	case coded:
		if err := gob.NewDecoder(bytes.NewReader(t.bytes())).DecodeValue(t.rv); err != nil {
			return newError(f, ErrValue, "a %v cannot be made of what came: %w", t.rv.Type(), err)
		}
	}
	return nil
}

// copyFrom takes the elements of a small value that came in a header.
func (t *target) copyFrom(b []byte) { copy(t.bytes(), b) }

func joinTexts(texts []string) string { return strings.Join(texts, "; ") }
