package boss

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gofive/h5"
)

// retype gives a column of a spectrum another type, with its first values.
func retype[T int64 | uint32 | uint64 | float64](t *testing.T, path, spectrum, column string, first ...T) {
	t.Helper()
	changeSpectrum(t, path, spectrum, func(table *h5.Table) (*h5.Table, error) {
		was, err := table.Column(column)
		if err != nil {
			return nil, err
		}
		var values []T
		if err := was.ReadInto(&values); err != nil {
			return nil, err
		}
		copy(values, first)
		return table.With(column, values)
	})
}

// changeSpectrum puts another table in the place of a spectrum of layout v1, with the same header cards.
func changeSpectrum(t *testing.T, path, spectrum string, change func(*h5.Table) (*h5.Table, error)) {
	t.Helper()
	f, err := h5.OpenFile(path, "r+")
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(changeSpectrumIn(f, spectrum, change), f.Close()); err != nil {
		t.Fatal(err)
	}
}

func changeSpectrumIn(f *h5.File, spectrum string, change func(*h5.Table) (*h5.Table, error)) error {
	d, err := f.Dataset(spectrum)
	if err != nil {
		return err
	}
	table, err := d.Table()
	if err != nil {
		return err
	}
	cards, err := attrCards(d)
	if err != nil {
		return err
	}
	if table, err = change(table); err != nil {
		return err
	}
	if err := errors.Join(d.Close(), f.Delete(spectrum), f.Set(spectrum, table)); err != nil {
		return err
	}
	if d, err = f.Dataset(spectrum); err != nil {
		return err
	}
	return errors.Join(setCards(d, cards), d.Close())
}

// reductions makes files of two nights whose fibers have columns in other types than those of the first file. In the second night
// it is the first fiber that has them.
func reductions(t *testing.T) []string {
	t.Helper()
	ctx, dir := context.Background(), survey(t)
	all := filepath.Join(dir, "all.h5")
	fine(t, must(Convert(ctx, []string{filepath.Join(dir, "spectra")}, all, Options{})), nil)
	var files []string
	for i, fibers := range []string{"FIBERID == 2 || FIBERID == 501", "FIBERID == 30 || FIBERID == 734", "FIBERID == 118"} {
		files = append(files, filepath.Join(dir, fmt.Sprintf("%d.h5", i)))
		fine(t, must(Subset(ctx, []string{all}, fibers, files[i], Options{})), nil)
	}
	retype(t, files[1], "3655/55240/30/coadd", "OR_MASK", uint32(1<<31))
	retype(t, files[1], "3655/55240/734/coadd", "AND_MASK", int64(-1<<40), 1)
	retype(t, files[2], "3655/55240/118/coadd", "FLUX", 0.1, 1e300)
	retype(t, files[2], "3655/55240/118/coadd", "WAVE", 3600.1)
	retype(t, files[0], "3656/55241/2/coadd", "AND_MASK", int64(1<<62+1))
	retype[float64](t, files[0], "3656/55241/2/coadd", "OR_MASK")
	f, err := h5.Open(all)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	exposures, err := f.Group("3656/55241/2/exposures")
	if err != nil {
		t.Fatal(err)
	}
	defer exposures.Close()
	names, err := exposures.Keys()
	if err != nil {
		t.Fatal(err)
	}
	retype(t, files[0], "3656/55241/2/exposures/"+names[0]+"/b", "MASK", int64(1<<40))
	return files
}

