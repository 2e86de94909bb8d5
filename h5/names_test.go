package h5

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// Members are described by what was found of them as they are by their names, also after one of them has gone.
func TestNamesAsFound(t *testing.T) {
	path := filepath.Join(t.TempDir(), "n.h5")
	f, err := Create(path)
	if err != nil {
		t.Fatal(err)
	}
	for k := range 12 {
		if err := f.Set(fmt.Sprintf("d%d", k), make([]int32, k)); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Softlink("s", "/d3"); err != nil {
		t.Fatal(err)
	}
	for _, mode := range []string{"r+", "r"} {
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		if f, err = OpenFile(path, mode); err != nil {
			t.Fatal(err)
		}
		names, err := f.Names(Natural)
		if err != nil || names.Len() != 13 || names.At(11) != "d11" {
			t.Fatalf("%s: %d names, %v", mode, names.Len(), err)
		}
		some := names.Keep(func(n string) bool { return strings.ContainsAny(n, "13s") }) // d1 d3 d10 d11 s
		got, err := f.List(ListOptions{Of: some.Slice(1, 5)})
		if err != nil {
			t.Fatal(err)
		}
		want, err := f.List(ListOptions{Names: []string{"d3", "d10", "d11", "s"}})
		if err != nil || fmt.Sprint(got.Entries) != fmt.Sprint(want.Entries) || got.Total != 4 {
			t.Errorf("%s: got %v, want %v; %v", mode, got.Entries, want.Entries, err)
		}
	}
	defer f.Close()
	if l, err := f.List(ListOptions{Of: Names{}}); err != nil || len(l.Entries) != 13 {
		t.Errorf("none were named: %v, %v", l, err)
	}
}

// What was deleted after it was found is told as missing, not taken for what came into its place.
func TestNamesOfDeleted(t *testing.T) {
	f, err := Create(filepath.Join(t.TempDir(), "n.h5"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := f.Set("a", 1); err != nil {
		t.Fatal(err)
	}
	names, err := f.Names()
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Delete("a"); err != nil {
		t.Fatal(err)
	}
	if err := f.Set("b", 2.5); err != nil {
		t.Fatal(err)
	}
	l, err := f.List(ListOptions{Of: names})
	if err != nil || l.Entries[0].Err == nil {
		t.Errorf("%v, %v", l, err)
	}
}
