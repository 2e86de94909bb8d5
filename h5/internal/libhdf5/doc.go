// Package libhdf5 is the only code that calls the HDF5 library.
//
// Its calls are coarse: one crossing into C lists a group, describes a page of objects, or reads a
// selection. There are only a few types here: an ID is an open object of the library, a Type is a
// datatype as a tree, a Space an extent, a Stat the description of an object, and an Error carries
// the library's own explanation, innermost reason first.
//
// Every call goes through one door (lock.go) that holds the one lock; nothing here runs before the
// first of them, and the first refuses a library that does not fit the headers of the build.
// Nothing here knows about paths in messages, hints or Go values: that is package h5.
package libhdf5
