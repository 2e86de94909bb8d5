package boss

import (
	"encoding/binary"
	"fmt"
	"os"

	"gofive/h5"
)

// untime sets the time of last change of every dataset of a file to 0. The HDF5 library writes it
// into the header of a dataset, and package h5 has no choice yet that keeps it from doing so; the same
// sample must be the same bytes.
func untime(path string) error {
	headers, err := datasetHeaders(path)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return fmt.Errorf("boss: make sample: %w", err)
	}
	defer f.Close()
	for _, at := range headers {
		if err := untimeHeader(f, at); err != nil {
			return fmt.Errorf("boss: make sample: header at %d of %q: %w", at, path, err)
		}
	}
	return f.Close()
}

// datasetHeaders gives where in the file the headers of its datasets lie.
func datasetHeaders(path string) (addresses []int64, err error) {
	f, err := h5.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	err = f.Walk(func(e h5.Entry) error {
		if e.IsDataset() {
			addresses = append(addresses, e.Info.Address)
		}
		return e.Err
	})
	return addresses, err
}

// Types of messages in an object header, in the words of the HDF5 file format specification, which
// section IV.A.1.a describes the header of version 1 that libhdf5 writes here.
const (
	continuationMessage     = 0x10
	modificationTimeMessage = 0x12
)

// span is a piece of the file.
type span struct{ at, size int64 }

// untimeHeader changes the messages of one header, which may go on elsewhere in the file.
func untimeHeader(f *os.File, at int64) error {
	prefix := make([]byte, 16)
	if _, err := f.ReadAt(prefix, at); err != nil {
		return err
	}
	if prefix[0] != 1 {
		return fmt.Errorf("version %d of the object header is not known", prefix[0])
	}
	first := span{at + 16, int64(binary.LittleEndian.Uint32(prefix[8:]))}
	for pieces := []span{first}; len(pieces) > 0; pieces = pieces[1:] {
		more, err := untimeMessages(f, pieces[0])
		if err != nil {
			return err
		}
		pieces = append(pieces, more...)
	}
	return nil
}

// untimeMessages changes the messages of one piece of a header and gives the pieces that it names. A
// message is its type and size in two bytes each, four bytes of flags, and its data.
func untimeMessages(f *os.File, piece span) (more []span, err error) {
	messages := make([]byte, piece.size)
	if _, err := f.ReadAt(messages, piece.at); err != nil {
		return nil, err
	}
	word := binary.LittleEndian
	for i := 0; i+8 <= len(messages); {
		kind, size := word.Uint16(messages[i:]), int(word.Uint16(messages[i+2:]))
		data := messages[i+8 : min(i+8+size, len(messages))]
		switch {
		case kind == modificationTimeMessage && len(data) == 8:
			if _, err := f.WriteAt(make([]byte, 4), piece.at+int64(i)+12); err != nil {
				return nil, err
			}
		case kind == continuationMessage && len(data) == 16:
			more = append(more, span{int64(word.Uint64(data)), int64(word.Uint64(data[8:]))})
		}
		i += 8 + size
	}
	return more, nil
}
