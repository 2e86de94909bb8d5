package h5

import (
	"fmt"
	"os"
	"slices"

	"gofive/h5/internal/libhdf5"
)

const (
	usualCache = 16 << 20  // what a file gives each dataset; see gf_cache_bytes
	mostCache  = 64 << 20  // for the chunks that one place of an axis goes through
	mostSingle = 256 << 20 // for one chunk
)

// newCachedDataset is newDataset with room for the chunks that reading row by row, or column by column,
// comes back to: else each would be unpacked again for every row.
func newCachedDataset(o object) (*Dataset, error) {
	d, err := newDataset(o)
	if err != nil {
		return nil, err
	}
	bytes := d.d.info.wantedCache()
	if bytes <= usualCache || bytes > freeMemory()/8 || o.h.file.ranks != nil {
		return d, nil
	}
	o.h.cleanup.Stop()
	id, err := libhdf5.Recache(o.h.id, bytes)
	if err != nil {
		o.h.closed.Store(true)
		return nil, o.failed("open dataset", o.path, err)
	}
	d.h = newHandle(id, o.h.file)
	return d, nil
}

// wantedCache is how many bytes of chunks should stay in memory: those that one place of an axis goes
// through, of each axis where these are not too many; at least one chunk.
func (i *ObjectInfo) wantedCache() int {
	chunk, ok := i.Chunks.bytes(i.Datatype.Size())
	if i.Layout != Chunked || len(i.Filters) == 0 || !ok || chunk > mostSingle || len(i.Chunks) != len(i.Shape) || slices.Contains(i.Chunks, 0) {
		return 0
	}
	wanted := chunk
	for k := range i.Chunks {
		grid := Shape{}
		for m, c := range i.Chunks {
			if m != k {
				grid = append(grid, (i.Shape[m]+c-1)/c)
			}
		}
		if slab, ok := grid.bytes(chunk); ok && slab <= mostCache {
			wanted = max(wanted, slab)
		}
	}
	return wanted
}

// chunkAccess is how a dataset's chunks were read until now.
type chunkAccess struct {
	known           *libhdf5.Chunking // for whole elements, once it was asked
	unpacked, given int               // bytes
	noted           bool
}

// mostAdvised is the largest cache that a note speaks of.
const mostAdvised = 1 << 30

// A note is due when so many bytes were unpacked, so many times as many as were asked for.
const (
	noteAbove = 1 << 30
	noteTimes = 20
)

// note tells once, on standard error, that the parts in which a dataset is read fight its chunks.
func (t *transfer) note(h *libhdf5.Hyperslab) {
	info := &t.d.d.info
	chunk, ok := info.Chunks.bytes(info.Datatype.Size())
	if info.Layout != Chunked || len(info.Filters) == 0 || !ok || h.Block != nil || len(info.Chunks) != len(h.Count) || slices.Contains(info.Chunks, 0) {
		return
	}
	c := chunkwise{chunks: info.Chunks}
	unpacked, ok := Shape{c.slabs(h).len()}.bytes(chunk)
	if !ok || unpacked <= usualCache {
		return
	}
	t.d.d.mu.Lock()
	defer t.d.d.mu.Unlock()
	a := &t.d.d.access
	if a.noted || a.known != nil && unpacked <= a.known.Cache {
		return
	}
	a.unpacked += unpacked
	a.given += h.Len() * info.Datatype.Size()
	if a.unpacked < noteAbove || a.unpacked/noteTimes < a.given {
		return
	}
	a.noted = true
	fmt.Fprintln(os.Stderr, noteText(t.d, Shape(h.Count), a.unpacked/max(1, a.given), unpacked))
}

func noteText(d *Dataset, part Shape, times, bytes int) string {
	advice := "or copy it into a dataset with chunks like these parts"
	if parallel := d.h.file.mpio && d.h.file.writable; bytes <= mostAdvised && !parallel { // see ranksAccess
		advice = fmt.Sprintf("or keep them: f.Dataset(path, h5.DatasetAccess{Cache: h5.ChunkCache{Bytes: %d << 20}})", bytes>>20+1)
	}
	return fmt.Sprintf("h5: reading %s in parts of %v unpacks %d times what they hold, for its chunks are %v. Read more of each chunk at once, %s.",
		printable(d.path), part, times, d.d.info.Chunks, advice)
}
