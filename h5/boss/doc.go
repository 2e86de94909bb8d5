// Package boss knows the spectra of the Baryon Oscillation Spectroscopic Survey: FITS files as the survey
// gives them out, and the files of HDF5 that H5Boss packs them in, a group for each plate and night.
//
// There are only a few things here. A Spec is a spectrum, which smooths, plots and measures itself; its Exposures are what the
// cameras saw of it one by one; a Set is those that a query found. Commands work on files, and give a Result that lists what could not be done:
//
//	r, err := boss.Convert(ctx, []string{"spectra"}, "3655.h5", boss.Options{})
//	r, err = boss.Subset(ctx, []string{"3655.h5"}, "CLASS == 'QSO' && Z > 2", "quasars.h5", boss.Options{})
//	s, err := boss.Spectrum("quasars.h5", 3655, 55240, 30)
//
// Info, Index, Add, Update, Remove and Export are the others; gofive boss has them all for the shell. They know both of
// H5Boss's layouts: V1, a group a fiber, and V2, arrays of all fibers of a night. No command changes its
// input, and an output is there when it is complete and has been read back and compared.
//
// Ranks of a parallel job share the work of a command that they all call with Options.Ranks, an *mpi.Comm: there is one
// output, the same as that of one process. With Options.Access, h5mpi.MPIO of it, they write it together.
//
// Sample and SampleFITS make such files out of a small model of objects, sky and instrument; the same options give the
// same bytes. Wavelengths are vacuum Ångström, fluxes are in 1e-17 erg/s/cm²/Å, throughout.
package boss
