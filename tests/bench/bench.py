"""Measure how gofive reads beside h5py and C in one run and print the ratios. Run by make bench.

usage: bench.py FOLDER

FOLDER holds the compiled readers and takes the data files, which are made when absent. All readers
do the same work on the same file, warm in the page cache, in turns.
"""

import json
import os
import statistics
import subprocess
import sys
import time

import h5py
import numpy as np


# ---- data


def make(path, fill):
    if os.path.exists(path):
        return path
    print(f"  makes {path}", flush=True)
    with h5py.File(path + ".part", "w") as f:
        fill(f)
    os.rename(path + ".part", path)
    return path


def fill_list(f):
    for i in range(1000):
        d = f.create_dataset(f"dataset{i:04}", data=np.arange(i % 7 + 1, dtype="f8"))
        d.attrs["units"] = "K"
        d.attrs["scale"] = 1.5


def fill_floats(f):
    x = f.create_dataset("x", (50_000_000,), "f8")
    for lo in range(0, len(x), 5_000_000):
        x[lo : lo + 5_000_000] = np.arange(lo, lo + 5_000_000)


def fill_rows(f):
    names = ["WAVE", "FLUX", "IVAR", "AND_MASK", "OR_MASK", "WAVEDISP", "SKY", "MODEL"]
    row = np.dtype([(n, "<i4" if n.endswith("MASK") else "<f4") for n in names])
    rows = np.zeros(2_000_000, row)
    rows["FLUX"] = np.arange(len(rows))
    f["rows"] = rows


# ---- readers


def h5py_list(path):
    with h5py.File(path, "r") as f:
        for d in f.values():
            _ = d.shape, d.dtype, d.chunks, d.compression, d.id.get_storage_size()
            _ = dict(d.attrs)


def h5py_floats_new(path):
    with h5py.File(path, "r") as f:
        return f["x"][()].nbytes


def h5py_floats_given(path, given=[]):
    with h5py.File(path, "r") as f:
        if not given:
            given.append(np.empty(f["x"].shape, "f8"))
        f["x"].read_direct(given[0])


def h5py_field(path):
    with h5py.File(path, "r") as f:
        return f["rows"]["FLUX"].nbytes


H5PY = {"list": h5py_list, "floats-new": h5py_floats_new, "floats-given": h5py_floats_given, "field": h5py_field}


def seconds_h5py(work, path, n):
    times = []
    for _ in range(n):
        start = time.perf_counter()
        H5PY[work](path)
        times.append(time.perf_counter() - start)
    return times


def seconds_of(program, work, path, n):
    out = subprocess.run([program, work, path, str(n)], check=True, capture_output=True, text=True).stdout
    return [float(s) for s in out.split()]


def read_all(folder):
    """name of the work -> reader -> seconds. Turns, so that a slow minute hits all alike."""
    works = [
        ("list 1,000 objects", "list", make(f"{folder}/list.h5", fill_list), 20),
        ("400 MB float64, new memory", "floats-new", make(f"{folder}/floats.h5", fill_floats), 3),
        ("400 MB float64, given memory", "floats-given", f"{folder}/floats.h5", 3),
        ("one field of 2,000,000 rows", "field", make(f"{folder}/rows.h5", fill_rows), 10),
    ]
    found = {}
    for title, work, path, n in works:
        readers = {
            "gofive": lambda: seconds_of(f"{folder}/reader", work, path, n),
            "h5py": lambda: seconds_h5py(work, path, n),
            "C": lambda: seconds_of(f"{folder}/reader-c", work, path, n),
        }
        seconds_of(f"{folder}/reader-c", work, path, 1)
        found[title] = {name: [] for name in readers}
        for _ in range(5):
            for name, run in readers.items():
                found[title][name] += run()[1:]  # the first of a process also loads the library
        print(f"  {title}: {len(found[title]['C'])} each", flush=True)
    return found


# ---- table


def table(found):
    """min and median in milliseconds, and gofive's median as a multiple of each peer's."""
    yield f"{'':32}{'reader':>10}{'min ms':>10}{'median ms':>11}{'gofive takes':>14}"
    for title, of in found.items():
        for name, times in of.items():
            ratio = ""
            if name != "gofive":
                ratio = f"{statistics.median(of['gofive']) / statistics.median(times):.2f} x"
            yield f"{title:32}{name:>10}{1e3 * min(times):>10.2f}{1e3 * statistics.median(times):>11.2f}{ratio:>14}"
            title = ""


def main(folder):
    print(f"bench: HDF5 {h5py.version.hdf5_version} of h5py {h5py.version.version}, {os.cpu_count()} processors")
    found = read_all(folder)
    print("\n".join(table(found)))
    with open(f"{folder}/bench.json", "w") as out:
        json.dump(found, out, indent=1)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
