package h5mpi

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gofive/h5"
	"gofive/mpi"
)

// The tests are a parallel program: TestRanks starts it on several ranks, which run all others.

func TestMain(m *testing.M) {
	if _, err := mpi.Init(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	if err := errors.Join(h5.CloseAll(), mpi.Finalize()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// sharedPath is a file name that all ranks have.
func sharedPath(t *testing.T, name string) string {
	t.Helper()
	dir := ""
	if mpi.Rank() == 0 {
		dir = t.TempDir()
	}
	must(t, mpi.Bcast(&dir, 0))
	t.Cleanup(func() { _ = mpi.Barrier() }) // before rank 0 removes it
	return filepath.Join(dir, name)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("rank %d: %v", mpi.Rank(), err)
	}
}

func several(t *testing.T) {
	t.Helper()
	if mpi.Size() < 2 {
		t.Skip("one rank: TestRanks starts more")
	}
}

func row(rank, n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = float64(1000*rank + i)
	}
	return out
}

// transfers are both ways to move data, and how many rows a rank has.
var transfers = map[string]h5.DatasetTransfer{"independent": Independent, "collective": OnlyCollective}

func TestRows(t *testing.T) {
	path := sharedPath(t, "rows.h5")
	f, err := h5.Create(path, MPIO(mpi.World))
	must(t, err)
	shape := h5.Shape{mpi.Size(), 1000}
	creates := map[string]h5.DatasetCreate{"contiguous": {}, "chunks": {Chunks: h5.Shape{1, 300}}}
	types := map[string]*h5.Datatype{"float64": h5.Float64, "float32": h5.Float32, "int16": h5.Int16}
	for _, how := range []string{"independent", "collective"} {
		for _, stored := range []string{"contiguous", "chunks"} {
			for _, typ := range []string{"float64", "float32", "int16"} {
				d, err := f.CreateDataset(how+"/"+stored+"/"+typ, types[typ], shape, creates[stored])
				must(t, err)
				must(t, d.With(transfers[how]).Write(row(mpi.Rank(), 1000), mpi.Rank()))
				must(t, f.Flush())
				must(t, mpi.Barrier())
				next := (mpi.Rank() + 1) % mpi.Size()
				got, err := d.With(transfers[how]).Slice(next)
				must(t, err)
				numbers, err := got.Float64s()
				must(t, err)
				if want := row(next, 1000); !slices.Equal(numbers, want) {
					t.Errorf("%s: got %v..., want %v...", d.Path(), numbers[:3], want[:3])
				}
			}
		}
	}
	must(t, f.Close())
	checkWithH5py(t, path)
}

// checkWithH5py reads on rank 0 what all have written.
func checkWithH5py(t *testing.T, path string) {
	t.Helper()
	if mpi.Rank() != 0 {
		return
	}
	const program = `
import h5py, sys
import numpy as np
n = int(sys.argv[2])
want = 1000.0*np.arange(n)[:, None] + np.arange(1000.0)
with h5py.File(sys.argv[1]) as f:
    names = []
    f.visititems(lambda name, o: names.append(name) if isinstance(o, h5py.Dataset) else None)
    print(len(names), all((f[name][...] == want.astype(f[name].dtype)).all() for name in names))
`
	out, err := exec.Command("/usr/bin/python3", "-c", program, path, fmt.Sprint(mpi.Size())).CombinedOutput()
	if err != nil && strings.Contains(string(out), "No module") {
		t.Logf("SKIPPED: no h5py: %s", out)
		return
	}
	if got := strings.TrimSpace(string(out)); got != "12 True" {
		t.Errorf("h5py reads %q, %v", got, err)
	}
}

// TestParts writes selections of all kinds, and nothing at all, together.
func TestParts(t *testing.T) {
	f, err := h5.Create(sharedPath(t, "parts.h5"), MPIO(mpi.World))
	must(t, err)
	n, me := 12*mpi.Size(), mpi.Rank()
	every := make([]bool, n)
	var places []int
	for i := me; i < n; i += mpi.Size() {
		every[i] = true
		places = append(places, i)
	}
	selections := map[string][]any{
		"block":   {h5.Range(12*me, 12*(me+1)), ":"},
		"strided": {h5.Range(me, n, mpi.Size())},
		"mask":    {every},
		"places":  {places},
	}
	for _, name := range []string{"block", "strided", "mask", "places"} {
		d, err := f.CreateDataset(name, h5.Int32, h5.Shape{n, 5})
		must(t, err)
		w := d.With(OnlyCollective)
		must(t, w.Write(me+1, selections[name]...))
		got, err := w.Slice(selections[name]...)
		must(t, err)
		if sum, want := total(t, got), float64(12*5*(me+1)); sum != want {
			t.Errorf("%s: rank %d reads a sum of %v, want %v", name, me, sum, want)
		}
		must(t, f.Flush())
		must(t, mpi.Barrier())
		all, err := d.Slice()
		must(t, err)
		if sum, want := total(t, all), float64(12*5*mpi.Size()*(mpi.Size()+1)/2); sum != want {
			t.Errorf("%s: a sum of %v, want %v", name, sum, want)
		}
		if me == 0 { // the others write, and read, nothing
			must(t, w.Write(7, 3))
			got, err = w.Slice(3)
		} else {
			must(t, w.Write([]int{}, h5.Range(0, 0), ":"))
			got, err = w.Slice("0:0")
		}
		must(t, err)
		if sum := total(t, got); sum != 35*float64(truth(me == 0)) {
			t.Errorf("%s: rank %d reads a sum of %v of one row", name, me, sum)
		}
	}
	must(t, f.Close())
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}

func total(t *testing.T, a *h5.Array) (sum float64) {
	t.Helper()
	numbers, err := a.Float64s()
	must(t, err)
	for _, v := range numbers {
		sum += v
	}
	return sum
}

// Row is a compound.
type Row struct {
	ID    int32
	Flux  float64
	Label string `h5:",len=6"`
}

// TestTypes writes what is not the same bytes in memory and in the file, together.
func TestTypes(t *testing.T) {
	f, err := h5.Create(sharedPath(t, "types.h5"), MPIO(mpi.World))
	must(t, err)
	rows := []Row{{int32(mpi.Rank()), 0.5, "a"}, {int32(mpi.Rank()), 1.5, "bcdefg"}}
	typ, err := h5.TypeOf(rows)
	must(t, err)
	d, err := f.CreateDataset("rows", typ, h5.Shape{2 * mpi.Size()})
	must(t, err)
	part := h5.Range(2*mpi.Rank(), 2*mpi.Rank()+2)
	must(t, d.With(OnlyCollective).Write(rows, part))
	got, err := h5.Read[Row](d.With(OnlyCollective), part)
	must(t, err)
	if !slices.Equal(got, rows) {
		t.Errorf("rank %d reads %v, want %v", mpi.Rank(), got, rows)
	}
	big, err := f.CreateDataset("big", h5.Int32.BigEndian(), h5.Shape{mpi.Size()})
	must(t, err)
	must(t, big.With(OnlyCollective).Write(mpi.Rank()+258, mpi.Rank()))
	one, err := h5.Read[int32](big.With(OnlyCollective), []int{mpi.Rank()})
	must(t, err)
	if one[0] != int32(mpi.Rank()+258) {
		t.Errorf("rank %d reads %d", mpi.Rank(), one[0])
	}
	must(t, f.Close())
}

// TestFilters writes compressed chunks, which ranks can only do together.
func TestFilters(t *testing.T) {
	several(t)
	f, err := h5.Create(sharedPath(t, "gzip.h5"), MPIO(mpi.World))
	must(t, err)
	d, err := f.CreateDataset("x", h5.Int32, h5.Shape{mpi.Size(), 5000}, h5.DatasetCreate{Gzip: 4, Shuffle: true, Chunks: h5.Shape{1, 1000}})
	must(t, err)
	advice := "h5mpi.Collective"
	if !mpi.HasMPI() {
		advice = "ranks without MPI cannot write compressed chunks"
	}
	if err := d.Write(1, mpi.Rank()); err == nil || !strings.Contains(err.Error(), advice) {
		t.Errorf("an independent write of compressed chunks: %v", err)
	}
	if !mpi.HasMPI() {
		must(t, f.Close())
		return
	}
	must(t, d.With(OnlyCollective).Write(row(mpi.Rank(), 5000), mpi.Rank()))
	must(t, f.Flush())
	got, err := h5.Read[int32](d.With(Collective), mpi.Rank())
	must(t, err)
	if want := int32(1000*mpi.Rank() + 4999); got[4999] != want {
		t.Errorf("rank %d reads %d, want %d", mpi.Rank(), got[4999], want)
	}
	must(t, f.Close())
}

// TestOthers names a rank that does something else, or cannot do its part; the file is as good as before.
func TestOthers(t *testing.T) {
	several(t)
	f, err := h5.Create(sharedPath(t, "others.h5"), MPIO(mpi.World))
	must(t, err)
	d, err := f.CreateDataset("x", h5.Float64, h5.Shape{mpi.Size(), 10})
	must(t, err)
	last := mpi.Size() - 1
	odd := mpi.Rank() == last
	deeds := []struct {
		name     string
		do, odd  func() error
		all, own string // what all but the odd rank say, and what that says
	}{
		{"another call", func() error { return f.Delete("x") }, f.Close,
			`at delete "/x"; rank %d at close file "others.h5"`, `rank %d at close file "others.h5"`},
		{"another path", func() error { _, err := f.CreateGroup("a"); return err }, func() error { _, err := f.CreateGroup("b"); return err },
			`rank %d at create group "/b"`, `rank %d at create group "/b"`},
		{"another shape", func() error { _, err := f.CreateDataset("y", h5.Int8, h5.Shape{4}); return err },
			func() error { _, err := f.CreateDataset("y", h5.Int8, h5.Shape{5}); return err },
			"not all ranks have the same arguments", "not all ranks have the same arguments"},
		{"another value", func() error { return d.SetAttr("a", 1) }, func() error { return d.SetAttr("a", 2) },
			"not all ranks have the same arguments", "rank %d with"},
		{"an impossible part", func() error { return d.With(Collective).Write(1, 0) }, func() error { return d.With(Collective).Write(1, last+5) },
			"rank %d cannot: ", "outside axis 0"},
		{"an impossible part to read", func() error { _, err := d.With(Collective).Slice(0); return err },
			func() error { var v []float64; return d.With(Collective).ReadInto(&v, last+5) },
			"rank %d cannot: ", "outside axis 0"},
		{"read beside write", func() error { return d.With(Collective).Write(1, 0) }, func() error { _, err := d.With(Collective).Slice(0); return err },
			`rank %d at read "/x" together`, `rank %d at read "/x" together`},
	}
	for _, deed := range deeds {
		do, want := deed.do, deed.all
		if odd {
			do, want = deed.odd, deed.own
		}
		if strings.Contains(want, "%d") {
			want = fmt.Sprintf(want, last)
		}
		if err := do(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("rank %d, %s: got %v, want %s", mpi.Rank(), deed.name, err, want)
		}
	}
	must(t, d.SetAttr("a", 3))
	must(t, f.Close())
	if err := d.With(Collective).Write(1, 0); !errors.Is(err, h5.ErrClosed) {
		t.Errorf("a write to a closed file: %v", err)
	}
}

// TestFallBack says why HDF5 does not write one field of rows together, once, and does it.
func TestFallBack(t *testing.T) {
	several(t)
	if !mpi.HasMPI() {
		t.Skip("without MPI nothing is collective that could fall back")
	}
	f, err := h5.Create(sharedPath(t, "fields.h5"), MPIO(mpi.World))
	must(t, err)
	typ, err := h5.TypeOf(Row{})
	must(t, err)
	d, err := f.CreateDataset("rows", typ, h5.Shape{mpi.Size()}, h5.DatasetCreate{FillTime: h5.FillAlloc})
	must(t, err)
	said := standardError(t, func() {
		for range 2 {
			must(t, d.With(Collective).WriteField("ID", mpi.Rank()+1, mpi.Rank()))
		}
	})
	if strings.Count(said, "not collective") != 1 || !strings.Contains(said, "elements are converted between memory and file") {
		t.Errorf("rank %d says %q", mpi.Rank(), said)
	}
	if err := d.With(OnlyCollective).WriteField("ID", mpi.Rank()+1, mpi.Rank()); !errors.Is(err, h5.ErrRanks) {
		t.Errorf("with OnlyCollective: %v", err)
	}
	must(t, f.Flush())
	must(t, mpi.Barrier())
	ids, err := d.Field("ID")
	must(t, err)
	if sum, want := total(t, ids), float64(mpi.Size()*(mpi.Size()+1)/2); sum != want {
		t.Errorf("rank %d reads a sum of %v, want %v", mpi.Rank(), sum, want)
	}
	must(t, f.Close())
}

// standardError gives what f writes there.
func standardError(t *testing.T, f func()) string {
	t.Helper()
	file, err := os.CreateTemp(t.TempDir(), "")
	must(t, err)
	defer func(old *os.File) { os.Stderr = old }(os.Stderr)
	os.Stderr = file
	f()
	b, err := os.ReadFile(file.Name())
	must(t, err)
	return string(b)
}

// TestOpening opens what is there, what is not, and what only some ranks want.
func TestOpening(t *testing.T) {
	several(t)
	path := sharedPath(t, "opening.h5")
	if _, err := h5.Open(path, MPIO(mpi.World)); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("a file that is not there: %v", err)
	}
	for round, mode := range []string{"a", "a", "r+", "w"} {
		f, err := h5.OpenFile(path, mode, MPIO(mpi.World))
		must(t, err)
		must(t, f.Set(fmt.Sprint(round), []float64{1, 2, 3}))
		must(t, f.Close())
	}
	f, err := h5.Open(path, MPIO(mpi.World, "cb_nodes=1"))
	must(t, err)
	keys, err := f.Keys()
	must(t, err)
	if !slices.Equal(keys, []string{"3"}) {
		t.Errorf("the file holds %q", keys)
	}
	d, err := f.Dataset("3")
	must(t, err)
	if s, err := d.Slice(); err != nil || total(t, s) != 6 {
		t.Errorf("%v, %v", s, err)
	}
	stat, err := f.Stat()
	driver := map[bool]string{true: "mpio", false: "sec2"}[mpi.HasMPI()]
	if err != nil || stat.Driver != driver {
		t.Errorf("%+v, %v", stat, err)
	}
	must(t, f.Close())
	half, err := mpi.World.Split(mpi.Rank()%2, 0)
	must(t, err)
	own, err := h5.Create(fmt.Sprintf("%s.%d", path, mpi.Rank()%2), MPIO(half))
	must(t, err)
	must(t, own.Set("x", 1))
	must(t, own.Close())
	must(t, half.Free())
}

