//go:build mpi

package mpi

import (
	"gofive/mpi/internal/abi"
	"gofive/mpi/internal/libmpi"
)

// built is the MPI that this executable was built with.
func built() abi.Library { return libmpi.New() }

func version() string { return libmpi.Version() }
