package boss

import (
	"fmt"
	"strings"

	"gofive/display"
	"gofive/h5/boss/maskbits"
)

// Spec is the spectrum of one fiber, or what was computed of several. All slices that are not nil are as
// long as Wave. Wavelengths are vacuum Å, fluxes in 1e-17 erg/s/cm²/Å.
type Spec struct {
	FiberID
	Wave            []float64
	Flux            []float64
	Ivar            []float64 // 1 / variance of Flux; 0 for pixels without data
	AndMask, OrMask []int32   // see package maskbits
	WaveDisp        []float64
	Sky, Model      []float64 // nil when there is none
	Counts          []float64 // of a stack: how many spectra a pixel is of

	Class, Subclass string // "QSO", "GALAXY", "STAR"; "" when it is not known
	Z, ZErr         float64
	ZWarning        int64 // see maskbits.Redshift
	RA, Dec         float64

	rest  bool   // Wave is at rest already
	path  string // of the file it was read from
	notes []string
}

// shown is the redshift that Wave still has.
func (s *Spec) shown() float64 {
	if s.rest {
		return 0
	}
	return s.Z
}

// At gives the same spectrum with another redshift, for lines and the rest frame.
func (s *Spec) At(z float64) *Spec {
	out := *s
	out.Z, out.ZErr, out.ZWarning, out.rest = z, 0, 0, false
	out.notes = append(out.notes[:len(out.notes):len(out.notes)], fmt.Sprintf("z set to %g", z))
	return &out
}

// Good is the number of pixels with data.
func (s *Spec) Good() int {
	n := 0
	for _, v := range s.Ivar {
		if v > 0 {
			n++
		}
	}
	return n
}

// SN gives the median of flux times the square root of IVAR over the pixels with data, in the bands u, g,
// r, i and z, and over all; 0 where there are none.
func (s *Spec) SN() (perBand [5]float64, all float64) {
	return signalToNoise(len(s.Wave), func(i int) (wave, flux, ivar float64) { return s.Wave[i], s.Flux[i], s.Ivar[i] })
}

// Header says in two lines what the spectrum is of: where it was taken, class, redshift, warnings; and the
// signal to noise of each band.
func (s *Spec) Header() string {
	var first []string
	if s.FiberID != (FiberID{}) {
		first = append(first, s.FiberID.String())
	}
	if class := strings.TrimSpace(s.Class + " " + s.Subclass); class != "" {
		first = append(first, class)
	}
	if !s.rest && (s.Class != "" || s.Z != 0) {
		z := fmt.Sprintf("z = %.5g", s.Z)
		if s.ZErr > 0 {
			z += fmt.Sprintf(" ± %.1g", s.ZErr)
		}
		first = append(first, z)
		if s.ZWarning != 0 {
			first = append(first, "ZWARNING "+maskbits.Redshift.Of(s.ZWarning))
		}
	}
	first = append(first, s.notes...)
	bands, all := s.SN()
	var each []string
	for b, name := range []string{"u", "g", "r", "i", "z"} {
		if bands[b] != 0 && !s.rest {
			each = append(each, fmt.Sprintf("%s %.1f", name, bands[b]))
		}
	}
	second := fmt.Sprintf("S/N %.1f", all)
	if each != nil {
		second += " (" + strings.Join(each, ", ") + ")"
	}
	second += fmt.Sprintf(" · %s of %s pixels with data", display.Count(s.Good()), display.Count(len(s.Wave)))
	return strings.Join(first, " · ") + "\n" + second
}

// String is the header.
func (s *Spec) String() string { return s.Header() }
