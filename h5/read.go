package h5

import (
	"runtime"
	"unsafe"

	"gofive/h5/internal/libhdf5"
)

// pieceBytes is how much one call into the library moves: between pieces an interrupt is seen and
// the lock is free for others.
const pieceBytes = 64 << 20

// heldBytes is the same for data that the library keeps in memory of its own first: lists and
// strings of variable length, of which only the pointers are counted.
const heldBytes = 1 << 20

// read reads a selection of the named fields, or of whole elements.
func (d *Dataset) read(op string, names []string, sel []any) (*Array, error) {
	s, mem, err := d.prepare(op, names, sel)
	if err != nil {
		return nil, err
	}
	defer runtime.KeepAlive(mem)
	defer runtime.KeepAlive(d.h)
	a, fill := newArray(mem.typ, s.read(), d.h.file)
	t := transfer{d: d, op: op, mem: mem, sel: s, stop: interrupted()}
	if err := t.run(a, fill); err != nil {
		return nil, err
	}
	return a.arranged(s), nil
}

// prepare finds out what is to be read, and refuses what does not fit into memory.
func (d *Dataset) prepare(op string, names []string, sel []any) (*selection, *memoryType, error) {
	id, err := d.use(op)
	if err != nil {
		return nil, nil, err
	}
	defer runtime.KeepAlive(d.h)
	shape, err := d.shapeNow(op)
	if err != nil {
		return nil, nil, err
	}
	s, err := newSelection(shape, sel)
	if err != nil {
		return nil, nil, because(op, d.path, d.h.file.path, err)
	}
	mem, err := d.fieldsType(op, id, names)
	if err != nil {
		if e, ok := err.(*Error); ok {
			return nil, nil, e
		}
		return nil, nil, d.failed(op, d.path, err)
	}
	if mem, err = d.storedRows(id, s, mem); err != nil {
		return nil, nil, d.failed(op, d.path, err)
	}
	s.plan(isDirect(mem.typ))
	err = d.checkChunks()
	if err == nil {
		err = checkMemory(s.read(), heldSize(mem.typ))
	}
	if err != nil {
		return nil, nil, because(op, d.path, d.h.file.path, err)
	}
	return s, mem, nil
}

// arranged puts what was read into the order that was asked for, and drops axes.
func (a *Array) arranged(s *selection) *Array {
	if s.shape == nil {
		return a
	}
	for i, ax := range s.axes {
		if ax.order != nil {
			a = a.take(i, ax.order)
		}
	}
	return a.dropped(s)
}

// transfer is one read of a selection.
type transfer struct {
	d    *Dataset
	op   string
	mem  *memoryType
	sel  *selection
	stop func() bool
}

// sink takes the n elements of a hyperslab out of the file.
type sink func(h *libhdf5.Hyperslab, n int) error

// run fills a, through fill, or directly where memory and Go agree.
func (t *transfer) run(a *Array, fill filler) error {
	if t.sel.read().Len() == 0 {
		return nil
	}
	listed := t.sel.listed()
	if listed >= 0 && isDirect(t.mem.typ) {
		return t.runs(listed, a.memory())
	}
	into, piece := t.through(fill)
	if isDirect(t.mem.typ) {
		into, piece = t.direct(a.memory()), pieceBytes
	}
	if listed < 0 {
		return t.pieces(t.sel.hyperslab(), piece, into)
	}
	runs := t.sel.axes[listed].runs()
	for i := 0; i < len(runs); i += 2 {
		h := t.sel.hyperslab()
		h.Start[listed], h.Count[listed] = runs[i], runs[i+1]
		if err := t.pieces(h, piece, into); err != nil {
			return err
		}
	}
	return nil
}

// direct reads one piece behind the other into the memory at p.
func (t *transfer) direct(p unsafe.Pointer) sink {
	at, size := 0, t.mem.typ.MemorySize
	return func(h *libhdf5.Hyperslab, n int) error {
		err := libhdf5.Read(t.d.h.id, t.mem.id, h, n, unsafe.Add(p, at))
		at += n * size
		return err
	}
}

