package tests

import (
	"strings"
	"testing"

	"gofive/tests/cells"
)

// exportDiffers are the cases whose program prints something else than the cells, with the reason.
var exportDiffers = map[string]string{
	"redef.keys_of_literals": "a cell writes a note",
	"stdgen.slog":            "prints the time of day",
}

// TestExport turns the cases that run to their end into programs, builds them with the Go compiler and
// compares what they print with what the cells printed and showed. So Go itself says whether what a case
// expects is right.
func TestExport(t *testing.T) {
	var programs []exportedProgram
	for _, c := range allCases(t) {
		if exportDiffers[c.Name] != "" {
			continue
		}
		if source, output := exported(t, c); source != "" {
			programs = append(programs, exportedProgram{c.Name, source, output})
		}
	}
	compareExported(t, programs)
}

// exportedProgram is a notebook as a program, and what that should print.
type exportedProgram struct{ name, source, want string }

// compareExported builds the programs and runs them.
func compareExported(t *testing.T, programs []exportedProgram) {
	t.Helper()
	var sources []string
	for _, p := range programs {
		sources = append(sources, p.source)
	}
	built, err := cells.Compile(t.TempDir(), sources)
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range programs {
		r := built.Run(i)
		if r.Failure != "" {
			t.Errorf("%s: %s", p.name, r.Failure)
		}
		if got := r.Errout + r.Out; got != p.want {
			t.Errorf("%s: the program prints\n%s\nwant\n%s\nIt is\n%s", p.name, got, p.want, p.source)
		}
	}
	t.Logf("%d programs", len(programs))
}

// exported runs the cells of a case and gives them as a program, with what they printed and showed;
// "" when one of them is meant to fail, or does.
func exported(t *testing.T, c cells.Case) (source, output string) {
	nb := newNotebook(t)
	var out strings.Builder
	for _, cell := range c.Cells {
		if cell.Fails() || cell.Waits() {
			return "", ""
		}
		r := nb.Run(cell)
		if cell.Judge(r) != nil {
			return "", "" // TestCells tells
		}
		out.WriteString(r.Errout + r.Out)
		if r.Result != "" {
			out.WriteString(r.Result + "\n")
		}
	}
	source, err := nb.Export()
	if err != nil {
		t.Errorf("%s: %v", c.Name, err)
	}
	if strings.Contains(source, "\"gofive/") { // a package of this module, which programs outside of it have not
		return "", ""
	}
	return source, out.String()
}

// TestExportResolves exports notebooks that no single Go file could be.
func TestExportResolves(t *testing.T) {
	tests := []struct{ name, cells, want string }{
		{"function", "func f() int { return 1 }\nfunc g() int { return 10 * f() }\ng()\n---\nfunc f() int { return 2 }\n---\ng()", "10\n20\n"},
		{"variable", "x := 1\nfunc get() int { return x }\n---\nx := 2\nget()\n---\nx := \"s\"\nx\n---\nget()", "2\ns\n2\n"},
		{"older", "x := 3\n---\nx := x + 1\ny := x\nx = 9\nx, y", "9 4\n"},
		{"again", "x := 3\n---\nvar y = x + 1\nvar x int\nx, y", "0 1\n"},
		{"constant", "const n = 2\nfunc f() int { return n }\nf()\n---\nconst n = 3\n---\nf()", "2\n3\n"},
		{"type", "type T struct{ A int }\nt := T{1}\n---\ntype T struct{ B string }\nt2 := T{\"b\"}\nt.A, t2.B", "1 b\n"},
		{"method", "type T struct{ A int }\nt := T{1}\n---\nfunc (t T) Twice() int { return 2 * t.A }\n---\nT{4}.Twice()", "8\n"},
		{"method again", "type T struct{ A int }\nfunc (t T) M() int { return t.A }\nfunc (t *T) Add(n int) { t.A += n }\nfunc use(t T) int { return t.M() + T.M(t) }\nt := T{1}\nt.Add(2)\nuse(t)\n---\nfunc (t T) M() int { return -t.A }\nfunc (t *T) Add(n int) { t.A -= n }\n---\nt.Add(1)\nuse(t), t.M()\n---\nfunc (t T) M() string { return \"text\" }\n---\nt.M()", "6\n-4 -2\ntext\n"},
		{"method of two types", "type T int\nfunc (T) M() int { return 1 }\ntype U struct{ T }\nvar u U\nu.M(), u.T.M()\n---\nfunc (T) M() int { return 2 }\nfunc (U) M() int { return 3 }\n---\nu.M(), u.T.M()", "1 1\n3 2\n"},
		{"import", "import r \"math\"\nr.Abs(-2)\n---\nimport r \"strings\"\nr.ToUpper(\"a\")\n---\nr := 5\nr", "2\nA\n5\n"},
		{"error", "n := strconv.Atoi(\"12\")\nn + strconv.Atoi(\"30\")\n---\nstrconv.Atoi(\"7\")\n---\nos.Chdir(\".\")", "42\n7\n"},
		{"several", "func two() (int, string, error) { return 1, \"a\", nil }\na, b := two()\nfmt.Println(b, a)\n---\ntwo()", "a 1\n1 a\n"},
		{"ends", "defer fmt.Println(\"last\")\nfmt.Println(\"first\")\nif true {\n\treturn\n}\nfmt.Println(\"never\")\n---\n\"next\"", "first\nlast\nnext\n"},
		{"init", "func init() { fmt.Println(\"init 1\") }\nfunc init() { fmt.Println(\"init 2\") }\nfmt.Println(\"run\")", "init 1\ninit 2\nrun\n"},
		{"init of a file", "package main\nimport \"fmt\"\nvar a = 1\nfunc init() { a = 5 }\nfunc main() { fmt.Println(a) }", "5\n"},
		{"main", "package main\nimport \"fmt\"\nvar b = a + 1\nvar a = 1\nfunc main() { fmt.Println(a, b) }\n---\nb", "1 2\n2\n"},
		{"generic", "func Map[T, U any](xs []T, f func(T) U) []U {\n\tvar r []U\n\tfor _, x := range xs {\n\t\tr = append(r, f(x))\n\t}\n\treturn r\n}\ns := Map([]int{1, 2}, strconv.Itoa)\nstrings.Join(s, \"-\")", "1-2\n"},
		{"builtin", "min(3, 2)\n---\nfunc min(a, b int) int { return -1 }\nmin(3, 2)", "2\n-1\n"},
		{"loop", "outer:\nfor i := range 3 {\n\tfor range 2 {\n\t\tif i == 1 {\n\t\t\tbreak outer\n\t\t}\n\t\tfmt.Println(i)\n\t}\n}", "0\n0\n"},
		{"hidden", "x := 4;\nx;\n---\nx + 1;", ""},
		{"dot", "import . \"strings\"\nToUpper(\"dot\")", "DOT\n"},
		{"sequence", "seq := slices.Values([]int{1, 2})\nfor v := range seq {\n\tfmt.Println(v)\n}", "1\n2\n"},
	}
	var programs []exportedProgram
	for _, tt := range tests {
		nb := newNotebook(t)
		for code := range strings.SplitSeq(tt.cells, "\n---\n") {
			if r := nb.Run(cells.Cell{Code: code}); r.Failure != "" {
				t.Fatalf("%s: %s", tt.name, r.Failure)
			}
		}
		source, err := nb.Export()
		if err != nil {
			t.Fatal(err)
		}
		programs = append(programs, exportedProgram{tt.name, source, tt.want})
	}
	compareExported(t, programs)
}
