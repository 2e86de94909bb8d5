package fuzz

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"gofive/tests/cells"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"gofive/kernel/cell/exports"
)

// importer gives go/types the packages that programs import.
type importer func(path string) (*types.Package, error)

func (i importer) Import(path string) (*types.Package, error) { return i(path) }

var library = exports.Library()

// typeCheck reports why Go would not compile a file.
func typeCheck(fset *token.FileSet, f *ast.File, info *types.Info) error {
	conf := types.Config{Importer: importer(library.Import), GoVersion: "go1.26"}
	_, err := conf.Check("main", fset, []*ast.File{f}, info)
	return err
}

// TestValid keeps the generator honest: what it writes compiles.
func TestValid(t *testing.T) {
	for seed := range int64(300) {
		fset := token.NewFileSet()
		text := New(seed, Features{Interfaces: seed%2 == 0, Printing: seed%3 == 0}).Text()
		f, err := parser.ParseFile(fset, "p.go", text, parser.SkipObjectResolution)
		if err == nil {
			err = typeCheck(fset, f, nil)
		}
		if err != nil {
			t.Errorf("seed %d: %v", seed, err)
		}
	}
}

// The programs of a short run are always the same. A longer one, for the hours in which nobody waits,
// takes others: GOFIVE_FUZZ=1h go test ./tests/fuzz -run TestSame -timeout 2h. A number instead is the
// seed of one program, which is made as small as it can be.
const (
	fuzzVariable = "GOFIVE_FUZZ"
	batch        = 60 // programs that are built at once
)

func TestMain(m *testing.M) {
	cells.Serve()
	os.Exit(m.Run())
}

// TestSame runs programs as Go compiles them, as one cell, and cut into cells, and wants the same
// output each time.
func TestSame(t *testing.T) {
	w := &cells.Worker{}
	defer w.Close()
	v := os.Getenv(fuzzVariable)
	if v == "" {
		compare(t, w, 3120, 3120+batch)
		return
	}
	if seed, err := strconv.ParseInt(v, 10, 64); err == nil {
		compareOne(t, w, seed)
		return
	}
	d, err := time.ParseDuration(v)
	if err != nil {
		t.Fatalf("%s=%s is no seed and no duration", fuzzVariable, v)
	}
	seed, ran := time.Now().Unix()%1e6*1000, 0
	for until := time.Now().Add(d); time.Now().Before(until); ran += batch {
		compare(t, w, seed, seed+batch)
		seed += batch
	}
	t.Logf("%d programs", ran)
}

// features are those that the notebook is ready for: all.
var features = Features{Interfaces: true, Printing: true, Apart: true}

// compare runs the programs of some seeds.
func compare(t *testing.T, w *cells.Worker, from, to int64) {
	t.Helper()
	var texts []string
	for seed := from; seed < to; seed++ {
		texts = append(texts, New(seed, features).Text())
	}
	built := compile(t, texts)
	for i, text := range texts {
		seed := from + int64(i)
		want := built.Run(i)
		if strings.Contains(want.Failure, "stack overflow") {
			continue // a closure that calls the variable it has been put in: the program has no end
		}
		for _, as := range [][]string{{text}, New(seed, features).Cells(seed)} {
			if diff := difference(w.Run(as, limit), want); diff != "" {
				t.Errorf("seed %d as %d cells: %s\n%s=%d makes it smaller", seed, len(as), diff, fuzzVariable, seed)
				break
			}
		}
	}
}

// compareOne runs the program of a seed, and if that differs, tells the smallest that does so alike.
func compareOne(t *testing.T, w *cells.Worker, seed int64) {
	t.Helper()
	text := New(seed, features).Text()
	diff := difference(w.Run([]string{text}, limit), compile(t, []string{text}).Run(0))
	if diff == "" {
		compare(t, w, seed, seed+1)
		return
	}
	end := time.Now().Add(shrinking)
	small := Shrink(text, typeCheck, func(texts []string) []bool {
		if time.Now().After(end) {
			return nil
		}
		built := compile(t, texts)
		var shows []bool
		for i, text := range texts {
			d := difference(w.Run([]string{text}, limit), built.Run(i))
			shows = append(shows, d != "" && kindOf(d) == kindOf(diff))
		}
		return shows
	})
	_, own, _ := strings.Cut(small, "\nfunc mapped[") // the last of the prelude
	t.Errorf("seed %d: %s\n%s", seed, diff, own)
}

// shrinking is how long a program is made smaller.
const shrinking = 2 * time.Minute

func compile(t *testing.T, texts []string) *cells.Compiled {
	t.Helper()
	built, err := cells.Compile(t.TempDir(), texts)
	if err != nil {
		t.Fatal(err)
	}
	return built
}

// kindOf gives what differences of one cause have in common.
func kindOf(diff string) string {
	got, want, found := strings.Cut(numbers.ReplaceAllString(diff, ""), ", want ")
	switch {
	case !found || strings.Contains(got, "error") || strings.Contains(got, "reflect"):
		return got[:min(len(got), 60)]
	case strings.Contains(want, "error"):
		return want[:min(len(want), 60)]
	}
	return "another value"
}

var numbers = regexp.MustCompile(`[0-9ˑ]+`)

// limit is for all cells of a program.
const limit = 30 * time.Second

// difference says how what a notebook did differs from what the compiled program did.
func difference(got []cells.Reaction, want cells.Reaction) string {
	var out strings.Builder
	for _, r := range got {
		out.WriteString(r.Out)
		if r.Failure != "" {
			return "failed: " + r.Failure
		}
	}
	if want.Failure != "" {
		return "Go fails: " + want.Failure
	}
	wantOut := string([]rune(want.Out)) // what is no UTF-8 becomes U+FFFD on its way here as JSON
	g, w := strings.Split(out.String(), "\n"), strings.Split(wantOut, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return fmt.Sprintf("line %d: got %q, want %q", i+1, g[i], w[i])
		}
	}
	if len(g) != len(w) {
		return fmt.Sprintf("got %d lines, want %d", len(g), len(w))
	}
	return ""
}
