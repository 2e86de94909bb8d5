package plots

import (
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gofive/display"
)

// spec is the Vega-Lite form of a figure as front ends get it.
func spec(t *testing.T, f *Figure) map[string]any {
	t.Helper()
	raw, ok := display.Render(f).Data[display.VegaLite].(json.RawMessage)
	if !ok {
		return nil
	}
	if len(raw) > maxSpec {
		t.Errorf("the specification has %d bytes", len(raw))
	}
	var out map[string]any
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatalf("%v in %.300s", err, raw)
	}
	return out
}

// data gives the values of all layers of a specification.
func data(node any) [][]any {
	var out [][]any
	switch n := node.(type) {
	case map[string]any:
		if d, ok := n["data"].(map[string]any); ok {
			out = append(out, d["values"].([]any))
		}
		for name, v := range n {
			if name != "data" {
				out = append(out, data(v)...)
			}
		}
	case []any:
		for _, v := range n {
			out = append(out, data(v)...)
		}
	}
	return out
}

// TestVegaIsBounded: however much there is, few points stand in a notebook.
func TestVegaIsBounded(t *testing.T) {
	n := 60_000
	x, y, noise := make([]float64, n), make([]float64, n), make([][]float64, 190)
	for i := range x {
		x[i], y[i] = math.Sin(float64(i)*1.7), math.Sin(float64(i)*0.37)*math.Cos(float64(i))
	}
	for i := range noise {
		noise[i] = x[i*300 : i*300+300]
	}
	for name, f := range map[string]*Figure{
		"line":    Line(x).Line(y),
		"scatter": Scatter(x, y),
		"band":    Band(places(n), x, y),
		"pairs":   Histogram2D(x, y),
		"image":   Image(noise),
		"boxes":   Box(x, y, []float64{1, 2, 3, 1e9}),
		"grid":    Grid(2, Line(x), Scatter(x, y), Heat(noise), Histogram(x)),
	} {
		s := spec(t, f)
		if s == nil {
			t.Errorf("%s: not said", name)
		}
		points := 0
		for _, values := range data(s) {
			points += len(values)
		}
		if points == 0 || points > maxPoints+10 {
			t.Errorf("%s: %d points, want at most %d", name, points, maxPoints)
		}
	}
}

// TestVegaKeepsSpikes: one value of a hundred thousand is still there, and so is a gap.
func TestVegaKeepsSpikes(t *testing.T) {
	y := make([]float64, 100_000)
	y[54_321] = 7
	for i := 60_000; i < 70_000; i++ {
		y[i] = nan
	}
	values := data(spec(t, Line(y)))[0]
	spikes, gaps := 0, 0
	for _, v := range values {
		switch v.(map[string]any)["y"] {
		case 7.0:
			spikes++
		case nil:
			gaps++
		}
	}
	if spikes != 1 || gaps < 100 {
		t.Errorf("got %d spikes and %d gaps, want 1 and some hundred", spikes, gaps)
	}
}

