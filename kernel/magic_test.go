package kernel

import (
	"fmt"
	"strings"
	"testing"
)

func TestCutMagics(t *testing.T) {
	tests := []struct{ name, code, magics, rest string }{
		{"none", "x := 7 % 2", "", "x := 7 % 2"},
		{"cell", "%%native\nfunc f() {}", "%%native()@1+", "        \nfunc f() {}"},
		{"comment above", "// fast\n%%native\nfunc f() {}", "%%native()@2+", "// fast\n        \nfunc f() {}"},
		{"line", "%native auto \nx := 1\n%save  a b.go", "%native(auto)@1+ %save(a b.go)@3-", "             \nx := 1\n             "},
		{"indented", "  %lsmagic", "%lsmagic()@1+", "          "},
		{"raw string", "s := `\n%x`\n%save f", "%save(f)@3-", "s := `\n%x`\n       "},
		{"comment", "/*\n%x\n*/ y\n%save f // \"", "%save(f // \")@4-", "/*\n%x\n*/ y\n            "},
		{"strings", "a, b := '`', \"`\\\"\"\n%save f", "%save(f)@2-", "a, b := '`', \"`\\\"\"\n       "},
		{"no word", "%\n%%\n%4", "%()@1+ %%()@2+", " \n  \n%4"},
	}
	for _, tt := range tests {
		lines, rest := cutMagics(tt.code)
		var got []string
		for _, l := range lines {
			where := "-"
			if l.above {
				where = "+"
			}
			got = append(got, fmt.Sprintf("%s(%s)@%d%s", l.word, l.args, l.line, where))
		}
		if strings.Join(got, " ") != tt.magics || rest != tt.rest {
			t.Errorf("%s: got %q and %q, want %q and %q", tt.name, got, rest, tt.magics, tt.rest)
		}
	}
}
