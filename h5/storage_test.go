package h5

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// h5py runs a program of h5py with paths and gives what it prints.
func h5py(t *testing.T, program string, paths ...string) string {
	t.Helper()
	const python = "/usr/bin/python3"
	if err := exec.Command(python, "-c", "import h5py").Run(); err != nil {
		t.Skipf("SKIPPED: %s has no h5py to compare with", python)
	}
	out, err := exec.Command(python, append([]string{"-c", "import h5py, numpy as np, sys\n" + program}, paths...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("h5py: %v\n%s", err, out)
	}
	return strings.TrimSpace(string(out))
}

// wave is numbers that all filters have work with.
func wave(n int) []float32 {
	out := make([]float32, n)
	for i := range out {
		out[i] = float32(math.Round(1000*math.Sin(float64(i)/50)) / 8)
	}
	return out
}

func TestStorage(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.h5")
	external := filepath.Join(t.TempDir(), "raw.bin")
	f, err := Create(path)
	must(t, err)
	chunks := Shape{20, 30}
	ways := map[string]struct {
		create DatasetCreate
		said   string
	}{
		"compact":     {DatasetCreate{Compact: true}, "compact"},
		"gzip":        {DatasetCreate{Gzip: 6, Shuffle: true, Fletcher32: true}, "[shuffle gzip(6) fletcher32]"},
		"szip":        {DatasetCreate{Szip: 8, Chunks: chunks}, "[szip]"},
		"entropy":     {DatasetCreate{Szip: 16, SzipEntropy: true, Chunks: chunks}, "[szip]"},
		"nbit":        {DatasetCreate{NBit: true, Chunks: chunks}, "[nbit]"},
		"scaleoffset": {DatasetCreate{ScaleOffset: ScaleDigits(3), Chunks: chunks}, "[scaleoffset]"},
		"lzf":         {DatasetCreate{Filters: []FilterSpec{{Name: "lzf"}}, Shuffle: true, Chunks: chunks}, "[shuffle lzf]"},
		"after":       {DatasetCreate{ScaleOffset: ScaleDigits(3), Filters: []FilterSpec{{Name: "lzf"}}, Chunks: chunks}, "[scaleoffset lzf]"},
		"by number":   {DatasetCreate{Filters: []FilterSpec{{ID: 32000}}, Chunks: chunks}, "[lzf]"},
		"never":       {DatasetCreate{Chunks: chunks, FillTime: FillNever, AllocTime: AllocEarly}, "chunked"},
		"times":       {DatasetCreate{TrackTimes: true, TrackOrder: true}, "contiguous"},
		"external":    {DatasetCreate{External: []ExternalFile{{Path: external, Offset: 16}}}, "external"},
	}
	shape := Shape{50, 100}
	for name, w := range ways {
		d, err := f.CreateDataset(name, Float32, shape, w.create)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		must(t, d.Write(wave(5000)))
		info, err := d.Info()
		must(t, err)
		if text := fmt.Sprint(info.Layout, info.Filters); !strings.Contains(text, w.said) {
			t.Errorf("%s: stored as %s", name, text)
		}
	}
	must(t, f.Close())
	raw, err := os.Stat(external)
	must(t, err)
	same(t, raw.Size(), 16+4*5000)
	f, err = Open(path)
	must(t, err)
	defer f.Close()
	for name := range ways {
		d := must1(t)(f.Dataset(name))
		got, err := Read[float32](d)
		if err != nil || !slices.Equal(got, wave(5000)) {
			t.Errorf("%s: other values, or %v", name, err)
		}
	}
	files, err := must1(t)(f.Dataset("external")).ExternalFiles()
	must(t, err)
	same(t, files, []ExternalFile{{Path: external, Offset: 16}})
	same(t, h5py(t, `f = h5py.File(sys.argv[1])
want = f["gzip"][...]
print([n for n in sorted(f) if not (f[n][...] == want).all()])`, path), "[]")
}

func TestStorageRefused(t *testing.T) {
	f := scratch(t)
	many := Shape{1000, 1000}
	for name, tt := range map[string]struct {
		t      *Datatype
		s      Shape
		create DatasetCreate
		kind   error
		says   string
	}{
		"compact large":       {Float64, many, DatasetCreate{Compact: true}, ErrTooLarge, "at most 65532 bytes, this is 7.63 MB"},
		"compact filtered":    {Float64, Shape{4}, DatasetCreate{Compact: true, Gzip: 1}, ErrShape, "Compact, or External"},
		"external chunked":    {Float64, Shape{4}, DatasetCreate{External: []ExternalFile{{Path: "x"}}, Chunks: Shape{2}}, ErrShape, "leave all but one"},
		"external small":      {Float64, Shape{4}, DatasetCreate{External: []ExternalFile{{Path: "x", Size: 8}}}, ErrTooLarge, "room for 8 B, the dataset takes 32 B"},
		"external endless":    {Float64, Shape{4}, DatasetCreate{External: []ExternalFile{{Path: "x"}, {Path: "y"}}}, ErrRange, `"x" has no Size`},
		"chunk past the end":  {Float64, Shape{4, 4}, DatasetCreate{Chunks: Shape{4, 5}}, ErrShape, "longer than axis 1"},
		"chunk of nothing":    {Float64, Shape{4, 4}, DatasetCreate{Chunks: Shape{4, 0}}, ErrShape, "lengths are 1 or more"},
		"chunk of 8 GB":       {Float64, Shape{1 << 20, 1 << 20}, DatasetCreate{Chunks: Shape{1 << 15, 1 << 15}}, ErrTooLarge, "HDF5 allows 4 GB"},
		"scalar":              {Float64, Shape{}, DatasetCreate{Gzip: 1}, ErrShape, "a single value"},
		"maximum below shape": {Float64, Shape{5}, DatasetCreate{MaxShape: Shape{4}}, ErrShape, "maximum shape (4)"},
		"szip odd":            {Float64, many, DatasetCreate{Szip: 7}, ErrRange, "blocks of 7"},
		"szip strings":        {String, many, DatasetCreate{Szip: 8}, ErrType, "string"},
		"szip small chunk":    {Float64, many, DatasetCreate{Szip: 8, Chunks: Shape{2, 2}}, ErrShape, "for chunks of 4"},
		"digits of integers":  {Int32, many, DatasetCreate{ScaleOffset: ScaleDigits(2)}, ErrType, "there is ScaleBits"},
		"bits of floats":      {Float32, many, DatasetCreate{ScaleOffset: ScaleBits(0)}, ErrType, "there is ScaleDigits"},
		"gzip 10":             {Float32, many, DatasetCreate{Gzip: 10}, ErrRange, "levels are 1 to 9"},
		"no such filter":      {Float32, many, DatasetCreate{Filters: []FilterSpec{{Name: "zstdd"}}}, ErrFilter, `did you mean "zstd"`},
		"not installed":       {Float32, many, DatasetCreate{Filters: []FilterSpec{{Name: "blosc"}}}, ErrFilter, `"blosc" (number 32001) is not installed`},
		"own field":           {Float32, many, DatasetCreate{Filters: []FilterSpec{{Name: "scaleoffset"}}}, ErrFilter, "has a field for it"},
		"unnamed":             {Float32, many, DatasetCreate{Filters: []FilterSpec{{ID: 307}}}, ErrFilter, "plug-ins are looked for in"},
		"fill too many":       {Float32, many, DatasetCreate{Fill: []float32{1, 2}}, ErrShape, "shape (2)"},
		"fill of another":     {Int8, many, DatasetCreate{Fill: 300}, ErrType, "300"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := f.CreateDataset("x", tt.t, tt.s, tt.create)
			check(t, err, tt.kind, tt.says, `create dataset "x"`)
			if yes, _ := f.Has("x"); yes {
				t.Error("something was made")
			}
		})
	}
}

