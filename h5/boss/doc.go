// Package boss knows the HDF5 files of the Baryon Oscillation Spectroscopic Survey: a group for each
// plate, night and fiber, and in it the spectrum of what the fiber saw.
//
// So far it makes such files. Sample writes one in the layout that the converter of the survey
// writes (the page boss.md calls it v1), out of a small model of objects, sky and instrument:
//
//	err := boss.Sample("sample.h5", boss.SampleOptions{})
//
// The same options give the same bytes. Wavelengths are vacuum Ångström, fluxes are in
// 1e-17 erg/s/cm²/Å, throughout.
package boss
