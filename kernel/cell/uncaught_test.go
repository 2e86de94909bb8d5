package cell_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// address is how Go tells of a value that has parts; cells show the value.
var address = regexp.MustCompile(`(?m)^((?:panic: )?\(.*\) )0x[0-9a-f]+$`)

// TestUncaughtLikeCompiled has panics of testdata/uncaught.txt end a program and a cell: both must word
// them the same.
func TestUncaughtLikeCompiled(t *testing.T) {
	programs := readPrograms(t, "testdata/uncaught.txt")
	binary := buildUncaught(t, programs)
	for i, p := range programs {
		var stderr bytes.Buffer
		cmd := exec.Command(binary, fmt.Sprint(i))
		cmd.Stderr = &stderr
		_ = cmd.Run() // it is to fail
		want, _, crashed := strings.Cut(packageName.ReplaceAllString(stderr.String(), "main"), "\n\ngoroutine ")
		if !crashed {
			t.Fatalf("%s %s: Go's program wrote %q", p.decls, p.body, stderr.String())
		}
		want, _, _ = strings.Cut(want, "\n[signal ")
		nb := newLive(t)
		nb.run(t, p.decls+"\nfunc program() {\n"+p.body+"\n}")
		got, _, _ := strings.Cut(nb.run(t, "program();"), "\n\ncell ")
		if m := address.FindStringSubmatch(want); m != nil && strings.HasPrefix(got, m[1]) {
			continue
		}
		if got != want {
			t.Errorf("%s ;; %s\n got  %s\n want %s", p.decls, p.body, got, want)
		}
	}
}

// packageName is what the packages of the programs are called: each has names of its own.
var packageName = regexp.MustCompile(`\bp\d+main\b`)

// buildUncaught builds an executable that runs the program of the number it is given.
func buildUncaught(t *testing.T, programs []program) string {
	t.Helper()
	goCommand, err := exec.LookPath("go")
	if err != nil {
		t.Skip("SKIPPED: there is no Go toolchain")
	}
	dir := t.TempDir()
	write := func(name, text string) {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	imports, cases := "", ""
	for i, p := range programs {
		head := fmt.Sprintf("package p%dmain\n", i)
		for _, path := range packagesOf([]program{p}) {
			head += fmt.Sprintf("import %q\n", path)
		}
		write(fmt.Sprintf("p%d/p.go", i), head+p.decls+"\nfunc Program() {\n"+p.body+"\n}\n")
		imports += fmt.Sprintf("import p%d \"uncaught/p%d\"\n", i, i)
		cases += fmt.Sprintf("case \"%d\":\np%d.Program()\n", i, i)
	}
	write("main.go", "package main\nimport \"os\"\n"+imports+"func main() {\nswitch os.Args[1] {\n"+cases+"}\n}\n")
	write("go.mod", "module uncaught\n\ngo 1.26\n")
	cmd := exec.Command(goCommand, "build", "-o", "uncaught", ".")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod", "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return filepath.Join(dir, "uncaught")
}
