package cell_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gofive/kernel/cell"
	"gofive/kernel/cell/exports"
)

// gcCases are texts that the Go compiler refuses. As a cell each must be refused with the compiler's
// words, at its line and column, but for the hints that only a notebook gives.
var gcCases = struct{ bodies, files, ends []string }{
	// In the body of a function.
	bodies: []string{
		"x := (1", "a = = 3", "f(1, 2", "x := 1 x", "if x := 3 {\n}", "if x = 1 {\n}", "if true\n{\n}", "for i := 0; i < 3; i++\n{\n}",
		"x := []int{1, 2\n}", "fmt.Println(1 2)", "x := a  b", "var 3x int", "struct { }", "type T struct { a int, b int }",
		"x := T{a: 1 b: 2}", "return 1 2", "defer recover", "go func() {}", "x ++ 1", "x++ + 1", "y = x++", "const c",
		"x := y ! z", "for i in x { }", "x := [1, 2]", "def f():", "int x = 3", "fmt.Println(\"a\" \"b\")",
		"x := map[string]int{\"a\": 1, \"b\" 2}", "x = (1, 2)", "var x, y = 1 2", "break", "continue", "goto L", "fallthrough",
		"for range 3 { continue L }", "func[T any](x T) {}(1)", "_ = new(3.x)", "fmt.Println(\"a\"\nfmt.Println(\"b\")",
		"_ = 'ab'", "_ = \"\\q\"", "_ = 08", "_ = 0x", "_ = 1_", "_ = ''",
		"x := 1; x.foo()", "_ = math.Sprt(2)", "_ = strings.toUpper(\"a\")", "string.ToUpper(\"a\")", "fmt.Println(undefinedName, other)",
		"type T struct { Foo int }\nvar t T\n_ = t.foo\n_ = t.Bar\nt.Baz()", "_ = T2{}", "type T struct { A int }\n_ = T{B: 1}",
		"type T struct { A int }\n_ = T{1, 2}", "type T struct { A, B int }\n_ = T{1}", "type T struct { A, B int }\n_ = T{A: 1, 2}",
		"var x int = \"a\"\n_ = x", "f := func(a int) int { return a }\nf(\"a\")\nf()\nf(1, 2)", "var s []int\ns.x = 1\ns[\"a\"] = 1",
		"if 1 { }", "for i := range 3.5 { _ = i }", "x := nil\n_ = x", "var e error = 3\n_ = e",
		"type I interface { M(); N() }\ntype T struct{}\nvar i I = T{}\n_ = i", "a, b := 1\n_, _ = a, b",
		"a, b := strings.Cut(\"a\", \"b\")\n_, _ = a, b", "return 1", "x := 1\nx := 2\n_ = x", "var x int\nvar x string\n_ = x",
		"switch 1 { case 1: case 1: }", "var i interface{} = 1\nswitch i.(type) { case int: case int: }", "_ = 1 / 0",
		"var b byte = 300\n_ = b", "_ = [2]int{1, 2, 3}", "_ = map[string]int{\"a\": 1, \"a\": 2}",
		"var m map[string]struct{ X int }\nm[\"a\"].X = 3", "const c = 1\nc = 2", "x := 1\nx()", "var x int\n_ = x.(int)", "_ = len(3)",
		"_ = append(1, 2)", "_ = \"a\" + 1", "var a int; var b float64\n_ = a + b", "_ = -\"a\"", "_ = []int{} == []int{}",
		"func() int { }()", "var t time.Duration = 1.5\n_ = t", "n := 3\ntime.Sleep(n * time.Second)", "_ = os.NoSuch",
		"for i := 0; i < 3; i++ { x := i }", "type T struct { T }", "func() { return 1 }()", "_ = func() (int, error) { return 1 }",
		"var ch chan<- int\n<-ch", "var ch <-chan int\nch <- 1", "x := [3]int{}\n_ = x[5]", "x := []int{}\n_ = x[-1]",
		"var p *int\np.x = 1", "fmt.println(\"a\")", "t := time.Now()\nt.yeer()", "type S[T any] struct{}\nvar s S\n_ = s", "_ = strings.Map(\"a\")",
		"time.Sleep(1.5 * time.Second)", "var d time.Duration = 1.5 * time.Second\n_ = d", "x := 5\n_ = x << -1", "_ = 1.5 << 2", "_ = \"a\"[5]",
		"var x uint = -1\n_ = x", "_ = int(\"a\")", "_ = string(1.5)", "_ = []byte(5)", "for i, j := range 10 { _, _ = i, j }", "var m map[[]int]string\n_ = m",
		"type T struct{}\n_ = T{} < T{}", "var i interface{ M() }\n_ = i.(int)", "switch x := any(5).(type) { case int: }", "fmt.Println = 3", "x = 5",
		"if x := 1; x { }", "for \"a\" { }", "var p *int = 5\n_ = p", "p := new(int)\n_ = p + 1", "*5 = 3", "var s string\ns[0] = 'a'", "delete([]int{}, 1)",
		"close(5)", "copy(1, 2)", "panic()", "_ = cap()", "_ = make([]int, -1)", "_ = make([]int, 5, 2)", "_ = min(\"a\", 1)", "_ = complex(1, \"a\")",
		"const a = len([]int{1})", "type A = B", "type I interface { int | string }\nvar i I\n_ = i", "var c chan int\nc <- \"a\"", "{ x := 1 }",
		"func() (int) { return \"a\" }()", "var e error\ne.Foo()", "_ = [...]int{1,2}[:5]", "_ = []int{1,2}[2:1]", "var x [3]int = [2]int{}\n_ = x",
		"_ = struct{ A int }{B: 1}", "_ = map[string]int{1: 2}", "_ = []int{\"a\"}", "_ = _", "let x = 3", "fmt.Println('abc')", "y :=; z",
		"var a1, a2, a3, a4, a5, a6 int = a, b, c, d, e, f\nvar b1, b2, b3, b4, b5, b6 int = a, b, c, d, e, f",
	},
	// Declarations, as in a file.
	files: []string{
		"func f(a int b int) {}", "func f(a, b int) int, error { }", "func f( {\n}", "func f(x int) int {\n\tif x > 1 {\n\t\treturn 1\n\t}\n}\nfunc f() {}",
		"type T struct{}\nfunc (t T) M() {}\nfunc (t *T) m2() { t.m3() }\nfunc (t Q) M() {}", "type T struct{ a int }\nfunc (t T) a() {}",
		"func f(a int, a string) {}", "func init() int { return 1 }", "func f() { L: for { break M } }",
		"type I interface { M() }\ntype T struct{}\nfunc (t *T) M() {}\nvar _ I = T{}", "func f(x ...int) {}\nfunc g() { f([]int{1}, 2); f(\"a\"); f([]string{\"a\"}...) }",
		"func f() (int, string) { return 1, \"a\" }\nfunc g() { var a int = f(); a, b := f(), 1; _, _ = a, b }", "var init = 3",
		"func f[T any](x T) T { return x + 1 }", "func f[T any](x T) {}\nfunc g() { f() ; f[int, string](1); f[string](1) }",
		"type N interface{ ~int | ~float64 }\nfunc Sum[T N](xs []T) T { var s T; return s }\nvar _ = Sum([]string{\"a\"})",
		"type T[P any] struct{ x P }\nvar t T[int, string]\nvar u = T{1}", "type T struct{}\nfunc (t *T) M2() int { return }\nfunc (T) M3() { undefined1() }",
		"type T struct{ a, a int }\ntype I interface { M(); M() }\ntype R struct { r R }", "func f() { for { break } ; x := 5 }\nfunc h() int { for { break } }",
		"func f() (x int, err error) { x, err := 1, nil; return }", "func f(xs ...int, y int) {}", "var a = b\nvar b = c\nvar c = a", "const c = 10\nfunc f() { c++; c = 5; _ = &c }",
		"type A struct{ B }\ntype B struct{ X int }\ntype C struct{ A; B }\nfunc f(c C) { _ = c.X ; c.Y = 1}",
		"func f() { var x int; var y string = x; fmt.Println(x + y, y) }", "type E struct{}\nfunc (e *E) Error() string { return \"\" }\nfunc f() error { return E{} }",
		"func f(s fmt.Stringer) {}\ntype T struct{}\nfunc (T) String() int { return 1 }\nfunc g() { f(T{}); f(3) ; f(nil, nil) }",
		"func f() {\n\tx := 1\n\tL:\n}", "func f() { if x := 3 { } }", "func f() { ++x }", "type T struct { x int; x string }",
	},
	// Text that ends too early; only the first error counts.
	ends: []string{
		"y :=", "x := 3 +", "x := 1,", "for {", "switch x { case 1:", "x := func() {", "if x == 1 { } else if", "x := &", "*x =", "<-",
		"_ = `abc", "/* abc", "f(", "f(1,", "f(1+", "x := []int{", "x := [", "a.", "var x int =", "if", "func() {", "defer", "go",
	},
}

