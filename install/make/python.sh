# python.sh: which Python. Sourced by lib.sh.
#
# The first python3 in PATH may be one of pyenv or conda that knows nothing of Jupyter and hides the
# distribution's; and PYTHONPATH, left by a module of another version, may break any of them. So a
# Python counts when it can import what is needed, and not before.

# can_import PYTHON MODULE... reports whether PYTHON imports all the modules.
can_import() {
	local python=$1
	shift
	"$python" -c 'import importlib, sys; [importlib.import_module(m) for m in sys.argv[1:]]' "$@" >/dev/null 2>&1
}

# find_python MODULE... sets and exports PYTHON; it fails when no Python has all the modules.
# GOFIVE_PYTHON, when set, is the only one tried.
find_python() {
	local candidates=("$(command -v python3 || true)" /usr/bin/python3)
	if [ -n "${GOFIVE_PYTHON:-}" ]; then candidates=("$GOFIVE_PYTHON"); fi
	local python
	for python in "${candidates[@]}"; do
		if [ -x "$python" ] && can_import "$python" "$@"; then
			export PYTHON=$python
			return 0
		fi
	done
	# Once more without what the environment adds to every Python.
	for python in "${candidates[@]}"; do
		if [ -x "$python" ] && (unset PYTHONPATH PYTHONHOME; PYTHONNOUSERSITE=1 can_import "$python" "$@"); then
			unset PYTHONPATH PYTHONHOME
			export PYTHON=$python PYTHONNOUSERSITE=1
			return 0
		fi
	done
	return 1
}
