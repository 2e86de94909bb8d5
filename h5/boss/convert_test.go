package boss

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
)

// TestConvertReal packs real spectra in both layouts: what is read from the files is what the FITS files hold.
func TestConvertReal(t *testing.T) {
	real(t, "boss/spec-3655-55240-0446.fits")
	for _, o := range []Options{{}, {Gzip: 1}, {Layout: V2}, {Layout: V2, Gzip: 1}} {
		t.Run(o.Layout.String()+"-gzip"+string(rune('0'+o.Gzip)), func(t *testing.T) {
			out := filepath.Join(t.TempDir(), "out.h5")
			r, err := Convert(context.Background(), []string{data + "boss"}, out, o)
			if err != nil {
				t.Fatal(err)
			}
			if r.Fibers != 14 || r.Nights != 5 || len(r.Problems) != 0 {
				t.Errorf("%v", r)
			}
			sameAsFITS(t, out)
		})
	}
}

func sameAsFITS(t *testing.T, path string) {
	t.Helper()
	got := open(t, path)
	files, err := filepath.Glob(data + "boss/spec-*.fits")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		want := open(t, file)
		ids, _ := want.fibers()
		a, err := readFiber(want, ids[0])
		if err != nil {
			t.Fatal(err)
		}
		b, err := readFiber(got, ids[0])
		if err != nil {
			t.Fatal(err)
		}
		if a.sum(false) != b.sum(false) {
			t.Errorf("%s: the file holds another spectrum", file)
		}
		if strings.Contains(file, "7338") && len(b.frames) != 6 {
			t.Errorf("%s: %d exposures, want 6", file, len(b.frames))
		}
	}
}
