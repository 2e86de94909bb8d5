package boss

import (
	"errors"
	"fmt"
	"strings"

	"gofive/display"
	"gofive/h5"
	"gofive/plots"
)

// Exposure is what one camera saw of a fiber in one exposure. Its spectrum has no model, and both its masks are the
// column MASK.
type Exposure struct {
	*Spec
	Number   int
	Camera   string    // b or r
	X        []float64 // column of the camera's picture
	Calib    []float64 // flux by electrons; 0 where there were none
	Begun    string    // card DATE-OBS
	Seconds  float64   // card EXPTIME
	Airmass  float64
	Seeing50 float64 // median, arcseconds
}

// Exposures are those of a fiber, in order.
type Exposures []*Exposure

// Exposures reads what the cameras saw in single exposures, from the file of the spectrum: none where it has none.
// Class and redshift are those of the spectrum.
func (s *Spec) Exposures() (Exposures, error) {
	if s.path == "" {
		return nil, errors.New("boss: read exposures: the spectrum is of no file; a stack has no exposures")
	}
	in, err := openSource(s.path)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	frames, err := in.frames(s.FiberID)
	if err != nil {
		return nil, fail("read exposures of "+s.FiberID.String(), s.path, err)
	}
	var out Exposures
	for _, f := range frames {
		t, cards, err := in.frame(s.FiberID, f)
		if errors.Is(err, errLeftOut) {
			continue
		}
		var e *Exposure
		if err == nil {
			e, err = s.exposure(f, t, cards)
		}
		if err != nil {
			return nil, fail(fmt.Sprintf("read exposure %v of %v", f, s.FiberID), s.path, err)
		}
		out = append(out, e)
	}
	return out, nil
}

// exposure makes one of a table.
func (s *Spec) exposure(f frameID, t *h5.Table, cards []card) (*Exposure, error) {
	spec := &Spec{FiberID: s.FiberID, Class: s.Class, Subclass: s.Subclass, Z: s.Z, ZErr: s.ZErr, ZWarning: s.ZWarning, RA: s.RA, Dec: s.Dec}
	spec.notes = []string{fmt.Sprintf("exposure %d, camera %s", f.exposure, f.camera)}
	e := &Exposure{Spec: spec, Number: f.exposure, Camera: f.camera}
	for name, to := range map[string]*[]float64{"WAVE": &spec.Wave, "FLUX": &spec.Flux, "IVAR": &spec.Ivar, "WAVEDISP": &spec.WaveDisp,
		"SKY": &spec.Sky, "X": &e.X, "CALIB": &e.Calib} {
		c, err := t.Column(name)
		if err == nil {
			*to, err = c.Float64s()
		}
		if err != nil {
			return nil, err
		}
	}
	c, err := t.Column("MASK")
	if err == nil {
		err = c.ReadInto(&spec.AndMask)
	}
	spec.OrMask = spec.AndMask
	e.describe(cards)
	return e, err
}

func (e *Exposure) describe(cards []card) {
	for _, c := range cards {
		number, _ := c.value.(float64)
		switch c.name {
		case "DATE-OBS":
			e.Begun = strings.TrimSpace(fmt.Sprint(c.value))
		case "EXPTIME":
			e.Seconds = number
		case "AIRMASS":
			e.Airmass = number
		case "SEEING50":
			e.Seeing50 = number
		}
	}
}

// Smooth smooths each; see Spec.Smooth.
func (es Exposures) Smooth(k Kernel) Exposures {
	out := make(Exposures, len(es))
	for i, e := range es {
		smooth := *e
		smooth.Spec = e.Spec.Smooth(k)
		out[i] = &smooth
	}
	return out
}

// Plot draws all of them over one another, with gaps where there are no data. Sky, models, masks and the band of the
// noise are for one alone.
func (es Exposures) Plot(looks ...Look) *plots.Figure {
	if len(es) == 0 {
		return plots.Line([]float64{}, errors.New("boss: there are no single exposures to draw"))
	}
	l := look{noModel: true}
	for _, set := range looks {
		set(&l)
	}
	var f *plots.Figure
	var ends span
	var toAxis float64
	for _, e := range es {
		var x []float64
		x, toAxis = e.axis(l.restFrame)
		flux, _, _ := e.withGaps()
		if f == nil {
			f = plots.Line(x, flux)
		} else {
			f.Line(x, flux)
		}
		f.Name(fmt.Sprintf("%d %s", e.Number, e.Camera))
		if from, to, ok := e.reach(l, x); ok {
			ends.add(from, to)
		}
	}
	first := es[0]
	if err := first.mark(f, l, toAxis); err != nil {
		return plots.Line([]float64{}, err)
	}
	first.axes(f, l.restFrame)
	if ends.known {
		f.YRange(ends.from, ends.to)
	}
	if l.from < l.to {
		f.XRange(l.from, l.to)
	}
	return f.Title(es.title())
}

// span is a range that grows.
type span struct {
	from, to float64
	known    bool
}

func (s *span) add(from, to float64) {
	if s.known {
		from, to = min(from, s.from), max(to, s.to)
	}
	*s = span{from, to, true}
}

func (es Exposures) title() string {
	numbers := map[int]bool{}
	for _, e := range es {
		numbers[e.Number] = true
	}
	who := *es[0].Spec
	who.notes = append([]string{count(len(numbers), "single exposure")}, who.notes[1:]...)
	first, _, _ := strings.Cut(who.Header(), "\n")
	return first
}

// Table gives a row for each: EXPOSURE CAMERA DATE SECONDS AIRMASS SEEING PIXELS SN, of which PIXELS are those with data.
func (es Exposures) Table() (*h5.Table, error) {
	n := len(es)
	number, pixels := make([]int, n), make([]int, n)
	camera, date := make([]string, n), make([]string, n)
	seconds, airmass, seeing, sn := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	for i, e := range es {
		number[i], camera[i], date[i], pixels[i] = e.Number, e.Camera, e.Begun, e.Good()
		seconds[i], airmass[i], seeing[i] = e.Seconds, e.Airmass, e.Seeing50
		_, sn[i] = e.SN()
	}
	return h5.NewTable("EXPOSURE", number, "CAMERA", camera, "DATE", date, "SECONDS", seconds, "AIRMASS", airmass, "SEEING", seeing,
		"PIXELS", pixels, "SN", sn)
}

// String gives a line for each.
func (es Exposures) String() string {
	if len(es) == 0 {
		return "no single exposures"
	}
	lines := make([]string, len(es))
	for i, e := range es {
		_, sn := e.SN()
		lines[i] = fmt.Sprintf("%d %s  %s  %.0f s  %s pixels with data  S/N %.1f", e.Number, e.Camera, e.Begun, e.Seconds, display.Count(e.Good()), sn)
	}
	return strings.Join(lines, "\n")
}

// MimeBundle shows them as their figure.
func (es Exposures) MimeBundle() map[string]any {
	if len(es) == 0 {
		return map[string]any{display.TextPlain: es.String()}
	}
	b := es.Plot().MimeBundle()
	b[display.TextPlain] = es.title() + "\n" + es.String()
	return b
}

// MimeMetadata gives the size of the picture.
func (es Exposures) MimeMetadata() map[string]any {
	if len(es) == 0 {
		return nil
	}
	return es.Plot().MimeMetadata()
}
