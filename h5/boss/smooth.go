package boss

import (
	"fmt"
	"math"
)

// Kernel is a way to smooth a spectrum: how much of the pixels around one goes into it.
type Kernel struct {
	weights []float64 // of the pixel itself and of those one, two ... away
	ivar    bool      // weighted by IVAR too
	note    string    // what is said of a spectrum that was smoothed
}

// Boxcar is the mean of n pixels, those without data left out. An even n is taken as one more. Below 1 nothing is
// smoothed, and the figure says so; so it does for the widths of other kernels that are none.
func Boxcar(n int) Kernel {
	if n < 1 {
		return none(float64(n))
	}
	w := make([]float64, n/2+1)
	for i := range w {
		w[i] = 1
	}
	return Kernel{w, false, "boxcar smoothing"}
}

// Gaussian weighs pixels by exp(-i²/2n²) as far as 2n pixels away, those without data left out.
func Gaussian(n float64) Kernel { return bell(n, false, "Gaussian smoothing") }

// IvarWeighted is Gaussian with pixels weighted by IVAR besides, so that noisy ones count less: the mean
// with the least noise.
func IvarWeighted(n float64) Kernel { return bell(n, true, "ivar-weighted smoothing") }

func bell(n float64, ivar bool, note string) Kernel {
	if !(n > 0) || n > 1e5 {
		return none(n)
	}
	w := make([]float64, int(2*n)+1)
	for i := range w {
		w[i] = math.Exp(-float64(i*i) / (2 * n * n))
	}
	return Kernel{w, ivar, note}
}

// none leaves spectra as they are, as a width asks that none can have.
func none(n float64) Kernel {
	return Kernel{[]float64{1}, false, fmt.Sprintf("not smoothed: a width of %g pixels is none", n)}
}

// Smooth gives the spectrum with flux and model smoothed, and the IVAR that the smoothed flux has when
// the noise of pixels is independent. Pixels without data get what those around them say; where there is
// nothing around, IVAR is 0. Sky, masks and the rest stay as they are.
func (s *Spec) Smooth(k Kernel) *Spec {
	out := *s
	out.Flux, out.Ivar = k.apply(s.Flux, s.Ivar)
	if s.Model != nil {
		out.Model, _ = k.apply(s.Model, ones(len(s.Model)))
	}
	out.notes = append(out.notes[:len(out.notes):len(out.notes)], k.note)
	return &out
}

func ones(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = 1
	}
	return out
}

// apply gives sum(w f) / sum(w), and the inverse variance of that: sum(w)² / sum(w² / ivar). w is the
// kernel, times ivar where it is weighted, and 0 where ivar is.
func (k Kernel) apply(flux, ivar []float64) (smooth, weight []float64) {
	smooth, weight = make([]float64, len(flux)), make([]float64, len(flux))
	reach := len(k.weights) - 1
	for i := range flux {
		var sum, norm, variance float64
		for j := max(0, i-reach); j <= min(len(flux)-1, i+reach); j++ {
			if !(ivar[j] > 0) || math.IsNaN(flux[j]) {
				continue
			}
			w := k.weights[abs(i-j)]
			if k.ivar {
				w *= ivar[j]
			}
			sum, norm, variance = sum+w*flux[j], norm+w, variance+w*w/ivar[j]
		}
		if norm > 0 {
			smooth[i], weight[i] = sum/norm, norm*norm/variance
		}
	}
	return smooth, weight
}

func abs(i int) int { return max(i, -i) }
