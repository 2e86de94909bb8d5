# lib.sh: what the scripts of this folder share. Sourced, never run; the caller has set -eu.
#
# It changes to the repository, so that every path below is relative to it, and offers
#   say TEXT           a line of progress
#   die TEXT           one message, and the end
#   find_python M...   sets PYTHON to a Python that can import all the modules
#   find_hdf5          sets HDF5_FROM, and exports the compiler flags of a serial HDF5
#   may_have_slurm     whether this account may make the network namespaces that a Slurm of tests needs
#   have_slurm         whether Slurm is installed
#   jupyter_env        keeps Jupyter's own files inside build/

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
mkdir -p build

say() { printf '%s\n' "$*"; }

die() {
	printf '\ngofive: %s\n' "$*" >&2
	exit 1
}

. install/make/python.sh
. install/make/hdf5.sh

may_have_slurm() { [ "$(id -u)" = 0 ] && unshare --net true 2>/dev/null; }

have_slurm() {
	local program
	for program in slurmctld slurmd squeue munged ip; do
		command -v "$program" >/dev/null || return 1
	done
}

# jupyter_env lets Jupyter find our private kernelspec and write its own files under build/, so that
# neither a broken configuration in the home folder nor a kernel installed there plays a part.
jupyter_env() {
	export JUPYTER_PATH="$PWD/build/prefix/share/jupyter"
	export JUPYTER_CONFIG_DIR="$PWD/build/jupyter/config"
	export JUPYTER_DATA_DIR="$PWD/build/jupyter/data"
	export JUPYTER_RUNTIME_DIR="$PWD/build/jupyter/runtime"
	export IPYTHONDIR="$PWD/build/jupyter/ipython"
	mkdir -p "$JUPYTER_RUNTIME_DIR"
	chmod 700 "$JUPYTER_RUNTIME_DIR"
}
