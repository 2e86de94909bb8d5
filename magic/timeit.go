package magic

import (
	"fmt"
	"iter"
	"math"
	"slices"
	"time"
)

const (
	longEnough = 100 * time.Millisecond // for one run to be measured well
	longest    = 5 * time.Second        // of all runs together, unless their number was asked for
	usualRuns  = 7
)

// Loops times what its caller does: it yields how often that is to be done next, first to find out how
// often it can be done in a tenth of a second, and then for seven runs of as many loops. At the end it
// prints the mean time of a loop with its deviation over the runs, and the best. A loops or runs above 0
// is taken instead.
//
//	for n := range magic.Loops(0, 0) {
//		for range n {
//			f(x)
//		}
//	}
func (p Printer) Loops(loops, runs int) iter.Seq[int] {
	return func(yield func(int) bool) {
		least := runs
		if runs <= 0 {
			least, runs = 1, usualRuns
		}
		began := time.Now()
		n := max(loops, 1)
		for loops <= 0 {
			took, ok := timed(n, yield)
			if !ok {
				return
			}
			if took >= longEnough || n >= math.MaxInt/10 {
				break
			}
			n *= 10
		}
		var took []time.Duration
		for len(took) < runs && (len(took) < least || time.Since(began) < longest) {
			d, ok := timed(n, yield)
			if !ok {
				return
			}
			took = append(took, d)
		}
		fmt.Fprintln(p.Out, summary(took, n))
	}
}

// timed has something done n times.
func timed(n int, yield func(int) bool) (time.Duration, bool) {
	start := time.Now()
	ok := yield(n)
	return time.Since(start), ok
}

// summary words the times of runs of n loops.
func summary(took []time.Duration, n int) string {
	mean, squares := 0.0, 0.0
	for _, d := range took {
		mean += float64(d) / float64(len(took))
	}
	for _, d := range took {
		squares += (float64(d) - mean) * (float64(d) - mean)
	}
	deviation := math.Sqrt(squares / float64(len(took)))
	each := func(ns float64) string { return nanoseconds(ns / float64(n)) }
	return fmt.Sprintf("%s ± %s a loop (mean and deviation of %s of %s; best %s)",
		each(mean), each(deviation), plural(len(took), "run"), plural(n, "loop"), each(float64(slices.Min(took))))
}
