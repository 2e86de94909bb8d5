package tests

import (
	"encoding/json"
	"testing"
)

// gallery is what the cells of notebooks/gallery.ipynb show, in order.
var gallery = []shows{
	{`f := h5.Open("sample.h5")`, "execute_result", "text/html", []string{`<details`, `coadd`}},
	{`coadd := f.Dataset(`, "execute_result", "text/html", []string{`<table`, `WAVE`}},
	figure(`plots.Of(coadd, plots.Columns("FLUX", "MODEL"))`),
	figure(`plots.Of(coadd.Table().Cumsum(), plots.LogY())`),
	figure(`zbest := f.Dataset(`),
	figure(`wave := coadd.Field("WAVE")`),
	figure(`plots.Step(`),
	figure(`plots.Line(wave, flux).XRange(6500, 6800)`),
	figure(`x, fall, rise :=`),
	figure(`t, kelvin, pascal :=`),
	figure(`random := rand.New(`),
	figure(`plots.Box(`),
	figure(`plots.Bar(`),
	figure(`bright, red :=`),
	figure(`plots.Histogram2D(`),
	figure(`hills := `),
	figure(`plots.Contour(hills)`),
	figure(`across, up :=`),
	figure(`sky := `),
	figure(`dial := `),
	figure(`g := h5.Create("gallery.h5")`),
	figure(`plots.Grid(2,`),
	{`wrong := plots.Line(`, "display_data", "image/png", nil},
	{`spectrum := plots.Line(`, "stream", "text", []string{"[gallery.pdf gallery.png gallery.svg]"}},
}

func figure(begins string) shows { return shows{begins, "execute_result", "image/png", nil} }

// TestGallery executes the gallery. All its figures are such that front ends can draw them themselves.
func TestGallery(t *testing.T) {
	w := newWorkspace(t)
	nb := execute(t, w, "gallery.ipynb", w.sample)
	checkContract(t, nb, gallery)
	for _, cell := range nb.Cells {
		for _, o := range cell.Outputs {
			if o.mime("image/png") == "" {
				continue
			}
			spec, err := json.Marshal(o.Data["application/vnd.vegalite.v5+json"])
			if err != nil || len(spec) < 500 || len(spec) > 1<<20 {
				t.Errorf("%.60q: %d bytes of Vega-Lite, %v", cell.Source, len(spec), err)
			}
			if o.mime("text/html") != "" {
				t.Errorf("%.60q: HTML hides the figure", cell.Source)
			}
		}
	}
}
