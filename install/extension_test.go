package install

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestExtensionComesAndGoes installs over an older version, looks at what front ends look for, and
// removes all of it.
func TestExtensionComesAndGoes(t *testing.T) {
	home := clean(t)
	data := filepath.Join(home, ".local/share/jupyter")
	stale := filepath.Join(data, "labextensions/gofive/static/remoteEntry.0.js")
	if err := os.MkdirAll(filepath.Dir(stale), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(stale, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	o := Options{Executable: script(t, filepath.Join(home, "bin", "gofive"), "exit 0")}
	if _, err := Kernelspec(o); err != nil {
		t.Fatal(err)
	}
	if err := Extension(o); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(stale); err == nil {
		t.Error("a file of the version before is still there")
	}
	for _, file := range []string{
		".local/share/jupyter/labextensions/gofive/package.json",
		".local/share/jupyter/nbextensions/gofive/main.js",
		".local/share/jupyter/nbextensions/gofive/main.css",
	} {
		if _, err := os.Stat(filepath.Join(home, file)); err != nil {
			t.Error(err)
		}
	}
	config := filepath.Join(home, ".jupyter/nbconfig/notebook.d/gofive.json")
	text, err := os.ReadFile(config)
	if want := `{"load_extensions":{"gofive/main":true}}` + "\n"; err != nil || string(text) != want {
		t.Errorf("%s: got %q, %v, want %q", config, text, err, want)
	}

	var said bytes.Buffer
	if err := RunRemove(nil, &said, &said); err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(said.String(), "removed "); got != 4 {
		t.Errorf("removed: got %d things, want 4:\n%s", got, said.String())
	}
	for _, path := range []string{config, filepath.Join(data, "kernels/gofive"), filepath.Join(data, "labextensions/gofive"), filepath.Join(data, "nbextensions/gofive")} {
		if _, err := os.Stat(path); err == nil {
			t.Errorf("%s is still there", path)
		}
	}
	said.Reset()
	if err := RunRemove(nil, &said, &said); err != nil || !strings.Contains(said.String(), "nothing") {
		t.Errorf("the second time: got %q, %v", said.String(), err)
	}
}

func TestExtensionInPrefix(t *testing.T) {
	home := clean(t)
	if err := Extension(Options{Prefix: home}); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"share/jupyter/labextensions/gofive/package.json", "share/jupyter/nbextensions/gofive/main.js", "etc/jupyter/nbconfig/notebook.d/gofive.json"} {
		if _, err := os.Stat(filepath.Join(home, file)); err != nil {
			t.Error(err)
		}
	}
}
