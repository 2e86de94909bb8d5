package h5

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func ExampleTable_GroupBy() {
	t, _ := NewTable("PLATE", []int{3655, 3586, 3655}, "FLUX", []float64{1, 2, 4})
	groups, _ := t.GroupBy("PLATE")
	brightest, _ := groups.Agg("FLUX", "mean", "max")
	for _, c := range brightest.Columns() {
		fmt.Println(c.Name(), c.Raw())
	}
	// Output:
	// PLATE [3586 3655]
	// FLUX_mean [2 2.5]
	// FLUX_max [2 4]
}

func TestGroups(t *testing.T) {
	tab := stars(t)
	g, err := tab.GroupBy("PLATE")
	must(t, err)
	same(t, g, "3 groups of 5 rows by PLATE")
	for _, c := range []struct {
		of           func() (*Table, error)
		column, want string
	}{
		{g.Size, "size", "[2 1 2]"},
		{g.Count, "PLATE", "[1 2 3]"},
		{g.Count, "FLUX", "[1 1 2]"},
		{g.Count, "NAME", "[2 1 2]"},
		{g.Sum, "FLUX", "[2.5 0.5 3]"},
		{g.Sum, "FLAG", "[0 1 1]"},
		{g.Mean, "FLUX", "[2.5 0.5 1.5]"},
		{g.Std, "FLUX", "[NaN NaN 0]"},
		{g.Min, "NAME", "[b c a]"},
		{g.Max, "NAME", "[d c e]"},
		{g.Max, "FLUX", "[2.5 0.5 1.5]"},
		{g.Median, "FLUX", "[2.5 0.5 1.5]"},
		{g.First, "FLUX", "[2.5 0.5 1.5]"},
		{g.First, "BANDS", "[3 4 5 6 1 2]"},
		{g.Last, "NAME", "[b c a]"},
		{g.Last, "FLUX", "[2.5 0.5 1.5]"},
	} {
		got, err := c.of()
		same(t, column(t, got, err, c.column), c.want)
	}
	mean, err := g.Mean()
	must(t, err)
	same(t, mean.Names(), "[PLATE FLUX FLAG]")
	some, err := g.Agg("FLUX", "mean", "max", "NAME", "first")
	must(t, err)
	same(t, some.Names(), "[PLATE FLUX_mean FLUX_max NAME_first]")
	same(t, column(t, some, nil, "NAME_first"), "[d c e]")
}

// TestGroupsOfWideKeys has keys too far apart to be looked up in a list.
func TestGroupsOfWideKeys(t *testing.T) {
	tab, err := NewTable("ID", []int64{math.MaxInt64, math.MinInt64, 0, math.MaxInt64}, "U", []uint64{math.MaxUint64, 0, math.MaxUint64, math.MaxUint64})
	must(t, err)
	g, err := tab.GroupBy("ID")
	must(t, err)
	sizes, err := g.Size()
	same(t, column(t, sizes, err, "ID"), "[-9223372036854775808 0 9223372036854775807]")
	same(t, column(t, sizes, err, "size"), "[1 1 2]")
	g, err = tab.GroupBy("U", "ID")
	must(t, err)
	sizes, err = g.Size()
	same(t, column(t, sizes, err, "U"), "[0 18446744073709551615 18446744073709551615]")
	same(t, column(t, sizes, err, "size"), "[1 1 2]")
}

func TestGroupsOfNothing(t *testing.T) {
	tab, err := NewTable("K", []int{}, "L", []string{}, "X", []float64{})
	must(t, err)
	g, err := tab.GroupBy("K", "L")
	must(t, err)
	for _, of := range []func() (*Table, error){g.Size, g.Count, g.Sum, g.Mean, g.Std, g.Min, g.Max, g.Median, g.First, g.Last} {
		got, err := of()
		must(t, err)
		same(t, fmt.Sprint(got.NumRows(), got.NumColumns()), "0 3")
	}
}

func TestGroupErrors(t *testing.T) {
	tab := stars(t)
	_, err := tab.GroupBy()
	check(t, err, ErrShape, "no column is named", "PLATE")
	_, err = tab.GroupBy("PLATES")
	check(t, err, ErrNotFound, `did you mean "PLATE"`)
	_, err = tab.GroupBy("BANDS")
	check(t, err, ErrType, "BANDS", "can be keys")
	g, err := tab.GroupBy("NAME")
	must(t, err)
	_, err = g.Agg("FLUX")
	check(t, err, ErrShape, "FLUX", "no aggregate follows it", "median")
	_, err = g.Agg("FLUX", "mean", "medain")
	check(t, err, ErrNotFound, `"median"`)
	_, err = g.Agg("FLIX", "mean")
	check(t, err, ErrNotFound, `did you mean "FLUX"`)
	_, err = g.Agg("NAME", "mean")
	check(t, err, ErrType, "there is no mean of string")
	texts, err := tab.Select("NAME")
	must(t, err)
	g, err = texts.GroupBy("NAME")
	must(t, err)
	_, err = g.Mean()
	check(t, err, ErrType, "no column that has a mean", "Size")
}

