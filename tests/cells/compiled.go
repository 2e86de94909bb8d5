package cells

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// Compiled is a number of programs that Go has built into one executable: linking takes longer than
// compiling.
type Compiled struct{ path string }

// The programs are packages of one module. Their name shows where a program prints its types, and is
// made "main" again there.
const packageName = "mainˑpkg"

var (
	packageClause = regexp.MustCompile(`(?m)^package main\b`)
	mainFunc      = regexp.MustCompile(`(?m)^func main\(\)`)
	packagePath   = regexp.MustCompile(`programs/p[0-9]+\.`) // as it stands between the brackets of a type's name
)

// Compile builds programs, each the text of a package main, in a folder that is empty.
func Compile(folder string, programs []string) (*Compiled, error) {
	var imports, cases strings.Builder
	for i, text := range programs {
		text = packageClause.ReplaceAllString(text, "package "+packageName)
		text = mainFunc.ReplaceAllString(text, "func Main()")
		if err := write(folder, fmt.Sprintf("p%d/main.go", i), text); err != nil {
			return nil, err
		}
		fmt.Fprintf(&imports, "\tp%d \"programs/p%d\"\n", i, i)
		fmt.Fprintf(&cases, "\tcase \"%d\":\n\t\tp%d.Main()\n", i, i)
	}
	// A program without end fails at once, and not when the machine has made a stack of 1 GB.
	main := "package main\n\nimport (\n\t\"os\"\n\t\"runtime/debug\"\n" + imports.String() + ")\n\nfunc main() {\n\tdebug.SetMaxStack(64 << 20)\n\tswitch os.Args[1] {\n" + cases.String() + "\t}\n}\n"
	if err := write(folder, "main.go", main); err != nil {
		return nil, err
	}
	if err := write(folder, "go.mod", "module programs\n\ngo 1.26\n"); err != nil {
		return nil, err
	}
	cmd := exec.Command("go", "build", "-o", "programs", ".")
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod", "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("go build: %w\n%s", err, head(string(out)))
	}
	return &Compiled{filepath.Join(folder, "programs")}, nil
}

func write(folder, name, text string) error {
	path := filepath.Join(folder, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(text), 0o644)
}

// Run runs program i and gives what it wrote. The failure is empty when it ended well.
func (c *Compiled) Run(i int) Reaction {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, c.path, fmt.Sprint(i))
	var out, errout bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errout
	err := cmd.Run()
	r := Reaction{Out: unpack(out.String()), Errout: unpack(errout.String())}
	if err != nil {
		r.Failure = err.Error() + "\n" + r.Errout
	}
	return r
}

func unpack(text string) string {
	text = packagePath.ReplaceAllString(text, "main.")
	return strings.ReplaceAll(text, packageName, "main")
}