// TestInterrupt ends the wait for a rank that does not come, and goes on with the file.
func TestInterrupt(t *testing.T) {
	several(t)
	f, err := h5.Create(sharedPath(t, "interrupt.h5"), MPIO(mpi.World))
	must(t, err)
	if mpi.Rank() > 0 {
		go func() {
			calls := mpi.Where()
			for end := time.Now().Add(10 * time.Second); len(calls) == 0 && time.Now().Before(end); calls = mpi.Where() {
				time.Sleep(10 * time.Millisecond)
			}
			if len(calls) != 1 || calls[0].String() != `MPI_Allreduce(on file "interrupt.h5")` || !calls[0].Abandon {
				t.Errorf("rank %d is in %v", mpi.Rank(), calls)
			}
			mpi.Interrupt()
		}()
		if _, err := f.CreateGroup("g"); !errors.Is(err, h5.ErrInterrupted) {
			t.Errorf("rank %d: %v", mpi.Rank(), err)
		}
	} else {
		time.Sleep(200 * time.Millisecond)
		mpi.Interrupt()
	}
	must(t, mpi.Renew())
	_, err = f.CreateGroup("g")
	must(t, err)
	must(t, f.Close())
}

// TestAtomic sees what another rank writes without a flush.
func TestAtomic(t *testing.T) {
	f, err := h5.Create(sharedPath(t, "atomic.h5"), MPIO(mpi.World))
	must(t, err)
	d, err := f.CreateDataset("x", h5.Int64, h5.Shape{mpi.Size()})
	must(t, err)
	must(t, SetAtomic(f, true))
	must(t, d.Write(mpi.Rank()+1, mpi.Rank()))
	must(t, mpi.Barrier())
	all, err := d.Slice()
	must(t, err)
	if sum, want := total(t, all), float64(mpi.Size()*(mpi.Size()+1)/2); sum != want {
		t.Errorf("rank %d reads a sum of %v, want %v", mpi.Rank(), sum, want)
	}
	must(t, SetAtomic(f, false))
	must(t, f.Close())
}

