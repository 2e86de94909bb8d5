package boss

import (
	"math"
	"math/rand/v2"
)

// The classes of objects, as in the column CLASS. A fiber that looks at empty sky has the class of
// the galaxy that the pipeline fits to noise; its OBJTYPE says what it is.
const (
	quasar = "QSO"
	galaxy = "GALAXY"
	star   = "STAR"
)

// object is what one fiber looks at.
type object struct {
	fiber           int
	class, subclass string
	sky             bool    // nothing but sky
	z               float64 // redshift
	bright          float64 // flux of the continuum at 6000 Å
	slope           float64 // of a quasar's power law
	kelvin          float64 // of a star
	sigma           float64 // width of lines, km/s; of the broad ones of a quasar
	ra, dec         float64 // degrees
	xFocal, yFocal  float64 // mm
	forest          []absorber
}

// absorber is a cloud of hydrogen between a quasar and us.
type absorber struct{ wave, depth, sigma float64 }

// random gives the numbers of one purpose of one fiber, the same for the same seed, in whatever order
// fibers are made.
func random(seed uint64, fiber int, purpose uint64) *rand.Rand {
	return rand.New(rand.NewPCG(seed, uint64(fiber)<<8|purpose))
}

// Purposes of random numbers.
const (
	forObject = iota + 1
	forNoise
	forMask
	forFit
	forExposure // and the exposure's place among the others
)

// chosen are the objects of the fibers that the sample has by default, so that the first lesson finds
// what it talks about; others are drawn.
var chosen = map[int]object{
	30:  {class: quasar, subclass: "BROADLINE", z: 2.3746, bright: 6.2, slope: -0.6, sigma: 2100},
	118: {class: galaxy, subclass: "STARFORMING", z: 0.0862, bright: 9.5, sigma: 130},
	258: {class: galaxy, subclass: "", z: 0.4913, bright: 7.8, sigma: 210},
	446: {class: quasar, subclass: "BROADLINE", z: 0.5222, bright: 8.4, slope: -1.1, sigma: 1700},
	501: {class: galaxy, subclass: "", z: 0.7316, bright: 0, sky: true, sigma: 200},
	734: {class: star, subclass: "F5", z: -0.00021, bright: 16, kelvin: 6500, sigma: 180},
}

// newObject gives the object of a fiber.
func newObject(seed uint64, fiber int) object {
	r := random(seed, fiber, forObject)
	o, ok := chosen[fiber]
	if !ok {
		o = drawn(r)
	}
	o.fiber = fiber
	radius, angle := 320*math.Sqrt(r.Float64()), 2*math.Pi*r.Float64()
	o.xFocal, o.yFocal = radius*math.Cos(angle), radius*math.Sin(angle)
	const plateScale = 217.7 // mm a degree
	o.dec = plateDec + o.yFocal/plateScale
	o.ra = plateRA + o.xFocal/plateScale/math.Cos(plateDec*math.Pi/180)
	if o.class == quasar {
		o.forest = forest(r, o.z)
	}
	return o
}

// drawn draws an object like those that the survey chose: quasars, luminous galaxies, some stars and
// some sky.
func drawn(r *rand.Rand) object {
	bright := math.Exp(1.6 + 0.6*r.NormFloat64())
	switch p := r.Float64(); {
	case p < 0.35:
		return object{class: quasar, subclass: "BROADLINE", z: 0.4 + 2.9*r.Float64(), bright: bright,
			slope: -0.8 + 0.4*r.NormFloat64(), sigma: 1500 + 1200*r.Float64()}
	case p < 0.8:
		o := object{class: galaxy, z: 0.05 + 0.65*r.Float64(), bright: bright, sigma: 120 + 150*r.Float64()}
		if r.Float64() < 0.4 {
			o.subclass = "STARFORMING"
		}
		return o
	case p < 0.92:
		return object{class: star, subclass: "F5", z: 0.0003 * r.NormFloat64(), bright: 2 * bright,
			kelvin: 5000 + 4000*r.Float64(), sigma: 180}
	}
	return object{class: galaxy, z: 0.2 + 0.6*r.Float64(), sky: true, sigma: 200}
}

// forest draws the clouds in front of a quasar: the nearer to it in redshift, the more there are.
func forest(r *rand.Rand, z float64) []absorber {
	const lyman = 1215.67
	var clouds []absorber
	for zc := 1.9; zc < z; {
		zc += r.ExpFloat64() * 0.0075 * math.Pow(3.4/(1+zc), 2)
		if zc < z {
			wave := lyman * (1 + zc)
			clouds = append(clouds, absorber{wave, 0.15 + 0.8*math.Pow(r.Float64(), 2), wave * 40 / lightSpeed})
		}
	}
	return clouds
}
