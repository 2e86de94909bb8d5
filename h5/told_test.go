package h5

import (
	"fmt"
	"path/filepath"
	"testing"
)

// TestMembersOfMembers names columns as tables show them: "pos.x" is member x of column pos.
func TestMembersOfMembers(t *testing.T) {
	type at struct{ X, Y float64 }
	type deep struct {
		At at
		N  int32
	}
	type row struct {
		ID   int64
		Pos  at
		Deep deep
	}
	f, err := Create(filepath.Join(t.TempDir(), "nested.h5"))
	must(t, err)
	defer f.Close()
	must(t, f.Set("rows", []row{{1, at{2, 5}, deep{at{7, 8}, 1}}, {2, at{3, 4}, deep{at{8, 9}, 2}}, {3, at{1, 4}, deep{at{9, 1}, 2}}}))
	d := must1(t)(f.Dataset("rows"))
	whole, err := d.Table()
	must(t, err)
	sorted, err := whole.Sort("-Pos.X")
	same(t, column(t, sorted, err, "ID"), "[2 1 3]")
	sorted, err = whole.Sort("Pos.Y", "Deep.At.Y")
	same(t, column(t, sorted, err, "ID"), "[3 2 1]")
	some, err := whole.Select("Pos.X", "ID")
	must(t, err)
	same(t, fmt.Sprint(some.Names()), "[Pos.X ID]")
	some, err = some.Sort("Pos.X")
	same(t, column(t, some, err, "ID"), "[3 1 2]")
	groups, err := whole.GroupBy("Pos.Y")
	must(t, err)
	sizes, err := groups.Size()
	same(t, column(t, sizes, err, "Pos.Y"), "[4 5]")
	read, err := d.Table(Columns("Pos.X", "Pos.Y", "ID"), "1:")
	same(t, column(t, read, err, "Pos.X"), "[3 1]")
	same(t, fmt.Sprint(read.Names()), "[Pos.X Pos.Y ID]")
	for name, want := range map[string]string{"Pos.Y": "[5 4 4]", "Deep.At.X": "[7 8 9]"} {
		a, err := d.Field(name)
		must(t, err)
		same(t, fmt.Sprint(a.Raw()), want)
	}
	_, err = d.Field("Pos.Z")
	check(t, err, ErrNotFound, `"Z"`, "nested.h5", "no such field")
	_, err = whole.Sort("Pos.Z")
	check(t, err, ErrNotFound, `"Z"`, "no such field")
	_, err = whole.Sort("Pos.X.Y")
	check(t, err, ErrNotFound, `"X.Y"`, "no such field")
	_, err = whole.Drop("Pos.X")
	check(t, err, ErrNotFound, `"Pos.X"`)
}

// TestErrorsNameWhatWasWritten quotes what the caller wrote, and gives advice that can be followed.
func TestErrorsNameWhatWasWritten(t *testing.T) {
	f, err := Create(filepath.Join(t.TempDir(), "words.h5"))
	must(t, err)
	defer f.Close()
	must(t, f.Set("x", []int{1, 2, 3}))
	d := must1(t)(f.Dataset("x"))
	for sel, want := range map[any]string{"0:2:0": `"0:2:0"`, "::0": `"::0"`, Interval{1, 3, 0}: `"1:3:0"`, "-2::0": `"-2::0"`} {
		_, err := d.Slice(sel)
		check(t, err, ErrRange, want, "a step of 0 selects nothing")
	}
	must(t, f.SetAttr("s", "text"))
	_, err = AttrAs[int](f, "s")
	check(t, err, ErrType, "a single string does not fit int;", "read it into a string")
	_, err = AttrAs[[]int](f, "s")
	check(t, err, ErrType, "a single string does not fit []int;", "read it into a string")
	_, err = f.CreateDataset("v", Int64, Shape{10}, DatasetCreate{Virtual: []VirtualSource{{Path: "x", Into: "0:7", Shape: Shape{3}}}})
	check(t, err, ErrShape, `create dataset "v"`, `virtual source "x": `)
	_, err = f.CreateDataset("v", Int64, Shape{10}, DatasetCreate{Virtual: []VirtualSource{{Path: "x", Into: "0:70"}}})
	check(t, err, ErrRange, `create dataset "v"`, `virtual source "x": `)
}

// TestLinkToFileHeldReadOnly follows a link to a file that is open read-only here.
func TestLinkToFileHeldReadOnly(t *testing.T) {
	dir := t.TempDir()
	f, err := Create(filepath.Join(dir, "py.h5"))
	must(t, err)
	must(t, f.Set("t", 1))
	must(t, f.Close())
	w, err := Create(filepath.Join(dir, "m.h5"))
	must(t, err)
	defer w.Close()
	must(t, w.ExternalLink("e", "py.h5", "/t"))
	must(t, w.ExternalLink("gone", "gone.h5", "/t"))
	held, err := Open(filepath.Join(dir, "py.h5"))
	must(t, err)
	_, err = w.Dataset("e")
	check(t, err, ErrLocked, `"py.h5"`, "already open read-only in this session", "close the other variable's file")
	_, err = w.Dataset("gone")
	check(t, err, ErrNotFound, "looked for beside this file")
	must(t, held.Close())
	_, err = w.Dataset("e")
	must(t, err)
}
