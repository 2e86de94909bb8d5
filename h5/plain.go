package h5

import (
	"errors"
	"io"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"unsafe"

	"gofive/h5/internal/libhdf5"
)

// plainFile is a file opened once more, to read what lies in it as plain bytes.
type plainFile struct{ atomic.Pointer[os.File] }

func (p *plainFile) close() {
	if f := p.Swap(nil); f != nil {
		f.Close()
	}
}

// plainData is where a dataset's elements lie one behind the other as they are in memory, in a file that
// is only read. There the system reads them for us, past the library: small pieces without the work
// that it has with each, large ones on all processors, and nobody waits for the lock.
type plainData struct {
	once sync.Once
	file *os.File // nil: they do not lie so
	at   int64
}

// plain gives the dataset's data if they are plain and of the memory type, nil otherwise.
func (d *Dataset) plain(mem *memoryType) *plainData {
	f, t := d.h.file, mem.typ
	if f.writable || f.shared || d.d.info.Layout != Contiguous {
		return nil
	}
	if !mem.stored && (mem != d.d.memory || !isStoredAsRead(t) || !isDirect(t)) {
		return nil
	}
	p := &d.d.plainAt
	p.once.Do(func() { p.find(d) })
	if p.file == nil {
		return nil
	}
	return p
}

// find leaves p as it is when the library has to read.
func (p *plainData) find(d *Dataset) {
	f := d.h.file
	have := f.plain.Load()
	at, fd, err := libhdf5.Plain(f.id, d.h.id, have == nil)
	if err != nil || at < 0 {
		return
	}
	if have == nil {
		have = os.NewFile(uintptr(fd), f.path)
		if !f.plain.CompareAndSwap(nil, have) {
			have.Close()
			have = f.plain.Load()
		}
	}
	p.file, p.at = have, at
}

// read reads a hyperslab that is one stretch of the file to dst. It is false when the hyperslab is none,
// and when the file is being closed: the library then says why.
func (p *plainData) read(shape Shape, h *libhdf5.Hyperslab, size int, dst unsafe.Pointer) (bool, error) {
	from, ok := stretch(shape, h)
	if !ok {
		return false, nil
	}
	b := unsafe.Slice((*byte)(dst), h.Len()*size)
	err := p.readAt(b, p.at+int64(from)*int64(size))
	if errors.Is(err, io.EOF) { // of which libhdf5 makes zeros
		err = &Error{Kind: ErrTruncated, Reason: "the file ends before these data do"}
		return true, err
	}
	return err == nil, nil
}

// readAt fills b from a place of the file on, with all processors when it is large.
func (p *plainData) readAt(b []byte, at int64) error {
	const share = 4 << 20 // less is not worth another processor
	n := min(runtime.GOMAXPROCS(0), len(b)/share)
	if n < 2 {
		_, err := p.file.ReadAt(b, at)
		return err
	}
	errs := make([]error, n)
	var parts sync.WaitGroup
	for k := range n {
		lo, hi := len(b)/n*k, len(b)/n*(k+1)
		if k == n-1 {
			hi = len(b)
		}
		parts.Go(func() { _, errs[k] = p.file.ReadAt(b[lo:hi], at+int64(lo)) })
	}
	parts.Wait()
	return errors.Join(errs...)
}

// stretch is the first element of a hyperslab whose elements follow one another.
func stretch(shape Shape, h *libhdf5.Hyperslab) (from int, ok bool) {
	if h.Block != nil {
		return 0, false
	}
	rows := false // whether an axis further in was not taken whole
	for i := len(shape) - 1; i >= 0; i-- {
		if h.Count[i] > 1 && (rows || h.Stride[i] != 1) {
			return 0, false
		}
		rows = rows || h.Count[i] != shape[i]
	}
	for i, n := range shape {
		from = from*n + h.Start[i]
	}
	return from, true
}