// TestEnd closes at the end of a program what all have open, and gives up what they do not all close.
func TestEnd(t *testing.T) {
	several(t)
	path := sharedPath(t, "end.h5")
	f, err := h5.Create(path, MPIO(mpi.World))
	must(t, err)
	must(t, f.Set("x", 5))
	must(t, h5.CloseAll())
	must(t, mpi.Barrier())
	again, err := h5.Open(path)
	must(t, err)
	if d, err := again.Dataset("x"); err != nil {
		t.Error(err)
	} else if v, err := h5.Read[int](d); err != nil || v[0] != 5 {
		t.Errorf("rank %d reads %v, %v", mpi.Rank(), v, err)
	}
	must(t, again.Close())
	must(t, mpi.Barrier())

	_, err = h5.Create(path, MPIO(mpi.World))
	must(t, err)
	if mpi.Rank() == 0 {
		must(t, mpi.Barrier()) // the others have given up
	}
	begun := time.Now() // the minute only tells giving up, after some seconds, from waiting for ever
	if err := h5.CloseAll(); !errors.Is(err, h5.ErrRanks) || time.Since(begun) > time.Minute {
		t.Errorf("rank %d: %v after %v", mpi.Rank(), err, time.Since(begun))
	}
	if mpi.Rank() > 0 {
		must(t, mpi.Barrier())
	}
}

