package libhdf5

// #include "shim.h"
import "C"

import (
	"runtime"
	"strings"
	"unsafe"
)

// Data is elements in memory, laid out as Type says. Where Type has pointers, an element holds at
// each offset that Slots names the offset of what it points to, counted from the start of Bytes too;
// the memory is used up by the call: it holds addresses afterwards.
type Data struct {
	Type  *Type
	Bytes unsafe.Pointer
	Slots []int64
}

// Making says how to make a dataset.
type Making struct {
	Space  Space
	Create []Property // of dataset creation
	Access []Property // of dataset access
	Fill   *Data      // one element; nil for zeros
}

func bytePointer(b []byte) *C.uint8_t { return (*C.uint8_t)(unsafe.SliceData(b)) }

// address is where C finds Go's data; see shim.h. The caller keeps p alive.
func address(p unsafe.Pointer) C.uintptr_t {
	if never {
		somewhere = p
	}
	return C.uintptr_t(uintptr(p))
}

// As far as the compiler can see, address may store its argument: so what p points to is never on a
// goroutine's stack, which moves. A conversion to uintptr alone would not tell it.
var (
	never     bool
	somewhere unsafe.Pointer
)

func slotPointer(s []int64) *C.int64_t { return (*C.int64_t)(unsafe.SliceData(s)) }

func hsizes(v []int) []C.hsize_t {
	out := make([]C.hsize_t, len(v))
	for i, n := range v {
		out[i] = C.hsize_t(n)
	}
	return out
}

// MemoryType gives the type of a dataset with its native form, and that form as an id, which the
// caller closes. Names choose members of a compound; none means all.
func MemoryType(dset ID, names []string) (*Type, ID, error) {
	cnames := cstring(strings.Join(names, "\x00"))
	var t *Type
	var mem C.hid_t
	err := cross(func() C.int {
		return C.gf_memory_type(C.hid_t(dset), cnames, C.int(len(names)), &mem)
	}, func(r *reader) { t = r.typ() })
	return t, ID(mem), err
}

// StoredType gives the type that a dataset is stored in as an id, which the caller closes: reading with
// it as the memory type takes the bytes as they are.
func StoredType(dset ID) (ID, error) {
	var t C.hid_t
	err := cross(func() C.int { return C.gf_stored_type(C.hid_t(dset), &t) }, nil)
	return ID(t), err
}

// Shape gives the present extent of a dataset.
func Shape(dset ID) (Space, error) {
	var s Space
	err := cross(func() C.int { return C.gf_shape(C.hid_t(dset)) }, func(r *reader) { s = r.space() })
	return s, err
}

// CreateDataset makes a dataset, and the groups on the way to it.
func CreateDataset(loc ID, path string, t *Type, m Making) (ID, error) {
	name := cstring(path)
	var pin runtime.Pinner
	defer pin.Unpin()
	extent, code := m.Space.toC(), t.code(nil)
	var c C.gf_making
	c.create, c.ncreate = pinned(&pin, encodeProperties(m.Create))
	c.access, c.naccess = pinned(&pin, encodeProperties(m.Access))
	if m.Fill != nil {
		c.fillcode, c.nfillcode = pinned(&pin, m.Fill.Type.code(nil))
		c.fill = address(m.Fill.Bytes)
		if c.nslots = C.size_t(len(m.Fill.Slots)); c.nslots > 0 {
			pin.Pin(unsafe.SliceData(m.Fill.Slots))
			c.slots = slotPointer(m.Fill.Slots)
		}
	}
	var id C.hid_t
	defer runtime.KeepAlive(m.Fill)
	err := cross(func() C.int {
		return C.gf_dataset_create(C.hid_t(loc), name, bytePointer(code), C.size_t(len(code)), &extent, &c, &id)
	}, nil)
	return ID(id), err
}

// Store makes a dataset in one piece, writes all elements of d to it, and closes it.
func Store(loc ID, path string, t *Type, s Space, d Data) error {
	name := cstring(path)
	extent, code, mem := s.toC(), t.code(nil), d.Type.code(nil)
	defer runtime.KeepAlive(d.Bytes)
	return cross(func() C.int {
		return C.gf_store(C.hid_t(loc), name, bytePointer(code), C.size_t(len(code)), &extent, bytePointer(mem), C.size_t(len(mem)),
			address(d.Bytes), slotPointer(d.Slots), C.size_t(len(d.Slots)))
	}, nil)
}

// OpenDataset opens a dataset with settings of its own.
func OpenDataset(loc ID, path string, access []Property) (ID, error) {
	name := cstring(path)
	code := encodeProperties(access)
	var id C.hid_t
	err := cross(func() C.int {
		return C.gf_dataset_open(C.hid_t(loc), name, bytePointer(code), C.size_t(len(code)), &id)
	}, nil)
	return ID(id), err
}

// Recache gives a dataset a larger chunk cache, unless somebody chose its size, and the id that it has
// then; the old one is closed. It must be the only one to have any effect. On an error it is closed.
func Recache(dset ID, bytes int) (ID, error) {
	id := C.hid_t(dset)
	err := cross(func() C.int { return C.gf_dataset_recache(&id, C.size_t(bytes)) }, nil)
	return ID(id), err
}

func (s Space) toC() C.gf_extent {
	c := C.gf_extent{rank: C.int(len(s.Dims))}
	if s.Null {
		c.rank = -1
	}
	for i, n := range s.Dims {
		c.dims[i], c.max[i] = C.hsize_t(n), C.hsize_t(n)
	}
	for i, n := range s.Max {
		c.max[i] = C.hsize_t(n)
	}
	return c
}

// Commit gives a datatype a name in the file.
func Commit(loc ID, path string, t *Type) error {
	name := cstring(path)
	code := t.code(nil)
	return cross(func() C.int {
		return C.gf_commit(C.hid_t(loc), name, bytePointer(code), C.size_t(len(code)))
	}, nil)
}

// FillValue offers the fill value of a dataset, in the native form mem, to use; not where it has none.
func FillValue(dset, mem ID, use func(p unsafe.Pointer)) error {
	return cross(func() C.int { return C.gf_fill_value(C.hid_t(dset), C.hid_t(mem)) }, func(r *reader) {
		if r.bool() {
			use(r.pointer())
		}
	})
}

// Resize changes the extent of a chunked dataset.
func Resize(dset ID, dims []int) error {
	d := hsizes(dims)
	return cross(func() C.int { return C.gf_resize(C.hid_t(dset), unsafe.SliceData(d)) }, nil)
}

// FlushDataset writes out what the library holds of a dataset.
func FlushDataset(dset ID) error {
	return cross(func() C.int { return C.gf_dataset_flush(C.hid_t(dset)) }, nil)
}

// Refresh forgets what the library holds of a dataset that another process writes.
func Refresh(dset ID) error {
	return cross(func() C.int { return C.gf_refresh(C.hid_t(dset)) }, nil)
}
