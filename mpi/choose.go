package mpi

import (
	"os"

	"gofive/mpi/internal/abi"
	"gofive/mpi/internal/local"
)

// open gives ranks without MPI where a launcher has started this process as one, and else what the executable
// was built with.
func open() abi.Library {
	if _, ok := os.LookupEnv(local.EnvRank); ok {
		return local.New()
	}
	return built()
}
