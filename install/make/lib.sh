# lib.sh: what the scripts of this folder share. Sourced, never run; the caller has set -eu.
#
# It changes to the repository, so that every path below is relative to it, and offers
#   say TEXT           a line of progress
#   die TEXT           one message, and the end
#   retry N WHAT C...  runs the command up to N times
#   find_python M...   sets PYTHON to a Python that can import all the modules
#   find_hdf5          sets HDF5_FROM, and exports the compiler flags of a serial HDF5
#   may_have_slurm     whether this account may make the network namespaces that a Slurm of tests needs
#   have_slurm         whether Slurm is installed
#   debian_mirror      prints where Debian's packages are
#   have_npm           whether npm and a node that is new enough are here
#   npm_modules        gets the packages of the notebook extension when they are not there yet
#   have_browser       whether a Chromium is here
#   jupyter_env        keeps Jupyter's own files inside build/

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
mkdir -p build
# go asks git which revision it builds, and does not build where git does not trust the owner of the files.
GOFLAGS="$(go env GOFLAGS 2>/dev/null || true) -buildvcs=false"
export GOFLAGS

say() { printf '%s\n' "$*"; }

die() {
	printf '\ngofive: %s\n' "$*" >&2
	exit 1
}

# retry TIMES WHAT COMMAND...: what comes over the network fails now and then, and comes a moment later.
# set -e does not act inside a COMMAND that is a function: it must return its failures.
retry() {
	local times=$1 what=$2 round
	shift 2
	for ((round = 1; round < times; round++)); do
		"$@" && return
		say "set-up: $what failed; trying again in $((5 * round)) s"
		sleep $((5 * round))
	done
	"$@"
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

# debian_mirror prints the mirror that apt knows of Debian's own archive, which holds all its releases, or the
# one that everybody may use: apt tells none before its first update, and of others' archives too.
debian_mirror() {
	{ apt-get indextargets --format '$(REPO_URI)' 'Origin: Debian' 'Label: Debian' || true; } |
		awk 'BEGIN { mirror = "http://deb.debian.org/debian" } /^http/ { mirror = $0 } END { print mirror }'
}

have_npm() {
	command -v npm >/dev/null && command -v node >/dev/null || return 1
	[ "$(node -p 'process.versions.node.split(".")[0]')" -ge 18 ]
}

# npm_modules unpacks exactly what the lock file names, and runs no script of it.
npm_modules() {
	local dir=display/labextension
	[ "$dir/node_modules/.package-lock.json" -nt "$dir/package-lock.json" ] && return
	say "set-up: npm packages of the notebook extension"
	retry 3 "npm" npm_ci "$dir"
}

npm_ci() { (cd "$1" && npm ci --ignore-scripts --no-audit --no-fund) >build/npm.log 2>&1; }

have_browser() {
	command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null
}

# jupyter_env lets Jupyter find our private kernelspec and write its own files under build/, so that
# neither a broken configuration in the home folder nor a kernel installed there plays a part.
jupyter_env() {
	export JUPYTER_PATH="$PWD/build/prefix/share/jupyter"
	export JUPYTER_CONFIG_PATH="$PWD/build/prefix/etc/jupyter"
	export JUPYTER_CONFIG_DIR="$PWD/build/jupyter/config"
	export JUPYTER_DATA_DIR="$PWD/build/jupyter/data"
	export JUPYTER_RUNTIME_DIR="$PWD/build/jupyter/runtime"
	export IPYTHONDIR="$PWD/build/jupyter/ipython"
	mkdir -p "$JUPYTER_RUNTIME_DIR"
	chmod 700 "$JUPYTER_RUNTIME_DIR"
}
