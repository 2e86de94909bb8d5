package main

import (
	"errors"
	"fmt"
	"os"

	"gofive/h5"
	"gofive/h5/boss"
	"gofive/mpi"
)

// errSaid is joined to what has been printed.
var errSaid = errors.New("gofive: it has been said")

// say prints what went wrong, unless it is nothing, or somebody has said it.
func say(err error) error {
	if err == nil || errors.Is(err, errSaid) || errors.Is(err, boss.ErrTold) {
		return err
	}
	fmt.Fprintln(os.Stderr, err)
	return errors.Join(errSaid, err)
}

// leave ends this process's part in a job, in which err is what went wrong so far. It says so while all ranks are
// there: a launcher kills them as soon as one has ended with a failure, and none ends before all have left. A library
// that does not let go takes nothing back of what was done: the process ends without it.
func leave(err error) error {
	err = errors.Join(say(err), say(h5.CloseAll())) // files of all ranks are closed by messages between them
	rank := mpi.Rank()
	left := mpi.Leave()
	if errors.Is(left, mpi.ErrStuck) {
		fmt.Fprintf(os.Stderr, "gofive: %v; rank %d ends without it, and all that was done stands\n", left, rank)
		left = nil
	}
	return errors.Join(err, say(left))
}
