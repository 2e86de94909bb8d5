package boss

import (
	"math"
	"slices"
)

// signalToNoise gives the median of flux times the square root of ivar over the pixels with data, in the
// bands u, g, r, i and z, and over all; 0 where there are none. pixel gives one of n.
func signalToNoise(n int, pixel func(i int) (wave, flux, ivar float64)) (perBand [5]float64, all float64) {
	var total []float64
	var inBand [5][]float64
	for i := range n {
		wave, flux, ivar := pixel(i)
		if !(ivar > 0) {
			continue
		}
		sn := flux * math.Sqrt(ivar)
		total = append(total, sn)
		for b, band := range bands {
			if band[0] <= wave && wave < band[1] {
				inBand[b] = append(inBand[b], sn)
			}
		}
	}
	for b := range inBand {
		perBand[b] = median(inBand[b])
	}
	return perBand, median(total)
}

// median sorts x and gives its middle, the mean of both of an even number; 0 of nothing.
func median(x []float64) float64 {
	if len(x) == 0 {
		return 0
	}
	slices.Sort(x)
	return (x[(len(x)-1)/2] + x[len(x)/2]) / 2
}

// nanomaggies turns flux times the square of the wavelength into the survey's unit of brightness.
const nanomaggies = 9.2e-9

// throughFilter gives the mean brightness over a band in nanomaggies, and its inverse variance.
func throughFilter(spectrum []coaddRow, band [2]float64) (flux, weight float32) {
	sum, variance, n := 0.0, 0.0, 0.0
	for _, row := range spectrum {
		wave := float64(row.Wave)
		if row.Ivar <= 0 || wave < band[0] || wave >= band[1] {
			continue
		}
		scale := nanomaggies * wave * wave
		sum += float64(row.Flux) * scale
		variance += scale * scale / float64(row.Ivar)
		n++
	}
	if n == 0 {
		return 0, 0
	}
	return float32(sum / n), float32(n * n / variance)
}
