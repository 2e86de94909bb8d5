package libhdf5

/*
#cgo linux LDFLAGS: -ldl
#include "shim.h"
*/
import "C"

import (
	"errors"
	"runtime"
	"sync"
	"unsafe"
)

// Chunking is what reading chunks by oneself has to know.
type Chunking struct {
	Cache   int    // bytes of chunks that the library keeps
	Options int    // of H5Pset_chunk_opts
	Fill    []byte // an element of what is not in the file; nil when that is not set
}

// ReadChunking tells how a dataset is read in chunks; mem is the form that Fill has.
func ReadChunking(dset, mem ID, size int) (Chunking, error) {
	var out Chunking
	err := cross(func() C.int { return C.gf_chunking(C.hid_t(dset), C.hid_t(mem)) }, func(r *reader) {
		out.Cache, out.Options = r.int(), r.int()
		if r.bool() {
			out.Fill = append([]byte(nil), r.take(int64(size))...)
		}
	})
	return out, err
}

// Zlib reports whether gzip can be done without the library.
var Zlib = sync.OnceValue(func() bool { return C.gf_find_zlib() != 0 })

// Chunk is a chunk as it lies in the file. Its memory is used again.
type Chunk struct {
	Offset []int
	Bytes  []byte // none for a chunk that is not in the file
	Mask   uint32 // of the filters that it did not go through

	room []byte
}

// ReadChunk reads the chunk at c.Offset. One that takes more than most bytes in the file is an error:
// filters make chunks smaller, and what a damaged file says is no reason to take memory.
func ReadChunk(dset ID, c *Chunk, most int) error {
	offset := hsizes(c.Offset)
	var size C.hsize_t
	var mask C.uint32_t
	read := func() error {
		return cross(func() C.int {
			p := address(unsafe.Pointer(unsafe.SliceData(c.room)))
			return C.gf_chunk_read(C.hid_t(dset), &offset[0], p, C.size_t(len(c.room)), &size, &mask)
		}, nil)
	}
	err := read()
	for err == nil && int(size) > len(c.room) { // once, unless somebody writes it meanwhile
		if int(size) > most {
			return errLargeChunk
		}
		c.room = make([]byte, int(size)+int(size)/4)
		err = read()
	}
	runtime.KeepAlive(c)
	if err != nil {
		return err
	}
	c.Bytes, c.Mask = c.room[:size], uint32(mask)
	return nil
}

var errLargeChunk = errors.New("gofive: a chunk takes more bytes in the file than its elements do")

// WriteChunk writes the chunk at c.Offset.
func WriteChunk(dset ID, c *Chunk) error {
	offset := hsizes(c.Offset)
	defer runtime.KeepAlive(c)
	return cross(func() C.int {
		p := address(unsafe.Pointer(unsafe.SliceData(c.Bytes)))
		return C.gf_chunk_write(C.hid_t(dset), &offset[0], C.uint32_t(c.Mask), p, C.size_t(len(c.Bytes)))
	}, nil)
}

// Filters are those of a dataset whose chunks are unpacked and packed here: gzip, shuffle, fletcher32
// and LZF. It is safe for concurrent use, as none of its methods calls the library.
type Filters struct{ c C.gf_filters }

// NewFilters takes filters for chunks of so many bytes, and reports whether all of them can be done.
func NewFilters(list []Filter, bytes int) (*Filters, bool) {
	f := &Filters{C.gf_filters{n: C.int(len(list)), bytes: C.size_t(bytes)}}
	if len(list) > len(f.c.id) {
		return nil, false
	}
	for i, x := range list {
		f.c.id[i] = C.int(x.ID)
		if len(x.Params) > 0 {
			f.c.value[i] = C.int(x.Params[0])
		}
		switch x.ID {
		case 2, 3, 32000:
		case 1:
			if !Zlib() {
				return nil, false
			}
		default:
			return nil, false
		}
	}
	return f, true
}

// Scratch makes the memory that Unpack and Pack work in, one call at a time: twice a chunk that its
// filters made larger.
func (f *Filters) Scratch() []byte {
	n := int(f.c.bytes)
	return make([]byte, 2*(n+n/512+64))
}

// Box is the part of a chunk that belongs to the part of an array in memory: Count elements an axis, of
// Size bytes. Steps are in bytes.
type Box struct {
	Size       int
	Swap       int // width of the numbers whose bytes are in the other order in the file; else 1
	First      int // byte of the chunk where the box begins
	Count      []int
	ChunkStep  []int
	MemoryStep []int
}

func (b *Box) toC() C.gf_box {
	c := C.gf_box{rank: C.int(len(b.Count)), size: C.size_t(b.Size), swap: C.int(b.Swap), first: C.size_t(b.First)}
	for i := range b.Count {
		c.count[i], c.chunk_step[i], c.memory_step[i] = C.int64_t(b.Count[i]), C.int64_t(b.ChunkStep[i]), C.int64_t(b.MemoryStep[i])
	}
	return c
}

// Unpack undoes the filters of a chunk and copies a box of it to memory. It reports whether the chunk is
// what it should be.
func (f *Filters) Unpack(c *Chunk, scratch []byte, b *Box, memory unsafe.Pointer) bool {
	box := b.toC()
	rc := C.gf_unpack(&f.c, C.uint32_t(c.Mask), address(unsafe.Pointer(unsafe.SliceData(c.Bytes))), C.size_t(len(c.Bytes)),
		address(unsafe.Pointer(unsafe.SliceData(scratch))), &box, address(memory))
	runtime.KeepAlive(c)
	runtime.KeepAlive(scratch)
	runtime.KeepAlive(memory)
	return rc == 0
}

// Spread copies an element to all places of a box in memory.
func Spread(b *Box, element []byte, memory unsafe.Pointer) {
	box := b.toC()
	C.gf_spread(&box, address(unsafe.Pointer(unsafe.SliceData(element))), address(memory))
	runtime.KeepAlive(element)
	runtime.KeepAlive(memory)
}

// Pack makes a chunk of a box in memory, with fill where the box has nothing; nil when it has all. The
// chunk's bytes are in scratch.
func (f *Filters) Pack(c *Chunk, scratch []byte, b *Box, memory unsafe.Pointer, fill []byte) {
	box := b.toC()
	var n C.size_t
	var mask C.uint32_t
	at := C.gf_pack(&f.c, &box, address(memory), address(unsafe.Pointer(unsafe.SliceData(fill))),
		address(unsafe.Pointer(unsafe.SliceData(scratch))), &n, &mask)
	runtime.KeepAlive(scratch)
	runtime.KeepAlive(fill)
	runtime.KeepAlive(memory)
	c.Bytes, c.Mask = scratch[at:int(at)+int(n)], uint32(mask)
}
