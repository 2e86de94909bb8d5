package boss

import "math"

// coaddRow is a row of the table coadd, in the order of the file.
type coaddRow struct {
	Wave     float32 `h5:"WAVE"`
	Flux     float32 `h5:"FLUX"`
	Ivar     float32 `h5:"IVAR"`
	AndMask  int32   `h5:"AND_MASK"`
	OrMask   int32   `h5:"OR_MASK"`
	WaveDisp float32 `h5:"WAVEDISP"`
	Sky      float32 `h5:"SKY"`
	Model    float32 `h5:"MODEL"`
}

// coadd makes the spectrum of an object as the pipeline adds it up of all exposures: the model plus
// noise of the variance that IVAR states.
func coadd(seed uint64, o *object) []coaddRow {
	noise := random(seed, o.fiber, forNoise)
	d := newDefects(random(seed, o.fiber, forMask), coaddRows)
	rows := make([]coaddRow, coaddRows)
	for i := range rows {
		wave := coaddWave(i)
		sigma := profile(wave)
		model, sky := o.flux(wave, sigma), skyFlux(wave, sigma)
		weight := ivar(wave, model, sky, plateExposures)
		row := coaddRow{Wave: float32(wave), WaveDisp: float32(dispersion(wave)), Model: float32(model),
			Sky: float32(sky * (1 + 0.01*noise.NormFloat64())), Ivar: float32(weight),
			Flux: float32(model + noise.NormFloat64()/math.Sqrt(weight))}
		if brightSky(wave, sigma) {
			row.AndMask |= BrightSky
		}
		if bits := d.bad[i]; bits != 0 {
			row.AndMask |= bits
			row.Ivar = 0
		}
		row.OrMask = row.AndMask | d.partial[i]
		rows[i] = row
	}
	return rows
}
