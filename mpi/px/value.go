package px

import (
	"bytes"
	"encoding"
	"encoding/binary"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"reflect"
	"unsafe"

	"gofive/kernel/value"
)

// flat reports whether values of a type are memory without pointers.
func flat(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Bool, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64,
		reflect.Float32, reflect.Float64, reflect.Complex64, reflect.Complex128:
		return true
	case reflect.Array:
		return flat(t.Elem())
	}
	return false
}

// memory gives the bytes of a slice of flat elements.
func memory(slice reflect.Value) []byte {
	n := slice.Len() * int(slice.Type().Elem().Size())
	if n == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(slice.UnsafePointer()), n)
}

// isSeries reports whether values of a type are slices that travel as they lie in memory.
func isSeries(t reflect.Type) bool { return t.Kind() == reflect.Slice && flat(t.Elem()) }

// codes reports whether values of a type say themselves how they travel, as those of time.Time do. A pointer to
// them would do so too, but the value is what is sent.
func codes(t reflect.Type) bool {
	into := reflect.PointerTo(t)
	return t.Kind() != reflect.Pointer && t.Kind() != reflect.Interface &&
		(into.Implements(reflect.TypeFor[gob.GobEncoder]()) && into.Implements(reflect.TypeFor[gob.GobDecoder]()) ||
			into.Implements(reflect.TypeFor[encoding.BinaryMarshaler]()) && into.Implements(reflect.TypeFor[encoding.BinaryUnmarshaler]()))
}

// travels says why a value of a type cannot be sent; nil when it can.
func travels(t reflect.Type) error {
	if t == nil {
		return errors.New("nil has no type: send a value")
	}
	if t == reflect.TypeFor[value.Box]() {
		return errors.New("a value of a type that a cell declares cannot travel between notebook and ranks, which have types of their own: send its fields, or slices, maps and structs of types without a name")
	}
	if codes(t) {
		return nil
	}
	switch t.Kind() {
	case reflect.Chan, reflect.Func, reflect.UnsafePointer, reflect.Interface, reflect.Uintptr:
		return fmt.Errorf("%v cannot travel: it means nothing in another process", t)
	case reflect.Pointer:
		return fmt.Errorf("%v cannot travel: it is of this process; send what it points to, or have each rank open the file by itself", t)
	case reflect.Slice, reflect.Array:
		return travels(t.Elem())
	case reflect.Map:
		return errors.Join(travels(t.Key()), travels(t.Elem()))
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			if f.PkgPath != "" {
				return fmt.Errorf("%v cannot travel: its field %s is not exported", t, f.Name)
			}
			if err := travels(f.Type); err != nil {
				return err
			}
		}
	}
	return nil
}

// header stands before a value on a connection.
type header struct {
	Type  string
	Bytes int64
}

// mostHeader bounds its size.
const mostHeader = 1 << 20

func (h header) write(w io.Writer) error {
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(h); err != nil {
		return err
	}
	_, err := w.Write(append(binary.LittleEndian.AppendUint32(nil, uint32(b.Len())), b.Bytes()...))
	return err
}

func readHeader(r io.Reader) (h header, err error) {
	var size [4]byte
	if _, err = io.ReadFull(r, size[:]); err != nil {
		return h, err
	}
	n := binary.LittleEndian.Uint32(size[:])
	if n > mostHeader {
		return h, fmt.Errorf("a header of %d bytes is none", n)
	}
	text := make([]byte, n)
	if _, err = io.ReadFull(r, text); err != nil {
		return h, err
	}
	err = gob.NewDecoder(bytes.NewReader(text)).Decode(&h)
	return h, err
}

// bytesOf gives a value as it travels.
func bytesOf(v reflect.Value) ([]byte, error) {
	if isSeries(v.Type()) {
		return memory(v), nil
	}
	var b bytes.Buffer
	whole := reflect.New(v.Type()).Elem() // methods that encode may want its address
	whole.Set(v)
	if err := gob.NewEncoder(&b).EncodeValue(whole); err != nil {
		return nil, fmt.Errorf("%v cannot travel: %w", v.Type(), err)
	}
	return b.Bytes(), nil
}

// write sends a value.
func write(w io.Writer, x any) error {
	v := reflect.ValueOf(x)
	body, err := bytesOf(v)
	if err != nil {
		return err
	}
	if err := (header{Type: v.Type().String(), Bytes: int64(len(body))}).write(w); err != nil {
		return err
	}
	if len(body) == 0 {
		return nil // who has the header has all, and may have gone
	}
	_, err = w.Write(body)
	return err
}

// read receives a value into what into points to.
func read(r io.Reader, into any) error {
	h, err := readHeader(r)
	if err != nil {
		return err
	}
	v := reflect.ValueOf(into).Elem()
	body, err := h.room(v)
	if err != nil {
		return err
	}
	if _, err := io.ReadFull(r, body); err != nil {
		return err
	}
	return finish(v, body)
}

// room gives the memory that the bytes behind h belong into: that of v, made as long as it has to be, when v is
// a slice of numbers.
func (h header) room(v reflect.Value) ([]byte, error) {
	if h.Type != v.Type().String() {
		return nil, fmt.Errorf("the value is a %s, not a %v", h.Type, v.Type())
	}
	if h.Bytes < 0 {
		return nil, fmt.Errorf("a value of %d bytes is none", h.Bytes)
	}
	if !isSeries(v.Type()) {
		return make([]byte, h.Bytes), nil
	}
	each := int64(v.Type().Elem().Size())
	if h.Bytes%each != 0 {
		return nil, fmt.Errorf("%d bytes are no %s", h.Bytes, h.Type)
	}
	v.Set(reflect.MakeSlice(v.Type(), int(h.Bytes/each), int(h.Bytes/each)))
	return memory(v), nil
}

// finish makes the value of bytes that are not its memory.
func finish(v reflect.Value, body []byte) error {
	if isSeries(v.Type()) {
		return nil
	}
	return gob.NewDecoder(bytes.NewReader(body)).DecodeValue(v)
}