// judgeReductions compares a file, in layout v1 or v2, with those that it was made of.
const judgeReductions = `
import sys
import h5py, numpy as np

out, files = h5py.File(sys.argv[1], "r"), [h5py.File(p, "r") for p in sys.argv[2:]]
spectra = {}
for f in files:
    def enter(path, d):
        if isinstance(d, h5py.Dataset) and path.split("/")[2].isdigit():
            plate, mjd, fiber, rest = path.split("/", 3)
            place = "%s/%s/%s" % (plate, mjd, "coadds" if rest == "coadd" else rest)
            spectra.setdefault(place, {})[int(fiber)] = path, d[()]
    f.visititems(enter)
assert len(spectra) == 6, list(spectra)
mixed = set()
for place, fibers in spectra.items():
    names = next(iter(fibers.values()))[1].dtype.names
    for name in names:
        types = {d.dtype[name].newbyteorder("=") for _, d in fibers.values()}
        if len(types) > 1:
            mixed.add((place.split("/")[2], name))
        for fiber, (path, want) in fibers.items():
            if "coadds" not in out["/".join(place.split("/")[:2])]:
                assert out[path].dtype[name] == want.dtype[name], path
                assert out[path][name].tobytes() == want[name].tobytes(), (path, name)
                continue
            group = out[place]
            row = sorted(fibers).index(fiber)
            first, n = group["pixels"][row] if "pixels" in group else (0, len(want))
            assert n == len(want), path
            array = group[name.lower()]
            assert array.dtype.newbyteorder("=") == np.result_type(*types), (path, name, array.dtype, types)
            got = array[row] if array.ndim == 2 else array
            assert np.array_equal(got[first : first + n], want[name].astype(array.dtype), equal_nan=array.dtype.kind == "f"), (path, name)
assert mixed == {("coadds", c) for c in ("OR_MASK", "AND_MASK", "FLUX", "WAVE")} | {("exposures", "MASK")}, mixed
`

// TestReductions: an array of layout v2 has the type that holds the values of all its fibers, which numpy says; in layout v1 each
// spectrum has its own. One process and ranks agree.
func TestReductions(t *testing.T) {
	const python = "/usr/bin/python3"
	if err := exec.Command(python, "-c", "import h5py").Run(); err != nil {
		if os.Getenv("GOFIVE_REQUIRE_ALL") != "" {
			t.Fatal("h5py is not there: the set-up should have installed it")
		}
		t.Skip("SKIPPED: no h5py to compare with (apt install python3-h5py)")
	}
	ctx, files := context.Background(), reductions(t)
	for _, form := range []Options{{Layout: V1}, {Layout: V2}, {Layout: V2, Gzip: 1}} {
		for ranks := range 4 {
			out := filepath.Join(t.TempDir(), "out.h5")
			if ranks == 0 {
				fine(t, must(Convert(ctx, files, out, form)), nil)
			} else {
				results, errs := onRanks(ranks, func(_ int, o Options) (*Result, error) {
					o.Layout, o.Gzip = form.Layout, form.Gzip
					return Convert(ctx, files, out, o)
				})
				for i := range results {
					fine(t, results[i], errs[i])
				}
			}
			if text, err := exec.Command(python, append([]string{"-c", judgeReductions, out}, files...)...).CombinedOutput(); err != nil {
				t.Errorf("%v, gzip %d, %d ranks: %v\n%s", form.Layout, form.Gzip, ranks, err, text)
			}
		}
	}
}

// A column that few fibers have is zero for the others, alone and on ranks.
func TestReductionsColumn(t *testing.T) {
	ctx, files := context.Background(), reductions(t)
	for _, spectrum := range []string{"3655/55240/118/coadd", "3656/55241/118/coadd"} {
		changeSpectrum(t, files[2], spectrum, func(table *h5.Table) (*h5.Table, error) {
			return table.With("EXTRA", slices.Repeat([]float64{0.1}, table.NumRows()))
		})
	}
	for ranks := range 3 {
		out := filepath.Join(t.TempDir(), "out.h5")
		if ranks == 0 {
			fine(t, must(Convert(ctx, files, out, Options{Layout: V2})), nil)
		} else {
			results, errs := onRanks(ranks, func(_ int, o Options) (*Result, error) {
				o.Layout = V2
				return Convert(ctx, files, out, o)
			})
			for i := range results {
				fine(t, results[i], errs[i])
			}
		}
		for fiber, want := range map[int]float64{2: 0, 118: 0.1, 734: 0} {
			coadd, err := open(t, out).coadd(FiberID{3656, 55241, fiber})
			if err != nil {
				t.Fatal(err)
			}
			if extra := floats(t, coadd, "EXTRA"); slices.Max(extra) != want || slices.Min(extra) != want {
				t.Errorf("%d ranks: EXTRA of fiber %d is %v to %v, want %v", ranks, fiber, slices.Min(extra), slices.Max(extra), want)
			}
		}
	}
}

// A fiber that gets a wider mask, and of which the first of two files cannot be read, is compared with the one that gave it.
func TestReductionsNextFile(t *testing.T) {
	ctx, files := context.Background(), reductions(t)
	broken := copied(t, files[2])
	f, err := h5.OpenFile(broken, "r+")
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(f.Delete("3656/55241/118/coadd"), f.Delete("3655"), f.Close()); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "out.h5")
	r, err := Convert(ctx, append([]string{broken}, files...), out, Options{Layout: V2})
	if err != nil || r.Fibers != 10 || len(r.Problems) != 1 {
		t.Errorf("%v, %v; want 10 fibers, one from the next file", r, err)
	}
}

