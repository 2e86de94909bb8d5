package cell_test

import (
	"fmt"
	"strings"
	"testing"

	"gofive/kernel/cell"
	"gofive/kernel/cell/exports"
)

// session is a notebook in which the cells have been checked.
func session(t *testing.T, cells ...string) *cell.Session {
	t.Helper()
	s := cell.NewSession(exports.Library())
	for i, code := range cells {
		if _, err := s.Check(fmt.Sprintf("In[%d]", i+1), code); err != nil {
			t.Fatalf("cell %d: %v", i+1, err)
		}
	}
	return s
}

func TestCompileErrors(t *testing.T) {
	tests := []struct{ name, code, want string }{
		{"undefined", "x := 1\ny := nope + x", "In[1]:2:6: undefined: nope"},
		{"two errors", "a := nope\nb := none", "In[1]:1:6: undefined: nope\nIn[1]:2:6: undefined: none"},
		{"types", `x := 3 + "a"`, `In[1]:1:6: invalid operation: 3 + "a" (mismatched types untyped int and untyped string)`},
		{"assign", `x := 1; x = "a"`, `In[1]:1:13: cannot use "a" (untyped string constant) as int value in assignment`},
		{"no new variables", "x := 1\nx := 2", "In[1]:2:3: no new variables on left side of :="},
		{"mismatch", "a, b := 1, 2, 3", "In[1]:1:1: assignment mismatch: 2 variables but 3 values"},
		{"missing return", "func f() int {\n}", "In[1]:2:1: missing return"},
		{"unused inside", "func f() {\n\tx := 1\n}", "In[1]:2:2: declared and not used: x"},
		{"own type", "type T struct{}\nvar t T = 3", "In[1]:2:11: cannot use 3 (untyped int constant) as T value in variable declaration"},
		{"above its declaration", "y := x\nx := 2", "In[1]:1:6: undefined: x"},
		{"three results", `f := strings.Cut("a", "b")`, "In[1]:1:6: assignment mismatch: 1 variable but strings.Cut returns 3 values"},
		{"inside a function", "func f() { g := os.Open(`x`); _ = g }", "In[1]:1:17: assignment mismatch: 1 variable but os.Open returns 2 values"},
		{"syntax", "x := (1", "In[1]:1:8: syntax error: unexpected newline, expected )"},
		{"cut short", "y :=", "In[1]:1:5: syntax error: unexpected EOF, expected expression"},
		{"one error a statement", "a = = 3\nb = ) 4", "In[1]:1:5: syntax error: unexpected =, expected expression\nIn[1]:2:5: syntax error: unexpected ) (nothing is open that it could close)"},
		{"misspelt package", `import "string"`, `In[1]:1:8: package string is not in std (did you mean "strings"?)`},
		{"misspelt member", "math.Sprt(2)", "In[1]:1:6: undefined: math.Sprt (did you mean math.Sqrt?)"},
		{"nothing near", "math.Zyx(2)", "In[1]:1:6: undefined: math.Zyx"},
		{"misspelt package name", "strngs.ToUpper(`a`)", "In[1]:1:1: undefined: strngs (did you mean strings.ToUpper?)"},
		{"type near a package", "strng.ToUpper(`a`)", "In[1]:1:1: undefined: strng (did you mean strings.ToUpper?)"},
		{"type for package", "string.ToUpper(`a`)", "In[1]:1:8: string.ToUpper undefined (type string has no field or method ToUpper) (did you mean strings.ToUpper?)"},
		{"misspelt name", "length := 3\nlenght", "In[1]:2:1: undefined: lenght (did you mean length?)"},
		{"misspelt builtin", "var x flaot64", "In[1]:1:7: undefined: flaot64 (did you mean float64?)"},
		{"misspelt local", "func f(count int) int { return coutn }", "In[1]:1:32: undefined: coutn (did you mean count?)"},
		{"misspelt field", "type P struct{ Width int }\nP{}.Widht", "In[1]:2:5: P{}.Widht undefined (type P has no field or method Widht) (did you mean P{}.Width?)"},
		{"misspelt key", "type P struct{ Width int }\nP{Widht: 1}", "In[1]:2:3: unknown field Widht in struct literal of type P (did you mean Width?)"},
		{"wrong case", "strings.toUpper(`a`)", "In[1]:1:9: undefined: strings.toUpper (but have ToUpper)"},
		{"bare package", "x := math", "In[1]:1:6: use of package math without selector"},
		{"no-break space", "x :=\u00a03", "In[1]:1:5: invalid character U+00A0 in identifier (a no-break space: type a space instead)"},
		{"zero-width space", "x\u200b := 3", "In[1]:1:2: invalid character U+200B in identifier (a zero-width space: type nothing instead)"},
		{"curly quotes", "s := “a”", "In[1]:1:6: invalid character U+201C '“' in identifier (a curly quote: type \" instead)\nIn[1]:1:10: invalid character U+201D '”' in identifier (a curly quote: type \" instead)"},
		{"wide comma", "f(1，2)", "In[1]:1:4: invalid character U+FF0C '，' in identifier (a wide comma: type , instead)"},
		{"dash", "x := 3 – 2", "In[1]:1:8: invalid character U+2013 '–' in identifier (a dash: type - instead)"},
		{"python comment", "x := 1 # one", "In[1]:1:8: invalid character U+0023 '#' (a comment begins with //)"},
		{"another language's loop", "while x { y }", "In[1]:1:7: syntax error: unexpected name x at end of statement (Go writes for)"},
		{"another language's range", "for x in xs {\n}", "In[1]:1:7: syntax error: unexpected name in, expected { (Go writes for _, x := range xs {)"},
		{"another language's nil", "x := None", "In[1]:1:6: undefined: None (did you mean nil?)"},
		{"a variable that is not declared", "x = 5", "In[1]:1:1: undefined: x (x := declares it)"},
		{"string in single quotes", "'hello'", "In[1]:1:1: more than one character in rune literal (a string stands in double quotes)"},
		{"three range variables", "for i, j, k := range xs {\n}", "In[1]:1:11: range clause permits at most two iteration variables"},
		{"embedding", "//go:embed x.txt\nvar s string", "In[1]:1:1: //go:embed is not possible in a cell: it is for the compiler of files"},
		{"a package by its end", "import \"ioutil\"", "In[1]:1:8: package ioutil is not in std (did you mean \"io/ioutil\"?)"},
		{"brackets the wrong way round", "v, ) := f(", "In[1]:1:4: syntax error: unexpected ) (nothing is open that it could close)"},
		{"two calls of nothing", "a) + f(b", "In[1]:1:2: syntax error: unexpected ) (nothing is open that it could close)"},
		{"closing brace", "}", "In[1]:1:1: syntax error: unexpected } (nothing is open that it could close)"},
		{"else on its own line", "if true {\n}\nelse {\n}", "In[1]:3:1: syntax error: unexpected keyword else (else stands on the line of the } before it)"},
		{"open string", "s := \"abc\nx := 1", "In[1]:1:10: newline in string"},
		{"open raw string", "s := `abc\nx := 1", "In[1]:1:6: string not terminated"},
		{"open comment", "x := 1 /* abc", "In[1]:1:8: comment not terminated"},
		{"init", "init := 3", "In[1]:1:1: cannot declare init - must be func"},
		{"main with arguments", "package main\nfunc main(a int) {}", "In[1]:2:6: func main must have no arguments and no return values"},
		{"not used", "1\n2", "In[1]:1:1: 1 (untyped int constant) is not used"},
	}
	for _, tt := range tests {
		s := cell.NewSession(exports.Library())
		_, err := s.Check("In[1]", tt.code)
		if err == nil || err.Error() != tt.want {
			t.Errorf("%s:\n got %v\nwant %s", tt.name, err, tt.want)
		}
	}
}

