package ondisk

import "bytes"

// Type is a datatype of values without pointers.
type Type struct {
	Size    int
	Members []Member // of a compound
}

// Member is a member of a compound, Float32 when it is a little-endian one.
type Member struct {
	Name    string
	Offset  int
	Float32 bool
}

// The classes of datatypes that matter here.
const (
	classInteger  = 0
	classFloat    = 1
	classText     = 3
	classBits     = 4
	classCompound = 6
	classEnum     = 8
	classVariable = 9
	classArray    = 10
)

// typeOf reads a datatype, and keeps what it has read. ErrUnknown is said of values that hold pointers.
func (f *File) typeOf(b []byte) (*Type, error) {
	if t := f.types[string(b)]; t != nil {
		return t, nil
	}
	t := &Type{}
	if _, err := t.read(b, 0); err != nil {
		return nil, err
	}
	f.types[string(b)] = t
	return t, nil
}

// read reads a type and gives how many bytes it takes.
func (t *Type) read(b []byte, depth int) (int, error) {
	if len(b) < 8 || depth > maxDepth {
		return 0, unknown("datatype")
	}
	t.Size = u32(b[4:])
	n := 0
	switch b[0] & 15 {
	case classInteger, classBits:
		n = 12
	case classFloat:
		n = 20
	case classText:
		n = 8
	case classCompound:
		return t.compound(b, depth)
	case classEnum:
		return enum(b, depth)
	case classArray:
		return array(b, depth)
	default:
		return 0, unknown("datatype")
	}
	if n > len(b) {
		return 0, unknown("datatype")
	}
	return n, nil
}

// name reads a name, which older versions pad to 8 bytes, and gives how many bytes it takes.
func name(b []byte, version byte) (string, int, error) {
	text, _, ok := bytes.Cut(b, []byte{0})
	n := len(text) + 1
	if version < 3 {
		n = (n + 7) / 8 * 8
	}
	if !ok || n > len(b) {
		return "", 0, unknown("name in a datatype")
	}
	return string(text), n, nil
}

func (t *Type) compound(b []byte, depth int) (int, error) {
	version, count, at := b[0]>>4, u16(b[1:]), 8
	width := 4
	if version >= 3 {
		for width = 1; t.Size>>(8*width) > 0; width++ {
		}
	}
	for range count {
		text, n, err := name(b[at:], version)
		if err != nil {
			return 0, err
		}
		if at += n; len(b) < at+36 && version == 1 || len(b) < at+width {
			return 0, unknown("compound")
		}
		m := Member{Name: text}
		for i := range width {
			m.Offset |= int(b[at+i]) << (8 * i)
		}
		if version == 1 && b[at+4] != 0 {
			return 0, unknown("array in a compound")
		}
		if at += width; version == 1 {
			at += 28
		}
		member := &Type{}
		if n, err = member.read(b[at:], depth+1); err != nil {
			return 0, err
		}
		m.Float32 = b[at]&15 == classFloat && b[at+1]&1 == 0 && member.Size == 4
		t.Members = append(t.Members, m)
		at += n
	}
	return at, nil
}

// enum passes over the names and values of an enumeration.
func enum(b []byte, depth int) (int, error) {
	version, count := b[0]>>4, u16(b[1:])
	base := &Type{}
	n, err := base.read(b[8:], depth+1)
	if err != nil {
		return 0, err
	}
	at := 8 + n
	for range count {
		if _, n, err = name(b[at:], version); err != nil {
			return 0, err
		}
		at += n
	}
	if base.Size > 8 || at+count*base.Size > len(b) {
		return 0, unknown("enumeration")
	}
	return at + count*base.Size, nil
}

func array(b []byte, depth int) (int, error) {
	if len(b) < 9 {
		return 0, unknown("array")
	}
	rank := int(b[8])
	at := 9 + 4*rank
	if b[0]>>4 < 3 {
		at = 12 + 8*rank
	}
	if at > len(b) {
		return 0, unknown("array")
	}
	n, err := (&Type{}).read(b[at:], depth+1)
	return at + n, err
}
