package libhdf5

// #include "shim.h"
import "C"

// CreateGroup makes a group, and the groups on the way to it.
func CreateGroup(loc ID, path string, create []Property) (ID, error) {
	name := cstring(path)
	code := encodeProperties(create)
	var id C.hid_t
	err := cross(func() C.int {
		return C.gf_group_create(C.hid_t(loc), name, bytePointer(code), C.size_t(len(code)), &id)
	}, nil)
	return ID(id), err
}

// Delete removes a link; the object goes with its last link.
func Delete(loc ID, path string) error {
	name := cstring(path)
	return cross(func() C.int { return C.gf_delete(C.hid_t(loc), name) }, nil)
}

// Move renames a link.
func Move(loc ID, from, to string) error {
	old := cstring(from)
	name := cstring(to)
	return cross(func() C.int { return C.gf_move(C.hid_t(loc), old, name) }, nil)
}

// LinkTo makes another name for an open object.
func LinkTo(target, loc ID, path string) error {
	name := cstring(path)
	return cross(func() C.int { return C.gf_link_hard(C.hid_t(target), C.hid_t(loc), name) }, nil)
}

// LinkToPath makes a soft link; the target need not exist.
func LinkToPath(target string, loc ID, path string) error {
	to := cstring(target)
	name := cstring(path)
	return cross(func() C.int { return C.gf_link_soft(to, C.hid_t(loc), name) }, nil)
}

// LinkToFile makes an external link; the target need not exist.
func LinkToFile(file, target string, loc ID, path string) error {
	cfile := cstring(file)
	to := cstring(target)
	name := cstring(path)
	return cross(func() C.int { return C.gf_link_external(cfile, to, C.hid_t(loc), name) }, nil)
}
