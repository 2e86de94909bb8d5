package h5

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"unsafe"

	"gofive/h5/internal/libhdf5"
)

// chunkwise reads and writes whole chunks with the filters undone and applied by all processors, outside
// of the library and its lock.
type chunkwise struct {
	d       *Dataset
	filters *libhdf5.Filters
	fill    []byte // an element in memory, of what is not in the file
	chunks  Shape
	size    int // bytes of an element, in the file and in memory
	swap    int // width of numbers whose bytes are in the other order in the file; else 1
	watch   *watch
	counts  bool // tell watch of each chunk that is read; of pieces it is told already
}

// mostChunk is the largest chunk that is done so: each processor needs twice the memory.
const mostChunk = 64 << 20

// newChunkwise gives nil for what the library has to read itself: elements that are not the same bytes
// in memory, and filters that only the library knows.
func (t *transfer) newChunkwise(mem *libhdf5.Type) *chunkwise {
	info := &t.d.d.info
	bytes, ok := info.Chunks.bytes(info.Datatype.Size())
	if info.Layout != Chunked || len(info.Filters) == 0 || len(info.Chunks) != len(info.Shape) || !ok || bytes > mostChunk || bytes == 0 || t.d.h.file.shared {
		return nil
	}
	swap, ok := swapWidth(mem)
	if !ok || mem.Size != info.Datatype.Size() {
		return nil
	}
	list := make([]libhdf5.Filter, len(info.Filters))
	for i, f := range info.Filters {
		list[i] = libhdf5.Filter{ID: f.ID, Params: f.Params}
	}
	filters, ok := libhdf5.NewFilters(list, bytes)
	if !ok {
		return nil
	}
	return &chunkwise{d: t.d, filters: filters, chunks: info.Chunks, size: mem.Size, swap: swap, watch: t.watch}
}

// swapWidth reports whether elements are the same bytes in the file and in the native form in memory,
// but for the order of the bytes of each number, and gives the width of those where it differs, else 1.
func swapWidth(t *libhdf5.Type) (int, bool) {
	if t.Size != t.MemorySize {
		return 0, false
	}
	switch t.Class {
	case libhdf5.Integer, libhdf5.Bitfield, libhdf5.Float:
		native := *t
		native.Order = nativeOrder
		if t.Order > libhdf5.BigEndian || t.Size > 8 || !isStoredAsRead(&native) {
			return 0, false
		}
		if t.Order != nativeOrder {
			return t.Size, true
		}
		return 1, true
	case libhdf5.Enum, libhdf5.Array:
		return swapWidth(t.Base)
	case libhdf5.String, libhdf5.Opaque, libhdf5.Compound:
		if isComplex(t) {
			return swapWidth(t.Members[0].Type)
		}
		return 1, !pointsElsewhere(t) && isLaidOut(t)
	}
	return 0, false
}

// isLaidOut reports whether the members of rows stand in memory where they stand in the file.
func isLaidOut(t *libhdf5.Type) bool {
	return !slices.ContainsFunc(t.Members, func(m libhdf5.Member) bool {
		return m.Offset != m.MemoryOffset || !isStoredAsRead(m.Type)
	})
}

// span is what a selection has of one chunk, on one axis.
type span struct {
	chunk int // where the chunk begins
	from  int // first place in it
	count int
	to    int // place in memory
}

// spans cuts an axis of a hyperslab into chunks.
func spans(start, stride, count, chunk int) []span {
	var out []span
	for at := 0; at < count; {
		place := start + at*stride
		begin := place / chunk * chunk
		n := min((begin+chunk-1-place)/stride+1, count-at)
		out = append(out, span{begin, place - begin, n, at})
		at += n
	}
	return out
}

// slabs are the chunks that a hyperslab touches, and where their parts belong in memory.
type slabs struct {
	c      *chunkwise
	stride []int
	count  []int // of the hyperslab
	axes   [][]span
}

func (c *chunkwise) slabs(h *libhdf5.Hyperslab) *slabs {
	s := &slabs{c: c, stride: h.Stride, count: h.Count}
	for k, n := range h.Count {
		s.axes = append(s.axes, spans(h.Start[k], h.Stride[k], n, c.chunks[k]))
	}
	return s
}

// len is how many chunks there are.
func (s *slabs) len() int {
	lengths := make([]int, len(s.axes))
	for k, a := range s.axes {
		lengths[k] = len(a)
	}
	return libhdf5.Product(lengths)
}

