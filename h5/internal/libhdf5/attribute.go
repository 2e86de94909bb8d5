package libhdf5

// #include "shim.h"
import "C"

import (
	"runtime"
	"unsafe"
)

// Attribute is one attribute of an object.
type Attribute struct {
	Name  string
	Order int64 // when it was made, among those of the object; -1 for unknown
	Type  *Type
	Space Space
	Err   error // it cannot be read; only Name is set then
	Value any   // what the Decoder made of it; nil for a null dataspace, or when the value is large
	Large bool  // the value was not read, for its size or because it was not wanted
}

// Decoder turns n elements of the native form of t, at p, into a Go value that holds no pointer to
// that memory, which is gone when the call returns. It runs under the lock and calls nothing here.
type Decoder func(t *Type, s Space, p unsafe.Pointer, n int) any

func (r *reader) attributes(decode Decoder) []Attribute {
	out := make([]Attribute, r.count(17))
	for i := range out {
		name, order := r.str(), r.i64()
		if !r.bool() {
			out[i] = Attribute{Name: name, Order: order, Err: &Error{Frames: r.frames()}}
			continue
		}
		out[i] = r.attribute(decode)
		out[i].Name, out[i].Order = name, order
	}
	return out
}

func (r *reader) attribute(decode Decoder) Attribute {
	a := Attribute{Type: r.typ(), Space: r.space()}
	n := a.Space.Len()
	switch r.u8() {
	case 0:
		a.Large = true
	case 1:
		b := r.take(int64(n) * int64(a.Type.MemorySize))
		if r.err == nil && !a.Space.Null {
			a.Value = decode(a.Type, a.Space, unsafe.Pointer(unsafe.SliceData(b)), n)
		}
	case 2:
		p := r.pointer()
		if r.err == nil {
			a.Value = decode(a.Type, a.Space, p, n)
		}
	}
	return a
}

// pointer reads an address of C memory.
func (r *reader) pointer() unsafe.Pointer {
	var p unsafe.Pointer
	copy(unsafe.Slice((*byte)(unsafe.Pointer(&p)), unsafe.Sizeof(p)), r.take(8))
	return p
}

// Attributes gives all attributes of an object in the byte order of their names. Values of more
// than maxBytes are left out.
func Attributes(obj ID, maxBytes int, decode Decoder) ([]Attribute, error) {
	var out []Attribute
	err := cross(func() C.int { return C.gf_attributes(C.hid_t(obj), C.hsize_t(maxBytes)) }, func(r *reader) {
		out = r.attributes(decode)
	})
	return out, err
}

// ReadAttribute gives one attribute with its value.
func ReadAttribute(obj ID, name string, decode Decoder) (Attribute, error) {
	cname := cstring(name)
	var a Attribute
	err := cross(func() C.int { return C.gf_attribute(C.hid_t(obj), cname) }, func(r *reader) {
		a = r.attribute(decode)
	})
	a.Name, a.Order = name, -1
	return a, err
}

// AttributeExists reports whether an object has the attribute.
func AttributeExists(obj ID, name string) (bool, error) {
	cname := cstring(name)
	var yes bool
	err := cross(func() C.int { return C.gf_attribute_exists(C.hid_t(obj), cname) }, func(r *reader) {
		yes = r.bool()
	})
	return yes, err
}

// WriteAttribute makes an attribute, or replaces the one of that name.
func WriteAttribute(obj ID, name string, file *Type, s Space, d Data) error {
	cname := cstring(name)
	code, mem := file.code(nil), d.Type.code(nil)
	rank, dims := C.int(len(s.Dims)), hsizes(s.Dims)
	if s.Null {
		rank = -1
	}
	defer runtime.KeepAlive(d.Bytes)
	return cross(func() C.int {
		return C.gf_attribute_write(C.hid_t(obj), cname, bytePointer(code), C.size_t(len(code)), bytePointer(mem),
			C.size_t(len(mem)), rank, unsafe.SliceData(dims), address(d.Bytes), slotPointer(d.Slots), C.size_t(len(d.Slots)))
	}, nil)
}

// DeleteAttribute deletes an attribute.
func DeleteAttribute(obj ID, name string) error {
	cname := cstring(name)
	return cross(func() C.int { return C.gf_attribute_delete(C.hid_t(obj), cname) }, nil)
}
