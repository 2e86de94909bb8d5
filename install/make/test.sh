#!/usr/bin/env bash
# test.sh: every test. The set-up has run, so a service that is missing now fails its tests.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

find_hdf5 || die "no serial HDF5 to build with; looked at:"$'\n'"$HDF5_TRIED"
find_python jupyter_client nbclient nbconvert notebook jupyter_kernel_test h5py || die "no Python with all that the tests import: run make test"
export GOFIVE_PYTHON=$PYTHON GOFIVE_REQUIRE_ALL=1

unformatted=$(find . \( -name '.?*' -o -name node_modules -o -path ./build \) -prune -o -name '*.go' -exec gofmt -l {} +)
[ -z "$unformatted" ] || die "not formatted by gofmt:"$'\n'"$unformatted"
go vet ./...
if may_have_slurm && have_slurm; then
	export GOFIVE_SLURM=1
else
	say "tests of real Slurm jobs are left out: they need root and network namespaces"
fi
# Each part runs whatever became of those before: a run is long, and is to say all that is wrong.
failed=()
part() { "$@" || failed+=("$*"); }
# Not from the cache: what tests start in other processes it knows nothing of.
part go test -count=1 -timeout 40m ./...
part install/make/flavours.sh
part install/make/ranks.sh
part install/make/test-browser.sh
[ ${#failed[@]} = 0 ] || die "failed:$(printf '\n    %s' "${failed[@]}")"
