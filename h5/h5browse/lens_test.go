package h5browse

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"gofive/h5"
)

// seenSample fills a file with what is no plain number.
func seenSample(f *h5.File) error {
	type vis struct {
		V    complex64
		W    float32
		NAME string `h5:",len=4,ascii"`
	}
	for name, v := range map[string]any{
		"z": []complex64{3 + 4i, -5, 1i}, "zz": [][]complex128{{3 + 4i, 0}, {6 + 8i, 1}}, "rows": []vis{{3 + 4i, 1, "a"}, {6 + 8i, 2, "b"}},
		"flags": []bool{true, false, true}, "packed": []int16{0, 10, -99, 20}, "grid": [][]int16{{0, 10}, {-99, 20}}, "plain": []float32{1, -9999.9, 3},
		"texts": []string{"a"}, "odd": []int16{1, 2},
	} {
		if err := f.Set(name, v); err != nil {
			return err
		}
	}
	for _, name := range []string{"packed", "grid"} {
		d, err := f.Dataset(name)
		if err != nil {
			return err
		}
		for a, v := range map[string]any{"scale_factor": 0.5, "add_offset": 100.0, "_FillValue": int16(-99), "units": "K"} {
			if err := d.SetAttr(a, v); err != nil {
				return err
			}
		}
	}
	if d, err := f.Dataset("plain"); err != nil || d.SetAttr("missing_value", -9999.9) != nil {
		return err
	}
	if d, err := f.Dataset("odd"); err != nil || d.SetAttr("scale_factor", 0.0) != nil {
		return err
	}
	e, err := f.CreateDataset("enum", h5.Enum(map[string]int{"OFF": 0, "ON": 7}), h5.Shape{3})
	if err != nil {
		return err
	}
	if err := e.Write([]int{0, 7, 7}); err != nil {
		return err
	}
	arr, err := f.CreateDataset("arr", h5.ArrayOf(h5.Float64, 3), h5.Shape{4})
	if err == nil {
		arr.Close()
	}
	return err
}

// What numbers are drawn and summed up of elements that are no plain numbers.
func TestSeen(t *testing.T) {
	file := make1(t, seenSample)
	p := newPage(t, Options{})
	tests := []struct {
		ask    m
		lo, hi string // of the stretches; of an image all in lo
		min    any    // of stats, nil for none
		max    any
	}{
		{m{"path": "/z"}, "[5 5 1]", "[5 5 1]", 1.0, 5.0},
		{m{"path": "/z", "component": "real"}, "[3 -5 0]", "[3 -5 0]", -5.0, 3.0},
		{m{"path": "/z", "component": "imaginary"}, "[4 0 1]", "[4 0 1]", 0.0, 4.0},
		{m{"path": "/z", "component": "phase", "sel": "1:3"}, "[3.141592653589793 1.5707963267948966]", "[3.141592653589793 1.5707963267948966]", math.Pi / 2, math.Pi},
		{m{"path": "/zz"}, "[5 0 10 1]", "", 0.0, 10.0},
		{m{"path": "/rows", "field": "V"}, "[5 10]", "[5 10]", 5.0, 10.0},
		{m{"path": "/rows", "field": "W"}, "[1 2]", "[1 2]", 1.0, 2.0},
		{m{"path": "/flags"}, "[1 0 1]", "[1 0 1]", 0.0, 1.0},
		{m{"path": "/enum"}, "[0 7 7]", "[0 7 7]", 0.0, 7.0},
		{m{"path": "/packed"}, "[0 10 -99 20]", "[0 10 -99 20]", -99.0, 20.0},
		{m{"path": "/packed", "scaled": true}, "[100 105 NaN 110]", "[100 105 NaN 110]", 100.0, 110.0},
		{m{"path": "/packed", "scaled": true, "method": "nearest"}, "[100 105 NaN 110]", "", 100.0, 110.0},
		{m{"path": "/grid", "scaled": true}, "[100 105 NaN 110]", "", 100.0, 110.0},
		{m{"path": "/plain", "scaled": true}, "[1 NaN 3]", "[1 NaN 3]", 1.0, 3.0},
	}
	for _, tt := range tests {
		tt.ask["file"] = file
		tt.ask["op"] = "decimate"
		s := p.do(tt.ask)
		var got [2]string
		k := 0
		for i, b := range s.data["buffers"].([]any) {
			switch b.(m)["name"] {
			case "min", "max", "value":
				got[k] = fmt.Sprint(floats(s.buffers[i]))
				k++
			case "image":
				got[k] = fmt.Sprint(singles(s.buffers[i]))
			}
		}
		if got[0] != tt.lo || got[1] != tt.hi {
			t.Errorf("%v: got %v, want %s %s", tt.ask, got, tt.lo, tt.hi)
		}
		tt.ask["op"] = "stats"
		if s := p.do(tt.ask).data; s["min"] != tt.min || s["max"] != tt.max {
			t.Errorf("stats of %v: %v", tt.ask, s)
		}
	}
	for _, tt := range []struct {
		ask  m
		kind string
	}{
		{m{"path": "/rows"}, "unsupported"}, {m{"path": "/rows", "field": "NAME"}, "unsupported"}, {m{"path": "/arr"}, "unsupported"}, {m{"path": "/texts"}, "unsupported"},
		{m{"path": "/odd", "scaled": true}, "unsupported"}, {m{"path": "/z", "component": "size"}, "bad-request"}, {m{"path": "/rows", "field": "NO"}, "not-found"},
	} {
		for _, op := range []string{"decimate", "stats"} {
			tt.ask["op"], tt.ask["file"] = op, file
			if kind := p.fails(tt.ask); kind != tt.kind {
				t.Errorf("%v: %s", tt.ask, kind)
			}
		}
	}
}