// hints are what only a notebook says, behind the compiler's words.
var hints = regexp.MustCompile(` \((did you mean|nothing is open|a .* instead|a comment|a string stands|Go writes|\w+ := declares).*\)$`)

func TestCompilersWords(t *testing.T) {
	var all []gcCase
	for _, code := range gcCases.bodies {
		all = append(all, gcCase{code: code, before: "func _() {\n//line c:1:1\n", after: "\n}\n"})
	}
	for _, code := range gcCases.files {
		all = append(all, gcCase{code: code, before: "\n//line c:1:1\n", after: "\n"})
	}
	for _, code := range gcCases.ends {
		all = append(all, gcCase{code: code, before: "func _() {\n//line c:1:1\n", first: true})
	}
	said := compile(t, all)
	for i, c := range all {
		_, err := cell.NewSession(exports.Library()).Check("c", c.code)
		if err == nil {
			t.Errorf("%q passes; the compiler says\n%s", c.code, said[i])
			continue
		}
		var ours []string
		for _, line := range strings.Split(err.Error(), "\n") {
			ours = append(ours, hints.ReplaceAllString(line, ""))
		}
		theirs := strings.Split(said[i], "\n")
		if c.first {
			ours, theirs = ours[:1], theirs[:1]
		}
		if got, want := strings.Join(ours, "\n"), strings.Join(theirs, "\n"); got != want {
			t.Errorf("%q\n got %s\nwant %s", c.code, got, want)
		}
	}
}

