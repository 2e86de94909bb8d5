// Command bench reads HDF5 files through package h5 and prints how long that took, for bench.py,
// which sets it beside h5py and c/reader.c doing the same work. make bench runs all three.
//
//	bench list|floats-new|floats-given|field FILE REPETITIONS
//
// It also runs a cell again and again, and prints what that takes and leaves behind:
//
//	bench session REPETITIONS
package main

import (
	"fmt"
	"os"
	"strconv"
	"time"

	"gofive/h5"
)

// works are done once a repetition, from opening the file to closing it.
var works = map[string]func(path string) error{
	"list":         list,
	"floats-new":   floatsNew,
	"floats-given": floatsGiven,
	"field":        field,
}

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
	if len(args) != 3 || works[args[0]] == nil {
		return fmt.Errorf("usage: bench list|floats-new|floats-given|field FILE REPETITIONS, or bench session REPETITIONS")
	}
	n, err := strconv.Atoi(args[2])
	if err != nil {
		return err
	}
	for range n {
		start := time.Now()
		if err := works[args[0]](args[1]); err != nil {
			return err
		}
		fmt.Printf("%.6f ", time.Since(start).Seconds())
	}
	fmt.Println()
	return nil
}

func list(path string) error {
	f, err := h5.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = f.List(h5.ListOptions{Attributes: true})
	return err
}

func floatsNew(path string) error {
	return withDataset(path, "x", func(d *h5.Dataset) error {
		_, err := h5.Read[float64](d)
		return err
	})
}

// given is memory that stays: reading into it shows what the reading itself takes.
var given []float64

func floatsGiven(path string) error {
	return withDataset(path, "x", func(d *h5.Dataset) error {
		return d.ReadInto(&given)
	})
}

func field(path string) error {
	return withDataset(path, "rows", func(d *h5.Dataset) error {
		_, err := d.Field("FLUX")
		return err
	})
}

func withDataset(path, name string, do func(*h5.Dataset) error) error {
	f, err := h5.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	d, err := f.Dataset(name)
	if err != nil {
		return err
	}
	return do(d)
}
