package ondisk

import (
	"encoding/binary"
	"hash/crc32"
)

// Look sees the elements of a dataset while its checksum is taken, some at a time: path starts at the object that
// was asked for. They are valid during the call.
type Look func(path string, t *Type, elements []byte)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Sum is the checksum of the group or dataset at an address and all below it: names, types, extents, attributes and values. Two
// that have the same hold the same; those of the same content may differ where it was written in another form. look may be nil.
func (f *File) Sum(at int64, look Look) (uint32, error) {
	s := &summer{file: f, look: look}
	err := s.object(at, "", 0)
	return s.sum, err
}

// summer is a checksum as it grows.
type summer struct {
	file *File
	look Look
	sum  uint32
	word [8]byte
}

func (s *summer) bytes(b []byte) { s.sum = crc32.Update(s.sum, castagnoli, b) }

// text adds a length and a text, so that two beside each other are not one.
func (s *summer) text(b []byte) {
	s.number(int64(len(b)))
	s.bytes(b)
}

func (s *summer) number(n int64) {
	binary.LittleEndian.PutUint64(s.word[:], uint64(n))
	s.bytes(s.word[:])
}

// object adds a group with its members, or a dataset.
func (s *summer) object(at int64, path string, depth int) error {
	h, err := s.file.header(at)
	if err != nil {
		return err
	}
	s.number(int64(len(h.attributes)))
	for _, a := range h.attributes {
		if err := s.attribute(a); err != nil {
			return err
		}
	}
	switch {
	case h.group && depth < maxDepth:
		return s.members(h, path, depth)
	case h.typ != nil && h.space != nil && h.layout != nil:
		return s.dataset(h, path)
	}
	return unknown("object")
}

func (s *summer) members(h *header, path string, depth int) error {
	m, err := s.file.group(h)
	if err != nil {
		return err
	}
	s.number(int64(len(m.names)))
	for _, name := range m.names {
		s.text([]byte(name))
		below := name
		if path != "" {
			below = path + "/" + name
		}
		if err := s.object(m.at[name], below, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// extent adds a dataspace and gives how many elements it has.
func (s *summer) extent(b []byte) (int64, error) {
	if len(b) < 4 {
		return 0, unknown("dataspace")
	}
	version, rank, from, n := b[0], int(b[1]), 4, int64(1)
	switch {
	case version == 1:
		from = 8
	case version != 2:
		return 0, unknown("dataspace")
	case b[3] == 2: // null
		n = 0
	}
	if len(b) < from+8*rank {
		return 0, unknown("dataspace")
	}
	s.number(int64(rank))
	for i := range rank {
		axis := address(b[from+8*i:])
		s.number(axis)
		if axis < 0 || axis > 0 && n > maxElements/axis {
			return 0, unknown("dataspace")
		}
		n *= axis
	}
	return n, nil
}

// maxElements is more than a file has.
const maxElements = 1 << 48

// dataset adds type, extent and elements.
func (s *summer) dataset(h *header, path string) error {
	t, err := s.file.typeOf(h.typ)
	if err != nil {
		return err
	}
	s.text(h.typ)
	n, err := s.extent(h.space)
	if err != nil {
		return err
	}
	b := h.layout
	if len(b) < 4 || b[0] != 3 {
		return unknown("layout")
	}
	size := n * int64(t.Size)
	switch {
	case b[1] == 0 && int64(u16(b[2:])) == size && int64(len(b)) >= 4+size:
		s.elements(path, t, b[4:4+size])
		return nil
	case b[1] == 1 && len(b) >= 18 && address(b[10:]) == size && t.Size > 0:
		return s.contiguous(path, t, address(b[2:]), size)
	}
	return unknown("layout")
}

func (s *summer) elements(path string, t *Type, b []byte) {
	s.bytes(b)
	if s.look != nil {
		s.look(path, t, b)
	}
}

const pieceSize = 256 << 10

// contiguous adds elements that lie one behind the other, a whole number of them at a time.
func (s *summer) contiguous(path string, t *Type, at, size int64) error {
	if at < 0 && size > 0 {
		return unknown("dataset that was never written")
	}
	if t.Size > maxMessage {
		return unknown("element")
	}
	step := int64(max(1, pieceSize/t.Size) * t.Size)
	if int64(len(s.file.piece)) < min(step, size) {
		s.file.piece = make([]byte, min(step, size))
	}
	for from := int64(0); from < size; from += step {
		b := s.file.piece[:min(step, size-from)]
		if _, err := s.file.file.ReadAt(b, at+from); err != nil {
			return err
		}
		s.elements(path, t, b)
	}
	return nil
}

// attribute adds name, type, extent and value.
func (s *summer) attribute(b []byte) error {
	if len(b) < 9 {
		return unknown("attribute")
	}
	version, lengths, at := b[0], [3]int{u16(b[2:]), u16(b[4:]), u16(b[6:])}, 8
	if version == 3 {
		at = 9 // behind the character set
	}
	if version < 1 || version > 3 || version > 1 && b[1] != 0 {
		return unknown("attribute")
	}
	var parts [3][]byte
	for i, n := range lengths {
		if at+n > len(b) {
			return unknown("attribute")
		}
		parts[i] = b[at : at+n]
		if at += n; version == 1 {
			at += -n & 7
		}
	}
	s.text(parts[0])
	s.text(parts[1])
	n, err := s.extent(parts[2])
	if err != nil {
		return err
	}
	return s.value(parts[1], n, b[min(at, len(b)):])
}

// value adds n values of an attribute. Its message may be longer than they are.
func (s *summer) value(typ []byte, n int64, b []byte) error {
	if len(typ) >= 16 && typ[0]&15 == classVariable {
		base, err := s.file.typeOf(typ[8:])
		if err != nil {
			return err
		}
		if n > int64(len(b)/16) || base.Size < 1 {
			return unknown("attribute")
		}
		return s.variable(b[:16*n], base.Size)
	}
	t, err := s.file.typeOf(typ)
	if err != nil {
		return err
	}
	if t.Size > 0 && n > int64(len(b)/t.Size) {
		return unknown("attribute")
	}
	s.bytes(b[:n*int64(t.Size)])
	return nil
}