// sideBytes is how much is read at once to be taken on from there: what the processor's cache holds.
// Chunks are read whole, or each would be inflated again for every part of it.
const (
	sideBytes   = 1 << 20
	sideChunked = 16 << 20
)

// through reads each piece into memory on the side, and fills from there. The second result is how
// many bytes to move at once.
func (t *transfer) through(fill filler) (sink, int) {
	size := t.mem.typ.MemorySize
	if t.mem.typ.HasPointers() {
		return func(h *libhdf5.Hyperslab, n int) error {
			return libhdf5.ReadHeld(t.d.h.id, t.mem.id, h, n, func(p unsafe.Pointer) { fill(p, n, size) })
		}, heldBytes
	}
	most := sideBytes
	if t.d.d.info.Layout == Chunked {
		most = sideChunked
	}
	var side []byte
	return func(h *libhdf5.Hyperslab, n int) error {
		if len(side) < n*size {
			side = make([]byte, n*size)
		}
		p := unsafe.Pointer(unsafe.SliceData(side))
		if err := libhdf5.Read(t.d.h.id, t.mem.id, h, n, p); err != nil {
			return err
		}
		fill(p, n, size)
		return nil
	}, most
}

// runs reads the listed places of an axis, all in one call: they are few bytes for what they span.
func (t *transfer) runs(axis int, p unsafe.Pointer) error {
	err := libhdf5.ReadRuns(t.d.h.id, t.mem.id, t.sel.hyperslab(), axis, t.sel.axes[axis].runs(), p)
	if err != nil {
		return t.failed(err)
	}
	return nil
}

// pieces cuts a hyperslab into pieces of at most so many bytes, in the order of memory.
func (t *transfer) pieces(h *libhdf5.Hyperslab, bytes int, into sink) error {
	most := max(1, bytes/t.mem.typ.MemorySize)
	n := Shape(h.Count).Len()
	if n <= most {
		if t.stop() {
			return interruption(t.op, t.d.path, t.d.h.file.path)
		}
		if err := into(h, n); err != nil {
			return t.failed(err)
		}
		return nil
	}
	axis := 0
	for h.Count[axis] == 1 {
		axis++
	}
	rows := t.alignRows(axis, h.Stride[axis], max(1, most/Shape(h.Count[axis+1:]).Len()))
	for from := 0; from < h.Count[axis]; from += rows {
		part := &libhdf5.Hyperslab{Start: clone(h.Start), Stride: h.Stride, Count: clone(h.Count)}
		part.Start[axis] += from * h.Stride[axis]
		part.Count[axis] = min(rows, h.Count[axis]-from)
		if err := t.pieces(part, bytes, into); err != nil {
			return err
		}
	}
	return nil
}

// alignRows makes a number of rows that of whole chunks, so that no chunk is read twice.
func (t *transfer) alignRows(axis, stride, rows int) int {
	chunks := t.d.d.info.Chunks // of a damaged file too: any number of any lengths
	if axis >= len(chunks) || chunks[axis] <= 0 || stride != 1 || rows < chunks[axis] {
		return rows
	}
	return rows / chunks[axis] * chunks[axis]
}

func clone(v []int) []int { return append([]int(nil), v...) }

// failed makes the library's error that of the dataset, and says which filter is missing.
func (t *transfer) failed(err error) error {
	e := t.d.failed(t.op, t.d.path, err)
	for _, f := range t.d.d.info.Filters {
		if e.Kind == ErrFilter && !f.Available || !f.Available && e.Kind == ErrLibrary {
			e.Kind = ErrFilter
			e.Reason = "its data went through filter " + f.describe() + ", which is not installed"
			e.Hint = filterHint()
		}
	}
	return e
}
