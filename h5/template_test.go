package h5

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// templateSource is a file with a group of each kind of dataset that a template treats in its own way.
func templateSource(t *testing.T) *File {
	t.Helper()
	f, err := Create(filepath.Join(t.TempDir(), "from.h5"))
	must(t, err)
	t.Cleanup(func() { f.Close() })
	numbers := make([]float32, 6_000_000)
	for i := range numbers {
		numbers[i] = float32(i) + 1
	}
	for path, how := range map[string]DatasetCreate{"plain/deep/x": {}, "packed/x": {Gzip: 1}} {
		d, err := f.CreateDataset(path, Float32, Shape{20, 300_000}, how)
		must(t, err)
		must(t, d.Write(numbers))
		must(t, d.SetAttr("unit", "Jy"))
	}
	_, err = f.CreateDataset("plain/never", Int32, Shape{3})
	must(t, err)
	return f
}

// TestTemplate copies in two steps what lies in one piece, and all else in one.
func TestTemplate(t *testing.T) {
	from := templateSource(t)
	path := filepath.Join(t.TempDir(), "to.h5")
	to, err := Create(path, FileAccess{Driver: Holes{}})
	must(t, err)
	defer to.Close()
	for _, name := range []string{"plain", "packed"} {
		g, err := from.Group(name)
		must(t, err)
		must(t, to.Copy(g, name, CopyObject{Template: true}))
	}
	first := func(path string) float32 {
		d, err := to.Dataset(path)
		must(t, err)
		v, err := ReadOne[float32](d, 19, 299_999)
		must(t, err)
		return v
	}
	if got := first("plain/deep/x"); got != 0 {
		t.Errorf("the template has the value %v", got)
	}
	if got := first("packed/x"); got != 6_000_000 {
		t.Errorf("what is compressed is %v, want it copied", got)
	}
	for _, name := range []string{"plain", "packed"} {
		g, err := from.Group(name)
		must(t, err)
		must(t, to.CopyValues(g, name))
	}
	if got := first("plain/deep/x"); got != 6_000_000 {
		t.Errorf("its last value is %v", got)
	}
	d, err := to.Dataset("plain/deep/x")
	must(t, err)
	if unit, err := AttrAs[string](d, "unit"); unit != "Jy" || err != nil {
		t.Errorf("attribute %q, %v", unit, err)
	}
}

// TestTemplateWhole copies at once into a file of another driver, and refuses what a template cannot be.
func TestTemplateWhole(t *testing.T) {
	from := templateSource(t)
	to, err := Create(filepath.Join(t.TempDir(), "to.h5"))
	must(t, err)
	defer to.Close()
	g, err := from.Group("plain")
	must(t, err)
	must(t, to.Copy(g, "plain", CopyObject{Template: true}))
	d, err := to.Dataset("plain/deep/x")
	must(t, err)
	if v, err := ReadOne[float32](d, 19, 299_999); v != 6_000_000 || err != nil {
		t.Errorf("%v, %v", v, err)
	}
	must(t, to.CopyValues(g, "plain"))
	if err := to.Copy(g, "other", CopyObject{Template: true, Shallow: true}); !errors.Is(err, ErrType) {
		t.Errorf("a shallow template: %v", err)
	}
	if err := to.CopyValues(g, "nowhere"); !errors.Is(err, ErrNotFound) {
		t.Errorf("values for nothing: %v", err)
	}
}

// TestTemplateTexts has texts by the thousand, which the library writes as it writes values, and not only at the end.
func TestTemplateTexts(t *testing.T) {
	from, err := Create(filepath.Join(t.TempDir(), "from.h5"))
	must(t, err)
	defer from.Close()
	const objects, each = 300, 20
	text := strings.Repeat("long ", 2000)
	for i := range objects {
		d, err := from.CreateDataset(fmt.Sprintf("%d/x", i), Int8, Shape{1})
		must(t, err)
		for k := range each {
			must(t, d.SetAttr(fmt.Sprint("a", k), text+fmt.Sprint(i, k)))
		}
	}
	path := filepath.Join(t.TempDir(), "to.h5")
	to, err := Create(path, FileAccess{Driver: Holes{}})
	must(t, err)
	for i := range objects {
		g, err := from.Group(fmt.Sprint(i))
		must(t, err)
		must(t, to.Copy(g, fmt.Sprint(i), CopyObject{Template: true}))
	}
	must(t, to.Close())
	to, err = Open(path)
	must(t, err)
	defer to.Close()
	for i := range objects {
		d, err := to.Dataset(fmt.Sprintf("%d/x", i))
		must(t, err)
		for k := range each {
			if got, err := AttrAs[string](d, fmt.Sprint("a", k)); got != text+fmt.Sprint(i, k) || err != nil {
				t.Fatalf("object %d, attribute %d: %d bytes, %v", i, k, len(got), err)
			}
		}
	}
}

// TestTemplateLargeAttribute has one that is written as values are, too.
func TestTemplateLargeAttribute(t *testing.T) {
	dir := t.TempDir()
	from, err := Create(filepath.Join(dir, "from.h5"), FileAccess{Libver: Latest})
	must(t, err)
	defer from.Close()
	d, err := from.CreateDataset("g/x", Int8, Shape{1})
	must(t, err)
	must(t, d.SetAttr("large", slices.Repeat([]int16{1}, 100_000)))
	to, err := Create(filepath.Join(dir, "to.h5"), FileAccess{Driver: Holes{}, Libver: Latest})
	must(t, err)
	g, err := from.Group("g")
	must(t, err)
	must(t, to.Copy(g, "g", CopyObject{Template: true}))
	must(t, to.Close())
	to, err = Open(filepath.Join(dir, "to.h5"))
	must(t, err)
	defer to.Close()
	d, err = to.Dataset("g/x")
	must(t, err)
	if got, err := AttrAs[[]int16](d, "large"); len(got) != 100_000 || got[99_999] != 1 || err != nil {
		t.Errorf("the large attribute has %d values, %v", len(got), err)
	}
}

// TestHolesAreHoles leaves disk and values to others.
func TestHolesAreHoles(t *testing.T) {
	from := templateSource(t)
	path := filepath.Join(t.TempDir(), "to.h5")
	to, err := Create(path, FileAccess{Driver: Holes{}})
	must(t, err)
	g, err := from.Group("plain")
	must(t, err)
	must(t, to.Copy(g, "plain", CopyObject{Template: true}))
	must(t, to.Close())
	bytes, err := os.ReadFile(path)
	must(t, err)
	if len(bytes) < 24_000_000 || strings.Count(string(bytes), "\x00") < 24_000_000 {
		t.Errorf("the file has %d bytes, of which %d are zero", len(bytes), strings.Count(string(bytes), "\x00"))
	}
}
