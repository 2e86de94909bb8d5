package plots

import (
	"errors"
	"fmt"
	"image"
	"math"
	"strings"
	"testing"
)

// file-like and table-like values as libraries have them, with types of their own in their methods.
type (
	column64 struct{ array }
	sheet64  struct {
		names   []string
		columns map[string]*column64
	}
	about struct {
		cube
		labels []string
		scales map[int][]float64
	}
	broken  struct{}
	flavour string
)

func (s *sheet64) Names() []string { return s.names }

func (s *sheet64) Field(name string) (*column64, error) {
	if c := s.columns[name]; c != nil {
		return c, nil
	}
	return nil, errors.New("no " + name)
}

func (a *about) AxisLabels() ([]string, error)          { return a.labels, nil }
func (a *about) AxisValues(axis int) ([]float64, error) { return a.scales[axis], nil }
func (a *about) Unit() (string, error)                  { return "K", nil }
func (a *about) Path() string                           { return "/run/heat" }
func (a *about) Slice(sel ...any) (*cube, error) {
	return &cube{array{values: a.values[:6]}, shape{2, 3}}, nil
}
func (broken) FieldNames() []string               { return []string{"a"} }
func (broken) Table(sel ...any) (*sheet64, error) { return nil, errors.New("h5: closed") }

func sheetOf(columns map[string][]float64, names ...string) *sheet64 {
	s := &sheet64{names: names, columns: map[string]*column64{}}
	for name, values := range columns {
		s.columns[name] = &column64{array{values: values}}
	}
	return s
}

