package zmq

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
)

// Bits of the first byte of a frame.
const (
	flagMore    = 1 << 0
	flagLong    = 1 << 1 // the length has eight bytes instead of one
	flagCommand = 1 << 2
)

const (
	// maxFrames is how many frames a message may have: buffers of a widget need some, memory is
	// needed for each.
	maxFrames = 4096
	// growStep is how much is allocated for a frame before its first bytes have come. A header may
	// claim any length.
	growStep = 64 << 10
)

var errBadFlags = errors.New("reserved bits are set in a frame")

// reader reads the frames of one connection and allocates no more than has come.
type reader struct {
	r     *bufio.Reader
	limit atomic.Int64 // bytes of a message
}

func newReader(r io.Reader, limit int64) *reader {
	in := &reader{r: bufio.NewReaderSize(r, 8<<10)}
	in.limit.Store(limit)
	return in
}

// next reads the next message, or a command, which is one frame.
func (in *reader) next() (frames [][]byte, command bool, err error) {
	left := in.limit.Load()
	for {
		flags, body, err := in.frame(left)
		if err != nil {
			return nil, false, err
		}
		if flags&flagCommand != 0 {
			if frames != nil {
				return nil, false, errors.New("a command inside a message")
			}
			return [][]byte{body}, true, nil
		}
		left -= int64(len(body))
		if frames = append(frames, body); len(frames) > maxFrames {
			return nil, false, fmt.Errorf("a message of more than %d frames", maxFrames)
		}
		if flags&flagMore == 0 {
			return frames, false, nil
		}
	}
}

// frame reads one frame of at most limit bytes.
func (in *reader) frame(limit int64) (flags byte, body []byte, err error) {
	flags, err = in.r.ReadByte()
	if err != nil {
		return 0, nil, err
	}
	if flags&^(flagMore|flagLong|flagCommand) != 0 || flags&flagMore != 0 && flags&flagCommand != 0 {
		return 0, nil, errBadFlags
	}
	size, err := in.size(flags)
	if err != nil {
		return 0, nil, err
	}
	if size > uint64(limit) {
		return 0, nil, fmt.Errorf("a frame of %d bytes, %d are allowed", size, limit)
	}
	body, err = in.body(int(size))
	return flags, body, err
}

// size reads the length of a frame.
func (in *reader) size(flags byte) (uint64, error) {
	if flags&flagLong == 0 {
		b, err := in.r.ReadByte()
		return uint64(b), err
	}
	var b [8]byte
	_, err := io.ReadFull(in.r, b[:])
	return binary.BigEndian.Uint64(b[:]), err
}

// body reads n bytes, growing as they arrive.
func (in *reader) body(n int) ([]byte, error) {
	body := make([]byte, min(n, growStep))
	read := 0
	for {
		m, err := io.ReadFull(in.r, body[read:])
		read += m
		if err != nil || read == n {
			return body, err
		}
		grown := make([]byte, min(n, 2*read))
		copy(grown, body)
		body = grown
	}
}

// encode gives the bytes of a message.
func encode(frames [][]byte) []byte {
	n := 0
	for _, f := range frames {
		n += 9 + len(f)
	}
	out := make([]byte, 0, n)
	for i, f := range frames {
		var flags byte
		if i < len(frames)-1 {
			flags = flagMore
		}
		out = appendFrame(out, flags, f)
	}
	return out
}

// appendFrame appends a frame to out.
func appendFrame(out []byte, flags byte, body []byte) []byte {
	if len(body) < 256 {
		out = append(out, flags, byte(len(body)))
	} else {
		out = append(out, flags|flagLong)
		out = binary.BigEndian.AppendUint64(out, uint64(len(body)))
	}
	return append(out, body...)
}

// encodeCommand gives the bytes of a command: its name and what follows it.
func encodeCommand(name string, data []byte) []byte {
	body := append([]byte{byte(len(name))}, name...)
	return appendFrame(nil, flagCommand, append(body, data...))
}

// splitCommand is the reverse of encodeCommand.
func splitCommand(body []byte) (name string, data []byte, err error) {
	if len(body) == 0 || len(body) < 1+int(body[0]) {
		return "", nil, errors.New("a command without name")
	}
	n := 1 + int(body[0])
	return string(body[1:n]), body[n:], nil
}
