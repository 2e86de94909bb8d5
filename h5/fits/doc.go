// Package fits reads and writes FITS files, as spectra and catalogs of the sky come in: images and binary
// tables, by the standard's version 4.0 (IAU FITS Working Group, 2018; "section" in comments means its).
//
// There are only a few types here: a File holds HDUs; an HDU has a Header of cards, and an image or the
// columns of a table.
//
//	f, err := fits.Open("spec-3655-55240-0030.fits")
//	flux, err := f.HDU("COADD").Column("flux").Float64s()
//
// Nothing is read before it is asked for, and then only the rows that are meant. Values come as slices of
// the type that the file means: TSCAL, TZERO, BSCALE and BZERO are applied, and those that stand for
// unsigned numbers give unsigned numbers, so that no object id goes through float64. A damaged HDU spoils
// only itself. Files packed with gzip are unpacked in memory.
//
// Not read: tables of text (XTENSION = 'TABLE'), random groups, and images packed into tables.
package fits
