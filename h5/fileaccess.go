package h5

import (
	"fmt"

	"gofive/h5/internal/libhdf5"
)

// FileAccess says how to open a file.
type FileAccess struct {
	// Libver is the oldest file format that what is made may be written in; the default is Earliest.
	// With Latest the library takes the newest for everything.
	Libver Libver
	// LibverMax is the newest file format that may be used; the default is what the library knows.
	LibverMax Libver
	// Driver is how the file lies on disk or in memory; the default is one plain file, Sec2.
	Driver Driver
	// SWMR opens a file that another process writes at the same time (single writer, multiple
	// readers); in mode "r+" it makes this process the writer. Such a file is in the Latest format.
	SWMR bool
	// Locking overrides the environment's HDF5_USE_FILE_LOCKING.
	Locking Locking
	// Cache keeps chunks of each dataset in memory; the default is 16 MB, and nothing in a file that several
	// ranks write: a rank would read in its cache what others have written over meanwhile.
	Cache ChunkCache
}

// Libver is a version of the file format, named after the library that brought it.
type Libver uint8

// The versions.
const (
	// Earliest is the format that every HDF5 library reads. A file left open by a process that was
	// killed can be opened again. It is the default.
	Earliest Libver = iota
	V18
	V110
	V112
	V114
	// Latest is the newest format of the library: large attributes, faster big groups, SWMR.
	Latest Libver = 255
)

// Locking is whether a file is locked while it is open, against writers elsewhere.
type Locking uint8

// The ways of locking.
const (
	LockDefault    Locking = iota // as HDF5_USE_FILE_LOCKING says: on, unless it is set
	LockOn                        // refuse a file that is locked, or where locks do not work
	LockOff                       // look at no lock: nobody may write the file meanwhile
	LockBestEffort                // lock, but go on where the file system has no locks
)

// ChunkCache is the memory in which inflated chunks wait to be asked for again, for each open dataset.
type ChunkCache struct {
	Bytes      int     // default 16 MB
	Slots      int     // places in its hash table, best a prime number; default by the number of chunks of 64 KB that fit
	Preemption float64 // 0 to 1, how much rather fully read chunks are dropped; default 0.75
}

func (c ChunkCache) property(name string) []libhdf5.Property {
	if c == (ChunkCache{}) {
		return nil
	}
	if c.Bytes == 0 {
		c.Bytes = 16 << 20
	}
	if c.Slots == 0 {
		c.Slots = max(1009, c.Bytes>>16*10|1)
	}
	if c.Preemption == 0 {
		c.Preemption = 0.75
	}
	return []libhdf5.Property{libhdf5.Set(name, c.Slots, c.Bytes, c.Preemption)}
}

func (c ChunkCache) check() error {
	if c.Bytes < 0 || c.Slots < 0 || c.Preemption < 0 || c.Preemption > 1 {
		return &Error{Kind: ErrRange, Reason: fmt.Sprintf("chunk cache %+v", c), Hint: "sizes are positive, Preemption is 0 to 1"}
	}
	return nil
}

// bound is the library's number for a version, -1 for the newest.
func (v Libver) bound() int {
	if v == Latest {
		return -1
	}
	return int(v)
}

// properties are the settings in the library's words.
func (a FileAccess) properties() ([]libhdf5.Property, error) {
	if err := a.Cache.check(); err != nil {
		return nil, err
	}
	var out []libhdf5.Property
	if a.Driver != nil {
		p, err := a.Driver.property()
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	if a.Libver != 0 || a.LibverMax != 0 {
		high := a.LibverMax
		if high == 0 {
			high = Latest
		}
		if a.Libver > high {
			return nil, &Error{Kind: ErrRange, Reason: "Libver is newer than LibverMax"}
		}
		out = append(out, libhdf5.Set("libver_bounds", a.Libver.bound(), high.bound()))
	}
	switch a.Locking {
	case LockOn:
		out = append(out, libhdf5.Set("file_locking", 1, 0))
	case LockOff:
		out = append(out, libhdf5.Set("file_locking", 0, 0))
	case LockBestEffort:
		out = append(out, libhdf5.Set("file_locking", 1, 1))
	}
	return append(out, a.Cache.property("cache")...), nil
}
