package h5

import (
	"slices"
	"sort"
	"unsafe"

	"gofive/h5/internal/libhdf5"
)

// What one more call of H5Dread costs, and one more stretch of memory in it, in bytes that could be read
// meanwhile; measured, and different by less than a factor of two between machines.
const (
	runCost        = 8 << 10
	runCostChunked = 32 << 10
	stretchCost    = 2 << 10
	chunkCache     = 1 << 20 // what libhdf5 keeps of a dataset's chunks
)

// plan chooses how listed places are read. At most one axis is read run by run: the one where that is
// cheapest. Places of the first axis are else picked from windows that hold them, and those of other
// axes from the whole interval after it is read. Only what is direct can be put anywhere in memory.
func (s *selection) plan(mem *libhdf5.Type, info *ObjectInfo) {
	if s.elements {
		return
	}
	best, gained := -1, 1.0
	for i, a := range s.axes {
		if a.places == nil || i > 0 && !isDirect(mem) {
			continue
		}
		if gain := s.gain(i, mem.MemorySize, info); gain > gained {
			best, gained = i, gain
		}
	}
	for i, a := range s.axes {
		switch {
		case a.places == nil || i == best:
		case i == 0 && best < 0:
			s.windows = true
		default:
			s.axes[i] = a.whole()
		}
	}
}

// gain is how many times cheaper it is to read an axis run by run than to read all between its places.
func (s *selection) gain(i, size int, info *ObjectInfo) float64 {
	a, before, others := s.axes[i], 1, size
	for k, b := range s.axes {
		n := b.count
		if b.places != nil {
			n = b.span()
		}
		if k < i {
			before *= n
		}
		if k != i {
			others *= n
		}
	}
	perRun := runCost + before*stretchCost
	if info.Layout == Chunked {
		perRun = runCostChunked + before*stretchCost
	}
	if s.inflatedAgain(i, info) {
		perRun += chunkRow(i, s.axes, info)
	}
	runs := len(a.runs()) / 3
	return float64(a.span()) * float64(others) / (float64(runs)*float64(perRun) + float64(a.count)*float64(others))
}

// inflatedAgain reports whether chunks do not stay in memory from one run of an axis to the next.
func (s *selection) inflatedAgain(axis int, info *ObjectInfo) bool {
	return info.Layout == Chunked && len(info.Filters) > 0 && chunkRow(axis, s.axes, info) > chunkCache
}

// chunkRow is the size of all chunks that one place of an axis goes through.
func chunkRow(axis int, axes []axis, info *ObjectInfo) int {
	size, ok := info.Chunks.bytes(info.Datatype.Size())
	if !ok || len(info.Chunks) != len(axes) {
		return 0
	}
	for i, a := range axes {
		if c := info.Chunks[i]; i != axis && c > 0 {
			size *= (a.count*a.step + c - 1) / c
		}
	}
	return size
}

// lists reports whether places of an axis were asked for one by one.
func (s *selection) lists() bool { return s.listed() >= 0 }

// listed is the first axis with listed places, -1 for none.
func (s *selection) listed() int {
	return slices.IndexFunc(s.axes, func(a axis) bool { return a.places != nil })
}

// runs are the runs of all axes.
func (s *selection) runs() libhdf5.Runs {
	out := make(libhdf5.Runs, len(s.axes))
	for i, a := range s.axes {
		out[i] = a.runs()
	}
	return out
}

// hyperslab is what is read, when no axis is listed or that one is replaced by the caller.
func (s *selection) hyperslab() *libhdf5.Hyperslab {
	n := len(s.axes)
	sizes := make([]int, 3*n) // one piece of memory: small reads are many
	h := &libhdf5.Hyperslab{Start: sizes[:n:n], Stride: sizes[n : 2*n : 2*n], Count: sizes[2*n:]}
	for i, a := range s.axes {
		h.Start[i], h.Stride[i], h.Count[i] = a.start, a.step, a.count
		if a.block > 0 {
			if h.Block == nil {
				h.Block = slices.Repeat([]int{1}, n)
			}
			h.Block[i], h.Count[i] = a.block, a.count/a.block
		}
	}
	return h
}

