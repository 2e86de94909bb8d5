package boss

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gofive/display"
	"gofive/h5/boss/maskbits"
	"gofive/plots"
)

// Look is something about how a spectrum is drawn.
type Look func(*look)

type look struct {
	restFrame, noModel, sky, noMasks bool
	lines                            []string // groups and names; nil for what fits the class
	from, to                         float64
}

// RestFrame draws over wavelengths at rest, with those that were observed above.
func RestFrame() Look { return func(l *look) { l.restFrame = true } }

// Lines marks lines at the spectrum's redshift: "emission", "absorption", "all", "none", or names such as
// "H_alpha". Without it emission lines are marked for quasars and galaxies.
func Lines(which ...string) Look {
	return func(l *look) { l.lines = append([]string{}, which...) }
}

// WithSky draws the sky too, which was taken off.
func WithSky() Look { return func(l *look) { l.sky = true } }

// WithoutModel leaves the pipeline's model out.
func WithoutModel() Look { return func(l *look) { l.noModel = true } }

// WithoutMasks leaves out the shades of pixels that were bad in all exposures.
func WithoutMasks() Look { return func(l *look) { l.noMasks = true } }

// Between draws a part of the wavelengths, in the Å of the axis.
func Between(from, to float64) Look { return func(l *look) { l.from, l.to = from, to } }

// Plot draws the spectrum: its flux with a band of its noise, with gaps where there are no data; the model;
// shades over pixels whose AND_MASK is set, with the names of the bits; marks at lines; the wavelengths at
// rest above. The y axis leaves out the outermost half percent at both ends.
func (s *Spec) Plot(looks ...Look) *plots.Figure {
	var l look
	for _, set := range looks {
		set(&l)
	}
	x, toAxis := s.axis(l.restFrame)
	if err := l.misses(x); err != nil {
		return plots.Line([]float64{}, err)
	}
	flux, lo, hi := s.withGaps()
	f := plots.Line(x, flux).Name("flux").Band(x, lo, hi).Name("noise")
	if s.Model != nil && !l.noModel {
		f.Line(x, s.Model).Name("model")
	}
	if s.Sky != nil && l.sky {
		f.Line(x, s.Sky).Name("sky")
	}
	if !l.noMasks {
		s.shade(f, x)
	}
	if err := s.mark(f, l, toAxis); err != nil {
		return plots.Line([]float64{}, err)
	}
	s.axes(f, l.restFrame)
	if from, to, ok := s.reach(l, x); ok {
		f.YRange(from, to)
	}
	if l.from < l.to {
		f.XRange(l.from, l.to)
	}
	return f.Title(s.Header())
}

// misses is an error when no pixel lies between the wavelengths that are wanted.
func (l look) misses(x []float64) error {
	if l.from >= l.to || len(x) == 0 || slices.ContainsFunc(x, func(w float64) bool { return w >= l.from && w <= l.to }) {
		return nil
	}
	return fmt.Errorf("boss: there are no pixels between %g and %g Å: the spectrum has %.6g to %.6g Å; give a part of these to Between", l.from, l.to, slices.Min(x), slices.Max(x))
}

// axis gives the wavelengths of the axis, and the factor that makes them of observed ones.
func (s *Spec) axis(restFrame bool) (x []float64, factor float64) {
	if !restFrame || s.shown() == 0 || !(s.shown() > -1) {
		return s.Wave, 1
	}
	factor = 1 / (1 + s.shown())
	x = make([]float64, len(s.Wave))
	for i, w := range s.Wave {
		x[i] = w * factor
	}
	return x, factor
}

// withGaps gives the flux and one standard deviation below and above it, NaN where there are no data.
func (s *Spec) withGaps() (flux, lo, hi []float64) {
	n := len(s.Flux)
	flux, lo, hi = make([]float64, n), make([]float64, n), make([]float64, n)
	for i, v := range s.Flux {
		sigma := math.NaN()
		if s.Ivar[i] > 0 {
			sigma = 1 / math.Sqrt(s.Ivar[i])
		}
		flux[i], lo[i], hi[i] = v+0*sigma, v-sigma, v+sigma
	}
	return flux, lo, hi
}

