package tests

import (
	"slices"
	"testing"
)

// spectraTour is what the cells of notebooks/boss-spectra.ipynb show, in order.
var spectraTour = []shows{
	{`all := boss.Query(`, "execute_result", "text/html", []string{"QSO", "STARFORMING", "SMALL_DELTA_CHI2"}},
	{`boss.Query("sample.h5", "CLASS == 'GALAXY'`, "execute_result", "text/plain", []string{"2 fibers of 1 file; Table() is their catalog"}},
	{`s := boss.Spectrum(`, "execute_result", "text/plain", []string{"3655-55240-0030 · QSO BROADLINE · z = 2.3748 ± 0.0001", "4,608 of 4,622 pixels"}},
	figure(`s.Smooth(boss.IvarWeighted(5)).Plot(boss.RestFrame()`),
	figure(`s.Plot(boss.Between(`),
	{`s.Measure(`, "execute_result", "text/plain", []string{"C_IV 1549 at 5229.1 Å: flux 594", "Mg_II 2799"}},
	{`s.Exposures()`, "execute_result", "image/png", nil},
	figure(`s.At(2.1)`),
	figure(`all.Plot()`),
	figure(`quasars := boss.Query(`),
	{`for spec, err :=`, "stream", "text", []string{"3655-55240-0734  STAR"}},
	{`coadd := h5.Open(`, "execute_result", "text/html", []string{"NODATA", "NEARBADPIXEL"}},
	figure(`plots.Of(coadd.Table().Cumsum(), plots.LogY())`),
}

// TestSpectraNotebook executes the astronomer's tour.
func TestSpectraNotebook(t *testing.T) {
	w := newWorkspace(t)
	checkContract(t, execute(t, w, "boss-spectra.ipynb", w.sample), spectraTour)
}

// TestSpectraNotebookOnRealSpectra executes the same cells on spectra that were really taken. Their file has no single
// exposures, and says so.
func TestSpectraNotebookOnRealSpectra(t *testing.T) {
	tour := slices.Clone(spectraTour)
	for i, want := range map[int][]string{
		0: {"QSO", "GALAXY", "660"}, 1: {"1 fiber of 1 file"}, 2: {"3655-55240-0030 · QSO BROADLINE · z = 2.37"},
		5: {"C_IV 1549 at 5228.8 Å", "Mg_II 2799"}, 10: {"3655-55240-0660  GALAXY"}, 11: {"AND_MASK"},
	} {
		tour[i].want = want
	}
	tour[6] = shows{tour[6].begins, "execute_result", "text/plain", []string{"no single exposures"}}
	w := newWorkspace(t)
	checkContract(t, execute(t, w, "boss-spectra.ipynb", shared(t, "data/h5boss/3655-55240_v1.h5")), tour)
}

// h5bossTour is what the cells of notebooks/h5boss.ipynb show, in order.
var h5bossTour = []shows{
	{begins: `ctx := context.Background()`},
	{`spec := fits.Open(`, "execute_result", "text/plain", []string{"1 COADD/", "table of 4,622 rows"}},
	{`spec.HDU("COADD")`, "execute_result", "text/html", []string{"NODATA", "4,622 rows × 8 columns"}},
	figure(`plots.Line(spec.HDU(`),
	{`boss.Convert(ctx, []string{"fits/spectra"}`, "execute_result", "text/plain", []string{"converted 16 fibers of 2 nights"}},
	{`h5.Open("plates.h5")`, "execute_result", "text/html", []string{"H5Boss v1 of 2 plates", "zbest"}},
	{`boss.Info("plates.h5")`, "execute_result", "text/plain", []string{"16 fibers of 2 nights", "2 QSO"}},
	{`boss.Convert(ctx, []string{"plates.h5"}`, "execute_result", "text/plain", []string{"true"}},
	{`boss.Convert(ctx, []string{"fits/plates"}`, "execute_result", "text/plain", []string{"2 single exposures", "108341 b  2010-02-13T03:00:00  901 s", "108342 r"}},
	{`boss.Index(`, "execute_result", "text/plain", []string{"2 fibers of 1 file"}},
	{`os.WriteFile("wanted.pmf"`, "execute_result", "text/plain", []string{"copied 2 fibers", "3655-55240-0999: no input has it"}},
	figure(`boss.Query("subset.h5", "").Plot()`),
	{`boss.Add(ctx`, "execute_result", "text/plain", []string{"5 fibers of 2 nights", "3 STAR"}},
	{`boss.Export(ctx`, "execute_result", "text/plain", []string{"3655-55240-0118 · GALAXY STARFORMING"}},
}

// TestH5BossNotebook converts, finds, cuts and exports spectra.
func TestH5BossNotebook(t *testing.T) {
	w := newWorkspace(t)
	checkContract(t, execute(t, w, "h5boss.ipynb", w.sample), h5bossTour)
}
