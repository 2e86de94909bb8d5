package main

import (
	"time"

	"gofive/mpi"
)

// waitTold is how long a rank of a batch job waits in a call before it says so: in a notebook the kernel tells who
// waits for whom, here the job would only be silent.
const waitTold = time.Minute

// tellers is how many ranks say where they wait: all say mostly the same.
const tellers = 64

// tellWaits says of each call that lasts, once, how long it has lasted.
func tellWaits(after time.Duration, say func(mpi.Call, time.Duration)) {
	told := map[mpi.Call]bool{}
	for range time.Tick(after / 10) {
		still := map[mpi.Call]bool{}
		for _, c := range mpi.Where() {
			if span := time.Since(c.Since); span >= after {
				if still[c] = true; !told[c] {
					say(c, span.Truncate(time.Second))
				}
			}
		}
		told = still
	}
}
