#!/usr/bin/env bash
# bench.sh [kernel]: measures the kernel beside ipykernel, and unless that is all that is asked for,
# builds the reader in Go and the readers in C with the same HDF5, and measures both beside h5py and the
# language of cells beside Go and CPython, in one run.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

find_hdf5 || die "no serial HDF5 to build with; looked at:"$'\n'"$HDF5_TRIED"
find_python jupyter_client ipykernel h5py || die "no Python with ipykernel and h5py: run make bench"
jupyter_env
mkdir -p build/bench
bin/gofive install --prefix build/prefix >build/install.log
"$PYTHON" tests/bench/kernels.py build/bench
[ "${1:-}" != kernel ] || exit 0
go build -o build/bench/reader ./tests/bench
# shellcheck disable=SC2086 # flags are lists of words
${CC:-$(go env CC)} $CGO_CFLAGS -o build/bench/reader-c tests/bench/c/reader.c $CGO_LDFLAGS
"$PYTHON" tests/bench/bench.py build/bench
"$PYTHON" tests/bench/language.py build/bench
build/bench/reader session 10000
