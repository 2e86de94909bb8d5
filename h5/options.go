package h5

import "fmt"

// Option is a choice that a call takes: a FileAccess, a DatasetCreate. Several are merged; a later
// field that is not zero wins.
type Option interface{ option() }

// Libver is the file format that new objects are written in.
type Libver uint8

const (
	// Earliest is the format that every HDF5 library reads. A file left open by a process that was
	// killed can be opened again. It is the default.
	Earliest Libver = iota
	// Latest is the newest format of the library: large attributes, faster big groups.
	Latest
)

// FileAccess says how to open a file.
type FileAccess struct {
	Libver Libver // default Earliest
}

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
)

func (FileAccess) option()    {}
func (DatasetCreate) option() {}

func fileAccess(op, path string, opts []Option) (FileAccess, error) {
	var out FileAccess
	for _, o := range opts {
		a, ok := o.(FileAccess)
		if !ok {
			return out, wrongOption(op, path, o, "h5.FileAccess")
		}
		out.merge(a)
	}
	return out, nil
}

func datasetCreate(op, path string, opts []Option) (DatasetCreate, error) {
	var out DatasetCreate
	for _, o := range opts {
		c, ok := o.(DatasetCreate)
		if !ok {
			return out, wrongOption(op, path, o, "h5.DatasetCreate")
		}
		out.merge(c)
	}
	return out, nil
}

func wrongOption(op, name string, o Option, want string) error {
	return &Error{Op: op, Name: name, Kind: ErrType, Reason: fmt.Sprintf("%T is no option of this call", o),
		Hint: "give " + want}
}

func (a *FileAccess) merge(o FileAccess) {
	if o.Libver != 0 {
		a.Libver = o.Libver
	}
}

func (c *DatasetCreate) merge(o DatasetCreate) {
	if o.Chunks != nil {
		c.Chunks = o.Chunks
	}
	if o.MaxShape != nil {
		c.MaxShape = o.MaxShape
	}
	if o.Gzip != 0 {
		c.Gzip = o.Gzip
	}
	if o.Fill != nil {
		c.Fill = o.Fill
	}
	if o.AllocTime != 0 {
		c.AllocTime = o.AllocTime
	}
	c.Shuffle = c.Shuffle || o.Shuffle
	c.Fletcher32 = c.Fletcher32 || o.Fletcher32
}
