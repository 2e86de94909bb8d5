#!/usr/bin/env bash
# notebook.sh: a Jupyter server on loopback with the kernel in a prefix of its own. It serves copies
# of the notebooks, so that running them changes nothing in the repository; copies that are there
# already are kept, with all that was typed into them.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

find_python jupyter_client notebook || die "no Python with notebook: run make notebook"
jupyter_env
mkdir -p build/notebooks
cp -n notebooks/*.ipynb build/notebooks/
[ -e build/notebooks/sample.h5 ] || bin/gofive sample boss build/notebooks/sample.h5
bin/gofive install --prefix build/prefix >build/install.log
options=(--no-browser --ip=127.0.0.1 --notebook-dir=build/notebooks)
if [ "$(id -u)" = 0 ]; then options+=(--allow-root); fi
say "notebook: the server's first lines hold the URL; stop it with Ctrl-C"
exec "$PYTHON" -m notebook "${options[@]}"
