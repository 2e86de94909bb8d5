// Package libmpi will own the only code that calls an MPI library, on a locked OS thread and behind
// the build tag mpi. Nothing is built yet.
package libmpi
