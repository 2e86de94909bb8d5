package h5

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestNoTimes looks for the time of the writing, as seconds since 1970, in files just written: what a
// program writes must not depend on when it does.
func TestNoTimes(t *testing.T) {
	for _, libver := range []Libver{Earliest, Latest} {
		path := filepath.Join(t.TempDir(), "times.h5")
		from := time.Now().Unix()
		f, err := Create(path, FileAccess{Libver: libver})
		must(t, err)
		_, err = f.CreateGroup("group")
		must(t, err)
		must(t, f.Set("data", []int8{1}))
		must(t, f.Commit("type", Int16))
		d, err := f.Dataset("data")
		must(t, err)
		must(t, d.SetAttr("units", "K"))
		must(t, f.Close())
		to := time.Now().Unix()

		raw, err := os.ReadFile(path)
		must(t, err)
		for i := range len(raw) - 3 {
			if found := int64(binary.LittleEndian.Uint32(raw[i:])); from <= found && found <= to {
				t.Errorf("%v format: the time of writing, %d, stands at byte %d", libver, found, i)
			}
		}
	}
}