// TestLateSpace writes to a dataset of one process, which takes its space when it is written to.
func TestLateSpace(t *testing.T) {
	several(t)
	path := sharedPath(t, "late.h5")
	if mpi.Rank() == 0 {
		f, err := h5.Create(path)
		must(t, err)
		_, err = f.CreateDataset("x", h5.Int32, h5.Shape{mpi.Size(), 8}, h5.DatasetCreate{Chunks: h5.Shape{1, 4}})
		must(t, err)
		must(t, f.Close())
	}
	must(t, mpi.Barrier())
	f, err := h5.OpenFile(path, "r+", MPIO(mpi.World))
	must(t, err)
	d, err := f.Dataset("x")
	must(t, err)
	err = d.Write(mpi.Rank(), mpi.Rank())
	if !mpi.HasMPI() {
		if err == nil || !strings.Contains(err.Error(), "all its space") {
			t.Errorf("rank %d: %v", mpi.Rank(), err)
		}
		must(t, f.Close())
		return
	}
	must(t, err)
	must(t, f.Flush())
	must(t, mpi.Barrier())
	all, err := d.Slice()
	must(t, err)
	if sum, want := total(t, all), float64(8*mpi.Size()*(mpi.Size()-1)/2); sum != want {
		t.Errorf("rank %d reads a sum of %v, want %v", mpi.Rank(), sum, want)
	}
	must(t, f.Close())
}

