package h5

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// zoo is a file with a member of every kind.
func zoo(t *testing.T) *File {
	t.Helper()
	f := scratch(t)
	other, err := Create(filepath.Join(filepath.Dir(f.Filename()), "other.h5"))
	must(t, err)
	must(t, other.Set("x", []int32{1, 2, 3}))
	must(t, other.Close())
	for _, name := range []string{"spec10", "spec9", "Spec2"} {
		must(t, f.Set("g/"+name, []float64{1, 2}))
	}
	g, err := f.Group("g")
	must(t, err)
	must(t, f.Commit("type", Int16))
	must(t, f.Softlink("soft", "/g/spec9"))
	must(t, f.Softlink("broken", "/g/nothing"))
	must(t, f.ExternalLink("external", "other.h5", "/x"))
	must(t, f.ExternalLink("gone", "gone.h5", "/x"))
	must(t, f.Hardlink("again", g))
	must(t, g.Softlink("up", "/"))
	must(t, f.SetAttr("title", "zoo"))
	d, err := f.Dataset("g/spec9")
	must(t, err)
	must(t, d.SetAttr("units", "erg"))
	must(t, d.SetAttr("long", make([]float64, 1000)))
	_, err = f.CreateDataset("cube", Float32, Shape{4, 4, 4}, DatasetCreate{Chunks: Shape{2, 2, 2}, Gzip: 4, MaxShape: Shape{Unlimited, 4, 4}})
	must(t, err)
	return f
}

func TestList(t *testing.T) {
	f := zoo(t)
	children, err := f.Children()
	must(t, err)
	var lines []string
	for _, e := range children {
		lines = append(lines, e.String())
	}
	want := []string{
		"/again  group",
		"/broken  → /g/nothing  (broken)",
		"/cube  dataset  (4, 4, 4)  float32",
		"/external  dataset  (3)  int32  → other.h5:/x",
		"/g  group",
		"/gone  → gone.h5:/x  (broken)",
		"/soft  dataset  (2)  float64  → /g/spec9",
		"/type  datatype",
	}
	if !slices.Equal(lines, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(want, "\n"))
	}
	check(t, children[1].Err, ErrNotFound, `/broken is a soft link to "/g/nothing"`)
	cube := children[2].Info
	same(t, []any{cube.Layout, cube.Chunks, cube.MaxShape, cube.Filters, cube.Storage}, "[chunked (2, 2, 2) (unlimited, 4, 4) [gzip(4)] 0]")
	if a, g := children[0].Info, children[4].Info; a.Address != g.Address || g.NumLinks != 4 || g.Refs != 2 {
		t.Errorf("two names of one group: %+v and %+v", a, g)
	}
	same(t, children[7].Info.Datatype, "int16")
}

func TestListPages(t *testing.T) {
	f := zoo(t)
	g, err := f.Group("g")
	must(t, err)
	for _, c := range []struct {
		o    ListOptions
		want string
	}{
		{ListOptions{}, "4 [Spec2 spec10 spec9 up]"},
		{ListOptions{Order: Natural}, "4 [Spec2 spec9 spec10 up]"},
		{ListOptions{Order: Natural, Offset: 1, Limit: 2}, "4 [spec9 spec10]"},
		{ListOptions{Offset: 3, Limit: 9}, "4 [up]"},
		{ListOptions{Offset: 9}, "4 []"},
	} {
		l, err := g.List(c.o)
		must(t, err)
		names := []string{}
		for _, e := range l.Entries {
			names = append(names, e.Name)
		}
		same(t, fmt.Sprint(l.Total, " ", names), c.want)
	}
	l, err := g.List(ListOptions{Attributes: true})
	must(t, err)
	attrs := l.Entries[2].Info.Attributes
	same(t, attrs.Names(), "[long units]")
	same(t, attrs[1], `units = "erg"`)
	same(t, attrs[0], "long = (float64 (1000), not read)")
	a, err := attrs[0].Array()
	must(t, err)
	if a.Len() != 1000 {
		t.Errorf("the large attribute has %d values", a.Len())
	}
	l, err = g.List(ListOptions{AttrTypes: true})
	must(t, err)
	units := l.Entries[2].Info.Attributes[1]
	same(t, units, "units = (string (), not read)")
	text, err := units.Text()
	must(t, err)
	same(t, text, "erg")
	if l.Entries[1].Info.Attributes == nil || l.Entries[1].Err != nil {
		t.Errorf("%s: attributes %#v, error %v; want none of both", l.Entries[1].Path, l.Entries[1].Info.Attributes, l.Entries[1].Err)
	}
	links, err := f.Links()
	must(t, err)
	same(t, fmt.Sprint(links[1].Link.Kind, " ", links[1].Link.Target(), " ", links[1].Kind, " ", links[4].Kind), "soft /g/nothing unknown group")
	keys, err := g.Keys()
	must(t, err)
	same(t, keys, "[Spec2 spec10 spec9 up]")
}

