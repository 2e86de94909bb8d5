package libhdf5

// #include "shim.h"
import "C"

import (
	"bytes"
	"strings"
	"unsafe"
)

// Kind is the kind of an object.
type Kind uint8

// The kinds.
const (
	KindUnknown Kind = iota
	KindGroup
	KindDataset
	KindDatatype
)

// LinkKind is the kind of a link.
type LinkKind uint8

// The kinds of links. LinkNone is for objects that were not reached by a name, such as the root.
const (
	LinkNone LinkKind = iota
	LinkHard
	LinkSoft
	LinkExternal
	LinkUser
)

// Link is how a group names an object.
type Link struct {
	Kind LinkKind
	File string // LinkExternal
	Path string // LinkSoft and LinkExternal
}

// Entry is one link of a group.
type Entry struct {
	Name string
	Link Link
	Kind Kind // KindUnknown for a broken link
}

// Layouts of a dataset, numbered as in the library.
const (
	LayoutCompact    = 0
	LayoutContiguous = 1
	LayoutChunked    = 2
	LayoutVirtual    = 3
)

// Filter is one step of a dataset's filter pipeline.
type Filter struct {
	ID        int
	Available bool
	Name      string
	Params    []int
}

// Stat describes one object.
type Stat struct {
	Link    Link
	LinkErr error // the name itself is not there
	Err     error // the object cannot be reached or described; Link still holds

	Kind     Kind
	File     int64 // number of the file it lies in
	Address  int64
	Refs     int
	NumAttrs int

	NumLinks int // group

	Space    Space // dataset
	Type     *Type // dataset, datatype
	Layout   int   // dataset, as the rest
	Chunks   []int
	Filters  []Filter
	Storage  int64 // bytes in the file
	External int   // number of external raw files

	Attributes []Attribute // when asked for
}

// Open opens the object at path from loc.
func Open(loc ID, path string) (ID, Kind, error) {
	name := cstring(path)
	var id C.hid_t
	var kind C.int
	err := cross(func() C.int { return C.gf_open(C.hid_t(loc), name, &id, &kind) }, nil)
	return ID(id), Kind(kind), err
}

// List gives the links of the group at path, in the byte order of their names. It takes one look
// into the header of each object.
func List(loc ID, path string) ([]Entry, error) {
	var out []Entry
	err := list(loc, path, true, false, func(r *reader) {
		out = make([]Entry, r.count(26))
		for i := range out {
			out[i] = Entry{Name: r.str(), Link: r.link(), Kind: Kind(r.u8())}
		}
	})
	return out, err
}

// Name is the name of a link, and what is known of it: whether it is a hard one, and the address of
// its object then.
type Name struct {
	Text    string
	Hard    bool
	Address int64 // NoAddress for unknown, and where the object may have gone since
}

// NoAddress stands for an address that is not known.
const NoAddress = -1

// Names gives the names only, which is ten times as fast; created wants the order in which the links
// were made instead of that of their bytes, an error for a group that does not keep it.
func Names(loc ID, path string, created bool) ([]Name, error) {
	var out []Name
	err := list(loc, path, false, created, func(r *reader) {
		out = make([]Name, r.count(17))
		for i := range out {
			out[i] = Name{r.str(), r.bool(), r.i64()}
		}
	})
	return out, err
}

func list(loc ID, path string, detail, created bool, decode func(*reader)) error {
	name := cstring(path)
	return cross(func() C.int { return C.gf_list(C.hid_t(loc), name, C.int(flag(detail)), C.int(flag(created))) }, decode)
}

func (r *reader) link() Link {
	return Link{Kind: LinkKind(r.u8()), File: r.str(), Path: r.str()}
}

// Detail says how much of an object's attributes to describe.
type Detail int

// The details. Values come along where they take no more than so many bytes.
const (
	NoAttributes Detail = iota
	AttributeTypes
	AttributeValues
)

// Describe describes the objects of the given names in one crossing; "." is loc itself. What goes
// wrong with one of them stands in its Stat. decode is for the attributes' values, of at most maxBytes
// each.
func Describe(loc ID, names []Name, attributes Detail, maxBytes int, decode Decoder) ([]Stat, error) {
	texts, hard, addresses := make([]string, len(names)), make([]byte, len(names)), make([]int64, len(names))
	for i, n := range names {
		texts[i], hard[i], addresses[i] = n.Text, flag(n.Hard), n.Address
	}
	blob := cstring(strings.Join(texts, "\x00"))
	out := make([]Stat, len(names))
	err := cross(func() C.int {
		return C.gf_stat(C.hid_t(loc), blob, bytePointer(hard), slotPointer(addresses), C.size_t(len(names)),
			C.int(attributes), C.hsize_t(maxBytes))
	}, func(r *reader) {
		for i := range out {
			out[i] = r.stat(attributes, decode)
		}
	})
	return out, err
}

func (r *reader) stat(attributes Detail, decode Decoder) Stat {
	var s Stat
	if !r.bool() {
		s.LinkErr = &Error{Frames: r.frames()}
		s.Err = s.LinkErr
		return s
	}
	s.Link = r.link()
	if !r.bool() {
		s.Err = &Error{Frames: r.frames()}
		return s
	}
	s.Kind, s.File, s.Address, s.Refs, s.NumAttrs = Kind(r.u8()), r.i64(), r.i64(), r.int(), r.int()
	switch s.Kind {
	case KindGroup:
		s.NumLinks = r.int()
	case KindDataset:
		r.dataset(&s)
	case KindDatatype:
		s.Type = r.typ()
	}
	if attributes != NoAttributes {
		s.Attributes = r.attributes(decode)
	}
	return s
}

func (r *reader) dataset(s *Stat) {
	s.Space, s.Type = r.space(), r.typ()
	s.Layout = r.u8()
	s.Chunks = r.ints(r.count(8))
	s.Filters = make([]Filter, r.count(25))
	for i := range s.Filters {
		s.Filters[i] = Filter{ID: r.int(), Available: r.bool(), Name: r.str(), Params: r.ints(r.count(8))}
	}
	s.Storage, s.External = r.i64(), r.int()
}

// ReferencePath gives the path of what an object or region reference points to, "" when it is an
// object without a name. ref is the reference's bytes in memory, 8 or 12.
func ReferencePath(loc ID, region bool, ref []byte) (string, error) {
	var path string
	ref = bytes.Clone(ref) // alone in its memory, as cgo wants it
	err := cross(func() C.int {
		return C.gf_reference(C.hid_t(loc), C.int(flag(region)), unsafe.Pointer(unsafe.SliceData(ref)))
	}, func(r *reader) { path = r.str() })
	return path, err
}

// OpenReference opens what a reference points to.
func OpenReference(loc ID, region bool, ref []byte) (ID, Kind, error) {
	var id C.hid_t
	var kind C.int
	ref = bytes.Clone(ref)
	err := cross(func() C.int {
		return C.gf_reference_open(C.hid_t(loc), C.int(flag(region)), unsafe.Pointer(unsafe.SliceData(ref)), &id, &kind)
	}, nil)
	return ID(id), Kind(kind), err
}