// TestGrow resizes and appends with attributes beside.
func TestGrow(t *testing.T) {
	f, err := h5.Create(sharedPath(t, "grow.h5"), MPIO(mpi.World))
	must(t, err)
	d, err := f.CreateDataset("x", h5.Int32, h5.Shape{0, 4}, h5.DatasetCreate{MaxShape: h5.Shape{h5.Unlimited, 4}, Chunks: h5.Shape{8, 4}})
	must(t, err)
	for step := range 3 {
		must(t, d.Resize((step+1)*mpi.Size(), 4))
		must(t, d.With(OnlyCollective).Write(step, step*mpi.Size()+mpi.Rank()))
		must(t, d.SetAttr("steps", step+1))
	}
	must(t, f.Flush())
	must(t, mpi.Barrier())
	all, err := d.With(Collective).Slice()
	must(t, err)
	if sum, want := total(t, all), float64((1+2)*4*mpi.Size()); sum != want {
		t.Errorf("rank %d reads a sum of %v, want %v", mpi.Rank(), sum, want)
	}
	must(t, f.Close())
}

// TestRewrittenChunks reads compressed chunks again that were written again: no rank may keep what they held before.
func TestRewrittenChunks(t *testing.T) {
	several(t)
	if !mpi.HasMPI() {
		t.Skip("ranks without MPI write no compressed chunks")
	}
	f, err := h5.Create(sharedPath(t, "rewritten.h5"), MPIO(mpi.World))
	must(t, err)
	n := mpi.Size()
	d, err := f.CreateDataset("x", h5.Float64, h5.Shape{n}, h5.DatasetCreate{Chunks: h5.Shape{n}, Gzip: 4}) // one chunk of all ranks
	must(t, err)
	for _, value := range []float64{1, -5} {
		must(t, d.With(OnlyCollective).Write([]float64{value}, h5.Range(mpi.Rank(), mpi.Rank()+1)))
		must(t, f.Flush())
		must(t, mpi.Barrier())
		again, err := f.Dataset("x")
		must(t, err)
		for name, x := range map[string]*h5.Dataset{"the dataset": d, "opened again": again} {
			got, err := x.Slice()
			must(t, err)
			if sum, want := total(t, got), value*float64(n); sum != want {
				t.Errorf("rank %d reads a sum of %v of %s, want %v", mpi.Rank(), sum, name, want)
			}
		}
		must(t, mpi.Barrier()) // all have read before the chunk is written again
	}
	must(t, f.Close())
}

