package libhdf5

// #include "shim.h"
import "C"

// FilterAbilities says whether the library, or a plug-in that it finds, can undo and apply a filter.
func FilterAbilities(number int) (decodes, encodes bool, err error) {
	err = cross(func() C.int { return C.gf_filter(C.int64_t(number)) }, func(r *reader) {
		decodes, encodes = r.bool(), r.bool()
	})
	return decodes, encodes, err
}
