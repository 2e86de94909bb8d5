package tests

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// notebook is what we read of an .ipynb file.
type notebook struct {
	Cells []struct {
		Kind    string   `json:"cell_type"`
		Source  lines    `json:"source"`
		Outputs []output `json:"outputs"`
	} `json:"cells"`
}

// output is one output of a cell.
type output struct {
	Kind      string         `json:"output_type"`
	Stream    string         `json:"name"`
	Text      lines          `json:"text"`
	Data      map[string]any `json:"data"`
	Name      string         `json:"ename"`
	Value     string         `json:"evalue"`
	Traceback []string       `json:"traceback"`
}

// lines is text that the format keeps as a string or as a list of lines.
type lines string

func (l *lines) UnmarshalJSON(data []byte) error {
	var list []string
	if err := json.Unmarshal(data, &list); err == nil {
		*l = lines(strings.Join(list, ""))
		return nil
	}
	return json.Unmarshal(data, (*string)(l))
}

// mime is one form of an output, "" when it has none.
func (o output) mime(kind string) string {
	switch v := o.Data[kind].(type) {
	case string:
		return v
	case []any:
		var b strings.Builder
		for _, line := range v {
			b.WriteString(line.(string))
		}
		return b.String()
	}
	return ""
}

// shows is what a cell of a notebook shows: how the cell begins, the kind of its only output (none for
// ""), and what has to be in a form of it. A stream may come in pieces.
type shows struct {
	begins string
	kind   string
	form   string // MIME type, "text" of a stream or "traceback" of an error
	want   []string
}

// quickstart is what its cells show, in order.
var quickstart = []shows{
	{`f := h5.Open("sample.h5")`, "execute_result", "text/html",
		[]string{`<details`, `<summary`, `3655`, `55240`, `coadd`, `WAVE`, `zbest`}},
	{`coadd := f.Dataset(`, "execute_result", "text/html",
		[]string{`<table`, `WAVE`, `FLUX`, `AND_MASK`, `float32`, `int32`, `rows`}},
	{`wave := coadd.Field("WAVE").Float64s()`, "execute_result", "image/png", nil},
	{`coadd.Slice("100:110")`, "execute_result", "text/plain", []string{`WAVE`, `MODEL`, `10 rows`}},
	{`f.Keys()`, "execute_result", "text/plain", []string{`[3655]`}},
	{`coadd.Attrs()`, "execute_result", "text/plain", []string{`PLATEID`, `MJD`, `3655`}},
	{`night := f.Group("3655/55240")`, "stream", "text", []string{"fiber   30: ", "pixels, mean flux "}},
	{`// signalToNoise is`, "", "", nil},
	{`signalToNoise(flux`, "execute_result", "text/plain", []string{`.`}},
	{`f.Dataset("3655/55240/31/coadd")`, "error", "traceback",
		[]string{`3655/55240/31/coadd`, `/3655/55240`, `31`, `30`}},
	{`f.Dataset("3655/55240/30/coadd").Shape()`, "execute_result", "text/plain", []string{`4`}},
}

// TestQuickstart executes the first lesson through the real client, on the sample and on spectra
// that were really taken.
func TestQuickstart(t *testing.T) {
	tests := []struct {
		name string
		file func(*testing.T, *workspace) string
	}{
		{"sample", func(_ *testing.T, w *workspace) string { return w.sample }},
		{"real", func(t *testing.T, _ *workspace) string { return shared(t, "data/h5boss/3655-55240_v1.h5") }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorkspace(t)
			got := execute(t, w, "quickstart.ipynb", tt.file(t, w))
			checkContract(t, got, quickstart)
		})
	}
}

// execute runs a notebook of ours with file as its sample.h5 and returns it with its outputs.
func execute(t *testing.T, w *workspace, name, file string) notebook {
	t.Helper()
	dir := t.TempDir()
	source, err := os.ReadFile(filepath.Join(repoRoot(t), "notebooks", name))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(file, filepath.Join(dir, "sample.h5")); err != nil {
		t.Fatal(err)
	}
	return executeSource(t, w, dir, name, source)
}

