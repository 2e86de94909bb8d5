package h5

import (
	"strconv"
	"strings"

	"gofive/h5/internal/libhdf5"
)

// ObjectInfo describes an object: what a tree shows of it.
type ObjectInfo struct {
	Kind     Kind
	Address  int64 // the same for every path to one object of one file
	FileNo   int64 // the library's number of the file it lies in
	Refs     int   // how many hard links it has
	NumAttrs int

	NumLinks int // group

	Shape    Shape     // dataset; Null has no shape at all
	MaxShape Shape     // dataset
	Datatype *Datatype // dataset and named datatype
	Layout   Layout    // dataset, as the rest
	Chunks   Shape
	Filters  []Filter
	Storage  int64 // bytes its data take in the file

	Attributes Attributes // only where they were asked for
}

// Layout is how a dataset's data lie in the file.
type Layout uint8

// The layouts.
const (
	Compact Layout = iota
	Contiguous
	Chunked
	Virtual
	External // in other files, without any format
)

// String gives the layout's name.
func (l Layout) String() string {
	return [...]string{"compact", "contiguous", "chunked", "virtual", "external"}[l]
}

// Filter is one step of what happens to chunks on their way to the file.
type Filter struct {
	ID        int
	Name      string
	Params    []int
	Available bool // whether it can be undone here
}

// filterNames are HDF5's own filters, and those of its registry that files of our users have.
var filterNames = map[int]string{
	1: "gzip", 2: "shuffle", 3: "fletcher32", 4: "szip", 5: "nbit", 6: "scaleoffset",
	305: "lzo", 307: "bzip2", 32000: "lzf", 32001: "blosc", 32004: "lz4", 32008: "bitshuffle",
	32013: "zfp", 32015: "zstd", 32017: "sz", 32026: "blosc2",
}

// String gives "gzip(4)", "shuffle", "filter 32004".
func (f Filter) String() string {
	text := f.Name
	if f.ID == 1 && len(f.Params) > 0 {
		text += "(" + strconv.Itoa(f.Params[0]) + ")"
	}
	if !f.Available {
		text += " (not installed)"
	}
	return text
}

func newObjectInfo(s *libhdf5.Stat, f *fileState) ObjectInfo {
	info := ObjectInfo{Kind: Kind(s.Kind), Address: s.Address, FileNo: s.File, Refs: s.Refs, NumAttrs: s.NumAttrs, NumLinks: s.NumLinks}
	if s.Type != nil {
		info.Datatype = &Datatype{s.Type}
	}
	if s.Kind == libhdf5.KindDataset {
		info.Shape, info.MaxShape = newShape(s.Space), Shape(s.Space.Max)
		info.Layout, info.Chunks, info.Storage = newLayout(s), Shape(s.Chunks), s.Storage
		info.Filters = newFilters(s.Filters)
	}
	return info
}

func newShape(s libhdf5.Space) Shape {
	if s.Null {
		return Null
	}
	return Shape(s.Dims)
}

func newLayout(s *libhdf5.Stat) Layout {
	if s.External > 0 {
		return External
	}
	return Layout(s.Layout)
}

func newFilters(filters []libhdf5.Filter) []Filter {
	var out []Filter
	for _, f := range filters {
		known := newFilter(f.ID)
		known.Params, known.Available = f.Params, f.Available
		out = append(out, known)
	}
	return out
}

// newFilter gives a filter its name.
func newFilter(id int) Filter {
	name := filterNames[id]
	if name == "" {
		name = "filter " + strconv.Itoa(id)
	}
	return Filter{ID: id, Name: name}
}

// String gives one line of what is known.
func (i ObjectInfo) String() string {
	parts := []string{i.Kind.String()}
	switch i.Kind {
	case KindGroup:
		parts = append(parts, count(i.NumLinks, "member"))
	case KindDataset:
		parts = append(parts, i.Shape.String(), i.Datatype.String(), i.Layout.String())
		if i.Layout == Chunked {
			parts = append(parts, i.Chunks.String())
		}
		for _, f := range i.Filters {
			parts = append(parts, f.String())
		}
		parts = append(parts, bytesText(int(i.Storage), true)+" in the file")
	case KindDatatype:
		parts = append(parts, i.Datatype.String())
	}
	return strings.Join(append(parts, count(i.NumAttrs, "attribute")), "  ")
}

// count gives "no members", "1 member", "2 members".
func count(n int, what string) string {
	switch n {
	case 0:
		return "no " + what + "s"
	case 1:
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}
