#!/usr/bin/env bash
# bench.sh [kernel|h5|looking|boss|language|mpi]: measures the kernel beside ipykernel; works on HDF5 files, compiled
# and from cells, beside h5py and C with the same HDF5; looking at large data beside h5py, pandas and
# matplotlib; commands on spectra beside astropy and h5py; the language of cells beside Go and CPython; and ranks
# beside C and Python with the same MPI; or only the part that is named.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

PART=${1:-}
case $PART in
'' | kernel | h5 | looking | boss | language | mpi) ;;
*) die "there is no bench-$PART; there are bench-kernel, bench-h5, bench-looking, bench-boss, bench-language and bench-mpi" ;;
esac

find_hdf5 || die "no serial HDF5 to build with; looked at:"$'\n'"$HDF5_TRIED"
find_python jupyter_client ipykernel h5py pandas matplotlib astropy || die "no Python with ipykernel, h5py, pandas, matplotlib and astropy: run make bench"
jupyter_env
mkdir -p build/bench
bin/gofive install --prefix build/prefix >build/install.log
wanted() { [ -z "$PART" ] || [ "$PART" = "$1" ]; }

go build -o build/bench/hdf5 ./tests/bench
if wanted kernel; then
	"$PYTHON" tests/bench/kernels.py build/bench
fi
if wanted h5; then
	# shellcheck disable=SC2086 # flags are lists of words
	${CC:-$(go env CC)} -O2 $CGO_CFLAGS -o build/bench/hdf5-c tests/bench/c/hdf5.c $CGO_LDFLAGS
	"$PYTHON" tests/bench/hdf5.py build/bench
fi
if wanted looking; then
	"$PYTHON" tests/bench/looking.py build/bench
	"$PYTHON" tests/bench/browse.py build/bench build/bench/browse.h5 200
fi
if wanted boss; then
	"$PYTHON" tests/bench/boss.py build/bench
fi
if wanted language; then
	"$PYTHON" tests/bench/language.py build/bench
	build/bench/hdf5 session 10000
fi
if wanted mpi; then
	. install/make/mpi.sh
	MPI_FLAVOURS=()
	find_mpi || say "ranks: no MPI with its HDF5 to measure; on Debian: apt install libhdf5-openmpi-dev libopenmpi-dev libhdf5-mpich-dev libmpich-dev"
	for flavour in "${MPI_FLAVOURS[@]}"; do
		(
			mpi_flags "$flavour"
			go build -tags mpi -o "build/bench/ranks-$flavour" ./tests/bench/ranks
			# shellcheck disable=SC2086 # flags are lists of words
			${CC:-$(go env CC)} -O2 $CGO_CFLAGS -o "build/bench/ranks-c-$flavour" tests/bench/c/ranks.c $CGO_LDFLAGS
		)
		"$PYTHON" tests/bench/ranks.py build/bench "$flavour"
	done
	if [ ${#MPI_FLAVOURS[@]} -gt 0 ]; then
		install/make/build-mpi.sh
		"$PYTHON" tests/bench/px.py build/bench
	fi
fi
