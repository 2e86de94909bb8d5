"""Measure what it takes to look at large data, in the cells of gofive and in those of ipykernel with h5py, pandas and
matplotlib in one run, and print the ratios. Run by make bench-looking.

usage: looking.py FOLDER [WORK ...]

FOLDER holds the compiled program hdf5 and takes the data files, one at a time and 2 GB at most. All are warm in the
page cache. Each work opens its file, and ends when the message with what the notebook shows is there: a tree, a table,
a PNG, a number. WORKs are names below; without one all are done. What a plain pass over a file's bytes takes stands beside
the works that look at all of them: it is the limit of the disk's cache and of the memory.
"""

import io
import json
import os
import statistics
import subprocess
import sys
import time

import h5py
import matplotlib
import numpy as np
import pandas as pd
from kernels import Kernel

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from IPython.display import Image

LIMIT = 1_000_000_000  # bytes of memory that the work "mean" is given; its dataset has twice as many
ROW = np.dtype([("ID", "<i8"), ("RA", "<f8"), ("DEC", "<f8"), ("FLUX", "<f4"), ("CLASS", "<i4")])


# ---- data


def fill_objects(f):
    space, created = h5py.h5s.create_simple((16,)), h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    for i in range(100):
        g = f.create_group(f"plate{i:03}")
        g.attrs["mjd"] = 55000 + i
        for j in range(999):
            h5py.h5d.create(g.id, b"fiber%03d" % j, h5py.h5t.IEEE_F32LE, space, created)


def fill_table(f):
    """Rows at both ends; the others are holes of the file, which read as zeros."""
    rows = np.zeros(1000, ROW)
    rows["ID"], rows["FLUX"] = np.arange(1000), np.linspace(0, 1, 1000)
    d = f.create_dataset("rows", (100_000_000,), ROW)
    d[:1000] = rows
    d[-1000:] = rows


def fill_line(f):
    d = f.create_dataset("y", (100_000_000,), "f4")
    rng, n = np.random.default_rng(1), 10_000_000
    for lo in range(0, len(d), n):
        d[lo : lo + n] = np.sin(np.arange(lo, lo + n) / 1e7) + rng.random(n, "f4")
    d[31_415_926] = 9


def fill_pairs(f):
    rng = np.random.default_rng(2)
    for name in "xy":
        f[name] = rng.standard_normal(10_000_000, "f4")


def fill_groups(f):
    rng, rows = np.random.default_rng(3), np.empty(10_000_000, [("PLATE", "<i4"), ("FLUX", "<f8")])
    rows["PLATE"], rows["FLUX"] = rng.integers(0, 1000, len(rows)), rng.random(len(rows))
    f["rows"] = rows


