package h5

import (
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// writeCopied fills a file with objects of each kind, two groups deep, that have many attributes of each kind.
func writeCopied(t *testing.T, f *File) {
	t.Helper()
	must(t, f.Set("g/deep/x", []float64{1, 2}))
	must(t, f.Set("far", []int32{3}))
	must(t, f.Softlink("g/deep/soft", "/far"))
	must(t, f.Hardlink("g/again", must1(t)(f.Dataset("g/deep/x"))))
	must(t, f.Commit("g/type", Int16))
	far := must1(t)(f.Dataset("far"))
	ref, err := far.Ref()
	must(t, err)
	values := []any{"text", []string{"a", "", "längere"}, [][]int32{{1}, {2, 3}}, 1.5, []int8{}, ref,
		struct {
			N int32
			S string
		}{7, "in a struct"}}
	for _, path := range []string{"g", "g/deep", "g/deep/x", "g/type", "far"} {
		o, err := f.Get(path)
		must(t, err)
		for i := range 20 {
			must(t, o.SetAttr(fmt.Sprintf("%s µ %02d", path, i), values[i%len(values)]))
		}
		must(t, o.Close())
	}
}

// copyAll copies the group g of a file, and objects of other kinds, and lets h5dump read the copies.
func copyAll(t *testing.T, made FileAccess, how CopyObject) string {
	t.Helper()
	folder := t.TempDir()
	from, err := Create(filepath.Join(folder, "from.h5"), made)
	must(t, err)
	defer from.Close()
	writeCopied(t, from)
	to, err := Create(filepath.Join(folder, "to.h5"))
	must(t, err)
	defer to.Close()
	for i, path := range []string{"g", "far", "g/type", "/"} {
		o, err := from.Get(path)
		must(t, err)
		must(t, to.Copy(o, fmt.Sprintf("new %d", i), how))
	}
	g, err := from.Group("g")
	must(t, err)
	must(t, from.Copy(g, "here", how))
	must(t, to.Close())
	must(t, from.Close())
	return h5dump(t, folder, "to.h5") + h5dump(t, folder, "from.h5")
}

// address is where an object that a reference leads to lies in the file.
var address = regexp.MustCompile(`(DATASET) \d+`)

func h5dump(t *testing.T, folder, name string) string {
	t.Helper()
	cmd := exec.Command("h5dump", name)
	cmd.Dir = folder
	out, err := cmd.CombinedOutput()
	if errors.Is(err, exec.ErrNotFound) {
		t.Skip("SKIPPED: there is no h5dump to compare with")
	}
	if err != nil {
		t.Fatalf("h5dump %s: %v\n%.2000s", name, err, out[max(0, len(out)-2000):])
	}
	return address.ReplaceAllString(string(out), "$1")
}

// TestCopyManyAttributes copies objects of the two formats: in the later one many attributes lie in dense storage, over
// which the library ended the process before 1.14.4.
func TestCopyManyAttributes(t *testing.T) {
	for _, how := range []CopyObject{{}, {NoAttributes: true}, {Shallow: true}, {Template: true}} {
		t.Run(fmt.Sprintf("%+v", how), func(t *testing.T) {
			want, got := strings.Split(copyAll(t, FileAccess{}, how), "\n"), strings.Split(copyAll(t, FileAccess{Libver: V110, LibverMax: V110}, how), "\n")
			for i := range min(len(want), len(got)) {
				if got[i] != want[i] {
					t.Fatalf("line %d: got %s, want %s", i, got[i], want[i])
				}
			}
			same(t, len(got), fmt.Sprint(len(want)))
		})
	}
}

// TestCopyAttributeOrder keeps the order of attributes where the object tracks it, also of one behind a soft link.
func TestCopyAttributeOrder(t *testing.T) {
	f := scratch(t)
	far, err := f.CreateGroup("far", GroupCreate{TrackOrder: true})
	must(t, err)
	want := []string{}
	for i := range 12 {
		want = append(want, string(rune('z'-i)))
		must(t, far.SetAttr(want[i], "text"))
	}
	must(t, f.Softlink("g/soft", "/far"))
	g, err := f.Group("g")
	must(t, err)
	must(t, f.Copy(far, "copy"))
	must(t, f.Copy(g, "expanded", CopyObject{ExpandSoft: true}))
	must(t, f.Delete("far"))
	for _, path := range []string{"copy", "expanded/soft"} {
		copied, err := f.Group(path)
		must(t, err)
		all, err := copied.Attrs()
		must(t, err)
		same(t, all.Created().Names(), fmt.Sprint(want))
	}
}

// TestCopyReferencesAndAttributes follows references where that ends well, and refuses what would end the process.
func TestCopyReferencesAndAttributes(t *testing.T) {
	version, err := Version()
	must(t, err)
	from, err := Create(filepath.Join(t.TempDir(), "from.h5"), FileAccess{Libver: Latest})
	must(t, err)
	defer from.Close()
	must(t, from.Set("far", 3))
	ref, err := must1(t)(from.Dataset("far")).Ref()
	must(t, err)
	must(t, from.Set("g/ref", ref))
	g, err := from.Group("g")
	must(t, err)
	to := scratch(t)
	must(t, to.Copy(g, "before", CopyObject{ExpandReference: true}))
	for i := range 12 {
		must(t, must1(t)(from.Dataset("far")).SetAttr(fmt.Sprint(i), "text"))
	}
	err = to.Copy(g, "after", CopyObject{ExpandReference: true})
	if strings.HasPrefix(version, "1.10.") {
		check(t, err, ErrLibrary, `"after"`, "ends the process", "copy without it")
	} else {
		must(t, err)
	}
}
