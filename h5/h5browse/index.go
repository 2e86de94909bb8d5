package h5browse

import (
	"context"
	"slices"
	"strings"
	"sync"

	"gofive/h5"
)

// An index holds the cells of short stretches of a long line of numbers, so that any part of it is drawn from
// these. It is made when it is first needed and kept as long as the file does not change.
const (
	indexFrom   = 1 << 20 // numbers that a line must have
	leastBlock  = 512     // numbers of a stretch
	mostBlocks  = 1 << 18
	mostIndexes = 8 // that are kept; each takes up to 10 MB
)

// blockOf is how many numbers a stretch of a line of n has.
func blockOf(n int) int {
	b := leastBlock
	for n/b >= mostBlocks {
		b *= 2
	}
	return b
}

// index is that of one line.
type index struct {
	key   indexKey
	turn  chan struct{} // holds a token while nobody makes it
	block int
	cells []cell // nil until it is made
}

type indexKey struct {
	of          mark
	path, field string
	sel         string // the whole line
}

// indexes are those that were used last.
type indexes struct {
	mu   sync.Mutex
	kept []*index // the one used last is the last
}

// of gives the index of a line of n numbers; it may have to be made.
func (ix *indexes) of(key indexKey) *index {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	at := slices.IndexFunc(ix.kept, func(i *index) bool { return i.key == key })
	if at < 0 {
		i := &index{key: key, turn: make(chan struct{}, 1)}
		i.turn <- struct{}{}
		ix.kept = append(ix.kept, i)
	} else {
		i := ix.kept[at]
		ix.kept = append(slices.Delete(ix.kept, at, at+1), i)
	}
	ix.kept = ix.kept[max(0, len(ix.kept)-mostIndexes):]
	return ix.kept[len(ix.kept)-1]
}

// made gives the cells of the index, and makes it first when nobody has.
func (i *index) made(ctx context.Context, line *h5.Part, n int, progress func(done int)) ([]cell, error) {
	select {
	case <-i.turn:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { i.turn <- struct{}{} }()
	if i.cells != nil {
		return i.cells, nil
	}
	i.block = blockOf(n)
	var starts []int
	for at := 0; at < n; at += i.block {
		starts = append(starts, at)
	}
	cells, err := reduce(ctx, line, append(starts, n), progress)
	if err == nil {
		i.cells = cells
	}
	return cells, err
}

// drop forgets an index of a file that changes.
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
func (k *indexes) clear() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.kept = nil
}