func TestWalk(t *testing.T) {
	f := zoo(t)
	var paths []string
	must(t, f.Walk(func(e Entry) error {
		paths = append(paths, e.Path)
		if e.Kind == KindDataset && e.Name == "spec10" {
			_, err := f.Dataset(e.Path) // the library is free
			return err
		}
		return nil
	}))
	same(t, paths, "[/again /again/Spec2 /again/spec10 /again/spec9 /again/up /broken /cube /external /g /gone /soft /type]")
	paths = nil
	must(t, f.Walk(func(e Entry) error {
		paths = append(paths, e.Path)
		switch e.Name {
		case "again":
			return SkipGroup
		case "g":
			return Stop
		}
		return nil
	}))
	same(t, paths, "[/again /broken /cube /external /g]")
	wrong := fmt.Errorf("no more")
	if err := f.Walk(func(Entry) error { return wrong }); err != wrong {
		t.Errorf("Walk returned %v", err)
	}
}

func TestHasMoveCopyDelete(t *testing.T) {
	f := zoo(t)
	has := func(p string) bool {
		t.Helper()
		yes, err := f.Has(p)
		must(t, err)
		return yes
	}
	for p, want := range map[string]bool{"g": true, "/g/spec9": true, "g/nothing": false, "broken": false, "gone": false, "": false, "g/spec9/x": false, "soft": true} {
		if has(p) != want {
			t.Errorf("Has(%q) is %v", p, !want)
		}
	}
	must(t, f.Move("g/spec9", "moved/deep/spec9"))
	d, err := f.Dataset("moved/deep/spec9")
	must(t, err)
	must(t, f.Copy(d, "copies/one"))
	must(t, f.Delete("moved/deep/spec9"))
	if has("g/spec9") || has("moved/deep/spec9") || !has("copies/one") {
		t.Error("move, copy or delete did something else")
	}
	units, err := AttrAs[string](must1(t)(f.Dataset("copies/one")), "units")
	must(t, err)
	same(t, units, "erg")
	if _, err := f.RequireGroup("g"); err != nil {
		t.Error(err)
	}
	if _, err := f.RequireGroup("new/group"); err != nil || !has("new/group") {
		t.Error(err)
	}
}

// must1 lets a dataset and its error be an argument.
func must1(t *testing.T) func(d *Dataset, err error) *Dataset {
	return func(d *Dataset, err error) *Dataset {
		t.Helper()
		must(t, err)
		return d
	}
}

