// Package ondisk takes checksums of objects of HDF5 files as the bytes on disk say them, without the library.
//
// The library makes an object of each attribute that it reads, and does one thing at a time. To know whether a copy is what its
// source is, neither is needed: names, types, extents and values stand in the file one behind the other, and files are
// read on all processors. There is one type, File:
//
//	f, err := ondisk.Open("3655-55240.h5")
//	sum, err := f.Sum(address, nil)
//
// It knows what small objects are written as: groups with a symbol table or with all links in their header, contiguous and
// compact datasets, attributes in the header. Of all else Sum says ErrUnknown, and the library has to be asked.
//
// The words are those of the HDF5 File Format Specification, https://docs.hdfgroup.org/hdf5/develop/_f_m_t3.html.
package ondisk

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
)

// ErrUnknown says that an object is stored in a form which is not known here. It may be sound.
var ErrUnknown = errors.New("stored in a form that is not known here")

// unknown names the form.
func unknown(what string) error { return fmt.Errorf("%s: %w", what, ErrUnknown) }

// File is a file open for reading, which nobody writes. It is used by one goroutine at a time.
type File struct {
	file  *os.File
	pages map[int64][]byte
	types map[string]*Type
	heaps map[int64]collection
	piece []byte
}

// undefined is the address of what is nowhere.
const undefined = -1

// Open opens a file.
func Open(path string) (*File, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	f := &File{file: file, pages: map[int64][]byte{}, types: map[string]*Type{}, heaps: map[int64]collection{}}
	if err := f.superblock(); err != nil {
		file.Close()
		return nil, err
	}
	return f, nil
}

// Close closes the file.
func (f *File) Close() error { return f.file.Close() }

const signature = "\x89HDF\r\n\x1a\n"

// superblock wants addresses of 8 bytes that count from the beginning of the file.
func (f *File) superblock() error {
	b, err := f.at(0, 48)
	if err != nil {
		return err
	}
	if string(b[:8]) != signature {
		return unknown("beginning")
	}
	sizes, base := 13, 24
	switch b[8] {
	case 0:
	case 1:
		base = 28
	case 2, 3:
		sizes, base = 9, 12
	default:
		return unknown("superblock")
	}
	if b[sizes] != 8 || b[sizes+1] != 8 || address(b[base:]) != 0 {
		return unknown("superblock")
	}
	return nil
}

const pageSize = 16 << 10

// maxPages is how many are kept: what is read of one object lies close together.
const maxPages = 256

// at gives n bytes at an address, which nobody changes.
func (f *File) at(where int64, n int) ([]byte, error) {
	if where < 0 || n < 0 {
		return nil, unknown("address")
	}
	first, last := where/pageSize, (where+int64(n)-1)/pageSize
	if first == last {
		p, err := f.page(first)
		if from := int(where % pageSize); err == nil && from+n <= len(p) {
			return p[from : from+n], nil
		}
		if err != nil {
			return nil, err
		}
	}
	if n > maxMessage {
		return nil, unknown("length")
	}
	b := make([]byte, n)
	_, err := f.file.ReadAt(b, where)
	return b, err
}

// maxMessage bounds what a damaged file makes us ask for.
const maxMessage = 16 << 20

// page reads a page, which is short at the end of the file.
func (f *File) page(k int64) ([]byte, error) {
	if p := f.pages[k]; p != nil {
		return p, nil
	}
	if len(f.pages) >= maxPages {
		clear(f.pages)
	}
	p := make([]byte, pageSize)
	n, err := f.file.ReadAt(p, k*pageSize)
	if n == 0 && err != nil {
		return nil, err
	}
	f.pages[k] = p[:n]
	return p[:n], nil
}

func address(b []byte) int64 { return int64(binary.LittleEndian.Uint64(b)) }
func u16(b []byte) int       { return int(binary.LittleEndian.Uint16(b)) }
func u32(b []byte) int       { return int(binary.LittleEndian.Uint32(b)) }
