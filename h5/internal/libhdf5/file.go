package libhdf5

// #include <stdlib.h>
// #include "shim.h"
import "C"

import (
	"runtime"
	"unsafe"
)

// ID is an open object of the library.
type ID int64

// Mode says how to open a file.
type Mode int

// The modes.
const (
	ReadOnly  Mode = iota
	ReadWrite      // the file must exist
	Truncate       // emptied when it exists
	Exclusive      // must not exist
)

// cstring gives s as C reads it. The memory is Go's, and nothing there keeps it: to have C allocate it
// takes longer than many a call.
func cstring(s string) *C.char {
	return (*C.char)(unsafe.Pointer(unsafe.SliceData(append([]byte(s), 0))))
}

// Opening says how to open or make a file.
type Opening struct {
	Mode   Mode
	SWMR   bool       // one writer, many readers; not when it is made
	Access []Property // of file access
	Create []Property // of file creation
	Image  []byte     // with the core driver: the file's bytes, which are copied
}

// OpenFile opens or makes a file.
func OpenFile(path string, o Opening) (ID, error) {
	name := cstring(path)
	access, create := encodeProperties(o.Access), encodeProperties(o.Create)
	var pin runtime.Pinner
	defer pin.Unpin()
	a := C.gf_access{mode: C.int(o.Mode), swmr: C.int(flag(o.SWMR)), image: address(unsafe.Pointer(unsafe.SliceData(o.Image))), nimage: C.size_t(len(o.Image))}
	a.access, a.naccess = pinned(&pin, access)
	a.create, a.ncreate = pinned(&pin, create)
	var id C.hid_t
	defer runtime.KeepAlive(o.Image)
	err := cross(func() C.int { return C.gf_file_open(name, &a, &id) }, nil)
	return ID(id), err
}

// pinned gives bytes as a field of a structure that C reads: cgo lets it hold only what is pinned.
func pinned(p *runtime.Pinner, b []byte) (*C.uint8_t, C.size_t) {
	if len(b) == 0 {
		return nil, 0
	}
	p.Pin(&b[0])
	return bytePointer(b), C.size_t(len(b))
}

// StartSWMR lets readers in while the file is written.
func StartSWMR(id ID) error {
	return cross(func() C.int { return C.gf_start_swmr(C.hid_t(id)) }, nil)
}

// ImageSize is the number of bytes that the file consists of, after a flush.
func ImageSize(id ID) (int, error) {
	var n C.int64_t
	err := cross(func() C.int { return C.gf_image(C.hid_t(id), 0, 0, &n) }, nil)
	return int(n), err
}

// Image copies the bytes that the file consists of to dst, which has room for them.
func Image(id ID, dst []byte) error {
	var n C.int64_t
	p := unsafe.Pointer(unsafe.SliceData(dst))
	defer runtime.KeepAlive(dst)
	return cross(func() C.int { return C.gf_image(C.hid_t(id), address(p), C.size_t(len(dst)), &n) }, nil)
}

// FileStat describes an open file.
type FileStat struct {
	Size, FreeSpace, UserBlock int // bytes
	Driver                     string
	Low, High                  int // bounds of the format's version, H5F_libver_t
	Strategy                   int // H5F_fspace_strategy_t
	Persist                    bool
	PageSize                   int // bytes
	SWMR                       bool
}

// StatFile describes an open file.
func StatFile(id ID) (FileStat, error) {
	var s FileStat
	err := cross(func() C.int { return C.gf_file_stat(C.hid_t(id)) }, func(r *reader) {
		s.Size, s.FreeSpace, s.UserBlock, s.Driver = r.int(), r.int(), r.int(), r.str()
		s.Low, s.High, s.Strategy = r.int(), r.int(), r.int()
		s.Persist, s.PageSize, s.SWMR = r.u8() != 0, r.int(), r.u8() != 0
	})
	return s, err
}

// CloseFile closes the objects opened through the file, and the file.
func CloseFile(id ID) error {
	return cross(func() C.int { return C.gf_file_close(C.hid_t(id)) }, nil)
}

// Flush writes out what the library still holds of the file.
func Flush(id ID) error {
	return cross(func() C.int { return C.gf_flush(C.hid_t(id)) }, nil)
}

// FlushAll flushes every file that is open for writing.
func FlushAll() error {
	if !used() {
		return nil
	}
	return sayLost(cross(func() C.int { return C.gf_flush_all() }, nil))
}

// CloseAll closes every file and object, whoever opened it, and the library. Calls may follow: they
// start the library again.
func CloseAll() error {
	if !used() {
		return nil
	}
	return sayLost(cross(func() C.int {
		eras.Add(1)
		return C.gf_close_all()
	}, nil))
}

// used reports whether the library was ever called from here.
func used() bool {
	yes := false
	Locked(func() { yes = state.checked })
	return yes
}

// Close gives up an id of any kind. An id that is closed already is no error.
func Close(id ID) error {
	return cross(func() C.int { return C.gf_close(C.hid_t(id)) }, nil)
}