func TestVegaSays(t *testing.T) {
	rows := [][]float64{{1, 2}, {3, 4}}
	for name, test := range map[string]struct {
		f    *Figure
		want []string // in the specification
	}{
		"line": {Line([]float64{1, nan, 3}).Labels("t [s]", "U").Title("a line"),
			[]string{`{"x":1,"y":null}`, `"text":["a line"]`, `"title":"t [s]"`, `"bind":"scales"`, `"type":"line"`}},
		"lone point": {Line([]float64{1, nan, 3}), []string{`"type":"circle"`, `[{"x":0,"y":1},{"x":2,"y":3}]`}},
		"legend":     {Line([]int{1, 2}).Name("</script>").Line([]int{2, 3}).Name("b"), []string{`"domain":["\u003c/script\u003e","b"]`, `"range":["#1b5fa8","#d95f0e"]`}},
		"log":        {Line([]float64{1, 0, 100}).LogY(), []string{`"type":"log"`, `{"x":1,"y":null}`}},
		"no order":   {Line([]float64{2, 1, 3}, []float64{1, 2, 3}), []string{`"order":{"field":"i"`}},
		"step":       {Step([]int{1, 2}), []string{`"interpolate":"step-after"`}},
		"band":       {Band([]int{1, 2}, []int{3, 4}), []string{`"type":"area"`, `{"x":0,"y":1,"y2":3}`}},
		"histogram":  {Histogram([]int{1, 1, 3}, 2), []string{`{"x":1,"x2":2,"y":2,"y2":0}`}},
		"bars":       {Bar([]string{"QSO"}, []int{3}), []string{`{"from":0,"name":"QSO","v":3}`}},
		"log bars":   {Bar([]string{"a"}, []int{30}).LogX(), []string{`{"from":0.`, `"v":30}`}},
		"boxes":      {Box("a", []int{1, 2, 3}), []string{`"median":2`}},
		"heat":       {Heat(rows).Log(), []string{`"url":{"field":"u"`, `"u":"data:image/png;base64,`, `"type":"log"`, `{"v":1,"x":-0.5,"x2":0.5,"y":-0.5,"y2":0.5}`}},
		"image":      {Image(rows), []string{`"reverse":true`}},
		"contour":    {Contour([][]int{{0, 0, 0}, {0, 8, 0}, {0, 0, 0}}), []string{`"detail":{"field":"k"`}},
		"twin":       {Line([]int{1, 2}).Twin().Line([]int{10, 20}).Labels("x", "K"), []string{`"orient":"right"`, `"y":"independent"`, `"encodings":["x"]`}},
		"grid":       {Grid(1, Line([]int{1}), Line([]int{2})), []string{`"columns":1`, `"zoom0"`, `"zoom1"`}},
		"remarks":    {Line([]int{1, 2}).Line([]int{1}, []int{1, 2}), []string{`"subtitle":["not shown: plots: Line: x has 1 values`}},
		"many names": {Of(map[string][]int{"a": {1}, "b": {2}}), []string{`"as":"name"`}},
	} {
		raw, _ := display.Render(test.f).Data[display.VegaLite].(json.RawMessage)
		for _, want := range test.want {
			if !strings.Contains(string(raw), want) {
				t.Errorf("%s: no %s in\n%.1500s", name, want, raw)
			}
		}
	}
	if s := spec(t, Heat(rows).Twin().Line([]int{1, 2})); s != nil {
		t.Errorf("a second axis over a picture is said, as %v", s)
	}
}

// vegaCheck validates specifications with Vega-Lite's own schema and compiles them; a warning fails too.
const vegaCheck = `
const fs = require('fs'), path = require('path');
(async () => {
  const lite = await import('vega-lite'), Ajv = (await import('ajv')).default;
  const schema = JSON.parse(fs.readFileSync(path.join('node_modules', 'vega-lite', 'build', 'vega-lite-schema.json')));
  const valid = new Ajv({strict: false, validateFormats: false}).compile(schema);
  for (const file of fs.readdirSync(process.argv[2])) {
    const spec = JSON.parse(fs.readFileSync(path.join(process.argv[2], file)));
    if (!valid(spec)) console.log(file, 'schema', JSON.stringify(valid.errors.slice(-3)));
    const say = what => (...text) => { console.log(file, what, text.join(' ')); return log; };
    const log = {level: () => log, info: () => log, debug: () => log, warn: say('warns'), error: say('fails')};
    try { lite.compile(spec, {logger: log}); } catch (err) { console.log(file, 'fails', err.message); }
  }
})();
`

// TestVegaCompiles asks Vega-Lite itself about every kind of figure. VEGA_LITE names a folder with
// node_modules of vega-lite 5, vega 5 and ajv 8.
func TestVegaCompiles(t *testing.T) {
	folder := os.Getenv("VEGA_LITE")
	if folder == "" {
		t.Skip("SKIP: VEGA_LITE names no folder with vega-lite@5, vega@5 and ajv@8 of npm")
	}
	dir := t.TempDir()
	for name, f := range everyKind() {
		if raw, ok := display.Render(f).Data[display.VegaLite].(json.RawMessage); ok {
			if err := os.WriteFile(filepath.Join(dir, name), raw, 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
	cmd := exec.Command("node", "-", dir)
	cmd.Dir, cmd.Stdin = folder, strings.NewReader(vegaCheck)
	if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("%v\n%s", err, out)
	}
}
