package h5

import (
	"fmt"

	"gofive/h5/internal/libhdf5"
)

// FileCreate says how a new file is laid out.
type FileCreate struct {
	// UserBlock leaves that many bytes at the front of the file to the user: 512, 1024, 2048 ...
	UserBlock int
	// TrackOrder keeps the order in which the members of the root group, and its attributes, were made.
	TrackOrder bool
	// Space is how room in the file is given out; the default is SpaceAggregate.
	Space SpaceStrategy
	// PersistSpace keeps the list of free room in the file, so that it is used after it is opened again.
	PersistSpace bool
	// PageSize is the bytes of a page, with SpacePage; default 4096.
	PageSize int
}

// SpaceStrategy is how room in a file is given out and used again.
type SpaceStrategy uint8

// The strategies, of H5Pset_file_space_strategy.
const (
	SpaceDefault   SpaceStrategy = iota
	SpaceAggregate               // small pieces share blocks; what is freed is used again
	SpacePage                    // everything lies in pages, for page buffers and object stores
	SpaceBlocks                  // small pieces share blocks; what is freed stays empty
	SpaceNone                    // the operating system's file size alone grows
)

// libraryStrategy is each one's H5F_fspace_strategy_t.
var libraryStrategy = map[SpaceStrategy]int{SpaceAggregate: 0, SpacePage: 1, SpaceBlocks: 2, SpaceNone: 3}

// GroupCreate says how a new group keeps its members.
type GroupCreate struct {
	TrackOrder bool // keep the order in which members and attributes were made
}

// CopyObject says how File.Copy and Group.Copy copy.
type CopyObject struct {
	Shallow         bool // a group's own members only, not what is in the groups among them
	ExpandSoft      bool // copy what soft links lead to instead of the links
	ExpandExternal  bool // copy what external links lead to instead of the links
	ExpandReference bool // copy what references point to as well
	NoAttributes    bool // leave out attributes
	// Template leaves the values of datasets in one piece to a later CopyValues, where the file's driver is Holes: they
	// get their space in the file. Other drivers copy them too. It goes with none of the fields above.
	Template bool
}

// bothOrders are H5P_CRT_ORDER_TRACKED and H5P_CRT_ORDER_INDEXED.
const bothOrders = 1 | 2

func trackOrder(track bool) []libhdf5.Property {
	if !track {
		return nil
	}
	return []libhdf5.Property{libhdf5.Set("link_creation_order", bothOrders), libhdf5.Set("attr_creation_order", bothOrders)}
}

func (c FileCreate) properties() ([]libhdf5.Property, error) {
	out := trackOrder(c.TrackOrder)
	if c.UserBlock != 0 {
		if page := or(c.PageSize, 4096); c.Space == SpacePage && c.UserBlock < page {
			return nil, &Error{Kind: ErrRange, Reason: fmt.Sprintf("a user block of %d bytes with pages of %d", c.UserBlock, page), Hint: "it is a page long or more"}
		}
		if c.UserBlock < 512 || c.UserBlock&(c.UserBlock-1) != 0 {
			return nil, &Error{Kind: ErrRange, Reason: fmt.Sprintf("a user block of %d bytes", c.UserBlock), Hint: "it is 512, 1024, 2048 ... bytes long"}
		}
		out = append(out, libhdf5.Set("userblock", c.UserBlock))
	}
	if c.Space != SpaceDefault || c.PersistSpace {
		strategy, ok := libraryStrategy[or(c.Space, SpaceAggregate)]
		if !ok {
			return nil, &Error{Kind: ErrRange, Reason: fmt.Sprintf("unknown space strategy %d", c.Space)}
		}
		out = append(out, libhdf5.Set("file_space_strategy", strategy, truth(c.PersistSpace), 1))
	}
	if c.PageSize != 0 {
		if c.Space != SpacePage || c.PageSize < 512 {
			return nil, &Error{Kind: ErrRange, Reason: fmt.Sprintf("pages of %d bytes", c.PageSize), Hint: "pages are of Space: h5.SpacePage, and have 512 bytes or more"}
		}
		out = append(out, libhdf5.Set("file_space_page_size", c.PageSize))
	}
	return out, nil
}

// check refuses what a template cannot be.
func (c CopyObject) check() error {
	if c.Template && c != (CopyObject{Template: true}) {
		return &Error{Kind: ErrType, Reason: "a template is copied with its attributes, its groups, and links as links", Hint: "leave the other fields of CopyObject out"}
	}
	return nil
}

func (c GroupCreate) properties() []libhdf5.Property { return trackOrder(c.TrackOrder) }

// properties are the flags of H5Pset_copy_object.
func (c CopyObject) properties() []libhdf5.Property {
	flags := truth(c.Shallow) | truth(c.ExpandSoft)<<1 | truth(c.ExpandExternal)<<2 | truth(c.ExpandReference)<<3 | truth(c.NoAttributes)<<4
	if flags == 0 {
		return nil
	}
	return []libhdf5.Property{libhdf5.Set("copy_object", flags)}
}
