package mpi

import (
	"os"

	"gofive/mpi/internal/abi"
	"gofive/mpi/internal/local"
)

// open gives ranks without MPI where a launcher has started this process as one, and else what the executable
// was built with.
func open() abi.Library {
	if isLocal() {
		return local.New()
	}
	return built()
}

func isLocal() bool {
	_, ok := os.LookupEnv(local.EnvRank)
	return ok
}

// HasMPI reports whether ranks talk through an MPI library, so that a Comm's Handle means something to C.
func HasMPI() bool { return version() != "" && !isLocal() }
