"""Hold one kernel through jupyter_client and do what the lines of stdin say, one JSON object each.

    {"do": "limit", "bytes": 8000000000}                     -> {}, and every later process has this much memory
    {"do": "start", "kernel": "gofive", "cwd": "/folder"}    -> {"pid": 12}
    {"do": "restart"}                                        -> {}, with nothing declared
    {"do": "send", "code": "1+1"}                            -> {}
    {"do": "until", "text": "runs", "timeout": 60}           -> {}, when the cell sent last has printed or shown the text; with
                                                                "id" it is the message over a comm
    {"do": "wait", "timeout": 60}                            -> the outcome of the cell sent last
    {"do": "behind", "code": "1+1", "timeout": 60}           -> the outcome of another cell, with "late": what the one sent last prints meanwhile
    {"do": "late", "timeout": 60}                            -> {"text": "..."}, what the cell sent last prints next, behind its end
    {"do": "complete", "code": "h5.", "timeout": 5}          -> {"matches": [...], "start": 3, "end": 3}
    {"do": "inspect", "code": "h5.Open", "timeout": 5}       -> {"text": "func h5.Open(..."}, "" when nothing is known
    {"do": "history", "options": {"hist_access_type": "tail", "n": 3}, "timeout": 5}  -> {"history": [[1, 1, "1+1"], ...]}
    {"do": "ask", "code": "...", "answers": ["x"], "timeout": 60}  -> the outcome of a cell that prompts, with "prompts"
    {"do": "subshell"}                                       -> {"id": "a1b2"}, which is new
    {"do": "beside", "code": "1+1", "subshell": "a1b2", "timeout": 60}  -> the outcome of a cell in a subshell
    {"do": "say", "kind": "comm_msg", "content": {...}, "buffers": ["text"]}  -> {"id": "..."} of the message over a comm
    {"do": "hear", "id": "...", "timeout": 60}               -> what the message caused, as the outcome of a cell
    {"do": "comms"}                                          -> {"comms": {"id": {"target_name": "..."}}}
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


def nothing_yet():
    return {"stdout": "", "stderr": "", "displays": [], "updates": [], "comms": [], "order": []}


class Held:
    """A kernel, its client and the cell that was sent last."""

    request, kept = None, []

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
        self.request, self.kept = self.client.execute(code), []
        return {}

    def ask(self, code, answers, timeout):
        """Run a cell and answer its prompts in turn; a prompt without answer is interrupted."""
        request = self.client.execute(code, allow_stdin=answers is not None)
        deadline, prompts = time.monotonic() + timeout, []
        for answer in [*(answers or []), None]:
            prompt = answers is not None and self.prompt(request, deadline)
            if not prompt:
                break
            prompts.append([prompt["content"]["prompt"], prompt["content"]["password"]])
            if answer is None:
                self.interrupt()
            else:
                self.client.input(answer)
        return {"prompts": prompts, **self.outcome(request, timeout)}

    def prompt(self, request, deadline):
        """The next prompt of a cell, None when the cell ends without one. The cell's outcome is left to read."""
        stdin, iopub = self.client.get_stdin_msg, self.client.get_iopub_msg
        while time.monotonic() < deadline:
            for get in stdin, iopub:
                try:
                    message = get(timeout=0.02)
                except queue.Empty:
                    continue
                if get == stdin:
                    return message
                self.kept.append((get, message))
                if message["parent_header"].get("msg_id") == request and message["content"].get("execution_state") == "idle":
                    return None
        raise TimeoutError("the cell neither prompts nor ends in time")

    def subshell(self):
        request = self.client.session.msg("create_subshell_request")
        self.client.control_channel.send(request)
        reply = self.message(self.client.get_control_msg, time.monotonic() + 20, request["header"]["msg_id"])
        return {"id": reply["content"]["subshell_id"]}

    def beside(self, code, subshell, timeout):
        content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False}
        request = self.client.session.msg("execute_request", content)
        request["header"]["subshell_id"] = subshell
        self.client.shell_channel.send(request)
        return self.outcome(request["header"]["msg_id"], timeout)

    def behind(self, code, timeout):
        outcome = self.outcome(self.client.execute(code), timeout)
        return {**outcome, "late": "".join(message["content"].get("text", "") for _, message in self.kept)}

    def late(self, timeout):
        message = self.message(self.client.get_iopub_msg, time.monotonic() + timeout, self.request)
        return {"text": message["content"].get("text", "")}

    def until(self, text, timeout, id=None):
        deadline, seen, printed = time.monotonic() + timeout, [], ""
        while text not in printed:
            message = self.message(self.client.get_iopub_msg, deadline, id or self.request)
            seen.append((self.client.get_iopub_msg, message))
            content = message["content"]
            if content.get("execution_state") == "idle":
                raise RuntimeError("the cell has ended")
            printed += content.get("text", "") + content.get("data", {}).get("text/plain", "")
        self.kept = seen + self.kept
        return {}

    def wait(self, timeout):
        return self.outcome(self.request, timeout)

    def outcome(self, request, timeout):
        """The outcome of a cell once both the reply and idle have come."""
        deadline = time.monotonic() + timeout
        outcome = nothing_yet()
        self.until_idle(request, deadline, outcome)
        reply = self.message(self.client.get_shell_msg, deadline, request)["content"]
        outcome["status"] = reply["status"]
        outcome["count"] = reply.get("execution_count")
        return outcome

    def until_idle(self, request, deadline, outcome):
        while not self.output(self.message(self.client.get_iopub_msg, deadline, request), outcome):
            pass

    def say(self, kind, content, buffers):
        message = self.client.session.msg(kind, content)
        message["buffers"] = [b.encode() for b in buffers]
        self.client.session.send(self.client.shell_channel.socket, message, buffers=message["buffers"])
        return {"id": message["header"]["msg_id"]}

    def hear(self, id, timeout):
        outcome = nothing_yet()
        self.until_idle(id, time.monotonic() + timeout, outcome)
        return outcome

    def comms(self):
        return {"comms": self.reply(self.client.comm_info(), 20)["comms"]}

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
        elif kind == "update_display_data":
            outcome["updates"].append(content["data"])
        elif kind.startswith("comm_"):
            outcome["comms"].append({"kind": kind, **content, "metadata": message["metadata"],
                                     "buffers": [bytes(b).decode() for b in message["buffers"]]})
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
        """The next message that answers the request; those of the cell sent last are kept for it."""
        for kept in self.kept:
            if kept[0] == get and kept[1]["parent_header"].get("msg_id") == request:
                self.kept.remove(kept)
                return kept[1]
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
            parent = message["parent_header"].get("msg_id")
            if parent == request:
                return message
            if parent == self.request:
                self.kept.append((get, message))

    def interrupt(self):
        """Interrupt as the kernelspec says, by message, and wait until the kernel has done so."""
        request = self.client.session.msg("interrupt_request", {})
        self.client.control_channel.send(request)
        self.message(self.client.get_control_msg, time.monotonic() + 60, request["header"]["msg_id"])
        return {}

    def alive(self):
        return {"alive": self.manager.is_alive()}

    def stop(self):
        if hasattr(self, "client"):
            self.client.stop_channels()
        if hasattr(self, "manager") and self.manager.is_alive():
            self.manager.shutdown_kernel()


def main():
    # Not sys.stdout: with PYTHONUNBUFFERED it drops the rest of a long line of which the pipe took a part.
    held, answers = Held(), open(1, "w", closefd=False)
    try:
        for line in sys.stdin:
            asked = json.loads(line)
            try:
                answer = getattr(held, asked.pop("do"))(**asked)
            except Exception as err:
                answer = {"failed": f"{type(err).__name__}: {err}"}
            print(json.dumps(answer), file=answers, flush=True)
    finally:
        held.stop()


if __name__ == "__main__":
    main()
