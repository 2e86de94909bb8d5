package libhdf5

import (
	"bytes"
	"math/rand/v2"
	"testing"
	"unsafe"
)

// TestFiltersHostile unpacks what nobody packed: random bytes, and packed chunks with bytes changed. What
// comes out is as long as a chunk, or nothing does, and what lies behind stays as it is.
func TestFiltersHostile(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	const size = 3000
	chunk := make([]byte, size)
	for i := range chunk {
		chunk[i] = byte(i / 7 % 5)
	}
	box := Box{Size: 1, Swap: 1, Count: []int{size}, ChunkStep: []int{1}, MemoryStep: []int{1}}
	for _, list := range [][]Filter{{{ID: 32000}}, {{ID: 1, Params: []int{6}}}, {{ID: 2, Params: []int{4}}, {ID: 32000}, {ID: 3}},
		{{ID: 2, Params: []int{8}}, {ID: 1, Params: []int{1}}}, {{ID: 3}, {ID: 32000}}} {
		f, ok := NewFilters(list, size)
		if !ok {
			t.Fatalf("%v cannot be done", list)
		}
		var good Chunk
		f.Pack(&good, f.Scratch(), &box, unsafe.Pointer(&chunk[0]), nil)
		packed := bytes.Clone(good.Bytes)
		memory := make([]byte, size+64)
		unpack := func(raw []byte) bool {
			clear(memory)
			ok := f.Unpack(&Chunk{Bytes: bytes.Clone(raw)}, f.Scratch(), &box, unsafe.Pointer(&memory[0]))
			if !bytes.Equal(memory[size:], make([]byte, 64)) {
				t.Fatalf("%v: bytes behind the chunk were written", list)
			}
			return ok
		}
		if !unpack(packed) || !bytes.Equal(memory[:size], chunk) {
			t.Errorf("%v: a chunk does not come back", list)
		}
		for range 20_000 {
			raw := bytes.Clone(packed[:r.IntN(len(packed)+1)])
			if r.IntN(2) == 0 {
				raw = make([]byte, r.IntN(200))
			}
			for range r.IntN(20) {
				if len(raw) > 0 {
					raw[r.IntN(len(raw))] = byte(r.Uint32())
				}
			}
			unpack(raw)
		}
	}
	if _, ok := NewFilters([]Filter{{ID: 4}}, size); ok {
		t.Error("szip is not done here")
	}
}

// TestFiltersLeftOut packs what does not get smaller: the mask says that the filter was left out.
func TestFiltersLeftOut(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	chunk := make([]byte, 1000)
	for i := range chunk {
		chunk[i] = byte(r.Uint32())
	}
	box := Box{Size: 1, Swap: 1, Count: []int{1000}, ChunkStep: []int{1}, MemoryStep: []int{1}}
	f, _ := NewFilters([]Filter{{ID: 2, Params: []int{2}}, {ID: 32000}}, 1000)
	var c Chunk
	f.Pack(&c, f.Scratch(), &box, unsafe.Pointer(&chunk[0]), nil)
	if c.Mask != 2 || len(c.Bytes) != 1000 {
		t.Errorf("mask %d, %d bytes", c.Mask, len(c.Bytes))
	}
	out := make([]byte, 1000)
	if !f.Unpack(&Chunk{Bytes: bytes.Clone(c.Bytes), Mask: c.Mask}, f.Scratch(), &box, unsafe.Pointer(&out[0])) || !bytes.Equal(out, chunk) {
		t.Error("it does not come back")
	}
}