func TestOf(t *testing.T) {
	three := []float64{1, 2, 3}
	wave := map[string][]float64{"WAVE": {3600, 3601, 3602.5}, "FLUX": three}
	running := map[string][]float64{"WAVE": {3600, 7201, 10803.5}, "FLUX": three}
	six := array{values: []float64{1, 2, 3, 4, 5, 6}}
	many := map[string]int{}
	for i := range 70 {
		many[fmt.Sprint(100+i)] = i
	}
	for _, test := range []struct {
		name    string
		v       any
		options []Option
		want    string
	}{
		{"slice", three, nil, "figure: line of 3 points, x 0 to 2, y 1 to 3"},
		{"rows", [][]int{{1, 2}}, nil, "figure: heat map of 1 x 2 values, 1 to 2"},
		{"cube", [][][]int{{{1, 2}}, {{3, 4}}}, nil, "figure: heat map of 1 x 2 values, 1 to 2; the first of 2 planes of an array of shape [2 1 2]"},
		{"bytes", [][][]uint8{{{1, 2, 3}, {4, 5, 6}}}, nil, "figure: picture of 2 x 1 pixels"},
		{"image", image.NewGray(image.Rect(0, 0, 3, 2)), nil, "figure: picture of 3 x 2 pixels"},
		{"texts", []string{"b", "a", "b"}, nil, `figure: 2 bars, b 2; axes "count" and ""`},
		{"complex", []complex128{3 + 4i}, nil, `figure: line of 1 points, x 0 to 0, y 5 to 5; axes "" and "amplitude"`},
		{"figure", Line(three), []Option{Title("t"), LogY()}, `figure "t": line of 3 points, x 0 to 2, y 1 to 3`},
		{"map", map[string][]float64{"b": three, "a": three}, nil, `figure: a, line of 3 points, x 0 to 2, y 1 to 3; b, line of 3 points, x 0 to 2, y 1 to 3; axes "row" and ""`},
		{"an axis", sheetOf(wave, "FLUX", "WAVE"), nil, `figure: line of 3 points, x 3600 to 3602.5, y 1 to 3; axes "WAVE" and "FLUX"`},
		{"a running sum is none", sheetOf(running, "WAVE", "FLUX"), nil, `figure: WAVE, line of 3 points, x 0 to 2, y 3600 to 10803.5; FLUX, line of 3 points, x 0 to 2, y 1 to 3; axes "row" and ""`},
		{"no axis wanted", sheetOf(wave, "WAVE", "FLUX"), []Option{XColumn(""), Columns("FLUX")}, `figure: line of 3 points, x 0 to 2, y 1 to 3; axes "row" and "FLUX"`},
		{"x wanted", sheetOf(wave, "WAVE", "FLUX"), []Option{XColumn("FLUX"), Labels("a", "b")}, `figure: WAVE, line of 3 points, x 1 to 3, y 3600 to 3602.5; axes "a" and "b"`},
		{"about", &about{cube: cube{six, shape{2, 3}}, labels: []string{"time", "wave"}, scales: map[int][]float64{0: {10, 20}, 1: {1, 2, 4}}}, nil,
			`figure "/run/heat": heat map of 2 x 3 values, 1 to 6; axes "wave" and "time"`},
		{"about a line", &about{cube: cube{array{values: three}, shape{3}}, labels: []string{"time [s]"}, scales: map[int][]float64{0: {10, 20, 40}}}, nil,
			`figure "/run/heat": line of 3 points, x 10 to 40, y 1 to 3; axes "time [s]" and "heat [K]"`},
		{"about a cube", &about{cube: cube{array{values: make([]float64, 12)}, shape{2, 2, 3}}}, nil,
			`figure "/run/heat": heat map of 2 x 3 values, 0 to 0; the first of 2 planes of an array of shape [2 2 3]`},
		{"numbers by name", map[string]float64{"b": 2, "a": 1.5}, nil, "figure: 2 bars, a 1.5"},
		{"counts by name", map[flavour]any{"up": 3, "down": uint8(2)}, nil, "figure: 2 bars, down 2"},
		{"many numbers by name", many, nil, "figure: 60 bars, 100 0; the first 60 of 70 bars"},
		{"no numbers by name", map[string]any{"a": 1, "b": true}, nil, "no figure: plots: Of: the table has no column of numbers or texts; it has a, b"},
		{"nil", nil, nil, "no figure: plots: Of: it is nil: nothing was read"},
		{"nil figure", (*Figure)(nil), nil, "no figure: plots: Of: it is nil: nothing was read"},
		{"nil table", (*sheet64)(nil), nil, "no figure: plots: Of: it is nil: nothing was read"},
		{"number", 3, nil, "no figure: plots: Of: it is int; give a dataset, an array, a table or slices of numbers"},
		{"empty", []float64{}, nil, "no figure: plots: Line: there are no values"},
		{"broken", broken{}, nil, "no figure: plots: Of: h5: closed"},
		{"no such column", sheetOf(wave, "FLUX"), []Option{Columns("FLUZ")}, `no figure: plots: Of: there is no column "FLUZ"; there are FLUX`},
		{"no columns", sheetOf(nil), nil, "no figure: plots: Of: the table has no column of numbers or texts; it has "},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := Of(test.v, test.options...).String(); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// rows3 is a dataset of rows that notes which columns are read.
type rows3 struct{ read []string }

func (r *rows3) FieldNames() []string { return []string{"WAVE", "FLUX", "SKY"} }

func (r *rows3) Field(name string, sel ...any) (*column64, error) {
	r.read = append(r.read, name)
	return &column64{array{values: []float64{1, 2, 4}}}, nil
}

// TestOfReadsWhatItDraws: of a dataset of rows no other columns are read.
func TestOfReadsWhatItDraws(t *testing.T) {
	r := &rows3{}
	want := `figure: line of 3 points, x 1 to 4, y 1 to 4; axes "WAVE" and "FLUX"`
	if got := Of(r, Columns("FLUX")).String(); got != want || strings.Join(r.read, " ") != "WAVE FLUX" {
		t.Errorf("got %s after reading %v, want %s", got, r.read, want)
	}
}

// TestOfUsesScales: the cells of a heat map lie where the scales of its axes say.
func TestOfUsesScales(t *testing.T) {
	a := &about{cube: cube{array{values: []float64{1, 2, 3, 4, 5, 6}}, shape{2, 3}}, scales: map[int][]float64{0: {10, 20}, 1: {1, 2, 4}}}
	if got, want := Of(a).area(false), (box{0.5, 5, 5, 25}); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
	a.scales[1] = []float64{1, 3, 2} // no axis
	if got, want := Of(a).area(false), (box{-0.5, 2.5, -0.5, 1.5}); got != want {
		t.Errorf("with a scale that does not rise: got %v, want %v", got, want)
	}
}

func TestSummary(t *testing.T) {
	s := summarize([]float64{1, 2, 3, 4, 100, nan, math.Inf(1)})
	if s.n != 5 || s.q1 != 2 || s.median != 3 || s.q3 != 4 || s.low != 1 || s.up != 4 || len(s.beyond) != 1 || s.beyond[0] != 100 {
		t.Errorf("got %+v", s)
	}
}

// TestContourLines: a hill has one closed line around it, a saddle two, and a gap ends lines.
func TestContourLines(t *testing.T) {
	for name, test := range map[string]struct {
		z    [][]float64
		want string
	}{
		"hill":   {[][]float64{{0, 0, 0}, {0, 4, 0}, {0, 0, 0}}, "5"},
		"slope":  {[][]float64{{0, 4}, {0, 4}, {0, 4}}, "3"},
		"saddle": {[][]float64{{4, 0}, {0, 4}}, "2 2"},
		"gap":    {[][]float64{{0, 4}, {nan, 4}, {0, 4}}, ""},
		"flat":   {[][]float64{{1, 1}, {1, 1}}, ""},
	} {
		g := mesh{x: places(len(test.z[0])), y: places(len(test.z)), z: test.z}
		var lengths []string
		for _, line := range g.lines(1) {
			lengths = append(lengths, string(rune('0'+len(line))))
		}
		if got := strings.Join(lengths, " "); got != test.want {
			t.Errorf("%s: got lines of %q points, want %q", name, got, test.want)
		}
	}
}

func TestHistogram2D(t *testing.T) {
	f := Histogram2D([]float64{0, 0, 1, nan, 2}, []float64{0, 0, 1, 1, 2}, 2)
	p := f.layers[0].layer.(*picture)
	if p.values[0] != 2 || !math.IsNaN(p.values[1]) || p.values[3] != 2 {
		t.Errorf("got counts %v", p.values)
	}
	if want := "figure: histogram of 4 pairs of 2 x 2 values, 2 to 2; 1 of 5 pairs are not finite"; f.String() != want {
		t.Errorf("got %s, want %s", f, want)
	}
}

// TestColourMapsRise: of all maps but the diverging one, each colour is lighter than the one before.
func TestColourMapsRise(t *testing.T) {
	for name := range colourMaps {
		last := -1.0
		for i, c := range colourTable(name, 64) {
			light := 0.2126*float64(c.R) + 0.7152*float64(c.G) + 0.0722*float64(c.B)
			if light <= last && name != diverging {
				t.Errorf("%s: colour %d is not lighter than the one before", name, i)
			}
			last = light
		}
	}
}
