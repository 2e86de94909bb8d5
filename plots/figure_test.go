package plots

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gofive/display"
)

var update = flag.Bool("update", false, "write the golden files in testdata")

// array stands for what packages of files return.
type array struct {
	values []float64
	err    error
}

func (a *array) Float64s() ([]float64, error) { return a.values, a.err }

// shape and cube: an array with a shape of a type of its own.
type shape []int

type cube struct {
	array
	s shape
}

func (g *cube) Shape() shape { return g.s }

type flux float32

var nan = math.NaN()

func TestNumbers(t *testing.T) {
	for _, test := range []struct {
		name string
		v    any
		want []float64
		err  string
	}{
		{"float64", []float64{1, 2.5}, []float64{1, 2.5}, ""},
		{"float32", []float32{1, 2.5}, []float64{1, 2.5}, ""},
		{"int", []int{-1, 2}, []float64{-1, 2}, ""},
		{"uint8", []uint8{255}, []float64{255}, ""},
		{"named type", []flux{3}, []float64{3}, ""},
		{"array", [2]int16{1, 2}, []float64{1, 2}, ""},
		{"any", []any{1, 2.5}, []float64{1, 2.5}, ""},
		{"Float64s", &array{values: []float64{4}}, []float64{4}, ""},
		{"Float64s fails", &array{err: errors.New("h5: read: closed")}, nil, "plots: Line: y: h5: read: closed"},
		{"nil", nil, nil, "plots: Line: y is nil"},
		{"nil array", (*array)(nil), nil, "plots: Line: y is a nil *plots.array"},
		{"strings", []string{"a"}, nil, "plots: Line: y is []string; give a slice of numbers or an array with a method Float64s"},
		{"number", 3, nil, "plots: Line: y is int; give a slice of numbers or an array with a method Float64s"},
		{"any of string", []any{1, "b"}, nil, "plots: Line: y is []interface {}; give a slice of numbers or an array with a method Float64s"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := numbers("Line", "y", test.v)
			if message(err) != test.err {
				t.Fatalf("got error %q, want %q", message(err), test.err)
			}
			for i, x := range test.want {
				if len(got) != len(test.want) || got[i] != x {
					t.Fatalf("got %v, want %v", got, test.want)
				}
			}
		})
	}
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestMistakesAreShown(t *testing.T) {
	three, two := []float64{1, 2, 3}, []float64{1, 2}
	for name, test := range map[string]struct {
		f    *Figure
		want string
	}{
		"lengths":       {Line(three, two), "plots: Line: x has 3 values and y has 2; they must be as many"},
		"arguments":     {Line(), "plots: Line takes y, or x and y; it was given 0 arguments"},
		"empty":         {Scatter([]int{}), "plots: Scatter: there are no values"},
		"only NaN":      {Line([]float64{nan, nan}), errNothing.Error()},
		"log of nought": {Line([]float64{0, -1}).LogY(), errNothing.Error()},
		"too far":       {Line([]float64{-math.MaxFloat64, math.MaxFloat64}), "plots: the values reach further than an axis can: x 0 to 1, y -1.79769e+308 to 1.79769e+308"},
		"bins":          {Histogram(three, 1, 2), "plots: Histogram: bins [1 2]: give one number between 1 and 10,000"},
		"no histogram":  {Histogram([]float64{nan}), "plots: Histogram: there are no finite values"},
		"ragged":        {Image([][]float64{three, two}), "plots: Image: row 1 has 2 values and row 0 has 3; they must be as many"},
		"one axis":      {Image(&cube{array{values: three}, shape{3}}), "plots: Image: the array has shape [3]; two axes can be drawn, so take a slice"},
		"three axes":    {Heat(&cube{array{values: three}, shape{1, 1, 3}}), "plots: Heat: the array has shape [1 1 3]; two axes can be drawn, so take a slice"},
		"edges":         {Heat(three, three, [][]float64{three}), "plots: Heat: y has 3 values and z has 1 rows; give as many, or one more for edges"},
		"no order":      {Heat([]int{1, 3, 2}, []int{1}, [][]float64{three}), "plots: Heat: x must rise all the way, or fall"},
		"band":          {Band(three, two), "plots: Band: x has 3 values, lo 3 and hi 2; they must be as many"},
		"bars":          {Bar([]string{"a"}, two), "plots: Bar: 1 names and 2 values; give as many, 1 to 60"},
		"box":           {Box(), "plots: Box: 0 sets of values; give 1 to 100"},
		"rgb":           {RGB(three), "plots: RGB: the array has shape [3]; give rows, columns and 3 or 4 colours"},
		"pairs":         {Histogram2D(three, nil), "plots: Histogram2D: y is nil"},
		"twin of none":  {newFigure().Twin(), "plots: Twin: there is nothing yet to be the twin of: add something to the first axis"},
		"grid of none":  {Grid(2), "plots: Grid: 0 figures in 2 columns: give 1 to 100 figures and a number of columns"},
		"no image":      {Image(3), "plots: Image: values is int; give a slice of numbers or an array with a method Float64s"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := message(test.f.Err()); got != test.want {
				t.Errorf("got error %q\nwant %q", got, test.want)
			}
			b := display.Render(test.f)
			if got := b.Data[display.TextPlain]; got != "no figure: "+test.want {
				t.Errorf("shows %q, want the message", got)
			}
			if b.Data[display.ImagePNG] != nil {
				t.Error("shows a picture beside the message")
			}
		})
	}
}

