package h5

import (
	"errors"
	"io"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"unsafe"
)

// rowReader reads rows of a dataset for batches: n of them from one on, or in an order of their own those at places.
type rowReader interface {
	rows(from, n int, places []int) (*Array, error)
}

// Up to smallRows bytes a dataset is read whole without asking; blockRows bytes of rows that follow one another
// are read at once.
const (
	smallRows = 64 << 20
	blockRows = 16 << 20
)

const batchOp = "read a batch"

// rowReader chooses how rows are read: in the order of the file, out of chunks many at once; in random order from memory, or each
// by itself from the file where it lies there as it is in memory, or as the library does it.
func (d *Dataset) rowReader(random bool, size int) (rowReader, error) {
	s, mem, err := d.resolve(batchOp, nil, nil)
	if err != nil {
		return nil, err
	}
	rowBytes := s.read()[1:].Len() * heldSize(mem.typ)
	if !random {
		each := size // the system reads small pieces as fast, into memory that was used before
		if d.d.info.Layout == Chunked {
			each = max(1, blockRows/max(1, rowBytes))
		}
		return &rowsInOrder{d: d, size: max(size, each/size*size), rowsOf: s.shape[0]}, nil
	}
	all := s.shape[0] * rowBytes
	if p := d.plain(mem); p != nil && isDirect(mem.typ) && all > smallRows {
		return &plainRows{d: d, plain: p, mem: mem, inner: s.read()[1:], size: rowBytes}, nil
	}
	if all <= smallRows/8 || !mem.typ.HasPointers() && (all <= smallRows || all <= spareMemory()) {
		whole, err := d.read(batchOp, nil, nil)
		return &wholeRows{whole}, err
	}
	return &libraryRows{d}, nil
}

// spareMemory is how much may be held for a while without others missing it.
func spareMemory() int {
	sample := []metrics.Sample{{Name: "/memory/classes/total:bytes"}}
	metrics.Read(sample)
	left := int(debug.SetMemoryLimit(-1) - int64(sample[0].Value.Uint64()))
	return max(0, min(freeMemory(), left)/3)
}

// wholeRows takes rows from memory.
type wholeRows struct{ all *Array }

func (r *wholeRows) rows(_, _ int, places []int) (*Array, error) { return r.all.take(0, places), nil }

// libraryRows has the library find the rows.
type libraryRows struct{ d *Dataset }

func (r *libraryRows) rows(_, _ int, places []int) (*Array, error) {
	return r.d.read(batchOp, nil, []any{places})
}

// rowsInOrder reads many batches at once and gives them out one by one.
type rowsInOrder struct {
	d      *Dataset
	size   int // rows of a block
	rowsOf int // the dataset

	begin int // row that the block begins with
	block *Array
}

func (r *rowsInOrder) rows(from, n int, _ []int) (*Array, error) {
	if r.block == nil || from < r.begin || from+n > r.begin+r.block.shape[0] {
		block, err := r.d.read(batchOp, nil, []any{Range(from, min(from+r.size, r.rowsOf))})
		if err != nil {
			return nil, err
		}
		r.begin, r.block = from, block
	}
	return r.block.rows(from-r.begin, from-r.begin+n), nil
}

// plainRows reads each row from its place in the file, on all processors.
type plainRows struct {
	d     *Dataset
	plain *plainData
	mem   *memoryType
	inner Shape
	size  int // bytes of a row
}

func (r *plainRows) rows(_, _ int, places []int) (*Array, error) {
	a, _ := newArray(r.mem.typ, append(Shape{len(places)}, r.inner...), r.d.h.file)
	memory := unsafe.Slice((*byte)(a.memory()), len(places)*r.size)
	workers := runtime.GOMAXPROCS(0)
	errs := make([]error, workers)
	var all sync.WaitGroup
	for k := range workers {
		all.Go(func() {
			lo, hi := len(places)*k/workers, len(places)*(k+1)/workers
			errs[k] = r.read(places[lo:hi], memory[lo*r.size:])
		})
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		return r.d.read(batchOp, nil, []any{places}) // the library says what is wrong
	}
	return a, nil
}

func (r *plainRows) read(places []int, to []byte) error {
	for k, place := range places {
		at := r.plain.at + int64(place)*int64(r.size)
		if _, err := r.plain.file.ReadAt(to[k*r.size:(k+1)*r.size], at); err != nil && !errors.Is(err, io.EOF) {
			return err
		} else if err != nil {
			return &Error{Kind: ErrTruncated}
		}
	}
	return nil
}
