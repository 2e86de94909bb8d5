package libhdf5

// #include "shim.h"
import "C"

import (
	"runtime"
	"slices"
	"unsafe"
)

// Selection is what of a dataset is meant: a *Hyperslab or *Points.
type Selection interface {
	selection() C.gf_selection
}

// Hyperslab is a regular selection: Count blocks an axis, Stride apart, from Start. All are as long as
// the dataset has axes; strides are positive. Block is nil for blocks of a single place. A nil
// *Hyperslab selects everything.
type Hyperslab struct {
	Start, Stride, Count, Block []int
}

func (h *Hyperslab) selection() C.gf_selection {
	if h == nil {
		return C.gf_selection{}
	}
	return C.gf_selection{rank: C.int(len(h.Start)), sizes: asSizes(h.sizes())}
}

func (h *Hyperslab) sizes() []int {
	n := len(h.Start)
	sizes := make([]int, 0, 4*n+1) // never without memory: scalars have no axes
	sizes = append(append(append(sizes, h.Start...), h.Stride...), h.Count...)
	for i := range n {
		sizes = append(sizes, h.BlockOf(i))
	}
	return sizes
}

// BlockOf is the length of a block on an axis.
func (h *Hyperslab) BlockOf(axis int) int {
	if h.Block == nil {
		return 1
	}
	return h.Block[axis]
}

// Places is how many places of an axis are selected.
func (h *Hyperslab) Places(axis int) int { return h.Count[axis] * h.BlockOf(axis) }

// Len is the number of elements.
func (h *Hyperslab) Len() int { return Product(append(slices.Clone(h.Count), h.Block...)) }

// Part is the same with only some of the blocks of an axis.
func (h *Hyperslab) Part(axis, from, n int) *Hyperslab {
	out := &Hyperslab{slices.Clone(h.Start), slices.Clone(h.Stride), slices.Clone(h.Count), slices.Clone(h.Block)}
	out.Start[axis] += from * h.Stride[axis]
	out.Count[axis] = n
	return out
}

// Points are single elements, in the order of their coordinates: Rank numbers each.
type Points struct {
	Rank        int
	Coordinates []int
}

func (p *Points) selection() C.gf_selection {
	return C.gf_selection{rank: C.int(p.Rank), npoints: C.size_t(len(p.Coordinates) / p.Rank), sizes: asSizes(p.Coordinates)}
}

// asSizes is the same memory in C's type: both have 64 bits, and nothing here is negative.
func asSizes(v []int) *C.hsize_t { return (*C.hsize_t)(unsafe.Pointer(unsafe.SliceData(v))) }

// Read fills dst with n elements in the native form mem, which must have no pointers. dst must have
// room for them.
func Read(dset, mem ID, s Selection, n int, dst unsafe.Pointer) error {
	sel := s.selection()
	defer runtime.KeepAlive(dst)
	return cross(func() C.int {
		return C.gf_read(C.hid_t(dset), C.hid_t(mem), sel, C.hsize_t(n), address(dst))
	}, nil)
}

// ReadHeld reads n elements into memory of the library, offers it to use, and gives it back.
func ReadHeld(dset, mem ID, s Selection, n int, use func(p unsafe.Pointer)) error {
	sel := s.selection()
	return cross(func() C.int {
		return C.gf_read_held(C.hid_t(dset), C.hid_t(mem), sel, C.hsize_t(n))
	}, func(r *reader) { use(r.pointer()) })
}

// Runs are the places of each axis as start, stride and count of one run after the other. They mean
// all combinations, which in memory are one block.
type Runs [][]int

func (r Runs) flat() (n []C.size_t, runs []int) {
	for _, axis := range r {
		n = append(n, C.size_t(len(axis)/3))
		runs = append(runs, axis...)
	}
	return n, runs
}

// ReadRuns is Read for runs.
func ReadRuns(dset, mem ID, r Runs, dst unsafe.Pointer) error {
	n, runs := r.flat()
	defer runtime.KeepAlive(dst)
	return cross(func() C.int {
		return C.gf_read_runs(C.hid_t(dset), C.hid_t(mem), C.int(len(r)), unsafe.SliceData(n), asSizes(runs), address(dst))
	}, nil)
}

// Write writes n elements, the first of d.
func Write(dset ID, s Selection, n int, d Data) error {
	sel, code := s.selection(), d.Type.code(nil)
	defer runtime.KeepAlive(d.Bytes)
	return cross(func() C.int {
		return C.gf_write(C.hid_t(dset), bytePointer(code), C.size_t(len(code)), sel, C.hsize_t(n), address(d.Bytes),
			slotPointer(d.Slots), C.size_t(len(d.Slots)))
	}, nil)
}

// WriteRuns is Write for runs, one by one or all together in one selection: that takes time that grows
// with the square of their number, and touches each chunk only once.
func WriteRuns(dset ID, r Runs, together bool, d Data) error {
	n, runs := r.flat()
	code := d.Type.code(nil)
	defer runtime.KeepAlive(d.Bytes)
	return cross(func() C.int {
		return C.gf_write_runs(C.hid_t(dset), bytePointer(code), C.size_t(len(code)), C.int(len(r)), unsafe.SliceData(n),
			asSizes(runs), C.int(flag(together)), address(d.Bytes), slotPointer(d.Slots), C.size_t(len(d.Slots)))
	}, nil)
}
