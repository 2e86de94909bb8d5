package libhdf5

// #include "shim.h"
import "C"

import (
	"bytes"
	"unsafe"
)

// The bytes of references in memory.
const (
	objectReference = 8
	regionReference = 12
)

// MakeReference makes a reference to an object.
func MakeReference(obj ID) ([]byte, error) {
	ref := make([]byte, objectReference)
	return ref, cross(func() C.int { return C.gf_reference_make(C.hid_t(obj), unsafe.Pointer(unsafe.SliceData(ref))) }, nil)
}

// MakeRegion makes a reference to points of a dataset, or without points to the union of hyperslabs.
func MakeRegion(dset ID, rank int, slabs []*Hyperslab, points *Points) ([]byte, error) {
	var all []int
	for _, h := range slabs {
		all = append(all, h.sizes()...)
	}
	sel := C.gf_selection{rank: C.int(rank), sizes: asSizes(append(all, 0))}
	if points != nil && len(points.Coordinates) > 0 {
		sel = points.selection()
	}
	ref := make([]byte, regionReference)
	return ref, cross(func() C.int {
		return C.gf_region_make(C.hid_t(dset), sel, C.size_t(len(slabs)), unsafe.Pointer(unsafe.SliceData(ref)))
	}, nil)
}

// RegionKind says how a region is given.
type RegionKind int

// The kinds of regions.
const (
	RegionNone RegionKind = iota
	RegionAll
	RegionSlab   // start, stride, count and block, Rank numbers each
	RegionBlocks // of each the first and the last corner
	RegionPoints
)

// Region is what a region reference selects.
type Region struct {
	Kind    RegionKind
	Rank    int
	Numbers []int
}

// ReadRegion says what a region reference selects. loc is anything in its file.
func ReadRegion(loc ID, ref []byte) (Region, error) {
	var out Region
	ref = bytes.Clone(ref) // alone in its memory, as cgo wants it
	err := cross(func() C.int { return C.gf_region(C.hid_t(loc), unsafe.Pointer(unsafe.SliceData(ref))) }, func(r *reader) {
		out.Kind, out.Rank = RegionKind(r.u8()), r.int()
		out.Numbers = r.ints(r.count(8))
	})
	return out, err
}