// No type has all values of uint64 and those below 0 too.
func TestReductionsWithoutType(t *testing.T) {
	ctx, files := context.Background(), reductions(t)
	retype(t, files[2], "3655/55240/118/coadd", "AND_MASK", uint64(1<<63))
	for _, ranks := range []int{1, 2} {
		out := filepath.Join(t.TempDir(), "out.h5")
		_, errs := onRanks(ranks, func(_ int, o Options) (*Result, error) {
			o.Layout = V2
			return Convert(ctx, files, out, o)
		})
		for _, says := range []string{"fiber 3655-55240-", "AND_MASK", "uint64", "int32", "float64", "layout v1"} { // of two that do not fit, either
			if errs[0] == nil || !strings.Contains(errs[0].Error(), says) {
				t.Errorf("%v, want %q", errs[0], says)
			}
		}
		if left, _ := filepath.Glob(out + "*"); len(left) > 0 || strings.Contains(errs[0].Error(), "again") {
			t.Errorf("%d ranks: going on would not help, and there are %v: %v", ranks, left, errs[0])
		}
		fine(t, must(Convert(ctx, files, out, Options{Layout: V1})), nil)
	}
}

// A wrong value in the file is found, whatever the type of its array.
func TestReductionsDamage(t *testing.T) {
	ctx, files := context.Background(), reductions(t)
	out := filepath.Join(t.TempDir(), "out.h5")
	w := &work{op: "convert", out: out, opts: Options{Layout: V2}, result: Result{Did: "converted"}}
	for _, file := range files {
		ids, err := open(t, file).fibers()
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range ids {
			w.add(id, file)
		}
	}
	w.sort()
	s, err := openStore(w)
	if err != nil {
		t.Fatal(err)
	}
	parts, err := w.writeParts(ctx, s)
	if err == nil {
		err = w.takeParts(s, parts)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer w.closeSource()
	if err := verify(ctx, s.path(0), s.sums, w.isInput); err != nil {
		t.Fatal(err)
	}
	changeDataset(t, s.path(0), "3655/55240/coadds/or_mask", func(d *h5.Dataset) error {
		return d.Write([]int64{1 << 33}, 0, h5.Range(700, 701))
	})
	if err := verify(ctx, s.path(0), s.sums, w.isInput); !errors.Is(err, errDiffers) || !strings.Contains(err.Error(), "fiber 3655-55240-0002") {
		t.Errorf("%v, want that fiber 2 differs", err)
	}
}

// The type that two or three have in common is that of numpy, or there is none where numpy's loses values.
func TestCommonType(t *testing.T) {
	var sets [][]string
	for _, a := range numbers {
		for _, b := range numbers {
			for _, c := range numbers {
				sets = append(sets, []string{a.String(), b.String(), c.String()})
			}
		}
	}
	var want []string
	numpy(t, "print(json.dumps([np.result_type(*s).name for s in x]))", sets, &want)
	byName := map[string]*h5.Datatype{}
	for _, n := range numbers {
		byName[n.String()] = n
	}
	for i, set := range sets {
		lost := want[i] == "float64" && (slices.Contains(set, "int64") || slices.Contains(set, "uint64"))
		got := commonType(byName[set[0]], byName[set[1]], byName[set[2]])
		if lost != (got == nil) || !lost && got.String() != want[i] {
			t.Errorf("%v: %v, want %v", set, got, want[i])
		}
	}
	if got := commonType(h5.ArrayOf(h5.Int32, 3), h5.ArrayOf(h5.Uint32, 3)); !got.Equal(h5.ArrayOf(h5.Int64, 3)) {
		t.Errorf("of arrays: %v", got)
	}
	if got := commonType(h5.ArrayOf(h5.Int32, 3), h5.ArrayOf(h5.Int32, 4)); got != nil {
		t.Errorf("of arrays of two shapes: %v", got)
	}
	if got := commonType(h5.FixedASCII(3), h5.FixedASCII(5)); !got.Equal(h5.FixedASCII(5)) {
		t.Errorf("of texts: %v", got)
	}
}
