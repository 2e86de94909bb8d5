#!/usr/bin/env bash
# setup.sh build|build-mpi|demo|test|test-browser|extension|bench: sees that everything the target needs is there,
# the Go modules too.
#
# What is missing it installs with apt, where it may: as root, or with a sudo that asks nothing.
# Elsewhere it stops with one message that names each missing piece and each way to get it. When
# nothing is missing it changes nothing and says nothing.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

# A piece is: what it is | Debian packages | conda packages | spack packages | environment module.
# Which pieces a target needs, in the order of the build:
BUILD=(compiler certificates hdf5)
BUILD_MPI=("${BUILD[@]}" flavours)
DEMO=("${BUILD[@]}" jupyter)
BROWSER=("${DEMO[@]}" browser node)
TEST=("${BROWSER[@]}" kerneltest console h5tools flavours mpirun)
if may_have_slurm; then TEST+=(slurm hub); fi
BENCH=("${BUILD[@]}" ipykernel flavours mpirun ipyparallel)

piece() {
	case $1 in
	compiler) echo 'C compiler|gcc libc6-dev|gcc_linux-64 (export CC)|gcc|gcc' ;;
	certificates) echo 'certificates of https, to download Go modules|ca-certificates|ca-certificates (export SSL_CERT_FILE)|ca-certificates-mozilla|-' ;;
	hdf5) echo 'HDF5 1.10 or later, serial, with headers|libhdf5-dev pkg-config|hdf5 (export HDF5_DIR=$CONDA_PREFIX)|hdf5~mpi (export HDF5_DIR=$(spack location -i hdf5))|hdf5 (export HDF5_DIR)' ;;
	jupyter) echo 'Jupyter: notebook, nbclient, nbconvert|jupyter-notebook python3-nbclient python3-nbconvert|notebook nbclient nbconvert|py-notebook py-nbclient py-nbconvert|python, jupyter' ;;
	kerneltest) echo 'tests of kernels: jupyter_kernel_test|python3-jupyter-kernel-test|jupyter_kernel_test|-|-' ;;
	console) echo 'jupyter console, and tmux as its terminal|jupyter-console tmux|jupyter_console tmux|tmux|-' ;;
	browser) echo 'Chromium, with a font|chromium fonts-dejavu-core|-|chromium|-' ;;
	node) echo 'node 18 or later, with npm|nodejs npm|nodejs|node-js npm|nodejs' ;;
	h5tools) echo 'h5dump, h5py, pandas and astropy, to compare with|hdf5-tools python3-h5py python3-pandas python3-astropy|hdf5 h5py pandas astropy|hdf5 py-h5py py-pandas py-astropy|hdf5, h5py, pandas, astropy' ;;
	flavours) echo 'HDF5 of Open MPI and of MPICH, with headers|libhdf5-openmpi-dev libopenmpi-dev libhdf5-mpich-dev libmpich-dev|-|-|-' ;;
	mpirun) echo 'mpirun of Open MPI and mpiexec of MPICH|openmpi-bin mpich|-|-|-' ;;
	slurm) echo 'Slurm, for jobs on nodes that are namespaces|slurmctld slurmd slurm-client munge iproute2|-|-|-' ;;
	hub) echo 'JupyterHub with its proxy, whose servers are jobs of Slurm|jupyterhub node-configurable-http-proxy python3-requests python3-tornado|-|-|-' ;;
	ipyparallel) echo 'ipyparallel, mpi4py and h5py with MPI, to compare with|python3-ipyparallel python3-mpi4py python3-h5py-mpi|ipyparallel mpi4py|py-ipyparallel py-mpi4py|-' ;;
	ipykernel) echo 'ipykernel, h5py, pandas, matplotlib and astropy, to compare with|python3-ipykernel python3-h5py python3-pandas python3-matplotlib python3-astropy|ipykernel h5py pandas matplotlib astropy|py-ipykernel py-h5py py-pandas py-matplotlib py-astropy|python, h5py, pandas, matplotlib, astropy' ;;
	esac
}