func TestErrorsAreTakenCareOf(t *testing.T) {
	for _, code := range []string{
		`f := os.Open("x")`, `var f = os.Open("x")`, `os.Open("x").Stat().Size()`, `n := 1 + strconv.Atoi("2")`,
		`xs := []int{strconv.Atoi("1"), strconv.Atoi("2")}`, `xs := []int{1}; xs[strconv.Atoi("0")]`,
		`if strconv.ParseBool("true") { fmt.Println("yes") }`, `for _, e := range os.ReadDir(".") { fmt.Println(e) }`,
		`func two() (int, string, error) { return 1, "", nil }; a, b := two()`, `ch := make(chan int, 1); ch <- strconv.Atoi("3")`,
		`strings.Repeat("a", strconv.Atoi("3"))`, `strings.ToUpper(string(os.ReadFile("x")))`,
	} {
		s := cell.NewSession(exports.Library())
		if _, err := s.Check("In[1]", code); err != nil {
			t.Errorf("%s: %v", code, err)
		}
	}
}

// An error that a statement drops is told, but not by fmt.Print and not inside functions.
func TestDroppedErrors(t *testing.T) {
	for code, want := range map[string]bool{
		"os.Remove(`x`); 1": true, "os.Open(`x`)\n1": true, "for range 2 { os.Remove(`x`) }": true, "os.Remove(`x`);": true,
		"fmt.Println(1); 1": false, "func f() { os.Remove(`x`) }": false, "strings.ToUpper(`x`); 1": false,
	} {
		p, err := cell.NewSession(exports.Library()).Check("In[1]", code)
		if err != nil || strings.Contains(p.Source, "Dropped(") != want {
			t.Errorf("%s: %v, told %v, want %v\n%s", code, err, !want, want, p.Source)
		}
	}
}

