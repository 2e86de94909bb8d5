package h5

import (
	"runtime"
	"slices"

	"gofive/h5/internal/libhdf5"
)

// storedAbove is how many bytes of rows make it worth while to ask for the type they are stored in.
const storedAbove = 1 << 20

// storedRows gives the form in which rows come just as they are in the file, from which the fields
// are then picked: libhdf5 would move each field of each row by itself, which takes twice as long as
// all of the reading. It gives mem where that cannot be: only what is in the machine's own numbers is
// read so.
func (d *Dataset) storedRows(id libhdf5.ID, s *selection, mem *memoryType) (*memoryType, error) {
	t := d.Datatype().t
	if mem.typ.Class != libhdf5.Compound || isComplex(mem.typ) || !d.inPieces() || s.lists() ||
		s.read().Len() < storedAbove/t.Size || pointsElsewhere(t) {
		return mem, nil
	}
	rows := *mem.typ
	rows.MemorySize, rows.Members = t.Size, slices.Clone(rows.Members)
	for i, m := range rows.Members {
		if !isStoredAsRead(m.Type) {
			return mem, nil
		}
		rows.Members[i].MemoryOffset = m.Offset
	}
	stored, err := libhdf5.StoredType(id)
	if err != nil {
		return nil, err
	}
	m := &memoryType{typ: &rows, id: stored, stored: true}
	runtime.AddCleanup(m, libhdf5.Abandon, libhdf5.NewLease(stored))
	return m, nil
}

// inPieces reports whether rows of the dataset can be had from the file without the library looking at
// each: they lie there in one piece, or in chunks.
func (d *Dataset) inPieces() bool {
	return d.d.info.Layout == Contiguous || d.d.info.Layout == Chunked
}

// isStoredAsRead reports whether an element is the same bytes in the file and in native form.
func isStoredAsRead(t *libhdf5.Type) bool {
	if t.Size != t.MemorySize {
		return false
	}
	switch t.Class {
	case libhdf5.Integer, libhdf5.Bitfield:
		return (t.Order == nativeOrder || t.Size == 1) && t.Precision == 8*t.Size && t.Offset == 0
	case libhdf5.Float:
		return equalTypes(t, Float32.t) || equalTypes(t, Float64.t)
	case libhdf5.Enum, libhdf5.Array:
		return isStoredAsRead(t.Base)
	case libhdf5.String, libhdf5.Opaque:
		return true // fixed: rows with pointers are not read so
	case libhdf5.Compound:
		return !slices.ContainsFunc(t.Members, func(m libhdf5.Member) bool {
			return m.Offset != m.MemoryOffset || !isStoredAsRead(m.Type)
		})
	}
	return false
}

// pointsElsewhere reports whether a part of an element is stored in another place, so that libhdf5
// has to fetch or translate it.
func pointsElsewhere(t *libhdf5.Type) bool {
	switch t.Class {
	case libhdf5.Reference:
		return true
	case libhdf5.Array:
		return pointsElsewhere(t.Base)
	case libhdf5.Compound:
		return slices.ContainsFunc(t.Members, func(m libhdf5.Member) bool { return pointsElsewhere(m.Type) })
	}
	return t.HasPointers()
}

// heldSize is what an element takes in an Array: rows lose what lies between their fields.
func heldSize(t *libhdf5.Type) int {
	if t.Class != libhdf5.Compound {
		return t.MemorySize
	}
	n := 0
	for _, m := range t.Members {
		n += m.Type.MemorySize
	}
	return n
}
