package h5

import (
	"context"
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
		return nil, d.absent(op, "read", err)
	}
	defer runtime.KeepAlive(mem)
	defer runtime.KeepAlive(d.h)
	a, fill := newArray(mem.typ, s.read(), d.h.file)
	t := transfer{d: d, op: op, mem: mem, sel: s, watch: newWatch(op, d.path, s.read().Len())}
	defer t.watch.end()
	if err := t.run(a, fill); err != nil {
		return nil, err
	}
	return a.arranged(s), nil
}

// prepare finds out what is to be read, and refuses what does not fit into memory.
func (d *Dataset) prepare(op string, names []string, sel []any) (*selection, *memoryType, error) {
	s, mem, err := d.resolve(op, names, sel)
	if err != nil {
		return nil, nil, err
	}
	if err := checkMemory(s.read(), heldSize(mem.typ)); err != nil {
		return nil, nil, because(op, d.path, d.h.file.path, err)
	}
	return s, mem, nil
}

// resolve finds out what is to be read, and how.
func (d *Dataset) resolve(op string, names []string, sel []any) (*selection, *memoryType, error) {
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
	if !d.mpio() {
		s.plan(mem.typ, &d.d.info)
	}
	if err := d.checkChunks(); err != nil {
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
	d     *Dataset
	op    string
	mem   *memoryType
	sel   *selection
	watch *watch
	ctx   context.Context // that ends it; nil for none

	chunks *chunkwise // what reads hyperslabs, nil for the library
	plain  *plainData // what reads stretches of the file, nil for the library
}

// sink takes the n elements of a selection out of the file.
type sink func(sel libhdf5.Selection, n int) error

// run fills a, through fill, or directly where memory and Go agree.
func (t *transfer) run(a *Array, fill filler) error {
	if t.d.mpio() && !t.mem.typ.HasPointers() {
		return t.readTogether(a, fill)
	}
	if err := t.d.absent(t.op, "read", nil); err != nil {
		return err
	}
	if t.sel.read().Len() == 0 {
		return nil
	}
	switch listed := t.sel.listed(); {
	case t.sel.elements:
		return t.elements(fill)
	case t.sel.windows:
		return t.fromWindows(fill)
	case listed >= 0 && isDirect(t.mem.typ):
		return t.failed(libhdf5.ReadRuns(t.d.h.id, t.mem.id, t.sel.runs(), a.memory()))
	case isDirect(t.mem.typ):
		t.note(t.sel.hyperslab())
		return t.directly(t.sel.hyperslab(), a.memory())
	case listed < 0:
		t.note(t.sel.hyperslab())
		t.chunks = t.unpacking(t.sel.hyperslab())
		if t.inColumns(a) {
			return t.columns(t.sel.hyperslab(), a)
		}
		into, piece := t.through(fill)
		return t.pieces(t.sel.hyperslab(), piece, into)
	}
	into, piece := t.through(fill)
	runs := t.sel.axes[0].runs()
	for i := 0; i < len(runs); i += 3 {
		h := t.sel.hyperslab()
		h.Start[0], h.Count[0] = runs[i], runs[i+2]
		if err := t.pieces(h, piece, into); err != nil {
			return err
		}
	}
	return nil
}

// directly reads a hyperslab into the memory at p.
func (t *transfer) directly(h *libhdf5.Hyperslab, p unsafe.Pointer) error {
	if c := t.unpacking(h); c != nil {
		c.counts = true
		err := c.read(h, p)
		if err != errPacked {
			return t.failed(err)
		}
	}
	return t.pieces(h, t.wholeChunks(pieceBytes), t.direct(p))
}

// get reads a selection of n elements to p.
func (t *transfer) get(sel libhdf5.Selection, n int, p unsafe.Pointer) error {
	h, isSlab := sel.(*libhdf5.Hyperslab)
	if isSlab && t.chunks != nil {
		if err := t.chunks.read(h, p); err != errPacked {
			return err
		}
	}
	if isSlab && t.plain != nil {
		if done, err := t.plain.read(t.sel.shape, h, t.mem.typ.MemorySize, p); done {
			return err
		}
	}
	return libhdf5.Read(t.d.h.id, t.mem.id, sel, n, p)
}

// direct reads one piece behind the other into the memory at p.
func (t *transfer) direct(p unsafe.Pointer) sink {
	at, size, plain := 0, t.mem.typ.MemorySize, t.d.plain(t.mem)
	return func(sel libhdf5.Selection, n int) error {
		to := unsafe.Add(p, at)
		at += n * size
		if h, ok := sel.(*libhdf5.Hyperslab); ok && plain != nil {
			if done, err := plain.read(t.sel.shape, h, size, to); done {
				return err
			}
		}
		return libhdf5.Read(t.d.h.id, t.mem.id, sel, n, to)
	}
}

// sideBytes is how much is read at once to be taken on from there: what the processor's cache holds.
// Chunks are read whole, or each would be inflated again for every part of it.
const (
	sideBytes   = 1 << 20
	sideChunked = 16 << 20
)

// sideReader reads n elements into memory on the side, which use may look at.
type sideReader func(sel libhdf5.Selection, n int, use func(p unsafe.Pointer)) error

// aside reads into memory on the side. The second result is how many bytes to read at once.
func (t *transfer) aside() (sideReader, int) {
	size := t.mem.typ.MemorySize
	if t.mem.typ.HasPointers() {
		return func(sel libhdf5.Selection, n int, use func(p unsafe.Pointer)) error {
			return libhdf5.ReadHeld(t.d.h.id, t.mem.id, sel, n, use)
		}, heldBytes
	}
	most := sideBytes
	if t.d.d.info.Layout == Chunked {
		most = t.wholeChunks(sideChunked)
	}
	var side []byte
	return func(sel libhdf5.Selection, n int, use func(p unsafe.Pointer)) error {
		if len(side) < n*size {
			side = make([]byte, n*size)
		}
		p := unsafe.Pointer(unsafe.SliceData(side))
		err := t.get(sel, n, p)
		if err == nil {
			use(p)
		}
		return err
	}, most
}

// through reads each piece aside, and fills from there.
func (t *transfer) through(fill filler) (sink, int) {
	size := t.mem.typ.MemorySize
	aside, most := t.aside()
	return func(sel libhdf5.Selection, n int) error {
		return aside(sel, n, func(p unsafe.Pointer) { fill(p, n, size) })
	}, most
}

// step moves n elements, unless there was an interrupt.
func (t *transfer) step(n int, move func() error) error {
	if t.watch.stop() {
		return interruption(t.op, t.d.path, t.d.h.file.path)
	}
	if err := move(); err != nil {
		return t.failed(err)
	}
	t.watch.moved(n)
	return nil
}

// read is one call of aside.
func (t *transfer) read(aside sideReader, sel libhdf5.Selection, n int, use func(p unsafe.Pointer)) error {
	return t.step(n, func() error { return aside(sel, n, use) })
}

// pieces cuts a hyperslab into pieces of at most so many bytes, in the order of memory.
func (t *transfer) pieces(h *libhdf5.Hyperslab, bytes int, into sink) error {
	most := max(1, bytes/t.mem.typ.MemorySize)
	n := h.Len()
	if n <= most {
		return t.step(n, func() error { return into(h, n) })
	}
	axis := 0
	for h.Places(axis) == 1 {
		axis++
	}
	row := n / h.Count[axis]
	if row > most && h.BlockOf(axis) > 1 {
		return t.blocks(h, axis, bytes, into)
	}
	rows := t.alignRows(axis, h.Stride[axis], max(1, most/row))
	for from := 0; from < h.Count[axis]; {
		n := min(rows-t.intoChunk(axis, rows, h.Start[axis]+from), h.Count[axis]-from)
		if err := t.pieces(h.Part(axis, from, n), bytes, into); err != nil {
			return err
		}
		from += n
	}
	return nil
}

// blocks is pieces for an axis of which already one block is too much.
func (t *transfer) blocks(h *libhdf5.Hyperslab, axis, bytes int, into sink) error {
	for from := range h.Count[axis] {
		part := h.Part(axis, from, 1)
		part.Stride[axis], part.Count[axis], part.Block[axis] = 1, part.Block[axis], 1
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

// intoChunk is how far into a chunk a place is when rows are those of whole chunks: the first piece is as
// much shorter, and the others begin with a chunk.
func (t *transfer) intoChunk(axis, rows, place int) int {
	chunks := t.d.d.info.Chunks
	if axis >= len(chunks) || chunks[axis] <= 0 || rows%chunks[axis] != 0 {
		return 0
	}
	return place % chunks[axis]
}

// mostPiece is how large a piece may get so that no chunk is unpacked twice.
const mostPiece = 256 << 20

// wholeChunks makes a piece of so many bytes larger where it would cut through chunks that went through
// filters.
func (t *transfer) wholeChunks(bytes int) int {
	info := &t.d.d.info
	if info.Layout != Chunked || len(info.Filters) == 0 || len(t.sel.axes) == 0 {
		return bytes
	}
	if row := chunkRow(0, t.sel.axes, info); row > bytes && row <= mostPiece {
		return row
	}
	return bytes
}

// failed makes the library's error that of the dataset, and says which filter is missing.
func (t *transfer) failed(err error) error {
	if err == nil {
		return nil
	}
	if e, ok := err.(*Error); ok {
		return because(t.op, t.d.path, t.d.h.file.path, e)
	}
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
