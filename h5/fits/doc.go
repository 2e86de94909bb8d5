// Package fits will own a bounded, streaming reader of the FITS files that BOSS spectra come in.
// Nothing is built yet.
package fits
