package libhdf5

import (
	"encoding/binary"
	"errors"
)

// reader takes apart what C wrote into the output buffer. After the first mistake err is set and
// everything reads as zero.
type reader struct {
	data []byte
	err  error
}

var errShort = errors.New("gofive: the answer of the HDF5 library ends too early")

// take returns the next n bytes, which alias C memory.
func (r *reader) take(n int64) []byte {
	if r.err != nil || n < 0 || n > int64(len(r.data)) {
		if r.err == nil {
			r.err = errShort
		}
		return nil
	}
	b := r.data[:n:n]
	r.data = r.data[n:]
	return b
}

func (r *reader) u8() int {
	if b := r.take(1); b != nil {
		return int(b[0])
	}
	return 0
}

func (r *reader) bool() bool { return r.u8() != 0 }

func (r *reader) i64() int64 {
	if b := r.take(8); b != nil {
		return int64(binary.NativeEndian.Uint64(b))
	}
	return 0
}

func (r *reader) int() int { return int(r.i64()) }

func (r *reader) str() string { return string(r.take(r.i64())) }

// count reads how many things follow, each of at least min bytes, so that a damaged count cannot
// make us allocate.
func (r *reader) count(min int) int {
	n := r.i64()
	if n < 0 || n > int64(len(r.data)/min) {
		if r.err == nil {
			r.err = errShort
		}
		return 0
	}
	return int(n)
}

func (r *reader) ints(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = r.int()
	}
	return out
}
