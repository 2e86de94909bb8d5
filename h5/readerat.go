package h5

import (
	"fmt"
	"io"

	"gofive/h5/internal/libhdf5"
)

// OpenReaderAt opens a file of size bytes that is not on a disk, such as a member of an archive or an
// object that a server gives in ranges, for reading; name stands for it in messages. What is asked of r
// in less than 64 KB is read in blocks of that size, of which the last 64 are kept, so that a walk
// through the file asks r a few times only.
//
// The file keeps r, and does not close it. The library is locked while it waits for r: where r uses h5
// itself, that fails. What goes wrong in r, a panic too, fails the read that needed it, and errors.Is
// finds it.
func OpenReaderAt(name string, r io.ReaderAt, size int64) (*File, error) {
	const op = "open file"
	if r == nil || size <= 0 {
		return nil, &Error{Op: op, File: name, Kind: ErrNotHDF5, Reason: fmt.Sprintf("there is nothing to read (%d bytes)", size)}
	}
	blocks := &blockReader{from: r, size: size, kept: map[int64][]byte{}}
	id, err := libhdf5.OpenReader(name, blocks, size)
	if err != nil {
		e := failed(op, "", name, err)
		if e.Kind == ErrNotHDF5 {
			head, _ := blocks.block(0)
			e.Hint = "it " + whatBegins(head)
		}
		return nil, e
	}
	return newFile(id, name, false), nil
}

const (
	blockSize  = 64 << 10
	keptBlocks = 64
)

// blockReader reads a little of something slow in blocks, and keeps the last ones.
type blockReader struct {
	from io.ReaderAt
	size int64
	kept map[int64][]byte // by where they begin
	ring [keptBlocks]int64
	next int // in the ring: where the oldest begins
}

// ReadAt fills b, which ends within the file.
func (r *blockReader) ReadAt(b []byte, at int64) (int, error) {
	if len(b) >= blockSize {
		return r.from.ReadAt(b, at)
	}
	for done := 0; done < len(b); {
		from := at + int64(done)
		block, err := r.block(from - from%blockSize)
		if err != nil {
			return done, err
		}
		n := copy(b[done:], block[min(from%blockSize, int64(len(block))):])
		if n == 0 {
			return done, io.ErrUnexpectedEOF
		}
		done += n
	}
	return len(b), nil
}

// block gives the block that begins there, the last one cut at the end of the file.
func (r *blockReader) block(at int64) ([]byte, error) {
	if b, ok := r.kept[at]; ok {
		return b, nil
	}
	b := make([]byte, min(blockSize, r.size-at))
	if n, err := r.from.ReadAt(b, at); n < len(b) {
		return nil, err
	}
	if len(r.kept) == keptBlocks {
		delete(r.kept, r.ring[r.next])
	}
	r.kept[at], r.ring[r.next] = b, at
	r.next = (r.next + 1) % keptBlocks
	return b, nil
}