// Slices and tables give numbers as they are meant when they are asked to.
func TestMeant(t *testing.T) {
	file := make1(t, seenSample)
	p := newPage(t, Options{})
	nan := math.NaN()
	same := func(a, b []float64) bool {
		return slices.EqualFunc(a, b, func(x, y float64) bool { return x == y || x != x && y != y })
	}
	s := p.do(m{"op": "slice", "file": file, "path": "/packed", "as": "f8", "scaled": true})
	if got := floats(s.buffers[0]); !same(got, []float64{100, 105, nan, 110}) {
		t.Errorf("slice: %v", got)
	}
	s = p.do(m{"op": "slice", "file": file, "path": "/z", "as": "f8", "component": "real"})
	if got := floats(s.buffers[0]); !same(got, []float64{3, -5, 0}) {
		t.Errorf("slice of complex: %v", got)
	}
	s = p.do(m{"op": "table", "file": file, "path": "/grid", "scaled": true})
	if got := floats(s.buffers[1]); !same(got, []float64{105, 110}) || s.data["columns"].([]any)[0].(m)["dtype"] != "<f8" {
		t.Errorf("table: %v %v", got, s.data)
	}
	if s = p.do(m{"op": "table", "file": file, "path": "/grid"}); s.data["columns"].([]any)[0].(m)["dtype"] != "<i2" {
		t.Errorf("table as stored: %v", s.data)
	}
	for _, path := range []string{"/rows", "/texts", "/arr", "/plain", "/enum"} {
		p.do(m{"op": "table", "file": file, "path": path, "scaled": true})
	}
}

// The code that is inserted gives the numbers that are seen.
func TestCodeOfSeen(t *testing.T) {
	file := make1(t, seenSample)
	p := newPage(t, Options{})
	tests := []struct {
		ask  m
		want string
	}{
		{m{"path": "/packed", "show": "line"}, `plots.Line(packed.Part())`},
		{m{"path": "/packed", "show": "line", "sel": "1:3", "scaled": true}, `plots.Line(packed.Scaled("1:3"))`},
		{m{"path": "/grid", "show": "image", "scaled": true}, `plots.Image(grid.Scaled())`},
		{m{"path": "/grid", "show": "image"}, `plots.Image(grid.Slice())`},
		{m{"path": "/grid", "show": "table", "scaled": true}, `grid.Scaled()`},
		{m{"path": "/grid", "show": "table"}, `grid`},
		{m{"path": "/plain", "show": "line", "scaled": true}, `plots.Line(plain.Scaled())`},
		{m{"path": "/odd", "show": "line", "scaled": true}, `plots.Line(odd.Part())`},
		{m{"path": "/rows", "show": "line", "field": "W", "scaled": true}, `plots.Line(rows.Part(h5.Columns("W")))`},
		{m{"path": "/rows", "show": "line", "field": "V", "component": "phase"}, `plots.Line(rows.Field("V").Phase())`},
		{m{"path": "/z", "show": "line", "component": "amplitude"}, `plots.Line(z.Slice().Abs())`},
		{m{"path": "/z", "show": "line", "sel": "0:2", "component": "imaginary"}, `plots.Line(z.Slice("0:2").Imag())`},
		{m{"path": "/zz", "show": "image", "component": "amplitude"}, `plots.Image(zz.Slice().Abs())`},
		{m{"path": "/zz", "show": "image", "component": "real"}, `plots.Image(zz.Slice().Real())`},
		{m{"path": "/zz", "show": "table"}, `zz`},
		{m{"path": "/packed", "show": "line", "component": "phase"}, `plots.Line(packed.Part())`},
		{m{"path": "/enum", "show": "line", "scaled": true}, `plots.Line(enum.Part())`},
	}
	for _, tt := range tests {
		tt.ask["op"], tt.ask["file"] = "stat", file
		code := p.do(tt.ask).data["code"].([]any)
		if got := code[len(code)-1]; got != tt.want {
			t.Errorf("%v: got %s, want %s", tt.ask, got, tt.want)
		}
	}
}

