package libhdf5

// #include "shim.h"
import "C"

// Part is a regular part of a dataspace; of each axis Count blocks, -1 without end.
type Part struct {
	Irregular                   bool // the rest says nothing then
	Start, Stride, Count, Block []int
}

// Mapping says where a part of a virtual dataset comes from.
type Mapping struct {
	File, Path string
	Into, From Part
}

// ExternalFile holds a part of a dataset; a Size of -1 has no end.
type ExternalFile struct {
	Path         string
	Offset, Size int
}

// Sources gives where the data of a virtual or external dataset are.
func Sources(dset ID) ([]Mapping, []ExternalFile, error) {
	var mappings []Mapping
	var files []ExternalFile
	err := cross(func() C.int { return C.gf_sources(C.hid_t(dset)) }, func(r *reader) {
		mappings = make([]Mapping, r.count(32))
		for i := range mappings {
			mappings[i] = Mapping{File: r.str(), Path: r.str(), Into: r.part(), From: r.part()}
		}
		files = make([]ExternalFile, r.count(24))
		for i := range files {
			files[i] = ExternalFile{r.str(), r.int(), r.int()}
		}
	})
	return mappings, files, err
}

func (r *reader) part() Part {
	rank := r.int()
	if rank < 0 || rank > 32 {
		return Part{Irregular: true}
	}
	return Part{false, r.ints(rank), r.ints(rank), r.ints(rank), r.ints(rank)}
}
