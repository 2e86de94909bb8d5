package tests

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestGeneratedFilesAreFresh generates the tables of what cells can name anew and compares. With
// another Go than the one that made them only our own packages can be compared.
func TestGeneratedFilesAreFresh(t *testing.T) {
	fresh := t.TempDir()
	for _, dir := range []string{"kernel/symbols", "kernel/cell/exports"} {
		if err := os.MkdirAll(filepath.Join(fresh, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("go", "run", "./kernel/symbols/gen", "-o", fresh)
	cmd.Dir = ".."
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("generate: %v\n%s", err, out)
	}
	made, err := os.ReadFile("../kernel/cell/exports/data/go.txt")
	if err != nil {
		t.Fatal(err)
	}
	all := strings.TrimSpace(string(made)) == runtime.Version()
	if !all {
		t.Logf("made with %s, this is %s: only packages of gofive are compared", bytes.TrimSpace(made), runtime.Version())
	}
	err = filepath.WalkDir(fresh, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(fresh, path)
		if err != nil {
			return err
		}
		if !all && !strings.Contains(name, "gofive") {
			return nil
		}
		want, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if got, err := os.ReadFile(filepath.Join("..", name)); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is stale: run make generate and commit what it writes", name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
