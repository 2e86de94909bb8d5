package h5

import (
	"os/exec"
	"path/filepath"
	"testing"
)

// referenceFile has datasets and attributes of references to everything there is.
func referenceFile(t *testing.T) *File {
	t.Helper()
	f := scratch(t)
	grid := make([][]int16, 6)
	for i := range grid {
		for j := range 5 {
			grid[i] = append(grid[i], int16(10*i+j))
		}
	}
	must(t, f.Set("group/grid", grid))
	must(t, f.Commit("type", Float32))
	return f
}

func TestMakeReferences(t *testing.T) {
	f := referenceFile(t)
	d := must1(t)(f.Dataset("group/grid"))
	for _, p := range []string{"/", "/group", "/group/grid", "/type"} {
		o, err := f.Get(p)
		must(t, err)
		var r Reference
		switch o := o.(type) {
		case *Group:
			r, err = o.Ref()
		case *Dataset:
			r, err = o.Ref()
		case *NamedType:
			r, err = o.Ref()
		}
		must(t, err)
		to, err := r.Open()
		must(t, err)
		same(t, to.Path()+" "+r.String(), p+" → "+p)
	}
	whole, err := d.Slice()
	must(t, err)
	regions := [][]any{{"3:5"}, {"::2, 1"}, {"[0,3,4], 1:3"}, {[]int{5, 1}, []int{0, 4}}, {Points{{5, 4}, {0, 0}, {5, 4}}},
		{Union("0, 1", "2:4, 3:")}, {Hyperslab{Start: []int{0, 1}, Stride: []int{3, 2}, Count: []int{2, 2}, Block: []int{2, 1}}}, {"2:2"}, {":"}}
	wants := []string{"int16 (2, 5) [[30 31 32 33 34] [40 41 42 43 44]]", "int16 (3, 1) [[1] [21] [41]]", "int16 (3, 2) [[1 2] [31 32] [41 42]]",
		"int16 (2, 2) [[10 14] [50 54]]", "int16 (3) [54 0 54]", "int16 (5) [1 23 24 33 34]", "", "int16 (0) []", whole.String()}
	var refs []Reference
	for i, sel := range regions {
		r, err := d.Ref(sel...)
		must(t, err)
		refs = append(refs, r)
		a, err := r.Read()
		must(t, err)
		if wants[i] == "" {
			want, err := d.Slice(sel...)
			must(t, err)
			wants[i] = want.String()
		}
		same(t, a.String(), wants[i])
		must(t, d.Write(a, r))
	}
	must(t, f.Set("regions", append(refs, Reference{})))
	again, err := Read[Reference](must1(t)(f.Dataset("regions")))
	must(t, err)
	for i, want := range wants {
		a, err := again[i].Read()
		must(t, err)
		same(t, a.String(), want)
	}
	if _, err := again[len(wants)].Read(); !again[len(wants)].IsNil() {
		t.Error("the null reference points somewhere")
	} else {
		check(t, err, ErrNotFound, "it points nowhere")
	}
	unchanged, err := d.Slice()
	must(t, err)
	same(t, unchanged.String(), whole.String())
}

func TestStoreReferences(t *testing.T) {
	f := referenceFile(t)
	g, err := f.Group("group")
	must(t, err)
	toGroup, err := g.Ref()
	must(t, err)
	d := must1(t)(f.Dataset("group/grid"))
	toData, err := d.Ref()
	must(t, err)
	region, err := d.Ref("1, :2")
	must(t, err)
	must(t, f.Set("both", [][]Reference{{toGroup, toData}, {{}, toGroup}}))
	must(t, d.SetAttr("owner", toGroup))
	must(t, d.SetAttr("part", []Reference{region, {}}))
	must(t, f.Set("rows", []struct {
		Name string
		To   Reference
	}{{"g", toGroup}, {"none", Reference{}}}))
	regions, err := f.CreateDataset("regions", RegionReference, Shape{3})
	must(t, err)
	must(t, regions.Write(region, "[0,2]"))

	both, err := must1(t)(f.Dataset("both")).Slice()
	must(t, err)
	same(t, both.String(), "reference (2, 2) [[→ /group → /group/grid] [→ nothing → /group]]")
	all, err := NewArray([]Reference{toGroup, toData})
	must(t, err)
	must(t, must1(t)(f.Dataset("both")).Write(all, 1))
	owner, err := AttrAs[Reference](d, "owner")
	must(t, err)
	same(t, owner.String(), "→ /group")
	part, err := AttrAs[[]Reference](d, "part")
	must(t, err)
	values, err := part[0].Read()
	must(t, err)
	same(t, values.String(), "int16 (1, 2) [[10 11]]")
	_, err = owner.Read()
	check(t, err, ErrType, "it points to a group", "take Open")

	other := scratch(t)
	check(t, other.SetAttr("far", toGroup), ErrType, "a reference to an object of", "references hold within one file")
	check(t, other.Set("far", toGroup), ErrType, "references hold within one file")
	check(t, regions.Write(toGroup, 1), ErrType, "does not fit elements of type")
}

// TestReferencesOfH5py lets h5py follow our references, and follows those of h5py.
func TestReferencesOfH5py(t *testing.T) {
	const python = "/usr/bin/python3"
	if err := exec.Command(python, "-c", "import h5py").Run(); err != nil {
		t.Skipf("SKIPPED: %s has no h5py to compare with", python)
	}
	f := referenceFile(t)
	d := must1(t)(f.Dataset("group/grid"))
	var refs []Reference
	for _, sel := range [][]any{{"1:3, ::2"}, {"[0,3,4]"}, {Points{{5, 4}, {0, 0}}}, {Union("0, 1", "2:4, 3:")}} {
		r, err := d.Ref(sel...)
		must(t, err)
		refs = append(refs, r)
	}
	must(t, f.Set("ours", refs))
	g, err := f.Group("group")
	must(t, err)
	object, err := g.Ref()
	must(t, err)
	must(t, f.SetAttr("ours", []Reference{object, {}}))
	path := f.Filename()
	must(t, f.Close())
	out, err := exec.Command(python, filepath.Join("testdata", "references.py"), path).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	f, err = Open(path)
	must(t, err)
	defer f.Close()
	theirs, err := Read[Reference](must1(t)(f.Dataset("theirs")))
	must(t, err)
	for i, want := range []string{"int16 (2, 3) [[10 12 14] [20 22 24]]", "int16 (3, 5) [[0 1 ... 3 4] [30 31 ... 33 34] [40 41 ... 43 44]]", "int16 (2) [2 43]"} {
		a, err := theirs[i].Read()
		must(t, err)
		same(t, a.String(), want)
	}
	objects, err := AttrAs[[]Reference](f, "theirs")
	must(t, err)
	same(t, objects[0].String()+" "+objects[1].String(), "→ /group → nothing")
}
