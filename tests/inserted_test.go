package tests

import (
	"fmt"
	"strings"
	"testing"

	"gofive/kernel/kerneltest"
)

// The cell that a page inserts runs as it is, and shows what was seen.
func TestInsertedCode(t *testing.T) {
	s := serve(t)
	c := kerneltest.NewClient(t, s.dial(), s.conn)
	p := browse(t, c, "page")
	for _, code := range []string{`f := h5.Create("seen.h5")
f.Set("flux", [][]float32{{1, 2, 3, 4}, {5, 6, 7, 9}})
f.Set("noise", [][]float32{{1, 1, 1, 1}, {2, 2, 2, 2}})
f.Set("wave", []float64{3, 4, 5, 6})
f.Set("rows", []struct{ A, B float64 }{{1, 20}, {3, 40}, {2, 30}})
f.Set("z", []complex128{1, 2i, 3, 4})
f.Close()`, `boss.Sample("sample.h5", boss.SampleOptions{})`} {
		if x := c.Execute(code); x.Get("status") != "ok" {
			t.Fatalf("%s", x.Reply.Content)
		}
	}
	type m = map[string]any
	flux := func(row int, sel string) m {
		return m{"path": "/flux", "sel": fmt.Sprintf("%d, %s", row, sel), "label": fmt.Sprint("row ", row)}
	}
	for _, tt := range []struct {
		ask  m
		want []string // of what it says in words
	}{
		{m{"path": "/flux", "show": "line", "series": []m{flux(1, ":")}, "x": m{"path": "/wave"}, "look": m{"logy": true, "labels": []string{"wave", "flux [Jy]"}}}, []string{"4 points", "x 3 to 6", "y 5 to 9", "flux [Jy]"}},
		{m{"path": "/flux", "show": "line", "series": []m{flux(0, "1:3"), flux(1, "1:3")}, "look": m{"range": []float64{1, 2}}}, []string{"row 0", "row 1", "x 1 to 2"}},
		{m{"path": "/flux", "show": "line", "series": []m{flux(1, ":")}, "x": m{"path": "/wave"}, "errors": m{"path": "/noise"}}, []string{"band", "line"}},
		{m{"path": "/rows", "show": "points", "series": []m{{"path": "/rows", "field": "B", "label": "B"}}, "x": m{"path": "/rows", "field": "A"}}, []string{"3 points", "y 20 to 40"}},
		{m{"path": "/z", "show": "line", "series": []m{{"path": "/z", "component": "imaginary", "label": "z"}, {"path": "/wave", "label": "wave"}}}, []string{"z", "wave"}},
		{m{"path": "/rows", "show": "table", "sort": "-A", "filter": "B > 20"}, []string{"40", "30"}},
		{m{"path": "/flux", "show": "image", "look": m{"colours": "diverging", "percentile": []float64{1, 99}, "log": true, "turned": true, "labels": []string{"a", "b"}}}, []string{"4 x 2"}},
		{m{"file": "path:sample.h5", "path": "/3655/55240/30/coadd", "show": "spectrum", "spectrum": m{"fiber": 30, "z": 0.5, "smooth": 3, "lines": true,
			"looks": []string{"RestFrame", "WithSky", "WithoutMasks", "WithoutModel"}, "range": []float64{3500, 4500}}}, []string{"3655", "flux"}},
	} {
		if tt.ask["file"] == nil {
			tt.ask["file"] = "path:seen.h5"
		}
		tt.ask["op"], tt.ask["scaled"] = "stat", true
		d, _ := p.do(tt.ask)
		var lines []string
		for _, line := range d["code"].([]any) {
			lines = append(lines, line.(string))
		}
		code := strings.Join(lines, "\n")
		x := c.Execute(code)
		if x.Get("status") != "ok" {
			t.Errorf("%s\n%s", code, x.Reply.Content)
			continue
		}
		said := inWords(x)
		for _, want := range tt.want {
			if !strings.Contains(said, want) {
				t.Errorf("%s\nsays %s, without %q", code, said, want)
			}
		}
	}
}

// inWords is the plain text of what a cell shows.
func inWords(x *kerneltest.Exchange) string {
	var b strings.Builder
	for _, m := range x.Published {
		if data, ok := kerneltest.Content(m)["data"].(map[string]any); ok {
			fmt.Fprintln(&b, data["text/plain"])
		}
	}
	return b.String()
}
