package tests

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"gofive/install"
)

// missing ends a test whose service is not here: it skips with one line, and fails where nothing
// may be missing (GOFIVE_REQUIRE_ALL=1, which make test sets).
func missing(t *testing.T, what, get string) {
	t.Helper()
	if os.Getenv("GOFIVE_REQUIRE_ALL") == "1" {
		t.Fatalf("MISSING %s, and GOFIVE_REQUIRE_ALL=1: %s", what, get)
	}
	t.Skipf("MISSING %s: %s", what, get)
}

// python is a Python that imports the modules.
func python(t *testing.T, modules ...string) string {
	t.Helper()
	p, err := install.FindPython(t.Context(), modules...)
	if err != nil {
		missing(t, err.Error(), "make setup FOR=test")
	}
	return p
}

func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	missing(t, "a Chromium", "apt install chromium")
	return ""
}

// shared is a file or folder of the test data beside the repository. It is no service: CI has it,
// a clone does not, so its absence always skips.
func shared(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join(repoRoot(t), "..", "shared", filepath.FromSlash(name))
	if _, err := os.Stat(path); err != nil {
		t.Skipf("MISSING ../shared/%s: test data that is no part of the repository", name)
	}
	return path
}
