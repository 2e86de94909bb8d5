#!/usr/bin/env bash
# build-mpi.sh: bin/gofive-engine-mpi-FLAVOUR for every MPI that is there, or for those that MPI names, and
# bin/gofive-engine-mpi, a link to the first; another folder than bin may be given. They are gofive-engine
# with MPI and that MPI's HDF5.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. install/make/mpi.sh
bin=${1:-bin}

find_mpi || die "no MPI with its HDF5 to build with; on Debian: apt install libhdf5-openmpi-dev libopenmpi-dev libhdf5-mpich-dev libmpich-dev"
for flavour in "${MPI_FLAVOURS[@]}"; do
	(
		mpi_flags "$flavour"
		CGO_ENABLED=1 go build -tags mpi -o "$bin/gofive-engine-mpi-$flavour" ./kernel/cmd/gofive-engine
		say "build: $("$bin/gofive-engine-mpi-$flavour" version)"
	)
done
ln -sf "gofive-engine-mpi-${MPI_FLAVOURS[0]}" "$bin/gofive-engine-mpi"
