package boss

import (
	"iter"
	"runtime"
)

// aheadBlock is how many spectra one goroutine reads before the next one goes on: those of a file lie together.
const aheadBlock = 8

// read is a spectrum, or why there is none.
type read struct {
	spec *Spec
	err  error
}

// ahead is Each with the next spectra read and converted on all processors meanwhile: a few for each are in memory.
func (s *Set) ahead() iter.Seq2[*Spec, error] {
	n := min(runtime.GOMAXPROCS(0), s.Len()/aheadBlock)
	if n < 2 {
		return s.Each()
	}
	return func(yield func(*Spec, error) bool) {
		stop := make(chan struct{})
		defer close(stop)
		out := make([]chan read, n)
		for k := range out {
			out[k] = make(chan read, aheadBlock)
			go s.readBlocks(k, n, out[k], stop)
		}
		for i := range s.fibers {
			r := <-out[i/aheadBlock%n]
			if !yield(r.spec, r.err) || r.err != nil {
				return
			}
		}
	}
}

// readBlocks reads every n-th block, from the k-th on, until an error or stop.
func (s *Set) readBlocks(k, n int, out chan<- read, stop <-chan struct{}) {
	r := &reader{}
	defer r.close()
	for i, f := range s.fibers {
		if i/aheadBlock%n != k {
			continue
		}
		spec, err := r.spectrum(f)
		select {
		case out <- read{spec, err}:
		case <-stop:
			return
		}
		if err != nil {
			return
		}
	}
}
