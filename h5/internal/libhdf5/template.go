package libhdf5

// #include "shim.h"
import "C"

// CopyTemplate is Copy of an object, but for the values of datasets in one piece when all datasets below it are such, and
// the file was opened with holes: they only get their space.
func CopyTemplate(from, loc ID, to string) error {
	name := cstring(to)
	return cross(func() C.int { return C.gf_copy_template(C.hid_t(from), C.hid_t(loc), name) }, nil)
}

// CopyValues copies the values that CopyTemplate may have left out.
func CopyValues(from, to ID) error {
	return cross(func() C.int { return C.gf_copy_values(C.hid_t(from), C.hid_t(to)) }, nil)
}
