package tests

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestShow has values of cells' types show themselves, by methods that need nothing of ours.
func TestShow(t *testing.T) {
	k := startKernel(t, newWorkspace(t), nil, nil)
	for _, test := range []struct{ name, code, want, stderr string }{
		{"HTML of a value", "type A struct{ n int }\nfunc (a A) HTML() string { return fmt.Sprint(\"<b>\", a.n, \"</b>\") }\nA{3}", "map[text/html:<b>3</b> text/plain:{3}]", ""},
		{"of a pointer to it", "&A{4}", "map[text/html:<b>4</b> text/plain:&{4}]", ""},
		{"of a pointer's method", "type P struct{ s string }\nfunc (p *P) Markdown() string { return \"*\" + p.s + \"*\" }\nfunc (p *P) Latex() string { return \"$x$\" }\n&P{\"m\"}", "map[text/latex:$x$ text/markdown:*m* text/plain:&{m}]", ""},
		{"which a value has not", "P{\"m\"}", "map[text/plain:{m}]", ""},
		{"embedded methods", "type F struct{ A }\nF{A{6}}", "map[text/html:<b>6</b> text/plain:{{6}}]", ""},
		{"embedded pointers", "type G struct{ *P }\nfunc (G) String() string { return \"g\" }\nG{&P{\"g\"}}", "map[text/latex:$x$ text/markdown:*g* text/plain:g]", ""},
		{"bytes", "type I int\nfunc (i I) PNG() []byte { return []byte{1, byte(i)} }\nfunc (i I) JPEG() []byte { return nil }\nI(2)", "map[image/png:AQI= text/plain:2]", ""},
		{"JSON", "type J map[string]int\nfunc (j J) JSON() any { return map[string]any{\"n\": j[\"n\"], \"a\": A{1}} }\nJ{\"n\": 2}", "map[application/json:map[a:map[] n:2] text/plain:map[n:2]]", ""},
		{"a bundle", "type B struct{}\nfunc (B) MimeBundle() map[string]any { return map[string]any{\"text/html\": \"<i>\", \"text/plain\": \"b\", \"application/x\": []int{1}} }\nfunc (B) HTML() string { return \"no\" }\nB{}", "map[application/x:[1] text/html:<i> text/plain:b]", ""},
		{"a panic costs a form", "type Q struct{}\nfunc (Q) HTML() string { panic(\"no \" + fmt.Sprint(1)) }\nfunc (Q) SVG() string { var p *P; return p.s }\nfunc (Q) Markdown() string { return \"m\" }\nQ{}", "map[text/markdown:m text/plain:{}]",
			"display: panic in method HTML: no 1\ndisplay: panic in method SVG: runtime error: invalid memory address or nil pointer dereference\n"},
		{"with an error beside it", "type E struct{ n int }\nfunc (e E) HTML() (string, error) { if e.n < 0 { return \"\", fmt.Errorf(\"%d is negative\", e.n) }; return fmt.Sprint(e.n), nil }\nfunc (e *E) PNG() ([]byte, error) { return []byte{1}, nil }\n&E{1}", "map[image/png:AQ== text/html:1 text/plain:&{1}]", ""},
		{"that is one", "E{-3}", "map[text/plain:{-3}]", "display: method HTML: -3 is negative\n"},
		{"other types of text", "type V struct{}\nfunc (V) HTML() template.HTML { return \"<i>\" }\nfunc (V) SVG() []byte { return []byte(\"<svg>\") }\nV{}", "map[image/svg+xml:<svg> text/html:<i> text/plain:{}]", ""},
		{"a bundle of texts", "type M struct{}\nfunc (M) MimeBundle() (map[string]string, error) { return map[string]string{\"text/html\": \"<i>\"}, nil }\nM{}", "map[text/html:<i> text/plain:{}]", ""},
		{"an error of a cell's type", "type no struct{}\nfunc (no) Error() string { return \"no\" }\ntype W struct{}\nfunc (W) Latex() (string, error) { return \"x\", no{} }\nW{}", "map[text/plain:{}]", "display: method Latex: no\n"},
		{"a method that is another", "type O struct{}\nfunc (O) HTML(int) string { return \"a\" }\nfunc (O) SVG() int { return 3 }\nfunc (O) Latex() (string, int) { return \"x\", 1 }\nO{}", "map[text/plain:{}]", ""},
		{"a generic type", "type L[T any] struct{ v T }\nfunc (l L[T]) HTML() string { return fmt.Sprint(l.v) }\nvar l any = L[string]{\"l\"}\nl", "map[text/html:l text/plain:{l}]", ""},
		{"a function's", "type K func() string\nfunc (k K) Markdown() string { return k() }\ndisplay.Render(K(func() string { return \"k\" })).Data[\"text/markdown\"]", "map[text/plain:k]", ""},
		{"and the cell nothing", "func fails() { var a []int; _ = a[len(a)] }\n_ = Q{}\n7", "map[text/plain:7]", ""},
	} {
		o := k.run(test.code)
		if got := fmt.Sprint(o.Result); got != test.want || o.Stderr != test.stderr {
			t.Errorf("%s: shows %s and says %q, want %s and %q\n%s", test.name, got, o.Stderr, test.want, test.stderr, o.Traceback)
		}
	}
	o := k.run("display.Show(A{1}, &P{\"s\"}, Q{})")
	want := "[map[text/html:<b>1</b> text/plain:{1}] map[text/latex:$x$ text/markdown:*s* text/plain:&{s}] map[text/markdown:m text/plain:{}]]"
	if got := fmt.Sprint(o.Displays); got != want || o.Result != nil {
		t.Errorf("Show displays %s, with the value %v; want %s and none", got, o.Result, want)
	}
}

