package labextension

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io/fs"
	"path"
	"strings"
	"testing"
)

// What a page loads may weigh so much, gzipped.
const budget = 250 << 10

func TestWeight(t *testing.T) {
	for name, files := range map[string]fs.FS{"lab": Lab(), "notebook": Notebook()} {
		total := 0
		for _, file := range names(t, files) {
			switch path.Ext(file) {
			case ".js", ".css":
				total += zipped(t, files, file)
			}
		}
		if total == 0 || total > budget {
			t.Errorf("%s: got %d bytes gzipped, want 1 to %d", name, total, budget)
		}
		t.Logf("%s: %d bytes gzipped", name, total)
	}
}

// TestLabEntry reads what Jupyter's server reads.
func TestLabEntry(t *testing.T) {
	text, err := fs.ReadFile(Lab(), "package.json")
	if err != nil {
		t.Fatal(err)
	}
	var pkg struct {
		Name       string
		Jupyterlab struct {
			Build struct{ Load, Extension, Style string } `json:"_build"`
		}
	}
	if err := json.Unmarshal(text, &pkg); err != nil {
		t.Fatal(err)
	}
	if pkg.Name != "gofive" || pkg.Jupyterlab.Build.Extension == "" || pkg.Jupyterlab.Build.Style == "" {
		t.Errorf("package.json: got %+v, want name, extension and style", pkg)
	}
	if _, err := fs.Stat(Lab(), pkg.Jupyterlab.Build.Load); err != nil {
		t.Errorf("what Lab loads: %v", err)
	}
}

// TestNoMarkup looks for what would make markup or code of text. The libraries in the bundle have none
// of it either.
func TestNoMarkup(t *testing.T) {
	text, err := fs.ReadFile(Notebook(), "main.js")
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"insertAdjacentHTML", "document.write", "eval(", "new Function"} {
		if strings.Contains(string(text), word) {
			t.Errorf("the bundle says %s", word)
		}
	}
}

func names(t *testing.T, files fs.FS) (out []string) {
	t.Helper()
	err := fs.WalkDir(files, ".", func(file string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			out = append(out, file)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func zipped(t *testing.T, files fs.FS, file string) int {
	t.Helper()
	text, err := fs.ReadFile(files, file)
	if err != nil {
		t.Fatal(err)
	}
	var buf bytes.Buffer
	w := gzip.NewWriter(&buf)
	w.Write(text)
	w.Close()
	return buf.Len()
}
