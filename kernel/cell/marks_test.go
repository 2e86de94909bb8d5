package cell_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A traceback has the lines of the cells and functions that a panic came by, innermost first.
func TestTracebacks(t *testing.T) {
	const bad = "func bad() {\n\tx := 0\n\t_ = x\n\tpanic(`deep`)\n}"
	tests := []struct {
		name  string
		cells []string
		want  string // without the message
	}{
		{"a function of another cell", []string{bad, "x := 1\nbad()"},
			"In[1] 4 in bad: panic(`deep`)\nIn[2] 2: bad()"},
		{"several lines that may fail", []string{"func f(n int) int {\n\ta := len(strings.Repeat(`x`, n))\n\tif a > 2 {\n\t\treturn 1 / (n - 3)\n\t} else if 1/(n-1) == 7 {\n\t\tn++\n\t}\n\treturn 6 / (n - 2)\n}", "f(3)"},
			"In[1] 4 in f: return 1 / (n - 3)\nIn[2] 1: f(3)"},
		{"else if", []string{"func f(n int) int {\n\ta := len(strings.Repeat(`x`, n))\n\tif a > 2 {\n\t\treturn 1 / (n - 3)\n\t} else if 1/(n-1) == 7 {\n\t\tn++\n\t}\n\treturn 6 / (n - 2)\n}", "f(1)"},
			"In[1] 5 in f: } else if 1/(n-1) == 7 {\nIn[2] 1: f(1)"},
		{"behind the else", []string{"func f(n int) int {\n\ta := len(strings.Repeat(`x`, n))\n\tif a > 2 {\n\t\treturn 1 / (n - 3)\n\t} else if 1/(n-1) == 7 {\n\t\tn++\n\t}\n\treturn 6 / (n - 2)\n}", "f(2)"},
			"In[1] 8 in f: return 6 / (n - 2)\nIn[2] 1: f(2)"},
		{"the header of a loop, again", []string{"func f(n int) {\n\tfor i := 1; 6/(n-i) > 0; i++ {\n\t\tif strings.Repeat(`x`, i) == `` {\n\t\t\tcontinue\n\t\t}\n\t}\n}", "f(3)"},
			"In[1] 2 in f: for i := 1; 6/(n-i) > 0; i++ {\nIn[2] 1: f(3)"},
		{"a loop at the top", []string{"for i := range 3 {\n\tx := 2\n\t_ = x / (2 - i)\n}"},
			"In[1] 3: _ = x / (2 - i)"},
		{"literals", []string{"func f() {\n\tg := func() {\n\t\th := func() {\n\t\t\tpanic(1)\n\t\t}\n\t\th()\n\t}\n\tg()\n}", "f()"},
			"In[1] 4 in f.func1.1: panic(1)\nIn[1] 6 in f.func1: h()\nIn[1] 8 in f: g()\nIn[2] 1: f()"},
		{"a literal at the top", []string{"f := func() {\n\tpanic(1)\n}\nf()"},
			"In[1] 2 in func1: panic(1)\nIn[1] 4: f()"},
		{"methods", []string{"type T struct {\n\tn    int\n\tnext *T\n}\nfunc (t *T) P() int { return t.next.n }\nfunc (t T) V() int {\n\treturn t.next.P()\n}", "T{next: &T{}}.V()"},
			"In[1] 5 in (*T).P: func (t *T) P() int { return t.next.n }\nIn[1] 7 in T.V: return t.next.P()\nIn[2] 1: T{next: &T{}}.V()"},
		{"a method of a later cell", []string{"type T struct{ x []int }", "func (t *T) At(i int) int {\n\tn := strings.Repeat(`x`, i)\n\treturn t.x[i] + len(n)\n}", "(&T{}).At(2)"},
			"In[2] 3 in (*T).At: return t.x[i] + len(n)\nIn[3] 1: (&T{}).At(2)"},
		{"generic", []string{bad, "func Map[T any](s []T) {\n\tfor range s {\n\t\tbad()\n\t}\n}", "Map([]int{1})"},
			"In[1] 4 in bad: panic(`deep`)\nIn[2] 3 in Map: bad()\nIn[3] 1: Map([]int{1})"},
		{"through a package", []string{"slices.SortFunc([]int{2, 1}, func(a, b int) int {\n\tpanic(1)\n})"},
			"In[1] 2 in func1: panic(1)\nIn[1] 1: slices.SortFunc([]int{2, 1}, func(a, b int) int {"},
		{"recursion", []string{"func f(n int) int {\n\tif n == 0 {\n\t\treturn 1 / n\n\t}\n\treturn f(n-1) + 1\n}", "f(9)"},
			"In[1] 3 in f: return 1 / n\nIn[1] 5 in f, 9 times: return f(n-1) + 1\nIn[2] 1: f(9)"},
		{"range over a function", []string{bad, "func seq(yield func(int) bool) {\n\tif yield(1) {\n\t\tbad()\n\t}\n}\nfunc f() {\n\tfor i := range seq {\n\t\tfmt.Sprint(strings.Repeat(`x`, i))\n\t}\n}", "f()"},
			"In[1] 4 in bad: panic(`deep`)\nIn[2] 3 in seq: bad()\nIn[2] 7 in f: for i := range seq {\nIn[3] 1: f()"},
		{"deferred", []string{"func f() {\n\tdefer func() {\n\t\tpanic(2)\n\t}()\n\tpanic(1)\n}", "f()"},
			"In[1] 3 in f.func1: panic(2)\nIn[1] 5 in f: panic(1)\nIn[2] 1: f()"},
		{"after one that was recovered", []string{bad + "\nfunc safe() {\n\tdefer func() { recover() }()\n\tbad()\n}", "safe()\nvar m map[int]int\nm[1] = 2"},
			"In[2] 3: m[1] = 2"},
		{"another while one is unwound", []string{bad + "\nfunc safe() {\n\tdefer func() { recover() }()\n\tbad()\n}\nfunc f() {\n\tdefer safe()\n\tpanic(1)\n}", "f()"},
			"In[1] 12 in f: panic(1)\nIn[2] 1: f()"},
		{"declared again with what it calls", []string{"func g() {}", "\nfunc f() {\n\tg()\n}", "func g() {\n\tpanic(1)\n}", "f()"},
			"In[3] 2 in g: panic(1)\nIn[2] 3 in f: g()\nIn[4] 1: f()"},
		{"goto", []string{"func f(n int) {\n\tgoto end\nend:\n\tprintln(1 / n)\n\tstrings.Repeat(``, n)\n}", "f(0)"},
			"In[1] 4 in f: println(1 / n)\nIn[2] 1: f(0)"},
		{"long", []string{bad + "\nfunc a(n int) {\n\tif n == 0 {\n\t\tbad()\n\t}\n\tb(n - 1)\n}\nfunc b(n int) { a(n) }", "a(90)"},
			"In[1] 4 in bad: panic(`deep`)\nIn[1] 8 in a: bad()" + strings.Repeat("\nIn[1] 12 in b: func b(n int) { a(n) }\nIn[1] 10 in a: b(n - 1)", 3) + "\n... 166 more ..." +
				strings.Repeat("\nIn[1] 12 in b: func b(n int) { a(n) }\nIn[1] 10 in a: b(n - 1)", 4) + "\nIn[2] 1: a(90)"},
	}
	for _, tt := range tests {
		got := runAll(t, tt.cells...)
		if _, got = cutMessage(got); shorter(got) != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, shorter(got), tt.want)
		}
	}
}