func TestTooManyAxes(t *testing.T) {
	deep := reflect.ValueOf([]int{1})
	for range 32 {
		outer := reflect.MakeSlice(reflect.SliceOf(deep.Type()), 1, 1)
		outer.Index(0).Set(deep)
		deep = outer
	}
	f := scratch(t)
	check(t, f.Set("x", deep.Interface()), ErrShape, "33 axes, HDF5 has at most 32")
	must(t, f.Set("x", deep.Index(0).Interface()))
}

// TestLZF compares with h5py in both directions: random bytes, which do not get smaller, text, runs, and
// whatever lies between.
func TestLZF(t *testing.T) {
	ours, theirs := filepath.Join(t.TempDir(), "ours.h5"), filepath.Join(t.TempDir(), "theirs.h5")
	h5py(t, `r = np.random.default_rng(7)
f = h5py.File(sys.argv[1], "w")
for i in range(60):
    n = int(r.integers(1, 40000))
    x = r.integers(0, 1 + i * i % 256, n, dtype="u1", endpoint=True)
    if i % 3 == 0: x = np.repeat(x, r.integers(1, 400))[:n]
    f.create_dataset(str(i), data=x, compression="lzf", chunks=(min(n, 7000),), shuffle=i % 2 == 0)`, theirs)
	f, err := Open(theirs)
	must(t, err)
	defer f.Close()
	out, err := Create(ours)
	must(t, err)
	names, err := f.Keys()
	must(t, err)
	for _, name := range names {
		d := must1(t)(f.Dataset(name))
		x, err := Read[uint8](d)
		must(t, err)
		c, err := out.CreateDataset(name, Uint8, Shape{len(x)}, DatasetCreate{Chunks: d.Chunks(), Filters: []FilterSpec{{Name: "lzf"}}})
		must(t, err)
		must(t, c.Write(x))
		info, err := c.Info()
		must(t, err)
		same(t, info.Filters[0].Params, []int{4, 0x0105, d.Chunks()[0]})
		if name == "0" && info.Storage > int64(len(x))/2 {
			t.Errorf("%d bytes take %d", len(x), info.Storage)
		}
	}
	must(t, out.Close())
	same(t, h5py(t, `a, b = h5py.File(sys.argv[1]), h5py.File(sys.argv[2])
print([n for n in a if not (a[n][...] == b[n][...]).all()], sum(b[n].compression == "lzf" for n in a))`, theirs, ours), "[] 60")
}