def fill_mean(f):
    d = f.create_dataset("x", (2 * LIMIT // 4,), "f4")
    part = np.random.default_rng(4).random(10_000_000, "f4")
    for lo in range(0, len(d), len(part)):
        d[lo : lo + len(part)] = part


def fill_images(f, **how):
    rng, n = np.random.default_rng(5), 60_000
    x = f.create_dataset("x", (n, 784), "f4", **how)
    for lo in range(0, n, 10_000):
        x[lo : lo + 10_000] = rng.integers(0, 32, (10_000, 784)) / 32
    f["label"] = rng.integers(0, 10, n)


def fill_packed(f):
    fill_images(f, chunks=(100, 784), compression="gzip")


# ---- works of Python: what they give is shown


def python_objects(path):
    """There is no way to see what is in a file but to walk through it."""
    lines = []

    def visit(name, o):
        lines.append(f"{name} {o.shape} {o.dtype}" if isinstance(o, h5py.Dataset) else name)

    with h5py.File(path, "r") as f:
        f.visititems(visit)
    print("\n".join(lines))


def python_table(path):
    with h5py.File(path, "r") as f:
        d = f["rows"]
        return pd.DataFrame(np.concatenate([d[:10], d[-10:]]))


def png(figure):
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=200)
    plt.close(figure)
    return Image(data=out.getvalue())


def python_line(path):
    """A stretch for each dot, its least and greatest: matplotlib itself would take all points in memory."""
    stretches, lo, hi = 8000, [], []
    with h5py.File(path, "r") as f:
        d = f["y"]
        step = len(d) // stretches
        for at in range(0, len(d), 800 * step):
            part = d[at : at + 800 * step].reshape(-1, step)
            lo.append(part.min(axis=1))
            hi.append(part.max(axis=1))
    figure, axes = plt.subplots(figsize=(8, 4.5))
    axes.plot(np.arange(2 * stretches) * (step / 2), np.column_stack([np.concatenate(lo), np.concatenate(hi)]).ravel(), lw=0.8)
    return png(figure)


def python_pairs(path):
    with h5py.File(path, "r") as f:
        counts, _, _ = np.histogram2d(f["x"][()], f["y"][()], bins=200, range=[[-4, 4], [-4, 4]])
    figure, axes = plt.subplots(figsize=(8, 4.5))
    figure.colorbar(axes.imshow(counts.T, origin="lower"))
    return png(figure)


def python_groups(path):
    with h5py.File(path, "r") as f:
        return pd.DataFrame(f["rows"][()]).groupby("PLATE").mean()


def python_mean(path):
    """In pieces, as one has to; of all the memory there is."""
    total = 0.0
    with h5py.File(path, "r") as f:
        d = f["x"]
        for lo in range(0, len(d), 4_000_000):
            total += d[lo : lo + 4_000_000].sum(dtype="f8")
        return total / len(d)


def python_batches(path, batches):
    seen = 0
    with h5py.File(path, "r") as f:
        x, label = f["x"], f["label"]
        order = np.random.default_rng(7).permutation(len(x))
        for at in range(0, min(len(x), 256 * batches), 256):
            rows = order[at : at + 256]
            back = np.argsort(rows)
            places = rows[back]
            undo = np.argsort(back)
            seen += len(x[places][undo]) + 0 * len(label[places][undo])
    return seen


# ---- works of cells

OPEN = 'f := h5.Open("{path}")\n'
BATCHES = """b := h5.Batches(h5.Batch{{Size: 256, Shuffle: true, Seed: 7}}, f.Dataset("x"), f.Dataset("label"))
seen := 0
for b.Next() {{
	seen += b.Arrays()[0].Shape()[0]
}}
seen"""

LIST = """count := 0
f.Walk(func(e h5.Entry) error {{
	fmt.Println(e)
	count++
	return nil
}})
count"""

# name -> title, data, repetitions, Python's work, the cell, whether a plain pass over the bytes is the limit
WORKS = {
    "objects": ("show a file of 100,000 objects", fill_objects, 2, "python_objects(path)", OPEN + "f", False),
    "walk": ("print all of them", fill_objects, 1, "python_objects(path)", OPEN + LIST, False),
    "table": ("show a table of 100,000,000 rows", fill_table, 5, "python_table(path)", OPEN + 'f.Dataset("rows")', False),
    "line": ("a line of 100,000,000 points", fill_line, 3, "python_line(path)", OPEN + 'plots.Line(f.Dataset("y"))', True),
    "pairs": ("a 2-D histogram of 10,000,000 points", fill_pairs, 3, "python_pairs(path)",
              OPEN + 'plots.Histogram2D(f.Dataset("x"), f.Dataset("y"), 200)', True),
    "groups": ("group 10,000,000 rows", fill_groups, 3, "python_groups(path)",
               OPEN + 'f.Dataset("rows").Table().GroupBy("PLATE").Mean()', True),
    "mean": ("mean of twice the memory given", fill_mean, 3, "python_mean(path)", OPEN + 'f.Dataset("x").Mean()', True),
    "batches": ("60,000 rows of 784 in shuffled batches", fill_images, 3, "python_batches(path, 235)", OPEN + BATCHES, True),
    "packed": ("the same, gzip; Python: 10 of 235 batches", fill_packed, 1, "python_batches(path, 10)", OPEN + BATCHES, True),
}

SHARE = {"packed": 10 / 235}  # of the work that Python does


def plain(folder, path):
    """Seconds of a pass over a file's bytes by all processors that does nothing with them: what the disk's cache,
    or the memory, gives."""
    out = subprocess.run([f"{folder}/hdf5", "plain", path, "3"], check=True, capture_output=True, text=True).stdout
    return min(float(s) for s in out.split())


def measure(folder, ours, python, work):
    title, fill, n, call, cell, bounded = WORKS[work]
    path = os.path.abspath(f"{folder}/{work}.h5")
    with h5py.File(path, "w") as f:
        fill(f)
    try:
        limit = plain(folder, path) if bounded else None
        python.main.execute(f"path = {path!r}")
        found = {"gofive": [], "Python": []}
        for _ in range(n + 1):
            for who, kernel, code in ("gofive", ours, cell.format(path=path)), ("Python", python, call):
                seconds, published = kernel.main.execute(code)
                found[who].append(seconds / (SHARE.get(work, 1) if who == "Python" else 1))
                if not any(m["msg_type"] in ("execute_result", "display_data", "stream") for m, _ in published):
                    raise RuntimeError(f"{work}: {who} shows nothing")
            ours.main.execute("f.Close()")
        return {who: times[1:] for who, times in found.items()}, limit
    finally:
        os.remove(path)


def table(found):
    """Median milliseconds; how many times as long Python takes; what share of the time a plain pass over the
    bytes takes."""
    yield f"{'':42}{'gofive ms':>11}{'Python ms':>11}{'Python takes':>14}{'plain pass ms':>15}{'its share':>11}"
    for work, (of, limit) in found.items():
        ours, python = statistics.median(of["gofive"]), statistics.median(of["Python"])
        bound = f"{1e3 * limit:>15.1f}{limit / ours:>11.0%}" if limit else ""
        yield f"{WORKS[work][0]:42}{1e3 * ours:>11.1f}{1e3 * python:>11.1f}{python / ours:>11.1f} x  {bound}"


def main(folder, *chosen):
    print(f"bench-looking: h5py {h5py.version.version}, pandas {pd.__version__}, matplotlib {matplotlib.__version__}, {os.cpu_count()} processors")
    found = {}
    os.environ["GOFIVE_MEMORY"] = str(LIMIT)
    small = Kernel("gofive")
    del os.environ["GOFIVE_MEMORY"]
    kernel, python = Kernel("gofive"), Kernel("python3")
    try:
        for k in kernel, small, python:
            k.ready()
        python.main.execute(f"import sys\nsys.path.insert(0, {os.path.dirname(os.path.abspath(__file__))!r})\nfrom looking import *")
        for work in chosen or WORKS:
            found[work] = measure(folder, small if work == "mean" else kernel, python, work)
            print(f"  {WORKS[work][0]}", flush=True)
    finally:
        for k in kernel, small, python:
            k.stop()
    print("\n".join(table(found)))
    with open(f"{folder}/looking.json", "w") as out:
        json.dump(found, out, indent=1)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(*sys.argv[1:])
