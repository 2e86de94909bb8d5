"""Measure gofive beside ipykernel through the sockets that front ends use, and print the ratios. Run by
make bench-kernel.

usage: kernels.py FOLDER [KERNEL ...]

Measures what the table of goals lists, in turns, so that a slow minute hits all alike. Further
kernels for Go are measured by the names of their kernelspecs. FOLDER takes kernels.json.
"""

import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

import zmq
from jupyter_client.connect import write_connection_file
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.session import Session

# What each row of the table is to cost, as the kernel's design has it; milliseconds and megabytes.
GOALS = {
    "start to kernel_info_reply": (60, "ms"),
    "start to the first 1+1": (None, "ms"),
    "1+1, request to reply and idle": (1, "ms"),
    "completion, idle": (2, "ms"),
    "completion, first beside a busy cell": (20, "ms"),
    "10,000 printed lines": (40, "ms"),
    "10,000 printed lines, messages": (50, ""),
    "50 MB of text": (600, "ms"),
    "50 MB of text, largest message": (1, "MB"),
    "50 MB of text, growth of the peak": (64, "MB"),
    "a PNG of 5 MB": (100, "ms"),
    "interrupt of an endless loop": (10, "ms"),
    "restart to kernel_info_reply": (150, "ms"),
    "memory of the kernel process, idle": (30, "MB"),
    "memory of all its processes, idle": (None, "MB"),
    "20 kernels, all ready": (2000, "ms"),
    "20 kernels, memory of all": (None, "MB"),
    "20 clients, 200 requests": (250, "ms"),
}

GO = {
    "add": "1+1",
    "complete": "strings.HasPre",
    "spin": "for start := time.Now(); time.Since(start) < 2*time.Second; {\n}",
    "lines": "for i := 0; i < 10000; i++ {\n\tfmt.Println(i)\n}",
    "flood": 'line := strings.Repeat("x", 99)\nfor i := 0; i < 500000; i++ {\n\tfmt.Println(line)\n}',
    "data": "data := make([]byte, 5000000)\nfor i := range data {\n\tdata[i] = byte(i * 7)\n}",
    "picture": "display.Show(display.PNG(data))",
    "endless": "for {\n}",
}
PYTHON = {
    "add": "1+1",
    "complete": "str.startsw",
    "spin": "import time\nstart = time.time()\nwhile time.time() - start < 2: pass",
    "lines": "for i in range(10000): print(i)",
    "flood": 'line = "x" * 99\nfor i in range(500000): print(line)',
    "data": "data = bytes(i * 7 % 256 for i in range(5000000))",
    "picture": "from IPython.display import display, Image\ndisplay(Image(data=data, format='png'))",
    "endless": "while True: pass",
}


def free_ports():
    """Five ports below those that the system gives to outgoing connections: one of these could be
    taken, by another of the twenty kernels' clients, before the kernel listens."""
    found = {}
    for channel in ["shell_port", "iopub_port", "stdin_port", "control_port", "hb_port"]:
        for port in PORTS:
            with socket.socket() as probe:
                try:
                    probe.bind(("127.0.0.1", port))
                except OSError:
                    continue  # somebody listens there
            found[channel] = port
            break
    return found


PORTS = iter(range(20000, 32768))


