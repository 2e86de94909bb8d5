package boss

import (
	"cmp"
	"fmt"
	"iter"
	"math"
	"slices"

	"gofive/display"
	"gofive/plots"
)

// Set is the fibers that a query found, with their catalog rows. Spectra are read when they are asked for,
// one at a time.
type Set struct {
	fibers   []located
	problems []Problem // what of a list could not be found
}

// located is a fiber and the file it is in.
type located struct {
	FiberID
	path string
}

// Len is the number of fibers.
func (s *Set) Len() int { return len(s.fibers) }

// IDs are the fibers.
func (s *Set) IDs() []FiberID {
	out := make([]FiberID, len(s.fibers))
	for i, f := range s.fibers {
		out[i] = f.FiberID
	}
	return out
}

// Spectrum reads the spectrum of the i-th fiber.
func (s *Set) Spectrum(i int) (*Spec, error) {
	if i < 0 || i >= len(s.fibers) {
		return nil, fmt.Errorf("boss: spectrum %d of a set of %d", i, len(s.fibers))
	}
	r := &reader{}
	defer r.close()
	return r.spectrum(s.fibers[i])
}

// Each reads the spectra one after the other, keeping each file open for its fibers. It ends with the first
// error.
func (s *Set) Each() iter.Seq2[*Spec, error] {
	return func(yield func(*Spec, error) bool) {
		r := &reader{}
		defer r.close()
		for _, f := range s.fibers {
			spec, err := r.spectrum(f)
			if !yield(spec, err) || err != nil {
				return
			}
		}
	}
}

// Stack adds the spectra up at rest; see Stack. A few of them are in memory at a time.
func (s *Set) Stack() (*Spec, error) {
	a, left := newAdder(), 0
	for spec, err := range s.ahead() {
		if err != nil {
			return nil, err
		}
		if !a.add(spec) {
			left++
		}
	}
	return a.stack(left)
}

// Plot draws few spectra beside one another and many as a waterfall.
func (s *Set) Plot() *plots.Figure {
	if s.Len() <= maxThumbnails {
		return s.Thumbnails()
	}
	return s.Waterfall()
}

// maxThumbnails is how many spectra are drawn beside one another at most.
const maxThumbnails = 12

// Thumbnails draws each of the first twelve spectra in a small figure of its own.
func (s *Set) Thumbnails() *plots.Figure {
	var figures []*plots.Figure
	for spec, err := range s.ahead() {
		if err != nil {
			return plots.Line([]float64{}, err)
		}
		if len(figures) == maxThumbnails {
			break
		}
		smooth := spec.Smooth(IvarWeighted(5))
		flux, _, _ := smooth.withGaps()
		f := plots.Line(smooth.Wave, flux).Title(fmt.Sprintf("%v %s z=%.3g", spec.FiberID, spec.Class, spec.Z))
		if from, to, ok := smooth.reach(look{noModel: true}, smooth.Wave); ok {
			f.YRange(from, to)
		}
		figures = append(figures, f)
	}
	columns := min(3, max(1, len(figures)))
	rows := (len(figures) + columns - 1) / columns
	return plots.Grid(columns, figures...).Size(max(300, 330*columns), max(200, 200*rows))
}

// Size of a waterfall: so many rows of spectra, and columns of the survey's grid taken together.
const (
	waterfallRows    = 400
	waterfallColumns = 800
)

// Waterfall draws the spectra over wavelengths as observed, one above the other in the order of their
// redshift, each divided by the mean of its absolute flux: lines run along curves. Of more than 400
// spectra it takes every second, third ...
func (s *Set) Waterfall() *plots.Figure {
	step := (s.Len() + waterfallRows - 1) / waterfallRows
	var rows []row
	i := 0
	for spec, err := range s.ahead() {
		if err != nil {
			return plots.Line([]float64{}, err)
		}
		if i%max(step, 1) == 0 {
			rows = append(rows, newRow(spec))
		}
		i++
	}
	slices.SortStableFunc(rows, func(a, b row) int { return cmp.Compare(a.z, b.z) })
	z := make([][]float64, len(rows))
	for i, r := range rows {
		z[i] = r.cells
	}
	if len(z) == 0 {
		return plots.Line([]float64{}, fmt.Errorf("boss: there are no spectra to draw"))
	}
	note := fmt.Sprintf("%s spectra by redshift, z = %.3g to %.3g", display.Count(len(rows)), rows[0].z, rows[len(rows)-1].z)
	return plots.Heat(waterfallWaves(), counting(len(rows)), z).Percentile(2, 98).Title(note).Labels("wavelength [Å]", "spectrum")
}

// row is a spectrum in a waterfall.
type row struct {
	z     float64
	cells []float64
}

// The wavelengths of a waterfall, as logarithms.
const (
	waterfallFrom = 3.55
	waterfallTo   = 4.02
)

func waterfallWaves() []float64 {
	out := make([]float64, waterfallColumns)
	for i := range out {
		out[i] = math.Pow(10, waterfallFrom+(waterfallTo-waterfallFrom)*(float64(i)+0.5)/waterfallColumns)
	}
	return out
}

// counting gives 0, 1, 2 ...
func counting(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = float64(i)
	}
	return out
}

// newRow bins a spectrum, weighted by IVAR, in units of the mean of its absolute flux.
func newRow(s *Spec) row {
	sum, weight := make([]float64, waterfallColumns), make([]float64, waterfallColumns)
	var total, n float64
	for i, w := range s.Wave {
		k := int((math.Log10(w) - waterfallFrom) / (waterfallTo - waterfallFrom) * waterfallColumns)
		if !(s.Ivar[i] > 0) || k < 0 || k >= waterfallColumns {
			continue
		}
		sum[k] += s.Ivar[i] * s.Flux[i]
		weight[k] += s.Ivar[i]
		total += math.Abs(s.Flux[i])
		n++
	}
	for k := range sum {
		sum[k] = sum[k] / weight[k] / (total / n) // NaN where there is nothing
	}
	return row{s.Z, sum}
}

// String says how many there are, and what was not found.
func (s *Set) String() string {
	if s.Len() == 0 {
		return "no fibers"
	}
	files := map[string]bool{}
	for _, f := range s.fibers {
		files[f.path] = true
	}
	text := fmt.Sprintf("%s of %s", counted(s.Len(), "fiber"), counted(len(files), "file"))
	if n := len(s.problems); n > 0 {
		text += fmt.Sprintf(", %s, the first: %v", counted(n, "problem"), s.problems[0])
	}
	return text + "; Table() is their catalog, Plot() draws them, Stack() adds them up"
}

func counted(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return display.Count(n) + " " + noun
}
