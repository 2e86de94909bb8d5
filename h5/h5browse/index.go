package h5browse

import (
	"slices"
	"strings"
	"sync"
	"time"

	"gofive/h5"
)

// An index holds the cells of short stretches of a long line of numbers, so that any part of it is drawn from
// these. They are read when they are first needed and kept as long as nobody writes what they stand for: of a
// line that grows only what is new is read.
const (
	indexFrom   = 1 << 20 // numbers that a line must have
	leastBlock  = 512     // numbers of a stretch
	mostBlocks  = 1 << 18
	mostIndexes = 8 // that are kept; each takes up to 10 MB
)

// How long what another process has appended is read again, for it may make a dataset longer before it writes there,
// and how long anything is taken to be what it was in a file that such a process changes.
const (
	settle = 5 * time.Second
	trust  = time.Minute
)

// blockOf is how many numbers a stretch of a line of n has.
func blockOf(n int) int {
	b := leastBlock
	for n/b >= mostBlocks {
		b *= 2
	}
	return b
}

// What is known of a stretch.
const (
	unread  = iota
	outline // its cell is good for a first drawing
	reading // by somebody now, and not written meanwhile
	known
)

// index is that of one line.
type index struct {
	key  indexKey
	axes []h5.Interval // the line's: of all but the open one, a place
	open int
	turn chan struct{} // holds a token while nobody reads for it

	mu     sync.Mutex
	length int
	block  int
	cells  []cell
	state  []byte
	of     mark      // the file's, unless it is this process that writes it
	since  time.Time // that is older than all that is known
	grown  []growth
}

// growth is a place from which a line became longer, and when that was seen.
type growth struct {
	from int
	at   time.Time
}

type indexKey struct {
	file, address int64
	field, lens   string
	sel           string // the whole line
}

// indexes are those that were used last.
type indexes struct {
	mu   sync.Mutex
	kept []*index // the one used last is the last
	stop func()   // ends hearing of writes; nil while there are none to hear of
}

// of gives the index of a line, of which nothing may be known yet.
func (ix *indexes) of(n line) (*index, error) {
	info, err := n.d.Info()
	if err != nil {
		return nil, err
	}
	key := indexKey{info.FileNo, info.Address, n.field, n.lens.key(), lineSel(n.axes)}
	ix.mu.Lock()
	defer ix.mu.Unlock()
	if ix.stop == nil {
		ix.stop = h5.OnWrite(ix.written)
	}
	at := slices.IndexFunc(ix.kept, func(i *index) bool { return i.key == key })
	if at < 0 {
		i := &index{key: key, axes: n.axes, open: n.open, turn: make(chan struct{}, 1)}
		i.turn <- struct{}{}
		ix.kept = append(ix.kept, i)
	} else {
		i := ix.kept[at]
		ix.kept = append(slices.Delete(ix.kept, at, at+1), i)
	}
	ix.kept = ix.kept[max(0, len(ix.kept)-mostIndexes):]
	return ix.kept[len(ix.kept)-1], nil
}

// written hears of a write in this process.
func (ix *indexes) written(w h5.Written) {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	for _, i := range ix.kept {
		if (w.FileNo == 0 || w.FileNo == i.key.file) && (w.Address == 0 || w.Address == i.key.address) {
			i.written(w.Axes)
		}
	}
}

// written forgets the stretches that were written; nil stands for all.
func (i *index) written(axes []h5.Interval) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if len(axes) != len(i.axes) {
		clear(i.state)
		return
	}
	for k, a := range i.axes {
		if k != i.open && (a.Lo < axes[k].Lo || a.Lo >= axes[k].Hi) {
			return
		}
	}
	i.forget(axes[i.open].Lo, axes[i.open].Hi)
}

// forget makes the stretches unread that hold places from lo to before hi.
func (i *index) forget(lo, hi int) {
	if i.block == 0 || hi <= lo {
		return
	}
	from, to := min(max(lo, 0)/i.block, len(i.state)), min((hi+i.block-1)/i.block, len(i.state))
	if from < to {
		clear(i.state[from:to])
	}
}

// writer tells who may write a file while pages look at it.
type writer int

const (
	nobody writer = iota
	weWrite
	othersWrite // and append, as SWMR is meant for
)

func writerOf(f *h5.File) writer {
	switch {
	case f.Writable():
		return weWrite
	case isSWMR(f):
		return othersWrite
	case changing(f):
		return weWrite
	}
	return nobody
}

