"""Writes the files that the browser tests look at into the folder given: data.h5, whose content is
regular, and hostile.h5, whose names and values try to be markup."""

import sys
from pathlib import Path

import h5py
import numpy as np

SPIKE = 61_234_567  # one place of 1e8: who thins out by taking every nth misses it
HOSTILE = [
    "<img src=x onerror='window.pwned=1'>",
    "</script><script>window.pwned=1</script>",
    "javascript:window.pwned=1",
    "<b>bold</b>&lt;",
    "\u202egnp.exe",
    "a\u0007\u001b[31mb",
    "'\"`${window.pwned=1}",
]


def signal(f):
    ds = f.create_dataset("signal", (100_000_000,), "f4", chunks=(1 << 20,))
    part = 10_000_000
    wave = np.sin(np.arange(part, dtype="f4") / 1e5)
    for i in range(10):
        ds[i * part:(i + 1) * part] = wave * (i + 1)
    ds[SPIKE] = 50
    ds.attrs["units"] = "Jy"


def many(f):
    g = f.create_group("many", track_order=True)
    for i in range(10_000):
        g.create_group(f"g{i:05d}")


def rows(f):
    n = 1_000_000
    t = np.zeros(n, [("PLATE", "i4"), ("Z", "f8"), ("CLASS", "S6")])
    t["PLATE"] = np.arange(n)
    t["Z"] = np.arange(n) / n
    t["CLASS"] = np.where(t["PLATE"] % 2, b"QSO", b"GALAXY")
    f.create_dataset("rows", data=t, chunks=(10_000,))


def data(path):
    with h5py.File(path, "w", libver="latest") as f:
        signal(f)
        many(f)
        rows(f)
        y, x = np.mgrid[0:300, 0:400]
        f["cube"] = np.stack([np.hypot(x - 200, y - 150 - k).astype("f4") for k in range(20)])
        f["spectra/wave"] = 10 ** np.linspace(3.55, 4.02, 4600)
        f["spectra/flux"] = np.cos(np.arange(4600) / 200)
        f["spectra/flux"].attrs["title"] = "flux of a quasar"
        f["packed"] = np.array([[0, -99, 2], [3, 4, 5]], "i2")
        f["packed"].attrs.update({"scale_factor": 0.5, "add_offset": 100.0, "_FillValue": np.int16(-99)})
        f["deep/a/b/c/needle"] = np.arange(12).reshape(3, 4)
        f["gone"] = h5py.SoftLink("/nowhere")
        f["words"] = ["one", "two", "three"]


def hostile(path):
    with h5py.File(path, "w") as f:
        g = f.create_group("names")
        for i, name in enumerate(HOSTILE):
            name = name.replace("/", "\u2215")
            g[name] = np.arange(5.0)
            g[name].attrs[name] = name
            g[name].attrs["title"] = HOSTILE[i]
        f["texts"] = [t.encode() for t in HOSTILE]
        f["table"] = np.zeros(3, [(HOSTILE[0], "i4"), ("b", "S40")])
        f["link"] = h5py.ExternalLink("<img src=x onerror=window.pwned=1>", "/<b>x</b>")


data(Path(sys.argv[1]) / "data.h5")
hostile(Path(sys.argv[1]) / "hostile.h5")
