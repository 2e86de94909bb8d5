package h5

import (
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"sync/atomic"

	"gofive/h5/internal/libhdf5"
)

// File is an open HDF5 file, and its root group.
type File struct{ container }

// fileState is what all objects of an open file share. It is closed by Close, by CloseAll, or when
// the last of them is garbage collected.
type fileState struct {
	id       libhdf5.ID
	path     string
	writable bool
	shared   bool         // with a writer elsewhere: shapes may change at any time
	ranks    Ranks        // that have it open together; nil for one process
	mpio     bool         // by MPI-IO, and not each for itself
	fate     atomic.Int32 // see closeTogether
	era      int64        // of the library, in which it was opened
	closed   atomic.Bool
	cleanup  runtime.Cleanup
	plain    plainFile
}

// modes are the ways of opening, in Python's words.
var modes = map[string]libhdf5.Mode{
	"r": libhdf5.ReadOnly, "r+": libhdf5.ReadWrite, "w": libhdf5.Truncate,
	"w-": libhdf5.Exclusive, "x": libhdf5.Exclusive, "a": libhdf5.ReadWrite,
}

// Open opens a file for reading.
func Open(path string, opts ...Option) (*File, error) { return OpenFile(path, "r", opts...) }

// Create makes a file for writing; one that exists is emptied.
func Create(path string, opts ...Option) (*File, error) { return OpenFile(path, "w", opts...) }

// OpenFile opens a file: "r" to read; "r+" to read and write, it must exist; "w" to write it anew;
// "x" or "w-" to make it, it must not exist; "a" to read and write, made if it does not exist.
func OpenFile(path, mode string, opts ...Option) (*File, error) {
	m, ok := modes[mode]
	op := opening(m)
	if !ok {
		return nil, &Error{Op: op, File: path, Kind: ErrType, Reason: fmt.Sprintf("unknown mode %q", mode), Hint: `use "r", "r+", "w", "x" or "a"`}
	}
	takes := []Option{FileAccess{}}
	if mode != "r" && mode != "r+" {
		takes = append(takes, FileCreate{})
	}
	c, err := choose(op, path, opts, takes...)
	if err != nil {
		return nil, err
	}
	if _, ok := c.fileAccess.Driver.(Parallel); ok {
		return openTogether(path, mode, m, c)
	}
	return openChosen(path, mode, m, c)
}

// openChosen opens a file of this process alone.
func openChosen(path, mode string, m libhdf5.Mode, c choices) (*File, error) {
	how, err := c.opening(m)
	if err != nil {
		return nil, because(opening(m), "", path, err)
	}
	return openWith(path, mode, how, c.fileAccess)
}

// opening names what is done in messages.
func opening(m libhdf5.Mode) string {
	if m >= libhdf5.Truncate {
		return "create file"
	}
	return "open file"
}

// opening is how the library is to open or make a file.
func (c *choices) opening(m libhdf5.Mode) (libhdf5.Opening, error) {
	access, err := c.fileAccess.properties()
	if err != nil {
		return libhdf5.Opening{}, err
	}
	create, err := c.fileCreate.properties()
	return libhdf5.Opening{Mode: m, SWMR: c.fileAccess.SWMR,
		Access: c.with(c.fileAccess, access), Create: c.with(c.fileCreate, create)}, err
}

// openWith looks for the plain reasons why a file cannot be opened, and opens it.
func openWith(path, mode string, o libhdf5.Opening, access FileAccess) (*File, error) {
	first := path
	if access.Driver != nil {
		first = access.Driver.first(path)
	}
	if o.Mode < libhdf5.Truncate {
		if err := lookAtFile(opening(o.Mode), first, mode); err != nil {
			if mode != "a" || !errors.Is(err, fs.ErrNotExist) {
				return nil, err
			}
			o.Mode = libhdf5.Exclusive
		}
	}
	op := opening(o.Mode)
	if o.SWMR && o.Mode >= libhdf5.Truncate {
		return nil, &Error{Op: op, File: path, Kind: ErrType, Reason: "a file that is made has nobody to share it with yet",
			Hint: "make it with Libver: h5.Latest, create its datasets, then call f.StartSWMR()"}
	}
	id, err := libhdf5.OpenFile(path, o)
	if err != nil {
		return nil, explainOpen(op, path, o.Mode, err)
	}
	f := newFile(id, path, o.Mode != libhdf5.ReadOnly)
	f.h.file.shared = o.SWMR
	return f, nil
}

