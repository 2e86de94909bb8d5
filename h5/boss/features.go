package boss

import (
	"fmt"
	"math"
	"strings"
)

// Feature is what was measured of a line.
type Feature struct {
	Name      string
	Wave      float64 // where it was looked for, vacuum Å as observed
	Flux      float64 // above the continuum, 1e-17 erg/s/cm²; below 0 for absorption
	FluxErr   float64 // from IVAR, of the pixels and of the continuum
	EW        float64 // equivalent width at rest, Å; above 0 for emission
	EWErr     float64
	Continuum float64 // at Wave, 1e-17 erg/s/cm²/Å
	Pixels    int     // with data, in the window of the line
}

// String gives the numbers in a line.
func (f Feature) String() string {
	return fmt.Sprintf("%s at %.1f Å: flux %.4g ± %.2g, EW %.4g ± %.2g Å", f.Name, f.Wave, f.Flux, f.FluxErr, f.EW, f.EWErr)
}

// Features are what was measured of several lines.
type Features []Feature

// String gives a line for each.
func (fs Features) String() string {
	lines := make([]string, len(fs))
	for i, f := range fs {
		lines[i] = f.String()
	}
	return strings.Join(lines, "\n")
}

// Windows of a measurement, in km/s from the line: the line itself, and the continuum at both sides. Broad
// lines of quasars take wider ones.
const (
	lineWindow  = 1000
	broadWindow = 6000
	innerEdge   = 1.5 // times the window: where the continuum begins
	outerEdge   = 3.0 // where it ends
)

// Measure sums the flux of lines above a continuum, a straight line fitted to the pixels at both sides,
// weighted by IVAR. A name is one of LineList or of AbsorptionList, in any case, such as "H_alpha" or
// "[O_III] 5007". The redshift is that of the spectrum. Gaps are bridged by straight lines; a line of which more than half is
// missing is an error. The errors are those that IVAR makes, of pixels whose noise is independent.
func (s *Spec) Measure(names ...string) (Features, error) {
	var out Features
	for _, name := range names {
		l, err := findLine(name)
		if err != nil {
			return nil, err
		}
		f, err := s.measure(l)
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}

func findLine(name string) (Line, error) {
	for _, l := range append(LineList[:len(LineList):len(LineList)], AbsorptionList...) {
		if strings.EqualFold(strings.TrimSpace(name), l.Name) {
			return l, nil
		}
	}
	var near []string
	for _, l := range LineList {
		if strings.Contains(strings.ToLower(l.Name), strings.ToLower(name)) && name != "" {
			near = append(near, l.Name)
		}
	}
	if len(near) > 0 {
		return Line{}, fmt.Errorf("boss: there is no line %q; did you mean %s?", name, strings.Join(near, ", "))
	}
	return Line{}, fmt.Errorf("boss: there is no line %q; boss.LineList and boss.AbsorptionList name those that there are, such as %q", name, "H_alpha")
}

func (s *Spec) measure(l Line) (Feature, error) {
	at := l.Wave * (1 + s.shown())
	window := float64(lineWindow)
	if l.broad && strings.HasPrefix(s.Class, "QSO") {
		window = broadWindow
	}
	f := Feature{Name: l.Name, Wave: at}
	fit, err := s.continuum(at, window)
	if err != nil {
		return f, fmt.Errorf("boss: measure %s at %.1f Å: %w", l.Name, at, err)
	}
	var variance, length, ewVariance, reach float64
	all := 0
	for i, w := range s.Wave {
		if math.Abs(speed(w, at)) > window {
			continue
		}
		all++
		if s.Ivar[i] > 0 {
			f.Pixels++
		}
		flux, noise := s.bridged(i)
		step, c := s.step(i), fit.at(w)
		f.Flux += (flux - c) * step
		variance += step * step * noise
		f.EW += (flux/c - 1) * step
		ewVariance += step * step * noise / (c * c)
		length += step
		reach += (w - fit.mid) * step
	}
	if f.Pixels < 3 || f.Pixels < all/2 {
		return f, fmt.Errorf("boss: measure %s at %.1f Å: only %d of %d pixels have data; the spectrum goes from %.0f to %.0f Å", l.Name, at, f.Pixels, all, s.Wave[0], s.Wave[len(s.Wave)-1])
	}
	f.Continuum = fit.at(at)
	// The continuum below the line is known as well as its fit: its error is common to all pixels.
	common := length*length*fit.varLevel + reach*reach*fit.varSlope
	f.FluxErr = math.Sqrt(variance + common)
	zoom := 1 + s.shown()
	f.EW, f.EWErr = f.EW/zoom, math.Sqrt(ewVariance+common/(f.Continuum*f.Continuum))/zoom
	return f, nil
}

// bridged gives the flux of a pixel and its variance; where there are no data those that a straight line
// between the nearest pixels with data at both sides has.
func (s *Spec) bridged(i int) (flux, variance float64) {
	before, after := i, i
	for before >= 0 && !(s.Ivar[before] > 0) {
		before--
	}
	for after < len(s.Ivar) && !(s.Ivar[after] > 0) {
		after++
	}
	switch {
	case before < 0 && after == len(s.Ivar):
		return 0, 0
	case before < 0:
		before = after
	case after == len(s.Ivar):
		after = before
	}
	part := 0.0
	if after > before {
		part = (s.Wave[i] - s.Wave[before]) / (s.Wave[after] - s.Wave[before])
	}
	flux = (1-part)*s.Flux[before] + part*s.Flux[after]
	return flux, (1-part)*(1-part)/s.Ivar[before] + part*part/s.Ivar[after]
}

func speed(wave, at float64) float64 { return (wave/at - 1) * lightSpeed }

// step is the width of a pixel in Å.
func (s *Spec) step(i int) float64 {
	switch {
	case len(s.Wave) < 2:
		return 0
	case i == 0:
		return s.Wave[1] - s.Wave[0]
	case i == len(s.Wave)-1:
		return s.Wave[i] - s.Wave[i-1]
	}
	return (s.Wave[i+1] - s.Wave[i-1]) / 2
}

// straight is a line fitted around its middle, where level and slope are independent.
type straight struct{ mid, level, slope, varLevel, varSlope float64 }

func (l straight) at(x float64) float64 { return l.level + l.slope*(x-l.mid) }

// continuum fits a straight line beside a line.
func (s *Spec) continuum(at, window float64) (straight, error) {
	var fit straight
	var weight float64
	beside := func(f func(w, flux, ivar float64)) (left, right int) {
		for i, w := range s.Wave {
			v := math.Abs(speed(w, at))
			if s.Ivar[i] > 0 && v >= innerEdge*window && v <= outerEdge*window {
				f(w, s.Flux[i], s.Ivar[i])
				if w < at {
					left++
				} else {
					right++
				}
			}
		}
		return left, right
	}
	left, right := beside(func(w, flux, ivar float64) {
		weight += ivar
		fit.mid += w * ivar
		fit.level += flux * ivar
	})
	if left < 3 || right < 3 {
		return fit, fmt.Errorf("%d pixels with data at its left and %d at its right do not make a continuum", left, right)
	}
	fit.mid, fit.level, fit.varLevel = fit.mid/weight, fit.level/weight, 1/weight
	var xx, xy float64
	beside(func(w, flux, ivar float64) {
		xx += ivar * (w - fit.mid) * (w - fit.mid)
		xy += ivar * (w - fit.mid) * flux
	})
	fit.slope, fit.varSlope = xy/xx, 1/xx
	return fit, nil
}
