package boss

import (
	"math"
	"math/rand/v2"
)

// The coadd's grid: wavelengths rise by the same factor from pixel to pixel.
const (
	coeff0    = 3.5515 // log10 of the first wavelength
	coeff1    = 0.0001 // and its step
	coaddRows = 4622
)

// coaddWave is the wavelength of pixel i of every coadd.
func coaddWave(i int) float64 { return math.Pow(10, coeff0+coeff1*float64(i)) }

// dispersion is the width of the instrument's profile in pixels of the coadd, the column WAVEDISP.
func dispersion(wave float64) float64 {
	blue := 1.48 - 0.62*smooth((wave-3700)/2000)
	red := 0.07 * math.Sin((wave-5900)/1100)
	return blue + red*smooth((wave-5700)/400)
}

// smooth rises from 0 at x = 0 to 1 at x = 1 without corners.
func smooth(x float64) float64 {
	x = min(max(x, 0), 1)
	return x * x * (3 - 2*x)
}

// profile is the width of the instrument's profile in Å.
func profile(wave float64) float64 { return dispersion(wave) * wave * coeff1 * math.Ln10 }

// throughput is the part of the light that atmosphere, telescope and camera let through, 1 at best:
// little at both ends, and less where the two cameras meet.
func throughput(wave float64) float64 {
	blue := 0.03 + 0.97*smooth((wave-3350)/2600)
	red := 1 - 0.75*smooth((wave-7600)/3000)
	dichroic := 1 - 0.35*math.Exp(-math.Pow((wave-6050)/160, 2)/2)
	return blue * red * dichroic
}

// ivar is the inverse variance of a flux in a sum of exposures exposures: photons of object and sky
// count, and so does the camera's own noise.
func ivar(wave, flux, sky float64, exposures int) float64 {
	t := throughput(wave)
	electrons := t * (max(flux, 0) + sky)
	return 18 * float64(exposures) * t * t / (electrons + 0.9)
}

// defects are the pixels of one spectrum that something happened to.
type defects struct {
	bad     map[int]int32 // pixels without data in any exposure, and the bits that say why
	partial map[int]int32 // pixels without data in some exposure
}

// newDefects draws defects of n pixels.
func newDefects(r *rand.Rand, n int) defects {
	d := defects{map[int]int32{}, map[int]int32{}}
	run := func(pixels map[int]int32, longest int, bits int32) {
		start := r.IntN(n)
		for i := range 1 + r.IntN(longest) {
			if start+i < n {
				pixels[start+i] |= bits
			}
		}
	}
	for range 4 { // columns of a camera that do not count light
		run(d.bad, 6, FullReject|NearBadPixel|PartialReject|LowFlat)
	}
	d.bad[1] |= NoData
	for range 45 { // cosmic rays
		run(d.partial, 4, CombineRej)
	}
	for range 8 {
		run(d.partial, 60, PartialReject|NearBadPixel)
	}
	return d
}