// pandas runs a Python program that has pandas and h5py.
func pandas(t *testing.T, program string, paths ...string) string {
	t.Helper()
	const python = "/usr/bin/python3"
	if err := exec.Command(python, "-c", "import pandas").Run(); err != nil {
		t.Skipf("SKIPPED: %s has no pandas to compare with", python)
	}
	return h5py(t, "import pandas as pd\n"+program, paths...)
}

// randomTable has few keys of every kind and values of every type of number, NaN among them.
func randomTable(t *testing.T, r *rand.Rand, rows int) *Table {
	t.Helper()
	keys, wide, texts, fractions := make([]int16, rows), make([]int64, rows), make([]string, rows), make([]float32, rows)
	truths := make([]bool, rows)
	for i := range rows {
		keys[i], wide[i] = int16(r.IntN(20)-10), int64(r.IntN(9))*1e15-3e15
		texts[i], fractions[i] = strings.Repeat("ä", r.IntN(4)), float32(r.IntN(5))/4
		if truths[i] = r.IntN(3) == 0; r.IntN(10) == 0 {
			fractions[i] = float32(math.NaN())
		}
	}
	tab, err := NewTable("key", keys, "wide", wide, "text", texts, "fraction", fractions, "truth", truths,
		"i8", randomValues(r, rows, func() int8 { return int8(r.IntN(256) - 128) }),
		"i32", randomValues(r, rows, func() int32 { return int32(r.Uint32()) }),
		"u16", randomValues(r, rows, func() uint16 { return uint16(r.Uint32()) }),
		"u64", randomValues(r, rows, func() uint64 { return r.Uint64N(1 << 50) }),
		"f32", randomValues(r, rows, func() float32 { return float32(nanOr(r, r.NormFloat64())) }),
		"f64", randomValues(r, rows, func() float64 { return nanOr(r, 1000+r.NormFloat64()) }))
	must(t, err)
	return tab
}

func randomValues[T any](r *rand.Rand, n int, value func() T) []T {
	out := make([]T, n)
	for i := range out {
		out[i] = value()
	}
	return out
}

func nanOr(r *rand.Rand, x float64) float64 {
	if r.IntN(3) == 0 {
		return math.NaN()
	}
	return x
}

// framesForPandas reads tables written as compounds.
const framesForPandas = `
f = h5py.File(sys.argv[1])
def frame(name):
    d = f[name]; out = {}
    for c in d.dtype.names:
        x = d[c]
        out[c] = [v.decode() for v in x] if x.dtype == object else x
    return pd.DataFrame(out)
def same(name, got, want):
    if list(got.columns) != list(want.columns) or len(got) != len(want):
        print(name, "columns", list(got.columns), list(want.columns), "rows", len(got), len(want)); return
    for c in got:
        g, w = got[c].to_numpy(), want[c].to_numpy()
        if g.dtype == object or w.dtype == object: ok = list(g) == list(w)
        else:
            near = 1e-6 if w.dtype == "f4" or "f32" in c else 1e-11
            ok = np.allclose(g.astype("f8"), w.astype("f8"), rtol=near, atol=near, equal_nan=True)
        if not ok: print(name, c, g[:9], w[:9])
`

func TestGroupsAsPandas(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	path := filepath.Join(t.TempDir(), "x.h5")
	f, err := Create(path)
	must(t, err)
	for size, rows := range map[string]int{"many": 3000, "few": 40} {
		tab := randomTable(t, r, rows)
		must(t, f.Set(size, tab))
		for _, by := range []string{"key", "wide", "text", "fraction", "truth", "key text", "fraction wide truth"} {
			g, err := tab.GroupBy(strings.Fields(by)...)
			must(t, err)
			for how, of := range map[string]func() (*Table, error){"count": g.Count, "sum": g.Sum, "mean": g.Mean, "std": g.Std, "min": g.Min,
				"max": g.Max, "median": g.Median, "first": g.First, "last": g.Last, "size": g.Size} {
				result, err := of()
				must(t, err)
				must(t, f.Set(size+" groups/"+by+"/"+how, result))
			}
		}
	}
	must(t, f.Close())
	same(t, pandas(t, framesForPandas+`
for size in ["few", "many"]:
    table = frame(size)
    wide = table.astype({c: {"i": "i8", "u": "u8", "f": "f8"}[table[c].dtype.kind] for c in table if table[c].dtype.kind in "iuf"})
    for by in f[size + " groups"]:
        for how in f[size + " groups"][by]:
            g = (wide if how == "sum" else table).groupby(by.split())
            if how == "size": want = g.size()
            elif how in ("sum", "mean", "std", "median"): want = getattr(g, how)(numeric_only=True)
            else: want = getattr(g, how)()
            want = want.reset_index(name="size") if how == "size" else want.reset_index()
            same(by + " " + how, frame(size + " groups/" + by + "/" + how), want)
print("compared")`, path), "compared")
}

// TestGroupSumsOverflow adds numbers to a sum that is infinite by then.
func TestGroupSumsOverflow(t *testing.T) {
	tab, err := NewTable("K", []int{1, 1, 1}, "X", []float64{math.MaxFloat64, math.MaxFloat64, 1})
	must(t, err)
	g, err := tab.GroupBy("K")
	must(t, err)
	sums, err := g.Sum()
	same(t, column(t, sums, err, "X"), "[+Inf]")
}
