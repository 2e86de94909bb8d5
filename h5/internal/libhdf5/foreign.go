package libhdf5

// #include "shim.h"
import "C"

// Foreign is where an object lies that somebody else opened.
type Foreign struct {
	File     ID // open once more, for the caller to close
	Name     string
	Writable bool
	Path     string // in the file; empty for what has no name there
}

// Adopt finds out where an object lies. Its own id stays with whoever opened it.
func Adopt(obj ID) (Foreign, error) {
	var f Foreign
	var id C.hid_t
	err := cross(func() C.int { return C.gf_adopt(C.hid_t(obj), &id) }, func(r *reader) {
		f = Foreign{File: ID(id), Name: r.str(), Writable: r.bool(), Path: r.str()}
	})
	return f, err
}

// Lend gives an id of the same object that its taker has to close.
func Lend(obj ID) (ID, error) {
	var id C.hid_t
	err := cross(func() C.int { return C.gf_lend(C.hid_t(obj), &id) }, nil)
	return ID(id), err
}
