package boss

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
)

func TestCommandLine(t *testing.T) {
	for _, test := range []struct{ args, says string }{
		{"frob", `there is no command "frob"`},
		{"convert x", "say with -o where to write"},
		{"convert", "give at least one file"},
		{"subset -o y.h5 x", "say with -q which fibers"},
		{"convert x -o y --layout v3", `layout "v3"`},
		{"convert x -o y --compress zip", `compression "zip"`},
		{"convert x -o y --compress gzip:12", `compression "gzip:12"`},
		{"convert /none -o y", "no such file"},
		{"info --frob x", "frob"},
	} {
		if err := Main(&bytes.Buffer{}, strings.Fields(test.args), Options{}); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("gofive boss %s: %v, want %q", test.args, err, test.says)
		}
	}
	dir := t.TempDir()
	if err := SampleMain(&bytes.Buffer{}, []string{"boss", "--fits", dir, "--fibers", "2"}); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := Main(&out, []string{"convert", "--compress", "gzip", filepath.Join(dir, "spectra"), "-o", filepath.Join(dir, "x.h5")}, Options{}); err != nil {
		t.Fatal(err)
	}
	if err := Main(&out, []string{"info", filepath.Join(dir, "x.h5")}, Options{}); err != nil || !strings.Contains(out.String(), "3655/55240  v1  2 fibers") {
		t.Errorf("%s, %v", &out, err)
	}
}
