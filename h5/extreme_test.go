package h5

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// TestDeepGroups walks, lists, copies and deletes groups 1,200 levels below the root.
func TestDeepGroups(t *testing.T) {
	const depth = 1200
	f := scratch(t)
	path := strings.Repeat("/g", depth)
	must(t, f.Set(path+"/x", []int32{1, 2, 3}))
	n := 0
	must(t, f.Walk(func(e Entry) error { n++; return e.Err }))
	same(t, n, fmt.Sprint(depth+1))
	d, err := f.Dataset(path + "/x")
	must(t, err)
	same(t, len(d.Path()), fmt.Sprint(len(path)+2))
	_, err = f.Dataset(path + "/y")
	check(t, err, ErrNotFound, `there is no "y" in /g/g`)
	g, err := f.Group("g")
	must(t, err)
	must(t, f.Copy(g, "again"))
	has, err := f.Has("/again" + strings.TrimPrefix(path, "/g") + "/x")
	must(t, err)
	same(t, has, "true")
	must(t, f.Delete("g"))
}

// TestLinkCycles checks that walks end, and that paths through cycles work.
func TestLinkCycles(t *testing.T) {
	f := scratch(t)
	for _, p := range []string{"a/b/c", "z"} {
		_, err := f.CreateGroup(p)
		must(t, err)
	}
	a, err := f.Group("a")
	must(t, err)
	must(t, f.Hardlink("a/b/c/home", a))
	must(t, f.Hardlink("a/b/root", f))
	must(t, f.Softlink("a/self", "/a/self"))
	must(t, f.Softlink("a/ping", "/a/pong"))
	must(t, f.Softlink("a/pong", "/a/ping"))
	must(t, f.Softlink("a/up", "/"))
	must(t, f.Set("a/x", 7))
	broken, n := 0, 0
	must(t, f.Walk(func(e Entry) error {
		if e.Err != nil {
			broken++
		}
		n++
		return nil
	}))
	same(t, []int{n, broken}, "[11 3]")
	d, err := f.Dataset("a/b/c/home/b/root/a/up/a/x")
	must(t, err)
	x, err := ReadOne[int](d)
	must(t, err)
	same(t, x, "7")
	_, err = f.Get("a/self")
	check(t, err, ErrNotFound, "a/self", "too many links")
}

// TestNames stores under names of any bytes but the zero byte, which ends a name, and the slash.
func TestNames(t *testing.T) {
	f := scratch(t)
	names := []string{" ", "  leading", "a\nb", "\x01\x7f", "\xff\xfe not UTF-8", "日本語", "é", "e\u0301", `"quoted"`, "%s%d", "-r", "..", "...", strings.Repeat("n", 60_000)}
	for i, name := range names {
		must(t, f.Set("g/"+name, i))
		must(t, f.SetAttr(name, i))
	}
	for i, name := range names {
		d, err := f.Dataset("g/" + name)
		must(t, err)
		v, err := ReadOne[int](d)
		must(t, err)
		same(t, v, fmt.Sprint(i))
		v, err = AttrAs[int](f, name)
		must(t, err)
		same(t, v, fmt.Sprint(i))
	}
	g, err := f.Group("g")
	must(t, err)
	keys, err := g.Keys()
	must(t, err)
	same(t, len(keys), fmt.Sprint(len(names)))
	for _, e := range must2(t)(g.Children()) {
		if text := e.String(); strings.ContainsAny(text, "\n\x01\x7f") {
			t.Errorf("%q is not printable", text)
		}
	}
	check(t, f.Set("a\x00b", 1), ErrNotFound, "zero byte")
}

func must2(t *testing.T) func(entries []Entry, err error) []Entry {
	return func(entries []Entry, err error) []Entry { must(t, err); return entries }
}

// TestNothingInIt reads and writes what has no elements.
func TestNothingInIt(t *testing.T) {
	f := scratch(t)
	for name, shape := range map[string]Shape{"one": {0}, "two": {3, 0}, "three": {0, 4, 2}} {
		d, err := f.CreateDataset(name, Float64, shape)
		must(t, err)
		must(t, d.Write([]float64{}))
		a, err := d.Slice()
		must(t, err)
		same(t, a.Shape(), shape.String())
		x, err := Read[float64](d)
		must(t, err)
		same(t, len(x), "0")
	}
	null, err := f.CreateDataset("null", Int32, Null)
	must(t, err)
	a, err := null.Slice()
	must(t, err)
	same(t, a.Len(), "0")
	_, err = ReadOne[int32](null)
	check(t, err, ErrShape, "0 elements do not go into one int32")
	must(t, f.Set("scalar", 4.5))
	d, err := f.Dataset("scalar")
	must(t, err)
	v, err := ReadOne[float64](d)
	must(t, err)
	same(t, v, "4.5")
	_, err = d.Slice("0")
	check(t, err, ErrRange, "scalar")
}

// TestPermissionLost makes a file read-only while it is open: the descriptor stays good, as with every
// program, and to open it again for writing says what is wrong.
func TestPermissionLost(t *testing.T) {
	path := sample(t)
	f, err := OpenFile(path, "r+")
	must(t, err)
	must(t, os.Chmod(path, 0o400))
	must(t, f.Set("more", 1))
	must(t, f.Close())
}