have() {
	case $1 in
	compiler) have_compiler ;;
	certificates) have_certificates ;;
	hdf5) have_hdf5 ;;
	jupyter) find_python jupyter_client nbclient nbconvert notebook ;;
	kerneltest) find_python jupyter_client nbclient nbconvert notebook jupyter_kernel_test ;;
	console) command -v tmux >/dev/null && find_python jupyter_client nbclient nbconvert notebook jupyter_console ;;
	browser) have_browser ;;
	node) have_npm ;;
	h5tools) command -v h5dump >/dev/null && find_python jupyter_client nbclient nbconvert notebook h5py pandas astropy ;;
	flavours) pkg-config --exists hdf5-openmpi ompi-c hdf5-mpich mpich ;;
	mpirun) command -v mpirun.openmpi >/dev/null && command -v mpiexec.mpich >/dev/null ;;
	slurm) have_slurm ;;
	hub) [ -x /usr/bin/jupyterhub ] && command -v configurable-http-proxy >/dev/null ;;
	ipyparallel) find_python ipyparallel mpi4py h5py ;;
	ipykernel) find_python jupyter_client ipykernel h5py pandas matplotlib astropy ;;
	esac
}

have_compiler() {
	mkdir -p build/probe
	printf '#include <stdio.h>\nint main(void) { return puts("") < 0; }\n' >build/probe/cc.c
	${CC:-$(go env CC)} -o build/probe/cc build/probe/cc.c >/dev/null 2>&1
}

# have_hdf5 tries HDF5 with the compiler; while there is none it believes Debian's files.
have_hdf5() {
	if have_compiler; then find_hdf5; else compgen -G '/usr/lib/*/hdf5/serial/libhdf5.so' >/dev/null; fi
}

# have_certificates looks where Go's crypto/x509 looks.
have_certificates() {
	[ -n "${SSL_CERT_FILE:-}${SSL_CERT_DIR:-}" ] && return
	local file
	for file in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/ca-bundle.pem \
		/etc/pki/tls/cacert.pem /etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem /etc/ssl/cert.pem; do
		[ -s "$file" ] && return
	done
	return 1
}

