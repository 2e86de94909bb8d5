package h5view

import (
	"encoding/json"
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"gofive/h5"
)

func ls(t *testing.T, args ...string) string {
	t.Helper()
	var b strings.Builder
	if err := Ls(&b, args); err != nil {
		t.Fatalf("ls %q: %v", args, err)
	}
	return b.String()
}

func TestLs(t *testing.T) {
	f := newFile(t, everyKind)
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	for name, args := range map[string][]string{
		"ls_group.txt":   {f.Filename() + ":entry"},
		"ls_deep.txt":    {"-r", f.Filename() + ":/"},
		"ls_dataset.txt": {f.Filename() + ":entry/energy"},
		"ls_deep.json":   {"-r", "--json", f.Filename()},
		"ls_group.json":  {"--json", f.Filename() + ":entry"},
	} {
		out := ls(t, args...)
		if name == "ls_deep.txt" {
			_, out, _ = strings.Cut(out, "\n") // the first line has the file's size
		}
		golden(t, name, out)
	}
}

func TestLsJSONIsALineAnObject(t *testing.T) {
	f := newFile(t, everyKind)
	for line := range strings.Lines(ls(t, "-r", "--json", f.Filename())) {
		var item Item
		if err := json.Unmarshal([]byte(line), &item); err != nil || item.Path == "" || item.Kind == "" {
			t.Errorf("%s: %+v, %v", line, item, err)
		}
	}
}

func TestLsMistakes(t *testing.T) {
	f := newFile(t, everyKind)
	missing := filepath.Join(t.TempDir(), "none.h5")
	for _, test := range []struct {
		args []string
		is   error
		says string
	}{
		{nil, nil, "usage: gofive ls [-r] [--json] FILE[:PATH]"},
		{[]string{"--wide", "x"}, nil, "usage: gofive ls"},
		{[]string{"a", "b"}, nil, "2 files given"},
		{[]string{missing}, fs.ErrNotExist, "none.h5"},
		{[]string{f.Filename() + ":entry/enrgy"}, h5.ErrNotFound, "energy"},
	} {
		var b strings.Builder
		err := Ls(&b, test.args)
		if err == nil || !strings.Contains(err.Error(), test.says) || test.is != nil && !errors.Is(err, test.is) {
			t.Errorf("ls %q: got %v, want %q", test.args, err, test.says)
		}
	}
}

func TestSplitPath(t *testing.T) {
	f := newFile(t, everyKind)
	name := f.Filename()
	for _, test := range []struct{ arg, file, path string }{
		{name, name, ""},
		{name + ":a/b", name, "a/b"},
		{name + ":a:b", name, "a:b"},
		{"none.h5:a", "none.h5", "a"},
		{"none.h5", "none.h5", ""},
	} {
		if file, path := splitPath(test.arg); file != test.file || path != test.path {
			t.Errorf("splitPath(%q) = %q, %q, want %q, %q", test.arg, file, path, test.file, test.path)
		}
	}
}
