"""Measure what it takes to look at large data, from the cells of a kernel and with h5py, pandas and matplotlib
in one run, and print the ratios. Run by make bench-looking.

usage: looking.py FOLDER [WORK ...]

FOLDER holds the compiled program bench and takes the data files, 3 GB, which are removed at the end. All are
warm in the page cache. Each work opens its file, and ends with what a notebook shows: the kernel's with
the message that carries it, Python's with the HTML, the text or the PNG in memory. WORKs are names below; without
one all are done.
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


# ---- works of Python: what is shown, as text or bytes


def python_objects(path):
    lines = []

    def visit(name, o):
        lines.append(f"{name} {o.shape} {o.dtype}" if isinstance(o, h5py.Dataset) else name)

    with h5py.File(path, "r") as f:
        f.visititems(visit)
    return "\n".join(lines)


def python_table(path):
    with h5py.File(path, "r") as f:
        d = f["rows"]
        return pd.DataFrame(np.concatenate([d[:10], d[-10:]]))._repr_html_()


def png(figure):
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=200)
    plt.close(figure)
    return out.getvalue()


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
        return pd.DataFrame(f["rows"][()]).groupby("PLATE").mean()._repr_html_()


def python_mean(path):
    """In pieces, as one has to; in this process it may have all memory."""
    total = 0.0
    with h5py.File(path, "r") as f:
        d = f["x"]
        for lo in range(0, len(d), 4_000_000):
            total += d[lo : lo + 4_000_000].sum(dtype="f8")
        return str(total / len(d))


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
    return str(seen)


# ---- works of cells

OPEN = 'f := h5.Open("{path}")\n'
BATCHES = """b := h5.Batches(h5.Batch{{Size: 256, Shuffle: true, Seed: 7}}, f.Dataset("x"), f.Dataset("label"))
seen := 0
for b.Next() {{
	seen += b.Arrays()[0].Shape()[0]
}}
seen"""

# name -> title, data, repetitions, Python's work, the cell, the shown form, bytes that have to be read (0: few)
WORKS = {
    "objects": ("show a file of 100,000 objects", fill_objects, 3, python_objects, OPEN + "f", "text/html"),
    "table": ("show a table of 100,000,000 rows", fill_table, 5, python_table, OPEN + 'f.Dataset("rows")', "text/html"),
    "line": ("a line of 100,000,000 points", fill_line, 3, python_line, OPEN + 'plots.Line(f.Dataset("y"))', "image/png"),
    "pairs": ("a 2-D histogram of 10,000,000 points", fill_pairs, 3, python_pairs,
              OPEN + 'counts, _, _ := f.Dataset("x").Histogram2D(f.Dataset("y"), 200, 200, h5.Between(-4, 4), h5.Between(-4, 4))\nplots.Image(counts)', "image/png"),
    "groups": ("group 10,000,000 rows", fill_groups, 3, python_groups, OPEN + 'f.Dataset("rows").Table().GroupBy("PLATE").Mean()', "text/html"),
    "mean": ("mean of twice the memory given", fill_mean, 3, python_mean, OPEN + 'f.Dataset("x").Mean()', "text/plain"),
    "batches": ("60,000 rows of 784 in shuffled batches", fill_images, 2, lambda path: python_batches(path, 1000), OPEN + BATCHES, "text/plain"),
    "packed": ("the same, gzip", fill_packed, 1, lambda path: python_batches(path, 10), OPEN + BATCHES, "text/plain"),
}


def shown(published):
    """The MIME bundle that a cell ended with."""
    for message, _ in published:
        if message["msg_type"] in ("execute_result", "display_data"):
            return message["content"]["data"]
    raise RuntimeError("the cell showed nothing")


def plain(folder, path):
    """Seconds of a pass over a file's bytes by all processors that does nothing with them: what the disk's cache,
    or the memory, gives."""
    out = subprocess.run([f"{folder}/bench", "plain", path, "3"], check=True, capture_output=True, text=True).stdout
    return min(float(s) for s in out.split())


def measure(folder, kernel, work):
    title, fill, n, python, cell, form = WORKS[work]
    path = os.path.abspath(f"{folder}/{work}.h5")
    with h5py.File(path, "w") as f:
        fill(f)
    try:
        limit = plain(folder, path)
        found = {"gofive": [], "Python": []}
        for _ in range(n + 1):
            seconds, published = kernel.main.execute(cell.format(path=path) + "\n")
            found["gofive"].append(seconds)
            bundle = shown(published)
            if form not in bundle:
                raise RuntimeError(f"{work}: shows {list(bundle)}")
            kernel.main.execute("f.Close()")
            start = time.perf_counter()
            python(path)
            found["Python"].append(time.perf_counter() - start)
        if work == "packed":  # Python did 10 batches of 235
            found["Python"] = [s * 23.5 for s in found["Python"]]
        return {who: times[1:] for who, times in found.items()}, limit
    finally:
        os.remove(path)


def table(found):
    """Median milliseconds; how many times as long Python takes; what share of the time a plain pass over the
    bytes takes."""
    yield f"{'':42}{'gofive ms':>11}{'Python ms':>11}{'Python takes':>14}{'plain pass ms':>15}{'its share':>11}"
    for work, (of, limit) in found.items():
        ours, python = statistics.median(of["gofive"]), statistics.median(of["Python"])
        bound = f"{1e3 * limit:>15.1f}{limit / ours:>11.0%}" if work not in ("objects", "table") else ""
        yield f"{WORKS[work][0]:42}{1e3 * ours:>11.1f}{1e3 * python:>11.1f}{python / ours:>11.1f} x  {bound}"


def main(folder, *chosen):
    print(f"bench-looking: h5py {h5py.version.version}, pandas {pd.__version__}, matplotlib {matplotlib.__version__}, {os.cpu_count()} processors")
    found = {}
    os.environ["GOFIVE_MEMORY"] = str(LIMIT)
    small = Kernel("gofive")
    del os.environ["GOFIVE_MEMORY"]
    kernel = Kernel("gofive")
    try:
        small.ready()
        kernel.ready()
        for work in chosen or WORKS:
            found[work] = measure(folder, small if work == "mean" else kernel, work)
            print(f"  {WORKS[work][0]}", flush=True)
    finally:
        kernel.stop()
        small.stop()
    print("\n".join(table(found)))
    with open(f"{folder}/looking.json", "w") as out:
        json.dump(found, out, indent=1)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(*sys.argv[1:])
