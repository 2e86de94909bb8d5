package h5

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"testing"
)

// randomChunked makes datasets of many types, shapes, chunks and filters, of which some chunks are not in
// the file and some did not go through a filter.
const randomChunked = `r = np.random.default_rng(11)
f = h5py.File(sys.argv[1], "w")
row = np.dtype([("id", "i4"), ("x", "f8"), ("tag", "S3"), ("v", "f4", (2,))])
kinds = ["i1", "u2", "i4", "u8", "f4", "f8", ">f4", ">i2", ">u8", "c8", ">c16", "?", "S5", "f2", "V3", row,
         h5py.enum_dtype({"A": 1, "B": 2}, "i2"), np.dtype((">i4", (3,)))]
filters = [dict(compression="gzip"), dict(compression="gzip", shuffle=True), dict(compression="lzf"),
           dict(compression="lzf", shuffle=True, fletcher32=True), dict(compression="gzip", compression_opts=9, fletcher32=True),
           dict(shuffle=True), dict(fletcher32=True), dict(compression="gzip", shuffle=True, fletcher32=True),
           dict(compression="szip"), dict(scaleoffset=0)]
for i in range(240):
    dt = np.dtype(kinds[i % len(kinds)])
    rank = int(r.integers(1, 5))
    shape = tuple(int(n) for n in r.integers(1, [400, 60, 20, 9][rank - 1], rank))
    chunks = tuple(int(r.integers(1, n + 1)) for n in shape)
    opts = filters[int(r.integers(0, len(filters)))]
    if "scaleoffset" in opts and (dt.kind not in "iu" or dt.subdtype or dt.metadata) or opts.get("compression") == "szip" and (dt.kind not in "iuf" or dt.subdtype or dt.metadata or np.prod(chunks) < 64):
        opts = filters[0]
    fill = None if i % 3 or dt.kind not in "iuf" or dt.subdtype else 3
    d = f.create_dataset(str(i), shape, dt, chunks=chunks, fillvalue=fill, maxshape=(None,) + shape[1:], **opts)
    if i % 4 == 0: shape = (max(1, shape[0] // 2),) + shape[1:]
    base = dt.base
    n = int(np.prod(shape)) * (dt.itemsize // base.itemsize)
    if base.kind in "iuf": x = r.integers(0, 100, n).astype(base)
    elif base.kind == "c": x = (r.integers(0, 9, n) + 1j * r.integers(0, 9, n)).astype(base)
    elif base.kind == "b": x = r.integers(0, 2, n).astype(base)
    else: x = np.frombuffer(r.integers(65, 90, n * base.itemsize, dtype="u1").tobytes(), base)
    d[:shape[0]] = x.reshape(shape + (dt.shape if dt.subdtype else ()))
    if i % 5 == 0 and "compression" in opts and opts["compression"] == "gzip" and not opts.get("shuffle") and not opts.get("fletcher32"):
        raw = np.zeros(chunks, dt).tobytes()
        d.id.write_direct_chunk((0,) * rank, raw, filter_mask=1)
print(len(f))`

// randomIntervals is an interval of each axis.
func randomIntervals(r *rand.Rand, s Shape) []any {
	var out []any
	for _, n := range s {
		lo := r.IntN(n)
		out = append(out, Range(lo, lo+1+r.IntN(n-lo), 1+r.IntN(3)*r.IntN(3)))
	}
	if r.IntN(4) == 0 {
		return nil
	}
	return out
}

// TestChunkwise reads the same selections by the library and by ourselves.
func TestChunkwise(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.h5")
	same(t, h5py(t, randomChunked, path), "240")
	f, err := Open(path, FileAccess{Cache: ChunkCache{Bytes: 1}})
	must(t, err)
	defer f.Close()
	r := rand.New(rand.NewPCG(1, 2))
	names, err := f.Keys()
	must(t, err)
	chunkwise := 0
	for _, name := range names {
		d := must1(t)(f.Dataset(name))
		for range 8 {
			sel := randomIntervals(r, d.Shape())
			old := runtime.GOMAXPROCS(1)
			want, err := d.Slice(sel...)
			must(t, err)
			runtime.GOMAXPROCS(4)
			got, err := d.Slice(sel...)
			chunkwise += readsChunkwise(t, d, sel)
			runtime.GOMAXPROCS(old)
			must(t, err)
			if !equalArrays(got, want) {
				t.Fatalf("%v, selection %v:\ngot  %.300v\nwant %.300v", d, sel, got, want)
			}
		}
	}
	t.Logf("%d of %d selections chunk by chunk", chunkwise, 8*len(names))
	if chunkwise < 800 {
		t.Errorf("only %d selections were read chunk by chunk", chunkwise)
	}
}

