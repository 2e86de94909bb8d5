package cell_test

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gofive/kernel/cell"
	"gofive/kernel/cell/exports"
)

var update = flag.Bool("update", false, "write what testdata/lowered should hold")

// The line behind the cells of a file in testdata/lowered; what the last of them becomes follows.
const loweredLine = "\n=== lowered ===\n"

// TestLowered compares what cells become with testdata/lowered: one file for each thing that the
// interpreter, left alone, gets wrong.
func TestLowered(t *testing.T) {
	files, err := filepath.Glob("testdata/lowered/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files in testdata/lowered: %v", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		code, want, _ := strings.Cut(string(text), loweredLine)
		got := lowered(t, strings.Split(strings.TrimSuffix(code, "\n"), "\n---\n"))
		if got == want {
			continue
		}
		if !*update {
			t.Errorf("%s: got\n%s\nwant\n%s\nIf that is right: go test ./kernel/cell -run TestLowered -update", file, got, want)
			continue
		}
		if err := os.WriteFile(file, []byte(strings.TrimSuffix(code, "\n")+loweredLine+got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// fastForms are functions once more, for the engine to run by itself.
var fastForms = regexp.MustCompile(`(?m)^.*\.Pure\(.*\n`)

// lowered gives the source of the last cell without what every program begins with.
func lowered(t *testing.T, cells []string) string {
	t.Helper()
	s := cell.NewSession(exports.Library())
	source := ""
	for i, code := range cells {
		p, err := s.Check("In["+string(rune('1'+i))+"]", code)
		if err != nil {
			t.Fatalf("%s\n%v", code, err)
		}
		source = p.Source
	}
	_, source, _ = strings.Cut(source, "package main\n\n")
	return fastForms.ReplaceAllString(strings.TrimRight(source, "\n")+"\n", "")
}
