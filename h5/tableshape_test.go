package h5

import (
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"testing"
)

func TestTableShapes(t *testing.T) {
	tab := stars(t)
	renamed, err := tab.Rename("PLATE", "plate", "FLUX", "PLATE")
	must(t, err)
	same(t, renamed.Names(), "[plate PLATE NAME FLAG BANDS]")
	same(t, tab.Names(), "[PLATE FLUX NAME FLAG BANDS]")
	fewer, err := tab.Drop("BANDS", "PLATE")
	must(t, err)
	same(t, fewer.Names(), "[FLUX NAME FLAG]")
	whole, err := tab.DropNaN()
	same(t, column(t, whole, err, "NAME"), "[e c b a]")
	whole, err = tab.DropNaN("PLATE", "NAME")
	same(t, column(t, whole, err, "NAME"), "[e d c b a]")
	bands, err := NewTable("x", [][]float32{{1, float32(math.NaN())}, {1, 2}})
	must(t, err)
	whole, err = bands.DropNaN("x")
	same(t, column(t, whole, err, "x"), "[1 2]")
	distinct, err := tab.Distinct("PLATE")
	same(t, column(t, distinct, err, "NAME"), "[e d c]")
	counts, err := tab.ValueCounts("FLUX")
	same(t, column(t, counts, err, "FLUX"), "[1.5 0.5 2.5 NaN]")
	same(t, column(t, counts, err, "count"), "[2 1 1 1]")
	more, err := tab.Append(tab.Head(1), tab.Tail(1))
	same(t, column(t, more, err, "NAME"), "[e d c b a e a]")
	same(t, column(t, more, err, "BANDS"), "[1 2 3 4 5 6 7 8 9 10 1 2 9 10]")
	other, err := NewTable("b", []float32{1.5}, "a", []int8{1})
	must(t, err)
	first, err := NewTable("a", []int64{7}, "b", []int8{2})
	must(t, err)
	more, err = first.Append(other)
	same(t, column(t, more, err, "a"), "[7 1]")
	same(t, column(t, more, err, "b"), "[2 1.5]")

	_, err = tab.Rename("PLATE")
	check(t, err, ErrShape, "no new name")
	_, err = tab.Rename("PLAT", "x")
	check(t, err, ErrNotFound, `did you mean "PLATE"`)
	_, err = tab.Rename("PLATE", "FLUX")
	check(t, err, ErrExists, "FLUX")
	_, err = tab.Drop("PLATES")
	check(t, err, ErrNotFound, "PLATES")
	_, err = tab.ValueCounts()
	check(t, err, ErrShape, "no column is named")
	_, err = tab.Distinct("BANDS")
	check(t, err, ErrType, "BANDS")
	pivot, err := tab.Pivot("PLATE", "FLAG", "FLUX", "max")
	same(t, column(t, pivot, err, "PLATE"), "[1 2 3]")
	same(t, column(t, pivot, err, "false"), "[2.5 NaN 1.5]")
	same(t, column(t, pivot, err, "true"), "[NaN 0.5 1.5]")
	_, err = tab.Pivot("PLATE", "FLAG", "NAME", "max")
	check(t, err, ErrType, "NAME", "its max is string")
	_, err = tab.Pivot("PLATE", "FLAG", "FLUX", "mode")
	check(t, err, ErrNotFound, "mode", "median")
	_, err = tab.Pivot("PLATE", "FLAGS", "FLUX", "max")
	check(t, err, ErrNotFound, "FLAGS")
	_, err = tab.Append(fewer)
	check(t, err, ErrShape, "table 1 has 3 columns, and the first 5")
	names, err := first.Rename("b", "c")
	must(t, err)
	_, err = first.Append(names)
	check(t, err, ErrNotFound, `"b"`)
	texts, err := NewTable("a", []string{"x"}, "b", []int{1})
	must(t, err)
	_, err = first.Append(texts)
	check(t, err, ErrType, "unlike types")
}

// TestTableShapesAsPandas gives random tables to pandas too.
func TestTableShapesAsPandas(t *testing.T) {
	r := rand.New(rand.NewPCG(31, 32))
	path := filepath.Join(t.TempDir(), "x.h5")
	f, err := Create(path)
	must(t, err)
	tab := randomTable(t, r, 400)
	set := func(name string, v *Table, err error) {
		t.Helper()
		must(t, err)
		must(t, f.Set(name, v))
	}
	set("t", tab, nil)
	v, err := tab.DropNaN()
	set("dropna", v, err)
	v, err = tab.Distinct("key", "text")
	set("distinct", v, err)
	v, err = tab.ValueCounts("fraction")
	set("counts", v, err)
	for _, how := range aggregates {
		v, err = tab.Pivot("key", "truth", "i32", how)
		set("pivot/"+how, v, err)
	}
	v, err = tab.Describe()
	set("describe", v, err)
	v, err = tab.Append(tab.Head(7))
	set("append", v, err)
	for _, names := range [][]string{{"fraction"}, {"-fraction"}, {"text"}, {"-i32"}, {"key", "-text", "u16"}} {
		v, err = tab.Sort(names...)
		set("sort/"+names[0]+map[bool]string{true: " and more"}[len(names) > 1], v, err)
	}
	must(t, f.Close())
	same(t, pandas(t, framesForPandas+`
t = frame("t")
r = lambda d: d.reset_index(drop=True)
same("dropna", frame("dropna"), r(t.dropna()))
same("distinct", frame("distinct"), r(t.drop_duplicates(["key", "text"])))
same("append", frame("append"), r(pd.concat([t, t[:7]])))
want = t.groupby("fraction", dropna=False).size().reset_index(name="count").sort_values("count", ascending=False, kind="stable")
same("counts", frame("counts"), r(want))
for name in ["fraction", "-fraction", "text", "-i32"]:
    same("sort " + name, frame("sort/" + name), r(t.sort_values(name.strip("-"), ascending=name[0] != "-", kind="stable")))
same("sort by three", frame("sort/key and more"), r(t.sort_values(["key", "text", "u16"], ascending=[True, False, True], kind="stable")))
for how in f["pivot"]:
    want = t.pivot_table("i32", "key", "truth", how).astype("f8").reset_index().astype({"key": "i2"})
    if how == "count": want = want.fillna(0)
    want.columns = [str(c).lower() for c in want.columns]
    same("pivot " + how, frame("pivot/" + how), want)
got, want = frame("describe").set_index("column"), t.select_dtypes("number").astype("f8").describe().T
same("describe", got.loc[want.index].astype("f8"), want)
print("compared")`, path), "compared")
}

// TestTableRoundTrip stores tables as compounds and reads them again.
func TestTableRoundTrip(t *testing.T) {
	r := rand.New(rand.NewPCG(41, 42))
	f, err := Create(filepath.Join(t.TempDir(), "x.h5"))
	must(t, err)
	defer f.Close()
	for k, tab := range []*Table{randomTable(t, r, 100), randomTable(t, r, 0), stars(t), catalog(t)} {
		name := fmt.Sprint("t", k)
		must(t, f.Set(name, tab))
		d, err := f.Dataset(name)
		must(t, err)
		back, err := d.Table()
		must(t, err)
		same(t, back, tab.String())
		for i, c := range back.Columns() {
			if want := tab.columns[i]; c.Datatype().Kind() != want.Datatype().Kind() || c.String() != want.String() {
				t.Errorf("column %s: got %v, want %v", c.Name(), c, want)
			}
		}
	}
}
