package h5

import (
	"fmt"

	"gofive/h5/internal/libhdf5"
)

// DatasetCreate says how a new dataset is stored.
type DatasetCreate struct {
	Chunks     Shape // default: one piece; a guess when a filter or MaxShape needs chunks
	MaxShape   Shape // default: the shape; Unlimited for an axis that can grow
	Gzip       int   // level 1 to 9; default 0, not compressed
	Shuffle    bool  // sort the bytes of numbers by place before compressing
	Fletcher32 bool  // a checksum for each chunk
	Fill       any   // a number for elements never written; default 0
	AllocTime  AllocTime
}

// AllocTime is when a dataset takes its space in the file.
type AllocTime uint8

const (
	// AllocDefault takes space when it is written to, and all at once for a dataset in one piece.
	AllocDefault AllocTime = iota
	// AllocEarly takes all space when the dataset is made.
	AllocEarly
	// AllocLate takes all space when something is written.
	AllocLate
	// AllocIncremental takes space for a chunk when it is written.
	AllocIncremental
)

// DatasetAccess says how a dataset is opened.
type DatasetAccess struct {
	Cache ChunkCache // default: the file's, see FileAccess
}

func (c DatasetCreate) filtered() bool { return c.Gzip > 0 || c.Shuffle || c.Fletcher32 }

// properties are the settings in the library's words, filters in the order in which chunks go through
// them.
func (c DatasetCreate) properties() ([]libhdf5.Property, error) {
	var out []libhdf5.Property
	if c.Gzip < 0 || c.Gzip > 9 {
		return nil, &Error{Kind: ErrRange, Reason: fmt.Sprintf("gzip level %d", c.Gzip), Hint: "levels are 1 to 9"}
	}
	if c.Chunks != nil {
		lengths := make([]any, len(c.Chunks))
		for i, n := range c.Chunks {
			lengths[i] = n
		}
		out = append(out, libhdf5.Set("chunk", lengths...))
	}
	if c.AllocTime != AllocDefault {
		out = append(out, libhdf5.Set("alloc_time", int(c.AllocTime)))
	}
	if c.Shuffle {
		out = append(out, libhdf5.Set("shuffle"))
	}
	if c.Gzip > 0 {
		out = append(out, libhdf5.Set("deflate", c.Gzip))
	}
	if c.Fletcher32 {
		out = append(out, libhdf5.Set("fletcher32"))
	}
	return out, nil
}

func (a DatasetAccess) properties() ([]libhdf5.Property, error) {
	return a.Cache.property("chunk_cache"), a.Cache.check()
}