// gcCase is a text between what makes a file of it.
type gcCase struct {
	code, before, after string
	first               bool // the rest follows from the first error
}

// compile gives what the Go compiler says of each case.
func compile(t *testing.T, cases []gcCase) []string {
	goTool, err := exec.LookPath("go")
	if err != nil {
		t.Skip("SKIPPED: no go command to compare with")
	}
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("go.mod", "module m\n\ngo 1.26\n")
	for i, c := range cases {
		imports := ""
		for _, p := range []string{"fmt", "math", "os", "strings", "time"} {
			if strings.Contains(c.code, p+".") {
				imports += fmt.Sprintf("import %q;", p)
			}
		}
		write(fmt.Sprintf("p%d/c.go", i), fmt.Sprintf("package p;%s%s%s%s", imports, c.before, c.code, c.after))
	}
	cmd := exec.Command(goTool, "build", "./...")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	out, _ := cmd.CombinedOutput() // it fails, as it should
	said := make([]string, len(cases))
	at := regexp.MustCompile(`^(?:# m/)?p(\d+)(?:/(.*))?$`)
	current := 0
	for line := range bytes.Lines(bytes.ReplaceAll(out, []byte("\t"+dir), nil)) {
		text := strings.TrimSuffix(string(line), "\n")
		if m := at.FindStringSubmatch(text); m != nil {
			fmt.Sscan(m[1], &current)
			if text = m[2]; text == "" {
				continue
			}
		}
		said[current] = strings.TrimPrefix(said[current]+"\n"+fullPath.ReplaceAllString(text, ""), "\n")
	}
	return said
}

// fullPath is what the compiler puts behind a position that a line comment has moved.
var fullPath = regexp.MustCompile(`\[[^]]*c\.go:\d+:\d+\]`)
