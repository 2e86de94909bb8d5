"""Follows the references that TestReferencesOfH5py stored, and stores others.

usage: references.py FILE
"""

import sys

import h5py
import numpy as np

with h5py.File(sys.argv[1], "r+") as f:
    grid = f["group/grid"]
    x = grid[()]
    # h5py gives the elements of a region in the order of the file, regular ones in their shape.
    want = [x[1:3, ::2], x[[0, 3, 4]].ravel(), np.array([54, 0]), np.array([1, 23, 24, 33, 34])]
    for i, ref in enumerate(f["ours"][()]):
        assert f[ref].name == "/group/grid", f[ref].name
        got = grid[ref]
        assert np.array_equal(np.ravel(got), np.ravel(want[i])), (i, got, want[i])
    objects = f.attrs["ours"]
    assert f[objects[0]].name == "/group" and not objects[1], objects

    mask = np.zeros(x.shape, bool)
    mask[0, 2] = mask[4, 3] = True
    theirs = [grid.regionref[1:3, ::2], grid.regionref[[0, 3, 4]], grid.regionref[mask]]
    d = f.create_dataset("theirs", (len(theirs),), h5py.regionref_dtype)
    for i, ref in enumerate(theirs):
        d[i] = ref
    f.attrs.create("theirs", np.array([f["group"].ref, h5py.Reference()], h5py.ref_dtype), dtype=h5py.ref_dtype)