func TestUnknownImport(t *testing.T) {
	for path, want := range map[string]string{
		"example.com/x":               "no module provides package example.com/x (cells can import the standard library, gofive/",
		"nosuchpackage":               "package nosuchpackage is not in std (cells can import the standard library, gofive/",
		"gonum.org/v1/gonum/integral": "no module provides package gonum.org/v1/gonum/integral (did you mean \"gonum.org/v1/gonum/integrate\"?)",
	} {
		_, err := cell.NewSession(exports.Library()).Check("In[1]", fmt.Sprintf("import %q", path))
		if err == nil || !strings.HasPrefix(err.Error(), "In[1]:1:8: "+want) {
			t.Errorf("%s:\n got %v\nwant %s", path, err, want)
		}
	}
}

// What Go allows in the body of a function a cell may hold.
func TestOddNames(t *testing.T) {
	for _, code := range []string{"main := 4\nmain + 1", "type _ struct{}", "var _ = 3", "func main(a int) int { return a }\nmain(2)", "_ = 3", "func _() {}"} {
		s := cell.NewSession(exports.Library())
		if _, err := s.Check("In[1]", code); err != nil {
			t.Errorf("%s: %v", code, err)
		}
	}
}

// A type that has lost its name says which cell it is from.
func TestTypesOfOtherCells(t *testing.T) {
	s := session(t, "type T struct{ A int }\nold := T{1}\nvar list []T\ntype Pair[V any] struct{ v V }\nvar pair Pair[int]", "type T struct{ B int }\ntype Pair[V any] struct{ v, w V }", "type Other struct{ t T }")
	tests := []struct{ code, want string }{
		{"var t T = old", "cannot use old (variable of struct type T (from In[1])) as T value in variable declaration"},
		{"var t []T = list", "cannot use list (variable of type []T (from In[1])) as []T value in variable declaration"},
		{"old = T{1}", "cannot use T{…} (value of struct type T) as T (from In[1]) value in assignment"},
		{"var p Pair[int] = pair", "cannot use pair (variable of struct type Pair[int] (from In[1])) as Pair[int] value in variable declaration"},
		{"T{1}.foo", "T{…}.foo undefined (type T has no field or method foo)"},
		{"var t T = Other{}", "cannot use Other{} (value of struct type Other) as T value in variable declaration"},
		{"type T int\nvar t T = Other{}.t", "cannot use Other{}.t (value of struct type T (from In[2])) as T value in variable declaration"},
	}
	for _, tt := range tests {
		if _, err := s.Check("In[4]", tt.code); err == nil || !strings.HasSuffix(err.Error(), tt.want) {
			t.Errorf("%s:\n got %v\nwant %s", tt.code, err, tt.want)
		}
	}
}

// A cell that fails its check leaves no trace.
func TestFailedCheckChangesNothing(t *testing.T) {
	s := session(t, "x := 1\nfunc f() int { return x }")
	if _, err := s.Check("In[2]", "x := \"s\"\nfunc f() string { return nope }\nimport m \"math\""); err == nil {
		t.Fatal("a cell with an undefined name passed")
	}
	if _, err := s.Check("In[3]", "var n int = x + f()"); err != nil {
		t.Errorf("after the failed cell: %v", err)
	}
	if _, err := s.Check("In[4]", "m.Pi"); err == nil {
		t.Error("the import of the failed cell stayed")
	}
}

