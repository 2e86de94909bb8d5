"""Replays with numpy what TestSelectionsAsNumpy read from a file and wrote to it, and prints the
steps where numpy or h5py has something else.

usage: selections.py BEFORE AFTER STEPS
"""

import json
import sys

import h5py
import numpy as np


def places(shape, selection):
    """The elements that are selected, counted in C order, in the shape of the result."""
    kind, of = selection["kind"], selection.get("of")
    every = np.arange(np.prod(shape, dtype=int)).reshape(shape)
    if kind == "points":
        return every[tuple(np.array(of, int).reshape(-1, len(shape)).T)]
    if kind == "mask":
        return every[np.array(of, bool).reshape(shape)]
    if kind == "hyperslab":
        for i, (start, stride, count, block) in enumerate(zip(*of)):
            axis = [start + k * stride + b for k in range(count) for b in range(block)]
            every = every.take(np.array(axis, int), axis=i)
        return every
    if kind == "union":
        return np.unique(np.concatenate([places(shape, part).ravel() for part in of] + [np.array([], int)]))
    for i in reversed(range(len(of))):
        every = every[(slice(None),) * i + (item(of[i]),)]
    return every


def item(axis):
    if axis["kind"] == "slice":
        return slice(*axis["of"])
    return {"int": int, "list": lambda v: np.array(v, int), "mask": lambda v: np.array(v, bool)}[axis["kind"]](axis["of"])


def of_h5py(selection, shape):
    """The selection as h5py takes it, None where it has no such thing."""
    kind, of = selection["kind"], selection.get("of")
    if kind == "mask" and any(of):
        return np.array(of, bool).reshape(shape)
    if kind == "hyperslab":
        return tuple(h5py.MultiBlockSlice(*axis) for axis in zip(*of)) if min(of[2]) > 0 else None
    if kind == "axes" and all(axis["kind"] in ("slice", "int") for axis in of):
        return tuple(map(item, of)) if all(axis["kind"] == "int" or (axis["of"][2] or 1) > 0 for axis in of) else None
    return None


def texts(values):
    return [v.decode() if isinstance(v, bytes) else str(int(v)) for v in np.asarray(values).ravel()]


def main(before, after, steps):
    wrong = 0

    def differ(n, what, ours, theirs):
        nonlocal wrong
        wrong += 1
        print(f"step {n}: {what}\n  gofive {ours}\n  Python {theirs}")

    with h5py.File(before) as f:
        data = {name: f[name][()] for name in f}
        for n, step in enumerate(json.load(open(steps))):
            name, field = step["dataset"], step.get("field")
            x = data[name]
            at = places(x.shape, step["select"])
            if step["write"]:
                value = np.array(step["values"] or []).reshape(step["shape"])
                value = value.astype(object) if x.dtype == object else value.astype(float)
                target = x[field] if field else x
                target.flat[at.ravel()] = np.broadcast_to(value, at.shape).ravel()
                continue
            want = (x[field] if field else x).ravel()[at]
            if list(np.shape(want)) != step["shape"] or texts(want) != (step["values"] or []):
                differ(n, f"{name} {step['select']}", (step["shape"], step["values"]), (np.shape(want), texts(want)))
            same = of_h5py(step["select"], x.shape)
            if same is not None and n < step["writes_from"]:
                read = f[name][(field, *same) if field and isinstance(same, tuple) else same]
                read = read[field] if field and not isinstance(same, tuple) else read
                if texts(read) != (step["values"] or []) or list(np.shape(read)) != step["shape"]:
                    differ(n, f"h5py, {name} {step['select']}", (step["shape"], step["values"]), (np.shape(read), texts(read)))
    with h5py.File(after) as f:
        for name, x in data.items():
            for field in x.dtype.names or [None]:
                ours, want = (f[name][()][field], x[field]) if field else (f[name][()], x)
                if texts(ours) != texts(want):
                    differ("last", f"{name} after all writes", texts(ours), texts(want))
    sys.exit(wrong > 0)


main(*sys.argv[1:])
