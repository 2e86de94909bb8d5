package h5

import (
	"encoding/binary"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// TestMutants opens and walks valid files after random damage, each in a process of its own, as
// TestCorruptFiles does: a few hundred, or as many others as there is time for, GOFIVE_FUZZ=1h. A number
// instead of a time is the seed of one mutant.
func TestMutants(t *testing.T) {
	var seeds [][]byte
	for _, path := range append(sharedFiles(t, "hdf5/valid"), sample(t)) {
		if content, err := os.ReadFile(path); err == nil && len(content) < 64<<10 {
			seeds = append(seeds, content)
		}
	}
	count, until, first := 200, time.Now().Add(10*time.Minute), uint64(1) // the same every time
	if v := os.Getenv("GOFIVE_FUZZ"); v != "" {
		if d, err := time.ParseDuration(v); err == nil {
			count, until, first = 1<<60, time.Now().Add(d), uint64(time.Now().UnixNano()>>20)
		} else if first, err = strconv.ParseUint(v, 10, 64); err == nil {
			count = 1
		} else {
			t.Fatalf("GOFIVE_FUZZ=%s is neither a time nor a seed", v)
		}
	}
	path := filepath.Join(t.TempDir(), "mutant.h5")
	met := map[string]int{}
	for seed := first; count > 0 && time.Now().Before(until); seed, count = seed+1, count-1 {
		must(t, os.WriteFile(path, mutant(seed, seeds), 0o600))
		how, detail := readInChild(t, path)
		met[how]++
		if how == "our fault" {
			t.Errorf("GOFIVE_FUZZ=%d: %s", seed, detail)
		}
	}
	t.Logf("mutants from seed %d on: %v", first, met)
	if met["error or value"] == 0 {
		t.Error("not one mutant was read or refused")
	}
}

// mutant is one of the files, damaged.
func mutant(seed uint64, files [][]byte) []byte {
	r := rand.New(rand.NewPCG(seed, 5))
	b := append([]byte(nil), files[r.IntN(len(files))]...)
	for range 1 + r.IntN(4) {
		at := r.IntN(len(b))
		if r.IntN(2) == 0 {
			at = min(at, r.IntN(4096)) // headers stand at the front
		}
		switch r.IntN(8) {
		case 0:
			b[at] = byte(r.Uint32())
		case 1:
			b[at] ^= 1 << r.IntN(8)
		case 2:
			b[at] += byte(r.IntN(3)) - 1
		case 3, 4:
			putNumber(r, b[at:])
		case 5:
			clear(b[at:min(len(b), at+1+r.IntN(64))])
		case 6:
			from := r.IntN(len(b))
			copy(b[at:], b[from:min(len(b), from+1+r.IntN(16))])
		default:
			if r.IntN(4) == 0 {
				b = b[:1+at]
			}
		}
	}
	return b
}

// putNumber puts a number there that sizes and addresses should not have.
func putNumber(r *rand.Rand, b []byte) {
	odd := []uint64{0, 1, 1<<64 - 1, 1 << 63, 1<<31 - 1, 1 << 31, 1<<32 - 1, 1 << 32, 1<<16 - 1, 0x7f, 0x80, uint64(r.IntN(1 << 20))}
	n := odd[r.IntN(len(odd))]
	var code [8]byte
	binary.LittleEndian.PutUint64(code[:], n)
	copy(b, code[:1<<r.IntN(4)])
}
