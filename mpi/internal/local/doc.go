// Package local will own ranks as goroutines, so that mpi programs run on a laptop without an MPI
// library. Nothing is built yet.
package local
