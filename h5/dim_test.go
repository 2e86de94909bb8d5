package h5

import (
	"path/filepath"
	"testing"
)

// sayDims is what h5py sees of labels and scales.
const sayDims = `f = h5py.File(sys.argv[1])
for n in ("d", "e"):
    for m in f[n].dims: print(n, repr(m.label), [(k, s.name) for k, s in m.items()])
print([n for n in f if h5py.h5ds.is_scale(f[n].id)])`

func TestDims(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.h5")
	f, err := Create(path)
	must(t, err)
	for name, v := range map[string]any{"d": [][]float64{{1, 2}, {3, 4}}, "e": [][]int8{{1, 2}}, "t": []float64{0, 1}, "s": []int32{0, 1}, "w": []int32{5, 6}} {
		must(t, f.Set(name, v))
	}
	get := func(name string) *Dataset { return must1(t)(f.Dataset(name)) }
	d := get("d")
	must(t, d.Dim(0).SetLabel("time"))
	must(t, get("t").MakeScale("seconds"))
	must(t, d.Dim(0).Attach(get("t")))
	must(t, d.Dim(0).Attach(get("t"))) // nothing more
	must(t, d.Dim(0).Attach(get("s")))
	must(t, d.Dim(-1).Attach(get("w")))
	must(t, get("e").Dim(1).Attach(get("w")))
	label, err := d.Dim(0).Label()
	must(t, err)
	same(t, label, "time")
	same(t, d.Dims(), "[time: /t, /s /w]")
	name, err := get("t").ScaleName()
	must(t, err)
	same(t, name, "seconds")

	check(t, d.Dim(2).SetLabel("x"), ErrRange, "there is no axis 2 in shape (2, 2)")
	check(t, d.Dim(0).Attach(d), ErrType, "/d has scales of its own")
	check(t, get("t").Dim(0).Attach(get("s")), ErrType, "it is a scale")
	check(t, d.MakeScale(""), ErrType, "it has scales of its own")
	check(t, d.Dim(0).Attach(nil), ErrType, "not a dataset of the same file")
	must(t, f.Close())
	const all = `d 'time' [('seconds', '/t'), ('', '/s')]
d '' [('', '/w')]
e '' []
e '' [('', '/w')]
['s', 't', 'w']`
	same(t, h5py(t, sayDims, path), all)
	f, err = OpenFile(path, "r+")
	must(t, err)
	d = get("d")
	must(t, d.Dim(0).Detach(get("t")))
	must(t, d.Dim(0).Detach(get("t")))
	must(t, d.Dim(1).Detach(get("w")))
	same(t, d.Dims(), "[time: /s ]")
	must(t, d.Dim(0).Detach(get("s")))
	yes, err := d.HasAttr("DIMENSION_LIST")
	must(t, err)
	same(t, yes, false)
	yes, err = get("t").HasAttr("REFERENCE_LIST")
	must(t, err)
	same(t, yes, false)
	must(t, f.Close())
	same(t, h5py(t, sayDims, path), "d 'time' []\nd '' []\ne '' []\ne '' [('', '/w')]\n['s', 't', 'w']")
}

// TestDimsOfH5py changes what h5py made, and lets h5py change it again.
func TestDimsOfH5py(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.h5")
	h5py(t, `f = h5py.File(sys.argv[1], "w")
f["d"], f["e"], f["x"], f["y"], f["z"] = np.zeros((2, 3)), np.zeros((2, 3)), np.arange(2.), np.arange(3), np.arange(2)
f["x"].make_scale("the x"); f["y"].make_scale("y")
f["d"].dims[1].label = "wave"
f["d"].dims[0].attach_scale(f["x"]); f["d"].dims[1].attach_scale(f["y"]); f["e"].dims[1].attach_scale(f["y"])`, path)
	f, err := OpenFile(path, "r+")
	must(t, err)
	d, e := must1(t)(f.Dataset("d")), must1(t)(f.Dataset("e"))
	same(t, d.Dims(), "[/x wave: /y]")
	same(t, e.Dims(), "[ /y]")
	must(t, e.Dim(0).SetLabel("row"))
	must(t, d.Dim(0).SetLabel("column"))
	must(t, d.Dim(0).Attach(must1(t)(f.Dataset("z"))))
	must(t, d.Dim(1).Detach(must1(t)(f.Dataset("y"))))
	must(t, f.Close())
	same(t, h5py(t, sayDims, path), `d 'column' [('the x', '/x'), ('', '/z')]
d 'wave' []
e 'row' []
e '' [('y', '/y')]
['x', 'y', 'z']`)
	h5py(t, `f = h5py.File(sys.argv[1], "r+")
f["d"].dims[0].detach_scale(f["z"]); f["d"].dims[0].detach_scale(f["x"]); f["e"].dims[0].attach_scale(f["x"])`, path)
	f, err = Open(path)
	must(t, err)
	defer f.Close()
	same(t, must1(t)(f.Dataset("d")).Dims(), "[column wave]")
	same(t, must1(t)(f.Dataset("e")).Dims(), "[row: /x /y]")
}

func TestAxisLabels(t *testing.T) {
	f := scratch(t)
	for name, v := range map[string]any{"d": [][]float64{{1, 2}, {3, 4}}, "time": []float64{0, 0.5}, "plain": []int32{1}} {
		must(t, f.Set(name, v))
	}
	get := func(name string) *Dataset { return must1(t)(f.Dataset(name)) }
	d := get("d")
	must(t, get("time").SetAttr("units", "s"))
	must(t, d.SetAttr("unit", "K"))
	must(t, d.Dim(0).Attach(get("time")))
	must(t, d.Dim(1).SetLabel("fiber"))
	labels, err := d.AxisLabels()
	must(t, err)
	same(t, labels, "[time [s] fiber]")
	values, err := d.AxisValues(0)
	must(t, err)
	same(t, values, "[0 0.5]")
	values, err = d.AxisValues(1)
	must(t, err)
	same(t, values, "[]")
	unit, err := d.Unit()
	must(t, err)
	same(t, unit, "K")
	unit, err = get("plain").Unit()
	must(t, err)
	same(t, unit, "")
	_, err = d.AxisValues(2)
	check(t, err, ErrRange, "there is no axis 2")
}