// TestTheRestIsShown: what is wrong is said below what is right.
func TestTheRestIsShown(t *testing.T) {
	three, two := []float64{1, 2, 3}, []float64{1, 2}
	for name, test := range map[string]struct {
		f    *Figure
		want string
	}{
		"lengths":   {Line(three).Line(three, two), "plots: Line: x has 3 values and y has 2; they must be as many"},
		"first":     {Line(three, two).Line(three).Line(nil), "plots: Line: x has 3 values and y has 2; they must be as many"},
		"log range": {Line(three).LogY().YRange(0, 3), "plots: range of y from 0 on a logarithmic axis: it must begin above 0"},
		"range":     {Line(three).XRange(3, 1), "plots: range of x from 3 to 1: the first must be the smaller and both finite"},
		"size":      {Line(three).Size(0, 10), "plots: size 0 x 10: width and height must lie between 100 and 4000 pixels"},
		"colours":   {Heat([][]float64{three}).Colours("jet"), `plots: Colours: there is no "jet"; there are cividis, diverging, grey, magma, viridis`},
		"into grid": {Grid(1, Line(three)).Line(two), "plots: a grid holds figures: add to one of them"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := message(test.f.Err()); got != test.want {
				t.Errorf("got error %q\nwant %q", got, test.want)
			}
			b := display.Render(test.f)
			if got := b.Data[display.TextPlain].(string); !strings.Contains(got, "not shown: "+test.want) {
				t.Errorf("shows %q, want the message in it", got)
			}
			if b.Data[display.ImagePNG] == nil || b.Data[display.TextHTML] != nil {
				t.Errorf("shows %d forms, want a picture and no HTML", len(b.Data))
			}
		})
	}
	f := Line(three).Line([]float64{nan}).Name("MODEL").LogY()
	if want := "nothing of MODEL can be drawn"; !strings.Contains(f.String(), want) || f.Err() != nil {
		t.Errorf("a layer of NaN: got %q and %v, want %q and no error", f, f.Err(), want)
	}
}

