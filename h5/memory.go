package h5

import (
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"unsafe"

	"gofive/h5/internal/libhdf5"
	"gofive/memory"
)

// nativeOrder is the machine's byte order, in the library's numbers.
var nativeOrder = func() int {
	if binary.NativeEndian.Uint16([]byte{1, 0}) == 1 {
		return libhdf5.LittleEndian
	}
	return libhdf5.BigEndian
}()

// A result smaller than this is allocated without asking how much memory there is.
const askAbove = 16 << 20

// checkMemory refuses what does not fit into the memory that is free now: Go cannot recover from
// running out of it.
func checkMemory(s Shape, size int) error {
	n, ok := s.bytes(size)
	if ok && n <= askAbove {
		return nil
	}
	free := freeMemory()
	if ok && n > free {
		debug.FreeOSMemory() // what the program has let go is not free before the next collection
		free = freeMemory()
	}
	if !ok || n > free {
		return &Error{Kind: ErrTooLarge,
			Reason: fmt.Sprintf("%v elements of %d bytes take %s of memory, and %s are free", s, size, bytesText(n, ok), bytesText(free, true)),
			Hint:   `select a part, such as Slice("0:1000"), or every tenth element, "::10"`}
	}
	return nil
}

func bytesText(n int, ok bool) string {
	if !ok {
		return "more than 8 EB"
	}
	const units = "KMGTPE"
	f, unit := float64(n), ""
	for i := 0; f >= 1024 && i < len(units); i++ {
		f, unit = f/1024, units[i:i+1]
	}
	return strconv.FormatFloat(f, 'g', 3, 64) + " " + unit + "B"
}

// checkChunks refuses chunks that do not fit into memory: libhdf5 reads and inflates them whole, with
// whatever size a damaged file gives them.
func (d *Dataset) checkChunks() error {
	info := d.d.info
	if info.Layout != Chunked {
		return nil
	}
	if len(info.Chunks) != len(info.Shape) {
		return &Error{Kind: ErrDamaged, Reason: fmt.Sprintf("its chunks have %d axes, and it has %d", len(info.Chunks), len(info.Shape)), Hint: "the file is damaged"}
	}
	err := checkMemory(info.Chunks, info.Datatype.Size())
	if e, ok := err.(*Error); ok {
		e.Reason, e.Hint = "chunks of "+e.Reason, "the file may be damaged"
	}
	return err
}

// freeMemory is how much the process may still take, an eighth less for all that it does besides: what
// the machine and its control groups have, and the address space limit.
func freeMemory() int {
	_, left := memory.Machine()
	free := int(left)
	var limit syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_AS, &limit) == nil && limit.Cur < math.MaxInt {
		free = min(free, int(limit.Cur)-addressSpace())
	}
	return max(free-free/8, 0)
}

// addressSpace is what the process uses of RLIMIT_AS.
func addressSpace() int {
	text, _ := os.ReadFile("/proc/self/statm")
	pages, _, _ := strings.Cut(string(text), " ")
	n, _ := strconv.Atoi(pages)
	return n * os.Getpagesize()
}

const (
	hugePage    = 2 << 20
	adviseAbove = 16 << 20
)

// makeSlice makes a slice. For a large one it asks the system for huge pages before the memory is
// touched: the first touch of small pages takes longer than reading the data.
func makeSlice[T any](n int) []T {
	s := make([]T, n)
	var zero T
	if size := n * int(unsafe.Sizeof(zero)); size >= adviseAbove {
		adviseHuge(unsafe.Pointer(unsafe.SliceData(s)), size)
	}
	return s
}

// adviseHuge is advice: where the system does not take it, nothing is lost.
func adviseHuge(p unsafe.Pointer, size int) {
	skip := (hugePage - int(uintptr(p)%hugePage)) % hugePage
	size = (size - skip) / hugePage * hugePage
	if size > 0 {
		syscall.Madvise(unsafe.Slice((*byte)(unsafe.Add(p, skip)), size), 14) // MADV_HUGEPAGE
	}
}