# have_go ends the set-up when the go command is missing or too old: apt's would be too old as well.
have_go() {
	local want version advice
	want=$(awk '$1 == "go" { print $2 }' go.mod)
	advice="Get Go $want or later from https://go.dev/dl, unpack it and put its bin folder into PATH; on a cluster try: module load go"
	command -v go >/dev/null || die "the go command is not in PATH. $advice"
	version=$(go env GOVERSION 2>build/go.log) ||
		die "go does not accept this module: $(head -n1 build/go.log). $advice"
	version=${version#go}
	if [ "$(printf '%s\n' "$want" "${version%%[-a-z ]*}" | sort -V | head -n1)" != "$want" ]; then
		die "go is $version, and $want is needed. $advice"
	fi
}

# look NAME... sets MISSING to the pieces that are not there.
look() {
	MISSING=()
	local name
	for name in "$@"; do
		have "$name" || MISSING+=("$name")
	done
}

# may_install sets ROOT to what begins a command that may install packages; it fails where none may.
may_install() {
	[ -z "${GOFIVE_NO_INSTALL:-}" ] && command -v apt-get >/dev/null || return 1
	if [ "$(id -u)" = 0 ]; then
		ROOT=(env)
	elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
		ROOT=(sudo -n env)
	else
		return 1
	fi
	ROOT+=(DEBIAN_FRONTEND=noninteractive)
}

# debian_packages sets PACKAGES to the packages of all missing pieces.
debian_packages() {
	PACKAGES=()
	local name fields
	for name in "${MISSING[@]}"; do
		IFS='|' read -r -a fields <<<"$(piece "$name")"
		read -r -a fields <<<"${fields[1]}"
		PACKAGES+=("${fields[@]}")
	done
}

install_missing() {
	debian_packages
	say "set-up: installing ${PACKAGES[*]}"
	retry 4 "apt-get" install_packages || die "apt-get failed; its words are in build/setup.log"
}

# install_packages is one round. The installation alone decides: apt-get update succeeds without the lists that did
# not come, and fails for a foreign source that nobody needs here. A round that failed finishes what an apt that was
# killed has left half done; the next one asks for the lists anew, since the mirror may have changed in between.
install_packages() {
	run_apt update || true
	run_apt install -y --no-install-recommends "${PACKAGES[@]}" && return
	"${ROOT[@]}" dpkg --configure -a >>build/setup.log 2>&1 </dev/null || true
	return 1
}

# run_apt shows one line a package; the whole of apt's words goes to build/setup.log. Another apt may
# be at work, as on a machine that has just been started: the lock of dpkg is waited for.
run_apt() {
	"${ROOT[@]}" apt-get -q -o DPkg::Lock::Timeout=600 "$@" 2>&1 </dev/null | tee -a build/setup.log |
		awk '/^(Setting up|E:|Err:)/ || /^Waiting/ && !waits++ { print "  " $0; fflush() }'
}

# fetch_modules has what go.mod names in Go's cache. Without a network it is enough that what the target
# builds is there. Files that are not what go.sum says end the set-up: they will not be others later.
fetch_modules() {
	local packages=(./kernel/cmd/... ./h5/cmd/...)
	if [ "$1" = test ]; then packages=(-test ./...); fi
	go mod download >build/go.log 2>&1 && return
	if grep -Eq 'SECURITY ERROR|checksum mismatch|missing go.sum entry' build/go.log; then
		die "the Go modules are not those of go.sum:"$'\n'"$(cat build/go.log)"
	fi
	GOPROXY=off go list -deps "${packages[@]}" >/dev/null 2>&1
}

missing_message() {
	local name fields ways=(Debian conda spack module) commands=('apt install' 'conda install -c conda-forge' 'spack install' 'module load') i
	printf '%s\n\n' "these pieces are missing, and this account may not install them here:"
	for name in "${MISSING[@]}"; do
		IFS='|' read -r -a fields <<<"$(piece "$name")"
		printf '  %s\n' "${fields[0]}"
		for i in 1 2 3 4; do
			[ "${fields[i]}" = - ] || printf '      %-7s %s %s\n' "${ways[i - 1]}" "${commands[i - 1]}" "${fields[i]}"
		done
		if [ "$name" = hdf5 ] && [ -n "${HDF5_TRIED:-}" ]; then
			printf '    looked at:\n%s' "$HDF5_TRIED"
		fi
	done
	debian_packages
	printf '\n%s\n%s' "Take one way for each, then run make again. On Debian, all at once:" "  apt install ${PACKAGES[*]}"
}

# get_missing installs the pieces of MISSING, or ends the set-up with what is missing still.
get_missing() {
	if [ -n "${HDF5_DIR:-}" ] && [[ " ${MISSING[*]} " = *' hdf5 '* ]] && have_compiler; then
		die "HDF5_DIR does not lead to a serial HDF5:"$'\n'"$HDF5_TRIED    Set it to the folder that holds include/hdf5.h and lib/libhdf5.so, or unset it."
	fi
	if may_install; then
		install_missing
		look "${PIECES[@]}"
	fi
	[ ${#MISSING[@]} = 0 ] || die "$(missing_message)"
}

case ${1:-} in
build) PIECES=("${BUILD[@]}") ;;
build-mpi) PIECES=("${BUILD_MPI[@]}") ;;
demo) PIECES=("${DEMO[@]}") ;;
test) PIECES=("${TEST[@]}") ;;
test-browser) PIECES=("${BROWSER[@]}") ;;
extension) PIECES=(node) ;;
bench) PIECES=("${BENCH[@]}") ;;
*) die "setup.sh build|build-mpi|demo|test|test-browser|extension|bench" ;;
esac

have_go
look "${PIECES[@]}"
if [ ${#MISSING[@]} -gt 0 ]; then get_missing; fi
[ "$1" = extension ] && exit
# The go command asks for a module only once.
retry 5 "getting the Go modules" fetch_modules "$1" ||
	die "the Go modules cannot be had; the last words of go mod download:"$'\n'"$(tail -n 3 build/go.log)"
