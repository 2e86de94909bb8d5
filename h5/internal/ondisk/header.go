package ondisk

// header is what the messages of an object say.
type header struct {
	space, typ, layout []byte
	table              []byte // of a group, as links
	links              [][]byte
	group              bool
	attributes         [][]byte
}

// The types of messages. Those that say nothing of the values, such as times and comments, are passed over.
const (
	messageSpace         = 0x01
	messageLinkInfo      = 0x02
	messageType          = 0x03
	messageLink          = 0x06
	messageExternal      = 0x07
	messageLayout        = 0x08
	messageAttribute     = 0x0c
	messageContinuation  = 0x10
	messageTable         = 0x11
	messageAttributeInfo = 0x15
)

// header reads the messages of the object at an address.
func (f *File) header(at int64) (*header, error) {
	b, err := f.at(at, 16)
	if err != nil {
		return nil, err
	}
	h := &header{}
	if string(b[:4]) == "OHDR" {
		return h, f.second(at, b, h)
	}
	if b[0] != 1 {
		return nil, unknown("object header")
	}
	blocks := []block{{at + 16, int64(u32(b[8:]))}}
	for i := 0; i < len(blocks); i++ {
		if i > maxBlocks {
			return nil, unknown("object header")
		}
		if blocks, err = f.messages(blocks, i, h); err != nil {
			return nil, err
		}
	}
	return h, nil
}

// block is a stretch of messages.
type block struct{ at, n int64 }

// maxBlocks is how many an object has at most, for damaged ones may go in circles.
const maxBlocks = 1 << 12

// messages reads a block of a header of version 1, and adds the blocks that it names.
func (f *File) messages(blocks []block, i int, h *header) ([]block, error) {
	b, err := f.block(blocks[i])
	if err != nil {
		return nil, err
	}
	for len(b) >= 8 {
		kind, n, flags := u16(b), u16(b[2:]), b[4]
		if 8+n > len(b) {
			return nil, unknown("message")
		}
		if blocks, err = h.take(kind, flags, b[8:8+n], blocks); err != nil {
			return nil, err
		}
		b = b[8+n:]
	}
	return blocks, nil
}

func (f *File) block(b block) ([]byte, error) {
	if b.n < 0 || b.n > maxMessage {
		return nil, unknown("object header")
	}
	return f.at(b.at, int(b.n))
}

// second reads a header of version 2, whose messages are not padded and whose blocks end with a checksum.
func (f *File) second(at int64, b []byte, h *header) error {
	flags := b[5]
	from, width := int64(6), int64(1)<<(flags&3)
	if flags&0x20 != 0 {
		from += 16 // times
	}
	if flags&0x10 != 0 {
		from += 4 // numbers of attributes at which their storage changes
	}
	b, err := f.at(at+from, 8)
	if err != nil {
		return err
	}
	n := address(b) & (1<<(8*width) - 1)
	if width == 8 {
		return unknown("object header")
	}
	blocks := []block{{at + from + width, n}}
	for i := 0; i < len(blocks); i++ {
		if i > maxBlocks {
			return unknown("object header")
		}
		if blocks, err = f.secondMessages(blocks, i, flags, h); err != nil {
			return err
		}
	}
	return nil
}

func (f *File) secondMessages(blocks []block, i int, flags byte, h *header) ([]block, error) {
	b, err := f.block(blocks[i])
	if err != nil {
		return nil, err
	}
	if i > 0 { // named by a continuation: with a signature and a checksum around
		if len(b) < 8 || string(b[:4]) != "OCHK" {
			return nil, unknown("object header")
		}
		b = b[4 : len(b)-4]
	}
	prefix := 4
	if flags&0x04 != 0 {
		prefix = 6
	}
	for len(b) >= prefix {
		kind, n, flags := int(b[0]), u16(b[1:]), b[3]
		if prefix+n > len(b) {
			return nil, unknown("message")
		}
		if blocks, err = h.take(kind, flags, b[prefix:prefix+n], blocks); err != nil {
			return nil, err
		}
		b = b[prefix+n:]
	}
	return blocks, nil
}

// take enters one message.
func (h *header) take(kind int, flags byte, b []byte, blocks []block) ([]block, error) {
	const shared = 0x02
	if flags&shared != 0 {
		return nil, unknown("shared message")
	}
	switch kind {
	case messageSpace:
		h.space = b
	case messageType:
		h.typ = b
	case messageLayout:
		h.layout = b
	case messageTable:
		h.table, h.group = b, true
	case messageAttribute:
		h.attributes = append(h.attributes, b)
	case messageContinuation:
		if len(b) < 16 {
			return nil, unknown("continuation")
		}
		return append(blocks, block{address(b), address(b[8:])}), nil
	case messageAttributeInfo:
		return blocks, noneElsewhere(b, 2)
	case messageLinkInfo:
		h.group = true
		return blocks, noneElsewhere(b, 8)
	case messageLink:
		h.links = append(h.links, b)
	case messageExternal:
		return nil, unknown("message")
	}
	return blocks, nil
}

// noneElsewhere wants all attributes, or links, to be in the header. The largest number that one of them was given takes
// so many bytes, where it is kept.
func noneElsewhere(b []byte, number int) error {
	at := 2
	if len(b) > 1 && b[1]&1 != 0 {
		at += number
	}
	if len(b) < at+8 || address(b[at:]) != undefined {
		return unknown("attributes or links outside of the header")
	}
	return nil
}
