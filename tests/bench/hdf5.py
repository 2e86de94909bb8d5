"""Measure how gofive works on HDF5 files, compiled and from the cells of a kernel, beside h5py and C in
one run, and print the ratios. Run by make bench-h5.

usage: hdf5.py FOLDER [WORK ...]

FOLDER holds the compiled programs and takes the data files, which are made when absent. All do the
same works on the same files, warm in the page cache, in turns. WORKs are names in hdf5.go; without
one all are done.
"""

import json
import os
import statistics
import subprocess
import sys
import time

import h5py
import numpy as np
from kernels import Kernel


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


def fill_links(f):
    f["target"] = 1.0
    links = f.create_group("links")
    for i in range(40_000):
        links[f"link{i:05}"] = f["target"]


def fill_gzip(f):
    x = np.arange(12_500_000, dtype="f8")
    f.create_dataset("x", data=x, chunks=(131072,), shuffle=True, compression="gzip", compression_opts=4)


def fill_attrs(f):
    for i in range(100):
        g = f.create_group(f"group{i:03}")
        for j in range(100):
            g.attrs[f"attr{j:03}"] = 1.5


def fill_rows(f):
    names = ["WAVE", "FLUX", "IVAR", "AND_MASK", "OR_MASK", "WAVEDISP", "SKY", "MODEL"]
    row = np.dtype([(n, "<i4" if n.endswith("MASK") else "<f4") for n in names])
    rows = np.zeros(2_000_000, row)
    rows["FLUX"] = np.arange(len(rows))
    f["rows"] = rows


# ---- works with h5py


def h5py_create(path, **how):
    for _ in range(1000):
        h5py.File(path, "w", **how).close()
        os.remove(path)


def h5py_datasets(path, **how):
    with h5py.File(path, "w", **how) as f:
        for i in range(1000):
            f[f"dataset{i:04}"] = given()[:10]


def h5py_list(path):
    with h5py.File(path, "r") as f:
        for d in f.values():
            _ = d.shape, d.dtype, d.chunks, d.compression, d.id.get_storage_size()
            _ = dict(d.attrs)


def h5py_names(path):
    with h5py.File(path, "r") as f:
        return list(f["links"])


def h5py_kinds(path):
    with h5py.File(path, "r") as f:
        links = f["links"]
        return [(name, links.get(name, getclass=True)) for name in links]


def h5py_attrs_write(path):
    with h5py.File(path, "w") as f:
        fill_attrs(f)


def h5py_attrs_read(path):
    with h5py.File(path, "r") as f:
        for i in range(100):
            g = f[f"group{i:03}"]
            for j in range(100):
                assert g.attrs[f"attr{j:03}"] == 1.5


def h5py_floats_new(path):
    with h5py.File(path, "r") as f:
        return f["x"][()].nbytes


def given(held=[]):
    """Memory that stays: with it, only the transfer is measured."""
    if not held:
        held.append(np.arange(50_000_000, dtype="f8"))
    return held[0]


def h5py_floats_given(path):
    with h5py.File(path, "r") as f:
        f["x"].read_direct(given())


def h5py_floats_write(path, n=50_000_000, **how):
    with h5py.File(path, "w") as f:
        f.create_dataset("x", data=given()[:n], **how)


def h5py_field(path):
    with h5py.File(path, "r") as f:
        return f["rows"]["FLUX"].nbytes


def h5py_strided(path):
    with h5py.File(path, "r") as f:
        return f["x"][::10].nbytes


def h5py_fancy(path):
    with h5py.File(path, "r") as f:
        return f["x"][[i * 50000 + i * 7919 % 50000 for i in range(1000)]].nbytes


def h5py_small(path):
    with h5py.File(path, "r") as f:
        d, part = f["x"], np.empty(100)
        for i in range(10_000):
            d.read_direct(part, np.s_[i * 4999 : i * 4999 + 100])


H5PY = {
    "create": h5py_create,
    "create-latest": lambda path: h5py_create(path, libver="latest"),
    "datasets": h5py_datasets,
    "datasets-latest": lambda path: h5py_datasets(path, libver="latest"),
    "list": h5py_list,
    "names": h5py_names,
    "kinds": h5py_kinds,
    "attrs-write": h5py_attrs_write,
    "attrs-read": h5py_attrs_read,
    "floats-new": h5py_floats_new,
    "floats-given": h5py_floats_given,
    "floats-write": h5py_floats_write,
    "gzip-read": h5py_floats_new,
    "gzip-write": lambda path: h5py_floats_write(path, 12_500_000, chunks=(131072,), shuffle=True, compression="gzip"),
    "field": h5py_field,
    "strided": h5py_strided,
    "fancy": h5py_fancy,
    "small": h5py_small,
}

