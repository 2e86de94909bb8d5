package h5

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"gofive/h5/internal/libhdf5"
)

// FilterSpec is a filter for the chunks of a new dataset: one of the names lzf, blosc, blosc2, lz4,
// bitshuffle, zstd, bzip2, zfp, sz, lzo, or a number of HDF5's registry. All but lzf are plug-ins of
// the site. A chunk that the filter cannot make smaller is stored without it.
type FilterSpec struct {
	Name   string
	ID     int   // default: that of Name
	Params []int // the filter's own values; default: as it chooses
}

// number gives the filter's number, 0 for a name that is not known.
func (f FilterSpec) number() int {
	if f.ID != 0 {
		return f.ID
	}
	for id, name := range filterNames {
		if strings.EqualFold(name, f.Name) {
			return id
		}
	}
	return 0
}

func (f FilterSpec) property() libhdf5.Property {
	return libhdf5.Set("filter", append([]any{f.number(), 1}, values(f.Params)...)...)
}

// The numbers of filters: those up to filterScale come with the library.
const (
	filterSzip  = 4
	filterScale = 6
)

// checkFilters says what is wrong with the filters, and which of them is not there.
func (c DatasetCreate) checkFilters(t *Datatype) error {
	if c.Gzip < 0 || c.Gzip > 9 {
		return &Error{Kind: ErrRange, Reason: fmt.Sprintf("gzip level %d", c.Gzip), Hint: "levels are 1 to 9"}
	}
	if c.filtered() && t.t.HasPointers() && (c.Szip > 0 || c.NBit || c.ScaleOffset != ScaleOffset{}) {
		return &Error{Kind: ErrType, Reason: fmt.Sprintf("elements of type %v are stored outside the chunks, as what they point to", t), Hint: "use Gzip or Shuffle"}
	}
	for _, err := range []error{c.checkScale(t), c.checkSzip(t)} {
		if err != nil {
			return err
		}
	}
	for _, f := range c.Filters {
		if err := f.check(); err != nil {
			return err
		}
	}
	return nil
}

func (c DatasetCreate) checkScale(t *Datatype) error {
	s, class := c.ScaleOffset, t.t.Class
	switch {
	case s == ScaleOffset{}:
	case s.n < 1:
		return &Error{Kind: ErrRange, Reason: fmt.Sprintf("a scale-offset of %d", s.n-1), Hint: "it is 0 or more"}
	case s.digits && class != libhdf5.Float:
		return &Error{Kind: ErrType, Reason: fmt.Sprintf("ScaleDigits for elements of type %v", t), Hint: "it is for floats; for integers there is ScaleBits"}
	case !s.digits && class != libhdf5.Integer && class != libhdf5.Enum:
		return &Error{Kind: ErrType, Reason: fmt.Sprintf("ScaleBits for elements of type %v", t), Hint: "it is for integers; for floats there is ScaleDigits"}
	case !s.digits && s.n-1 > 8*t.Size():
		return &Error{Kind: ErrRange, Reason: fmt.Sprintf("%d bits of elements of type %v", s.n-1, t)}
	}
	return nil
}

func (c DatasetCreate) checkSzip(t *Datatype) error {
	if c.Szip == 0 {
		return nil
	}
	if c.Szip < 2 || c.Szip > 32 || c.Szip%2 != 0 {
		return &Error{Kind: ErrRange, Reason: fmt.Sprintf("szip with blocks of %d numbers", c.Szip), Hint: "they have 2, 4 ... 32; 8 is usual"}
	}
	if !slices.Contains([]int{1, 2, 4, 8}, t.Size()) || !slices.Contains([]libhdf5.Class{libhdf5.Integer, libhdf5.Float, libhdf5.Enum, libhdf5.Bitfield}, t.t.Class) {
		return &Error{Kind: ErrType, Reason: fmt.Sprintf("szip for elements of type %v", t), Hint: "it is for plain numbers; use Gzip"}
	}
	if c.Chunks != nil && c.Chunks.Len() < c.Szip {
		return &Error{Kind: ErrShape, Reason: fmt.Sprintf("szip with blocks of %d numbers for chunks of %d", c.Szip, c.Chunks.Len()), Hint: "make the chunks larger"}
	}
	decodes, encodes, err := libhdf5.FilterAbilities(filterSzip)
	switch {
	case err != nil:
		return err
	case !decodes:
		return &Error{Kind: ErrFilter, Reason: "this HDF5 library is built without szip", Hint: "use Gzip"}
	case !encodes:
		return &Error{Kind: ErrFilter, Reason: "this HDF5 library reads szip and does not write it", Hint: "use Gzip"}
	}
	return nil
}

func (f FilterSpec) check() error {
	id := f.number()
	if id == 0 {
		return &Error{Kind: ErrFilter, Reason: fmt.Sprintf("there is no filter %q", f.Name), Hint: suggest(f.Name, knownFilters()) + "; others are chosen by ID"}
	}
	if name := filterNames[id]; id > 0 && id <= filterScale {
		return &Error{Kind: ErrFilter, Reason: name + " is no plug-in", Hint: "DatasetCreate has a field for it"}
	}
	if id < 0 || id > 65535 || slices.ContainsFunc(f.Params, func(n int) bool { return n < 0 || n > 1<<32-1 }) {
		return &Error{Kind: ErrRange, Reason: fmt.Sprintf("filter %d with values %v", id, f.Params), Hint: "numbers are 1 to 65535, values have 32 bits"}
	}
	_, encodes, err := libhdf5.FilterAbilities(id)
	if err != nil {
		return err
	}
	if !encodes {
		return &Error{Kind: ErrFilter, Reason: "filter " + newFilter(id).describe() + " is not installed", Hint: filterHint()}
	}
	return nil
}

func knownFilters() []string {
	var out []string
	for _, name := range filterNames {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// describe gives the filter's name and number.
func (f Filter) describe() string {
	if f.Name == "" || f.Name == fmt.Sprintf("filter %d", f.ID) {
		return fmt.Sprintf("number %d", f.ID)
	}
	return fmt.Sprintf("%q (number %d)", f.Name, f.ID)
}

// filterHint says where the library looks for filters.
func filterHint() string {
	where := os.Getenv("HDF5_PLUGIN_PATH")
	if where == "" {
		where = "/usr/local/hdf5/lib/plugin, HDF5_PLUGIN_PATH not being set"
	}
	return "install its HDF5 plug-in (the hdf5plugin collection has most); plug-ins are looked for in " + where
}
