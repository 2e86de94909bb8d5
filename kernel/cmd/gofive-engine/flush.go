package main

// #include <stdio.h>
import "C"

import (
	"fmt"
	"os"

	"gofive/h5"
)

// flush sends what a cell has written on its way when it ends: text that C libraries buffer, and
// files open for writing, so that a crash costs one cell and not the file.
func flush() {
	if err := h5.FlushAll(); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	C.fflush(nil)
}
