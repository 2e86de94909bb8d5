package h5

import (
	"fmt"
	"sync"
	"unsafe"

	"gofive/h5/internal/libhdf5"
)

// packAbove is how many bytes of whole chunks make it worth while to pack them by ourselves.
const packAbove = 1 << 20

// packing gives what writes a hyperslab chunk by chunk, nil where the library has to: where a chunk is
// written in part, it has to be read first. The number of processors does not matter, so that the same
// program writes the same file everywhere.
func (w *writing) packing(t *transfer, h *libhdf5.Hyperslab) *chunkwise {
	if w.spread != nil || len(w.e.slots) > 0 || h.Block != nil || w.e.mem.Size != w.d.Datatype().Size() {
		return nil
	}
	whole, err := w.d.wholeType(w.d.h.id)
	if err != nil {
		return nil
	}
	c := t.newChunkwise(whole.typ)
	if c == nil {
		return nil
	}
	s := c.slabs(h)
	bytes, ok := append(Shape{s.len()}, c.chunks...).bytes(c.size)
	if !ok || s.len() < 2 || bytes < packAbove || !s.whole(t.sel.shape) {
		return nil
	}
	how, err := libhdf5.ReadChunking(w.d.h.id, whole.id, c.size)
	if err != nil || how.Options != 0 {
		return nil
	}
	if c.fill = how.Fill; c.fill == nil {
		c.fill = make([]byte, c.size) // scratch memory holds another chunk
	}
	return c
}

// whole reports whether all of each chunk is selected that lies in a dataset of a shape.
func (s *slabs) whole(shape Shape) bool {
	for k, axis := range s.axes {
		for _, p := range axis {
			if p.from != 0 || s.stride[k] != 1 || p.count != min(s.c.chunks[k], shape[k]-p.chunk) {
				return false
			}
		}
	}
	return true
}

// packed is a chunk that a worker packs; done is told when it has.
type packed struct {
	job
	scratch []byte
	done    chan struct{}
}

// write packs the chunks of a hyperslab in memory, and writes them one behind the other.
func (c *chunkwise) write(h *libhdf5.Hyperslab, memory unsafe.Pointer) error {
	s, n := c.slabs(h), c.workers()
	queue, window := make(chan *packed, 2*n), make([]packed, 2*n)
	for i := range window {
		window[i] = packed{scratch: c.filters.Scratch(), done: make(chan struct{}, 1)}
	}
	var all sync.WaitGroup
	for range n {
		all.Go(func() {
			for p := range queue {
				c.filters.Pack(&p.chunk, p.scratch, p.box, p.memory, c.fill)
				p.done <- struct{}{}
			}
		})
	}
	defer all.Wait()
	defer close(queue)
	for i, next := 0, 0; i < s.len(); i++ {
		for ; next < min(s.len(), i+len(window)); next++ {
			p, to := &window[next%len(window)], 0
			p.chunk.Offset, p.box, to = s.at(next)
			p.memory = unsafe.Add(memory, to)
			queue <- p
		}
		p := &window[i%len(window)]
		<-p.done
		if err := c.put(p); err != nil {
			return s.unfinished(err, i)
		}
		c.watch.moved(c.watch.total*(i+1)/s.len() - c.watch.done)
	}
	return nil
}

func (c *chunkwise) put(p *packed) error {
	if c.watch.stop() {
		return interruption("", "", "")
	}
	return libhdf5.WriteChunk(c.d.h.id, &p.chunk)
}

// unfinished says how much is in the file.
func (s *slabs) unfinished(err error, written int) error {
	e, ok := err.(*Error)
	if !ok {
		e = failed("", "", "", err)
	}
	e.Reason += fmt.Sprintf("; %d of %d chunks are written", written, s.len())
	return e
}