func TestRevert(t *testing.T) {
	s := session(t, "x := 1\ny := 2")
	p, err := s.Check("In[2]", "x := `s`\nz := 3")
	if err != nil {
		t.Fatal(err)
	}
	s.Revert(p)
	if _, err := s.Check("In[3]", "x + y"); err != nil {
		t.Errorf("the older x is gone: %v", err)
	}
	if _, err := s.Check("In[4]", "z"); err == nil {
		t.Error("z of the program that never ran is still there")
	}
}

func TestLost(t *testing.T) {
	s := session(t, "x := 1")
	s.Lost("In[7]")
	_, err := s.Check("In[8]", "x + 1")
	if want := "In[8]:1:1: undefined: x (lost with the engine in In[7])"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if _, err := s.Check("In[9]", "x := 2\nx"); err != nil {
		t.Error(err)
	}
}

// TestLostBeforeRevert loses the engine between the check of a cell and the news that it did not run: the
// next cell must not take the variable of the dead engine for its own.
func TestLostBeforeRevert(t *testing.T) {
	s := session(t, "x := 1")
	p, err := s.Check("In[2]", "x := 2")
	if err != nil {
		t.Fatal(err)
	}
	s.Lost("In[1]")
	s.Revert(p)
	again, err := s.Check("In[3]", "x := 3")
	if err != nil || !strings.Contains(again.Source, "var x") {
		t.Errorf("%v; the variable is not declared again:\n%s", err, again.Source)
	}
}

func TestDependents(t *testing.T) {
	s := session(t, "func g(a int) int { return a }", "func h() int { return g(2) }")
	p, err := s.Check("In[3]", "func g(a int) int { return -a }")
	if err != nil || !strings.Contains(p.Source, "func h") {
		t.Errorf("h is not emitted again for the new g: %v\n%s", err, p.Source)
	}
	p, err = s.Check("In[4]", "func g(a string) string { return a }")
	if err != nil || len(p.Notes) != 1 || !strings.Contains(p.Notes[0], "h (In[2])") {
		t.Errorf("no note that h no longer fits: %v, %v", err, p.Notes)
	}
}

// No name that a user can choose is one of ours.
func TestNamesDoNotCollide(t *testing.T) {
	s := session(t, "take, show, cell, t, run, rt, fmt, math := 1, 2, 3, 4, 5, 6, 7, 8")
	p, err := s.Check("In[2]", "t := 0.5\nfor _, c := range `ab` { go func() { t += float64(c) }() }\nmath := max(t, 2)\ncell := take + show\nt, math, cell")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(p.Source, "\n") {
		for _, name := range []string{"tˑ2", "mathˑ2", "cellˑ2"} {
			if strings.HasPrefix(line, "import "+name) || strings.HasPrefix(line, "func "+name) || strings.Contains(line, name+" :=") {
				t.Errorf("%s has two meanings in\n%s", name, p.Source)
			}
		}
	}
	if _, err := s.Check("In[3]", "strings.ToUpper(`a`), 3"); err != nil {
		t.Errorf("a package in a list of values: %v", err)
	}
}

// A type declared again keeps the methods of earlier cells, and variables that outlive it are named.
func TestTypeDeclaredAgain(t *testing.T) {
	s := session(t, "type T struct{ n int }", "func (t T) Get() int { return t.n }", "v := T{1}")
	p, err := s.Check("In[4]", "type T struct{ n, m int }")
	if err != nil || len(p.Notes) != 1 || !strings.Contains(p.Notes[0], "v still holds the T of In[") {
		t.Fatalf("%v, notes %q", err, p.Notes)
	}
	if _, err := s.Check("In[5]", "T{1, 2}.Get()"); err != nil {
		t.Errorf("the method is gone: %v", err)
	}
	p, err = s.Check("In[6]", "type T struct{ x int }")
	if err != nil || !strings.Contains(strings.Join(p.Notes, "\n"), "T.Get (In[2]) still uses what it knew") {
		t.Errorf("a method that no longer fits: %v, notes %q", err, p.Notes)
	}
}

