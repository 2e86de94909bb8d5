package h5view

import (
	"strings"
	"testing"

	"gofive/h5"
)

// TestAxes checks that a dataset shows labels and scales, and not the attributes that hold them.
func TestAxes(t *testing.T) {
	var d *h5.Dataset
	newFile(t, func(f *h5.File) error {
		var e firstError
		e.note(nil, f.Set("flux", [][]float64{{1, 2}, {3, 4}}))
		e.note(nil, f.Set("t", []float64{0, 1}))
		scale, err := f.Dataset("t")
		e.note(nil, err)
		d, err = f.Dataset("flux")
		e.note(nil, err)
		e.note(nil, d.Dim(0).SetLabel("time"))
		e.note(nil, d.Dim(0).Attach(scale))
		e.note(nil, d.SetAttr("units", "Jy"))
		return e.err
	})
	text, html := view(t, d)
	for _, s := range []string{text, html} {
		if !strings.Contains(s, "axis labels") || !strings.Contains(s, "0 time") || !strings.Contains(s, "0 /t") || !strings.Contains(s, "Jy") || strings.Contains(s, "DIMENSION_L") {
			t.Errorf("it shows\n%s", s)
		}
	}
}
