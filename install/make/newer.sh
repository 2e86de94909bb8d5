#!/usr/bin/env bash
# newer.sh: unpacks the HDF5 of the next Debian with all it needs, its C library too, into build/newer/debian.
# Nothing is installed: apt-get works on lists of its own. A script of its own, so that it ends at what fails.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

dir=$PWD/build/newer
apt=$dir/apt
rm -rf "$dir"
mkdir -p "$apt"/etc/apt/{apt.conf.d,preferences.d,trusted.gpg.d} "$apt"/var/lib/{apt/lists/partial,dpkg} \
	"$apt"/var/cache/apt/archives/partial "$dir/unpacking"
touch "$apt/var/lib/dpkg/status"
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $(debian_mirror) trixie main" >"$apt/etc/apt/sources.list"
options=(-qq -o "Dir=$apt" -o "Dir::State::status=$apt/var/lib/dpkg/status" -o Dir::Etc::sourceparts=/dev/null
	-o "APT::Sandbox::User=$(id -un)")
apt-get "${options[@]}" update
apt-get "${options[@]}" install -y --download-only --no-install-recommends libhdf5-310
cd "$apt/var/cache/apt/archives"
apt-get "${options[@]}" download libhdf5-dev
for deb in *.deb; do
	dpkg -x "$deb" "$dir/unpacking"
done
mv "$dir/unpacking" "$dir/debian"
