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
		{"order", "%lsmagic\n!ls\n%whos", "%lsmagic()@1+ !(ls)@2+ %whos()@3-", "        \n   \n     "},
		{"command", "!ls -l\nx := 1", "!(ls -l)@1+", "      \nx := 1"},
		{"no command", "ok := a &&\n\t!b\nf(\n!c)\nx := 1\n!=2", "", "ok := a &&\n\t!b\nf(\n!c)\nx := 1\n!=2"},
		{"command in a loop", "for {\n\t!ls // a\n}", "!(ls // a)@2-", "for {\n         \n}"},
		{"command assigned", "z := !echo hi\n\tif !a b {\nz = !ls | grep x", "!(echo hi)@1+ !(ls | grep x)@3-", "z := nil     \n\tif !a b {\nz = nil         "},
		{"negation assigned", "z := !ok\nz = !f(\n1)\nz = !a &&\nb\nz = !m[\"x y\"] // no\nz = !ok; x := 1\nz = !func() bool {\nreturn a }()", "", "z := !ok\nz = !f(\n1)\nz = !a &&\nb\nz = !m[\"x y\"] // no\nz = !ok; x := 1\nz = !func() bool {\nreturn a }()"},
		{"questions", "h5?\n??strings.ToUpper\n%time?\nf??", "?(h5)@1+ ?(strings.ToUpper?)@2+ ?(%time)@3+ ?(f?)@4+", "   \n                 \n      \n   "},
		{"text", "%%bash\n%x\necho \"", "%%bash()@1+", "      \n  \n      "},
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

func TestExpandMagics(t *testing.T) {
	tests := []struct{ code, want string }{
		{"x := 1\n!ls {x} ${HOME} {a,b} {}", "x := 1\nˑmagic.Must(ˑshell.Run(\"ls \", x, \" ${HOME} {a,b} {}\"))"},
		{"z := !echo {x}", "z := ˑmagic.Lines(ˑshell.Lines(\"echo \", x, \"\"))"},
		{"%cd 'a b'\n%pwd", "ˑmagic.Say(ˑshell.Cd(\"a b\"))\nˑmagic.Say(ˑos.Getwd())"},
		{"%time f(x)", "defer ˑmagic.Time()(); f(x)"},
		{"%time x + 1\ny", "ˑmagic.Start(); _ = x + 1; ˑmagic.Stop()\ny"},
		{"%timeit -r 2 -n 3 len(x)", "for ˑloops := range ˑmagic.Loops(3, 2) { for range ˑloops { _ = len(x) } }"},
		{"%timeit copy(a, b)", "for ˑloops := range ˑmagic.Loops(0, 0) { for range ˑloops { copy(a, b) } }"},
		{"%%timeit -n 5\nf(x)", "for ˑloops := range ˑmagic.Loops(5, 0) { for range ˑloops { \nf(x)\n} }"},
		{"%%bash\necho `a`\n", "ˑmagic.Must(ˑshell.Bash(\"echo `a`\\n\"))\n        \n"},
		{"%%writefile -a f\nx", "ˑmagic.Say(ˑshell.WriteFile(\"f\", \"x\\n\", true))\n "},
	}
	for _, tt := range tests {
		got, failed := expandMagics(cutMagics(tt.code))
		if failed != nil || got != tt.want {
			t.Errorf("%q becomes %q, %v; want %q", tt.code, got, failed, tt.want)
		}
	}
	for code, want := range map[string]string{
		"%time": "%time wants a statement", "%timeit": "%timeit wants", "%timeit -n x f()": "-n wants a number",
		"%%timeit f()": "takes nothing but", "%%bash x\n": "takes nothing", "%%writefile\nx": "wants a file",
	} {
		if _, failed := expandMagics(cutMagics(code)); failed == nil || !strings.Contains(failed.Value, want) {
			t.Errorf("%q: %v, want %q", code, failed, want)
		}
	}
}
