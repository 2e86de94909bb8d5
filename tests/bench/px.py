"""Measure cells on ranks beside ipyparallel with MPI engines, in one run. Run by make bench-mpi.

usage: px.py FOLDER

FOLDER takes ipyparallel's profile. The kernel is the one that Jupyter finds as gofive, and its ranks those of Open MPI,
as ipyparallel's are. Ours is timed from the request of a cell to the end of its reply, ipyparallel's as a call of
its Python interface, without the notebook around it.
"""

import logging
import os
import statistics
import sys
import time
import warnings

from jupyter_client.manager import KernelManager

RANKS, CELLS, LIMIT = 4, 100, 6
BYTES = 100_000_000
warnings.filterwarnings("ignore")
os.environ.update(
    OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1", OMPI_MCA_rmaps_base_oversubscribe="1",
    OMPI_MCA_mpi_yield_when_idle="1", OMPI_MCA_btl="self,vader", OMPI_MCA_btl_vader_single_copy_mechanism="none",
    OMP_NUM_THREADS="1", PYDEVD_DISABLE_FILE_VALIDATION="1",
)


def seconds(work):
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def median(work):
    for _ in range(5):
        work()
    return statistics.median(seconds(work) for _ in range(CELLS))


class Ours:
    def __init__(self):
        self.manager = KernelManager(kernel_name="gofive")
        self.manager.start_kernel()
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(60)

    def run(self, code, fails=False, until=None):
        """Run a cell; give how long it took until its output held a text."""
        begun, seen, told = time.perf_counter(), "", None
        request = self.client.execute(code)
        while True:
            m = self.client.get_iopub_msg(timeout=60)
            if m["parent_header"].get("msg_id") != request:
                continue
            kind, content = m["msg_type"], m["content"]
            if kind == "stream":
                seen += content["text"]
            if until and told is None and until in seen:
                told = time.perf_counter() - begun
            if kind == "error" and not fails:
                raise SystemExit("\n".join(content["traceback"]))
            if kind == "status" and content["execution_state"] == "idle":
                break
        self.client.get_shell_msg(timeout=60)
        return told

    def measure(self):
        out = {"start": seconds(lambda: self.run(f"%cluster start -n {RANKS} --launcher mpirun"))}
        self.run(f"xs := make([]float64, {BYTES // 8})\nfor i := range xs {{ xs[i] = rand.Float64() }}")
        out["cell"] = median(lambda: self.run("%%px\na := 1"))
        out["print"] = median(lambda: self.run('%%px\nfmt.Println("hi")'))
        out["allreduce"] = median(lambda: self.run("%%px\ns := mpi.Allreduce(1, mpi.Sum)"))
        out["push"] = min(seconds(lambda: self.run('px.Push("x", xs)')) for _ in range(5))
        out["scatter"] = min(seconds(lambda: self.run('px.Scatter("y", xs)')) for _ in range(5))
        out["gather"] = min(seconds(lambda: self.run('z := px.Gather[float64]("y")')) for _ in range(5))
        self.run("%px kept := 7")
        stuck = '%%px --grace 1\nif mpi.Rank() == 1 { panic("no") }\nmpi.Barrier()'
        out["told"] = self.run(stuck, fails=True, until="wait in MPI_Barrier")
        request = self.client.execute('%%px --grace 60\nif mpi.Rank() == 1 { panic("no") }\nmpi.Barrier()')
        time.sleep(1)
        begun = time.perf_counter()
        self.manager.interrupt_kernel()
        while self.client.get_shell_msg(timeout=60)["parent_header"].get("msg_id") != request:
            pass
        out["interrupt"] = time.perf_counter() - begun
        self.run("%px mpi.Allreduce(kept, mpi.Sum)")
        return out

    def stop(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel()


def theirs(folder):
    import ipyparallel as ipp
    import numpy as np

    out, begun = {}, time.perf_counter()
    cluster = ipp.Cluster(engine_launcher_class="mpi", n=RANKS, profile_dir=os.path.join(folder, "ipyparallel"), log_level=logging.ERROR)
    client = cluster.start_and_connect_sync()
    out["start"] = time.perf_counter() - begun
    view = client[:]
    out["cell"] = median(lambda: view.execute("a=1", block=True))
    out["print"] = median(lambda: view.execute("print('hi')", block=True).wait_for_output(5))
    view.execute("from mpi4py import MPI; comm = MPI.COMM_WORLD", block=True)
    out["allreduce"] = median(lambda: view.execute("s=comm.allreduce(1)", block=True))
    x = np.random.random(BYTES // 8)
    out["push"] = min(seconds(lambda: view.push({"x": x}, block=True)) for _ in range(5))
    out["scatter"] = min(seconds(lambda: view.scatter("y", x, block=True)) for _ in range(5))
    out["gather"] = min(seconds(lambda: view.gather("y", block=True)) for _ in range(5))
    result = view.execute("if comm.rank == 1: raise ValueError('no')\ncomm.Barrier()", block=False)
    out["told"] = seconds(lambda: result.wait(LIMIT))
    import signal

    cluster.signal_engines_sync(signal.SIGINT)
    out["interrupt"] = seconds(lambda: result.wait(LIMIT))
    cluster.stop_cluster_sync()
    return out


ROWS = [
    ("start", "cluster of 4 ready", 1, "s"), ("cell", "cell a := 1, median of 100", 1e3, "ms"),
    ("print", "cell that prints, median", 1e3, "ms"), ("allreduce", "cell with allreduce, median", 1e3, "ms"),
    ("push", "push 100 MB to all", 1, "s"), ("scatter", "scatter 100 MB", 1, "s"), ("gather", "gather 100 MB", 1, "s"),
    ("told", "one fails, others wait: told after", 1, "s"), ("interrupt", "interrupt of that: free after", 1, "s"),
]


def main():
    ours = Ours()
    try:
        mine = ours.measure()
    finally:
        ours.stop()
    peer = theirs(sys.argv[1])
    print(f"{'4 ranks of Open MPI':38} {'gofive':>10} {'ipyparallel':>12} {'ratio':>8}")
    for key, name, scale, unit in ROWS:
        more = ">" if key in ("told", "interrupt") and peer[key] >= LIMIT * 0.99 else ""
        print(f"{name:38} {mine[key] * scale:8.2f} {unit:2} {more + format(peer[key] * scale, '.2f'):>9} {unit:2} {more}{peer[key] / mine[key]:.1f}")


main()
