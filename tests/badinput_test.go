package tests

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestBadInput types what goes wrong every day. Each message says what, where and what to try, and
// the cell after it works.
func TestBadInput(t *testing.T) {
	w := newWorkspace(t)
	dir := badFiles(t, w)
	k := startKernel(t, w, nil, map[string]string{"bad": dir, "sample.h5": w.sample})
	k.mustRun("f := h5.Open(\"sample.h5\")\ncoadd := f.Dataset(\"3655/55240/30/coadd\")\nlen(f.Keys())", "1")

	tests := []struct {
		name, code string
		want       []string
	}{
		{"missing file", `h5.Open("bad/missing.h5")`, []string{"bad/missing.h5", "no such file"}},
		{"nearly the name", `h5.Open("sampel.h5")`, []string{"sampel.h5", "no such file"}},
		{"directory", `h5.Open("bad")`, []string{`"bad"`, "directory"}},
		{"text file", `h5.Open("bad/text.h5")`, []string{"bad/text.h5", "not an HDF5 file"}},
		{"empty file", `h5.Open("bad/empty.h5")`, []string{"bad/empty.h5", "empty"}},
		{"truncated file", `h5.Open("bad/truncated.h5")`, []string{"bad/truncated.h5", "truncated"}},
		{"locked file", `h5.Open("bad/locked.h5")`, []string{"bad/locked.h5", "lock"}},
		{"wrong path", `f.Dataset("3655/55240/31/coadd")`, []string{"3655/55240/31/coadd", "31", "/3655/55240"}},
		{"a group as a dataset", `f.Dataset("3655/55240")`, []string{"3655/55240", "group"}},
		{"a dataset as a group", `f.Group("3655/55240/30/coadd")`, []string{"coadd", "dataset"}},
		{"slice out of range", `coadd.Slice(10000000)`, []string{"10000000", "axis 0 of length 46"}},
		{"slice that is none", `coadd.Slice("a:b")`, []string{"a:b"}},
		{"too many axes", `coadd.Slice("1, 2, 3")`, []string{"axes"}},
		{"no such field", `coadd.Field("FLUKS")`, []string{"FLUKS", "FLUX"}},
		{"write to a read-only file", `f.CreateGroup("new")`, []string{"read-only"}},
		{"write to a read-only dataset", `coadd.SetAttr("units", "K")`, []string{"read-only"}},
		{"closed file", "f.Close()\nf.Keys()", []string{"closed"}},
		{"dataset of a closed file", `coadd.Slice("0:1")`, []string{"closed"}},
	}
	for _, tt := range tests {
		o := k.run(tt.code)
		if o.Status != "error" || o.Name != "error" {
			t.Errorf("%s: %s: got %s %s %s, want an error", tt.name, tt.code, o.Status, o.Name, o.text()+o.Value)
			continue
		}
		for _, want := range tt.want {
			if !strings.Contains(strings.ToLower(o.Value+"\n"+o.Traceback), strings.ToLower(want)) {
				t.Errorf("%s: the message does not say %q:\n%s\n%s", tt.name, want, o.Value, o.Traceback)
			}
		}
		if strings.Contains(o.Traceback, ".go:") {
			t.Errorf("%s: frames of the engine in the message:\n%s", tt.name, o.Traceback)
		}
		k.mustRun("1+1", "2")
	}
}

// badFiles makes a folder of files that cannot be read. The locked one stays locked as long as the
// test runs.
func badFiles(t *testing.T, w *workspace) string {
	t.Helper()
	dir := t.TempDir()
	sample, err := os.ReadFile(w.sample)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"text.h5":      []byte("wavelength flux\n4000 1.5\n"),
		"empty.h5":     nil,
		"truncated.h5": sample[:len(sample)/2],
		"locked.h5":    sample,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	f, err := os.Open(filepath.Join(dir, "locked.h5"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	return dir
}
