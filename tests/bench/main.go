// Command bench works on HDF5 files through package h5 and prints how long that took, for hdf5.py,
// which sets it beside a kernel's cells, h5py and c/hdf5.c doing the same. make bench-h5 runs all four.
//
//	bench WORK FILE REPETITIONS
//
// It also runs a cell again and again, and prints what that takes and leaves behind:
//
//	bench session REPETITIONS
//
// and reads a file as fast as the machine does, for looking.py:
//
//	bench plain FILE REPETITIONS
//
// and stacks the spectra of a file, for boss.py:
//
//	bench boss-stack FILE REPETITIONS
//
// and asks of a file what a page of a front end asks, for browse.py:
//
//	bench browse FILE REPETITIONS
package main

import (
	"fmt"
	"os"
	"strconv"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 2 && args[0] == "session" {
		return session(args[1:])
	}
	if len(args) != 3 || works[args[0]] == nil && args[0] != "plain" && args[0] != "boss-stack" && args[0] != "browse" {
		return fmt.Errorf("usage: bench WORK FILE REPETITIONS, bench plain FILE REPETITIONS, bench boss-stack FILE REPETITIONS, bench browse FILE REPETITIONS, or bench session REPETITIONS")
	}
	n, err := strconv.Atoi(args[2])
	if err != nil {
		return err
	}
	switch args[0] {
	case "plain":
		return plain(args[1], n)
	case "boss-stack":
		return stackSpectra(args[1], n)
	case "browse":
		return browse(args[1], n)
	}
	return measure(args[0], args[1], n)
}