// TestMissingFilter reads what went through a filter that is not there, and the rest of the file.
func TestMissingFilter(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.h5")
	h5py(t, `f = h5py.File(sys.argv[1], "w")
for name, number in (("x", 32015), ("mine", 300)):
    p = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    p.set_chunk((10,)); p.set_filter(number, h5py.h5z.FLAG_OPTIONAL, (3,))
    d = h5py.Dataset(h5py.h5d.create(f.id, name.encode(), h5py.h5t.IEEE_F64LE, h5py.h5s.create_simple((100,)), p))
    d.id.write_direct_chunk((0,), b"zzz")
    d.id.write_direct_chunk((10,), np.arange(10.).tobytes(), filter_mask=1)
    d.attrs["units"] = "K"
f["y"] = 1`, path)
	t.Setenv("HDF5_PLUGIN_PATH", "/nowhere/plugins")
	f, err := Open(path)
	must(t, err)
	defer f.Close()
	d := must1(t)(f.Dataset("x"))
	_, err = d.Slice()
	check(t, err, ErrFilter, `read dataset "/x"`, `filter "zstd" (number 32015), which is not installed`, "looked for in /nowhere/plugins", "hdf5plugin")
	_, err = must1(t)(f.Dataset("mine")).Slice()
	check(t, err, ErrFilter, "filter number 300, which is not installed")
	same(t, d.Filters(), "[zstd (not installed)]")
	units, err := AttrAs[string](d, "units")
	must(t, err)
	same(t, units, "K")
	x, err := Read[float64](d, "10:13") // a chunk that the filter left alone
	must(t, err)
	same(t, x, "[0 1 2]")
	y, err := ReadOne[int](must1(t)(f.Dataset("y")))
	must(t, err)
	same(t, y, 1)
}

