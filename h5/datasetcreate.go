package h5

import (
	"fmt"
	"math"
	"slices"

	"gofive/h5/internal/libhdf5"
)

// DatasetCreate says how a new dataset is stored: in one piece unless Chunks, MaxShape or a filter
// says otherwise. Chunks go through the filters in the order of the fields.
type DatasetCreate struct {
	Compact  bool  // in the object's header, which has room for 64 KB: one access less for small data
	Chunks   Shape // default: one piece; a guess when a filter or MaxShape needs chunks
	MaxShape Shape // default: the shape; Unlimited for an axis that can grow

	ScaleOffset ScaleOffset // keep few bits of each number: see ScaleBits and ScaleDigits
	NBit        bool        // leave out the bits that the datatype's precision does not use
	Shuffle     bool        // sort the bytes of numbers by place before compressing
	Gzip        int         // level 1 to 9; default 0, not compressed
	Szip        int         // numbers in a block: 2, 4 ... 32; default 0, not compressed
	SzipEntropy bool        // szip codes numbers as they are; default: what differs from their neighbours
	Filters     []FilterSpec
	Fletcher32  bool // a checksum for each chunk

	Fill      any // a value of the datatype for elements never written; default zero
	FillTime  FillTime
	AllocTime AllocTime

	TrackTimes bool // keep when the dataset was made: the same program writes other bytes each time
	TrackOrder bool // keep the order in which attributes are made

	External []ExternalFile  // the data lie in these files, without any format
	Virtual  []VirtualSource // the data lie in other datasets
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

// FillTime is when the fill value is written into space that the dataset takes.
type FillTime uint8

const (
	// FillDefault writes it when Fill is set. In files of several ranks it is FillNever for a dataset without Fill,
	// MaxShape and filters whose elements are not of variable length: the ranks write all of it anyway.
	FillDefault FillTime = iota
	// FillAlloc writes it, or zeros, when space is taken.
	FillAlloc
	// FillNever writes nothing: what is not written later may be anything.
	FillNever
)

// libraryFillTime is each one's H5D_fill_time_t.
var libraryFillTime = map[FillTime]int{FillAlloc: 0, FillNever: 1}

// ScaleOffset is a choice of how many bits of each number are kept.
type ScaleOffset struct {
	digits bool
	n      int // one more than asked for: the zero ScaleOffset keeps all
}

// ScaleBits keeps as many bits of integers as their range in a chunk needs, or the lowest n when n is
// not 0. What needs more than n bits is lost.
func ScaleBits(n int) ScaleOffset { return ScaleOffset{n: n + 1} }

// ScaleDigits keeps n digits of floats behind the decimal point; what comes behind is lost.
func ScaleDigits(n int) ScaleOffset { return ScaleOffset{digits: true, n: n + 1} }

// ExternalFile is a file that holds a part of a dataset, the parts in their order.
type ExternalFile struct {
	Path   string // a relative one is in the working directory, or where DatasetAccess says
	Offset int    // where the part begins in it
	Size   int    // bytes; default: as many as come, for the last file only
}

// DatasetAccess says how a dataset is opened.
type DatasetAccess struct {
	Cache          ChunkCache // default: the file's, see FileAccess
	ExternalPrefix string     // the folder of external files; "${ORIGIN}" is that of the HDF5 file
	VirtualPrefix  string     // the folder of a virtual dataset's files; default: that of the HDF5 file
	VirtualGap     int        // how many files in a row may be missing of a numbered source; default 0
}

func (c DatasetCreate) filtered() bool {
	return c.Gzip > 0 || c.Shuffle || c.Fletcher32 || c.Szip > 0 || c.NBit || c.ScaleOffset != ScaleOffset{} || len(c.Filters) > 0
}

// needsChunks reports whether only chunks can grow so: data in other files do without.
func (c DatasetCreate) needsChunks() bool {
	return c.MaxShape != nil && len(c.Virtual) == 0 && len(c.External) == 0
}

// properties are the settings in the library's words, filters in the order in which chunks go through
// them.
func (c DatasetCreate) properties(s Shape) ([]libhdf5.Property, error) {
	var out []libhdf5.Property
	if c.Compact {
		out = append(out, libhdf5.Set("layout", int(Compact)))
	}
	if c.Chunks != nil {
		out = append(out, libhdf5.Set("chunk", values(c.Chunks)...))
	}
	if c.AllocTime != AllocDefault {
		out = append(out, libhdf5.Set("alloc_time", int(c.AllocTime)))
	}
	if time, ok := libraryFillTime[c.FillTime]; ok {
		out = append(out, libhdf5.Set("fill_time", time))
	}
	if c.TrackTimes {
		out = append(out, libhdf5.Set("obj_track_times", 1))
	}
	if c.TrackOrder {
		out = append(out, libhdf5.Set("attr_creation_order", bothOrders))
	}
	for _, f := range c.External {
		size := f.Size
		if size == 0 {
			size = Unlimited
		}
		out = append(out, libhdf5.Set("external", f.Path, f.Offset, size))
	}
	out = append(out, c.filters()...)
	mappings, err := c.mappings(s)
	return append(out, mappings...), err
}

func (c DatasetCreate) filters() []libhdf5.Property {
	var out []libhdf5.Property
	switch {
	case c.ScaleOffset.digits:
		out = append(out, libhdf5.Set("scaleoffset", 0, c.ScaleOffset.n-1))
	case c.ScaleOffset.n > 0:
		out = append(out, libhdf5.Set("scaleoffset", 2, c.ScaleOffset.n-1))
	}
	if c.NBit {
		out = append(out, libhdf5.Set("nbit"))
	}
	if c.Shuffle {
		out = append(out, libhdf5.Set("shuffle"))
	}
	if c.Gzip > 0 {
		out = append(out, libhdf5.Set("deflate", c.Gzip))
	}
	if c.Szip > 0 {
		coding := map[bool]int{true: 4, false: 32}[c.SzipEntropy] // H5_SZIP_EC_OPTION_MASK, H5_SZIP_NN_OPTION_MASK
		out = append(out, libhdf5.Set("szip", coding, c.Szip))
	}
	for _, f := range c.Filters {
		out = append(out, f.property())
	}
	if c.Fletcher32 {
		out = append(out, libhdf5.Set("fletcher32"))
	}
	return out
}

func values(numbers []int) []any {
	out := make([]any, len(numbers))
	for i, n := range numbers {
		out[i] = n
	}
	return out
}

// check says what is wrong with the choices for a dataset of type t and shape s. Chunks are not guessed
// yet.
func (c DatasetCreate) check(t *Datatype, s Shape) error {
	if err := c.checkShape(s); err != nil {
		return err
	}
	if err := c.checkLayout(t, s); err != nil {
		return err
	}
	if err := c.checkChunks(t, s); err != nil {
		return err
	}
	return c.checkFilters(t)
}

func (c DatasetCreate) checkShape(s Shape) error {
	const mostAxes = 32
	switch {
	case len(s) > mostAxes:
		return &Error{Kind: ErrShape, Reason: fmt.Sprintf("%d axes, HDF5 has at most %d", len(s), mostAxes)}
	case slices.ContainsFunc(s, func(n int) bool { return n < 0 }):
		return &Error{Kind: ErrShape, Reason: fmt.Sprintf("shape %v", s), Hint: "put h5.Unlimited into MaxShape"}
	case c.MaxShape != nil && len(c.MaxShape) != len(s):
		return &Error{Kind: ErrShape, Reason: fmt.Sprintf("maximum shape %v for shape %v", c.MaxShape, s)}
	case c.Chunks != nil && len(c.Chunks) != len(s):
		return &Error{Kind: ErrShape, Reason: fmt.Sprintf("chunks %v for shape %v", c.Chunks, s)}
	case len(s) == 0 && (c.filtered() || c.MaxShape != nil):
		return &Error{Kind: ErrShape, Reason: "a single value cannot be chunked, compressed or resized"}
	}
	for i, most := range c.MaxShape {
		if most != Unlimited && most < s[i] {
			return &Error{Kind: ErrShape, Reason: fmt.Sprintf("maximum shape %v for shape %v", c.MaxShape, s)}
		}
	}
	return nil
}

// mostCompact is what the header has room for, without what the library adds.
const mostCompact = 65532

// checkLayout refuses what cannot be stored in one way at a time.
func (c DatasetCreate) checkLayout(t *Datatype, s Shape) error {
	chunked := c.Chunks != nil || c.filtered() || c.needsChunks()
	ways := 0
	for _, way := range []bool{c.Compact, chunked, len(c.External) > 0, len(c.Virtual) > 0} {
		ways += truth(way)
	}
	if ways > 1 {
		return &Error{Kind: ErrShape, Reason: "a dataset is Compact, or External, or Virtual, or has chunks, which MaxShape and filters need",
			Hint: "leave all but one of them out"}
	}
	if n, ok := s.bytes(t.Size()); c.Compact && (!ok || n > mostCompact) {
		return &Error{Kind: ErrTooLarge, Reason: fmt.Sprintf("a compact dataset holds at most %d bytes, this is %s", mostCompact, bytesText(n, ok)), Hint: "leave Compact out"}
	}
	for i, f := range c.External {
		if f.Path == "" || f.Offset < 0 || f.Size < 0 {
			return &Error{Kind: ErrRange, Reason: fmt.Sprintf("external file %+v", f), Hint: "it has a path, and its numbers are not negative"}
		}
		if f.Size == 0 && i < len(c.External)-1 {
			return &Error{Kind: ErrRange, Reason: fmt.Sprintf("external file %q has no Size", f.Path), Hint: "only the last may do without"}
		}
	}
	return c.checkExternalRoom(t, s)
}

func (c DatasetCreate) checkExternalRoom(t *Datatype, s Shape) error {
	if len(c.External) == 0 || c.External[len(c.External)-1].Size == 0 {
		return nil
	}
	room := 0
	for _, f := range c.External {
		room += f.Size
	}
	if n, ok := s.bytes(t.Size()); !ok || n > room {
		return &Error{Kind: ErrTooLarge, Reason: fmt.Sprintf("the external files have room for %s, the dataset takes %s", bytesText(room, true), bytesText(n, ok)),
			Hint: "give the last one no Size"}
	}
	return nil
}

func (c DatasetCreate) checkChunks(t *Datatype, s Shape) error {
	for i, n := range c.Chunks {
		most := s[i]
		if c.MaxShape != nil {
			most = c.MaxShape[i]
		}
		if n < 1 {
			return &Error{Kind: ErrShape, Reason: fmt.Sprintf("chunks %v", c.Chunks), Hint: "lengths are 1 or more"}
		}
		if s[i] > 0 && most != Unlimited && n > most {
			return &Error{Kind: ErrShape, Reason: fmt.Sprintf("chunks %v are longer than axis %d, which never gets longer than %d", c.Chunks, i, most),
				Hint: "make them shorter, or let the axis grow with MaxShape"}
		}
	}
	if n, ok := c.Chunks.bytes(t.Size()); c.Chunks != nil && (!ok || n > math.MaxUint32) {
		return &Error{Kind: ErrTooLarge, Reason: fmt.Sprintf("chunks of %s, HDF5 allows 4 GB", bytesText(n, ok)), Hint: "give smaller chunks"}
	}
	return nil
}

func (a DatasetAccess) properties() ([]libhdf5.Property, error) {
	out := a.Cache.property("chunk_cache")
	if a.ExternalPrefix != "" {
		out = append(out, libhdf5.Set("efile_prefix", a.ExternalPrefix))
	}
	if a.VirtualPrefix != "" {
		out = append(out, libhdf5.Set("virtual_prefix", a.VirtualPrefix))
	}
	if a.VirtualGap != 0 {
		out = append(out, libhdf5.Set("virtual_printf_gap", a.VirtualGap))
	}
	return out, a.Cache.check()
}
