// Command ranks is a parallel program that writes an HDF5 file on all ranks together, adds up numbers of
// all ranks, or tells all ranks which spectra there are, and prints how long that took, for ../ranks.py, which
// sets it beside ../c/ranks.c and Python.
//
//	ranks independent|collective FILE REPETITIONS
//	ranks allreduce BYTES REPETITIONS
//	ranks exchange FIBERS REPETITIONS
package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"

	"gofive/h5"
	"gofive/h5/h5mpi"
	"gofive/mpi"
)

func main() {
	err := errors.Join(run(os.Args[1:]), h5.CloseAll())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		mpi.Abort(1)
	}
	if err := mpi.Finalize(); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
}

func run(args []string) error {
	if len(args) != 3 {
		return errors.New("usage: ranks independent|collective FILE | allreduce BYTES | exchange FIBERS, and REPETITIONS")
	}
	n, err := strconv.Atoi(args[2])
	if err != nil {
		return err
	}
	if args[0] == "allreduce" || args[0] == "exchange" {
		many, err := strconv.Atoi(args[1])
		if err != nil {
			return err
		}
		if args[0] == "exchange" {
			return exchange(many, n)
		}
		return allreduce(many/8, n)
	}
	how := map[string]h5.DatasetTransfer{"independent": h5mpi.Independent, "collective": h5mpi.OnlyCollective}
	return write(args[1], how[args[0]], n)
}

// What all ranks together write: 400 MB, each a block of rows.
const rows, columns = 50_000, 1_000

// timed runs f between barriers and prints on rank 0 what the slowest rank took for each.
func timed(each int, f func() error) error {
	if err := mpi.Barrier(); err != nil {
		return err
	}
	begun := time.Now()
	if err := f(); err != nil {
		return err
	}
	took, err := mpi.Allreduce(time.Since(begun).Seconds(), mpi.Max)
	if err == nil && mpi.Rank() == 0 {
		fmt.Printf("%.9f ", took/float64(each))
	}
	return err
}

// write makes the file anew each time. Its time goes from the dataset's creation to the end of closing.
func write(path string, how h5.DatasetTransfer, repetitions int) error {
	lo, hi := rows*mpi.Rank()/mpi.Size(), rows*(mpi.Rank()+1)/mpi.Size()
	x := make([]float64, (hi-lo)*columns)
	for i := range x {
		x[i] = float64(i)
	}
	for range repetitions {
		f, err := h5.Create(path, h5mpi.MPIO(mpi.World))
		if err != nil {
			return err
		}
		err = timed(1, func() error {
			d, err := f.CreateDataset("x", h5.Float64, h5.Shape{rows, columns})
			if err != nil {
				return err
			}
			return errors.Join(d.With(how).Write(x, h5.Range(lo, hi)), f.Close())
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func allreduce(n, repetitions int) error {
	in, out := make([]float64, n), make([]float64, n)
	for i := range in {
		in[i] = float64(i + mpi.Rank())
	}
	calls := max(2, min(2000, 20_000_000/(n+1000)))
	for range repetitions {
		err := timed(calls, func() error {
			for range calls {
				if err := mpi.World.Allreduce(in, out, mpi.Sum); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// record is what the other ranks have to know of a spectrum.
type record struct{ Plate, MJD, Fiber, Pixels, Width, Source, Row, Owner int32 }

// exchange gives all ranks the records of each, who has an even part of the fibers.
func exchange(fibers, repetitions int) error {
	lo, hi := fibers*mpi.Rank()/mpi.Size(), fibers*(mpi.Rank()+1)/mpi.Size()
	var mine, known []record
	for i := lo; i < hi; i++ {
		plate := int32(3655 + i/1000)
		mine = append(mine, record{plate, 55241, int32(i%1000 + 1), 4600, 32, plate, int32(i), int32(mpi.Rank())})
	}
	for range repetitions {
		err := timed(1, func() (err error) {
			known, err = mpi.Allgatherv(mine)
			return err
		})
		if err != nil {
			return err
		}
		if len(known) != fibers {
			return fmt.Errorf("%d records instead of %d", len(known), fibers)
		}
		for i, r := range known {
			if int(r.Row) != i {
				return fmt.Errorf("record %d is wrong: %v", i, r)
			}
		}
	}
	return nil
}
