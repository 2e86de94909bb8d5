# hdf5.sh: which HDF5. Sourced by lib.sh.
#
# The places, in order: HDF5_DIR, the compiler wrapper of a Cray, pkg-config hdf5-serial, pkg-config
# hdf5 (Open MPI's on a Debian that has it, so it must prove to be serial), Debian's own folder. A
# place counts when a small program compiles, links and runs with it and finds a library of the same
# version as the headers: two versions in one process abort. An HDF5_DIR that does not hold is an
# error and not passed over, since whoever set it meant it.

# Flags of the environment come before the #cgo lines of any package and win over them. Naming one
# API version lets one source build with HDF5 1.10 to 1.14.
HDF5_CFLAGS='-O2 -g -DH5_USE_110_API'

# find_hdf5 exports CC, CGO_CFLAGS and CGO_LDFLAGS and sets HDF5_FROM to the place they name. It
# fails with HDF5_TRIED, one line for every place looked at.
find_hdf5() {
	HDF5_TRIED=''
	if [ -n "${HDF5_DIR:-}" ]; then
		try_hdf5_dir "$HDF5_DIR"
		return
	fi
	try_hdf5_cray && return
	try_hdf5_pkg hdf5-serial && return
	try_hdf5_pkg hdf5 && return
	try_hdf5_debian
}

try_hdf5_dir() {
	local lib
	for lib in "$1/lib64" "$1/lib"; do
		if compgen -G "$lib/libhdf5.*" >/dev/null; then
			probe_hdf5 "HDF5_DIR=$1" "-I$1/include" "-L$lib -Wl,-rpath,$lib -lhdf5"
			return
		fi
	done
	tried "HDF5_DIR=$1" "no lib/libhdf5.* or lib64/libhdf5.* there"
}

try_hdf5_cray() {
	if [ -z "${CRAYPE_VERSION:-}" ]; then
		tried "Cray's compiler wrapper cc" "CRAYPE_VERSION is not set"
		return 1
	fi
	CC=cc probe_hdf5 "Cray's compiler wrapper cc" '' '' && export CC=cc
}

try_hdf5_pkg() {
	if ! command -v pkg-config >/dev/null; then
		tried "pkg-config $1" "pkg-config is not installed"
		return 1
	fi
	if ! pkg-config --exists "$1"; then
		tried "pkg-config $1" "it knows no such package"
		return 1
	fi
	local libs
	libs=$(pkg-config --libs "$1")
	probe_hdf5 "pkg-config $1" "$(pkg-config --cflags "$1")" "$libs$(rpaths "$libs")"
}

try_hdf5_debian() {
	local lib
	for lib in /usr/lib/*/hdf5/serial; do
		if [ -e "$lib/libhdf5.so" ]; then
			probe_hdf5 "$lib" "-I/usr/include/hdf5/serial" "-L$lib -lhdf5"
			return
		fi
	done
	tried "/usr/lib/*/hdf5/serial" "no libhdf5.so there"
}

# rpaths repeats each library folder of some linker flags as a run path, but for the system's own.
rpaths() {
	local flag
	for flag in $1; do
		case $flag in
		-L/usr/lib* | -L/lib*) ;;
		-L*) printf ' -Wl,-rpath,%s' "${flag#-L}" ;;
		esac
	done
}

# probe_hdf5 NAME CFLAGS LDFLAGS tries a place and exports its flags when it holds.
probe_hdf5() {
	local cc=${CC:-$(go env CC)} dir=build/probe
	mkdir -p "$dir"
	cat >"$dir/hdf5.c" <<-'C'
		#include <hdf5.h>
		#include <stdio.h>
		#ifdef H5_HAVE_PARALLEL
		#error "a parallel build of HDF5"
		#endif
		int main(void) {
			unsigned major, minor, release;
			H5get_libversion(&major, &minor, &release);
			printf("%u.%u.%u\n", major, minor, release);
			return major != H5_VERS_MAJOR || minor != H5_VERS_MINOR;
		}
	C
	# shellcheck disable=SC2086 # flags are lists of words
	if ! $cc $HDF5_CFLAGS $2 -o "$dir/hdf5" "$dir/hdf5.c" $3 >"$dir/hdf5.log" 2>&1; then
		tried "$1" "$(grep -m1 -i error "$dir/hdf5.log" || echo 'a small program does not compile')"
		return 1
	fi
	if ! HDF5_VERSION=$("$dir/hdf5" 2>"$dir/hdf5.log"); then
		tried "$1" "$(head -n1 "$dir/hdf5.log"; echo "headers and library differ, or the library is not found at run time")"
		return 1
	fi
	HDF5_FROM=$1
	export CGO_CFLAGS="$HDF5_CFLAGS $2" CGO_LDFLAGS="${3% }"
}

tried() {
	HDF5_TRIED="$HDF5_TRIED    $1: $2"$'\n'
	return 1
}