// A method that a later cell declares for a generic type makes a new type, and the variables that still
// hold the old one are named; so is what that is when it is asked for the method.
func TestMethodOfGenericTypeLater(t *testing.T) {
	s := session(t, "type Stack[T any] struct{ items []T }", "s := &Stack[int]{}")
	p, err := s.Check("In[3]", "func (s *Stack[T]) Len() int { return len(s.items) }")
	want := "Stack is a new type now, because it is generic and a later cell declares its method Len; s still holds the Stack of In[1]: make it anew to have what changed"
	if err != nil || len(p.Notes) != 1 || p.Notes[0] != want {
		t.Errorf("%v, notes %q, want %q", err, p.Notes, want)
	}
	if _, err := s.Check("In[4]", "s.Len()"); err == nil || !strings.Contains(err.Error(), "s.Len undefined (type *Stack[int] (from In[1]) has no field or method Len)") {
		t.Errorf("the method of an older value: %v", err)
	}
	p, err = s.Check("In[5]", "s := &Stack[int]{}\ns.Len()")
	if err != nil || len(p.Notes) > 0 {
		t.Errorf("made anew: %v, notes %q", err, p.Notes)
	}
	if p, err := s.Check("In[6]", "func (s *Stack[T]) Cap() int { return cap(s.items) }\ns = &Stack[int]{}"); err == nil {
		t.Errorf("a value of the new type in an older variable: %v", p.Notes)
	}
}

// Running a cell of types again after a change to one of them takes the others along.
func TestTypesOfOneCellDeclaredAgain(t *testing.T) {
	s := session(t, "type A struct{ x int }\ntype B struct{ a A }\nfunc (b B) Get() int { return 1 }", "func (b B) Two() int { return 2 }")
	p, err := s.Check("In[3]", "type A struct{ x string }\ntype B struct{ a A }\nfunc (b B) Get() int { return 1 }")
	if err != nil || len(p.Notes) > 0 {
		t.Fatalf("%v, notes %q", err, p.Notes)
	}
	if _, err := s.Check("In[4]", "b := B{A{`s`}}\nb.Get() + b.Two()"); err != nil {
		t.Error(err)
	}
}

// What a cell holds itself and does not compile any more is an error of the cell, though its text is
// that of before.
func TestSameTextNoLongerCompiles(t *testing.T) {
	for _, tt := range []struct{ before, after, want string }{
		{"type A struct{ x int }\ntype B struct{ a A }\nfunc (b B) Get() int { return b.a.x }",
			"type A struct{ y int }\ntype B struct{ a A }\nfunc (b B) Get() int { return b.a.x }",
			"In[2]:3:35: b.a.x undefined (type A has no field or method x)"},
		{"type T struct{}\nfunc (t T) Get() int { return g() }\nfunc g() int { return 1 }",
			"type T struct{}\nfunc (t T) Get() int { return g() }\nfunc g() string { return `` }",
			"In[2]:2:31: cannot use g() (value of type string) as int value in return statement"},
		{"type A struct{ x int }\ntype B struct{ a A }", "type A struct{ x string }\ntype B struct{ a A }\nb := B{A{`s`}}\nb.a.x", ""},
		{"type A struct{ x int }\ntype B struct{ a A }\ntype C struct{ b B }", "type A struct{ x string }\ntype B struct{ a A }\ntype C struct{ b B }\nc := C{B{A{`s`}}}", ""},
	} {
		_, err := session(t, tt.before).Check("In[2]", tt.after)
		if got := fmt.Sprint(err); got != tt.want && (err != nil || tt.want != "") {
			t.Errorf("%s\n got %s\nwant %s", tt.after, got, tt.want)
		}
	}
}

// The initialiser of a variable that is declared again reads the older one, wherever it stands.
func TestOlderVariableAtTheEnd(t *testing.T) {
	s := session(t, "x := 1")
	for _, code := range []string{"x := x", "x := x // again", "x := 2 + x", "y := x\nx := 3", "var x = x", "x, y := 5, x"} {
		if _, err := s.Check("In[2]", code); err != nil {
			t.Errorf("%s: %v", code, err)
		}
	}
}

