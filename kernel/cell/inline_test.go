package cell_test

import (
	"strings"
	"testing"

	"gofive/kernel/cell"
	"gofive/kernel/cell/exports"
)

// A small function is inlined, across cells too; one that is declared again takes its place
// everywhere.
func TestInlining(t *testing.T) {
	tests := []struct {
		name  string
		cells []string
		want  string
	}{
		{"function declared again", []string{"func sq(x int) int { return x * x }", "func g(n int) int { return sq(n) + 1 }", "n := 3", "func sq(x int) int { return x * 10 }", "sq(n), g(n)"}, "30 31"},
		{"method declared again", []string{"type T struct{ n int }\nfunc (t *T) N() int { return t.n }", "func g(t *T) int { return t.N() + 1 }", "p := &T{3}", "func (t *T) N() int { return t.n * 10 }", "p.N(), g(p)"}, "30 31"},
		{"type declared again", []string{"type T struct{ n int }\nfunc (t T) N() int { return t.n }", "v := T{3}", "type T struct{ m, n int }\nfunc (t T) N() int { return t.m }", "w := T{m: 7}\nv.N(), w.N()"}, "3 7"},
		{"a global of the same name", []string{"func f(x int) int { return x + 1 }", "x, y := 1, 5", "f(y), f(x)"}, "6 2"},
		{"a constant", []string{"const k = 4\nfunc f(x int) int { return x * k }", "y := 5\nf(y)"}, "20"},
		{"nil", []string{"type T struct{ n int }\nfunc (t *T) Inc() {\n\tt.n++\n}", "func g(t *T) {\n\tprintln(1)\n\tt.Inc()\n}", "g(nil)"},
			"panic: runtime error: invalid memory address or nil pointer dereference\n\ncell In[1], line 3, in (*T).Inc\n    t.n++\ncell In[2], line 3, in g\n    t.Inc()\ncell In[3], line 1\n    g(nil)\n\nSomething there is nil, as a variable is when the cell that should have set it failed."},
	}
	for _, tt := range tests {
		if got := runAll(t, tt.cells...); got != tt.want {
			t.Errorf("%s: %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

// What may fail in ways of its own, or does more than a call can be replaced by, stays a call.
func TestNotInlined(t *testing.T) {
	for code, inlined := range map[string]bool{
		"func f(a int) int { return a * a }; x := 1; f(x)":                                          true,
		"func f(a int) int { return 1 / a }; x := 1; f(x)":                                          false,
		"func f(a []int) int { return a[0] }; x := []int{1}; f(x)":                                  false,
		"func f(a *int) int { return *a }; x := 1; p := &x; f(p)":                                   false,
		"func f(a any) any { return a }; x := 1; f(x)":                                              false,
		"func f(a int) int { return a << 70 }; x := 1; f(x)":                                        false,
		"func g() int { return 1 }; func f(a int) int { return a * a }; f(g())":                     false,
		"func f(a int) int { if a > 1 { return 1 }; return a }; x := 1; f(x)":                       false,
		"type T struct{ n int }; func (t *T) f() { t.n += 2 }; x := &T{}; x.f()":                    true,
		"type T struct{ n []int }; func (t *T) f() { t.n = nil }; x := &T{}; x.f()":                 false,
		"type T struct{ n int }; func (t *T) f() { t.n += 2 }; func x() *T { return nil }; x().f()": false,
	} {
		p, err := cell.NewSession(exports.Library()).Check("In[1]", code+"; 0")
		if err != nil {
			t.Fatalf("%s: %v", code, err)
		}
		_, body, _ := strings.Cut(p.Source, "ˑcell1(")
		if called := strings.Contains(body, "fˑ1("); called == inlined {
			t.Errorf("%s: inlined %v, want %v\n%s", code, !called, inlined, body)
		}
	}
}