func newFile(id libhdf5.ID, path string, writable bool) *File {
	s := &fileState{id: id, path: path, writable: writable, era: libhdf5.Era()}
	s.cleanup = runtime.AddCleanup(s, libhdf5.Abandon, libhdf5.NewLease(id))
	register(s)
	return fileOf(s)
}

func fileOf(s *fileState) *File {
	return &File{container{object{h: &handle{id: s.id, file: s, root: true}, path: "/"}}}
}

// check fails when the file is closed.
func (s *fileState) check(op, name string) error {
	if s.isClosed() {
		return &Error{Op: op, Name: name, File: s.path, Kind: ErrClosed, Reason: "the file is closed", Hint: "open it again"}
	}
	return nil
}

func (s *fileState) isClosed() bool { return s.closed.Load() || s.era != libhdf5.Era() }

// Close closes the file and everything opened through it. Closing twice is harmless.
func (f *File) Close() error {
	s := f.h.file
	if s.ranks != nil && !s.isClosed() {
		return because("close file", "", s.path, s.closeTogether())
	}
	if s.isClosed() || s.closed.Swap(true) {
		return nil
	}
	s.cleanup.Stop()
	s.plain.close()
	defer filesChanged()
	if err := libhdf5.CloseFile(s.id); err != nil {
		return failed("close file", "", s.path, err)
	}
	return nil
}

// Flush writes out what HDF5 still holds in memory.
func (f *File) Flush() error {
	if _, err := f.useFor("flush file", ""); err != nil {
		return err
	}
	defer runtime.KeepAlive(f.h.file)
	done, err := f.together("flush file", "", nil)
	defer done()
	if err != nil {
		return err
	}
	if err := libhdf5.Flush(f.h.id); err != nil {
		return failed("flush file", "", f.h.file.path, err)
	}
	return nil
}

// FlushAll flushes every file that is open for writing, whoever opened it, but for files of several ranks:
// to flush those is for all ranks together.
func FlushAll() error {
	if err := libhdf5.FlushAll(); err != nil {
		return failed("flush all files", "", "", err)
	}
	return nil
}

// CloseAll closes every file and the HDF5 library: the last call of a program, and of one that ends
// by a signal. Files and objects that are still in variables are closed then. Files of several ranks are
// closed when the other ranks come to close them too, and given up when they do not within five seconds.
// A library in which this process waits for another rank is left as it is.
func CloseAll() error {
	err := closeShared()
	if errors.Is(err, errWaits) {
		return err
	}
	if all := libhdf5.CloseAll(); all != nil {
		err = errors.Join(err, failed("close all files", "", "", all))
	}
	return err
}

// Filename is the path the file was opened by.
func (f *File) Filename() string { return f.h.file.path }

// Writable reports whether the file was opened for writing.
func (f *File) Writable() bool { return f.h.file.writable }

// IsOpen reports whether the file can still be used.
func (f *File) IsOpen() bool { return !f.h.file.isClosed() }

// String says what the file is and what its root group holds.
func (f *File) String() string {
	s := f.h.file
	if s.isClosed() {
		return fmt.Sprintf("file %q (closed)", s.path)
	}
	mode := "read-only"
	if s.writable {
		mode = "read and write"
	}
	return fmt.Sprintf("file %q (%s), %s", s.path, mode, f.container.String())
}
