"""Measure the commands of gofive boss beside the same done with astropy and h5py, in one run, and print times, ratios and how times
grow with the work. Run by make bench-boss.

usage: boss.py FOLDER [FIBERS [FILES]]

FOLDER holds the compiled program hdf5 and takes the data: FIBERS spec-*.fits made by gofive sample, 1,000 unless it is given, and
FILES files of HDF5, 100, with 1,000 fibers each. To save room, ten spectra in such a file stand for a hundred fibers each,
by hard links; catalogs have a row for each. All is warm in the page cache. Ours are whole commands, from the start of the process, which
read what they wrote once more and compare checksums. Ranks are measured where make build-mpi has made their engines. The Python programs start too;
of the subset one checks what it wrote as well, and one, like the others, checks nothing.
"""

import glob
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
import zlib

import h5py
import numpy as np
from astropy.io import fits

REPETITIONS = 3
COADD = np.dtype([(n, "<i4" if "MASK" in n else "<f4") for n in "WAVE FLUX IVAR AND_MASK OR_MASK WAVEDISP SKY MODEL".split()])


# ---- the same in Python


def python_convert(paths, out):
    """A group a fiber, header cards as attributes, rows of catalogs put together by plate."""
    catalogs = {}
    with h5py.File(out, "w") as f:
        for path in open(paths).read().split():
            with fits.open(path, memmap=False) as spec:
                head, pixels = spec[0].header, spec[1].data
                night = "%d/%d" % (head["PLATEID"], head["MJD"])
                rows = np.empty(len(pixels), COADD)
                rows["WAVE"] = 10 ** pixels["LOGLAM"].astype("f8")
                rows["WAVEDISP"] = pixels["WDISP"]
                for name in "FLUX IVAR AND_MASK OR_MASK SKY MODEL".split():
                    rows[name] = pixels[name]
                d = f.create_dataset("%s/%d/coadd" % (night, head["FIBERID"]), data=rows)
                for key in head:
                    if key not in ("COMMENT", "HISTORY", ""):
                        d.attrs[key] = head[key]
                for name, hdu in ("zbest", 2), ("zline", 3):
                    catalogs.setdefault("%s/%s" % (night, name), []).append(np.array(spec[hdu].data))
        for name, parts in catalogs.items():
            rows = np.concatenate(parts)
            f[name] = rows.astype(rows.dtype.newbyteorder("<"))


def contents(group):
    """The checksum of each dataset and attribute below a group, by its path."""
    sums = {}

    def visit(name, obj):
        for key, value in obj.attrs.items():
            sums[name, key] = zlib.crc32(np.asarray(value).tobytes() if not isinstance(value, str) else value.encode())
        if isinstance(obj, h5py.Dataset):
            sums[name] = zlib.crc32(obj[()].tobytes())

    group.visititems(visit)
    return sums


def python_verified(paths, out, least):
    """python_subset, and then the check that gofive makes too: what was written is what the sources hold."""
    python_subset(paths, out, least)
    with h5py.File(out, "r") as f:
        for path in open(paths).read().split():
            with h5py.File(path, "r") as g:
                for plate in g:
                    for mjd in g[plate]:
                        night = f["%s/%s" % (plate, mjd)]
                        for fiber in night:
                            if fiber.isdigit() and contents(night[fiber]) != contents(g[plate][mjd][fiber]):
                                sys.exit("%s/%s/%s differs" % (plate, mjd, fiber))


def python_subset(paths, out, least):
    """The fibers with Z above least, with their rows of all catalogs, as they were written: unchecked."""
    with h5py.File(out, "w") as f:
        for path in open(paths).read().split():
            with h5py.File(path, "r") as g:
                for plate in g:
                    for mjd in g[plate]:
                        night = g[plate][mjd]
                        zbest = night["zbest"][:]
                        wanted = zbest["FIBERID"][zbest["Z"] > float(least)]
                        to = f.require_group("%s/%s" % (plate, mjd))
                        for fiber in wanted:
                            night.copy(str(fiber), to)
                        for name in "plugmap", "zbest", "zline":
                            rows = night[name][:]
                            to[name] = rows[np.isin(rows["FIBERID"], wanted)]


