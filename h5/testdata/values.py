"""Print what h5py reads from HDF5 files, one JSON object a line, for values_test.go.

Values are digests of a text that is the same for the same values, whatever the types are called:
see canonical. An object or attribute that h5py cannot read has an "error" instead.
"""
import hashlib
import json
import math
import struct
import sys

import h5py
import numpy

MOST = 200_000  # elements of one value


def number(x):
    if math.isnan(x):
        return "nan"
    return struct.pack(">d", x).hex()


def text(b):
    if isinstance(b, str):
        b = b.encode("utf-8", "surrogateescape")
    return "s" + b.split(b"\0")[0].rstrip(b" ").hex()


def canonical(v, dtype, out):
    """Append the text of one element to out."""
    if dtype is not None and h5py.check_dtype(ref=dtype):
        out.append("r1" if v else "r0")
    elif isinstance(v, (bool, numpy.bool_)):
        out.append("1" if v else "0")
    elif isinstance(v, numpy.void) and v.dtype.names:
        out.append("{")
        for name in v.dtype.names:
            canonical(v[name], v.dtype[name], out)
        out.append("}")
    elif isinstance(v, numpy.void):
        out.append("o" + bytes(v).hex())
    elif isinstance(v, (bytes, str)):
        out.append(text(v))
    elif isinstance(v, numpy.ndarray):
        inner = h5py.check_dtype(vlen=dtype) if dtype is not None else None
        if inner is None or not isinstance(inner, numpy.dtype):
            inner = v.dtype
        out.append("[")
        for x in v.reshape(-1):
            canonical(x, inner, out)
        out.append("]")
    elif isinstance(v, (int, numpy.integer)):
        out.append(str(int(v)))
    elif isinstance(v, (float, numpy.floating)):
        out.append(number(float(v)))
    elif isinstance(v, (complex, numpy.complexfloating)):
        out.append(number(float(v.real)) + number(float(v.imag)))
    else:
        raise TypeError(f"no text for {type(v)}")


def describe(value, dtype, shape):
    if shape is None:
        return {"shape": None, "text": ""}
    out = []
    base = dtype.base
    if isinstance(value, numpy.ndarray) and not (shape == () and dtype.kind == "O" and dtype.subdtype is None):
        for x in value.reshape(-1):
            canonical(x, base, out)
    else:
        canonical(value, base, out)
        if isinstance(value, numpy.ndarray) and not shape:
            pass
    joined = " ".join(out)
    return {"shape": list(shape), "text": joined[:300], "sha": hashlib.sha256(joined.encode()).hexdigest()}


def attributes(obj):
    found = {}
    for name in obj.attrs:
        try:
            a = h5py.h5a.open(obj.id, name.encode("utf-8", "surrogateescape"))
            shape = None if a.get_space().get_simple_extent_type() == h5py.h5s.NULL else a.shape
            value = obj.attrs[name]
            if isinstance(value, h5py.Empty):
                found[name] = describe(None, None, None)
            else:
                found[name] = describe(value, a.dtype, shape)
        except Exception as e:
            found[name] = {"error": f"{type(e).__name__}: {e}"}
    return found


def show(file, path, obj):
    line = {"file": file, "path": path, "attrs": attributes(obj)}
    if isinstance(obj, h5py.Group):
        line.update(kind="group", keys=list(obj.keys()))
    elif isinstance(obj, h5py.Dataset):
        line.update(kind="dataset")
        try:
            if obj.shape is not None and obj.size > MOST:
                line["value"] = {"error": "too many elements to compare"}
            else:
                value = obj[()]
                line["value"] = describe(value, obj.dtype, obj.shape)
        except Exception as e:
            line["value"] = {"error": f"{type(e).__name__}: {e}"}
    else:
        line.update(kind="datatype")
    print(json.dumps(line), flush=True)


def visit(file):
    try:
        with h5py.File(file, "r") as f:
            show(file, "/", f)
            names = []
            f.visit(lambda name: names.append(name))
            for name in names:
                show(file, "/" + (name if isinstance(name, str) else name.decode("utf-8", "surrogateescape")), f[name])
    except Exception as e:
        print(json.dumps({"file": file, "error": f"{type(e).__name__}: {e}"}), flush=True)


for name in sys.argv[1:]:
    visit(name)