func readsChunkwise(t *testing.T, d *Dataset, sel []any) int {
	s, mem, err := d.prepare("", nil, sel)
	must(t, err)
	tr := transfer{d: d, mem: mem, sel: s, watch: newWatch("read", d.path, 0)}
	if s.read().Len() == 0 {
		return 0
	}
	return truth(tr.unpacking(s.hyperslab()) != nil)
}

func equalArrays(a, b *Array) bool {
	if len(a.fields) != len(b.fields) || fmt.Sprint(a.shape) != fmt.Sprint(b.shape) {
		return false
	}
	for i := range a.fields {
		if !equalArrays(a.fields[i], b.fields[i]) {
			return false
		}
	}
	return a.fields != nil || reflect.DeepEqual(a.data, b.data)
}

// TestChunkwiseDamaged checks that the library says what is wrong with a chunk.
func TestChunkwiseDamaged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.h5")
	h5py(t, `f = h5py.File(sys.argv[1], "w")
for name, opts in (("sum", dict(fletcher32=True)), ("gzip", dict(compression="gzip")), ("lzf", dict(compression="lzf"))):
    d = f.create_dataset(name, (4000,), "i4", chunks=(1000,), **opts)
    d[:] = 7
    d.id.write_direct_chunk((2000,), b"\x47" * 300 if name != "sum" else b"\x00" * 4003 + b"\x01")`, path)
	f, err := Open(path, FileAccess{Cache: ChunkCache{Bytes: 1}})
	must(t, err)
	defer f.Close()
	for _, name := range []string{"sum", "gzip", "lzf"} {
		d := must1(t)(f.Dataset(name))
		_, err = d.Slice()
		var e *Error
		if !errors.As(err, &e) || len(e.Stack) == 0 {
			t.Errorf("%s: %v, want the library's error", name, err)
		}
		x, err := Read[int32](d, "0:2000")
		must(t, err)
		same(t, x[1999], 7)
	}
}

// TestChunkwiseInterrupted checks that reading ends, and leaves no worker behind.
func TestChunkwiseInterrupted(t *testing.T) {
	f := scratch(t)
	d, err := f.CreateDataset("x", Float32, Shape{100, 1000}, DatasetCreate{Gzip: 1, Chunks: Shape{1, 1000}}, DatasetAccess{Cache: ChunkCache{Bytes: 1}})
	must(t, err)
	must(t, d.Write(1))
	s, mem, err := d.prepare("read dataset", nil, nil)
	must(t, err)
	calls := 0
	tr := transfer{d: d, op: "read dataset", mem: mem, sel: s, watch: &watch{stop: func() bool { calls++; return calls > 10 }}}
	before := runtime.NumGoroutine()
	a, fill := newArray(mem.typ, s.read(), d.h.file)
	check(t, tr.run(a, fill), ErrInterrupted, `read dataset "/x"`)
	waitForGoroutines(t, before) // one that is done may not be gone yet
}