// cutMessage takes the message off a traceback, and what stands below the lines.
func cutMessage(text string) (message, lines string) {
	parts := strings.Split(text, "\n\n")
	if len(parts) < 2 {
		return text, ""
	}
	return parts[0], parts[1]
}

// shorter writes a traceback in the way that the table has it.
func shorter(lines string) string {
	lines = strings.ReplaceAll(lines, "\n    ", ": ")
	lines = strings.ReplaceAll(lines, "cell ", "")
	return strings.ReplaceAll(strings.ReplaceAll(lines, ", line ", " "), ", in ", " in ")
}

// A panic in a goroutine is told with its traceback, in its cell.
func TestTracebackOfGoroutine(t *testing.T) {
	nb := newLive(t)
	nb.run(t, "func f(n int) {\n\tprintln(1 / n)\n}")
	if f := nb.interp.Run(nb.load(t, "go func() {\n\tf(0)\n}()")); f != nil {
		t.Fatal(f)
	}
	nb.await(t, "panic in a goroutine: runtime error: integer divide by zero\n\ncell In[1], line 2, in f\n    println(1 / n)\ncell In[2], line 2, in func1\n    f(0)\n")
}

// Every function in lowered code begins with the line directive that says which it is: without, a
// panic would be told of the function above it.
func TestFunctionsAreNamed(t *testing.T) {
	files, err := filepath.Glob("../../../shared/cells/*.cells")
	if err != nil || len(files) == 0 {
		t.Skip("SKIPPED: ../shared/cells is not there")
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		s := session(t)
		for _, code := range strings.Split(string(text), "\n---\n") {
			if p, err := s.Check("In[1]", code); err == nil && p.Source != "" {
				for _, text := range unnamed(t, p.Source) {
					t.Errorf("%s: no line directive in\n%s", filepath.Base(file), text)
				}
			}
		}
	}
}

// unnamed finds the functions in lowered code that do not begin with a line directive. Those that
// are called where they stand are parts of an expression.
func unnamed(t *testing.T, source string) []string {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "", source, 0)
	if err != nil {
		t.Fatalf("%v\n%s", err, source)
	}
	var found []string
	called := map[ast.Expr]bool{}
	ast.Inspect(f, func(n ast.Node) bool {
		var body *ast.BlockStmt
		switch n := n.(type) {
		case *ast.CallExpr:
			called[n.Fun] = true
		case *ast.FuncDecl:
			body = n.Body
		case *ast.FuncLit:
			if !called[n] {
				body = n.Body
			}
		}
		if body != nil {
			begin := fset.PositionFor(body.Lbrace, false).Offset + 1
			if text := source[begin:]; !strings.HasPrefix(strings.TrimSpace(text), "/*line ") {
				found = append(found, source[begin:min(len(source), begin+200)])
			}
		}
		return true
	})
	return found
}
