package h5

import (
	"runtime"
)

// batchesAhead is how many batches wait at most while one is used.
const batchesAhead = 4

// readAhead reads batches in a goroutine of its own. That ends after the last batch, after an error, and
// when nobody has the readAhead any more.
type readAhead struct {
	batches <-chan readBatch
	stop    chan<- struct{}
}

type readBatch struct {
	arrays []*Array
	err    error
}

// readAhead begins with what is read whole, in the goroutine that asks for the first batch.
func (b *BatchReader) readAhead() (*readAhead, error) {
	readers := make([]rowReader, len(b.sets))
	for i, d := range b.sets {
		r, err := d.rowReader(b.rows != nil, b.size)
		if err != nil {
			return nil, err
		}
		readers[i] = r
	}
	batches, stop := make(chan readBatch, batchesAhead), make(chan struct{})
	go readBatches(readers, b.rows, b.from, b.to, b.size, batches, stop)
	a := &readAhead{batches, stop}
	runtime.AddCleanup(a, func(stop chan<- struct{}) { close(stop) }, a.stop)
	return a, nil
}

// readBatches has no pointer to its readAhead.
func readBatches(readers []rowReader, rows []int, from, to, size int, out chan<- readBatch, stop <-chan struct{}) {
	for ; from < to; from += size {
		b := readBatch{arrays: make([]*Array, len(readers))}
		n := min(size, to-from)
		for i, r := range readers {
			var places []int
			if rows != nil {
				places = rows[from : from+n]
			}
			if b.arrays[i], b.err = r.rows(from, n, places); b.err != nil {
				b.arrays = nil
				break
			}
		}
		select {
		case out <- b:
		case <-stop:
			return
		}
		if b.err != nil {
			return
		}
	}
}

func (a *readAhead) next() ([]*Array, error) {
	b := <-a.batches
	return b.arrays, b.err
}
