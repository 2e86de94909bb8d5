package boss

import "math"

// flux is the light of the object above the atmosphere at wave, seen by an instrument whose profile
// has the width sigma in Å. It is what the pipeline calls the model.
func (o *object) flux(wave, sigma float64) float64 {
	if o.sky {
		return 0
	}
	rest := wave / (1 + o.z)
	f := o.continuum(wave)
	switch o.class {
	case quasar:
		return o.absorbed(wave, f*(1+o.lines(rest, wave, sigma)))
	case galaxy:
		return f * (1 + o.lines(rest, wave, sigma)) * o.stellar(rest)
	}
	return f * o.stellar(rest)
}

// continuum is the light without its lines.
func (o *object) continuum(wave float64) float64 {
	rest := wave / (1 + o.z)
	switch o.class {
	case quasar:
		return o.bright * math.Pow(wave/6000, o.slope)
	case star:
		return o.bright * planck(wave, o.kelvin) / planck(6000, o.kelvin)
	}
	pivot := 6000 / (1 + o.z)
	return o.bright * population(rest, o.subclass != "") / population(pivot, o.subclass != "")
}

// planck is the spectrum of a black body for each Å, to a factor.
func planck(wave, kelvin float64) float64 {
	const hck = 1.438777e8 // h c / k in Å K
	return math.Pow(wave, -5) / math.Expm1(hck/(wave*kelvin))
}

// population is the light of many stars at rest wavelength w: cool giants with the break at 4000 Å
// that their metals cut, and hot young stars on top where stars are forming.
func population(w float64, young bool) float64 {
	old := planck(w, 4700) / planck(5500, 4700)
	break4000 := 0.55 + 0.45/(1+math.Exp(-(w-3990)/35))
	ultraviolet := 1 / (1 + math.Exp(-(w-2650)/220))
	f := old * break4000 * (0.25 + 0.75*ultraviolet)
	if young {
		f += 0.55 * planck(w, 14000) / planck(5500, 14000)
	}
	return f
}

// lines is the emission in units of the continuum.
func (o *object) lines(rest, wave, sigma float64) float64 {
	sum := 0.0
	for i := range LineList {
		l := &LineList[i]
		width, speed := l.width(o)
		if width == 0 {
			continue
		}
		s := math.Hypot(l.Wave*speed/lightSpeed, sigma/(1+o.z))
		sum += width * gauss(rest, l.Wave, s)
	}
	return sum
}

// width gives the line's equivalent width in the object, 0 where it has none, and its speed in km/s.
func (l *Line) width(o *object) (width, speed float64) {
	switch {
	case o.sky:
		return 0, o.sigma
	case o.class == quasar && l.broad:
		return l.quasar, o.sigma
	case o.class == quasar:
		return l.quasar, 260
	case o.class == galaxy && o.subclass != "":
		return l.galaxy, o.sigma
	case o.class == galaxy:
		return l.galaxy * 0.03, o.sigma
	}
	return 0, o.sigma
}

// trough is an absorption line of stars: its depth in a galaxy of old stars and in a star of spectral
// class F, and its width in Å.
type trough struct{ wave, old, hot, sigma float64 }

var troughs = []trough{
	{3934.8, 0.45, 0.30, 7},  // Ca II K
	{3969.6, 0.40, 0.30, 7},  // Ca II H
	{4305.6, 0.22, 0.05, 11}, // the G band
	{5176.6, 0.20, 0.04, 12}, // Mg I
	{5895.6, 0.18, 0.05, 5},  // Na I D
	{4102.9, 0.05, 0.42, 7},  // the Balmer lines
	{4341.7, 0.05, 0.42, 7},
	{4862.7, 0.07, 0.45, 7},
	{6564.6, 0.05, 0.40, 6},
	{8500.4, 0.12, 0.10, 4}, // the Ca II triplet
	{8544.4, 0.20, 0.16, 4},
	{8664.5, 0.17, 0.14, 4},
}

// stellar is the part of the light that stellar atmospheres let through.
func (o *object) stellar(rest float64) float64 {
	through := 1.0
	for _, t := range troughs {
		depth := t.old
		switch {
		case o.class == star:
			depth = t.hot
		case o.subclass != "":
			depth = t.old * 0.4
		}
		through *= 1 - depth*math.Exp(-math.Pow((rest-t.wave)/t.sigma, 2)/2)
	}
	return through
}

// absorbed is what the forest leaves of f; beyond the Lyman limit almost nothing.
func (o *object) absorbed(wave, f float64) float64 {
	for _, a := range o.forest {
		if d := (wave - a.wave) / a.sigma; math.Abs(d) < 6 {
			f *= 1 - a.depth*math.Exp(-d*d/2)
		}
	}
	if wave < 911.75*(1+o.z) {
		f *= 0.05
	}
	return f
}
