package tests

import (
	"os/exec"
	"path/filepath"
	"testing"
)

func TestMagics(t *testing.T) {
	k := startKernel(t, newWorkspace(t), nil, nil)
	k.steps([]step{
		{code: "%lsmagic", out: "%save [-f] FILE.go"},
		{code: "%saev x.go", fails: "line 1: there is no magic %saev; did you mean %save?"},
		{code: "x := 1\n%nothing", fails: "line 2: there is no magic %nothing; %lsmagic lists them"},
		{code: "x", fails: "undefined: x"},
		{code: "x := 1\n%%native", fails: "%%native must stand above the cell"},
		{code: "%lsmagic\n\ny + 1", fails: "In[6]:3:1: undefined: y"},
		{code: "%save", fails: "%save wants a file"},
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
