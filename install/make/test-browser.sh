#!/usr/bin/env bash
# test-browser.sh: the notebook extension in a headless Chromium, against real servers: Notebook 6,
# JupyterLab 4 and Notebook 7. Pictures and measured times go to build/browser.
#
# Where the browser, npm's registry or a front end cannot be had, it says what is left out and why;
# with GOFIVE_REQUIRE_BROWSER=1 that is a failure, and with CI=true, which continuous integration sets: nobody
# reads there what was left out.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

left_out() {
	if [ -n "${GOFIVE_REQUIRE_BROWSER:-}" ] || [ "${CI:-}" = true ]; then die "$*"; fi
	printf '\n*** LEFT OUT: %s\n\n' "$*"
}

if ! have_npm || ! npm_modules; then
	left_out "tests of the notebook extension: npm or its registry is not at hand; see build/npm.log"
	exit
fi
install/make/extension.sh check
(cd display/labextension && npm test) >build/npm.log 2>&1 || die "tests of the extension's core failed:"$'\n'"$(tail -n 60 build/npm.log)"

if ! have_browser; then
	left_out "the extension in a browser: there is no Chromium"
	exit
fi
install/make/lab.sh || left_out "the extension in JupyterLab and Notebook 7: they could not be unpacked"
find_python notebook jupyter_client && export GOFIVE_PYTHON=$PYTHON || left_out "the extension in Notebook 6: there is no Python with notebook"
bin/gofive install --prefix build/prefix >build/install.log
mkdir -p build/browser
node --test display/labextension/browser/*.test.mjs
