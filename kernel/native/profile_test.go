package native

import (
	"strings"
	"testing"
)

// TestProfile names functions as the linker does: it is of no use to the compiler otherwise.
func TestProfile(t *testing.T) {
	got := profile("p/q", "package main\n\ntype T struct{}\n\nfunc f() {}\nfunc (t T) m() {}\nfunc (*T) n() {}\n")
	for _, name := range []string{"p/q.f", "p/q.T.m", "p/q.(*T).n"} {
		if !strings.Contains(got, "\n"+name+"\n0 1\n") {
			t.Errorf("got\n%s\nwithout %s", got, name)
		}
	}
	if got := profile("p", "no Go"); got != "" {
		t.Errorf("got %q of what is no Go", got)
	}
}
