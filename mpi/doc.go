// Package mpi will own what a parallel cell calls: Comm, Rank, Allreduce and the other MPI
// operations on Go slices. Nothing is built yet.
package mpi
