package tests

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestMagics(t *testing.T) {
	k := startKernel(t, newWorkspace(t), nil, nil)
	k.steps([]step{
		{code: "%lsmagic", out: "%save [-f] FILE.go"},
		{code: "%help", out: "%help subshells "},
		{code: "%help magics", out: "%save [-f] FILE.go"},
		{code: "%help sub", fails: "%help knows no topic sub; there are magics, errors"},
		{code: "%help error", fails: "did you mean errors?"},
		{code: "%help %timeit", out: "run a statement many times"},
		{code: "%help stats", out: "cells                7\n"},
		{code: "%%px\n1+1", fails: "no cluster runs; %cluster start -n 4 starts one"},
		{code: "%saev x.go", fails: "line 1: there is no magic %saev; did you mean %save?"},
		{code: "x := 1\n%nothing", fails: "line 2: there is no magic %nothing; %lsmagic lists them"},
		{code: "x", fails: "undefined: x"},
		{code: "x := 1\n%%native", fails: "%%native must stand above the cell"},
		{code: "%lsmagic\n\ny + 1", fails: "In[13]:3:1: undefined: y"},
		{code: "%save", fails: "%save wants a file"},
	})
}

// TestShellMagics speaks with the system, from the engine.
func TestShellMagics(t *testing.T) {
	k := startKernel(t, newWorkspace(t), nil, nil)
	k.steps([]step{
		{code: "x := []string{\"a\", \"b\"}\n!echo {x} {len(x)} ${NOTSET}{1,2} $((1+2))", out: "a b 2 {1,2} 3\n"},
		{code: "for i := range 3 {\n\t!echo -n {i}.\n}", out: "0.1.2."},
		{code: "y := 1\n!exit 3\ny = 2", fails: "command: shell: `exit 3` ended with exit status 3"},
		{code: "y", value: "1"},
		{code: "!cat {nowhere}", fails: "undefined: nowhere\x1b[0m\n    !cat {nowhere}\n    ^"},
		{code: "%%bash\nfor i in 1 2; do\n  echo line $i\ndone", out: "line 1\nline 2\n"},
		{code: "%%bash\nfalse\necho not reached", fails: "`false ...` ended with exit status 1"},
		{code: "!mkdir sub\n%cd sub\n%%nothing", fails: "there is no magic %%nothing"},
		{code: "!mkdir sub\n%cd sub", out: "/sub\n"},
		{code: "%%writefile notes.txt\n%one\ntwo", out: "notes.txt: 9 bytes written"},
		{code: "!cat notes.txt", out: "%one\ntwo\n"},
		{code: "shell.Lines(\"ls\")", value: "[notes.txt]"},
		{code: "%cd -\nlen(shell.Lines(\"ls sub\"))", value: "1"},
		{code: "%cd nowhere", fails: "error: chdir nowhere: no such file"},
		{code: "z := !echo hi; echo you\nlen(z)", value: "2"},
		{code: "z = !printf '%s' {z[1]}\nz", value: "[you]"},
		{code: "z = !false a; exit 4", fails: "command: shell: `false a; exit 4` ended with exit status 4"},
		{code: "w := !ls -l", fails: "undefined: ls; the lines of a command are shell.Lines(\"ls -l\")"},
		{code: "done := false\n!done", value: "true"},
		{code: "!strings.HasPrefix(z[0], \"x\")", value: "true"},
		{code: "!nosuchcommand 2>&1", out: "not found", fails: "command: "},
		{code: "%env GOFIVE_X=some thing\nos.Getenv(\"GOFIVE_X\")", out: "GOFIVE_X=some thing", value: "some thing"},
		{code: "%env GOFIVE_Y", fails: "there is no variable GOFIVE_Y; %env GOFIVE_Y=value sets it"},
	})
}

// TestTimeMagics measures; the figures are not judged.
func TestTimeMagics(t *testing.T) {
	k := startKernel(t, newWorkspace(t), nil, nil)
	k.steps([]step{
		{code: "n := 0\nfunc f() int { n++; return n }\n%timeit -n 4 -r 2 f()\nn", out: "(mean and deviation of 2 runs of 4 loops; best ", value: "8"},
		{code: "%%timeit -n 3 -r 1\nn = 0\nfor range 10 { n++ }", out: "of 1 run of 3 loops"},
		{code: "n", value: "10"},
		{code: "%time f()", out: "wall ", value: "11"},
		{code: "%time m := f()\nm", out: "wall ", value: "12"},
		{code: "%%time\ntime.Sleep(time.Millisecond)\nf()", out: "ms, CPU ", value: "13"},
		{code: "%timeit nowhere()", fails: "undefined: nowhere"},
		{code: "%timeit", fails: "%timeit wants a statement"},
	})
}

