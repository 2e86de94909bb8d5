package tests

import (
	"slices"
	"strings"
	"testing"
)

// TestAssist completes and inspects through the real client: what is in an open file, files, values;
// also while a cell runs, and in code that does not compile.
func TestAssist(t *testing.T) {
	w := newWorkspace(t)
	k := startKernel(t, w, nil, map[string]string{"sample.h5": w.sample})
	k.mustRun(`f := h5.Open("sample.h5"); total := 41`+"\ntotal + 1", "42")
	k.mustRun("type P struct { X int; name string }\nfunc (p P) String() string { return p.name }\nvar boxed any = P{1, `a`}\nvar said fmt.Stringer = &P{2, `b`}", "")
	for code, want := range map[string]string{
		"boxed":  "var boxed any\n\n{1 \"a\"}\n",
		"said":   "var said fmt.Stringer\n\n&{2 \"b\"}\n",
		"f":      "var f *h5.File\n\nfile \"sample.h5\" (read-only)",
		"P":      "type P struct {\n\tX int\n\tname string\n}\nfunc (P).String() string\n",
		"nosuch": "",
	} {
		if got := k.inspect(code); !strings.HasPrefix(got, want) {
			t.Errorf("inspect %s: got %q, want %q first", code, got, want)
		}
	}
	check := func(when string) {
		for _, tt := range []struct {
			code, want string
			start      int
		}{
			{`f.Dataset("36`, "3655/", 11},
			{`x := "é"; f.Dataset("3655/55`, "55240/", 26},
			{`f.Dataset("3655/55240/30/coadd").Field("WAVED`, "WAVEDISP", 40},
			{`h5.Open("sam`, "sample.h5", 9},
			{`y := ; strings.HasP`, "HasPrefix", 15},
			{`h5.Open("sample.h5").Datas`, "Dataset", 21},
		} {
			var got struct {
				Matches    []string
				Start, End int
				Failed     string
			}
			k.ask(&got, map[string]any{"do": "complete", "code": tt.code, "timeout": 10})
			if !slices.Equal(got.Matches, []string{tt.want}) || got.Start != tt.start {
				t.Errorf("%s: complete %s: got %q from %d %s, want %s from %d", when, tt.code, got.Matches, got.Start, got.Failed, tt.want, tt.start)
			}
		}
		for code, want := range map[string]string{
			"total":                  "var total int\n\n41\n",
			`strings.Repeat("a", `:   "func strings.Repeat(s string, count int) string\n                              ^^^^^^^^^\n",
			"f.Dataset":              "func (*h5.File).Dataset(p string, opts ...h5.Option) (*h5.Dataset, error)",
			"fmt.Println(len(total)": "func fmt.Println(",
		} {
			if got := k.inspect(code); !strings.HasPrefix(got, want) {
				t.Errorf("%s: inspect %s: got %q, want %q first", when, code, got, want)
			}
		}
	}
	check("idle")
	k.begin("for { }")
	check("while a cell runs")
	k.interrupt()
	if o := k.wait(); o.Name != "interrupted" {
		t.Errorf("the cell that ran ended with %q %q, want interrupted", o.Name, o.Value)
	}
}

// inspect asks about the end of code.
func (k *kernel) inspect(code string) string {
	k.t.Helper()
	var got struct{ Text, Failed string }
	k.ask(&got, map[string]any{"do": "inspect", "code": code, "timeout": 10})
	if got.Failed != "" {
		k.t.Errorf("inspect %s: %s", code, got.Failed)
	}
	return got.Text
}
