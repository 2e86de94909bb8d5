#!/usr/bin/env bash
# flavours.sh: h5's tests with every other HDF5 that gofive is for: the two MPI builds of Debian, and a
# newer release, whose packages are unpacked under build/ and touch nothing of the system.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

# try NAME TAGS CFLAGS LDFLAGS
try() {
	export CGO_CFLAGS="$HDF5_CFLAGS $3" CGO_LDFLAGS="$4"
	say "h5 with $1: $(go test -tags "$2" -v -run '^TestVersion$' ./h5 | grep -om1 'HDF5 [0-9.]*')"
	go test -count=1 -timeout 40m -tags "$2" ./h5 ./h5/internal/libhdf5
}

# try_mpi NAME PACKAGES...: by pkg-config.
try_mpi() {
	local name=$1 libs
	shift
	libs=$(pkg-config --libs "$@")
	try "$name" mpi "$(pkg-config --cflags "$@")" "$libs$(rpaths "$libs")"
}

unpack_newer() { install/make/newer.sh >build/newer.log 2>&1; }

# try_newer links with the unpacked library and starts by its own C library: this system's is older.
try_newer() {
	local root=$PWD/build/newer/debian lib
	lib=$(dirname "$(compgen -G "$root/usr/lib/*/libhdf5_serial.so.310")")
	try "HDF5 of the next Debian" '' "-I$root/usr/include/hdf5/serial" \
		"-L$lib/hdf5/serial -L$lib -lhdf5_serial -Wl,--allow-shlib-undefined -Wl,-rpath,$lib -Wl,--dynamic-linker=$(compgen -G "$root/usr/lib64/ld-linux-*")"
}

try_mpi "Open MPI's HDF5" hdf5-openmpi ompi-c
try_mpi "MPICH's HDF5" hdf5-mpich mpich
[ -e build/newer/debian ] || retry 3 "getting the newer HDF5" unpack_newer || die "the newer HDF5 could not be fetched; see build/newer.log"
try_newer
