package h5

import (
	"fmt"
	"runtime"

	"gofive/h5/internal/libhdf5"
)

// FromID gives the file, group, dataset or committed type that another package has open in the same
// HDF5 library, by the library's id. What comes back has ids of its own, on the file opened once more:
// either side closes what it has, and the file is closed with the last of them. The library's id must be
// that of an open object; one without a path in its file, as an object that was deleted, is an error.
func FromID(id int64) (Object, error) {
	const op = "take over object"
	foreign, err := libhdf5.Adopt(libhdf5.ID(id))
	if err != nil {
		e := failed(op, fmt.Sprint(id), "", err)
		e.Hint = "is it open, and a file, a group, a dataset or a committed datatype?"
		return nil, e
	}
	f := newFile(foreign.File, foreign.Name, foreign.Writable)
	switch foreign.Path {
	case "/":
		return f, nil
	case "":
		f.Close()
		return nil, &Error{Op: op, Name: fmt.Sprint(id), File: foreign.Name, Kind: ErrNotFound, Reason: "the object has no path in its file"}
	}
	return f.Get(foreign.Path)
}

// LendID gives an id of the library for an open object to another package, which has to close it:
// closing it there closes nothing here.
func LendID(o Object) (int64, error) {
	const op = "lend object"
	if o.ID() < 0 {
		return 0, &Error{Op: op, Name: o.Path(), Kind: ErrClosed, Reason: "it is closed", Hint: "get it from the file again"}
	}
	defer runtime.KeepAlive(o)
	id, err := libhdf5.Lend(libhdf5.ID(o.ID()))
	if err != nil {
		return 0, failed(op, o.Path(), o.File().Filename(), err)
	}
	return int64(id), nil
}
