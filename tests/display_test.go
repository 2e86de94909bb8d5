package tests

import (
	"fmt"
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

// TestProgress leaves loops by every way and looks at how their bars end.
func TestProgress(t *testing.T) {
	k := startKernel(t, newWorkspace(t), nil, nil)
	for _, test := range []struct{ name, code, last, fails string }{
		{"all of a slice", "sum := 0\nfor x := range display.Track([]int{1, 2, 3}, \"add\") { sum += x }\nfmt.Print(sum)", "add 100% |████████████████████| 3 of 3 in ", ""},
		{"an integer", "for i := range display.TrackN(10) { sum += i }", "100% |████████████████████| 10 of 10 in ", ""},
		{"a map", "for k, v := range display.TrackMap(map[string]int{\"a\": 1}) { _, sum = k, sum + v }", "100% |████████████████████| 1 of 1 in ", ""},
		{"a sequence", "for x := range display.TrackSeq(slices.Values([]int{1, 2}), 0) { sum += x }", "2 in ", ""},
		{"break", "for x := range display.Track([]int{1, 2, 3, 4}) { if x == 3 { break } }", " 50% |██████████          | 2 of 4, stopped after ", ""},
		{"return", "func f() int { for x := range display.TrackN(4) { if x == 1 { return x } }; return 9 }\nf()", " 25% |█████               | 1 of 4, stopped after ", ""},
		{"panic", "for x := range display.TrackN(4) { if x == 2 { panic(\"here\") } }", " 50% |██████████          | 2 of 4, stopped after ", "panic: here"},
		{"left without Done", "p := display.Progress(2, \"half\")\np.Add(1)", "half  50% |██████████          | 1 of 2, ", ""},
		{"and ended later", "p.Done()", "half  50% |██████████          | 1 of 2, stopped after ", ""},
	} {
		o := k.run(test.code)
		last, _ := o.last()["text/plain"].(string)
		if !strings.HasPrefix(last, test.last) || !strings.Contains(o.Traceback, test.fails) {
			t.Errorf("%s: ends as %q\n%s\nwant %q and %q", test.name, last, o.Traceback, test.last, test.fails)
		}
	}
	o, interrupted := k.runOrInterrupt("for range display.TrackN(1_000_000_000, \"long\") {}", 1)
	if last, _ := o.last()["text/plain"].(string); !interrupted || !strings.HasPrefix(last, "long   0% |") || !strings.Contains(last, "stopped after") {
		t.Errorf("an interrupted loop ends as %q", last)
	}
}

// last gives what was shown last by an update.
func (o outcome) last() map[string]any {
	if len(o.Updates) == 0 {
		return nil
	}
	return o.Updates[len(o.Updates)-1]
}
