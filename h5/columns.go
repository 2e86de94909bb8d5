package h5

import (
	"runtime"
	"sync"
	"unsafe"

	"gofive/h5/internal/libhdf5"
)

// inColumns reports whether rows are read as they are in the file, and each of their fields is the same bytes
// in the file and in its column.
func (t *transfer) inColumns(a *Array) bool {
	if !t.mem.stored || t.d.h.file.shared {
		return false
	}
	for i, f := range a.fields {
		if f.fields != nil || !isDirect(t.mem.typ.Members[i].Type) {
			return false
		}
	}
	return true
}

// rowsPiece are rows between the file and the columns.
type rowsPiece struct {
	where *libhdf5.Hyperslab
	at, n int // the first row in the columns, and how many there are
}

// columns reads a hyperslab of rows into the columns of a, on all processors.
func (t *transfer) columns(h *libhdf5.Hyperslab, a *Array) error {
	t.plain = t.d.plain(t.mem)
	_, most := t.aside()
	queue, workers := make(chan rowsPiece), runtime.GOMAXPROCS(0)
	var failed firstError
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			var side []byte
			for p := range queue {
				var err error
				side, err = t.columnsOf(p, side, a)
				failed.note(err)
			}
		})
	}
	at := 0
	err := t.pieces(h, most, func(sel libhdf5.Selection, n int) error {
		queue <- rowsPiece{sel.(*libhdf5.Hyperslab), at, n}
		at += n
		return failed.first()
	})
	close(queue)
	all.Wait()
	if err == nil {
		err = t.failed(failed.first())
	}
	return err
}

// firstError is what went wrong first in one of several goroutines.
type firstError struct {
	mu  sync.Mutex
	err error
}

func (f *firstError) note(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err == nil {
		f.err = err
	}
}

func (f *firstError) first() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.err
}

// columnsOf reads one piece to memory on the side, and copies it from there.
func (t *transfer) columnsOf(p rowsPiece, side []byte, a *Array) ([]byte, error) {
	size := t.mem.typ.MemorySize
	if len(side) < p.n*size {
		side = make([]byte, p.n*size)
	}
	rows := unsafe.Pointer(unsafe.SliceData(side))
	if err := t.get(p.where, p.n, rows); err != nil {
		return side, err
	}
	for i, m := range t.mem.typ.Members {
		width := m.Type.MemorySize
		copyStrided(unsafe.Add(a.fields[i].memory(), p.at*width), unsafe.Add(rows, m.MemoryOffset), p.n, size, width)
	}
	return side, nil
}

// copyStrided copies n elements of width bytes, stride apart, to memory where they stand side by side.
func copyStrided(to, from unsafe.Pointer, n, stride, width int) {
	switch width {
	case 1:
		copyAs[uint8](to, from, n, stride)
	case 2:
		copyAs[uint16](to, from, n, stride)
	case 4:
		copyAs[uint32](to, from, n, stride)
	case 8:
		copyAs[uint64](to, from, n, stride)
	default:
		for i := range n {
			copy(unsafe.Slice((*byte)(unsafe.Add(to, i*width)), width), unsafe.Slice((*byte)(unsafe.Add(from, i*stride)), width))
		}
	}
}

func copyAs[T any](to, from unsafe.Pointer, n, stride int) {
	for i, out := 0, unsafe.Slice((*T)(to), n); i < n; i++ {
		out[i] = *(*T)(unsafe.Add(from, i*stride))
	}
}
