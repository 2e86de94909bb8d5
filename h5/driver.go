package h5

import (
	"fmt"
	"strings"

	"gofive/h5/internal/libhdf5"
)

// Driver is how a file lies on disk or in memory: Sec2, Core, Family, Split, Direct, Stdio or Holes.
type Driver interface {
	property() (libhdf5.Property, error)
	// first is the file that has to be there when path is opened.
	first(path string) string
}

// Sec2 is a plain file, read and written by the system's own calls: the default.
type Sec2 struct{}

// Core keeps the whole file in memory. A file that is opened is read at once; with BackingStore it is
// written back when it is closed, without it what was written is gone then, save what File.Image gives.
type Core struct {
	BackingStore bool
	Increment    int // bytes by which memory grows; default 1 MB
}

// Family cuts a file into parts of the same size. The path holds a place for the part's number, such
// as "big%03d.h5".
type Family struct {
	Member int // bytes of a part; default 2 GB - 1, the most that every file system takes
}

// Split keeps what describes the data, and the data, in two files: the path with Meta and with Raw
// behind it, by default "-m.h5" and "-r.h5".
type Split struct {
	Meta, Raw string
}

// Direct goes around the system's page cache. Few HDF5 libraries are built with it.
type Direct struct {
	Alignment, Block, Buffer int // bytes; default 4 KB, 4 KB, 16 MB
}

// Stdio reads and writes by C's buffered files.
type Stdio struct{}

// Holes is Sec2 for a file whose larger values others write later, ranks together for instance. CopyObject{Template: true}
// leaves them out here; what is not written then reads as zero.
type Holes struct{}

func (Sec2) first(path string) string   { return path }
func (Core) first(path string) string   { return path }
func (Direct) first(path string) string { return path }
func (Stdio) first(path string) string  { return path }
func (Holes) first(path string) string  { return path }

func (Family) first(path string) string {
	return strings.TrimSuffix(fmt.Sprintf(path, 0), "%!(EXTRA int=0)")
}

func (s Split) first(path string) string {
	meta, _ := s.names()
	return path + meta
}

func (s Split) names() (meta, raw string) {
	return or(s.Meta, "-m.h5"), or(s.Raw, "-r.h5")
}

func or[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}

func (Sec2) property() (libhdf5.Property, error)  { return libhdf5.Set("fapl_sec2"), nil }
func (Stdio) property() (libhdf5.Property, error) { return libhdf5.Set("fapl_stdio"), nil }

func (Holes) property() (libhdf5.Property, error) { return libhdf5.Set("fapl_holes"), nil }

func (c Core) property() (libhdf5.Property, error) {
	return libhdf5.Set("fapl_core", or(c.Increment, 1<<20), truth(c.BackingStore)), positive("Core.Increment", c.Increment)
}

func (f Family) property() (libhdf5.Property, error) {
	return libhdf5.Set("fapl_family", or(f.Member, 1<<31-1)), positive("Family.Member", f.Member)
}

func (s Split) property() (libhdf5.Property, error) {
	meta, raw := s.names()
	p := libhdf5.Set("fapl_split", meta, raw)
	if err := p.Check(); err != nil {
		return p, &Error{Kind: ErrType, Reason: err.Error()}
	}
	return p, nil
}

func (d Direct) property() (libhdf5.Property, error) {
	return libhdf5.Set("fapl_direct", or(d.Alignment, 4096), or(d.Block, 4096), or(d.Buffer, 16<<20)),
		positive("Direct's sizes", min(d.Alignment, d.Block, d.Buffer))
}

func positive(what string, n int) error {
	if n < 0 {
		return &Error{Kind: ErrRange, Reason: fmt.Sprintf("%s is %d", what, n), Hint: "give a number of bytes"}
	}
	return nil
}