// shade marks runs of pixels with the same bits in AND_MASK.
func (s *Spec) shade(f *plots.Figure, x []float64) {
	var from, to []float64
	var names []string
	for i := 0; i < len(s.AndMask); {
		j := i + 1
		for j < len(s.AndMask) && s.AndMask[j] == s.AndMask[i] {
			j++
		}
		if s.AndMask[i] != 0 {
			from, to = append(from, x[i]), append(to, x[min(j, len(x)-1)])
			names = append(names, maskbits.Pixel.Of(int64(s.AndMask[i])))
		}
		i = j
	}
	if len(from) > 0 {
		f.Shade(from, to, names...)
	}
}

// mark names lines at the redshift.
func (s *Spec) mark(f *plots.Figure, l look, toAxis float64) error {
	which := l.lines
	if which == nil && (strings.HasPrefix(s.Class, "QSO") || strings.HasPrefix(s.Class, "GALAXY") || s.rest) {
		which = []string{"emission"}
	}
	lines, err := chosenLines(which)
	if err != nil || len(lines) == 0 || !(s.shown() > -1) {
		return err
	}
	var at []float64
	var names []string
	for _, line := range lines {
		at, names = append(at, line.Wave*(1+s.shown())*toAxis), append(names, line.Name)
	}
	f.Marks(at, names...)
	return nil
}

// chosenLines gives the lines of groups and names.
func chosenLines(which []string) (out []Line, err error) {
	for _, w := range which {
		switch strings.ToLower(w) {
		case "none":
		case "emission":
			out = append(out, LineList...)
		case "absorption":
			out = append(out, AbsorptionList...)
		case "all":
			out = append(append(out, LineList...), AbsorptionList...)
		default:
			l, err := findLine(w)
			if err != nil {
				return nil, fmt.Errorf(`%w; groups are "emission", "absorption", "all" and "none"`, err)
			}
			out = append(out, l)
		}
	}
	return out, nil
}

// axes writes what the axes are.
func (s *Spec) axes(f *plots.Figure, restFrame bool) {
	const flux = "flux [1e-17 erg/s/cm²/Å]"
	z := s.shown()
	switch {
	case s.rest:
		f.Labels("rest wavelength [Å]", flux)
	case z == 0 || !(z > -1):
		f.Labels("wavelength [Å]", flux)
	case restFrame:
		f.Labels("rest wavelength [Å]", flux).Above("wavelength [Å]", 1+z)
	default:
		f.Labels("wavelength [Å]", flux).Above("rest wavelength [Å]", 1/(1+z))
	}
}

// reach gives the ends of the y axis for what is shown of the flux; the model lies within, and nine tenths of the sky when it is
// drawn: its lines may be many times brighter.
func (s *Spec) reach(l look, x []float64) (from, to float64, ok bool) {
	var shown []float64
	for i, v := range s.Flux {
		if s.Ivar[i] > 0 && (l.from >= l.to || x[i] >= l.from && x[i] <= l.to) {
			shown = append(shown, v)
		}
	}
	if len(shown) < 2 {
		return 0, 0, false
	}
	slices.Sort(shown)
	part := func(p float64) float64 { return shown[int(p*float64(len(shown)-1))] }
	from, to = part(0.005), part(0.995)
	if s.Model != nil && !l.noModel {
		for i, v := range s.Model {
			if s.Ivar[i] > 0 && (l.from >= l.to || x[i] >= l.from && x[i] <= l.to) {
				to = max(to, v)
			}
		}
	}
	if l.sky && s.Sky != nil {
		low, high := s.reachOfSky(l, x)
		from, to = min(from, low), max(to, high)
	}
	margin := 0.08 * (to - from)
	return from - margin, to + margin, margin > 0
}

func (s *Spec) reachOfSky(l look, x []float64) (from, to float64) {
	var shown []float64
	for i, v := range s.Sky {
		if s.Ivar[i] > 0 && (l.from >= l.to || x[i] >= l.from && x[i] <= l.to) {
			shown = append(shown, v)
		}
	}
	slices.Sort(shown)
	last := float64(len(shown) - 1)
	return shown[int(0.05*last)], shown[int(0.95*last)]
}

// MimeBundle shows the spectrum as its figure.
func (s *Spec) MimeBundle() map[string]any {
	b := s.Plot().MimeBundle()
	b[display.TextPlain] = s.Header() + "\n" + fmt.Sprint(b[display.TextPlain])
	return b
}

// MimeMetadata gives the size of the picture.
func (s *Spec) MimeMetadata() map[string]any { return s.Plot().MimeMetadata() }