// at gives chunk number i in C order: where it begins, the box of it that is selected, and the byte of
// memory where that belongs.
func (s *slabs) at(i int) (offset []int, b *libhdf5.Box, to int) {
	n := len(s.axes)
	offset = make([]int, n)
	b = &libhdf5.Box{Size: s.c.size, Swap: s.c.swap, Count: make([]int, n), ChunkStep: make([]int, n), MemoryStep: make([]int, n)}
	inChunk, inMemory := s.c.size, s.c.size
	for k := n - 1; k >= 0; k-- {
		p := s.axes[k][i%len(s.axes[k])]
		i /= len(s.axes[k])
		offset[k] = p.chunk
		b.Count[k], b.ChunkStep[k], b.MemoryStep[k] = p.count, inChunk*s.stride[k], inMemory
		b.First += p.from * inChunk
		to += p.to * inMemory
		inChunk *= s.c.chunks[k]
		inMemory *= s.count[k]
	}
	return offset, b, to
}

// job is one chunk between the file and memory.
type job struct {
	chunk  libhdf5.Chunk
	box    *libhdf5.Box
	memory unsafe.Pointer
}

// workers is how many processors take part: as many as there are, unless the chunks are large.
func (c *chunkwise) workers() int {
	const mostMemory = 512 << 20
	return max(1, min(runtime.GOMAXPROCS(0), mostMemory/(3*c.chunks.Len()*c.size)))
}

// errPacked says that a chunk is not what its filters leave: the library then says what is wrong.
var errPacked = &Error{Kind: ErrDamaged, Reason: "a chunk cannot be unpacked"}

// read fills memory with a hyperslab. Raw chunks are read one by one, and unpacked by the
// workers.
func (c *chunkwise) read(h *libhdf5.Hyperslab, memory unsafe.Pointer) error {
	s, n := c.slabs(h), c.workers()
	queue, idle := make(chan *job, 2*n), make(chan *job, 3*n)
	for range cap(idle) {
		idle <- &job{}
	}
	var damaged atomic.Bool
	var all sync.WaitGroup
	for range n {
		all.Go(func() {
			scratch := c.filters.Scratch()
			for j := range queue {
				if !c.unpack(j, scratch) {
					damaged.Store(true)
				}
				idle <- j
			}
		})
	}
	err := c.feed(s, memory, queue, idle, &damaged)
	close(queue)
	all.Wait()
	if err == nil && damaged.Load() {
		err = errPacked
	}
	return err
}

// feed reads the chunks into the queue.
func (c *chunkwise) feed(s *slabs, memory unsafe.Pointer, queue chan<- *job, idle <-chan *job, damaged *atomic.Bool) error {
	for i := range s.len() {
		if damaged.Load() {
			return errPacked
		}
		if c.watch.stop() {
			return interruption("", "", "")
		}
		j := <-idle
		var to int
		j.chunk.Offset, j.box, to = s.at(i)
		j.memory = unsafe.Add(memory, to)
		if err := libhdf5.ReadChunk(c.d.h.id, &j.chunk, 2*c.chunks.Len()*c.size+1<<16); err != nil {
			return errPacked
		}
		n := Shape(j.box.Count).Len()
		queue <- j
		if c.counts {
			c.watch.moved(n)
		}
	}
	return nil
}

func (c *chunkwise) unpack(j *job, scratch []byte) bool {
	if len(j.chunk.Bytes) > 0 {
		return c.filters.Unpack(&j.chunk, scratch, j.box, j.memory)
	}
	libhdf5.Spread(j.box, c.fill, j.memory)
	return true
}

// unpacking gives what reads a hyperslab chunk by chunk, nil where the library does better: it keeps what
// it unpacked, so only what its cache has no room for is read so.
func (t *transfer) unpacking(h *libhdf5.Hyperslab) *chunkwise {
	c := t.newChunkwise(t.mem.typ)
	if c == nil || h.Block != nil {
		return nil
	}
	n := c.slabs(h).len()
	unpacked, ok := append(Shape{n}, c.chunks...).bytes(c.size)
	if !ok || n < 2 || runtime.GOMAXPROCS(0) == 1 {
		return nil
	}
	how, err := t.d.chunking(t.mem, c.size)
	if err != nil || how.Options != 0 || unpacked <= how.Cache {
		return nil
	}
	if c.fill = how.Fill; c.fill == nil {
		c.fill = make([]byte, c.size) // memory on the side may hold the piece before
	}
	return c
}

// chunking asks how the dataset is read in chunks, of whole elements only once.
func (d *Dataset) chunking(mem *memoryType, size int) (libhdf5.Chunking, error) {
	d.d.mu.Lock()
	defer d.d.mu.Unlock()
	if mem == d.d.memory && d.d.access.known != nil {
		return *d.d.access.known, nil
	}
	how, err := libhdf5.ReadChunking(d.h.id, mem.id, size)
	if err == nil && mem == d.d.memory {
		d.d.access.known = &how
	}
	return how, err
}
