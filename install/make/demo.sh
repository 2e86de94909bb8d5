#!/usr/bin/env bash
# demo.sh: the main job, end to end: a sample file, the kernelspec in a prefix of its own, and the
# quickstart executed by a real Jupyter client. It leaves the executed notebook and an HTML page.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

find_python jupyter_client nbclient nbconvert || die "no Python with nbclient and nbconvert: run make demo"
jupyter_env
mkdir -p build/demo
say "demo: build/demo/sample.h5"
bin/gofive sample boss build/demo/sample.h5
bin/gofive install --prefix build/prefix >build/install.log
cp notebooks/quickstart.ipynb build/demo/input.ipynb
say "demo: notebooks/quickstart.ipynb, cell by cell"
"$PYTHON" notebooks/execute.py build/demo/input.ipynb build/demo/quickstart.ipynb build/demo/quickstart.html
rm build/demo/input.ipynb
say
say "executed notebook  $PWD/build/demo/quickstart.ipynb"
say "page to look at    $PWD/build/demo/quickstart.html"
