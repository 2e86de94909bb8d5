package h5

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"unsafe"

	"gofive/h5/internal/libhdf5"
)

// inPieces reads parts with as many numbers, piece by piece, on all processors. work gets the same places
// of each part, and how many numbers come before them; several pieces are in work at once. join gets what came
// of them, one after the other in the order of the file, so that the same numbers always give the same sum.
func inPieces[T any](op string, parts []*Part, work func(x []*Array, at int) T, join func(T)) error {
	ts := make([]*transfer, len(parts))
	whole := false
	for i, p := range parts {
		t, err := p.transfer(op)
		if err != nil {
			return err
		}
		ts[i] = t
		whole = whole || t.irregular() || len(parts) > 1 && t.hasBlocks()
	}
	if err := ofOneShape(op, ts); err != nil {
		return err
	}
	if whole {
		return atOnce(op, parts, work, join)
	}
	p := &pass[T]{parts: ts, work: work, join: join}
	return p.run()
}

// Pieces reads the part piece by piece, and holds a few at a time. work gets a piece and how many elements come
// before it; several pieces are in work at once. join gets what came of them, one after the other in C order.
// The end of ctx ends it after the pieces it is at, with the error of ctx. Numbers may be complex. Lists of places are read at once.
func (p *Part) Pieces(ctx context.Context, work func(x *Array, at int) any, join func(any)) error {
	under := *p
	under.ctx, under.pairs = ctx, true
	err := inPieces("read", []*Part{&under}, func(x []*Array, at int) any { return work(x[0], at) }, join)
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// ofOneShape refuses parts that do not have the same places.
func ofOneShape(op string, ts []*transfer) error {
	for _, t := range ts[1:] {
		if a, b := t.sel.read(), ts[0].sel.read(); !slices.Equal(a, b) || t.width() != ts[0].width() {
			return &Error{Op: op, Name: t.d.path, File: t.d.h.file.path, Kind: ErrShape, Reason: fmt.Sprintf("shape %v beside %v of %s", a, b, ts[0].d.path),
				Hint: "select as much of one as of the other"}
		}
	}
	return nil
}

// hasBlocks reports whether an axis is selected in blocks.
func (t *transfer) hasBlocks() bool {
	return slices.ContainsFunc(t.sel.axes, func(a axis) bool { return a.block > 0 })
}

// width is how many numbers an element is.
func (t *transfer) width() int {
	one, _ := newArray(t.mem.typ, Shape{1}, nil)
	return one.onlyField().Len()
}

// atOnce is inPieces for lists of places and the like, which are read whole.
func atOnce[T any](op string, parts []*Part, work func(x []*Array, at int) T, join func(T)) error {
	x := make([]*Array, len(parts))
	for i, p := range parts {
		a, err := p.read(op)
		if err != nil {
			return err
		}
		x[i] = a
	}
	if x[0].Len() > 0 {
		join(work(x, 0))
	}
	return nil
}

// pass is one way through parts. Its pieces go round: read and reduced by a worker, joined, and used again.
type pass[T any] struct {
	parts []*transfer
	work  func(x []*Array, at int) T
	join  func(T)

	at    int // numbers handed out
	idle  []*piece[T]
	order []*piece[T] // in work, the oldest first
}

// piece is a stretch of all parts in memory.
type piece[T any] struct {
	at     int
	n      int // elements
	where  []*libhdf5.Hyperslab
	held   []*pieceMemory
	result T
	err    error
	done   chan struct{}
}

func (p *pass[T]) run() error {
	t := p.parts[0]
	h := t.sel.hyperslab()
	t.watch = newWatch(t.op, t.d.path, h.Len())
	if t.ctx != nil {
		t.watch.follow(t.ctx)
	}
	defer t.watch.end()
	bytes := 0
	for _, t := range p.parts {
		t.watch = p.parts[0].watch
		t.chunks, t.plain = t.unpacking(t.sel.hyperslab()), t.d.plain(t.mem)
		bytes = max(bytes, t.reducedAtOnce())
	}
	workers := p.workers(bytes)
	for range workers + 1 {
		p.idle = append(p.idle, p.newPiece())
	}
	queue := make(chan *piece[T], workers)
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for piece := range queue {
				p.reduce(piece)
			}
		})
	}
	err := t.pieces(h, bytes, func(sel libhdf5.Selection, n int) error { return p.hand(queue, sel.(*libhdf5.Hyperslab), n) })
	close(queue)
	all.Wait()
	for err == nil && len(p.order) > 0 {
		err = p.take()
	}
	runtime.KeepAlive(p.parts)
	return err
}

