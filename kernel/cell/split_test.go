package cell

import (
	"slices"
	"testing"
)

func TestSplit(t *testing.T) {
	tests := []struct {
		name, code string
		want       []string
	}{
		{"empty", "", nil},
		{"comment", "// nothing\n", nil},
		{"two lines", "x := 1\ny := 2", []string{"x := 1", "y := 2"}},
		{"one line", "x := 1; y := 2", []string{"x := 1", "y := 2"}},
		{"brackets", "f(1,\n 2)\ng()", []string{"f(1,\n 2)", "g()"}},
		{"for header", "for i := 0; i < 3; i++ {\n}\nx", []string{"for i := 0; i < 3; i++ {\n}", "x"}},
		{"literal in header", "for a := []int{1}; len(a) < 3; a = append(a, 1) {\n}; x", []string{"for a := []int{1}; len(a) < 3; a = append(a, 1) {\n}", "x"}},
		{"func in header", "if f := func() bool { return true }; f() { g() }; x", []string{"if f := func() bool { return true }; f() { g() }", "x"}},
		{"else", "if a {\n} else {\n}\nx", []string{"if a {\n} else {\n}", "x"}},
		{"range of a literal", "for _, s := range []string{`a`} { f(s) }\nx", []string{"for _, s := range []string{`a`} { f(s) }", "x"}},
		{"one-line if", "if a { b() }; c()", []string{"if a { b() }", "c()"}},
		{"label", "l:\nfor i := 0; i < 3; i++ { break l }\nx", []string{"l:\nfor i := 0; i < 3; i++ { break l }", "x"}},
		{"comment behind", "x // why\ny", []string{"x", "y"}},
		{"raw string", "s := `a;\nb`\ns", []string{"s := `a;\nb`", "s"}},
		{"open bracket", "f(1,", []string{"f(1,"}},
	}
	for _, tt := range tests {
		pieces, _ := split(tt.code)
		var got []string
		for _, p := range pieces {
			got = append(got, p.text)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: split(%q)\n got %q\nwant %q", tt.name, tt.code, got, tt.want)
		}
	}
}

func TestClass(t *testing.T) {
	tests := []struct {
		code string
		want class
	}{
		{"import \"fmt\"", importDecl},
		{"package main", packageClause},
		{"type T struct{}", declaration},
		{"var x = 1", declaration},
		{"func f() {}", declaration},
		{"func f[T any](t T) {}", declaration},
		{"func (t T) m() {}", declaration},
		{"func (t *T[K]) m() int { return 1 }", declaration},
		{"func (T) m() {}", declaration},
		{"func() { f() }()", statement},
		{"func(a int) int { return a }(4)", statement},
		{"func(a int) (int, error) { return a, nil }(4)", statement},
		{"func(a int) (b int) { return a }(4)", statement},
		{"l: for { break l }", statement},
		{"x", statement},
	}
	for _, tt := range tests {
		pieces, _ := split(tt.code)
		if len(pieces) != 1 || pieces[0].class != tt.want {
			t.Errorf("split(%q) = %+v, want one piece of class %d", tt.code, pieces, tt.want)
		}
	}
}

func TestQuiet(t *testing.T) {
	for code, want := range map[string]bool{"x": false, "x;": true, "x ; // shown not": true, "x\n;": true, "f();\ng()": false} {
		pieces, _ := split(code)
		if got := pieces[len(pieces)-1].quiet; got != want {
			t.Errorf("split(%q): quiet %v, want %v", code, got, want)
		}
	}
}
