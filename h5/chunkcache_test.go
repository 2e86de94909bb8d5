package h5

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestChunkCacheByShape checks that a dataset has room for what reading row by row comes back to, and that
// nobody's choice is overruled.
func TestChunkCacheByShape(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.h5")
	f, err := Create(path)
	must(t, err)
	for name, tt := range map[string]struct{ shape, chunks Shape }{
		"small": {Shape{1000, 1000}, Shape{100, 100}},
		"rows":  {Shape{100, 100_000}, Shape{100, 2500}},
		"vast":  {Shape{10_000, 1_000_000}, Shape{10_000, 100}},
		"large": {Shape{100, 8 << 20}, Shape{1, 8 << 20}},
	} {
		d, err := f.CreateDataset("g/"+name, Float32, tt.shape, DatasetCreate{Chunks: tt.chunks, Gzip: 1, Fill: 1.5})
		must(t, err)
		if mem, err := d.wholeType(d.h.id); name == "rows" {
			must(t, err)
			how, err := d.chunking(mem, 4)
			must(t, err)
			same(t, how.Cache>>10, 39062) // to be written row by row
		}
	}
	_, err = f.CreateDataset("plain", Float32, Shape{100, 100_000}, DatasetCreate{Chunks: Shape{100, 2500}})
	must(t, err)
	must(t, f.Close())
	caches := func(opts ...Option) map[string]int {
		f, err := Open(path, opts...)
		must(t, err)
		defer f.Close()
		out := map[string]int{}
		for _, name := range []string{"g/small", "g/rows", "g/vast", "g/large", "plain"} {
			d := must1(t)(f.Dataset(name))
			mem, err := d.wholeType(d.h.id)
			must(t, err)
			how, err := d.chunking(mem, 4)
			must(t, err)
			out[name] = how.Cache >> 10
			x, err := ReadOne[float32](d, 99, 99_999%d.Shape()[1])
			must(t, err)
			if name != "plain" {
				same(t, x, 1.5)
			}
			must(t, d.Close())
		}
		return out
	}
	same(t, caches(), "map[g/large:32768 g/rows:39062 g/small:16384 g/vast:16384 plain:16384]")
	same(t, caches(FileAccess{Cache: ChunkCache{Bytes: 1 << 20}}), "map[g/large:1024 g/rows:1024 g/small:1024 g/vast:1024 plain:1024]")
	f, err = Open(path)
	must(t, err)
	defer f.Close()
	g, err := f.Group("g")
	must(t, err)
	d := must1(t)(g.Dataset("rows")) // a path below a group
	same(t, d.Path(), "/g/rows")
	d = must1(t)(f.Dataset("g/rows", DatasetAccess{Cache: ChunkCache{Bytes: 2 << 20}}))
	_, err = d.Slice(0)
	must(t, err)
}

// TestChunkNote reads rows that each go through many chunks, or says that it does.
func TestChunkNote(t *testing.T) {
	f := scratch(t)
	d, err := f.CreateDataset("x", Float32, Shape{10_000, 1_000_000}, DatasetCreate{Chunks: Shape{10_000, 100}, Gzip: 1})
	must(t, err)
	says := func(sel ...any) string {
		r, w, err := os.Pipe()
		must(t, err)
		old := os.Stderr
		os.Stderr = w
		s, mem, err := d.prepare("read dataset", nil, sel)
		must(t, err)
		tr := transfer{d: d, mem: mem, sel: s}
		tr.note(s.hyperslab())
		os.Stderr = old
		w.Close()
		text, err := io.ReadAll(r)
		must(t, err)
		return string(text)
	}
	same(t, says(":, 0:300"), "") // whole chunks
	text := says(5)
	for _, want := range []string{"reading /x in parts of (1, 1000000)", "10000 times", "its chunks are (10000, 100)", "copy it into a dataset"} {
		if !strings.Contains(text, want) {
			t.Errorf("got  %q\nwant %q in it", text, want)
		}
	}
	same(t, says(6), "") // only once
	if text := noteText(d, Shape{1, 10}, 30, 100<<20); !strings.Contains(text, "ChunkCache{Bytes: 101 << 20}") {
		t.Error(text)
	}
}