// A figure is inserted as it is drawn: over its X, with its other lines and errors, its axes and colours.
func TestCodeOfFigures(t *testing.T) {
	file := make1(t, func(f *h5.File) error {
		for name, v := range map[string]any{
			"flux": [][]float32{{1, 2, 3}, {4, 5, 6}}, "noise": [][]float32{{1, 1, 1}, {2, 2, 2}}, "wave": []float64{3, 4, 5}, "y": []float32{1, 2, 3},
			"z": []complex64{1, 2i, 3}, "rows": []struct{ A, B float64 }{{1, 2}, {3, 4}}, "g/wave": []float64{1, 2, 3}, "\x01": []float32{1},
		} {
			if err := f.Set(name, v); err != nil {
				return err
			}
		}
		return nil
	})
	p := newPage(t, Options{})
	flux := func(sel, label string) m { return m{"path": "/flux", "sel": sel, "label": label} }
	tests := []struct {
		ask  m
		want string // after the line that opens the file
	}{
		{m{"path": "/flux", "show": "line", "series": []m{flux("1, :", "flux")}, "x": m{"path": "/wave"}, "look": m{"logx": true, "logy": true, "labels": []string{"wave", "flux [Jy]"}}},
			"flux := f.Dataset(\"/flux\")\nwave := f.Dataset(\"/wave\")\nplots.Line(wave.Part(), flux.Part(\"1, :\")).LogX().LogY().Labels(\"wave\", \"flux [Jy]\")"},
		{m{"path": "/flux", "show": "line", "series": []m{flux("0, 1:3", "row 0"), flux("1, 1:3", "row 1")}, "look": m{"range": []float64{1, 2}}},
			"flux := f.Dataset(\"/flux\")\nplots.Line(plots.Linspace(1, 2), flux.Part(\"0, 1:3\")).Name(\"row 0\").\n\tLine(plots.Linspace(1, 2), flux.Part(\"1, 1:3\")).Name(\"row 1\")"},
		{m{"path": "/flux", "show": "line", "series": []m{flux("1, 1:3", "flux")}, "x": m{"path": "/wave"}, "errors": m{"path": "/noise"}, "look": m{"range": []float64{4, 34_000_000}}},
			"flux := f.Dataset(\"/flux\")\nwave := f.Dataset(\"/wave\")\nnoise := f.Dataset(\"/noise\")\ny := flux.Slice(\"1, 1:3\")\ne := noise.Slice(\"1, 1:3\")\n" +
				"plots.Band(wave.Part(\"1:3\"), y.Sub(e), y.Add(e)).\n\tLine(wave.Part(\"1:3\"), y).\n\tXRange(4, 34000000)"},
		{m{"path": "/y", "show": "line", "errors": m{"path": "/y"}}, "y := f.Dataset(\"/y\")\ny2 := y.Slice()\ne := y.Slice()\nplots.Band(y2.Sub(e), y2.Add(e)).\n\tLine(y2)"},
		{m{"path": "/wave", "show": "points", "series": []m{{"path": "/wave", "label": "wave"}, {"path": "/z", "label": "z"}}, "x": m{"path": "/g/wave"}},
			"wave := f.Dataset(\"/wave\")\nwave2 := f.Dataset(\"/g/wave\")\nz := f.Dataset(\"/z\")\nplots.Scatter(wave2.Part(), wave.Part()).Name(\"wave\").\n\tScatter(wave2.Part(), z.Slice().Abs()).Name(\"z\")"},
		{m{"path": "/rows", "show": "line", "series": []m{{"path": "/rows", "field": "B", "label": "B"}}, "x": m{"path": "/rows", "field": "A"}},
			"rows := f.Dataset(\"/rows\")\nplots.Line(rows.Part(h5.Columns(\"A\")), rows.Part(h5.Columns(\"B\")))"},
		{m{"path": "/rows", "show": "table", "sort": "-A", "filter": "B > 2"}, "rows := f.Dataset(\"/rows\")\nrows.Table().Query(\"B > 2\").Sort(\"-A\")"},
		{m{"path": "/flux", "show": "image", "sel": ":, :", "look": m{"colours": "magma", "percentile": []float64{1, 99}, "log": true, "turned": true, "labels": []string{"a", "b\"c"}}},
			"flux := f.Dataset(\"/flux\")\nplots.Image(flux.Slice().Transpose()).Colours(\"magma\").Percentile(1, 99).Log().Labels(\"a\", \"b\\\"c\")"},
		{m{"path": "/flux", "show": "picture"}, "flux := f.Dataset(\"/flux\")\nplots.Of(flux)"},
		{m{"path": "/\x01", "show": "line"}, "d := f.Dataset(\"/\\x01\")\nplots.Line(d.Part())"},
	}
	for _, tt := range tests {
		tt.ask["op"], tt.ask["file"] = "stat", file
		code := p.do(tt.ask).data["code"].([]any)
		var lines []string
		for _, line := range code[1:] {
			lines = append(lines, line.(string))
		}
		if got := strings.Join(lines, "\n"); got != tt.want {
			t.Errorf("%v: got\n%s\nwant\n%s", tt.ask, got, tt.want)
		}
	}
	for _, tt := range []struct {
		ask  m
		kind string
	}{
		{m{"path": "/wave", "show": "line", "x": m{"path": "/no"}}, "not-found"}, {m{"path": "/wave", "show": "line", "errors": m{"path": "/g"}}, "bad-request"},
		{m{"path": "/wave", "show": "spectrum", "spectrum": m{"fiber": 3}}, "bad-request"},
	} {
		tt.ask["op"], tt.ask["file"] = "stat", file
		if kind := p.fails(tt.ask); kind != tt.kind {
			t.Errorf("%v: %s", tt.ask, kind)
		}
	}
}