func TestBundle(t *testing.T) {
	wave, values := &array{values: []float64{3600, 3601, 3602, 3603}}, []float32{1, float32(nan), 3, 2}
	b := display.Render(Line(wave, values).Title("plate 3655 fiber 30").Labels("wavelength [Å]", "flux [1e-17 erg/s/cm²/Å]"))
	if b.Data[display.TextHTML] != nil {
		t.Error("a plot with HTML hides its picture")
	}
	want := `figure "plate 3655 fiber 30": line of 4 points, x 3600 to 3603, y 1 to 3; ` +
		`axes "wavelength [Å]" and "flux [1e-17 erg/s/cm²/Å]"`
	if got := b.Data[display.TextPlain]; got != want {
		t.Errorf("text: got %s\nwant %s", got, want)
	}
	picture, _ := b.Data[display.ImagePNG].([]byte)
	config, err := png.DecodeConfig(bytes.NewReader(picture))
	if err != nil || config.Width != 1600 || config.Height != 900 {
		t.Errorf("PNG of %d x %d, %v; want 1600 x 900", config.Width, config.Height, err)
	}
	if size := b.Metadata[display.ImagePNG].(map[string]int); size["width"] != 800 || size["height"] != 450 {
		t.Errorf("shown at %v, want 800 x 450", size)
	}
	if b.Data[display.ImageSVG] != nil {
		t.Error("a plot with SVG is blank in a page that nbconvert made")
	}
	svg, err := Line(wave, values).Title("plate 3655 fiber 30").Labels("wavelength [Å]", "flux [1e-17 erg/s/cm²/Å]").SVG()
	if err != nil {
		t.Fatal(err)
	}
	wellFormed(t, svg)
	for _, s := range []string{"wavelength [Å]", "erg/s/cm²/Å", "plate 3655 fiber 30"} {
		if !strings.Contains(svg, s) {
			t.Errorf("SVG does not hold %q", s)
		}
	}
}

func wellFormed(t *testing.T, svg string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(svg))
	for {
		if _, err := d.Token(); err == io.EOF {
			return
		} else if err != nil {
			t.Fatalf("SVG: %v", err)
		}
	}
}

func TestEveryKindDraws(t *testing.T) {
	for name, f := range everyKind() {
		t.Run(name, func(t *testing.T) {
			if _, err := f.PNG(); err != nil {
				t.Error(err)
			}
			pdf, err := f.PDF()
			if err != nil || !bytes.HasPrefix(pdf, []byte("%PDF-")) {
				t.Errorf("PDF of %d bytes, %v", len(pdf), err)
			}
			svg, err := f.SVG()
			if err != nil {
				t.Fatal(err)
			}
			wellFormed(t, svg)
			if strings.Contains(svg, "<script") || nowhere.MatchString(svg) {
				t.Errorf("SVG holds what it must not: %s", svg)
			}
			if strings.ContainsAny(f.String(), "\x00\x1b\u202e") {
				t.Errorf("text acts: %q", f)
			}
		})
	}
}

// nowhere is a coordinate that is no number.
var nowhere = regexp.MustCompile(` (d|x|y|width|height)="[^"]*(NaN|Inf)`)

// everyKind is figures of each kind and of what they must bear.
func everyKind() map[string]*Figure {
	three := []float64{1, 2, 3}
	rows := [][]float64{{1, 2, 3}, {4, nan, 6}, {7, 8, 12}}
	return map[string]*Figure{
		"line":            Line(three),
		"one point":       Line([]int{5}),
		"line of gaps":    Line([]float64{1, nan, 2, nan, math.Inf(1)}),
		"constant":        Line([]float64{1e-18, 1e-18}),
		"huge":            Line([]float64{0, math.MaxFloat64 / 2}),
		"subnormal":       Line([]float64{5e-324, 1e-323}),
		"close to each":   Line([]float64{1, 1 + 1e-15}),
		"step":            Step(three).Name("steps"),
		"scatter":         Scatter(three, three).Name("points"),
		"band":            Band(three, []float64{1, nan, 2}, three).Name("error").Line(three),
		"long band":       Band(places(5000), places(5000)).LogX().LogY(),
		"histogram":       Histogram([]float64{1, 2, 2, 3, nan}, 3).Name("counts"),
		"one value":       Histogram([]int{7, 7}),
		"log histogram":   Histogram([]float64{1, 10, 100}).LogX().LogY(),
		"histograms":      Histogram(three).Name("a").Histogram([]float64{2, 3, 4}).Name("b"),
		"pairs":           Histogram2D(three, three, 2).Log(),
		"pairs of one":    Histogram2D([]int{1}, []int{1}),
		"bars":            Bar([]string{"a", "<b>"}, []int{3, -2}),
		"boxes":           Box("a", three, []float64{nan}, "c", []float64{1, 2, 3, 4, 100}),
		"image":           Image([][]float32{{1, 2}, {3, 4}}),
		"image of shape":  Image(&cube{array{values: []float64{1, 2, 3, 4, 5, 6}}, shape{2, 3}}),
		"constant image":  Image([][]int{{1, 1}}),
		"image with line": Image([][]int{{1, 2}, {3, 4}}).Line(three),
		"heat":            Heat(rows).Colours("diverging"),
		"heat over axes":  Heat([]float64{1, 10, 100}, []float64{1, 2, 3, 4}, rows).LogX().Percentile(10, 90),
		"falling axes":    Heat([]float64{3, 2, 1}, []float64{30, 20, 10}, rows).Log(),
		"contour":         Contour(rows),
		"contour on heat": Heat(rows).Contour(rows).Title("both"),
		"flat contour":    Contour([][]int{{1, 1}, {1, 1}}),
		"rgb":             RGB([][][]uint8{{{255, 0, 0}, {0, 255, 0}}}),
		"twin":            Line(three).Labels("x", "left").Twin().Line(three).Labels("x", "right").LogY().Name("second"),
		"twin of image":   Heat(rows).Twin().Line(three),
		"grid":            Grid(2, Line(three), Heat(rows), Line([]float64{nan})).Title("grid"),
		"log":             Line(three, []float64{0.1, 0, 1e9}).LogX().LogY().Name("power"),
		"range":           Line(three).XRange(-1, 1.5).YRange(0, 10),
		"range elsewhere": Line(three).XRange(100, 200),
		"heat elsewhere":  Heat(rows).XRange(100, 200),
		"part of a heat":  Heat(rows).XRange(0.2, 0.8).YRange(-3, 1),
		"smallest":        Heat(rows).Size(100, 100).Labels("x", "y").Title("small"),
		"rest":            Line(three).Line(three, three[:1]).Title(strings.Repeat("long ", 100)),
		"hostile":         Line(three).Title("</text><script>\x00\u202e").Labels("<b>", "&\n").Name("\x1b"),
	}
}

