package h5browse

import (
	"context"
	"time"

	"gofive/h5"
)

// fromIndex draws from the index of the line: whole stretches of it, so that the first and the last may reach
// further than asked.
func (n line) fromIndex(ctx context.Context, l *call, i h5.Interval, width int, early early) (drawn, error) {
	ix, err := l.comm.browser.indexes.of(n)
	if err != nil {
		return drawn{}, err
	}
	select {
	case <-ix.turn:
	case <-ctx.Done():
		return drawn{}, ctx.Err()
	}
	defer func() { ix.turn <- struct{}{} }()
	if n.elsewhere() {
		defer l.comm.browser.indexes.drop(ix)
	}
	f := n.d.File()
	ix.follow(n.length(), markOf(f), writerOf(f))
	first, last := i.Lo/ix.block, (min(i.Hi, ix.length)+ix.block-1)/ix.block
	if first >= last {
		return drawn{from: i.Lo, to: i.Lo}, nil
	}
	r := filling{line: n, index: ix, first: first, last: last, begun: l.started()}
	r.told = func() {
		early(ix.draw(first, last, min(width, last-first)), r.done, min(last*ix.block, ix.length)-first*ix.block)
	}
	if err := r.fill(ctx); err != nil {
		return drawn{}, err
	}
	return ix.draw(first, last, min(width, last-first)), nil
}

// early gets what is known of a drawing before its end, and how many numbers of how many that is.
type early func(got drawn, done, total int)

// elsewhere reports whether the numbers lie in other files, whose changes nobody would notice.
func (n line) elsewhere() bool {
	info, err := n.d.Info()
	return err != nil || info.Layout == h5.Virtual || info.Layout == h5.External
}

// filling reads for an index what is not known of an interval.
type filling struct {
	line        line
	index       *index
	first, last int // stretches

	begun func() bool // whether it has gone on for a while
	told  func()      // tells how far it is
	at    time.Time   // of the last time
	done  int         // numbers that are known
}

// What is read here and there for a first drawing: in so many places, and no more than that share of all.
const (
	outlines     = 64
	outlineShare = 32
)

// fill reads. Before much is read in its order, a little of it is read all over the interval.
func (r *filling) fill(ctx context.Context) error {
	for from := r.first; from < r.last; {
		lo, hi := r.index.missing(from, r.last)
		r.done += (lo - from) * r.index.block
		if err := r.outline(ctx, lo, hi); err != nil {
			return err
		}
		if err := r.read(ctx, lo, hi, known); err != nil {
			return err
		}
		r.done += (hi - lo) * r.index.block
		from = hi
	}
	return nil
}

// outline reads as little as the storage allows in even steps, and tells what it has found.
func (r *filling) outline(ctx context.Context, lo, hi int) error {
	piece := 1
	if chunks := r.line.d.Chunks(); chunks != nil {
		piece = max(1, chunks[r.line.open]/r.index.block)
	}
	places := min(outlines, (hi-lo)/outlineShare/piece)
	if places < 4 || (hi-lo)*r.index.block < indexFrom {
		return nil
	}
	for k := range places {
		at := (lo + (2*k+1)*(hi-lo)/(2*places)) / piece * piece
		if at < lo {
			continue
		}
		if err := r.read(ctx, at, min(at+piece, hi), outline); err != nil {
			return err
		}
	}
	r.told()
	return nil
}

// read reads some stretches for the index.
func (r *filling) read(ctx context.Context, lo, hi int, as byte) error {
	ix := r.index
	if lo == hi {
		return nil
	}
	end := min(hi*ix.block, ix.length)
	var starts []int
	for at := lo * ix.block; at < end; at += ix.block {
		starts = append(starts, at-lo*ix.block)
	}
	starts = append(starts, end-lo*ix.block)
	ix.claim(lo, hi)
	defer ix.giveUp(lo, hi)
	taken := 0
	_, err := reduce(ctx, r.line.part(h5.Range(lo*ix.block, end)), r.line.lens, starts, func(done int, cells []cell) {
		whole := done / ix.block
		if done == end-lo*ix.block {
			whole = len(cells)
		}
		ix.take(lo+taken, cells[taken:whole], as)
		taken = whole
		if as == known && r.begun() && time.Since(r.at) >= partsEvery {
			r.at = time.Now()
			before := r.done
			r.done += done
			r.told()
			r.done = before
		}
	})
	return err
}
