//go:build !mpi

package mpi

import "gofive/mpi/internal/abi"

// open gives ranks without MPI.
func open() abi.Library { return newSelf() }

func version() string { return "" }