// fromWindows reads the listed places of the first axis: window by window all between the first and
// the last one in it.
func (t *transfer) fromWindows(fill filler) error {
	aside, most := t.aside()
	size, inner := t.mem.typ.MemorySize, t.sel.read()[1:].Len()
	rows := t.alignRows(0, 1, max(1, most/size/inner))
	for places := t.sel.axes[0].places; len(places) > 0; {
		lo := places[0]
		n := sort.SearchInts(places, lo-lo%rows+rows)
		h := t.sel.hyperslab()
		h.Start[0], h.Count[0] = lo, places[n-1]-lo+1
		err := t.read(aside, h, h.Count[0]*inner, func(p unsafe.Pointer) {
			pick(fill, p, places[:n], lo, inner, size)
		})
		if err != nil {
			return err
		}
		places = places[n:]
	}
	return nil
}

// pick fills from memory that holds elements from place lo on, inner of them a place.
func pick(fill filler, p unsafe.Pointer, places []int, lo, inner, size int) {
	for len(places) > 0 {
		n := running(places)
		fill(unsafe.Add(p, (places[0]-lo)*inner*size), n*inner, size)
		places = places[n:]
	}
}

// running is how many places from the first on follow one another.
func running(places []int) int {
	n := 1
	for n < len(places) && places[n] == places[n-1]+1 {
		n++
	}
	return n
}

// How many times as many bytes as are wanted may be read instead of points: a point costs libhdf5 as
// much as these take. Strings and lists are made one by one, wanted or not.
const (
	denseBytes = 256
	denseHeld  = 2
	mostPoints = 1 << 18
)

// elements reads single elements: where they lie close together, all between them, and elsewhere points.
func (t *transfer) elements(fill filler) error {
	aside, most := t.aside()
	shape, size, places := t.sel.shape, t.mem.typ.MemorySize, t.sel.axes[0].inFile()
	axis, rows := t.slab(shape, most/size)
	points := 0 // of places, not read yet
	flush := func() error {
		if points == 0 {
			return nil
		}
		err := t.read(aside, pointsOf(shape, places[:points]), points, func(p unsafe.Pointer) { fill(p, points, size) })
		places, points = places[points:], 0
		return err
	}
	for points < len(places) {
		lo, n, h := nextSlab(shape, axis, rows, places[points:])
		if !t.dense(h, n) {
			if points += min(n, mostPoints); points < mostPoints {
				continue
			}
			if err := flush(); err != nil {
				return err
			}
			continue
		}
		if err := flush(); err != nil {
			return err
		}
		err := t.read(aside, h, Shape(h.Count).Len(), func(p unsafe.Pointer) { pick(fill, p, places[:n], lo, 1, size) })
		if err != nil {
			return err
		}
		places = places[n:]
	}
	return flush()
}

// dense reports whether reading all of a slab takes no longer than reading n points of it.
func (t *transfer) dense(h *libhdf5.Hyperslab, n int) bool {
	all := Shape(h.Count).Len()
	if t.mem.typ.HasPointers() {
		return all <= n*denseHeld
	}
	return all*t.mem.typ.MemorySize <= n*denseBytes
}

// slab chooses an axis, and how many rows of it, with all below, are at most so many elements.
func (t *transfer) slab(shape Shape, most int) (axis, rows int) {
	for axis < len(shape)-1 && shape[axis+1:].Len() > most {
		axis++
	}
	return axis, t.alignRows(axis, 1, max(1, most/max(1, shape[axis+1:].Len())))
}

// nextSlab is the slab that the first place is in, cut to the rows that are wanted: its first element,
// how many of the places are in it, and its hyperslab.
func nextSlab(shape Shape, axis, rows int, places []int) (lo, n int, h *libhdf5.Hyperslab) {
	inner := shape[axis+1:].Len()
	row := places[0] / inner
	inAxis := row % shape[axis]
	end := min(inAxis-inAxis%rows+rows, shape[axis])
	n = sort.SearchInts(places, (row-inAxis+end)*inner)
	lo = row * inner
	return lo, n, box(shape, lo, axis, places[n-1]/inner-row+1)
}
