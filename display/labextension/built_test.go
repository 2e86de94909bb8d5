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

// What a page loads may weigh so much, gzipped: at first, and when H5Web is asked for.
const (
	budget      = 250 << 10
	budgetH5Web = 450 << 10
	prefixH5Web = "h5web."
)

func TestWeight(t *testing.T) {
	h5web := func(file string) bool { return strings.HasPrefix(path.Base(file), prefixH5Web) }
	tests := []struct {
		name  string
		files fs.FS
		of    func(file string) bool
		most  int
	}{
		{"lab", Lab(), func(file string) bool { return !h5web(file) }, budget},
		{"lab's H5Web", Lab(), h5web, budgetH5Web},
		{"notebook", Notebook(), func(string) bool { return true }, budget},
	}
	for _, tt := range tests {
		total := 0
		for _, file := range names(t, tt.files) {
			if ext := path.Ext(file); (ext == ".js" || ext == ".css") && tt.of(file) {
				total += zipped(t, tt.files, file)
			}
		}
		if total == 0 || total > tt.most {
			t.Errorf("%s: got %d bytes gzipped, want 1 to %d", tt.name, total, tt.most)
		}
		t.Logf("%s: %d bytes gzipped", tt.name, total)
	}
}

// TestLicenses looks for the texts of what is bundled: by webpack, and by esbuild into H5Web's file.
func TestLicenses(t *testing.T) {
	text, err := fs.ReadFile(Lab(), "static/third-party-licenses.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"uplot", "@h5web/app", "@h5web/lib", "react-dom", "three"} {
		if !strings.Contains(string(text), `"name": "`+name+`"`) {
			t.Errorf("no license of %s", name)
		}
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
