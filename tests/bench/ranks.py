"""Measure what ranks do together, beside C and Python with the same MPI, in one run. Run by make bench-mpi.

usage: ranks.py FOLDER FLAVOUR

FOLDER holds the compiled programs ranks-FLAVOUR and ranks-c-FLAVOUR and takes the files that are written. The
programs take turns, and of each the shortest time counts. mpi4py and h5py are Debian's, which have Open MPI.
Started with a work instead, this program does that work as one of the ranks:

usage: ranks.py independent|collective FILE REPETITIONS | allreduce BYTES REPETITIONS | exchange FIBERS REPETITIONS
"""

import os
import subprocess
import sys
import time

ROWS, COLUMNS = 50_000, 1_000


# ---- one rank, with mpi4py and h5py


def timed(comm, each, work):
    comm.Barrier()
    begun = time.perf_counter()
    work()
    from mpi4py import MPI

    took = comm.allreduce((time.perf_counter() - begun) / each, MPI.MAX)
    if comm.rank == 0:
        print(f"{took:.9f}", end=" ", flush=True)


def write(comm, path, collective, repetitions):
    import h5py
    import numpy as np

    lo, hi = ROWS * comm.rank // comm.size, ROWS * (comm.rank + 1) // comm.size
    x = np.arange((hi - lo) * COLUMNS, dtype="f8").reshape(-1, COLUMNS)
    for _ in range(repetitions):
        f = h5py.File(path, "w", driver="mpio", comm=comm)

        def work():
            d = f.create_dataset("x", (ROWS, COLUMNS), "f8")
            if collective:
                with d.collective:
                    d[lo:hi] = x
            else:
                d[lo:hi] = x
            f.close()

        timed(comm, 1, work)


def allreduce(comm, n, repetitions):
    import numpy as np

    a = np.arange(n, dtype="f8")
    b = np.zeros(n)
    calls = max(2, min(2000, 20_000_000 // (n + 1000)))

    def work():
        for _ in range(calls):
            comm.Allreduce(a, b)

    for _ in range(repetitions):
        timed(comm, calls, work)


def first(a, b):
    """One dictionary of two: the first to name a path wins."""
    return {**b, **a}


def exchange(comm, fibers, repetitions):
    """Tell all ranks which spectra there are, as the parallel H5Boss of Python does: pickled dictionaries are
    merged."""
    lo, hi = fibers * comm.rank // comm.size, fibers * (comm.rank + 1) // comm.size
    mine = {f"{3655 + i // 1000}/55241/{i % 1000 + 1}/coadd": ("V32", (4600,), f"plates/{3655 + i // 1000}.h5", comm.rank) for i in range(lo, hi)}
    known = {}

    def work():
        nonlocal known
        known = comm.allreduce(mine, op=first)

    for _ in range(repetitions):
        timed(comm, 1, work)
        assert len(known) == fibers


def rank(work, what, repetitions):
    from mpi4py import MPI

    if work == "allreduce":
        allreduce(MPI.COMM_WORLD, int(what) // 8, int(repetitions))
    elif work == "exchange":
        exchange(MPI.COMM_WORLD, int(what), int(repetitions))
    else:
        write(MPI.COMM_WORLD, what, work == "collective", int(repetitions))


# ---- the comparison


# Open MPI asks root twice, counts processors, and in containers may not read other processes' memory. UCX below
# MPICH must leave the signals to Go.
ENV = {
    "OMPI_ALLOW_RUN_AS_ROOT": "1",
    "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
    "OMPI_MCA_rmaps_base_oversubscribe": "1",
    "OMPI_MCA_mpi_yield_when_idle": "1",
    "OMPI_MCA_btl": "self,vader",
    "OMPI_MCA_btl_vader_single_copy_mechanism": "none",
    "UCX_ERROR_SIGNALS": "",
    "UCX_DEBUG_SIGNO": "0",
}
LAUNCHERS = {"openmpi": ["mpirun.openmpi", "--bind-to", "none"], "mpich": ["mpiexec.mpich"]}


def measure(command, work, what, repetitions):
    done = subprocess.run([*command, work, what, str(repetitions)], capture_output=True, text=True, timeout=600, env=os.environ | ENV)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} {work}: {done.stderr}")
    return min(map(float, done.stdout.split()))


def with_mpi():
    """The Python that has mpi4py and an h5py with MPI-IO, None without one."""
    for python in (sys.executable, "/usr/bin/python3"):
        test = [python, "-c", "import mpi4py.MPI, h5py; assert h5py.get_config().mpi"]
        if subprocess.run(test, capture_output=True, env=os.environ | {"OMPI_COMM_WORLD_SIZE": "1"}).returncode == 0:
            return python
    print("no Python with MPI to compare with; on Debian: apt install python3-mpi4py python3-h5py-mpi")
    return None


def compare_exchange(flavour, programs):
    """What each rank knows of its spectra is told to all: packed records here, pickled dictionaries there."""
    print("  what all spectra are, told to all ranks: packed by gofive, pickled by mpi4py; in brackets pickled by packed")
    for n in (2, 4):
        for fibers in (10_000, 160_000):
            best = {}
            for _ in range(3):
                for name in ("gofive", "Python"):
                    took = measure([*LAUNCHERS[flavour], "-n", str(n), *programs[name]], "exchange", str(fibers), 3)
                    best[name] = min(took, best.get(name, took))
            print(f"  n={n}  {fibers:6} fibers           gofive {best['gofive']:.3g}  Python {best['Python']:.3g}  [{best['Python'] / best['gofive']:.0f} x]", flush=True)


def compare(folder, flavour):
    programs = {
        "gofive": [f"{folder}/ranks-{flavour}"],
        "C": [f"{folder}/ranks-c-{flavour}"],
        "C with threads": [f"{folder}/ranks-c-{flavour}", "threads"],
    }
    if flavour == "openmpi" and (python := with_mpi()):
        programs["Python"] = [python, __file__]
    path = os.path.join("/dev/shm" if os.access("/dev/shm", os.W_OK) else folder, f"gofive-bench-{os.getpid()}.h5")
    works = [("independent", path), ("collective", path), ("allreduce", "8"), ("allreduce", "1000000"), ("allreduce", "100000000")]
    print(f"{flavour}: seconds, min of 3 x 3; in brackets C's time by gofive's; 400 MB are written to {os.path.dirname(path)}")
    try:
        for n in (1, 2, 4):
            for work, what in works:
                best = {}
                for _ in range(3):
                    for name, command in programs.items():
                        took = measure([*LAUNCHERS[flavour], "-n", str(n), *command], work, what, 3)
                        best[name] = min(took, best.get(name, took))
                label = f"{work} {what} B" if work == "allreduce" else f"{work} write"
                times = "  ".join(f"{name} {took:.3g}" for name, took in best.items())
                print(f"  n={n}  {label:22}  {times}  [{100 * best['C'] / best['gofive']:.0f} %]", flush=True)
        if "Python" in programs:
            compare_exchange(flavour, programs)
    finally:
        if os.path.exists(path):
            os.remove(path)


if __name__ == "__main__":
    if sys.argv[1] in ("independent", "collective", "allreduce", "exchange"):
        rank(*sys.argv[1:])
    else:
        compare(*sys.argv[1:])
