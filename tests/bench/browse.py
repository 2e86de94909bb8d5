"""Measure h5py doing in one go what a page asks of a file by and by, beside what bench browse has measured, and print
the ratios. Run by make bench-looking.

usage: browse.py FOLDER FILE REPETITIONS

FOLDER holds the compiled program hdf5. FILE is made by it when it is missing: a line of very many points, and a group of
very many members. h5py has the file open before, keeps nothing from one time to the next, and reduces what it reads by numpy.
"""

import json
import random
import statistics
import subprocess
import sys
import time

import h5py
import numpy as np

STRETCHES = 1000  # of which the least and greatest are drawn
PIECE = 1 << 20  # points that are in memory at once


def decimate(d, lo, hi):
    """The least and greatest of each stretch, piece by piece as one has to."""
    step = max(1, (hi - lo) // STRETCHES)
    piece = max(1, PIECE // step) * step
    least, greatest = [], []
    for at in range(lo, hi, piece):
        x = d[at : min(at + piece, hi)]
        starts = np.arange(0, len(x), step)
        least.append(np.minimum.reduceat(x, starts))
        greatest.append(np.maximum.reduceat(x, starts))
    return np.concatenate(least), np.concatenate(greatest)


def members(f):
    """What a tree tells of each member."""
    rows = []
    for name, o in f["many"].items():
        rows.append((name, o.shape, str(o.dtype), o.maxshape, o.compression, o.chunks, int(o.nbytes), o.id.get_storage_size(), len(o.attrs)))
    return json.dumps(rows)


def zoom(d):
    """A part as bench browse chooses it."""
    width = STRETCHES + (random.randrange(len(d) - STRETCHES) >> random.randrange(16))
    at = random.randrange(len(d) - width)
    return decimate(d, at, at + width)


def cut(d):
    at = random.randrange(len(d) - 100_000)
    return d[at : at + 100_000].tobytes()


def timed(n, work):
    found = []
    for _ in range(n):
        start = time.perf_counter()
        work()
        found.append(1e3 * (time.perf_counter() - start))
    return statistics.median(found)


def main(folder, path, n):
    out = subprocess.run([f"{folder}/hdf5", "browse", path, n], check=True, stdout=subprocess.PIPE, text=True).stdout
    ours = json.loads(out)
    with h5py.File(path, "r") as f:
        x = f["x"]
        n = max(1, int(n) // 20)
        theirs = {
            "first": timed(1, lambda: decimate(x, 0, len(x))),
            "again": timed(1, lambda: decimate(x, 0, len(x))),
            "zoom": timed(n, lambda: zoom(x)),
            "slice": timed(n, lambda: cut(x)),
            "members": timed(2, lambda: members(f)),
        }
    print(f"bench-looking, a page that asks: h5py {h5py.version.version}")
    print(f"{'':46}{'gofive ms':>11}{'h5py ms':>11}{'h5py takes':>14}")
    for key, title in (
        ("early", "first sight of 100,000,000 points"),
        ("first", "all of them drawn"),
        ("again", "all of them drawn again"),
        ("zoom", "a zoom"),
        ("worst", "95 of 100 zooms below"),
        ("written", "a zoom into a file that a cell writes"),
        ("slice", "100,000 points as they are"),
        ("page", "the first 200 of 10,000 members"),
        ("members", "10,000 members with their facts"),
    ):
        row = f"{title:46}{ours[key]:>11.1f}"
        if key in theirs:
            row += f"{theirs[key]:>11.1f}{theirs[key] / ours[key]:>12.1f} x"
        print(row)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
