#!/usr/bin/env bash
# extension.sh build|check: the notebook extension from its source, with npm.
#
# build writes display/labextension/built, which is committed: who builds gofive needs no npm. check
# builds the same and fails when the committed files differ.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

have_npm || die "the extension is built with npm and node 18 or later, which are not here: apt install nodejs npm"
npm_modules || die "npm cannot get the packages of display/labextension; its words are in build/npm.log"

EXTENSION=display/labextension
case ${1:-} in
build) COMMITTED= ;;
check)
	COMMITTED=build/extension
	rm -rf "$COMMITTED"
	cp -r "$EXTENSION/built" "$COMMITTED"
	;;
*) die "extension.sh build|check" ;;
esac

rm -rf "$EXTENSION/lib"
(cd "$EXTENSION" && npm run build) >build/npm.log 2>&1 || die "the extension does not build:"$'\n'"$(tail -n 20 build/npm.log)"
[ -z "$COMMITTED" ] && exit
if ! diff -r "$COMMITTED" "$EXTENSION/built" >build/extension.diff; then
	die "$EXTENSION/built is not what its source gives: run make extension and commit it"$'\n'"$(cut -c1-200 build/extension.diff | head -n 20)"
fi
