package h5

import (
	"fmt"
	"math"
	"path/filepath"
	"testing"
)

func stars(t *testing.T) *Table {
	t.Helper()
	nan := math.NaN()
	tab, err := NewTable("PLATE", []int32{3, 1, 2, 1, 3}, "FLUX", []float64{1.5, nan, 0.5, 2.5, 1.5}, "NAME", []string{"e", "d", "c", "b", "a"},
		"FLAG", []bool{true, false, true, false, false}, "BANDS", [][]float32{{1, 2}, {3, 4}, {5, 6}, {7, 8}, {9, 10}})
	must(t, err)
	return tab
}

func column(t *testing.T, tab *Table, err error, name string) any {
	t.Helper()
	must(t, err)
	c, err := tab.Column(name)
	must(t, err)
	return c.Raw()
}

func TestTableOperations(t *testing.T) {
	tab := stars(t)
	plate, err := tab.Column("PLATE")
	must(t, err)
	mask, err := plate.Greater(1)
	must(t, err)
	some, err := tab.Filter(mask)
	same(t, column(t, some, err, "NAME"), "[e c a]")
	same(t, column(t, some, err, "BANDS"), "[1 2 5 6 9 10]")
	sorted, err := tab.Sort("PLATE", "-NAME")
	same(t, column(t, sorted, err, "NAME"), "[d b c e a]")
	sorted, err = tab.Sort("FLUX")
	same(t, column(t, sorted, err, "NAME"), "[c e a b d]")
	sorted, err = tab.Sort("-FLUX")
	same(t, column(t, sorted, err, "NAME"), "[b e a c d]")
	sorted, err = tab.Sort("FLAG", "NAME")
	same(t, column(t, sorted, err, "NAME"), "[a b d c e]")
	more, err := tab.With("TWICE", []int{6, 2, 4, 2, 6})
	same(t, column(t, more, err, "TWICE"), "[6 2 4 2 6]")
	more, err = more.With("NAME", []int{1, 2, 3, 4, 5})
	same(t, column(t, more, err, "NAME"), "[1 2 3 4 5]")
	same(t, fmt.Sprint(more.NumColumns(), tab.NumColumns()), "6 5")
	sums, err := tab.Cumsum()
	same(t, column(t, sums, err, "PLATE"), "[3 4 6 7 10]")
	same(t, column(t, sums, err, "BANDS"), "[1 2 4 6 9 12 16 20 25 30]")
	described, err := tab.Describe()
	same(t, column(t, described, err, "column"), "[PLATE FLUX FLAG]")
	same(t, column(t, described, err, "count"), "[5 4 5]")
	same(t, column(t, described, err, "50%"), "[2 1.5 0]")

	_, err = tab.Filter([]bool{true})
	check(t, err, ErrShape, "a mask of 1 for a table of 5 rows")
	_, err = tab.Filter(plate.Array)
	check(t, err, ErrType, "the mask is int32")
	_, err = tab.Filter("X > 2")
	check(t, err, ErrType, `"X > 2" is a text`, "Query takes an expression")
	_, err = tab.Sort("FLIX")
	check(t, err, ErrNotFound, "FLIX", "FLUX")
	_, err = tab.Sort("FLUX", "desc")
	check(t, err, ErrNotFound, "desc", `Sort("-FLUX") puts it in falling order`)
	_, err = tab.Sort("BANDS")
	check(t, err, ErrType, "BANDS")
	_, err = tab.With("X", []int{1})
	check(t, err, ErrShape, "a column of shape (1) in a table of 5 rows")
	text, err := tab.Select("NAME")
	must(t, err)
	_, err = text.Describe()
	check(t, err, ErrType, "no column of single numbers", "NAME")
}

// TestDescribeAsNumpy compares with numpy.
func TestDescribeAsNumpy(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.h5")
	f, err := Create(path)
	must(t, err)
	x := wave(12345)
	must(t, f.Set("x", x))
	tab, err := NewTable("x", x)
	must(t, err)
	d, err := tab.Describe()
	must(t, err)
	var got []float64
	for _, name := range []string{"mean", "std", "min", "25%", "50%", "75%", "max"} {
		got = append(got, column(t, d, nil, name).([]float64)[0])
	}
	must(t, f.Set("got", got))
	must(t, f.Close())
	same(t, h5py(t, `
f = h5py.File(sys.argv[1]); x = f["x"][:].astype("f8")
want = [x.mean(), x.std(ddof=1), x.min(), *np.percentile(x, [25, 50, 75]), x.max()]
print(np.allclose(f["got"], want, rtol=1e-12, atol=1e-12))`, path), "True")
}
