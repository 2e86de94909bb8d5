package boss

import (
	"fmt"
	"math"
)

// pixelsPerDecade is the survey's grid: a pixel is 1e-4 in the logarithm of the wavelength, 69 km/s.
const pixelsPerDecade = 1e4

// Stack adds spectra up at rest: each is moved by a whole number of pixels of the survey's logarithmic
// grid, round(1e4 log10(1+z)), so that nothing is resampled, and the mean is weighted by IVAR. Pixels that
// few spectra reach are kept, with the IVAR of those few. Spectra with an unusable redshift, NaN or not
// above -1, are left out and counted in the notes; at least one must remain.
func Stack(spectra ...*Spec) (*Spec, error) {
	a, left := newAdder(), 0
	for _, s := range spectra {
		if !a.add(s) {
			left++
		}
	}
	return a.stack(left)
}

// adder sums spectra on the grid, one at a time.
type adder struct {
	first                   int // the pixel of sum[0]
	sum, weight, fit, fluxn []float64
	spectra                 int
}

func newAdder() *adder { return &adder{} }

// add adds a spectrum; it reports false for one that cannot be put on the grid.
func (a *adder) add(s *Spec) bool {
	z := s.shown()
	if len(s.Wave) == 0 || !(z > -1) || math.IsInf(z, 0) {
		return false
	}
	from := s.pixel() - int(math.Round(pixelsPerDecade*math.Log10(1+z)))
	a.reach(from, from+len(s.Wave))
	at := from - a.first
	for i, ivar := range s.Ivar {
		if !(ivar > 0) || math.IsNaN(s.Flux[i]) {
			continue
		}
		a.sum[at+i] += ivar * s.Flux[i]
		a.weight[at+i] += ivar
		a.fluxn[at+i]++
		if s.Model != nil {
			a.fit[at+i] += ivar * s.Model[i]
		}
	}
	a.spectra++
	return true
}

// reach makes the sums long enough for pixels from (included) to to (excluded).
func (a *adder) reach(from, to int) {
	if a.sum == nil {
		a.first = from
	}
	before, after := max(0, a.first-from), max(0, to-a.first-len(a.sum))
	if before == 0 && after == 0 {
		return
	}
	for _, v := range []*[]float64{&a.sum, &a.weight, &a.fit, &a.fluxn} {
		*v = append(append(make([]float64, before), *v...), make([]float64, after)...)
	}
	a.first -= before
}

// stack gives the mean.
func (a *adder) stack(left int) (*Spec, error) {
	if a.spectra == 0 {
		return nil, fmt.Errorf("boss: stack: none of %d spectra has a redshift above -1 and pixels", left)
	}
	n := len(a.sum)
	s := &Spec{Wave: make([]float64, n), Flux: make([]float64, n), Ivar: a.weight, Model: make([]float64, n),
		AndMask: make([]int32, n), OrMask: make([]int32, n), Counts: a.fluxn, rest: true}
	for i := range n {
		s.Wave[i] = math.Pow(10, float64(a.first+i)/pixelsPerDecade)
		if a.weight[i] > 0 {
			s.Flux[i], s.Model[i] = a.sum[i]/a.weight[i], a.fit[i]/a.weight[i]
		}
	}
	s.notes = []string{fmt.Sprintf("mean of %d spectra at rest", a.spectra)}
	if left > 0 {
		s.notes = append(s.notes, fmt.Sprintf("%d without a redshift left out", left))
	}
	return s, nil
}

// pixel is the place of the first pixel on the grid.
func (s *Spec) pixel() int { return int(math.Round(pixelsPerDecade * math.Log10(s.Wave[0]))) }