// workers is how many pieces are in work at once: one where all ranks have to read in the same order, and
// where pieces are so large that several would fill the memory.
func (p *pass[T]) workers(bytes int) int {
	const mostMemory = 256 << 20
	for _, t := range p.parts {
		if t.d.h.file.shared {
			return 1
		}
	}
	return max(1, min(runtime.GOMAXPROCS(0), mostMemory/len(p.parts)/bytes))
}

// reducedAtOnce are the bytes of a piece: with chunks more, so that these are read whole.
func (t *transfer) reducedAtOnce() int {
	if t.d.d.info.Layout == Chunked {
		return t.wholeChunks(sideChunked)
	}
	return sideBytes
}

func (p *pass[T]) newPiece() *piece[T] {
	piece := &piece[T]{done: make(chan struct{}, 1), where: make([]*libhdf5.Hyperslab, len(p.parts))}
	for _, t := range p.parts {
		piece.held = append(piece.held, newPieceMemory(t))
	}
	return piece
}

// hand gives a piece to the workers, when there is one to be had.
func (p *pass[T]) hand(queue chan<- *piece[T], h *libhdf5.Hyperslab, n int) error {
	if len(p.idle) == 0 {
		if err := p.take(); err != nil {
			return err
		}
	}
	last := len(p.idle) - 1
	piece := p.idle[last]
	p.idle = p.idle[:last]
	piece.at, piece.n = p.at, n
	for i, t := range p.parts {
		piece.where[i] = t.same(p.parts[0], h)
	}
	p.at += n * p.parts[0].width()
	p.order = append(p.order, piece)
	queue <- piece
	return nil
}

// take waits for the oldest piece and joins it.
func (p *pass[T]) take() error {
	piece := p.order[0]
	p.order = p.order[1:]
	<-piece.done
	if piece.err != nil {
		return piece.err
	}
	p.join(piece.result)
	p.idle = append(p.idle, piece)
	return nil
}

// reduce reads a piece and does the work on it.
func (p *pass[T]) reduce(piece *piece[T]) {
	defer func() { piece.done <- struct{}{} }()
	x := make([]*Array, len(p.parts))
	for i, m := range piece.held {
		if x[i], piece.err = m.read(piece.where[i], piece.n); piece.err != nil {
			piece.err = p.parts[i].failed(piece.err)
			return
		}
	}
	piece.result = p.work(x, piece.at)
}

// pieceMemory is what one part's pieces are read into, again and again.
type pieceMemory struct {
	t     *transfer
	array *Array // the largest so far
	aside sideReader
}

func newPieceMemory(t *transfer) *pieceMemory {
	m := &pieceMemory{t: t}
	m.aside, _ = t.aside()
	return m
}

// read reads n elements. The array is good until the next call.
func (m *pieceMemory) read(h *libhdf5.Hyperslab, n int) (*Array, error) {
	typ, file := m.t.mem.typ, m.t.d.h.file
	if !isDirect(typ) {
		a, fill := newArray(typ, Shape{n}, file)
		err := m.aside(h, n, func(p unsafe.Pointer) { fill(p, n, typ.MemorySize) })
		return a.onlyField(), err
	}
	if m.array == nil || m.array.shape[0] < n {
		m.array, _ = newArray(typ, Shape{n}, file)
	}
	a := m.array.rows(0, n)
	return a.onlyField(), m.t.get(h, n, a.memory())
}
