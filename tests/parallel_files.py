"""Look with h5py at the files that the notebooks of parallel programs have written.

usage: parallel_files.py hdf5 FOLDER RANKS NWB
       parallel_files.py boss FOLDER

hdf5: particles.h5 follows openPMD 1.1 and no rank's part is missing; series.nwb is built as NWB, a file that
pynwb has written, and holds a step of each rank. boss: serial.h5, parallel.h5 and ranks.h5 hold the same objects,
types, values and attributes. What is wrong is printed, a line each, and the exit status is then 1.
"""

import sys

import h5py
import numpy as np

problems = []


def want(fact, *what):
    if not fact:
        problems.append(" ".join(str(w) for w in what))


def kind(dtype):
    """What readers ask of a type: text is text, numbers are of a kind and a size."""
    text = h5py.check_string_dtype(dtype)
    if text is not None:
        return "text", text.length is None
    return dtype.kind, dtype.itemsize


def attribute_kinds(o):
    return {name: (kind(o.attrs.get_id(name).dtype), o.attrs.get_id(name).shape) for name in o.attrs}


def objects(f):
    found = {"/": f}
    f.visititems(lambda name, o: found.__setitem__(name, o))
    return found


def check_particles(path, total):
    with h5py.File(path, "r") as f:
        want(f.attrs["openPMD"] == "1.1.0", "openPMD", f.attrs["openPMD"])
        want(f.attrs.get_id("openPMDextension").dtype == np.uint32, "openPMDextension is no uint32")
        for name in ("basePath", "particlesPath", "iterationEncoding", "iterationFormat"):
            want(name in f.attrs, "no attribute", name)
        step = f[f.attrs["basePath"].replace("%T", "100")]
        for name in ("time", "dt", "timeUnitSI"):
            want(step.attrs[name].dtype.kind == "f", name, "is no float")
        for species in step[f.attrs["particlesPath"]].values():
            check_species(species, total)


def check_species(species, total):
    want({"position", "positionOffset"} <= set(species), "a species has", list(species))
    for name, record in species.items():
        want(record.attrs["unitDimension"].shape == (7,), name, "unitDimension")
        for attr in ("timeOffset", "macroWeighted", "weightingPower"):
            want(attr in record.attrs, name, "has no", attr)
        parts = record.items() if isinstance(record, h5py.Group) else [("", record)]
        for axis, part in parts:
            where = name + "/" + axis
            want(part.attrs["unitSI"].dtype == np.float64, where, "unitSI")
            if isinstance(part, h5py.Group):
                want("value" in part.attrs and list(part.attrs["shape"]) == [total], where, "is no constant of", total)
                continue
            x = part[...]
            want(x.dtype == np.float32 and x.shape == (total,), where, x.dtype, x.shape)
            want(np.count_nonzero(x) == total and abs(x.std() - 1) < 0.1, where, "a part was not written")


def check_series(path, reference, ranks):
    with h5py.File(path, "r") as f, h5py.File(reference, "r") as r:
        ours, theirs = objects(f), objects(r)
        for name, o in theirs.items():
            if name.startswith("specifications"):
                continue  # the schema, which pynwb has of its own
            name = name.replace("test_ts", "steps")
            if name not in ours:
                want(False, "no", name)
                continue
            check_like(name, ours[name], o)
        steps = f["acquisition/steps/data"][...]
        want(np.array_equal(steps, np.arange(ranks) ** 2), "steps", steps)


def check_like(name, ours, theirs):
    want(isinstance(ours, h5py.Dataset) == isinstance(theirs, h5py.Dataset), name, "is another kind of object")
    mine = attribute_kinds(ours)
    for attr, k in attribute_kinds(theirs).items():
        if attr not in (".specloc", "id"):  # of the schema, of an extension
            want(mine.get(attr) == k, name, "attribute", attr, mine.get(attr), "want", k)
    for attr in ("neurodata_type", "namespace"):
        want((attr in ours.attrs) == (attr in theirs.attrs), name, attr)
    if isinstance(theirs, h5py.Dataset):
        want(ours.ndim == theirs.ndim, name, "has", ours.ndim, "axes")
        if not name.endswith("/data"):  # whose type is the user's
            want(kind(ours.dtype) == kind(theirs.dtype), name, kind(ours.dtype), "want", kind(theirs.dtype))


def check_equal(path, reference):
    with h5py.File(path, "r") as f, h5py.File(reference, "r") as r:
        ours, theirs = objects(f), objects(r)
        want(set(ours) == set(theirs), "not in both files:", sorted(set(ours) ^ set(theirs)))
        for name in set(ours) & set(theirs):
            a, b = ours[name], theirs[name]
            want(attribute_kinds(a) == attribute_kinds(b), name, "attributes are of other types")
            for attr in set(a.attrs) & set(b.attrs):
                want(np.array_equal(a.attrs[attr], b.attrs[attr]), name, "attribute", attr)
            if isinstance(a, h5py.Dataset):
                same = a.dtype == b.dtype and a.shape == b.shape
                want(same, name, a.dtype, a.shape, "want", b.dtype, b.shape)
                want(not same or a[...].tobytes() == b[...].tobytes(), name, "holds other values")


def main(which, folder, *more):
    if which == "hdf5":
        ranks = int(more[0])
        check_particles(folder + "/particles.h5", sum(1000 + 1000 * r for r in range(ranks)))
        check_series(folder + "/series.nwb", more[1], ranks)
    else:
        for name in ("parallel.h5", "ranks.h5"):
            check_equal(folder + "/" + name, folder + "/serial.h5")
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