func TestFillValues(t *testing.T) {
	type point struct {
		X, Y float32
		Name string
	}
	path := filepath.Join(t.TempDir(), "x.h5")
	f, err := Create(path)
	must(t, err)
	pointType, err := TypeOf(point{})
	must(t, err)
	for name, tt := range map[string]struct {
		t    *Datatype
		fill any
		want string
	}{
		"float":    {Float64, math.NaN(), "[NaN NaN]"},
		"int":      {Int16, -7, "[-7 -7]"},
		"bool":     {Bool, true, "[true true]"},
		"complex":  {Complex128, 1 + 2i, "[(1+2i) (1+2i)]"},
		"fixed":    {FixedString(8), "none", "[none none]"},
		"string":   {String, "nothing yet", "[nothing yet nothing yet]"},
		"list":     {VlenOf(Int32), []int32{1, 2}, "[[1 2] [1 2]]"},
		"array":    {ArrayOf(Int32, 3), []int32{1, 2, 3}, "[1 2 3 1 2 3]"},
		"compound": {pointType, point{1, 2, "p"}, "[1 1]"},
		"enum":     {Enum(map[string]int{"A": 1, "B": 2}), "B", "[2 2]"},
	} {
		d, err := f.CreateDataset(name, tt.t, Shape{2}, DatasetCreate{Fill: tt.fill, MaxShape: Shape{Unlimited}})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		a, err := d.Slice()
		must(t, err)
		if a.IsCompound() {
			name, _ := a.Field("Name")
			same(t, name.Raw(), "[p p]")
			a, err = a.Field("X")
			must(t, err)
		}
		same(t, a.Raw(), tt.want)
		must(t, d.Resize(4))
	}
	must(t, f.Close())
	same(t, h5py(t, `f = h5py.File(sys.argv[1])
for n in ("int", "float", "fixed", "string"): print(f[n][3], f[n].fillvalue if n != "string" else "")`, path),
		"-7 -7\nnan nan\nb'none' b'none'\nb'nothing yet'")
}