func TestReferences(t *testing.T) {
	path := filepath.Join(shared, "hdf5/valid/jjhelmus+pyfive/references.hdf5")
	if len(sharedFiles(t, "hdf5/valid/jjhelmus+pyfive")) == 0 {
		return
	}
	f, err := Open(path)
	must(t, err)
	defer f.Close()
	found := 0
	must(t, f.Walk(func(e Entry) error {
		d, err := f.Dataset(e.Path)
		if err != nil || d.Datatype().Kind() != TypeReference {
			return nil
		}
		a, err := d.Slice()
		must(t, err)
		for _, r := range a.Raw().([]Reference) {
			if r.IsNil() {
				continue
			}
			o, err := r.Open()
			must(t, err)
			p, err := r.Path()
			must(t, err)
			if o.Path() != p || !strings.Contains(r.String(), p) {
				t.Errorf("%v opens %s", r, o.Path())
			}
			found++
		}
		return nil
	}))
	if found == 0 {
		t.Error("no reference was followed")
	}
}

func TestNaturalLess(t *testing.T) {
	names := []string{"b", "a10", "a9", "a09", "a", "", "a9b", "A1", "18446744073709551617", "9"}
	SortNatural(names)
	same(t, fmt.Sprintf("%q", names), `["" "9" "18446744073709551617" "A1" "a" "a09" "a9" "a9b" "a10" "b"]`)
	if NaturalLess("a", "a") || !NaturalLess("a2", "a10") {
		t.Error("NaturalLess")
	}
}

func TestNearest(t *testing.T) {
	for _, c := range []struct{ name, want string }{
		{"WAFE", "[WAVE]"},
		{"wave", "[WAVE]"},
		{"FLUX_IVAR", "[FLUX IVAR]"},
		{"zzz", "[]"},
		{"IVAR", "[IVAR]"},
	} {
		same(t, nearest(c.name, []string{"WAVE", "FLUX", "IVAR", "AND_MASK"}), c.want)
	}
}

// TestListReadOnly lists a file while it can be changed, and after: then members are opened by their
// addresses and not by their names.
func TestListReadOnly(t *testing.T) {
	f := zoo(t)
	path := f.Filename()
	describe := func() (lines []string) {
		must(t, f.Walk(func(e Entry) error {
			lines = append(lines, fmt.Sprint(e, " ", e.Info))
			return nil
		}))
		return lines
	}
	want := describe()
	must(t, f.Close())
	f, err := Open(path)
	must(t, err)
	defer f.Close()
	same(t, strings.Join(describe(), "\n"), strings.Join(want, "\n"))
}

func TestOrders(t *testing.T) {
	f := scratch(t)
	g, err := f.CreateGroup("g", GroupCreate{TrackOrder: true})
	must(t, err)
	for _, name := range []string{"s10", "s9", "a"} {
		must(t, g.Set(name, 1))
	}
	for order, want := range map[Order]string{ByName: "[a s10 s9]", Natural: "[a s9 s10]", ByCreation: "[s10 s9 a]"} {
		keys, err := g.Keys(order)
		must(t, err)
		same(t, keys, want)
		var walked []string
		must(t, g.Walk(func(e Entry) error { walked = append(walked, e.Name); return nil }, order))
		same(t, walked, want)
	}
	_, err = f.Keys(ByCreation)
	check(t, err, ErrType, "h5.GroupCreate{TrackOrder: true}")
}

// TestWalkLargeGroup checks that a walk gives every member of a group of many pages once, and ends where
// it is told to.
func TestWalkLargeGroup(t *testing.T) {
	f := scratch(t)
	must(t, f.Set("x", 1))
	x, err := f.Dataset("x")
	must(t, err)
	for i := range 3*pageSize + 7 {
		must(t, f.Hardlink(fmt.Sprintf("links/%04d", i), x))
	}
	g, err := f.Group("links")
	must(t, err)
	n := 0
	must(t, g.Walk(func(e Entry) error {
		if e.Name != fmt.Sprintf("%04d", n) || e.Kind != KindDataset {
			t.Errorf("member %d is %v", n, e)
		}
		n++
		return nil
	}))
	same(t, n, fmt.Sprint(3*pageSize+7))
	n = 0
	must(t, g.Walk(func(e Entry) error {
		if n++; n == pageSize+1 {
			return Stop
		}
		return nil
	}))
	same(t, n, fmt.Sprint(pageSize+1))
}
