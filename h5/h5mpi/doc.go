// Package h5mpi has several ranks of an MPI job read and write one HDF5 file together.
//
//	f, err := h5.Create("out.h5", h5mpi.MPIO(mpi.World))
//	ds, err := f.CreateDataset("x", h5.Float32, h5.Shape{mpi.Size(), 1000})
//	err = ds.With(h5mpi.Collective).Write(row, mpi.Rank())
//	err = f.Close()
//
// Every rank makes the calls that change more than data, in the same order: opening, flushing and closing the
// file, creating, deleting, linking, resizing, and setting attributes. Before each of them the ranks agree,
// so that one that does something else is named, and an interrupt ends the wait. Reading, and writing data,
// is each rank's own affair; With(Collective) makes it that of all at once, which file systems of many disks
// reward, and which compressed chunks need.
//
// A rank that is alone opens such a file like any other. Ranks without MPI write a file each for itself, with
// the same calls and rules, so that a program runs on a laptop too; they write neither compressed chunks nor
// compact datasets, and how fast they are says nothing.
package h5mpi
