package cell_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// program is one line of testdata/compiled: what it declares, and the body of a function.
type program struct{ decls, body string }

func readPrograms(t *testing.T, file string) []program {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var list []program
	for _, line := range strings.Split(string(text), "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		decls, body, ok := strings.Cut(line, ";;")
		if !ok {
			decls, body = "", line
		}
		list = append(list, program{strings.TrimSpace(decls), strings.TrimSpace(body)})
	}
	return list
}

// told is the code that runs f and tells of its panic.
const told = `func() { done := false; defer func() { if done { return }; switch v := recover().(type) {
case runtime.Error: fmt.Println("\nruntime error, " + v.Error())
default: fmt.Println("\npanic", v) } }(); %s(); done = true }()`

// TestLikeCompiled runs each program of testdata/compiled as the Go compiler has it, as a function of
// a cell, and as the top of a cell: all three must print the same and fail in the same words.
func TestLikeCompiled(t *testing.T) {
	files, err := filepath.Glob("testdata/compiled/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no programs: %v", err)
	}
	for _, file := range files {
		programs := readPrograms(t, file)
		want := runCompiled(t, programs)
		inFunctions, atTop := newLive(t), newLive(t)
		for i, p := range programs {
			if p.decls != "" {
				inFunctions.run(t, p.decls)
				atTop.run(t, p.decls)
			}
			inFunctions.run(t, "func program() {\n"+p.body+"\n}")
			if got := inFunctions.run(t, fmt.Sprintf(told, "program")+";"); got != want[i] {
				t.Errorf("%s %s\n in a function %s\n compiled      %s", p.decls, p.body, got, want[i])
			}
			got, plain := atTop.run(t, p.body+";"), message(want[i])
			if message, _ := cutMessage(got); !strings.HasSuffix(message, plain) || strings.HasPrefix(got, "panic: ") != (plain != want[i]) {
				t.Errorf("%s %s\n at the top %s\n compiled   %s", p.decls, p.body, got, plain)
			}
		}
	}
}

// message gives what a program says last: its panic, where it has one.
func message(told string) string {
	lines := strings.Split(told, "\n")
	for i, line := range lines {
		for _, kind := range []string{"runtime error, ", "panic "} {
			if rest, ok := strings.CutPrefix(line, kind); ok && i == len(lines)-1 {
				return rest
			}
		}
	}
	return told
}

// runCompiled runs the programs as one, built by the Go compiler, and gives what each printed.
func runCompiled(t *testing.T, programs []program) []string {
	t.Helper()
	goCommand, err := exec.LookPath("go")
	if err != nil {
		t.Skip("SKIPPED: there is no Go toolchain")
	}
	var src strings.Builder
	packages := packagesOf(append(programs, program{"", "fmt.Print(runtime.GOOS)"}))
	for i, p := range programs {
		fmt.Fprintf(&src, "%s\nfunc program%d() {\n%s\n}\n", p.decls, i, p.body)
	}
	src.WriteString("func main() {\n")
	for i := range programs {
		fmt.Fprintf(&src, "fmt.Print(\"\\n@@\\n\")\n"+told+"\n", fmt.Sprintf("program%d", i))
	}
	src.WriteString("}\n")
	dir := t.TempDir()
	file := filepath.Join(dir, "main.go")
	head := "package main\nimport (\n\"" + strings.Join(packages, "\"\n\"") + "\"\n)\n"
	if err := os.WriteFile(file, []byte(head+src.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	binary := filepath.Join(dir, "programs")
	if out, err := exec.Command(goCommand, "build", "-o", binary, file).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out, err := exec.Command(binary).Output()
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, part := range strings.Split(string(out), "\n@@\n")[1:] {
		list = append(list, strings.TrimSuffix(part, "\n"))
	}
	if len(list) != len(programs) {
		t.Fatalf("%d programs told of themselves, of %d", len(list), len(programs))
	}
	return list
}

// packagesOf gives the packages that programs use.
func packagesOf(programs []program) []string {
	var packages []string
	for _, p := range programs {
		for _, m := range regexp.MustCompile(`\b([a-z]+)\.[A-Z]`).FindAllStringSubmatch(p.decls+p.body, -1) {
			if path, known := packagePaths[m[1]]; known && !slices.Contains(packages, path) {
				packages = append(packages, path)
			}
		}
	}
	return packages
}

// packagePaths are the packages that the programs name.
var packagePaths = func() map[string]string {
	paths := map[string]string{}
	for _, p := range []string{"cmp", "errors", "fmt", "io", "maps", "math", "math/rand", "os", "reflect", "regexp", "runtime", "slices", "sort",
		"strconv", "strings", "sync", "testing", "time"} {
		paths[p[strings.LastIndexByte(p, '/')+1:]] = p
	}
	return paths
}()
