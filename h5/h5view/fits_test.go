package h5view

import (
	"path/filepath"
	"strings"
	"testing"

	"gofive/display"
	"gofive/h5/fits"
)

// TestFITS shows a file, a table, an image and a header.
func TestFITS(t *testing.T) {
	path := filepath.Join(t.TempDir(), "spec.fits")
	w, err := fits.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w.Image(fits.Header{{Key: "PLATEID", Value: int64(3655), Comment: "plate <b>"}}, []int{2, 3}, []float32{1, 2, 3, 4, 5, 6})
	w.Table(fits.Header{{Key: "EXTNAME", Value: "COADD"}}, fits.Field{Name: "flux", Unit: "1e-17 erg", Values: []float32{1.5, 2.5}},
		fits.Field{Name: "and_mask", Values: []int32{0, 1 << 23}}, fits.Field{Name: "five", Values: []int16{1, 2, 3, 4, 5, 6}, Shape: []int{3}},
		fits.Field{Name: "some", Values: [][]float64{{1}, {2, 3}}})
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := fits.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for name, tt := range map[string]struct {
		value any
		says  []string
	}{
		"file":   {f, []string{"spec.fits/", "FITS", "1 COADD/", "table of 2 rows", "flux", "1e-17 erg", "(2 × 3) float32"}},
		"table":  {f.HDU("COADD"), []string{"flux", "1.5", "BRIGHTSKY", "[4 5 6]", "2 rows"}},
		"image":  {f.HDU(0), []string{"PLATEID", "3655", "6"}},
		"header": {f.HDU(0).Header, []string{"PLATEID", "3655", "plate"}},
		"column": {f.HDU(1).Column("FLUX"), []string{"flux", "2.5"}},
		"none":   {f.HDU("WONDER"), []string{"there is no such HDU; there are 0, 1 COADD"}},
		"nil":    {(*fits.File)(nil), []string{"nil *fits.File"}},
	} {
		b, ok := View(tt.value)
		text, _ := b.Data[display.TextPlain].(string)
		html, _ := b.Data[display.TextHTML].(string)
		if !ok || html == "" || strings.Contains(html, "<b>\"") || strings.Contains(html, "plate <b>") {
			t.Errorf("%s: %v %s", name, ok, html)
		}
		for _, want := range tt.says {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %q in\n%s", name, want, text)
			}
		}
	}
}