// TestUpdates changes what is shown: in later cells, in goroutines beside them, by clearing.
func TestUpdates(t *testing.T) {
	k := startKernel(t, newWorkspace(t), nil, nil)
	k.run("h := display.Show(1, display.HTML(\"<b>\"))")
	o := k.run("h.Update(2, 3)")
	if got, want := fmt.Sprint(o.Updates), "[map[text/plain:2] map[text/plain:3]]"; got != want {
		t.Errorf("updates %s, want %s", got, want)
	}
	k.run("updated := make(chan bool)\ngo func() { h.Update(\"late\", 4); updated <- true }()")
	o = k.run("<-updated\ndisplay.Show(5)\ndisplay.Clear(true)\ndisplay.Clear(false)")
	if got, want := strings.Join(o.Order, " "), "status execute_input display_data clear_output clear_output status"; got != want {
		t.Errorf("got the messages %s, want %s", got, want)
	}
	if o = k.run("h.Update(1)"); !strings.Contains(o.Traceback, "update with 1 values where 2 are shown") {
		t.Errorf("an update of one of two: %s", o.Traceback)
	}
}

// TestProgress leaves loops by every way, after the two seconds from which on a bar shows, and looks at how the
// bars end; a loop that is over sooner shows none. The loops are slow until their bar has been seen.
func TestProgress(t *testing.T) {
	k := startKernel(t, newWorkspace(t), nil, nil)
	seen := filepath.Join(t.TempDir(), "seen")
	o := k.run("sum := 0\nfor i := range progress.Over(10) { sum += i }\nslow := func() {\n\tfor {\n\t\t" +
		fmt.Sprintf("if _, err := os.Stat(%q); err == nil { return }", seen) + "\n\t\ttime.Sleep(10 * time.Millisecond)\n\t}\n}")
	if len(o.Displays) > 0 || len(o.Updates) > 0 || o.Traceback != "" {
		t.Errorf("a short loop shows %v %v %s", o.Displays, o.Updates, o.Traceback)
	}
	for _, test := range []struct{ name, code, first, last, fails string }{
		{"all of a slice", "for i, x := range progress.Each([]string{\"a\", \"b\"}, \"add\") { fmt.Print(i, x); if i == 0 { slow() } }",
			"add   0% |", "add 100% |████████████████████| 2 of 2 in SPAN, ", ""},
		{"break", "for i := range progress.Over(4) { if i == 2 { break }; if i == 0 { slow() } }",
			"  0% |", " 50% |██████████          | 2 of 4, stopped after SPAN, ", ""},
		{"panic", "for i := range progress.Over(4) { slow(); if i == 1 { panic(\"here\") } }",
			"  0% |", " 25% |█████               | 1 of 4, stopped after SPAN, ", "panic: here"},
		{"left without Done", "p := progress.New(2, \"half\")\np.Add(1)\nslow()\np.Add(0)",
			"half  50% |", "half  50% |██████████          | 1 of 2, ", ""},
		{"and ended later", "p.Done()", "", "half  50% |██████████          | 1 of 2, stopped after SPAN, ", ""},
	} {
		k.send(test.code)
		if test.first != "" {
			k.until(test.first)
			if err := os.WriteFile(seen, nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		o := k.wait()
		os.Remove(seen)
		last, _ := o.last()["text/plain"].(string)
		if !strings.HasPrefix(spans.ReplaceAllString(last, "$1 SPAN"), test.last) || !strings.Contains(o.Traceback, test.fails) {
			t.Errorf("%s: ends as %q\n%s\nwant %q and %q", test.name, last, o.Traceback, test.last, test.fails)
		}
	}
	o = k.runUntil("for range progress.Over(1_000_000_000_000, \"long\") {}", "long   0% |")
	if last, _ := o.last()["text/plain"].(string); o.Name != "interrupted" || !strings.HasPrefix(last, "long   0% |") || !strings.Contains(last, "stopped after") {
		t.Errorf("an interrupted loop ends as %q: %s %q", last, o.Name, o.Value)
	}
}

// spans are how long something took, as a bar tells it.
var spans = regexp.MustCompile(`(in|after) ([\d.]+ s|\d+:\d\d min)`)

// TestLongReductions draws a line of 10^7 samples, of which a single one sticks out. Then it goes through
// datasets of 800 GB, of which nothing is on the disk: bars show how far the cells are, and interrupts end them.
func TestLongReductions(t *testing.T) {
	k := startKernel(t, newWorkspace(t), nil, nil)
	k.run("f := h5.Create(\"long.h5\")\nd := f.CreateDataset(\"x\", h5.Float64, h5.Shape{100_000_000_000})\ne := f.CreateDataset(\"y\", h5.Float32, h5.Shape{100_000_000_000}, h5.DatasetCreate{Chunks: h5.Shape{1_000_000}, Gzip: 1})")
	k.run("s := f.CreateDataset(\"s\", h5.Float32, h5.Shape{10_000_000})\ns.Write([]float32{5}, \"7654321:7654322\")")
	k.mustRun("plots.Line(s).String()", "figure: line of 10,000,000 points, x 624.5 to 9.99937e+06, y 0 to 5")
	k.mustRun("plots.Line(s.Part(\"7000000:8000000\")).String()", "figure: line of 1,000,000 points, x 62 to 999937, y 0 to 5")
	for _, test := range []struct{ code, label string }{
		{"d.Mean()", "average /x"},
		{"d.Histogram2D(e, 10, 10, h5.Between(0, 1), h5.Between(0, 1))", "count pairs of /x"},
		{"plots.Line(e)", "find the extremes of /y"},
	} {
		o := k.runUntil(test.code, test.label)
		last, _ := o.last()["text/plain"].(string)
		if !strings.HasPrefix(last, test.label) || !strings.Contains(last, "of 100,000,000,000, stopped after") || o.Name != "interrupted" {
			t.Errorf("%s: ends as %q: %s %q %s", test.code, last, o.Name, o.Value, o.Traceback)
		}
		if !strings.Contains(fmt.Sprint(o.last()["text/html"]), "<progress value=") {
			t.Errorf("%s: shows %v", test.code, o.last())
		}
	}
}

// runUntil runs a cell, and interrupts it when it has printed or shown a text.
func (k *kernel) runUntil(code, text string) outcome {
	k.t.Helper()
	k.send(code)
	k.until(text)
	k.interrupt()
	return k.wait()
}

// last gives what the only display of a cell, perhaps of an earlier one, shows at its end.
func (o outcome) last() map[string]any {
	all := append(o.Displays, o.Updates...)
	if len(all) == 0 {
		return nil
	}
	return all[len(all)-1]
}
