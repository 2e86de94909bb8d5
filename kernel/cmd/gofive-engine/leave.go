package main

import (
	"errors"
	"fmt"
	"os"

	"gofive/h5"
	"gofive/mpi"
)

// leave ends this process's part in a job, in which err is what went wrong so far. A library that does not let it go
// takes nothing back of what was done: the process ends without it.
func leave(err error) error {
	err = errors.Join(err, h5.CloseAll()) // files of all ranks are closed by messages between them
	rank := mpi.Rank()
	left := mpi.Leave()
	if errors.Is(left, mpi.ErrStuck) {
		fmt.Fprintf(os.Stderr, "gofive: %v; rank %d ends without it, and all that was done stands\n", left, rank)
		left = nil
	}
	return errors.Join(err, left)
}
