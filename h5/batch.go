package h5

import (
	"fmt"
	"math/rand/v2"
)

// Batch says how Batches goes through rows.
type Batch struct {
	Size    int    // rows of a batch; default 32. The last batch may have fewer
	Shuffle bool   // all rows in random order; default the order of the file
	Seed    uint64 // chooses that order, the same on every rank; another for each pass through the data
	Rank    int    // which part of the rows is ours, from 0
	Ranks   int    // how many parts there are; default 1
}

// BatchReader goes through the rows of datasets, a batch at a time; the next ones are read while this one is
// used. It is not for several goroutines.
type BatchReader struct {
	sets  []*Dataset
	rows  []int // ours, nil while they are as in the file
	from  int   // the next row of ours
	to    int   // behind the last one
	size  int
	ahead *readAhead // nil before the first batch

	arrays []*Array
	err    error
}

// Batches goes through the rows, which are places of the first axis, of datasets that have as many of
// them. Every rank gets the same number of rows: the few that cannot be shared out are left out, others
// in each pass when they are shuffled. Nothing is read before Next; then what is small, and in random order what
// lies in chunks and leaves most of the memory free, is read whole, since each chunk would else be unpacked
// again for every row.
//
//	b := h5.Batches(h5.Batch{Size: 256, Shuffle: true, Seed: 7}, x, y)
//	for b.Next() {
//		train(b.Arrays())
//	}
//	return b.Err()
func Batches(how Batch, sets ...*Dataset) *BatchReader {
	b := &BatchReader{sets: sets, size: how.Size}
	if b.size == 0 {
		b.size = 32
	}
	ranks := max(how.Ranks, 1)
	n, err := commonRows(sets)
	if err == nil && (b.size < 0 || how.Rank < 0 || how.Rank >= ranks) {
		err = &Error{Op: "make batches", Kind: ErrRange, Reason: fmt.Sprintf("size %d, rank %d of %d", how.Size, how.Rank, ranks)}
	}
	if b.err = err; err != nil {
		return b
	}
	each := n / ranks
	b.from, b.to = how.Rank*each, (how.Rank+1)*each
	if how.Shuffle {
		b.rows = rand.New(rand.NewPCG(how.Seed, uint64(n))).Perm(n)
	}
	return b
}

// commonRows is how many rows the datasets have, which must be the same for all.
func commonRows(sets []*Dataset) (int, error) {
	const op = "make batches"
	if len(sets) == 0 {
		return 0, &Error{Op: op, Kind: ErrShape, Reason: "there is no dataset"}
	}
	rows := 0
	for i, d := range sets {
		if d == nil {
			return 0, &Error{Op: op, Kind: ErrNotFound, Reason: fmt.Sprintf("dataset %d is nil", i)}
		}
		shape, err := d.shapeNow(op)
		switch {
		case err != nil:
			return 0, err
		case len(shape) == 0:
			return 0, &Error{Op: op, Name: d.path, File: d.h.file.path, Kind: ErrShape, Reason: fmt.Sprintf("its shape %v has no rows", shape)}
		case i > 0 && shape[0] != rows:
			return 0, &Error{Op: op, Name: d.path, File: d.h.file.path, Kind: ErrShape,
				Reason: fmt.Sprintf("it has %d rows, and %s has %d", shape[0], sets[0].path, rows)}
		}
		rows = shape[0]
	}
	return rows, nil
}

// Next gives the next batch. It is false after the last one, and when one could not be read: Err tells.
func (b *BatchReader) Next() bool {
	b.arrays = nil
	if b.err != nil || b.from >= b.to {
		return false
	}
	for _, d := range b.sets {
		if _, b.err = d.use("read a batch"); b.err != nil {
			return false
		}
	}
	if b.ahead == nil {
		if b.ahead, b.err = b.readAhead(); b.err != nil {
			return false
		}
	}
	if b.arrays, b.err = b.ahead.next(); b.err != nil {
		return false
	}
	b.from += min(b.size, b.to-b.from)
	return true
}

// Arrays are the rows of the batch, an array for each dataset, all in the same order. They stay what
// they are after the next Next.
func (b *BatchReader) Arrays() []*Array { return b.arrays }

// Len is the number of batches that are still to come.
func (b *BatchReader) Len() int { return (b.to - b.from + b.size - 1) / max(b.size, 1) }

// Err says why there was no further batch, nil when the rows have come to their end.
func (b *BatchReader) Err() error { return b.err }
