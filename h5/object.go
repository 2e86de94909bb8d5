package h5

import (
	"runtime"
	"strings"
	"sync/atomic"

	"gofive/h5/internal/libhdf5"
)

// Object is what a path in a file leads to: a *Group, a *Dataset or a *NamedType, or the *File for
// its root group.
type Object interface {
	// Path is where it was found.
	Path() string
	Kind() Kind
	File() *File
	Attr(name string) (*Attribute, error)
	Attrs() (Attributes, error)
	SetAttr(name string, v any) error
	SetAttrAs(name string, v any, t *Datatype) error
	DeleteAttr(name string) error
	Info() (ObjectInfo, error)
	// Close gives the object up; its file stays open. Nobody has to call it.
	Close() error
	// ID is the HDF5 library's number for it, -1 when it is closed.
	ID() int64
	String() string
}

// handle is an open object of the library. Copies of an object share it.
type handle struct {
	id      libhdf5.ID
	file    *fileState
	root    bool // the id is the file's own
	closed  atomic.Bool
	cleanup runtime.Cleanup
}

func newHandle(id libhdf5.ID, f *fileState) *handle {
	h := &handle{id: id, file: f}
	if f.ranks != nil {
		return h // the file's Close closes it: to close may be for all ranks, and they collect garbage at different times
	}
	h.cleanup = runtime.AddCleanup(h, libhdf5.Abandon, libhdf5.NewLease(id))
	return h
}

func (h *handle) isClosed() bool { return h.closed.Load() || h.file.isClosed() }

func (h *handle) close() error {
	if h.isClosed() || h.closed.Swap(true) {
		return nil
	}
	h.cleanup.Stop()
	return libhdf5.Close(h.id)
}

// object is what all objects are.
type object struct {
	h    *handle
	path string
}

// newObject wraps an open id.
func newObject(f *fileState, id libhdf5.ID, kind libhdf5.Kind, path string) (Object, error) {
	o := object{h: newHandle(id, f), path: path}
	switch kind {
	case libhdf5.KindGroup:
		return &Group{container{o}}, nil
	case libhdf5.KindDataset:
		return newCachedDataset(o)
	case libhdf5.KindDatatype:
		return newNamedType(o)
	}
	o.h.close()
	return nil, &Error{Op: "open", Name: path, File: f.path, Kind: ErrType, Reason: "it is neither a group, nor a dataset, nor a datatype"}
}

// use gives the id for a call, or says that the object is closed. The caller keeps o.h alive.
func (o *object) use(op string) (libhdf5.ID, error) { return o.useFor(op, o.path) }

// useFor is use for calls that concern something of the object: a path, an attribute; or nothing but the file.
func (o *object) useFor(op, name string) (libhdf5.ID, error) {
	if err := o.h.file.check(op, name); err != nil {
		return 0, err
	}
	if o.h.closed.Load() {
		what := "it"
		if name != o.path {
			what = o.path
		}
		return 0, &Error{Op: op, Name: name, File: o.h.file.path, Kind: ErrClosed, Reason: what + " is closed", Hint: "get it from the file again"}
	}
	return o.h.id, nil
}

// change is useFor for calls that change the file.
func (o *object) change(op, name string) (libhdf5.ID, error) {
	id, err := o.useFor(op, name)
	if err == nil && !o.h.file.writable {
		return 0, &Error{Op: op, Name: name, File: o.h.file.path, Kind: ErrReadOnly, Reason: "the file is open read-only", Hint: openForWriting}
	}
	return id, err
}

func (o *object) failed(op, name string, err error) *Error {
	return failed(op, name, o.h.file.path, err)
}

// Path is where the object was found: an object may have several paths.
func (o *object) Path() string { return o.path }

// Name is the last part of the path.
func (o *object) Name() string { return o.path[strings.LastIndexByte(o.path, '/')+1:] }

// File is the file the object was opened through.
func (o *object) File() *File {
	return fileOf(o.h.file)
}

// ID is the HDF5 library's number for the object, -1 when it is closed.
func (o *object) ID() int64 {
	if o.h.isClosed() {
		return -1
	}
	return int64(o.h.id)
}

// Close gives the object up. Closing twice is harmless.
func (o *object) Close() error {
	if err := o.h.close(); err != nil {
		return o.failed("close", o.path, err)
	}
	return nil
}

// Info describes the object without reading data.
func (o *object) Info() (ObjectInfo, error) {
	const op = "describe"
	id, err := o.use(op)
	if err != nil {
		return ObjectInfo{}, err
	}
	defer runtime.KeepAlive(o.h)
	stats, err := libhdf5.Describe(id, []libhdf5.Name{{Text: "."}}, libhdf5.NoAttributes, 0, nil)
	if err != nil {
		return ObjectInfo{}, o.failed(op, o.path, err)
	}
	if stats[0].Err != nil {
		return ObjectInfo{}, o.failed(op, o.path, stats[0].Err)
	}
	return newObjectInfo(&stats[0], o.h.file), nil
}

// join puts a path behind another.
func join(base, path string) string {
	if path != "" && path != "." && strings.IndexByte(path, '/') < 0 { // a name: nothing to clean
		if base == "/" {
			return base + path
		}
		return base + "/" + path
	}
	if strings.HasPrefix(path, "/") {
		return clean(path)
	}
	return clean(base + "/" + path)
}

// clean removes doubled and trailing slashes and "." parts; HDF5 knows no "..".
func clean(path string) string {
	var parts []string
	for _, p := range strings.Split(path, "/") {
		if p != "" && p != "." {
			parts = append(parts, p)
		}
	}
	return "/" + strings.Join(parts, "/")
}