func TestVirtual(t *testing.T) {
	dir := t.TempDir()
	for i := range 3 {
		f, err := Create(filepath.Join(dir, fmt.Sprintf("part%d.h5", i)))
		must(t, err)
		d, err := f.CreateDataset("x", Int32, Shape{4, 3}, DatasetCreate{MaxShape: Shape{Unlimited, 3}})
		must(t, err)
		must(t, d.Write(i+1))
		must(t, f.Close())
	}
	path := filepath.Join(dir, "all.h5")
	f, err := Create(path, FileAccess{Libver: V110, LibverMax: V110}) // h5py beside us may be older than our library
	must(t, err)
	must(t, f.Set("line", []int32{1, 2, 3, 4}))
	var parts []VirtualSource
	for i := range 4 { // the last one is missing
		parts = append(parts, VirtualSource{File: fmt.Sprintf("part%d.h5", i), Path: "x", Into: fmt.Sprintf("%d:%d", 4*i, 4*i+4)})
	}
	_, err = f.CreateDataset("rows", Int32, Shape{16, 3}, DatasetCreate{Virtual: parts, Fill: -1})
	must(t, err)
	_, err = f.CreateDataset("columns", Int32, Shape{3, 4}, DatasetCreate{Virtual: []VirtualSource{
		{File: "part0.h5", Path: "x", Into: "0", From: "0:4, 1", Shape: Shape{4, 3}},
		{File: "part2.h5", Path: "x", Into: "2", From: "0:4, 0", Shape: Shape{4, 3}}}})
	must(t, err)
	_, err = f.CreateDataset("endless", Int32, Shape{4, 3}, DatasetCreate{MaxShape: Shape{Unlimited, 3}, Virtual: []VirtualSource{
		{File: "part1.h5", Path: "x", Into: "0:unlimited", From: "0:unlimited", Shape: Shape{Unlimited, 3}}}})
	must(t, err)
	_, err = f.CreateDataset("numbered", Int32, Shape{4, 3}, DatasetCreate{MaxShape: Shape{Unlimited, 3}, Virtual: []VirtualSource{
		{File: "part%b.h5", Path: "x", Into: "0:unlimited", Shape: Shape{4, 3}}}})
	must(t, err)
	_, err = f.CreateDataset("stacked", Int32, Shape{1, 4, 3}, DatasetCreate{MaxShape: Shape{Unlimited, 4, 3}, Virtual: []VirtualSource{
		{File: "part%b.h5", Path: "x", Into: "0:unlimited", Shape: Shape{4, 3}}}})
	must(t, err)
	for name, v := range map[string]VirtualSource{
		"does not fill places":     {File: "%b", Path: "x", Into: "0:unlimited", Shape: Shape{4, 2}},
		"has no Path":              {File: "a"},
		"From without Shape":       {Path: "x", From: "0:4"},
		"needs an unlimited Into":  {File: "%b", Path: "x", Into: "0:4"},
		"only one of":              {Path: "x", Into: "0:4", From: "0:unlimited", Shape: Shape{Unlimited, 3}},
		"same number of elements":  {Path: "x", Into: "0:4", From: "0:3", Shape: Shape{4, 3}},
		"rising steps":             {Path: "x", Into: "::-1"},
		"Shape: h5.Shape{4}":       {Path: "line", Into: "0:4, 0"},
		"its shape is (4, 3)":      {File: "part0.h5", Path: "x", Into: "0:4, 0", Shape: Shape{4}},
		"20 is outside axis 0":     {Path: "x", Into: "0:20"},
		"(4, 3) of the source for": {Path: "x", Into: "0:2", Shape: Shape{4, 3}},
	} {
		_, err := f.CreateDataset("wrong", Int32, Shape{16, 3}, DatasetCreate{Virtual: []VirtualSource{v}})
		check(t, err, err.(*Error).Kind, name)
	}
	must(t, f.Close())
	sum := func(name string) string {
		f, err := Open(path)
		must(t, err)
		defer f.Close()
		d := must1(t)(f.Dataset(name))
		x, err := Read[int32](d)
		must(t, err)
		total := 0
		for _, v := range x {
			total += int(v)
		}
		return fmt.Sprint(d.Shape(), " ", total)
	}
	same(t, sum("rows"), "(16, 3) 60") // 12 + 24 + 36 - 12
	same(t, sum("columns"), "(3, 4) 16")
	same(t, sum("endless"), "(4, 3) 24")
	same(t, sum("numbered"), "(12, 3) 72")
	same(t, sum("stacked"), "(3, 4, 3) 72")
	f, err = Open(path)
	must(t, err)
	sources := func(name string) any {
		all, err := must1(t)(f.Dataset(name)).VirtualSources()
		must(t, err)
		return all
	}
	same(t, sources("rows"), "[{part0.h5 x 0:4, 0:3 0:4, 0:3 null} {part1.h5 x 4:8, 0:3 0:4, 0:3 null} {part2.h5 x 8:12, 0:3 0:4, 0:3 null} {part3.h5 x 12:16, 0:3 0:4, 0:3 null}]")
	same(t, sources("columns"), "[{part0.h5 x 0:1, 0:4 0:4, 1:2 null} {part2.h5 x 2:3, 0:4 0:4, 0:1 null}]")
	same(t, sources("endless"), "[{part1.h5 x 0:unlimited, 0:3 0:unlimited, 0:3 null}]")
	same(t, sources("numbered"), "[{part%b.h5 x 0:unlimited, 0:3 0:4, 0:3 null}]")
	must(t, f.Close())
	part, err := OpenFile(filepath.Join(dir, "part1.h5"), "r+")
	must(t, err)
	must(t, must1(t)(part.Dataset("x")).Append([][]int32{{1, 1, 1}}))
	must(t, part.Close())
	same(t, sum("endless"), "(5, 3) 27")
	same(t, h5py(t, `f = h5py.File(sys.argv[1])
print(f["rows"].is_virtual, f["rows"][...].sum(), f["columns"][...].sum(), f["endless"][...].sum(), f["numbered"][...].sum())`, path), "True 60 16 27 72")
}

// TestGuessedChunks checks what makes a guess good: no chunk is too large to be kept or too small to be
// worth finding, and none is longer than an axis that never grows.
func TestGuessedChunks(t *testing.T) {
	for _, tt := range []struct {
		s, most Shape
		size    int
		want    string
	}{
		{Shape{100}, nil, 8, "(100)"},
		{Shape{10_000_000}, nil, 8, "(39063)"},
		{Shape{1_000_000, 3}, nil, 8, "(15625, 3)"},
		{Shape{10000, 10000}, nil, 4, "(313, 313)"},
		{Shape{10}, Shape{Unlimited}, 8, "(10240)"},
		{Shape{0}, Shape{Unlimited}, 8, "(8192)"},
		{Shape{0, 3}, Shape{Unlimited, 3}, 8, "(4096, 3)"},
		{Shape{1, 2048, 2048}, Shape{Unlimited, 2048, 2048}, 2, "(1, 512, 512)"},
		{Shape{0}, Shape{50}, 8, "(50)"},
	} {
		same(t, guessChunks(tt.s, tt.most, tt.size), tt.want)
	}
}
