"""Measure gofive beside its peers in one run and print the ratios. Run by make bench.

usage: bench.py FOLDER

FOLDER holds the compiled readers and takes the data files, which are made when absent. All readers
do the same work on the same file, warm in the page cache, in turns; the kernels answer the same
client.
"""

import json
import os
import statistics
import subprocess
import sys
import time

import h5py
import numpy as np
import zmq
from jupyter_client import KernelManager


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


# ---- kernels


class Client:
    """A kernel of a new process, and the plain sockets to it."""

    def __init__(self, kernel):
        self.start = time.perf_counter()
        self.manager = KernelManager(kernel_name=kernel)
        self.manager.start_kernel(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.session = self.manager.session
        self.written = []
        self.context = zmq.Context()
        self.shell, self.iopub = self.connect("shell", zmq.DEALER), self.connect("iopub", zmq.SUB)
        self.iopub.subscribe(b"")

    def connect(self, channel, kind):
        socket = self.context.socket(kind)
        socket.setsockopt(zmq.RECONNECT_IVL, 2)  # the default of 100 ms is coarser than what is measured
        socket.setsockopt(zmq.LINGER, 0)
        socket.connect(f"tcp://127.0.0.1:{getattr(self.manager, channel + '_port')}")
        return socket

    def ready(self):
        """Seconds from the start to the first kernel_info_reply."""
        self.request(self.shell, "kernel_info_request", {})
        self.receive(self.shell)
        return time.perf_counter() - self.start

    def request(self, socket, kind, content):
        return self.session.send(socket, kind, content)["header"]["msg_id"]

    def receive(self, socket):
        if not socket.poll(60000):
            raise TimeoutError("no answer in 60 s")
        return self.session.recv(socket, mode=0)[1]

    def output(self, code):
        """What the cell writes to stdout."""
        self.written = []
        self.run(code)
        return "".join(self.written)

    def run(self, code):
        """Seconds from the request to both reply and idle."""
        start = time.perf_counter()
        asked = self.request(self.shell, "execute_request", {"code": code, "silent": False, "store_history": True,
                             "user_expressions": {}, "allow_stdin": False, "stop_on_error": True})
        while self.receive(self.shell)["parent_header"]["msg_id"] != asked:
            pass
        while True:
            m = self.receive(self.iopub)
            if m["parent_header"].get("msg_id") != asked:
                continue
            if m["msg_type"] == "error":
                raise RuntimeError(m["content"]["evalue"])
            if m["msg_type"] == "stream" and m["content"]["name"] == "stdout":
                self.written.append(m["content"]["text"])
            if m["content"].get("execution_state") == "idle":
                return time.perf_counter() - start

    def stop(self):
        self.manager.shutdown_kernel()
        self.context.destroy()


def meet(kernel):
    """Start to kernel_info, start to the end of the first 1+1, and 200 round trips."""
    client = Client(kernel)
    try:
        ready = client.ready()
        client.run("1+1")
        first = time.perf_counter() - client.start
        for _ in range(10):
            client.run("1+1")
        return ready, first, [client.run("1+1") for _ in range(200)]
    finally:
        client.stop()


def meet_all():
    kernels = {"gofive": "gofive", "ipykernel": "python3"}
    titles = "start to kernel_info_reply", "start to the first 1+1", "1+1, median of 200"
    found = {title: {name: [] for name in kernels} for title in titles}
    for _ in range(5):
        for name, kernel in kernels.items():
            time.sleep(0.5)  # what the last one leaves to the system is not the next one's
            ready, first, trips = meet(kernel)
            for title, seconds in zip(titles, (ready, first, statistics.median(trips))):
                found[title][name].append(seconds)
    print("  kernels: 5 starts each, in turns", flush=True)
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
    found = {**meet_all(), **read_all(folder)}
    print("\n".join(table(found)))
    with open(f"{folder}/bench.json", "w") as out:
        json.dump(found, out, indent=1)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
