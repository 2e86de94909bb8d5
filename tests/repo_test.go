package tests

import (
	"os"
	"path/filepath"
	"testing"
)

// repoRoot is the folder that holds go.mod; tests run in the folder of their package.
func repoRoot(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the tests: run them inside the repository")
		}
	}
}