func TestSave(t *testing.T) {
	dir := t.TempDir()
	f := Line([]int{1, 2})
	for _, name := range []string{"a.png", "a.SVG", "a.pdf"} {
		if err := f.Save(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
	if err := f.Save(filepath.Join(dir, "a.gif")); err == nil || !strings.HasSuffix(err.Error(), `a.gif": the name must end in .png, .svg or .pdf`) {
		t.Errorf("saving GIF: got %v", err)
	}
	if err := f.Save(filepath.Join(dir, "none", "a.png")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("saving into a missing folder: got %v", err)
	}
}

// TestGolden compares pictures of a few kinds, small ones, with those that somebody has looked at.
func TestGolden(t *testing.T) {
	rows := [][]float64{{0, 1, 0}, {1, 4, 1}, {0, 1, 0}}
	for name, f := range map[string]*Figure{
		"line":    Line([]float64{0, 1, 2, 4}, []float64{0, 1, nan, 3}).Title("golden").Labels("x", "y"),
		"band":    Band([]int{1, 2, 1}, []int{3, 3, 4}).Name("error").Line([]int{2, 2, 3}).Name("value"),
		"box":     Box("a", []int{1, 2, 3, 4, 9}, "b", []int{2, 3}),
		"bar":     Bar([]string{"QSO", "STAR"}, []int{3, 1}),
		"contour": Contour(rows),
		"twin":    Step([]int{1, 2}).Labels("t", "left").Twin().Line([]int{10, 1000}).Labels("t", "right").LogY(),
		"rest":    Line([]int{1, 2}).Line([]int{1}, []int{1, 2}),
	} {
		svg, err := f.Size(300, 200).SVG()
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join("testdata", name+".svg")
		if *update {
			if err := os.WriteFile(path, []byte(svg), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if svg != string(want) {
			t.Errorf("%s differs (go test ./plots -update writes it anew)\n got:\n%s\nwant:\n%s", path, svg, want)
		}
	}
}

func ExampleLine() {
	wave := []float64{3600, 3601, 3602}
	flux := []float32{1.5, 2.25, 1.75}
	fig := Line(wave, flux).Title("plate 3655 fiber 30").Labels("wavelength [Å]", "flux")
	os.Stdout.WriteString(fig.String())
	// Output:
	// figure "plate 3655 fiber 30": line of 3 points, x 3600 to 3602, y 1.5 to 2.25; axes "wavelength [Å]" and "flux"
}
