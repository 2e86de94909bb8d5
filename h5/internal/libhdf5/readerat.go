package libhdf5

// #include "shim.h"
import "C"

import (
	"fmt"
	"io"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"unsafe"
)

// readers are what files are read from that have no name on a disk, by the number that the C side
// knows them by; a number is never used twice. Whoever holds the lock may touch them.
var (
	readers    = map[int64]io.ReaderAt{}
	lastReader int64
	// readerFailed is what a reader said in this crossing.
	readerFailed error
)

// readingNow is the goroutine that a reader runs on, 0 while none does.
var readingNow atomic.Uint64

// inReader reports whether it was a reader that called.
func inReader() bool {
	on := readingNow.Load()
	return on != 0 && on == goroutine()
}

// goroutine is the number of the goroutine that calls, which only the head of its stack's text says.
func goroutine() uint64 {
	var b [64]byte
	text := strings.Fields(string(b[:runtime.Stack(b[:], false)]))
	n, _ := strconv.ParseUint(text[1], 10, 64)
	return n
}

// OpenReader opens a file of size bytes for reading, whose bytes come from a reader until it is closed.
// The reader is called while the lock is held: when it calls the library itself, that call fails.
func OpenReader(name string, from io.ReaderAt, size int64) (ID, error) {
	var number int64
	Locked(func() {
		lastReader++
		number = lastReader
		readers[number] = from
	})
	id, err := OpenFile(name, Opening{Access: []Property{Set("fapl_reader", int(number), int(size))}})
	if err != nil {
		Locked(func() { delete(readers, number) })
	}
	return id, err
}

//export gf_reader_close
func gf_reader_close(number int64) { delete(readers, number) }

//export gf_reader_read
func gf_reader_read(number, at int64, buffer unsafe.Pointer, n int64) C.int {
	from := readers[number]
	if from == nil {
		return -1
	}
	readingNow.Store(goroutine())
	defer readingNow.Store(0)
	if err := readFull(from, unsafe.Slice((*byte)(buffer), n), at); err != nil {
		readerFailed = err
		return -1
	}
	return 0
}

// readFull fills b. A panic must not run through the library, and becomes an error.
func readFull(from io.ReaderAt, b []byte, at int64) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the reader of the file panicked: %v", p)
		}
	}()
	n, err := from.ReadAt(b, at)
	if n == len(b) {
		return nil
	}
	if err == nil || err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("the reader of the file, asked for bytes %d to %d, said: %w", at, at+int64(len(b)), err)
}