// TestEngineMagics starts a new engine and declares again what was lost.
func TestEngineMagics(t *testing.T) {
	k := startKernel(t, newWorkspace(t), nil, nil)
	k.steps([]step{
		{code: "%replay", out: "no cell is lost"},
		{code: "%whos", out: "there are no variables"},
		{code: "type P struct{ X int }\nfunc (p P) Twice() int { return 2 * p.X }\np := P{4}"},
		{code: "func g(p P) int { return p.Twice() }"},
		{code: "a := make([][]float64, 3)\na[0] = make([]float64, 1000)\na[1], a[2] = a[0], a[0]\nimg := \"x\""},
		{code: "%whos", out: "a     [][]float64  3 x 1,000  24 KB  In[5]  [[0 0"},
		{code: "%whos", out: "p     P                       8 B    In[3]  {4}\n"},
		{code: "%who P", out: "p\n"},
		{code: "%restart", out: "a new engine runs; 3 variables are lost"},
		{code: "g(p)", fails: "undefined: p (lost with the engine in In[9])"},
		{code: "%replay", out: "replayed: In[3] In[4]\nthese cells did more, and are yours to run again:\n    In[3]  type P struct{ X int }\n    In[5]  a := "},
		{code: "g(P{3})", value: "6"},
		{code: "q := P{1}\nq.Twice()", value: "2"},
		{code: "syscall.Kill(os.Getpid(), 9)", fails: "undefined: syscall"},
		{code: "%reset", out: "a new engine runs; 1 variable is lost"},
		{code: "%replay all", out: "replayed: In[3] In[4] In[12] In[13]", value: "2"},
		{code: "q.X", value: "1"},
	})
}

// TestSave runs the program that %save writes.
func TestSave(t *testing.T) {
	k := startKernel(t, newWorkspace(t), nil, nil)
	k.steps([]step{
		{code: "n := strconv.Atoi(\"20\")\nfunc next() int { n++; return n }"},
		{code: "nowhere", fails: "undefined: nowhere"},
		{code: "panic(next())", fails: "panic: 21"},
		{code: "next()\n%save cells.go", value: "22", out: "of 2 cells; go run cells.go runs it"},
		{code: "%save cells.go\nnext()", value: "23", out: "of 2 cells"},
		{code: "err := os.WriteFile(\"mine.go\", []byte(\"package mine\\n\"), 0o644)"},
		{code: "%save mine.go", fails: "mine.go exists, and %save has not written it"},
		{code: "%save -f mine.go", out: "mine.go: "},
	})
	file := filepath.Join(k.run("os.Getwd()").text(), "cells.go")
	got, err := exec.Command("go", "run", file).CombinedOutput()
	if want := "21\n"; err != nil || string(got) != want { // the failed cell, which counted too, is left out
		t.Errorf("the program prints %q, %v; want %q", got, err, want)
	}
}

// TestCapture runs cells whose output is kept.
func TestCapture(t *testing.T) {
	k := startKernel(t, newWorkspace(t), nil, nil)
	k.steps([]step{
		{code: "%%capture text\nfmt.Print(\"é\\n`\")\n!echo two\ndisplay.Show(3)\n4"},
		{code: "len(text), text", value: "8 é\n`two\n"},
		{code: "%%capture text\nfmt.Println(\"first\")\npanic(1)", fails: "panic: 1"},
		{code: "text", value: "first\n"},
		{code: "%%capture\nfmt.Println(text)"},
		{code: "fmt.Println(text)", out: "first\n\n"},
		{code: "%%capture 7\n", fails: "%%capture takes the name of a variable behind it: not \"7\""},
		{code: "%%capture text\nfmt.Print(strings.Repeat(\"x\", 9<<20))", err: "%%capture keeps 8.4 MB; 1.0 MB more were printed"},
		{code: "len(text)", value: "8388608"},
	})
	if o := k.run("%%capture\ndisplay.Show(3)\n4"); len(o.Displays) > 0 || o.Result != nil {
		t.Errorf("a captured cell shows %v and %v", o.Displays, o.Result)
	}
}

// TestDoc shows documentation in the notebook.
func TestDoc(t *testing.T) {
	k := startKernel(t, newWorkspace(t), nil, nil)
	o := k.run("%doc strings.Split")
	if len(o.Displays) != 1 || !strings.HasPrefix(o.Displays[0]["text/plain"].(string), "func strings.Split(s string, sep string) []string\n") {
		t.Errorf("%%doc shows %v", o.Displays)
	}
	k.steps([]step{
		{code: "%doc nothing", fails: "nothing is known of nothing"},
		{code: "%doc", fails: "%doc wants a name"},
	})
}
