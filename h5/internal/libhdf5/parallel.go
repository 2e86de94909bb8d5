package libhdf5

// #include "shim.h"
import "C"

import (
	"runtime"
	"unsafe"
)

// HasParallel reports whether the library can open files for several ranks of an MPI job.
func HasParallel() bool { return C.gf_has_parallel() != 0 }

// SetAtomic makes writes to a file that several ranks have open appear whole and at once to the others.
// All ranks call it.
func SetAtomic(file ID, on bool) error {
	return cross(func() C.int { return C.gf_set_atomic(C.hid_t(file), C.int(flag(on))) }, nil)
}

// Atomic is what SetAtomic has set.
func Atomic(file ID) (bool, error) {
	var on C.int
	err := cross(func() C.int { return C.gf_get_atomic(C.hid_t(file), &on) }, nil)
	return on != 0, err
}

// GiveUp takes a file for closed that the other ranks do not come to close. The library is not called for it
// any more, and what it held of the file is lost.
func GiveUp(file ID) error {
	return cross(func() C.int { return C.gf_give_up(C.hid_t(file)) }, nil)
}

// Together is how a transfer went that all ranks made at once.
type Together struct {
	Mode          int    // H5D_mpio_actual_io_mode_t: 0 when nothing was collective
	Local, Global uint32 // why not, as H5Pget_mpio_no_collective_cause says it for this rank, and for all
}

// Places is what one rank has of a transfer that all make at once: N elements, of Selection or else of Runs.
type Places struct {
	Selection Selection
	Runs      Runs
	N         int
}

// part gives the same to C. What it points to is Go's.
func (p *Places) part() C.gf_part {
	c := C.gf_part{nelem: C.hsize_t(p.N)}
	switch {
	case p.N == 0:
	case p.Runs != nil:
		n, runs := p.Runs.flat()
		c.runs = C.gf_runs{rank: C.int(len(p.Runs)), n: unsafe.SliceData(n), runs: asSizes(runs)}
	default:
		c.sel = p.Selection.selection()
	}
	return c
}

// WriteTogether writes the elements of d, all ranks at once. Their type is converted to that of the file
// first: the library would not write together otherwise. d must have no pointers.
func WriteTogether(dset ID, p Places, d Data) (Together, error) {
	part, code := p.part(), d.Type.code(nil)
	defer runtime.KeepAlive(d.Bytes)
	return together(func() C.int {
		return C.gf_write_together(C.hid_t(dset), bytePointer(code), C.size_t(len(code)), part, address(d.Bytes))
	})
}

// ReadTogether fills dst with elements in the native form mem, all ranks at once.
func ReadTogether(dset, mem ID, p Places, dst unsafe.Pointer) (Together, error) {
	part := p.part()
	defer runtime.KeepAlive(dst)
	return together(func() C.int { return C.gf_read_together(C.hid_t(dset), C.hid_t(mem), part, address(dst)) })
}

func together(op func() C.int) (t Together, err error) {
	err = cross(op, func(r *reader) { t = Together{r.int(), uint32(r.int()), uint32(r.int())} })
	return t, err
}
