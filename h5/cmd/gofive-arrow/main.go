// Command gofive-arrow reads and writes Arrow and Parquet files for package h5, which starts it when a
// cell asks for one. Tables come on standard input and leave on standard output (h5/internal/wire).
//
//	gofive-arrow write parquet FILE
//	gofive-arrow read arrow FILE [COLUMN...]
package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"gofive/h5/internal/arrowfile"
	"gofive/h5/internal/wire"
)

func main() {
	if len(os.Args) < 4 {
		fmt.Fprintln(os.Stderr, "gofive-arrow is started by package gofive/h5")
		os.Exit(2)
	}
	err := run(os.Args[1], arrowfile.Format(os.Args[2]), os.Args[3], os.Args[4:])
	if err == nil {
		return
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(status(err))
}

// status tells package h5 what kind of error it was.
func status(err error) int {
	var missing *arrowfile.MissingError
	var unsupported *arrowfile.UnsupportedError
	switch {
	case errors.As(err, &missing):
		return wire.Missing
	case errors.As(err, &unsupported):
		return wire.Unsupported
	}
	return wire.Failed
}

func run(what string, format arrowfile.Format, path string, columns []string) error {
	if what == "write" {
		t, err := wire.Read(os.Stdin)
		if err != nil {
			return err
		}
		return write(path, func(w io.Writer) error { return arrowfile.Write(w, format, t) })
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	t, err := arrowfile.Read(f, format, columns)
	if err != nil {
		return err
	}
	return wire.Write(os.Stdout, t)
}

// write makes a file of what f writes.
func write(path string, f func(w io.Writer) error) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(f(file), file.Close())
}
