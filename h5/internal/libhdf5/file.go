package libhdf5

// #include <stdlib.h>
// #include "shim.h"
import "C"

import "unsafe"

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

// cstring copies s to C memory, which the caller frees.
func cstring(s string) (*C.char, func()) {
	p := C.CString(s)
	return p, func() { C.free(unsafe.Pointer(p)) }
}

// OpenFile opens or makes a file. With latest, the newest file format is used for what is made.
func OpenFile(path string, mode Mode, latest bool) (ID, error) {
	name, free := cstring(path)
	defer free()
	access := C.gf_access{mode: C.int(mode), latest: C.int(flag(latest))}
	var id C.hid_t
	err := cross(func() C.int { return C.gf_file_open(name, &access, &id) }, nil)
	return ID(id), err
}

// Recover clears the mark of a writer that ended without closing the file, and opens it for writing.
func Recover(path string) (ID, error) {
	name, free := cstring(path)
	defer free()
	access := C.gf_access{mode: C.int(ReadWrite), clear: 1}
	var id C.hid_t
	err := cross(func() C.int { return C.gf_file_open(name, &access, &id) }, nil)
	return ID(id), err
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
	return cross(func() C.int { return C.gf_flush_all() }, nil)
}

// CloseAll closes every file and object, whoever opened it, and the library. Calls may follow: they
// start the library again.
func CloseAll() error {
	if !used() {
		return nil
	}
	return cross(func() C.int {
		eras.Add(1)
		return C.gf_close_all()
	}, nil)
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
