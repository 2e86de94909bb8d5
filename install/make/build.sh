#!/usr/bin/env bash
# build.sh: bin/gofive and bin/gofive-arrow, which need no C library, and bin/gofive-engine, which links HDF5.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

find_hdf5 || die "no serial HDF5 to build with; looked at:"$'\n'"$HDF5_TRIED"
say "build: HDF5 $HDF5_VERSION from $HDF5_FROM"
CGO_ENABLED=0 go build -o bin/gofive ./kernel/cmd/gofive
CGO_ENABLED=0 go build -o bin/gofive-arrow ./h5/cmd/gofive-arrow
CGO_ENABLED=1 go build -o bin/gofive-engine ./kernel/cmd/gofive-engine