// executeSource runs the text of a notebook in a folder.
func executeSource(t *testing.T, w *workspace, dir, name string, source []byte, env ...string) notebook {
	t.Helper()
	py := python(t, "nbclient", "nbconvert")
	if err := os.WriteFile(filepath.Join(dir, name), source, 0o644); err != nil {
		t.Fatal(err)
	}
	execute := filepath.Join(repoRoot(t), "notebooks", "execute.py")
	stdout, stderr, err := command(t, dir, w.env(t, env...), py, execute, name, "out.ipynb", "out.html")
	if err != nil {
		t.Fatalf("execute.py: %v\n%s%s", err, stdout, stderr)
	}
	page, err := os.ReadFile(filepath.Join(dir, "out.html"))
	if err != nil {
		t.Fatal(err)
	}
	if outside := regexp.MustCompile(`(?:src|href)="(?:https?:)?//[^"]*"`).FindAllString(string(page), -1); len(outside) > 0 {
		t.Errorf("the page asks other servers: %v", outside)
	}
	return readNotebook(t, filepath.Join(dir, "out.ipynb"))
}

func readNotebook(t *testing.T, path string) notebook {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var nb notebook
	if err := json.Unmarshal(text, &nb); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return nb
}

func checkContract(t *testing.T, nb notebook, contract []shows) {
	t.Helper()
	n := 0
	for _, cell := range nb.Cells {
		if cell.Kind != "code" {
			continue
		}
		if n == len(contract) {
			t.Fatalf("more code cells than the contract has: %q", cell.Source)
		}
		want := contract[n]
		n++
		if !strings.HasPrefix(string(cell.Source), want.begins) {
			t.Fatalf("cell %d: got %q, the contract says %q", n, cell.Source, want.begins)
		}
		checkOutputs(t, want.begins, cell.Outputs, want.kind, want.form, want.want)
	}
	if n < len(contract) {
		t.Errorf("%d code cells, the contract has %d", n, len(contract))
	}
}

func checkOutputs(t *testing.T, cell string, outputs []output, kind, form string, want []string) {
	t.Helper()
	outputs = slices.DeleteFunc(joinStreams(outputs), output.isBars)
	if kind == "" {
		if len(outputs) > 0 {
			t.Errorf("%s: shows %v, want nothing", cell, outputs)
		}
		return
	}
	if len(outputs) != 1 || outputs[0].Kind != kind {
		t.Errorf("%s: got %+v, want one %s", cell, outputs, kind)
		return
	}
	o := outputs[0]
	if kind == "execute_result" && o.mime("text/plain") == "" {
		t.Errorf("%s: no text/plain", cell)
	}
	text := o.form(form)
	for _, w := range want {
		if !strings.Contains(text, w) {
			t.Errorf("%s: %q is not in its %s:\n%s", cell, w, form, text)
		}
	}
	if form == "image/png" {
		checkPNG(t, cell, text)
	}
}

// joinStreams makes one output of neighbouring streams of one name, as front ends show them.
func joinStreams(outputs []output) []output {
	var joined []output
	for _, o := range outputs {
		if last := len(joined) - 1; last >= 0 && o.Kind == "stream" && joined[last].Kind == "stream" && joined[last].Stream == o.Stream {
			joined[last].Text += o.Text
			continue
		}
		joined = append(joined, o)
	}
	return joined
}

// isBars tells output that is only progress bars, each text over the one before. What takes long on a busy computer
// shows one.
func (o output) isBars() bool {
	return o.Kind == "stream" && o.Stream == "stderr" && bars.MatchString(string(o.Text))
}

var bars = regexp.MustCompile(`^(\r[^\r\n]*\x1b\[K\n?)+$`)

// form is the part of an output that a contract speaks of.
func (o output) form(name string) string {
	switch name {
	case "text":
		return string(o.Text)
	case "traceback":
		return o.Value + "\n" + strings.Join(o.Traceback, "\n")
	}
	return o.mime(name)
}

func checkPNG(t *testing.T, cell, text string) {
	t.Helper()
	data, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	if err != nil || !strings.HasPrefix(string(data), "\x89PNG\r\n") {
		t.Errorf("%s: image/png is no picture (%d bytes, %v)", cell, len(data), err)
	}
}

// TestNotebooksAreClean keeps outputs out of the repository, and the kernel's name right.
func TestNotebooksAreClean(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(repoRoot(t), "notebooks", "*.ipynb"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no notebooks: %v", err)
	}
	for _, file := range files {
		for _, cell := range readNotebook(t, file).Cells {
			if len(cell.Outputs) > 0 {
				t.Errorf("%s: cell %q has outputs", filepath.Base(file), cell.Source)
			}
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var meta struct {
			Metadata struct{ Kernelspec map[string]string }
		}
		if err := json.Unmarshal(text, &meta); err != nil {
			t.Fatal(err)
		}
		if k := meta.Metadata.Kernelspec; k["name"] != "gofive" || k["display_name"] != "Go (HDF5)" || k["language"] != "go" {
			t.Errorf("%s: kernelspec %v", filepath.Base(file), k)
		}
	}
}
