package libhdf5

// #include "shim.h"
import "C"

// Plain says where in its file the data of a contiguous dataset begin, when they may be read there
// without the library; at is -1 when they may not. With wantFile it opens the file once more: fd is the
// caller's to close.
func Plain(file, dset ID, wantFile bool) (at int64, fd int, err error) {
	at, fd = -1, -1
	err = cross(func() C.int { return C.gf_plain(C.hid_t(file), C.hid_t(dset), C.int(flag(wantFile))) }, func(r *reader) {
		at, fd = r.i64(), r.int()
	})
	return at, fd, err
}
