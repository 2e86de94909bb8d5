package h5view

import (
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gofive/display"
	"gofive/h5"
)

// shared is where the project's test data lies beside a checkout.
const shared = "../../../shared/data"

// files lists the HDF5 files below a folder of the shared data.
func files(t *testing.T, folder string) []string {
	t.Helper()
	root := filepath.Join(shared, folder)
	if _, err := os.Stat(root); err != nil {
		t.Skipf("no test data: %v", err)
	}
	var list []string
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() && !strings.HasSuffix(path, ".md") {
			list = append(list, path)
		}
		return err
	})
	if err != nil || len(list) == 0 {
		t.Fatalf("%d files in %s, %v", len(list), root, err)
	}
	return list
}

// Whatever valid files hold, it shows: with text, HTML and metadata, and with its own error in place
// where something cannot be read.
func TestSharedFilesShow(t *testing.T) {
	for _, path := range append(files(t, "hdf5/valid"), files(t, "h5boss")...) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			f, err := h5.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			complete(t, f)
			err = f.Walk(func(e h5.Entry) error {
				if e.Err != nil {
					return nil // a link that leads nowhere
				}
				o, err := f.Get(e.Path)
				if err != nil {
					t.Errorf("%s is listed and cannot be opened: %v", e.Path, err)
					return nil
				}
				defer o.Close()
				complete(t, o)
				return nil
			})
			if err != nil {
				t.Error(err)
			}
			if err := Ls(io.Discard, []string{"-r", "--json", path}); err != nil {
				t.Errorf("ls --json: %v", err)
			}
			if err := Ls(io.Discard, []string{"-r", path}); err != nil {
				t.Errorf("ls: %v", err)
			}
		})
	}
}

// complete asserts that the bundle of o has all its forms.
func complete(t *testing.T, o h5.Object) {
	t.Helper()
	b, ok := View(o)
	raw, _ := b.Data[display.HDF5].(json.RawMessage)
	if text := fmt.Sprint(b.Data[display.TextPlain]); strings.Contains(text, "(it looks like") {
		t.Errorf("%s is taken for what it is not:\n%s", o.Path(), text)
	}
	if !ok || b.Data[display.TextPlain] == "" || b.Data[display.TextHTML] == "" || !json.Valid(raw) || len(raw) > maxMetadata {
		t.Errorf("%s shows as %d bytes of metadata, text %q", o.Path(), len(raw), b.Data[display.TextPlain])
	}
}

// The layout of the survey: the tables of a real fiber by their first and last rows.
func TestRealCoadd(t *testing.T) {
	path := filepath.Join(shared, "h5boss", "3655-55240_v1.h5")
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no test data: %v", err)
	}
	f, err := h5.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	d, err := f.Dataset("3655/55240/30/coadd")
	if err != nil {
		t.Fatal(err)
	}
	text, _ := view(t, d)
	for _, want := range []string{"3560.41", "10318.10", "4,622 rows × 8 columns", "OR_MASK", "148 KB", "@BADPIXEL"} {
		if !strings.Contains(text, want) {
			t.Errorf("the coadd shows without %q:\n%s", want, text)
		}
	}
}
