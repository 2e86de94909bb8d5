#!/usr/bin/env bash
# generate.sh: rewrites the generated files that stand in the repository.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

find_hdf5 || die "no serial HDF5 to build with; looked at:"$'\n'"$HDF5_TRIED"
go generate ./...