// follow brings the index to the line as it is now: n numbers long, in a file of that mark. Who holds the turn may
// call it.
func (i *index) follow(n int, of mark, who writer) {
	i.mu.Lock()
	defer i.mu.Unlock()
	now := time.Now()
	changed := who != weWrite && of != i.of
	if n < i.length || changed && (who == nobody || now.Sub(i.since) > trust) {
		i.length, i.cells, i.state, i.grown = 0, nil, nil, nil
	}
	if i.length == 0 {
		i.block, i.since = blockOf(n), now
	}
	before := i.length
	i.of = of
	i.resize(n)
	if who == othersWrite && before > 0 && changed {
		i.unsettled(before, now)
	}
}

// unsettled forgets what another process may just be writing, of a line that had so many numbers before.
func (i *index) unsettled(before int, now time.Time) {
	if i.length > before {
		i.grown = append(i.grown, growth{before, now})
	}
	i.forget(before-1, before)
	if len(i.grown) > 0 {
		i.forget(i.grown[0].from, i.length)
	}
	i.grown = slices.DeleteFunc(i.grown, func(g growth) bool { return now.Sub(g.at) > settle })
}

// resize makes room for n numbers. The last stretch was shorter than it will be.
func (i *index) resize(n int) {
	if n != i.length {
		i.forget(i.length-1, i.length)
	}
	for i.block < blockOf(n) {
		i.coarsen()
	}
	count := (n + i.block - 1) / i.block
	for len(i.cells) < count {
		i.cells, i.state = append(i.cells, nothing()), append(i.state, unread)
	}
	i.length = n
}

// coarsen joins stretches in pairs. What one of a pair is not, both are not.
func (i *index) coarsen() {
	half := (len(i.cells) + 1) / 2
	for k := range half {
		c, s := i.cells[2*k], i.state[2*k]
		if 2*k+1 < len(i.cells) {
			c, s = c.join(i.cells[2*k+1]), min(s, i.state[2*k+1])
		}
		i.cells[k], i.state[k] = c, s
	}
	i.cells, i.state = i.cells[:half], i.state[:half]
	i.block *= 2
}

// missing is the first run of stretches that are not known, from one to before another.
func (i *index) missing(from, to int) (lo, hi int) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for lo = from; lo < to && i.state[lo] == known; lo++ {
	}
	for hi = lo; hi < to && i.state[hi] != known; hi++ {
	}
	return lo, hi
}

// claim notes that stretches are being read: what is written from now on is to be read again.
func (i *index) claim(from, to int) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for k := from; k < to; k++ {
		i.state[k] = reading
	}
}

// take takes cells that were read, as what they are from now on, unless the stretches were written meanwhile.
func (i *index) take(from int, cells []cell, as byte) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for k, c := range cells {
		i.cells[from+k] = c
		if i.state[from+k] == reading {
			i.state[from+k] = as
		}
	}
}

// giveUp leaves stretches that were claimed.
func (i *index) giveUp(from, to int) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for k := from; k < to; k++ {
		if i.state[k] == reading {
			i.state[k] = unread
		}
	}
}

// draw joins the stretches from one to before another to so many. Those of which nothing is known are empty.
func (i *index) draw(first, last, width int) drawn {
	i.mu.Lock()
	defer i.mu.Unlock()
	out := drawn{from: first * i.block, to: min(last*i.block, i.length)}
	for k := range width {
		from, to := first+k*(last-first)/width, first+(k+1)*(last-first)/width
		c := nothing()
		for j := from; j < to; j++ {
			c = c.join(i.cells[j])
		}
		out.at, out.cells = append(out.at, float64(from*i.block)), append(out.cells, c)
	}
	return out
}

// drop forgets an index.
func (ix *indexes) drop(i *index) {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	ix.kept = slices.DeleteFunc(ix.kept, func(o *index) bool { return o == i })
}

// lineSel selects all of the axis that is open, and the places of the others.
func lineSel(axes []h5.Interval) string {
	parts := make([]string, len(axes))
	for i, a := range axes {
		parts[i] = ":"
		if a.Step == 0 {
			parts[i] = place(a.Lo)
		}
	}
	return strings.Join(parts, ", ")
}

// clear forgets all.
func (ix *indexes) clear() {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	ix.kept = nil
	if ix.stop != nil {
		ix.stop()
		ix.stop = nil
	}
}