// TestShrunk reads zeros where a dataset that may grow was cut off and has grown again.
func TestShrunk(t *testing.T) {
	f, err := h5.Create(sharedPath(t, "shrunk.h5"), MPIO(mpi.World))
	must(t, err)
	creates := map[string]h5.DatasetCreate{
		"unlimited": {Chunks: h5.Shape{4}, MaxShape: h5.Shape{h5.Unlimited}},
		"limited":   {Chunks: h5.Shape{4}, MaxShape: h5.Shape{8}},
	}
	for _, name := range []string{"unlimited", "limited"} {
		d, err := f.CreateDataset(name, h5.Int32, h5.Shape{8}, creates[name])
		must(t, err)
		if mpi.Rank() == 0 {
			must(t, d.Write([]int32{1, 2, 3, 4, 5, 6, 7, 8}))
		}
		must(t, f.Flush())
		must(t, mpi.Barrier())
		must(t, d.Resize(2))
		must(t, d.Resize(8))
		must(t, f.Flush())
		must(t, mpi.Barrier())
		got, err := h5.Read[int32](d)
		must(t, err)
		if want := []int32{1, 2, 0, 0, 0, 0, 0, 0}; !slices.Equal(got, want) {
			t.Errorf("%s: rank %d reads %v, want %v", name, mpi.Rank(), got, want)
		}
	}
	must(t, f.Close())
}

// TestVariableLength makes datasets of elements of variable length, and says that ranks cannot write them.
func TestVariableLength(t *testing.T) {
	several(t)
	f, err := h5.Create(sharedPath(t, "variable.h5"), MPIO(mpi.World))
	must(t, err)
	const want = "elements of variable length cannot be written by several ranks; store texts as fixed strings"
	creates := map[string]h5.DatasetCreate{"one piece": {}, "chunks": {Chunks: h5.Shape{1}, MaxShape: h5.Shape{h5.Unlimited}}}
	for _, name := range []string{"one piece", "chunks"} {
		d, err := f.CreateDataset(name, h5.String, h5.Shape{mpi.Size()}, creates[name])
		must(t, err)
		if err := d.Write("a", mpi.Rank()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("rank %d writes a text: %v", mpi.Rank(), err)
		}
	}
	values := map[string]any{"texts": []string{"a", "bc"}, "lists": [][]float64{{1}, {2, 3}}}
	for _, name := range []string{"texts", "lists"} {
		err := f.Set(name, values[name])
		if !mpi.HasMPI() { // the ranks write the same, alike
			must(t, err)
			d, err := f.Dataset(name)
			must(t, err)
			got, err := d.Slice()
			must(t, err)
			if want := map[string]string{"texts": "[a bc]", "lists": "[[1] [2 3]]"}[name]; fmt.Sprint(got.Value()) != want {
				t.Errorf("rank %d reads %v, want %s", mpi.Rank(), got.Value(), want)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("rank %d stores %s: %v", mpi.Rank(), name, err)
		}
		if there, err := f.Has(name); there || err != nil {
			t.Errorf("rank %d: %s were not stored, yet there is something: %v, %v", mpi.Rank(), name, there, err)
		}
	}
	must(t, f.Close())
}

// TestWithoutRows writes rows together of which some ranks have none.
func TestWithoutRows(t *testing.T) {
	f, err := h5.Create(sharedPath(t, "norows.h5"), MPIO(mpi.World))
	must(t, err)
	d, err := f.CreateDataset("x", h5.Float64, h5.Shape{3, 4})
	must(t, err)
	rows, sel := [][]float64{}, h5.Range(3, 3)
	if mpi.Rank() == 0 {
		rows, sel = [][]float64{{1, 1, 1, 1}, {1, 1, 1, 1}, {1, 1, 1, 1}}, h5.Range(0, 3)
	}
	must(t, d.With(OnlyCollective).Write(rows, sel))
	must(t, f.Flush())
	must(t, mpi.Barrier())
	all, err := d.Slice()
	must(t, err)
	if sum := total(t, all); sum != 12 {
		t.Errorf("rank %d reads a sum of %v, want 12", mpi.Rank(), sum)
	}
	must(t, f.Close())
}
