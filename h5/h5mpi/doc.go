// Package h5mpi will own parallel HDF5: the MPI-IO driver, collective transfers and the report of
// why one fell back to independent transfer. Nothing is built yet.
package h5mpi