def python_stack(path):
    """The mean of all spectra at rest, weighted by IVAR, on the survey's grid."""
    total, weight = np.zeros(20000), np.zeros(20000)
    with h5py.File(path, "r") as f:
        for plate in f:
            for mjd in f[plate]:
                night = f[plate][mjd]
                zbest = night["zbest"][:]
                for fiber, z in zip(zbest["FIBERID"], zbest["Z"]):
                    rows = night[str(fiber)]["coadd"][:]
                    at = int(round(1e4 * (np.log10(rows["WAVE"][0]) - 2.6 - np.log10(1 + z))))
                    ivar = rows["IVAR"].astype("f8")
                    total[at : at + len(rows)] += rows["FLUX"] * ivar
                    weight[at : at + len(rows)] += ivar
    with np.errstate(invalid="ignore"):
        print(np.nanmean(total / weight))


# ---- data


def spectra(folder, n):
    """spec-*.fits of a plate, and lists of their paths."""
    dir = f"{folder}/boss-{n}"
    if not os.path.exists(dir):
        subprocess.run(["bin/gofive", "sample", "boss", "--fits", dir + ".tmp", "--fibers", str(n)], check=True)
        os.rename(dir + ".tmp", dir)
    return sorted(os.path.abspath(p) for p in glob.glob(f"{dir}/spectra/*/spec-*.fits"))


def listing(folder, paths, name):
    path = f"{folder}/boss-{name}.txt"
    with open(path, "w") as f:
        f.write("\n".join(paths) + "\n")
    return path


def plates(folder, packed, files):
    """Files of 1,000 fibers each, with redshifts of their own."""
    rng, out = np.random.default_rng(1), []
    with h5py.File(packed, "r") as f:
        plate, mjd = next(iter(f)), next(iter(f[next(iter(f))]))
        night = f[plate][mjd]
        fibers = sorted((k for k in night if k.isdigit()), key=int)[:10]
        catalogs = {name: night[name][:] for name in ("plugmap", "zbest", "zline")}
        for i in range(files):
            path = os.path.abspath(f"{folder}/boss-plate-{i}.h5")
            out.append(path)
            with h5py.File(path, "w") as g:
                to = g.create_group(f"{4000 + i}/{56000 + i}")
                for fiber in fibers:
                    night.copy(fiber, to, name="seed" + fiber)
                for fiber in range(1, 1001):
                    to[str(fiber)] = to["seed" + fibers[fiber % 10]]
                for fiber in fibers:
                    del to["seed" + fiber]
                for name, rows in catalogs.items():
                    each = 32 if name == "zline" else 1
                    rows = np.resize(rows, 1000 * each)
                    rows["FIBERID"] = np.repeat(np.arange(1, 1001), each)
                    for key, value in ("PLATE", 4000 + i), ("MJD", 56000 + i):
                        if key in rows.dtype.names:
                            rows[key] = value
                    if name == "zbest":
                        rows["Z"] = rng.random(1000)
                    to[name] = rows
    return out


# ---- measuring


def seconds(command, *outputs):
    """The median of a command's times; what it writes is removed before."""
    times = []
    for _ in range(REPETITIONS):
        for path in outputs:
            if os.path.exists(path):
                os.remove(path)
        start = time.perf_counter()
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        times.append(time.perf_counter() - start)
        if done.returncode:
            sys.exit(f"{command}: {done.stdout}{done.stderr}")
    return statistics.median(times)


def gofive(*args):
    return ["bin/gofive", "boss", *args]


def python(work, *args):
    return [sys.executable, __file__, "--work", work, *map(str, args)]


def row(what, ours, theirs, found):
    found[what] = [ours, theirs]
    print(f"  {what:58} {ours:9.2f} {theirs:9.2f} {theirs / ours:8.2f} x", flush=True)


def curve(what, sizes, times):
    """How time grows: 1 is in proportion, more is worse. The last and the first size say it."""
    power = np.log(times[-1] / times[0]) / np.log(sizes[-1] / sizes[0])
    steps = ", ".join(f"{n:,}: {t:.2f} s" for n, t in zip(sizes, times))
    print(f"  {what}: {steps}; time ~ size^{power:.2f}")