// A type may be declared by the name of an earlier cell's.
func TestTypeByTheNameOfAnother(t *testing.T) {
	for _, code := range []string{
		"type U = T\nvar u U = v\nu.Get()", "type U T\nvar u = U(v)\nu.n", "type U = G[int]\nU{}", "type U I\nvar u U = v",
		"type ( U = T; W U )\nW{}.n", "func (t T) Other() int { return 1 }\ntype U T\nU(v).n", "import . `time`\ntype U Duration\nU(3)",
	} {
		s := session(t, "type T struct{ n int }\nfunc (t T) Get() int { return t.n }\nv := T{1}\ntype G[P any] struct{ p P }\ntype I interface{ Get() int }")
		if _, err := s.Check("In[2]", code); err != nil {
			t.Errorf("%s: %v", code, err)
		}
	}
}

// Keys of composite literals are names like others, unless they are fields.
func TestKeysOfLiterals(t *testing.T) {
	s := session(t, "key, X := `a`, 1\nconst idx = 2\ntype M map[string]int\ntype S struct { X, key int }")
	for code, want := range map[string]string{
		"map[string]int{key: 1}":                                    "",
		"[...]string{idx: `x`}":                                     "",
		"M{key: 1}":                                                 "",
		"[]map[string]int{{key: 1}}":                                "",
		"func f() M { return M{key: 2} }\nf()":                      "",
		"func g(k string) M { return M{k: 1, key: 2} }":             "",
		"S{X: 1, key: 2}":                                           "",
		"[]S{{X: X}}":                                               "",
		"key := map[string]string{key: `x`}":                        "",
		"other := map[int]int{1: 1, other: 3}\nfor range other { }": "In[2]:1:28: undefined: other",
	} {
		_, err := s.Check("In[2]", code)
		if got := fmt.Sprint(err); got != want && (err != nil || want != "") {
			t.Errorf("%s:\n got %s\nwant %s", code, got, want)
		}
		if strings.HasPrefix(code, "key :=") {
			s = session(t, "key, X := `a`, 1\nconst idx = 2\ntype M map[string]int\ntype S struct { X, key int }")
		}
	}
}

// Every use of a generic thing becomes a copy, checked and emitted once.
func TestGenerics(t *testing.T) {
	s := session(t,
		"func Map[T, U any](xs []T, f func(T) U) []U { var out []U; for _, x := range xs { out = append(out, f(x)) }; return out }",
		"type List[T any] struct { v T; next *List[T] }\nfunc (l *List[T]) Len() int { if l == nil { return 0 }; return 1 + l.next.Len() }",
		"func Depth[T any](n int, v T) int { if n == 0 { return 0 }; return 1 + Depth(n-1, v) }",
		"type P struct{ a int }\nps := []P{{2}, {1}}")
	for _, tt := range []struct {
		code string
		want []string // in the source
	}{
		{"Map([]int{1}, func(i int) string { return `a` })", []string{"xs []int", "f func(int) (string)) []string"}},
		{"Map(ps, func(p P) int { return p.a })", []string{"xs []Pˑ4"}},
		{"(&List[P]{}).Len()", []string{"struct{v Pˑ4", "_Len(l *Listˑ"}},
		{"Depth(3, 1.5)", []string{"v float64) int"}},
		{"slices.SortFunc(ps, func(a, b P) int { return a.a - b.a })", []string{"data []Pˑ4"}},
		{"slices.Max([]float32{1})", []string{"[]float32) float32"}},
	} {
		p, err := s.Check("In[5]", tt.code)
		if err != nil {
			t.Errorf("%s: %v", tt.code, err)
			continue
		}
		for _, want := range tt.want {
			if !strings.Contains(p.Source, want) {
				t.Errorf("%s: no %q in\n%s", tt.code, want, p.Source)
			}
		}
	}
	p, err := s.Check("In[6]", "Depth(4, 2.5)")
	if err != nil || strings.Contains(p.Source, "func Depth") {
		t.Errorf("an instance is emitted twice: %v\n%s", err, p.Source)
	}
}