# ---- the four, each as a function that gives the seconds of n repetitions


def with_h5py(work, path, n):
    given()
    times = []
    for _ in range(n):
        start = time.perf_counter()
        H5PY[work](path)
        times.append(time.perf_counter() - start)
    return times


def with_program(program):
    def run(work, path, n):
        out = subprocess.run([program, work, path, str(n)], check=True, capture_output=True, text=True).stdout
        return [float(s) for s in out.split()]

    return run


def with_cells(kernel):
    """The source of the compiled program is one cell, and each measurement another."""
    with open(os.path.join(os.path.dirname(__file__), "hdf5.go")) as source:
        kernel.main.execute(source.read().partition("\n)\n")[2])  # behind its imports, which cells have

    def run(work, path, n):
        _, published = kernel.main.execute(f'measure("{work}", "{os.path.abspath(path)}", {n})')
        return [float(s) for m, _ in published if m["msg_type"] == "stream" for s in m["content"]["text"].split()]

    return run


# name of the work -> title, data file or nothing, repetitions in a turn
WORKS = {
    "create": ("create and remove 1,000 files", None, 3),
    "create-latest": ("the same, libver latest", None, 3),
    "datasets": ("create 1,000 datasets", None, 5),
    "datasets-latest": ("the same, libver latest", None, 5),
    "list": ("scan 1,000 objects, attributes", ("list", fill_list), 10),
    "names": ("names of 40,000 links", ("links", fill_links), 5),
    "kinds": ("40,000 links with kind", ("links", fill_links), 3),
    "attrs-write": ("write 10,000 attributes", None, 3),
    "attrs-read": ("read 10,000 attributes", ("attrs", fill_attrs), 5),
    "floats-new": ("read 400 MB, new memory", ("floats", fill_floats), 3),
    "floats-given": ("read 400 MB, given memory", ("floats", fill_floats), 3),
    "floats-write": ("write 400 MB", None, 2),
    "gzip-read": ("read 100 MB, gzip and shuffle", ("gzip", fill_gzip), 2),
    "gzip-write": ("write 100 MB, gzip and shuffle", None, 1),
    "field": ("one field of 2,000,000 rows", ("rows", fill_rows), 5),
    "strided": ("[::10] of 400 MB", ("floats", fill_floats), 3),
    "fancy": ("1,000 indices of 400 MB", ("floats", fill_floats), 5),
    "small": ("10,000 reads of 100 values", ("floats", fill_floats), 5),
}


def measure(folder, kernel, chosen):
    """title of the work -> who -> seconds. Turns, so that a slow minute hits all alike."""
    runs = {
        "gofive": with_program(f"{folder}/hdf5"),
        "cell": with_cells(kernel),
        "h5py": with_h5py,
        "C": with_program(f"{folder}/hdf5-c"),
    }
    found = {}
    for work in chosen or WORKS:
        title, data, n = WORKS[work]
        path = make(f"{folder}/{data[0]}.h5", data[1]) if data else f"{folder}/made.h5"
        if data:
            runs["C"](work, path, 1)
        found[work] = {name: [] for name in runs}
        for _ in range(3):
            for name, run in runs.items():
                found[work][name] += run(work, path, n + 1)[1:]  # the first of a process also loads the library
        print(f"  {title}: {len(found[work]['C'])} each", flush=True)
    return found


# ---- table


def table(found):
    """min and median in milliseconds; and of C's and h5py's median how many percent each takes: more than
    100 is faster."""
    yield f"{'':32}{'':>8}{'min ms':>10}{'median ms':>11}{'of C':>9}{'of h5py':>9}"
    for work, of in found.items():
        middle = {name: statistics.median(times) for name, times in of.items()}
        title = WORKS[work][0]
        for name, times in of.items():
            shares = "".join(f"{middle[peer] / middle[name]:>8.0%} " if peer != name else " " * 9 for peer in ("C", "h5py"))
            yield f"{title:32}{name:>8}{1e3 * min(times):>10.2f}{1e3 * middle[name]:>11.2f}{shares}"
            title = ""


def main(folder, *chosen):
    print(f"bench-h5: HDF5 {h5py.version.hdf5_version} of h5py {h5py.version.version}, {os.cpu_count()} processors")
    kernel = Kernel("gofive")
    try:
        kernel.ready()
        found = measure(folder, kernel, chosen)
    finally:
        kernel.stop()
    print("\n".join(table(found)))
    with open(f"{folder}/hdf5.json", "w") as out:
        json.dump(found, out, indent=1)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(*sys.argv[1:])
