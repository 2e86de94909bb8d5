// Package h5 reads and writes HDF5 files: groups as trees, datasets as arrays and tables.
//
// There are only a few types here: a File holds Groups, a Group holds Datasets, NamedTypes and more
// Groups, and all of them carry Attributes. A Datatype and a Shape say what a Dataset holds. Reading
// gives an Array, or a Table for rows of named columns; both live in memory and know nothing of the
// file any more.
//
//	f, err := h5.Open("sample.h5")
//	coadd, err := f.Dataset("3655/55240/30/coadd")
//	wave, err := coadd.Field("WAVE")            // that field only
//	rows, err := coadd.Slice("100:110")         // those rows only
//	x, err := wave.Float64s()
//
// A selection is what numpy would write in brackets, as a string or as Go values, an argument an
// axis: "3:10", "::2", "1:6, 3", "..., -5:", 3, Range(3, 10), []int{1, 5, 7}, []bool. Lists on several
// axes mean all their combinations, where numpy would pair them and h5py refuses them; Points pairs.
// Of all axes together select Points, a Hyperslab, a mask of the whole shape ([][]bool or an Array) and
// a Union of such. An index or a bound outside the axis is an error, also where numpy would silently
// give less.
//
// Numbers that netCDF files hold packed, with scale_factor, add_offset and _FillValue, come from
// d.Scaled(sel) as they are meant: float64, and NaN where there is no value.
//
// Arrays and Tables compute with whole columns at a call, in the words of numpy and pandas: a.Add(b),
// a.Mean(0), t.Query("CLASS == 'QSO' && Z > 2"), t.GroupBy("PLATE").Mean(), t.Sort("-Z"), t.Join(other). Tables
// go to and come from CSV, Arrow and Parquet files too, and arrays are gonum's matrices without a copy.
//
// Writing goes by Create or OpenFile(path, "r+"), then Set, CreateGroup, CreateDataset, Write and
// SetAttr. Every value of a file is taken and given in Go's own types: numbers in their width, bool,
// string, complex numbers, structs for compounds.
//
// How a dataset is stored is a DatasetCreate: chunks, filters, fill values, data in other files or other
// datasets. What several processors can do at once, packing and unpacking chunks of gzip, shuffle,
// fletcher32 and LZF, they do. LZF needs no plug-in; other filters come from the site's.
//
// Any number of goroutines may use the package; the HDF5 library runs one call at a time. A File
// that is not closed is closed when it is garbage collected, and by CloseAll when a program ends:
// Go's exit does not do it, and a file that was written and not closed may be lost.
//
// Errors are *Error. What kind of error it is, errors.Is finds: ErrNotFound, ErrClosed and the other
// kinds here, fs.ErrNotExist and fs.ErrPermission.
package h5
