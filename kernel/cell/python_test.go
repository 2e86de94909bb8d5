package cell_test

import (
	"strings"
	"testing"
)

// What somebody types who knows h5py, numpy and matplotlib is an error that says how a cell writes it.
func TestPythonHints(t *testing.T) {
	earlier := `f := h5.Open("x.h5"); g := f.Group("g"); d := f.Dataset("d"); t := d.Table(); a := d.Slice(); at := d.Attrs(); xs := []float64{1}; i := 1; name := "n"`
	for code, hint := range map[string]string{
		`f["g1"]`:                           `did you mean f.Get("g1"), f.Dataset("g1") or f.Group("g1")?`,
		`x := g["g1"]`:                      `did you mean g.Get("g1"), g.Dataset("g1") or g.Group("g1")?`,
		`f[name]`:                           `did you mean f.Get(name), f.Dataset(name) or f.Group(name)?`,
		`f["a"]["b"]`:                       `did you mean f.Get("a"), f.Dataset("a") or f.Group("a")?`,
		`f["g1"] = 3`:                       `did you mean f.Set("g1", 3)?`,
		`d[0:2]`:                            `did you mean d.Slice("0:2")?`,
		`d[3]`:                              `did you mean d.Slice(3)?`,
		`d[:]`:                              `did you mean d.Slice()?`,
		`d[i:i+2]`:                          `did you mean d.Slice(h5.Range(i, i+2))?`,
		`d[i:]`:                             `did you mean d.Slice(...)?`,
		`d["X"]`:                            `did you mean d.Field("X")?`,
		`d[3] = 5`:                          `did you mean d.Write(5, 3)?`,
		`t["X"]`:                            `did you mean t.Field("X")?`,
		`a[1]`:                              `did you mean a.Slice(1)?`,
		`at["unit"]`:                        `did you mean at.Get("unit")?`,
		`d[0:2, ::3]`:                       `did you mean d.Slice("0:2, ::3")?`,
		`y := d[::2]`:                       `did you mean d.Slice("::2")?`,
		`d[0, 1]`:                           `did you mean d.Slice("0, 1")?`,
		`d[..., i]`:                         `did you mean d.Slice("...", i)?`,
		`d[...]`:                            `did you mean d.Slice()?`,
		`d[()]`:                             `did you mean d.Slice()?`,
		`d[0:2, 3] = 4`:                     `did you mean d.Write(4, "0:2, 3")?`,
		`h5.Open("y").Dataset("e")[0:2, 1]`: `did you mean h5.Open("y").Dataset("e").Slice("0:2, 1")?`,
		"e := f.Dataset(`e`)\nfmt.Println(e[0:2, 1])":    `did you mean e.Slice("0:2, 1")?`,
		"func h(e *h5.Dataset) {\n\te.Write(e[1, ::2])}": `did you mean e.Slice("1, ::2")?`,
		`xs[::2]`:                                ``,
		`nothing[0:2, 1]`:                        ``,
		`list(f)`:                                `did you mean f.Keys()?`,
		`list(xs)`:                               ``,
		`len(f)`:                                 `did you mean f.Len()?`,
		`len(d)`:                                 `did you mean d.Shape()[0]?`,
		`len(t)`:                                 `did you mean t.NumRows()?`,
		`len(i)`:                                 ``,
		`f.keys`:                                 `did you mean f.Keys()?`,
		`print(f.keys)`:                          `did you mean f.Keys()?`,
		`f.keys()`:                               ``, // the compiler has said it
		`f.attrs["unit"]`:                        `did you mean f.Attr("unit")?`,
		`d.Attrs["unit"]`:                        `did you mean d.Attr("unit")?`,
		`d.shape`:                                `did you mean d.Shape()?`,
		`d.dtype`:                                `did you mean d.Datatype()?`,
		`d.ndim`:                                 `did you mean d.Shape()?`,
		`d.T`:                                    ``,
		`a.T`:                                    `did you mean a.Transpose()?`,
		`t.sort_values("X")`:                     `did you mean t.Sort?`,
		"for k in f:\n    k":                     `Go writes for _, k := range f.Keys() {`,
		`for k in f.Names():`:                    `Go writes for _, k := range f.Names() {`,
		`for x in xs:`:                           `Go writes for _, x := range xs {`,
		`for x in range(10):`:                    `Go writes for x := range 10 {`,
		`for _, k := range f {}`:                 `did you mean f.Keys()?`,
		`import h5py`:                            `Go writes f := h5.Open("x.h5"): h5 needs no import`,
		`import matplotlib.pyplot as plt`:        `Go writes plots.Line(x, y): plots needs no import`,
		`from h5py import File`:                  `Go writes f := h5.Open("x.h5"): h5 needs no import`,
		`import math`:                            `Go writes import "math"`,
		`with h5py.File("x.h5") as r:`:           `Go writes r := h5.Open("x.h5"); defer r.Close()`,
		`with h5py.File("x.h5", "r+") as r:`:     `Go writes r := h5.OpenFile("x.h5", "r+"); defer r.Close()`,
		`with open("x") as r:`:                   `Go writes r := ...; defer r.Close()`,
		`r := h5py.File("x.h5", "r")`:            `did you mean h5.Open or h5.OpenFile?`,
		`h5.File("x.h5")`:                        `did you mean h5.Open or h5.OpenFile?`,
		`h5.File("x.h5", "r")`:                   `did you mean h5.Open or h5.OpenFile?`,
		`plots.Hist(xs)`:                         `did you mean plots.Histogram?`,
		`plt.plot(xs)`:                           `did you mean plots.Line?`,
		`np.arange(10)`:                          `did you mean h5.Arange?`,
		`np.nothing(10)`:                         ``,
		`"g1" in f`:                              `Go writes f.Has("g1") of a file or group, slices.Contains(f, "g1") of a slice`,
		"if name not in f:\n    name":            `Go writes !f.Has(name) of a file or group, !slices.Contains(f, name) of a slice`,
		`if name == "a" and i == 1 {}`:           `Go writes &&`,
		`x := i or 2`:                            `Go writes ||`,
		`if not i {}`:                            `Go writes !`,
		`i is None`:                              `Go writes ==`,
		`del f["x"]`:                             `Go writes f.Delete(name) of a file or group, delete(m, key) of a map`,
		`s := f"{name} is {i:3d} {xs[0]:.2f}"`:   `Go writes fmt.Sprintf("%v is %3d %.2f", name, i, xs[0])`,
		`print(f"{i}")`:                          `Go writes fmt.Println(...)`,
		`ys := [2*x for x in xs]`:                `Go writes for _, v := range xs { ys = append(ys, ...) }`,
		`g := lambda x: x`:                       `Go writes func(x float64) float64 { return ... }`,
		`f.CreateDataset("x", data=xs)`:          `in Go arguments have no names`,
		`xs[0] ** 2`:                             `did you mean math.Pow(xs[0], 2)?`,
		`xs.append(3, xs[0])`:                    `did you mean xs = append(xs, 3, xs[0])?`,
		`s := f"{i:5}, {i:,} and {xs[0]:>8.2f}"`: `Go writes fmt.Sprintf("%5v, %v and %v", i, i, xs[0])`,
		`d.Name in xs`:                           ``,
		`raise i`:                                `Go writes panic(message)`,
		`i * *name`:                              ``,
	} {
		_, err := session(t, earlier).Check("In[2]", code)
		switch {
		case err == nil:
			t.Errorf("%s passes", code)
		case hint == "" && (strings.Contains(err.Error(), "did you mean") || strings.Contains(err.Error(), "Go writes")):
			t.Errorf("%s: got %v, want no hint", code, err)
		case !strings.HasSuffix(err.Error(), " ("+hint+")") && hint != "":
			t.Errorf("%s:\n got %v\nwant (%s)", code, err, hint)
		}
	}
}
