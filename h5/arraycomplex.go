package h5

import "math/cmplx"

// Real gives the real parts of complex numbers, as float64.
func (a *Array) Real() (*Array, error) {
	return a.component(func(z complex128) float64 { return real(z) })
}

// Imag gives the imaginary parts of complex numbers, as float64.
func (a *Array) Imag() (*Array, error) {
	return a.component(func(z complex128) float64 { return imag(z) })
}

// Phase gives the angles of complex numbers, as float64 in radians from -π to π. Abs gives their amplitudes.
func (a *Array) Phase() (*Array, error) { return a.component(cmplx.Phase) }

// component gives a real number for each complex one.
func (a *Array) component(of func(z complex128) float64) (*Array, error) {
	z, err := a.Complex128s()
	if err != nil {
		return nil, err
	}
	out := makeSlice[float64](len(z))
	for i, v := range z {
		out[i] = of(v)
	}
	return a.mapped(Float64, out), nil
}
