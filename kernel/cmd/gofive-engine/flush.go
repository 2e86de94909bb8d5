package main

// #include <stdio.h>
import "C"

import (
	"fmt"
	"os"

	"gofive/h5"
)

// flush sends text that C libraries buffer on its way.
func flush() { C.fflush(nil) }

// flushFiles writes what is in memory of files open for writing, so that a crash costs one cell and
// not the file.
func flushFiles() {
	if err := h5.FlushAll(); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
}
