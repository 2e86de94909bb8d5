package libhdf5

// #include "shim.h"
import "C"

// Copy copies an open object, with everything below it, to a path at loc.
func Copy(from, loc ID, to string, copying []Property) error {
	name := cstring(to)
	code := encodeProperties(copying)
	return cross(func() C.int {
		return C.gf_copy(C.hid_t(from), C.hid_t(loc), name, bytePointer(code), C.size_t(len(code)))
	}, nil)
}