// A spectrum is drawn by package boss as it is seen.
func TestCodeOfSpectrum(t *testing.T) {
	z := 0.52
	tests := []struct {
		of   spectrum
		want string
	}{
		{spectrum{Fiber: 30, Lines: true}, `s.Plot(boss.Lines("all"))`},
		{spectrum{Fiber: 30, Z: &z, Smooth: 5, Looks: []string{"RestFrame", "WithoutMasks"}, Range: []float64{3800, 5000.5}},
			"s.Z = 0.52\ns.Smooth(boss.IvarWeighted(5)).Plot(boss.RestFrame(), boss.WithoutMasks(), boss.Lines(\"none\"), boss.Between(3800, 5000.5))"},
	}
	for _, tt := range tests {
		want := "s := boss.Spectrum(\"a b.h5\", 3655, 55240, 30)\n" + tt.want
		lines, err := spectrumCode("a b.h5", "/3655/55240/30/coadd", tt.of)
		if got := strings.Join(lines, "\n"); err != nil || got != want {
			t.Errorf("got %s, %v; want %s", got, err, want)
		}
	}
	for _, path := range []string{"/", "/3655", "/3655/x", "/03655/55240"} {
		if lines, err := spectrumCode("f.h5", path, spectrum{Fiber: 1}); err == nil {
			t.Errorf("%s: %q", path, lines)
		}
	}
	if lines, err := spectrumCode("f.h5", "/3655/55240", spectrum{Fiber: 1, Looks: []string{`Lines("x")); f(`}}); err == nil {
		t.Errorf("a look that is none: %q", lines)
	}
}