RANKS = {"openmpi": ["mpirun.openmpi", "--bind-to", "none"], "mpich": ["mpiexec.mpich"]}
RANKS_ENVIRONMENT = dict(
    OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1", OMPI_MCA_rmaps_base_oversubscribe="1",
    OMPI_MCA_mpi_yield_when_idle="1", OMPI_MCA_btl="self,vader", OMPI_MCA_btl_vader_single_copy_mechanism="none",
    UCX_ERROR_SIGNALS="", UCX_DEBUG_SIGNO="0")  # fmt: skip


def on_ranks(packed, out, fibers, found):
    """The same subset by ranks that write one file, of each MPI with an engine; one rank is the serial command."""
    os.environ.update(RANKS_ENVIRONMENT)
    for flavour, launcher in RANKS.items():
        if not os.path.exists(f"bin/gofive-engine-mpi-{flavour}"):
            continue
        what = f"subset of {fibers:,} fibers, ranks of {flavour}"
        found[what] = {n: seconds([*launcher, "-n", str(n), *gofive("subset", "-q", "Z > -1", "-o", out, packed)], out) for n in (1, 2, 4)}
        print(f"  {what}: " + ", ".join(f"{n}: {t:.2f} s" for n, t in found[what].items()), flush=True)


def main(folder, fibers=1000, files=100):
    fibers, files, found = int(fibers), int(files), {}
    print(f"bench-boss: h5py {h5py.version.version}, numpy {np.__version__}, {os.cpu_count()} processors; seconds, medians of {REPETITIONS}")
    all_spectra = spectra(folder, fibers)
    ours, theirs = f"{folder}/boss-ours.h5", f"{folder}/boss-theirs.h5"
    print(f"  {'':58} {'gofive':>9} {'Python':>9}    ratio")
    sizes, times = [fibers // 4, fibers // 2, fibers], []
    for n in sizes:
        paths = listing(folder, all_spectra[:n], "spectra")
        times.append(seconds(gofive("convert", paths, "-o", ours), ours))
    row(f"convert {fibers:,} spec-*.fits", times[-1], seconds(python("convert", paths, theirs), theirs), found)
    curve("convert by spectra", sizes, times)
    packed = f"{folder}/boss-packed.h5"
    shutil.copy(ours, packed)
    row(f"stack {fibers:,} spectra", seconds([f"{folder}/hdf5", "boss-stack", packed, "1"]), seconds(python("stack", packed)), found)

    on_ranks(packed, ours, fibers, found)
    all_plates, index = plates(folder, packed, files), f"{folder}/boss-index.h5"
    least = 1 - 10 * files / (1000 * files)
    query = f"Z > {least}"
    sizes, times = [files // 4, files // 2, files], []
    for n in sizes:
        paths = listing(folder, all_plates[:n], "plates")
        times.append(seconds(gofive("subset", "-q", query, "-o", ours, paths), ours))
    what = f"1 in 100 of {1000 * files:,} fibers in {files} files"
    theirs_subset, unchecked = seconds(python("verified", paths, theirs, least), theirs), seconds(python("subset", paths, theirs, least), theirs)
    row(f"subset {what}", times[-1], theirs_subset, found)
    row("  the same, when Python does not check what it wrote", times[-1], unchecked, found)
    curve("subset by fibers", [1000 * n for n in sizes], times)
    print(f"  index of {1000 * files:,} fibers made in {seconds(gofive('index', paths, '-o', index), index):.2f} s")
    by_index = seconds(gofive("subset", "-q", query, "-o", ours, index), ours)
    row(f"subset {what}, with the index", by_index, theirs_subset, found)
    row("  the same, when Python does not check what it wrote", by_index, unchecked, found)
    few = f"Z > {1 - 10 / (1000 * files):.7f}"
    row(f"subset about 10 of {1000 * files:,} fibers, with the index", seconds(gofive("subset", "-q", few, "-o", ours, index), ours),
        seconds(python("subset", paths, theirs, few.split()[-1]), theirs), found)
    with open(f"{folder}/boss.json", "w") as out:
        json.dump(found, out, indent=1)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    if sys.argv[1] == "--work":
        {"convert": python_convert, "subset": python_subset, "verified": python_verified, "stack": python_stack}[sys.argv[2]](*sys.argv[3:])
    else:
        main(*sys.argv[1:])
