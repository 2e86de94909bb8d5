package h5

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestStringAttributes writes strings of all four kinds and reads those of h5py.
func TestStringAttributes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.h5")
	f, err := Create(path)
	must(t, err)
	must(t, f.SetAttrAs("fixed ascii", "abc", FixedASCII(5)))
	must(t, f.SetAttrAs("fixed utf8", "für", FixedString(6)))
	must(t, f.SetAttrAs("ascii", []string{"a", "bc"}, ASCII))
	must(t, f.SetAttr("utf8", []string{"ä", ""}))
	check(t, f.SetAttrAs("long", "abcdef", FixedASCII(5)), ErrType, "abcdef")
	must(t, f.Close())
	same(t, h5py(t, `f = h5py.File(sys.argv[1], "r+")
for n in f.attrs:
    t = f.attrs.get_id(n).get_type()
    print(n, f.attrs[n], t.is_variable_str(), t.get_cset())
f.attrs["theirs"] = "µ"
f.attrs["theirs fixed"] = np.bytes_("xyz")
f.attrs.create("theirs utf8", "für".encode(), dtype=h5py.string_dtype("utf-8", 8))
f.attrs.create("theirs ascii", ["p", "q"], dtype=h5py.string_dtype("ascii"))`, path),
		"ascii ['a' 'bc'] True 0\nfixed ascii b'abc' False 0\nfixed utf8 b'f\\xc3\\xbcr' False 1\nutf8 ['ä' ''] True 1")
	f, err = Open(path)
	must(t, err)
	defer f.Close()
	for name, want := range map[string]string{"fixed ascii": "abc", "fixed utf8": "für", "ascii": "[a bc]", "utf8": "[ä ]",
		"theirs": "µ", "theirs fixed": "xyz", "theirs utf8": "für", "theirs ascii": "[p q]"} {
		a, err := f.Attr(name)
		must(t, err)
		v, err := a.Value()
		must(t, err)
		same(t, v, want)
	}
}

// TestAttributesInPlace replaces attributes by others of their type, in place, and of
// another type, and asks for the order in which they were made.
func TestAttributesInPlace(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.h5")
	f, err := Create(path)
	must(t, err)
	d, err := f.CreateDataset("d", Int8, Shape{1}, DatasetCreate{TrackOrder: true})
	must(t, err)
	for _, name := range []string{"z", "m", "a"} {
		must(t, d.SetAttr(name, 1))
	}
	names := func() []string {
		all, err := d.Attrs()
		must(t, err)
		return all.Created().Names()
	}
	same(t, names(), "[z m a]")
	must(t, d.SetAttr("z", 2))
	same(t, names(), "[z m a]") // in place
	must(t, d.SetAttr("z", "text"))
	same(t, names(), "[m a z]") // made again
	size := func() int {
		must(t, f.Flush())
		s, err := f.Stat()
		must(t, err)
		return s.Size
	}
	must(t, d.SetAttr("a", make([]float64, 1000)))
	before := size()
	for i := range 100 {
		must(t, d.SetAttr("a", slices.Repeat([]float64{float64(i)}, 1000)))
	}
	if now := size(); now != before {
		t.Errorf("%d bytes, %d before", now, before)
	}
	v, err := AttrAs[[]float64](d, "a")
	must(t, err)
	same(t, v[999], 99)
	must(t, f.Close())
}

func TestLargeAttributes(t *testing.T) {
	large := slices.Repeat([]float64{1.5}, 1<<17)
	f := scratch(t)
	check(t, f.SetAttr("x", large), ErrTooLarge, "64 KB", "h5.Latest")
	must(t, f.SetAttr("x", strings.Repeat("x", 1<<20))) // a string of variable length lies elsewhere
	path := filepath.Join(t.TempDir(), "latest.h5")
	f, err := Create(path, FileAccess{Libver: Latest})
	must(t, err)
	must(t, f.SetAttr("x", large))
	must(t, f.Close())
	f, err = Open(path)
	must(t, err)
	defer f.Close()
	v, err := AttrAs[[]float64](f, "x")
	must(t, err)
	if !slices.Equal(v, large) {
		t.Error("another value")
	}
	same(t, h5py(t, `a = h5py.File(sys.argv[1]).attrs["x"]; print(a.shape, a.sum())`, path), "(131072,) 196608.0")
}
