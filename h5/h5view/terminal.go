package h5view

import (
	"io"
	"os"
	"syscall"
	"unsafe"

	"gofive/display/tree"
)

// pageOf gives what w can show: a terminal has a width, and colours unless NO_COLOR (no-color.org) or a
// TERM of "dumb" say otherwise. Files and pipes have neither.
func pageOf(w io.Writer) tree.Options {
	f, ok := w.(*os.File)
	if !ok {
		return tree.Options{}
	}
	width := terminalWidth(f)
	return tree.Options{Width: width, Color: width > 0 && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"}
}

// terminalWidth asks a terminal for its columns; 0 for what is none.
func terminalWidth(f *os.File) int {
	var size struct{ rows, columns, _, _ uint16 }
	_, _, failed := syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), syscall.TIOCGWINSZ, uintptr(unsafe.Pointer(&size)))
	switch {
	case failed != 0:
		return 0
	case size.columns == 0: // a terminal that does not know
		return textWidth
	}
	return int(size.columns)
}