class Kernel:
    """A kernel process and one client's plain sockets to it."""

    def __init__(self, name):
        self.spec = KernelSpecManager().get_kernel_spec(name)
        self.cells = PYTHON if self.spec.language == "python" else GO
        folder = tempfile.mkdtemp(prefix="bench")
        self.file, self.conn = write_connection_file(os.path.join(folder, "kernel.json"), key=b"bench", **free_ports())
        self.context = zmq.Context()
        self.launch()

    def launch(self):
        self.start = time.perf_counter()
        argv = [a.format(connection_file=self.file) for a in self.spec.argv]
        env = {**os.environ, **self.spec.env, "JPY_PARENT_PID": str(os.getpid())}  # it ends when we do
        self.process = subprocess.Popen(argv, env=env, start_new_session=True, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.main = Client(self)
        self.control = self.main.connect("control", zmq.DEALER)

    def ready(self):
        """Seconds from the start to the first kernel_info_reply."""
        self.main.ask("kernel_info_request", {})
        self.main.subscribed()
        return self.main.last - self.start

    def restart(self):
        """Seconds from the request for a restart to the first answer of the new process."""
        asked = time.perf_counter()
        self.main.session.send(self.control, "shutdown_request", {"restart": True})
        self.main.receive(self.control)
        self.process.wait(10)
        self.main.close()
        self.control.close()
        self.launch()
        self.ready()
        return self.main.last - asked

    def interrupt(self):
        if self.spec.interrupt_mode == "message":
            self.main.session.send(self.control, "interrupt_request", {})
        else:
            os.kill(self.process.pid, signal.SIGINT)

    def processes(self):
        """The kernel's process and all below it."""
        parents = {}
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/stat") as stat:
                    parents[int(pid)] = int(stat.read().rpartition(")")[2].split()[1])
            except OSError:
                continue  # it ended meanwhile
        family = [self.process.pid]
        for pid in family:
            family += [child for child, parent in parents.items() if parent == pid]
        return family

    def stop(self):
        self.main.session.send(self.control, "shutdown_request", {"restart": False})
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.context.destroy(linger=0)


class Client:
    """The sockets of one client, and what the last cell published."""

    def __init__(self, kernel):
        self.kernel, self.session = kernel, Session(key=b"bench")
        self.last, self.replied = 0.0, set()
        self.shell, self.iopub = self.connect("shell", zmq.DEALER), self.connect("iopub", zmq.SUB)
        self.iopub.subscribe(b"")

    def connect(self, channel, kind):
        socket = self.kernel.context.socket(kind)
        socket.setsockopt(zmq.RECONNECT_IVL, 2)  # the default of 100 ms is coarser than what is measured
        socket.setsockopt(zmq.LINGER, 0)
        socket.setsockopt(zmq.RCVHWM, 0)
        socket.connect(f"tcp://127.0.0.1:{self.kernel.conn[channel + '_port']}")
        return socket

    def close(self):
        self.shell.close()
        self.iopub.close()

    def send(self, kind, content):
        return self.session.send(self.shell, kind, content)["header"]["msg_id"]

    def receive(self, socket):
        if not socket.poll(60000):
            raise TimeoutError("no answer in 60 s")
        return self.session.recv(socket, mode=0)[1]

    def ask(self, kind, content):
        """Seconds from a request on shell to its reply."""
        start = time.perf_counter()
        self.reply(self.send(kind, content))
        self.last = time.perf_counter()
        return self.last - start

    def reply(self, asked):
        """Waits for a reply; others may come before it."""
        while asked not in self.replied:
            self.replied.add(self.receive(self.shell)["parent_header"].get("msg_id"))

    def subscribed(self):
        """Waits until what is published arrives: before that an idle may be missed."""
        while not self.iopub.poll(20):
            self.send("kernel_info_request", {})
            self.receive(self.shell)
        while self.iopub.poll(50):
            self.receive(self.iopub)

    def begin(self, code):
        return self.send("execute_request", {"code": code, "silent": False, "store_history": True,
                         "user_expressions": {}, "allow_stdin": False, "stop_on_error": True})

    def end(self, asked, fails=False):
        """Waits for reply and idle; gives the messages published with their sizes."""
        published = []
        while True:
            if not self.iopub.poll(60000):
                raise TimeoutError("no idle in 60 s")
            frames = self.iopub.recv_multipart()
            message = self.session.deserialize(self.session.feed_identities(frames)[1])
            if message["parent_header"].get("msg_id") != asked:
                continue
            if message["msg_type"] == "error" and not fails:
                raise RuntimeError("\n".join(message["content"]["traceback"]))
            published.append((message, sum(map(len, frames))))
            if message["content"].get("execution_state") == "idle":
                break
        self.reply(asked)
        return published

    def run(self, name):
        """Seconds that one of the cells takes, and what it published."""
        return self.execute(self.kernel.cells[name])

    def execute(self, code):
        """Seconds that a cell takes, and what it published."""
        start = time.perf_counter()
        published = self.end(self.begin(code))
        return time.perf_counter() - start, published

    def complete(self):
        code = self.kernel.cells["complete"]
        return self.ask("complete_request", {"code": code, "cursor_pos": len(code)})


# ---- what is measured


def proportional(pids):
    """Megabytes of memory of processes; what they share is divided among them."""
    total = 0
    for pid in pids:
        try:
            with open(f"/proc/{pid}/smaps_rollup") as rollup:
                total += next(int(line.split()[1]) for line in rollup if line.startswith("Pss:"))
        except OSError:
            continue  # it ended meanwhile
    return total / 1024


def peak(pid):
    """Megabytes that a process has had at most since forget_peak."""
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:")) / 1024


def forget_peak(pid):
    with open(f"/proc/{pid}/clear_refs", "w") as refs:
        refs.write("5")


def meet(kernel, note):
    """One kernel's life: start, small cells, large cells, restart."""
    client = kernel.main
    note("start to kernel_info_reply", kernel.ready())
    client.run("add")
    note("start to the first 1+1", time.perf_counter() - kernel.start)
    time.sleep(1)  # let it come to rest
    note("memory of the kernel process, idle", proportional([kernel.process.pid]))
    note("memory of all its processes, idle", proportional(kernel.processes()))
    for _ in range(10):
        client.run("add"), client.complete()
    note("1+1, request to reply and idle", statistics.median(client.run("add")[0] for _ in range(200)))
    note("completion, idle", statistics.median(client.complete() for _ in range(50)))
    asked = client.begin(kernel.cells["spin"])
    time.sleep(0.3)
    note("completion, first beside a busy cell", client.complete())
    client.end(asked)
    client.run("lines")
    seconds, published = client.run("lines")
    note("10,000 printed lines", seconds)
    note("10,000 printed lines, messages", sum(m["msg_type"] == "stream" for m, _ in published))
    flood(kernel, note)
    client.run("data")
    client.run("picture")
    note("a PNG of 5 MB", statistics.median(client.run("picture")[0] for _ in range(3)))
    interrupts = [interrupt(kernel) for _ in range(5)]
    note("interrupt of an endless loop", statistics.median(interrupts))
    note("restart to kernel_info_reply", kernel.restart())


def flood(kernel, note):
    forget_peak(kernel.process.pid)
    before = peak(kernel.process.pid)
    seconds, published = kernel.main.run("flood")
    note("50 MB of text", seconds)
    note("50 MB of text, largest message", max(size for m, size in published if m["msg_type"] == "stream") / 2**20)
    note("50 MB of text, growth of the peak", peak(kernel.process.pid) - before)


def interrupt(kernel):
    asked = kernel.main.begin(kernel.cells["endless"])
    time.sleep(0.2)
    start = time.perf_counter()
    kernel.interrupt()
    kernel.main.end(asked, fails=True)
    return time.perf_counter() - start


def many_kernels(name, note):
    start = time.perf_counter()
    kernels = [Kernel(name) for _ in range(20)]
    try:
        for kernel in kernels:
            kernel.ready()
        note("20 kernels, all ready", max(kernel.main.last for kernel in kernels) - start)
        for kernel in kernels:
            kernel.main.run("add")
        note("20 kernels, memory of all", proportional([pid for kernel in kernels for pid in kernel.processes()]))
    finally:
        for kernel in kernels:
            kernel.stop()


def many_clients(name, note):
    """20 clients send 10 cells each, and each wants its own replies, in order."""
    kernel = Kernel(name)
    try:
        kernel.ready()
        kernel.main.run("add")
        clients = [Client(kernel) for _ in range(20)]
        for client in clients:
            client.ask("kernel_info_request", {})
        start = time.perf_counter()
        asked = [[client.begin(kernel.cells["add"]) for _ in range(10)] for client in clients]
        for client, want in zip(clients, asked):
            got = [client.receive(client.shell)["parent_header"]["msg_id"] for _ in want]
            if got != want:
                raise RuntimeError("a client got replies that are not its own, or not in order")
        note("20 clients, 200 requests", time.perf_counter() - start)
    finally:
        kernel.stop()


def measure(names, turns):
    """row -> kernel -> figures. What a kernel cannot do is said and left out."""
    found = {row: {} for row in GOALS}
    for turn in range(turns):
        for name in names:
            def note(row, figure):
                factor = 1000 if GOALS[row][1] == "ms" else 1
                found[row].setdefault(name, []).append(figure * factor)
            kernel = Kernel(name)
            try:
                meet(kernel, note)
            finally:
                kernel.stop()
            if turn == 0:
                many_kernels(name, note)
            many_clients(name, note)
            time.sleep(0.5)  # what one leaves to the system is not the next one's
        print(f"  turn {turn + 1} of {turns}", flush=True)
    return found


# ---- table


def table(found, names):
    """The median of each figure, gofive's as a multiple of each peer's, and the goal."""
    peers = names[1:]
    yield f"{'':38}" + "".join(f"{name:>11}" for name in names) + "".join(f"{'x ' + p:>12}" for p in peers) + f"{'goal':>9}"
    for row, of in found.items():
        goal, unit = GOALS[row]
        middle = {name: statistics.median(of[name]) for name in names if of.get(name)}
        cells = "".join(f"{middle[name]:>11.2f}" if name in middle else f"{'-':>11}" for name in names)
        ratios = "".join(f"{middle[names[0]] / middle[p]:>12.2f}" if p in middle else f"{'-':>12}" for p in peers)
        missed = goal is not None and middle[names[0]] > goal
        yield f"{row + (', ' + unit if unit else ''):38}{cells}{ratios}{goal if goal is not None else '':>9}{'  missed' if missed else ''}"


def main(folder, *others):
    names = ["gofive", "python3", *others]
    print(f"bench-kernel: {os.cpu_count()} processors, medians; python3 is ipykernel")
    found = measure(names, turns=3)
    print("\n".join(table(found, names)))
    with open(f"{folder}/kernels.json", "w") as out:
        json.dump(found, out, indent=1)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(*sys.argv[1:])
