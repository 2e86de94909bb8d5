#!/usr/bin/env bash
# ranks.sh: the tests that need ranks, with every MPI that is there: each builds its own test programs, which
# start 1 to 4 ranks of themselves.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. install/make/mpi.sh

find_mpi || die "no MPI with its HDF5 to test with; on Debian: apt install libhdf5-openmpi-dev libopenmpi-dev libhdf5-mpich-dev libmpich-dev"
for flavour in "${MPI_FLAVOURS[@]}"; do
	(
		mpi_flags "$flavour"
		say "ranks of $flavour"
		# One package after the other: an mpirun of Open MPI that ends removes the folder in which another one begins.
		go test -count=1 -p 1 -timeout 30m -tags mpi ./mpi ./mpi/internal/libmpi ./h5/h5mpi
	)
done
