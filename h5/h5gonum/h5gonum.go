// Package h5gonum goes between h5 and gonum.org/v1/hdf5, for people who have code for that: both use the
// same HDF5 library in one process, and know each other's objects by its ids.
//
//	old, err := hdf5.OpenFile("x.h5", hdf5.F_ACC_RDONLY)
//	f, err := h5gonum.From(old)  // a *h5.File
//	d, err := h5gonum.Dataset(f.Dataset("a/x"))
//
// Either side closes what it has; the file is closed with the last of them. That package does not take
// h5's lock: where the HDF5 library is not thread-safe, as the builds with MPI of Debian, put its calls into
// h5.Locked.
package h5gonum

import (
	"unsafe"

	"gofive/h5"
	"gonum.org/v1/hdf5"
)

// From gives the *h5.File, *h5.Group, *h5.Dataset or *h5.NamedType of an object of that package: anything
// with the library's id.
func From(x interface{ ID() int64 }) (h5.Object, error) { return h5.FromID(x.ID()) }

// File gives the file to that package; Close there closes nothing here.
func File(f *h5.File) (*hdf5.File, error) {
	id, err := lend(f)
	return &hdf5.File{CommonFG: hdf5.CommonFG{Identifier: id}}, err
}

// Group gives a group to that package.
func Group(g *h5.Group) (*hdf5.Group, error) {
	id, err := lend(g)
	return &hdf5.Group{CommonFG: hdf5.CommonFG{Identifier: id}}, err
}

// Dataset gives a dataset to that package.
func Dataset(d *h5.Dataset) (*hdf5.Dataset, error) {
	id, err := lend(d)
	return &hdf5.Dataset{Identifier: id}, err
}

// lend makes that package's identifier, which has one field and no function to set it.
func lend(o h5.Object) (out hdf5.Identifier, err error) {
	id, err := h5.LendID(o)
	if err == nil {
		*(*int64)(unsafe.Pointer(&out)) = id
	}
	return out, err
}

// An identifier must be no more than the library's number: else this does not compile.
var _ [unsafe.Sizeof(int64(0))]byte = [unsafe.Sizeof(hdf5.Identifier{})]byte{}
