package ondisk

import "encoding/binary"

// collection is where the objects of a global heap collection lie, by their index.
type collection map[int]block

// maxHeaps is how many collections are kept.
const maxHeaps = 64

// heap reads which objects a collection has.
func (f *File) heap(at int64) (collection, error) {
	if c := f.heaps[at]; c != nil {
		return c, nil
	}
	b, err := f.at(at, 16)
	if err != nil {
		return nil, err
	}
	size := address(b[8:])
	if string(b[:4]) != "GCOL" || size < 16 || size > maxMessage {
		return nil, unknown("global heap")
	}
	if b, err = f.at(at, int(size)); err != nil {
		return nil, err
	}
	if len(f.heaps) >= maxHeaps {
		clear(f.heaps)
	}
	c := collection{}
	for place := int64(16); place+16 <= size; {
		index, n := u16(b[place:]), address(b[place+8:])
		if index == 0 { // what is free
			break
		}
		if n < 0 || place+16+n > size {
			return nil, unknown("global heap")
		}
		c[index] = block{at + place + 16, n}
		place += 16 + (n+7)/8*8
	}
	f.heaps[at] = c
	return c, nil
}

// variable adds values of a variable length to a sum: that of their bytes, wherever they lie. b holds a length, an
// address and an index each.
func (s *summer) variable(b []byte, size int) error {
	for ; len(b) >= 16; b = b[16:] {
		count := int64(binary.LittleEndian.Uint32(b))
		s.number(count)
		if count == 0 {
			continue
		}
		c, err := s.file.heap(address(b[4:]))
		if err != nil {
			return err
		}
		o, ok := c[u32(b[12:])]
		if !ok || count > o.n/int64(size) {
			return unknown("value of variable length")
		}
		text, err := s.file.at(o.at, int(count)*size)
		if err != nil {
			return err
		}
		s.bytes(text)
	}
	return nil
}
