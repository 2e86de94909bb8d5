"""Hold one kernel through jupyter_client and do what the lines of stdin say, one JSON object each.

    {"do": "limit", "bytes": 8000000000}                     -> {}, and every later process has this much memory
    {"do": "start", "kernel": "gofive", "cwd": "/folder"}    -> {"pid": 12}
    {"do": "restart"}                                        -> {}, with nothing declared
    {"do": "send", "code": "1+1"}                            -> {}
    {"do": "wait", "timeout": 60}                            -> the outcome of the cell sent last
    {"do": "complete", "code": "h5.", "timeout": 5}          -> {"matches": [...], "start": 3, "end": 3}
    {"do": "inspect", "code": "h5.Open", "timeout": 5}       -> {"text": "func h5.Open(..."}, "" when nothing is known
    {"do": "history", "options": {"hist_access_type": "tail", "n": 3}, "timeout": 5}  -> {"history": [[1, 1, "1+1"], ...]}
    {"do": "interrupt"}                                      -> {}
    {"do": "alive"}                                          -> {"alive": true}

Each line is answered by one line on stdout; {"failed": "why"} when it could not be done. At the end
of stdin the kernel is shut down. tests/kernel_test.go is the other side.
"""

import json
import queue
import resource
import sys
import time

from jupyter_client import KernelManager


class Held:
    """A kernel, its client and the cell that was sent last."""

    def limit(self, bytes):
        resource.setrlimit(resource.RLIMIT_AS, (bytes, bytes))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        return {}

    def start(self, kernel, cwd):
        self.manager = KernelManager(kernel_name=kernel)
        self.manager.start_kernel(cwd=cwd)
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)
        return {"pid": self.manager.provisioner.process.pid}

    def restart(self):
        self.manager.restart_kernel(now=True)
        self.client.wait_for_ready(timeout=60)
        return {}

    def send(self, code):
        self.request = self.client.execute(code)
        return {}

    def wait(self, timeout):
        """The outcome once both the reply and idle have come."""
        deadline = time.monotonic() + timeout
        outcome = {"stdout": "", "stderr": "", "displays": [], "order": []}
        while not self.output(self.message(self.client.get_iopub_msg, deadline, self.request), outcome):
            pass
        reply = self.message(self.client.get_shell_msg, deadline, self.request)["content"]
        outcome["status"] = reply["status"]
        outcome["count"] = reply.get("execution_count")
        return outcome

    def output(self, message, outcome):
        """Note one message of iopub; True when it is the idle that ends the cell."""
        kind, content = message["msg_type"], message["content"]
        outcome["order"].append(kind)
        if kind == "stream":
            outcome[content["name"]] += content["text"]
        elif kind == "execute_result":
            outcome["result"] = content["data"]
        elif kind == "display_data":
            outcome["displays"].append(content["data"])
        elif kind == "error":
            outcome["ename"], outcome["evalue"] = content["ename"], content["evalue"]
            outcome["traceback"] = "\n".join(content["traceback"])
        return kind == "status" and content["execution_state"] == "idle"

    def complete(self, code, timeout):
        content = self.reply(self.client.complete(code), timeout)
        return {"matches": content["matches"], "start": content["cursor_start"], "end": content["cursor_end"]}

    def inspect(self, code, timeout):
        return {"text": self.reply(self.client.inspect(code), timeout)["data"].get("text/plain", "")}

    def history(self, options, timeout):
        return {"history": self.reply(self.client.history(**options), timeout)["history"]}

    def reply(self, request, timeout):
        """The content of the reply to a request on shell, given by its id."""
        return self.message(self.client.get_shell_msg, time.monotonic() + timeout, request)["content"]

    def message(self, get, deadline, request):
        """The next message that answers the request."""
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError("no answer from the kernel in time")
            try:
                message = get(timeout=min(left, 1))
            except queue.Empty:
                if not self.manager.is_alive():
                    raise RuntimeError("the kernel process is gone")
                continue
            if message["parent_header"].get("msg_id") == request:
                return message

    def interrupt(self):
        self.manager.interrupt_kernel()
        return {}

    def alive(self):
        return {"alive": self.manager.is_alive()}

    def stop(self):
        if hasattr(self, "client"):
            self.client.stop_channels()
        if hasattr(self, "manager") and self.manager.is_alive():
            self.manager.shutdown_kernel()


def main():
    held = Held()
    try:
        for line in sys.stdin:
            asked = json.loads(line)
            try:
                answer = getattr(held, asked.pop("do"))(**asked)
            except Exception as err:
                answer = {"failed": f"{type(err).__name__}: {err}"}
            print(json.dumps(answer), flush=True)
    finally:
        held.stop()


if __name__ == "__main__":
    main()
