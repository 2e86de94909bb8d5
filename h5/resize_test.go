package h5

import (
	"path/filepath"
	"testing"
)

func TestResize(t *testing.T) {
	f := scratch(t)
	d, err := f.CreateDataset("x", Int32, Shape{2, 3}, DatasetCreate{MaxShape: Shape{Unlimited, 5}, Fill: 7})
	must(t, err)
	must(t, d.Write([][]int32{{1, 2, 3}, {4, 5, 6}}))
	read := func() any {
		a, err := Read[[]int32](d)
		must(t, err)
		return a
	}
	must(t, d.Resize(3, 4))
	same(t, read(), "[[1 2 3 7] [4 5 6 7] [7 7 7 7]]")
	must(t, d.Resize(1, 2))
	must(t, d.Resize(2, 3))
	same(t, read(), "[[1 2 7] [7 7 7]]") // what was cut off is lost
	check(t, d.Resize(2, 6), ErrShape, "length 6 of axis 1, its maximum is (unlimited, 5)")
	check(t, d.Resize(2), ErrShape, "1 lengths for shape (2, 3)")
	check(t, d.Resize(-1, 2), ErrShape, "length -1 of axis 0")
	must(t, f.Set("fixed", []int{1}))
	check(t, must1(t)(f.Dataset("fixed")).Resize(2), ErrShape, "it is stored in one piece", "MaxShape")
	fill, err := d.FillValue()
	must(t, err)
	same(t, fill, 7)
}

func TestAppend(t *testing.T) {
	f := scratch(t)
	d, err := f.CreateDataset("x", Int32, Shape{0, 2}, DatasetCreate{MaxShape: Shape{Unlimited, Unlimited}})
	must(t, err)
	read := func(want string) {
		t.Helper()
		a, err := Read[[]int32](d)
		must(t, err)
		same(t, a, want)
	}
	must(t, d.Append([][]int32{{1, 2}, {3, 4}}))
	must(t, d.Append([]int32{5, 6})) // one row
	read("[[1 2] [3 4] [5 6]]")
	must(t, d.Append([]int32{7, 8, 9}, 1))
	must(t, d.Append([][]int32{{0, 0}, {0, 0}, {0, 0}}, -1))
	read("[[1 2 7 0 0] [3 4 8 0 0] [5 6 9 0 0]]")
	check(t, d.Append([]int32{1, 2}), ErrShape, "a value of shape (2) for rows of shape (5)", "nothing was written")
	check(t, d.Append([]int32{1}, 2), ErrShape, "no axis [2]")
	check(t, d.Append([]float64{1, 2, 3, 4, 5.5}), ErrType, "5.5")
	same(t, d.Shape(), "(3, 5)")
	words, err := f.CreateDataset("words", String, Shape{1}, DatasetCreate{MaxShape: Shape{3}, Fill: "?"})
	must(t, err)
	must(t, words.Append("one"))
	must(t, words.Append([]string{"two"}))
	check(t, words.Append("three"), ErrShape, "length 4 of axis 0, its maximum is (3)")
	got, err := Read[string](words)
	must(t, err)
	same(t, got, "[? one two]")
	fill, err := words.FillValue()
	must(t, err)
	same(t, fill, "?")
}

// TestExternalGrows lets a dataset in another file grow on its first axis.
func TestExternalGrows(t *testing.T) {
	f := scratch(t)
	raw := filepath.Join(t.TempDir(), "raw")
	d, err := f.CreateDataset("x", Int16, Shape{2, 2}, DatasetCreate{External: []ExternalFile{{Path: raw}}, MaxShape: Shape{Unlimited, 2}})
	must(t, err)
	must(t, d.Write(1))
	must(t, d.Append([]int16{2, 2}))
	got, err := Read[int16](d)
	must(t, err)
	same(t, got, "[1 1 1 1 2 2]")
}
