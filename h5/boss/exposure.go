package boss

import "math"

// frameRow is a row of the tables b and r of one exposure, in the order of the file.
type frameRow struct {
	Wave     float32 `h5:"WAVE"`
	Flux     float32 `h5:"FLUX"`
	Ivar     float32 `h5:"IVAR"`
	Mask     int32   `h5:"MASK"`
	WaveDisp float32 `h5:"WAVEDISP"`
	Sky      float32 `h5:"SKY"`
	X        float32 `h5:"X"`
	Calib    float32 `h5:"CALIB"`
}

// camera is one of the two cameras of a spectrograph.
type camera struct {
	name  string // b or r
	rows  int
	waves func(row float64) float64 // row in 0..1; Å
	gain  float64                   // typical CALIB
}

// cameras have rows of about equal steps in wavelength, with a curve of their own each.
var cameras = []camera{
	{"b", 4112, func(t float64) float64 { return 3556 + 2810*t + 60*t*(1-t) }, 0.065},
	{"r", 4128, func(t float64) float64 { return 5622 + 4780*t - 110*t*(1-t) }, 0.029},
}

// seen is what one camera saw of an object in one exposure: the rows of its table, and what a plate's files have of it besides.
type seen struct {
	rows                            []frameRow
	electrons, fiberFlat, superFlat []float32
}

// frame makes the table of what one camera saw of an object in the exposure numbered n from 0 on.
func (c camera) frame(seed uint64, o *object, n int) []frameRow { return c.see(seed, o, n).rows }

// see makes all of it. CALIB is that of the electrons, as a converter finds it.
func (c camera) see(seed uint64, o *object, n int) seen {
	s := seen{rows: c.exposed(seed, o, n)}
	flux := make([]float32, c.rows)
	for i := range s.rows {
		row := &s.rows[i]
		t := float64(i) / float64(c.rows-1)
		fiberFlat := 1 + 0.06*math.Sin(0.37*float64(o.fiber)) + 0.01*math.Cos(30*t)
		superFlat := 1 + 0.03*math.Sin(5*t)
		electrons := float64(row.Flux) / (float64(row.Calib) * fiberFlat * superFlat)
		if row.Mask&NoData != 0 {
			electrons = 0
		}
		flux[i] = row.Flux
		s.electrons = append(s.electrons, float32(electrons))
		s.fiberFlat, s.superFlat = append(s.fiberFlat, float32(fiberFlat)), append(s.superFlat, float32(superFlat))
	}
	for i, calib := range calibration(flux, s.electrons, s.fiberFlat, s.superFlat) {
		s.rows[i].Calib = calib
	}
	return s
}

// exposed makes the rows of a frame, with a CALIB of the camera alone.
func (c camera) exposed(seed uint64, o *object, n int) []frameRow {
	r := random(seed, o.fiber, forExposure+2*uint64(n)+uint64(c.name[0]&1))
	d := newDefects(r, c.rows)
	rows := make([]frameRow, c.rows)
	for i := range rows {
		t := float64(i) / float64(c.rows-1)
		wave := c.waves(t)
		sigma := profile(wave)
		model, sky := o.flux(wave, sigma), skyFlux(wave, sigma)*(1+0.05*float64(n))
		edge := smooth(12*t) * smooth(12*(1-t)) // each camera fades at its ends
		weight := ivar(wave, model, sky, 1) * (0.02 + 0.98*edge)
		row := frameRow{Wave: waves([]float32{logarithm(float32(wave))})[0], WaveDisp: float32(dispersion(wave)), Ivar: float32(weight),
			Flux:  float32(model + r.NormFloat64()/math.Sqrt(weight)),
			Sky:   float32(sky * (1 + 0.02*r.NormFloat64())),
			X:     float32(trace(o.fiber) + 1.8*math.Sin(math.Pi*t)),
			Calib: float32(c.gain / (0.04 + 0.96*throughput(wave)*edge))}
		if brightSky(wave, sigma) {
			row.Mask |= BrightSky
		}
		if bits := d.bad[i]; bits != 0 {
			row.Mask |= bits
			row.Ivar = 0
		}
		rows[i] = row
	}
	return rows
}

// trace is the column of the camera in which a fiber's light lies: 500 fibers a spectrograph, in 25
// bundles of 20.
func trace(fiber int) float64 {
	k := (fiber - 1) % 500
	return 215 + 7.1*float64(k) + 5.5*float64(k/20)
}
