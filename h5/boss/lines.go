package boss

import "math"

// Line is one of the lines that the survey's pipeline fits.
type Line struct {
	Name string  // as in the column LINENAME
	Wave float64 // vacuum, at rest, Å
	// Equivalent widths in Å at rest that the sample gives the line in a quasar, which has broad
	// lines, and in a galaxy that forms stars, whose lines are narrow. Broad also says which of a
	// quasar's lines come from its broad-line region.
	quasar, galaxy float64
	broad          bool
}

// LineList are the 32 lines in the order of the table zline.
var LineList = []Line{
	{"Ly_alpha", 1215.67, 75, 0, true},
	{"N_V 1240", 1240.81, 14, 0, true},
	{"C_IV 1549", 1549.48, 28, 0, true},
	{"He_II 1640", 1640.42, 3, 0, true},
	{"C_III] 1908", 1908.734, 17, 0, true},
	{"Mg_II 2799", 2800.315, 32, 0, true},
	{"[O_II] 3725", 3727.092, 0.8, 14, false},
	{"[O_II] 3727", 3729.875, 0.9, 18, false},
	{"[Ne_III] 3868", 3869.857, 1.2, 2.1, false},
	{"H_zeta", 3890.166, 0, 1.5, false},
	{"[Ne_III] 3970", 3968.593, 0.4, 0.7, false},
	{"H_epsilon", 3971.198, 0, 1.6, false},
	{"H_delta", 4102.892, 5, 2.6, true},
	{"H_gamma", 4341.684, 12, 5, true},
	{"[O_III] 4363", 4364.435, 0.5, 0.3, false},
	{"He_II 4685", 4686.991, 0.6, 0.2, true},
	{"H_beta", 4862.683, 46, 12, true},
	{"[O_III] 4959", 4960.295, 7, 11, false},
	{"[O_III] 5007", 5008.240, 21, 33, false},
	{"He_II 5411", 5413.024, 0.1, 0, true},
	{"[O_I] 5577", 5578.888, 0, 0, false},
	{"[N_II] 5755", 5756.186, 0, 0.1, false},
	{"He_I 5876", 5877.309, 4, 1.5, true},
	{"[O_I] 6300", 6302.046, 0.7, 1.6, false},
	{"[S_III] 6312", 6313.806, 0, 0.2, false},
	{"[O_I] 6363", 6365.535, 0.2, 0.5, false},
	{"[N_II] 6548", 6549.859, 1, 4.5, false},
	{"H_alpha", 6564.614, 190, 48, true},
	{"[N_II] 6583", 6585.269, 3, 14, false},
	{"[S_II] 6716", 6718.294, 2, 9, false},
	{"[S_II] 6730", 6732.678, 2, 7, false},
	{"[Ar_III] 7135", 7137.757, 0.2, 0.8, false},
}

// AbsorptionList are lines that the stars of a galaxy take out of its light.
var AbsorptionList = []Line{
	{Name: "Ca_K", Wave: 3934.777},
	{Name: "Ca_H", Wave: 3969.588},
	{Name: "G_band", Wave: 4305.61},
	{Name: "Mg_b", Wave: 5176.7},
	{Name: "Na_D", Wave: 5895.6},
	{Name: "Ca_II 8500", Wave: 8500.36},
	{Name: "Ca_II 8544", Wave: 8544.44},
	{Name: "Ca_II 8664", Wave: 8664.52},
}

// Air gives the wavelength in air of one in vacuum above 2000 Å, both in Å (Ciddor 1996, as the survey's
// pipeline has it).
func Air(vacuum float64) float64 {
	if vacuum < 2000 {
		return vacuum
	}
	air := vacuum
	for range 4 { // refraction is known by the wavelength in air
		air = vacuum / refraction(air)
	}
	return air
}

// Vacuum gives the wavelength in vacuum of one in air above 2000 Å, both in Å.
func Vacuum(air float64) float64 {
	if air < 2000 {
		return air
	}
	return air * refraction(air)
}

// refraction is the index of air at a wavelength in air.
func refraction(air float64) float64 {
	s := 1e8 / (air * air)
	return 1 + 5.792105e-2/(238.0185-s) + 1.67917e-3/(57.362-s)
}

const lightSpeed = 299792.458 // km/s

// gauss is a normal distribution of unit area around mean.
func gauss(x, mean, sigma float64) float64 {
	d := (x - mean) / sigma
	if math.Abs(d) > 8 {
		return 0
	}
	return math.Exp(-d*d/2) / (sigma * math.Sqrt(2*math.Pi))
}
