package cell_test

import (
	"strings"
	"testing"

	"gofive/kernel/cell"
	"gofive/kernel/cell/exports"
)

// nativeLines are lines of cells and what the Go compiler gets in their place.
var nativeLines = []struct{ name, cell, want string }{
	{"endless loop", "func f() {\n\tfor {\n\t}\n}", "\tfor { if *gofiveStop { gofiveHalt() };"},
	{"flag", "func f() {\n\tfor {\n\t}\n}", "func f() { gofiveStop := gofiveFlag;"},
	{"range over a slice", "func f(x []int) (s int) {\n\tfor i := range x { s += x[i] }\n\treturn s\n}", "\tfor i, gofiveX := 0, x; i < len(gofiveX); { if *gofiveFlag { gofiveHalt() }; for gofiveEnd := min(len(gofiveX), i+4096); i < gofiveEnd; i++ { s += x[i] }}"},
	{"range over values", "func f(x []int) (s int) {\n\tfor _, v := range x { if v == 3 { continue }; s += v }\n\treturn s\n}", "gofiveI++ { v := gofiveX[gofiveI]; if v == 3 { continue }; s += v }}"},
	{"range over an int", "func f(n int) (s int) {\n\tfor i := range n { s += i }\n\treturn s\n}", "\tfor i, gofiveX := 0, int(n); i < gofiveX; {"},
	{"three clauses", "func f(n int) (s int) {\n\tfor i := 0; i < n; i++ { s ^= i }\n\treturn s\n}", "\tfor i := 0; i < n; { if *gofiveFlag { gofiveHalt() }; for gofiveEnd := min(n, i+4096); i < gofiveEnd; i++ { s ^= i }}"},
	{"from anywhere", "func f(x []int, i int) (s int) {\n\tfor j := i; j < len(x); j++ { s += x[j] }\n\treturn s\n}", "gofiveEnd := min(len(x), j+4096)"},

	{"quick method", "type T struct{ n int }\nfunc (t *T) inc(k int) { t.n += abs(k) }\nfunc abs(k int) int { if k < 0 { return -k }; return k }\nfunc f(n int, t *T) {\n\tfor i := range n { t.inc(i) }\n}", "i++ { t.inc(i) }}"},
	{"quick method of an interface", "type I interface{ m(int) int }\ntype T int\nfunc (t T) m(k int) int { return k + int(t) }\nfunc f(n int) (s int) {\n\tis := []I{T(1)}\n\tfor i := range n { s += is[0].m(i) }\n\treturn\n}", "i++ { s += is[0].m(i) }}"},
	{"slow method of an interface", "type I interface{ m(int) int }\ntype T []int\nfunc (t T) m(k int) int { t[0]++; return k }\ntype U int\nfunc (u U) m(k int) int { for { } }\nfunc f(n int) (s int) {\n\tis := []I{T(nil)}\n\tfor i := range n { s += is[0].m(i) }\n\treturn\n}", "\tfor i := range n { if *gofiveStop"},
	{"slow function", "func g(k int) string { return fmt.Sprint(k) }\nfunc f(n int) {\n\tfor i := range n { g(i) }\n}", "\tfor i := range n { if *gofiveStop"},
	{"recursive function", "func g(k int) int { if k == 0 { return 0 }; return g(k-1) }\nfunc f(n int) (s int) {\n\tfor i := range n { s += g(i) }\n\treturn\n}", "gofiveStop := gofiveFlag;\n\tfor i := range n { if *gofiveStop"},

	{"perhaps beyond the last int", "func f(k, n int) (s int) {\n\tfor i := k; i < n; i++ { s ^= i }\n\treturn s\n}", "\tfor i := k; i < n; i++ { if *gofiveStop { gofiveHalt() }; s ^= i }"},
	{"leaves", "func f(n int) (s int) {\n\tfor i := range n { if i == 3 { break }; s += i }\n\treturn s\n}", "\tfor i := range n { if *gofiveStop"},
	{"calls", "func f(n int) {\n\tfor i := range n { println(i) }\n}", "\tfor i := range n { if *gofiveStop"},
	{"closure", "func f(n int) (fs []func() int) {\n\tfor i := range n { g := func() int { return i }; fs[i] = g }\n\treturn\n}", "\tfor i := range n { if *gofiveStop"},
	{"limit changes", "func f(n int) {\n\tfor i := 0; i < n; i++ { n-- }\n}", "\tfor i := 0; i < n; i++ { if *gofiveStop"},
	{"limit may change", "func f(n int) {\n\tp := &n\n\tfor i := 0; i < n; i++ { *p-- }\n}", "\tfor i := 0; i < n; i++ { if *gofiveStop"},
	{"counter changes", "func f(n int) (s int) {\n\tfor i := range n { i *= 2; s += i }\n\treturn\n}", "\tfor i := range n { if *gofiveStop"},
	{"strings grow", "func f(n int) (s string) {\n\tfor range n { s += s }\n\treturn s\n}", "\tfor range n { if *gofiveStop"},
	{"min of the cell", "func min(a, b int) int { return 5 }\nfunc f(n int) (s int) {\n\tfor i := range n { s += i }\n\treturn s + min(1, 2)\n}", "func min2(a, b int) int"},
	{"panic of the cell", "func panic(a int) int { return a }", "func panic2(a int) int"},
	{"min of the function", "func f(n int) (s int) {\n\tmin := 3\n\tfor i := range n { s += i }\n\treturn s + min\n}", "\tfor i := range n { if *gofiveStop"},
	{"channel", "func f(c chan int) {\n\tfor range c { }\n}", "\tfor range c { if *gofiveStop"},
	{"other loops inside", "func f(n int) (s int) {\n\tfor i := 0; i < n; i++ { for j := n; j > i; j-- { s++ } }\n\treturn\n}", "\tfor i := 0; i < n; i++ { if *gofiveStop { gofiveHalt() }; for j := n; j > i; j-- { if *gofiveStop"},
	{"goto", "func f() {\nL:\n\tgoto L\n}", "\t{ if *gofiveFlag { gofiveHalt() };goto L}"},

	{"short", "func f(x *[3]int) {\n\tfor i := range 3 { x[i] = 2 }\n\tfor j := 0; j < 100; j++ { x[1]++ }\n\tfor k := range x { x[k]-- }\n}", "\tfor i := range 3 { x[i] = 2 }\n\tfor j := 0; j < 100; j++ { x[1]++ }\n\tfor k := range x { x[k]-- }\n}"},
	{"short inside", "func f(x []int) {\n\tfor i := range x { for j := range 3 { x[i] += j } }\n}", "i++ { for j := range 3 { x[i] += j } }}"},

	{"recursion", "func f(n int) int {\n\tif n < 2 { return n }\n\treturn f(n-1)\n}", "\tif n < 2 { return n }\n\tif *gofiveFlag { gofiveHalt() }; return f(n-1)"},
	{"by way of another", "func f(n int) int {\n\treturn g(n)\n}\nfunc g(n int) int { return f(n) }", "\tif *gofiveFlag { gofiveHalt() }; return g(n)"},
	{"by way of an interface", "type I interface{ m() }\ntype T struct{ i I }\nfunc (t T) m() {\n\tt.i.m()\n}", "\tif *gofiveFlag { gofiveHalt() }; t.i.m()"},
	{"by way of a value", "func f(g func()) {\n\tg()\n}", "\tif *gofiveFlag { gofiveHalt() }; g()"},
	{"by way of a package", "type T int\nfunc (t T) String() string {\n\treturn fmt.Sprint(t)\n}", "\tif *gofiveFlag { gofiveHalt() }; return fmt.Sprint(t)"},
	{"called by a package", "func f(x []int) {\n\tsort.Slice(x, func(i, j int) bool { return x[i] < x[j] })\n}", "func(i, j int) bool { if *gofiveFlag { gofiveHalt() }; return x[i] < x[j] })"},
	{"no recursion", "func g() {}\nfunc f(x float64) float64 {\n\tg()\n\treturn math.Sqrt(x)\n}", "\tg()\n\treturn math.Sqrt(x)\n"},

	{"literal as goroutine", "func f() {\n\tgo func() { println() }()\n}", "\tgo func() { defer gofiveGuard(); println() }()"},
	{"function as goroutine", "func g(a int, b ...string) {}\nfunc f(x []string) {\n\tgo g(1, x...)\n}", "\tgo func(gofiveF func(a int, b ...string), gofive0 int, gofive1 ...string) { defer gofiveGuard(); gofiveF(gofive0, gofive1...) }(g, 1, x...)"},
	{"generic function as goroutine", "func g[T any](v T) {}\nfunc f() {\n\tgo g(1.5)\n}", "gofiveF(gofive0) }(g[float64], 1.5)"},
	{"method as goroutine", "type T int\nfunc (t T) m() {}\nfunc f(t T) {\n\tgo t.m()\n}", "\tgo func(gofiveF func()) { defer gofiveGuard(); gofiveF() }(t.m)"},
	{"several results as arguments", "func two() (int, int) { return 1, 2 }\nfunc g(a, b int) {}\nfunc f() {\n\tgo g(two())\n}", "\tgo gofiveGuarded(g)(two())"},
	{"types of other packages", "func f() {\n\tgo http.Serve(nil, nil)\n}", "\tgo gofiveGuarded(http.Serve)(nil, nil)"},
	{"builtin as goroutine", "func f(c chan int) {\n\tgo close(c)\n}", "\tgo func() { defer gofiveGuard(); close(c) }()"},
	{"started by a package", "func g() {}\nfunc f() {\n\ttime.AfterFunc(3, g)\n}", "time.AfterFunc(3, gofiveGuarded(g))"},
}

func TestNativeLines(t *testing.T) {
	for _, tt := range nativeLines {
		t.Run(tt.name, func(t *testing.T) {
			p, err := cell.NewSession(exports.Library()).CheckAs(cell.AsNative, "In[1]", tt.cell)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(p.Native.Source, tt.want) {
				t.Errorf("the compiler gets\n%s\nwhich has no line\n%s", p.Native.Source, tt.want)
			}
		})
	}
}
