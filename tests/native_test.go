package tests

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// startNative starts a kernel with a cache of plugins of its own, beside the build cache of Go that is
// there already.
func startNative(t *testing.T, env ...string) *kernel {
	t.Helper()
	cache, err := exec.Command("go", "env", "GOCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	env = append(env, "XDG_CACHE_HOME="+t.TempDir(), "GOCACHE="+strings.TrimSpace(string(cache)))
	return startKernel(t, newWorkspace(t), env, nil)
}

// step is a cell and what becomes of it: its value, or a part of its failure, and parts of what it
// writes on stdout and stderr. What a goroutine writes on stderr may come when the cell has ended: that is late.
// What ranks say as the cell runs is compared whole, and rank by rank.
type step struct{ code, value, fails, out, err, late, said string }

func (k *kernel) steps(steps []step) {
	k.t.Helper()
	for _, s := range steps {
		o := k.run(s.code)
		if failed := o.Status != "ok"; failed != (s.fails != "") || !strings.Contains(o.Traceback, s.fails) {
			k.t.Fatalf("cell %q: %s\n%s\nstderr %s\nwant failure %q", s.code, o.Status, o.Traceback, o.Stderr, s.fails)
		}
		if o.text() != s.value || !strings.Contains(o.Stdout, s.out) || !strings.Contains(o.Stderr, s.err) || s.err+s.late == "" && o.Stderr != "" {
			k.t.Fatalf("cell %q: shows %q, writes %q and %q, want %+v", s.code, o.text(), o.Stdout, o.Stderr, s)
		}
		if s.said != "" && apart(o.Stdout) != apart(s.said) {
			k.t.Fatalf("cell %q: the ranks say %q, want %q", s.code, o.Stdout, s.said)
		}
		k.late(o.Stderr, s.late)
	}
}

func TestNative(t *testing.T) {
	startNative(t).steps([]step{
		{code: "type P struct{ X, y float64 }\nfunc (p P) Len() float64 { return math.Sqrt(p.X*p.X + p.y*p.y) }\nconst scale = 2\nfunc half(x float64) float64 { return x / 2 }\nfunc fib(n int) int { if n < 2 { return n }; return fib(n-1) + fib(n-2) }\nfunc twice(n int) int { return 2 * fib(n) }"},
		{code: "%%native\nfunc fib(n int) int {\n\tif n < 2 {\n\t\treturn n\n\t}\n\treturn fib(n-1) + fib(n-2)\n}", out: "native: fib (built in "},
		{code: "fib(35)", value: "9227465"},
		{code: "twice(20)", value: "13530"},
		{code: "%%native\nfunc total(ps ...P) (s float64) {\n\tfor _, p := range ps {\n\t\ts += half(p.Len()) * scale\n\t}\n\treturn s\n}", out: "native: total (built in "},
		{code: "total(P{3, 4}, P{6, 8})", value: "15"},
		{code: "const scale = 4", out: "native: total (built in "},
		{code: "total(P{3, 4}, P{6, 8})", value: "30"},
	})
}

// TestNativeValues passes all kinds of values between interpreted and native code.
func TestNativeValues(t *testing.T) {
	startNative(t).steps([]step{
		{code: "type P struct{ X, y float64 }\ntype Node struct {\n\tv int\n\tnext *Node\n}\ntype Day int\ntype Opt struct {\n\tf func(int) int\n\tm map[P]string\n\tP\n\td Day\n}\ntype Fn func(float64) float64"},
		{code: `%%native
func integrate(f Fn, a, b float64, n int) (s float64) {
	h := (b - a) / float64(n)
	for i := range n {
		s += h * f(a+h*(float64(i)+0.5))
	}
	return s
}
func length(n *Node) (l int) {
	for ; n != nil; n = n.next {
		l += n.v
	}
	return l
}
func list(n int) *Node {
	if n == 0 {
		return nil
	}
	return &Node{n, list(n - 1)}
}
func opt(o *Opt) (int, string) {
	o.y++
	o.m[P{5, 6}] = "five"
	o.d = 4
	return o.f(20), o.m[P{1, 2}]
}
func count(words []string) map[string]int {
	m := map[string]int{}
	for _, w := range words {
		m[w]++
	}
	return m
}
func adder(n int) func(int) int { return func(k int) int { n += k; return n } }
func send(c chan<- P, n int) {
	for i := range n {
		c <- P{float64(i), 1}
	}
	close(c)
}
func fill(xs []float64, grid [][3]int8) { for i := range xs { xs[i] = float64(i) }; grid[1][2] = 9 }
func parse(s string) (n int, err error) { return strconv.Atoi(s) }
func sum(xs ...int) (s int) { for _, x := range xs { s += x }; return }
func swap(p P, d Day, c complex128, ok bool, r rune) (rune, bool, complex128, Day, P) { return r, !ok, c * 2, d + 1, P{p.y, p.X} }`, out: "native: adder, count, fill, integrate, "},
		{code: `%%native
type V struct{ X, y float64 }
func (v V) Mul(k float64) V { return V{v.X * k, v.y * k} }
func (v *V) Grow(_ int, by ...float64) { for _, b := range by { v.X += b } }`, out: "native: (*V).Grow, V.Mul ("},
		{code: "k := 2.0\nintegrate(func(x float64) float64 { return k * x }, 0, 1, 1000)", value: "0.9999999999999998"},
		{code: "integrate(math.Sqrt, 0, 1, 10) < 1", value: "true"},
		{code: "length(&Node{1, &Node{2, nil}}), length(list(4)), list(2).next.v", value: "3 10 1"},
		{code: "o := &Opt{func(n int) int { return n + 1 }, map[P]string{{1, 2}: \"one\"}, P{1, 1}, 3}\nn, s := opt(o)\nn, s, o.y, o.m[P{5, 6}], int(o.d)", value: "21 one 2 five 4"},
		{code: "count(strings.Fields(\"a b a\"))[\"a\"]", value: "2"},
		{code: "add := adder(1)\nadd(2)\nadd(3)", value: "6"},
		{code: "c := make(chan P)\ngo send(c, 3)\nt := 0.0\nfor p := range c { t += p.X }\nt", value: "3"},
		{code: "xs := make([]float64, 4)\ngrid := make([][3]int8, 2)\nfill(xs, grid)\nxs, grid", value: "[0 1 2 3] [[0 0 0] [0 0 9]]"},
		{code: "n := parse(\"12\")\nn", value: "12"},
		{code: "parse(\"x\")", fails: "strconv.Atoi"},
		{code: "sum(), sum(1), sum([]int{1, 2, 3}...)", value: "0 1 6"},
		{code: "r, ok, z, d, p := swap(P{1, 2}, Day(1), 1i, true, 'x')\nr, ok, z, int(d), p.X", value: "120 false (0+2i) 2 2"},
		{code: "%%native\nfunc (p P) Neg() P { return P{-p.X, -p.y} }", out: "native: P.Neg ("},
		{code: "p.Neg().X, o.P.Neg().y", value: "-2 -2"},
		{code: "q := V{1, 2}\nq.Grow(0, 1, 2)\nq.Mul(2).X, q.y", value: "8 2"},
		{code: "fs := []func(...int) int{sum}\nfs[0](1, 1)", value: "2"},
	})
}

// TestNativeRedefinition follows language.md section 1's table with native functions.
func TestNativeRedefinition(t *testing.T) {
	startNative(t).steps([]step{
		{code: "x := 5\nfunc g() int { return x }"},
		{code: "%%native\nfunc f() int { return 1 }\nfunc h() int { return 10 * f() }", out: "native: f, h (built in "},
		{code: "h()", value: "10"},
		{code: "func f() int { return 2 }", out: "native: h (built in "},
		{code: "h()", value: "20"},
		{code: "func f() int { return x }", err: "h uses the variable x of the notebook"},
		{code: "h()", value: "50"},
		{code: "%%native\nfunc f() int { return 1 }", out: "native: f (built in "},
		{code: "h()", value: "10"},
		{code: "%%native\nfunc f() int { return 1 }", out: "native: f (built before)"},
		{code: "%%native\nfunc k() int { return g() }", fails: "k uses the variable x of the notebook, which native code cannot see, by way of g"},
		{code: "%%native\ny := 2", fails: "%%native takes declarations only"},
		{code: "%%native\nfunc bad() int { return \"s\" }", fails: "cannot use \"s\""},
		{code: "%%native\nfunc Max[T cmp.Ordered](a, b T) T { return max(a, b) }\nfunc big(a, b float64) float64 { return Max(a, b) }", out: "native: big (", err: "only where native functions call them: Max"},
		{code: "big(1, 3), Max(2, 1)", value: "3 2"},
		{code: "type Q struct{ a, b float64 }\nfunc (q Q) Sum() float64 { return q.a + q.b }\nfunc sums(qs []Q) (s float64) {\n\tfor _, q := range qs {\n\t\ts += q.Sum()\n\t}\n\treturn s\n}\nqs := []Q{{1, 2}, {3, 4}}"},
		{code: "%%native\ntype Q struct{ a, b float64 }\nfunc (q Q) Sum() float64 { return q.a + q.b }\nfunc sums(qs []Q) (s float64) {\n\tfor _, q := range qs {\n\t\ts += q.Sum()\n\t}\n\treturn s\n}", out: "native: Q.Sum, sums (built in "},
		{code: "sums(qs), qs[0].Sum()", value: "10 3"},
		{code: "func (q Q) Sum() float64 { return q.a * q.b }", out: "native: sums (built in "},
		{code: "sums(qs)", value: "14"},
		{code: "type Q struct{ a, b, c float64 }", out: "native: sums (built in ", err: "Q is a new type now; qs still holds the Q of "},
		{code: "sums([]Q{{1, 2, 3}})", value: "2"},
		{code: "sums(qs)", fails: "cannot use qs"},
	})
}

// TestNativeInterfaces keeps values of the notebook's types from where native code would not know them.
func TestNativeInterfaces(t *testing.T) {
	startNative(t).steps([]step{
		{code: "type Shape interface{ Area() float64 }\ntype Sq struct{ a float64 }\nfunc (s Sq) Area() float64 { return s.a * s.a }\ntype Bad struct{ n int }\nfunc (b Bad) Error() string { return fmt.Sprint(\"bad \", b.n) }"},
		{code: "%%native\nfunc sum(n int) (s float64) {\n\tfor _, x := range make([]Shape, n) {\n\t\tif x == nil {\n\t\t\ts += twice(Sq{2})\n\t\t}\n\t}\n\treturn s\n}\nfunc twice(s Shape) float64 { return 2 * s.Area() }", out: "native: sum (", err: "twice has Shape in its signature, an interface of the notebook"},
		{code: "sum(3), twice(Sq{3})", value: "24 18"},
		{code: "%%native\nfunc check(n int) error {\n\tif n > 1 {\n\t\treturn Bad{n}\n\t}\n\treturn nil\n}", err: "check has error in its signature, in which a Bad does not pass"},
		{code: "var b Bad\nerrors.As(check(3), &b), b.n", value: "true 3"},
		{code: "%%native\nfunc line(format string, v ...any) string { return fmt.Sprintf(format, v...) }\nfunc even(n int) error {\n\tif n%2 == 1 {\n\t\treturn errors.New(\"odd\")\n\t}\n\treturn nil\n}", out: "native: even, line ("},
		{code: "line(\"%v %d %+v\", Sq{1}, 5, []any{Bad{2}})", value: "{1} 5 [bad 2]"},
		{code: "even(3)", fails: "odd"},
		{code: "even(2)"},
	})
}

// TestNativeImports uses packages of modules, and our own, in native code.
func TestNativeImports(t *testing.T) {
	startNative(t).steps([]step{
		{code: "%%native\nfunc mean(xs []float64) float64 { return stat.Mean(xs, nil) }", out: "native: mean (built in "},
		{code: "mean([]float64{1, 2, 6})", value: "3"},
		{code: "%%native\nfunc size(f *h5.File) int { return len(must(f.Keys())) }\nfunc must(keys []string, err error) []string {\n\tif err != nil {\n\t\tpanic(err)\n\t}\n\treturn keys\n}", out: "native: must, size (built in "},
		{code: "%%native\nfunc both(f *h5.File) *plots.Figure { return plots.Line([]float64{1, 2}, []float64{3, float64(size(f))}) }", out: "native: both (built in "},
		{code: "f := h5.Create(\"a.h5\")\nsize(f)", value: "0"},
		{code: "%%native\nfunc draw(x int) { display.Show(x) }", fails: "draw uses gofive/display"},
	})
}

// TestNativeFaults are panics in native code, and interrupts.
func TestNativeFaults(t *testing.T) {
	k := startNative(t)
	k.steps([]step{
		{code: "%%native\nfunc at(xs []int, i int) int {\n\treturn xs[i]\n}\nfunc spin(n int) (s int) {\n\tfor i := range n {\n\t\ts += i % 7\n\t}\n\treturn s\n}", out: "native: at, spin"},
		{code: "func call() int {\n\treturn at([]int{1}, 5)\n}"},
		{code: "call()", fails: "index out of range [5] with length 1"},
		{code: "call()", fails: "cell In[1], line 3, in at"},
		{code: "call()", fails: "cell In[2], line 2, in call"},
		{code: "%%native\nfunc later(xs []int) (n int) {\n\tvar wg sync.WaitGroup\n\twg.Go(func() { n = xs[3] })\n\twg.Wait()\n\tdone := make(chan bool)\n\tgo func(i int) {\n\t\tdefer close(done)\n\t\tn = xs[i]\n\t}(7)\n\t<-done\n\treturn len(xs)\n}", out: "native: later"},
		{code: "later([]int{1})", value: "1", err: "panic in a goroutine: runtime error: index out of range [3] with length 1\n\ncell In[6], line 4, in later.func1\n"},
		{code: "%%native\nfunc named(xs []int) {\n\txs[2] = 1\n}\nfunc start() {\n\tgo named(nil)\n}", out: "native: named, start"},
		{code: "start()", late: "panic in a goroutine: runtime error: index out of range [2] with length 0\n\ncell In[8], line 3, in named\n    xs[2] = 1\ncell In[8], line 6, in start.func1"},
		{code: "%%native\ntype Tree struct{ left *Tree }\nfunc (t *Tree) down() *Tree { return t.left.left }\nfunc div(a, b int) int { return a / b }\nfunc number(s string) (int, error) { return strconv.Atoi(s) }", out: "native: (*Tree).down, div, number"},
		{code: "(&Tree{}).down()", fails: "invalid memory address or nil pointer dereference"},
		{code: "div(1, 0)", fails: "cell In[10], line 4, in div"},
		{code: "_, err := number(\"x\")\nvar ne *strconv.NumError\nerrors.As(err, &ne), errors.Is(err, strconv.ErrSyntax), ne.Func", value: "true true Atoi"},
		{code: "func safe() (err error) {\n\tdefer func() { err = recover().(error) }()\n\tat(nil, 0)\n\treturn nil\n}\nerr := safe()\nerr.Error()", value: "runtime error: index out of range [0] with length 0"},
	})
}

// otherGo gives a folder with a go command of another version.
func otherGo(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "go"), []byte("#!/bin/sh\necho go1.2.3\necho cc\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestNativeWithoutToolchain interprets what it cannot build, and says why.
func TestNativeWithoutToolchain(t *testing.T) {
	startNative(t, "PATH="+otherGo(t)+":"+os.Getenv("PATH")).steps([]step{
		{code: "%%native\nfunc f() int { return 1 }", err: "is go1.2.3: both must be the same; install go"},
		{code: "f()", value: "1"},
	})
}

// TestNativeAuto spends more than a second in functions and finds those native that can be. What a function
// that only computes calls counts for it, and is built with it.
func TestNativeAuto(t *testing.T) {
	k := startNative(t)
	k.steps([]step{
		{code: "%native status", out: "native auto is off"},
		{code: "%native auto\nbase := 1\nfunc spin(n int) (s int) {\n\tfor i := range n {\n\t\ts += i % 7\n\t}\n\treturn s\n}\nfunc twice(n int) int { return spin(n) + spin(n) }\nfunc near(n int) (s int) {\n\tfor i := range n {\n\t\ts += i % 7 * base\n\t}\n\treturn s\n}"},
	})
	k.await("_ = near(3_000_000)\n%native status", "near uses the variable base of the notebook")
	told := k.await("_ = twice(3_000_000)\n%native status", "twice (In[2]) was built in ")
	o := k.run("twice(1_000_000_000)")
	if want := "native auto: twice (In[2]) took more than 1s and is compiled from now on"; o.text() != "5999999994" || !strings.Contains(told+o.Stderr, want) {
		t.Errorf("got %q and %q, want %q", o.text(), told+o.Stderr, want)
	}
	k.mustRun("near(10)", "24")
}

// await runs a cell until it writes all the texts on stdout, and gives what it wrote on stderr.
func (k *kernel) await(code string, texts ...string) string {
	k.t.Helper()
	var told string
	for range 200 {
		o := k.run(code)
		told += o.Stderr
		if !slices.ContainsFunc(texts, func(s string) bool { return !strings.Contains(o.Stdout, s) }) {
			return told
		}
	}
	k.t.Fatalf("cell %q never writes %q", code, texts)
	return ""
}

// TestNativeInterrupt ends native code that would not end soon, in loops and in functions that call
// themselves; variables stay, and deferred calls run.
func TestNativeInterrupt(t *testing.T) {
	k := startNative(t)
	k.steps([]step{
		{code: "x := 4"},
		{code: "%%native\nfunc spin(n int) (s int) {\n\tfor i := range n {\n\t\ts += i % 7\n\t}\n\treturn s\n}\nfunc forever() {\n\tfor {\n\t}\n}\nfunc fib(n int) int {\n\tif n < 2 {\n\t\treturn n\n\t}\n\treturn fib(n-1) + fib(n-2)\n}\nfunc both() {\n\tvar wg sync.WaitGroup\n\tgo forever()\n\twg.Go(forever)\n\twg.Wait()\n}", out: "native: both, fib, forever, spin"},
		{code: "go spin(1 << 33)"}, // it is no part of the cells that follow
	})
	for _, call := range []string{"spin(1 << 62)", "forever()", "fib(90)", "both()", "sort.Slice(make([]int, 1000), func(i, j int) bool { forever(); return false })"} {
		if call != "both()" { // which waits in compiled code, and whose deferred call would be the first to end
			call = "defer func() { x++ }()\n" + call
		}
		k.begin(call)
		k.interrupt()
		if o := k.wait(); o.Name != "interrupted" || call != "both()" && strings.Contains(o.Value, "it still waits") {
			t.Errorf("%s: got %s %q", call, o.Name, o.Value)
		}
	}
	k.await("fmt.Println(x)", "8")
	k.steps([]step{{code: "spin(3)", value: "3"}})
}

// TestNativeRecursion ends native recursion that has no end.
func TestNativeRecursion(t *testing.T) {
	startNative(t).steps([]step{
		{code: "x := 4"},
		{code: "%%native\nfunc down(n int) int {\n\treturn down(n+1) + 1\n}\ntype block [4000]int\nfunc (b block) String() string {\n\treturn fmt.Sprint(b)\n}\nfunc show(b block) string { return b.String() }\nfunc apply(f func(int) int, n int) int {\n\treturn f(n) + 1\n}\nfunc start() {\n\tdone := make(chan bool)\n\tgo func() {\n\t\tdefer close(done)\n\t\tdown(1)\n\t}()\n\t<-done\n}", out: "native: apply"},
		{code: "down(0)", fails: "stack overflow: down calls itself without end"},
		{code: "down(0)", fails: "cell In[2], line 3, in down\n    return down(n+1) + 1\ncell In[4], line 1"},
		{code: "show(block{})", fails: "stack overflow: block.String calls itself without end"},
		{code: "var again func(int) int\nagain = func(n int) int { return apply(again, n) }\nagain(1)", fails: "stack overflow: "},
		{code: "start()", late: "panic in a goroutine: stack overflow: down calls itself"},
		{code: "x", value: "4"},
	})
}