// TestPacked writes whole chunks, and lets h5py read them and write the same: what comes out must be as
// long, for the filters are the same.
func TestPacked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.h5")
	f, err := Create(path)
	must(t, err)
	r := rand.New(rand.NewPCG(3, 4))
	lzf := []FilterSpec{{Name: "lzf"}}
	shape, values := Shape{701, 603}, make([]float64, 701*603)
	for i := range values {
		values[i] = float64(r.IntN(50))
	}
	for name, tt := range map[string]struct {
		t      *Datatype
		create DatasetCreate
	}{
		"gzip":    {Float64, DatasetCreate{Gzip: 3}},
		"all":     {Float32, DatasetCreate{Gzip: 3, Shuffle: true, Fletcher32: true, Fill: 7}},
		"lzf":     {Int16, DatasetCreate{Filters: lzf, Shuffle: true}},
		"swapped": {Int32.BigEndian(), DatasetCreate{Gzip: 1, Shuffle: true, Fill: 9}},
		"checks":  {Int64, DatasetCreate{Fletcher32: true, Shuffle: true}},
		"bool":    {Bool, DatasetCreate{Gzip: 9}},
	} {
		tt.create.Chunks, tt.create.MaxShape = Shape{100, 67}, Shape{Unlimited, 603}
		d, err := f.CreateDataset(name, tt.t, shape, tt.create)
		must(t, err)
		v := any(values)
		if name == "bool" {
			v = make([]bool, len(values))
		}
		must(t, d.Write(v))
		if !packs(t, d, v) && d.Datatype().Size() > 2 {
			t.Errorf("%s is written by the library", name)
		}
		must(t, d.Resize(720, 603)) // what comes behind the edge is the fill value
		got, err := Read[float64](d)
		if name == "bool" {
			continue
		}
		must(t, err)
		for i, x := range got {
			want := 0.0
			if i < len(values) {
				want = values[i]
			} else if tt.create.Fill != nil {
				want = float64(tt.create.Fill.(int))
			}
			if x != want {
				t.Fatalf("%s: element %d is %v, want %v", name, i, x, want)
			}
		}
	}
	must(t, f.Close())
	same(t, h5py(t, `f = h5py.File(sys.argv[1])
g = h5py.File("none", "w", driver="core", backing_store=False)
want = f["gzip"][...]
for n in sorted(f):
    d = f[n]
    if n == "bool": print(n, d[...].any())
    else: print(n, (d[:701] == want[:701]).all())
    e = g.create_dataset(n, (701, 603), d.dtype, chunks=d.chunks, compression=d.compression,
        compression_opts=d.compression_opts, shuffle=d.shuffle, fletcher32=d.fletcher32, fillvalue=d.fillvalue)
    e[...] = d[:701]
    g.flush()
    if n != "lzf" and e.id.get_storage_size() != d.id.get_storage_size(): print(n, e.id.get_storage_size(), d.id.get_storage_size())`, path),
		"all True\nbool False\nchecks True\ngzip True\nlzf True\nswapped True")
}

func packs(t *testing.T, d *Dataset, v any) bool {
	t.Helper()
	s, err := newSelection(d.Shape(), nil)
	must(t, err)
	e, spread, err := d.encodeFor("write dataset", v, d.Datatype().t, s)
	must(t, err)
	w := writing{d: d, e: e, spread: spread}
	return w.packing(&transfer{d: d, mem: &memoryType{typ: e.mem}, sel: s, watch: newWatch("write", d.path, s.read().Len())}, s.hyperslab()) != nil
}

// TestPackedInPart checks that what is not whole chunks is left to the library, and nothing else changes.
func TestPackedInPart(t *testing.T) {
	f := scratch(t)
	d, err := f.CreateDataset("x", Int32, Shape{1000, 1000}, DatasetCreate{Gzip: 1, Chunks: Shape{100, 100}})
	must(t, err)
	must(t, d.Write(1))
	must(t, d.Write(fullOf(2, 600*1000), "200:800"))
	must(t, d.Write(fullOf(3, 990*1000), "5:995"))
	must(t, d.Write(fullOf(4, 200*1000), "800:, :"))
	x, err := Read[int32](d)
	must(t, err)
	same(t, []int32{x[0], x[4_999], x[5_000], x[200_000], x[799_999], x[800_000], x[999_999]}, "[1 1 3 3 3 4 4]")
	tr := writing{d: d, op: "write dataset", watch: &watch{stop: func() bool { return true }}}
	s, err := newSelection(d.Shape(), nil)
	must(t, err)
	tr.e, _, err = d.encodeFor(tr.op, fullOf(5, 1000*1000), d.Datatype().t, s)
	must(t, err)
	check(t, tr.run(s), ErrInterrupted, "0 of 100 chunks are written")
}

func fullOf(v int32, n int) []int32 {
	out := make([]int32, n)
	for i := range out {
		out[i] = v
	}
	return out
}

// TestPackWithoutFill looks at what a chunk has behind the dataset's end when there is no fill value: not
// what the chunk before it had.
func TestPackWithoutFill(t *testing.T) {
	f := scratch(t)
	const chunk, n = 20_000, 20_000*40 + 500
	d, err := f.CreateDataset("x", Int64, Shape{n}, DatasetCreate{Chunks: Shape{chunk}, MaxShape: Shape{Unlimited}, Gzip: 1, FillTime: FillNever})
	must(t, err)
	x := make([]int64, n)
	for i := range x {
		x[i] = int64(i + 1)
	}
	must(t, d.Write(x))
	must(t, d.Resize(n+chunk-500))
	rest, err := Read[int64](d, Range(n, n+chunk-500))
	must(t, err)
	same(t, slices.Max(rest), 0)
}
