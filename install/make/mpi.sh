# mpi.sh: which MPI libraries, each with its parallel HDF5. Sourced after lib.sh.

# mpi_packages FLAVOUR sets MPI_PACKAGES to what pkg-config knows it by.
mpi_packages() {
	case $1 in
	openmpi) MPI_PACKAGES=(hdf5-openmpi ompi-c) ;;
	mpich) MPI_PACKAGES=(hdf5-mpich mpich) ;;
	*) die "MPI=$1: there are openmpi and mpich" ;;
	esac
}

# find_mpi sets MPI_FLAVOURS: those of the environment's MPI, else all that are there, the default first.
find_mpi() {
	local flavour
	MPI_FLAVOURS=()
	for flavour in ${MPI:-openmpi mpich}; do
		mpi_packages "$flavour"
		if command -v pkg-config >/dev/null && pkg-config --exists "${MPI_PACKAGES[@]}"; then
			MPI_FLAVOURS+=("$flavour")
		elif [ -n "${MPI:-}" ]; then
			die "MPI=$flavour: pkg-config does not know ${MPI_PACKAGES[*]}"
		fi
	done
	[ ${#MPI_FLAVOURS[@]} -gt 0 ]
}

# mpi_flags FLAVOUR exports the compiler's flags.
mpi_flags() {
	local libs
	mpi_packages "$1"
	libs=$(pkg-config --libs "${MPI_PACKAGES[@]}")
	export CGO_CFLAGS="$HDF5_CFLAGS $(pkg-config --cflags "${MPI_PACKAGES[@]}")" CGO_LDFLAGS="$libs$(rpaths "$libs")"
}
