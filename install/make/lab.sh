#!/usr/bin/env bash
# lab.sh: JupyterLab 4 and Notebook 7 for the browser tests, unpacked from packages of Debian sid into
# build/lab/root. Nothing is installed and no account but this one is needed: apt-get works on lists of
# its own, and the packages, all of them named in lab-packages.txt, are only unpacked. 61 MB come over
# the network, once; GOFIVE_LAB=/path is a folder where that has been done already.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

DIR=${GOFIVE_LAB:-build/lab}
[ -e "$DIR/root/usr/lib64" ] && exit
for program in apt-get dpkg-deb; do
	command -v "$program" >/dev/null || die "JupyterLab and Notebook 7 are unpacked with $program, which is not here"
done

mkdir -p "$DIR"/debs "$DIR"/apt/etc/apt/{apt.conf.d,preferences.d,trusted.gpg.d} \
	"$DIR"/apt/var/lib/{apt/lists/partial,dpkg} "$DIR"/apt/var/cache/apt/archives/partial
DIR=$(cd "$DIR" && pwd)
touch "$DIR/apt/var/lib/dpkg/status"
mirror=$(apt-get indextargets --format '$(REPO_URI)' | grep -v security | sort -u | head -n1)
[ -n "$mirror" ] || die "apt knows no mirror to take JupyterLab from"
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror sid main" >"$DIR/apt/etc/apt/sources.list"
options=(-qq -o "Dir=$DIR/apt" -o "Dir::State::status=$DIR/apt/var/lib/dpkg/status"
	-o Dir::Etc::sourceparts=/dev/null -o "APT::Sandbox::User=$(id -un)")

say "set-up: unpacking JupyterLab and Notebook 7 into ${GOFIVE_LAB:-build/lab}"
read -r -d '' -a packages <install/make/lab-packages.txt || true
apt-get "${options[@]}" update
(cd "$DIR/debs" && apt-get "${options[@]}" download "${packages[@]}")
rm -rf "$DIR/unpacking"
mkdir "$DIR/unpacking"
for deb in "$DIR"/debs/*.deb; do
	dpkg-deb -x "$deb" "$DIR/unpacking"
done
for name in bin sbin lib lib64; do
	[ -e "$DIR/unpacking/$name" ] || ln -s "usr/$name" "$DIR/unpacking/$name"
done
rm -rf "$DIR/root"
mv "$DIR/unpacking" "$DIR/root"
