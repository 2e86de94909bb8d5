#!/usr/bin/env bash
# lab.sh: JupyterLab 4 and Notebook 7 for the browser tests, unpacked from packages of Debian sid into
# build/lab/root. Nothing is installed and no account but this one is needed: apt-get works on lists of
# its own, and the packages are only unpacked. 61 MB come over the network, once; GOFIVE_LAB=/path is a
# folder where that has been done already.
#
# lab-packages.txt names each package with the version that the tests were last seen to pass with:
# JupyterLab 4.4.10 and Notebook 7.4.7. sid moves, so they are looked for
#   1. in the mirror that apt knows,
#   2. in snapshot.debian.org as it was at TESTED,
#   3. in the mirror again, in whatever version it has now. That is said, and may fail; the next run asks again.
# After a run that passed with 3, write the new versions into lab-packages.txt and a new date here.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

TESTED=20261030T120000Z
DIR=${GOFIVE_LAB:-build/lab}

# Debian builds Notebook 7 with fast-foundation 2.50.0, where JupyterLab has 2.49.4. A design token there that loses
# its parent is computed again, which makes those it is computed from lose theirs: the page calls itself without
# end and hangs, nearly always when it gets the dark theme (microsoft/fast issue 7057). 2.49 has no such loop.
mend() {
	local static="$DIR/root/usr/lib/python3/dist-packages/notebook/static" file
	for file in $(grep -l 'for (const \[token\] of this\.store\.all()) {' "$static"/*.js || true); do
		sed -i '/for (const \[token\] of this\.store\.all()) {$/,/^        }$/d' "$file"
	done
}

if [ -e "$DIR/root/usr/lib64" ] && [ ! -e "$DIR/root/untested" ]; then
	mend
	exit
fi
for program in apt-get dpkg-deb; do
	command -v "$program" >/dev/null || die "JupyterLab and Notebook 7 are unpacked with $program, which is not here"
done

mkdir -p "$DIR"/debs "$DIR"/apt/etc/apt/{apt.conf.d,preferences.d,trusted.gpg.d} \
	"$DIR"/apt/var/lib/{apt/lists/partial,dpkg} "$DIR"/apt/var/cache/apt/archives/partial
DIR=$(cd "$DIR" && pwd)
touch "$DIR/apt/var/lib/dpkg/status"
mirror=$(debian_mirror)
options=(-qq -o "Dir=$DIR/apt" -o "Dir::State::status=$DIR/apt/var/lib/dpkg/status"
	-o Dir::Etc::sourceparts=/dev/null -o "APT::Sandbox::User=$(id -un)" -o Acquire::http::Timeout=20)

keys=signed-by=/usr/share/keyrings/debian-archive-keyring.gpg
today="deb [$keys] $mirror sid main"
# Lists of the past have expired, which is no harm where each version is named.
tested="deb [$keys check-valid-until=no] http://snapshot.debian.org/archive/debian/$TESTED sid main"

# download SOURCE PACKAGE... has exactly these packages in debs, or fails; apt's words are in apt.log.
download() {
	echo "$1" >"$DIR/apt/etc/apt/sources.list"
	shift
	rm -f "$DIR"/debs/*.deb
	apt-get "${options[@]}" update >"$DIR/apt.log" 2>&1 &&
		(cd "$DIR/debs" && apt-get "${options[@]}" download "$@") >>"$DIR/apt.log" 2>&1
}

# fetch gets the packages from the first place of the three that has them. What came from the third is marked, and
# an earlier run's of that kind is not replaced by another.
fetch() {
	local packages
	mapfile -t packages <install/make/lab-packages.txt
	download "$today" "${packages[@]}" && return
	say "set-up: the versions of lab-packages.txt do not come from $mirror; asking snapshot.debian.org"
	retry 3 snapshot.debian.org download "$tested" "${packages[@]}" && return
	if [ -e "$DIR/root/untested" ]; then
		say "*** NOT AS TESTED: the versions of an earlier run, which sid had then"
		mend
		exit
	fi
	retry 3 "$mirror" download "$today" "${packages[@]%%=*}" ||
		die "sid no longer has the packages of install/make/lab-packages.txt, and snapshot.debian.org does not answer:"$'\n'"$(tail -n 5 "$DIR/apt.log")"
	say "*** NOT AS TESTED: sid's versions of today. Those that differ from lab-packages.txt:"
	strangers
	touch "$DIR/unpacking/untested"
}

# strangers prints which packages have come in another version than lab-packages.txt names.
strangers() {
	local deb
	for deb in "$DIR"/debs/*.deb; do
		dpkg-deb --show --showformat '${Package}=${Version}\n' "$deb"
	done | grep -vxFf install/make/lab-packages.txt || true
}

say "set-up: unpacking JupyterLab and Notebook 7 into ${GOFIVE_LAB:-build/lab}"
rm -rf "$DIR/unpacking"
mkdir "$DIR/unpacking"
fetch
for deb in "$DIR"/debs/*.deb; do
	dpkg-deb -x "$deb" "$DIR/unpacking"
done
for name in bin sbin lib lib64; do
	[ -e "$DIR/unpacking/$name" ] || ln -s "usr/$name" "$DIR/unpacking/$name"
done
rm -rf "$DIR/root"
mv "$DIR/unpacking" "$DIR/root"
mend
