//go:build mpi

package mpi

import (
	"gofive/mpi/internal/abi"
	"gofive/mpi/internal/libmpi"
)

// open gives the MPI that this executable was built with.
func open() abi.Library { return libmpi.New() }

func version() string { return libmpi.Version() }