// A function that may call itself, by whatever way, tests the stop flag; others do not pay for it.
func TestRecursionIsPolled(t *testing.T) {
	for code, polled := range map[string]bool{
		"func f(n int) int { return f(n + 1) }":                                   true,
		"func f(n int) int { return g(n) }\nfunc g(n int) int { return f(n) }":    true,
		"type T struct{}\nfunc (t T) m() { t.m() }":                               true,
		"func f[T any](v T) { f(v) }\nf(1)":                                       true,
		"func f(g func()) { g() }":                                                true,
		"func f(v any) string { return fmt.Sprint(v) }":                           true,
		"func f(x float64) float64 { return math.Sqrt(x) + float64(len(`a`)) }":   false,
		"func f(n int) int { return n + 1 }\nfunc g(n int) int { return f(n) }":   false,
		"type T struct{ n int }\nfunc (t *T) inc() { t.n++ }":                     false,
		"func f[T any](v T) T { return v }\nf(1)":                                 false,
		"func f(s string) string { return strings.ToUpper(s) + strconv.Itoa(3) }": false,
	} {
		p, err := cell.NewSession(exports.Library()).Check("In[1]", code)
		if err != nil || strings.Contains(p.Source, "Halt(") != polled {
			t.Errorf("%s: polled %v, want %v: %v\n%s", code, !polled, polled, err, p.Source)
		}
	}
}

func TestIsComplete(t *testing.T) {
	tests := []struct {
		code   string
		status cell.Status
		indent string
	}{
		{"", cell.Complete, ""},
		{"x := 1", cell.Complete, ""},
		{"func f() {", cell.Incomplete, "    "},
		{"func f() {\n\tif a {", cell.Incomplete, "        "},
		{"x := 1 +", cell.Incomplete, ""},
		{"f(1,", cell.Incomplete, "    "},
		{"go func() { f(g(", cell.Incomplete, "    "},
		{"s := `abc", cell.Incomplete, ""},
		{"/* abc", cell.Incomplete, ""},
		{"x := )", cell.Invalid, ""},
		{"if x {\n} else", cell.Incomplete, ""},
		{"defer", cell.Incomplete, ""},
		{"var x", cell.Invalid, ""},
		{"x := \"abc", cell.Invalid, ""},
		{"}", cell.Invalid, ""},
		{"@", cell.Invalid, ""},
		{"f(func() {\n\ta()\n}", cell.Incomplete, "    "},
		{"for range 3 {\n}", cell.Complete, ""},
		{"// only a comment", cell.Complete, ""},
		{"a, b", cell.Complete, ""},
		{"i++", cell.Complete, ""},
	}
	for _, tt := range tests {
		if status, indent := cell.IsComplete(tt.code); status != tt.status || indent != tt.indent {
			t.Errorf("IsComplete(%q) = %s, %q, want %s, %q", tt.code, status, indent, tt.status, tt.indent)
		}
	}
}

// The list of methods that go/types keeps of a type can be changed and changed back.
func TestMethodsOfEarlierTypes(t *testing.T) {
	s := session(t, "type T struct{ n int }\nfunc (t T) A() int { return t.n }\nx := T{1}")
	for i, step := range []struct {
		code string
		ok   bool
	}{
		{"func (t T) B() int { return t.A() }\nx.B()", true},
		{"func (t T) C() int { return nope }", false},
		{"x.C()", false},
		{"func (t T) A() string { return `a` }\nvar a string = x.A()", true},
		{"var a int = x.A()", false},
		{"func (t T) n() {}", false},
		{"var i interface{ A() string; B() int } = x", true},
		{"func (t *T) P() {}\nx.P()", true},
		{"var i interface{ P() } = x", false},
	} {
		if _, err := s.Check(fmt.Sprintf("In[%d]", i+2), step.code); (err == nil) != step.ok {
			t.Errorf("%s: %v", step.code, err)
		}
	}
}

// A value of a type that has lost its name says so when it is shown.
func TestShownOfReplacedType(t *testing.T) {
	s := session(t, "type T struct{ n int }\nt := T{1}", "type T struct{ n, m int }")
	p, err := s.Check("In[3]", "[]T{{1, 2}}, t")
	if err != nil || len(p.Notes) != 1 || p.Notes[0] != "this is a T from In[1]; T is another type since In[2]" {
		t.Errorf("%v, notes %q", err, p.Notes)
	}
	if p, err = s.Check("In[4]", "[]T{{1, 2}}"); err != nil || len(p.Notes) != 0 {
		t.Errorf("%v, notes %q", err, p.Notes)
	}
}
