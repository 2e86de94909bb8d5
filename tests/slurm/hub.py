"""Use a JupyterHub as a browser does: log in by its form, have a server started, and run cells on a kernel there.

    hub.py ADDRESS CELL...

Each cell gives one line on stdout, {"status": "ok", "text": what it printed or how it failed}. Then the server is stopped.
"""

import asyncio
import json
import sys
import time
import uuid

import requests
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

PATIENCE = 120  # seconds, for each step


def retry(what, step):
    """What step gives as soon as that is something."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            got = step()
            if got:
                return got
        except requests.ConnectionError:
            pass
        time.sleep(0.2)
    sys.exit(f"{what}: not in {PATIENCE} s")


class Browser:
    def __init__(self, address):
        self.address, self.session = address, requests.Session()

    def ok(self, path):
        answer = self.session.get(self.address + path, timeout=60)
        return answer if answer.ok and answer.headers.get("content-type", "").startswith(("text/html", "application/json")) else None

    def log_in(self, user):
        retry("the hub's login page", lambda: self.ok("/hub/login"))
        answer = self.session.post(self.address + "/hub/login", data={"username": user, "password": "any"}, timeout=60)
        answer.raise_for_status()

    def start_server(self, user):
        self.session.get(self.address + f"/hub/spawn/{user}", timeout=60)
        self.base = f"/user/{user}/"
        # The page, unlike the interface, lets the hub vouch for who is there.
        retry("the server", lambda: self.ok(self.base + "tree") and "kernelspecs" in (self.json("api/kernelspecs") or {}))

    def json(self, path):
        answer = self.ok(self.base + path)
        try:
            return answer and answer.json()
        except ValueError:  # a page that says that the server is on its way
            return None

    def start_kernel(self):
        token = next(c.value for c in self.session.cookies if c.name == "_xsrf")  # against forged requests
        answer = self.session.post(self.address + self.base + "api/kernels", json={"name": "gofive"},
                                   headers={"X-XSRFToken": token}, timeout=60)
        answer.raise_for_status()
        return answer.json()["id"]

    async def channels(self, kernel):
        url = self.address + self.base + f"api/kernels/{kernel}/channels?session_id={uuid.uuid4().hex}"
        cookies = self.session.cookies.get_dict(path=self.base)
        return await websocket_connect(HTTPRequest(url.replace("http", "ws", 1), headers={
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()), "Origin": self.address}))

    def stop_server(self, user):
        self.session.delete(self.address + f"/hub/api/users/{user}/server", timeout=60,
                            headers={"Referer": self.address + "/hub/home"}).raise_for_status()


async def run(socket, code):
    id = uuid.uuid4().hex
    await socket.write_message(json.dumps({
        "header": {"msg_id": id, "msg_type": "execute_request", "session": "hub", "username": "", "date": "", "version": "5.3"},
        "parent_header": {}, "metadata": {}, "channel": "shell", "buffers": [],
        "content": {"code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False}}))
    text, status, idle = "", None, False
    while not (status and idle):
        message = json.loads(await asyncio.wait_for(socket.read_message(), PATIENCE))
        if message["parent_header"].get("msg_id") != id:
            continue
        content = message["content"]
        text += content.get("text", "") + content.get("evalue", "") * (message["msg_type"] == "error")
        if message["msg_type"] == "execute_reply":
            status = content["status"]
        idle = idle or content.get("execution_state") == "idle"
    return {"status": status, "text": text}


async def main(address, *cells):
    browser, user = Browser(address), "alice"
    browser.log_in(user)
    browser.start_server(user)
    socket = await browser.channels(browser.start_kernel())
    for code in cells:
        print(json.dumps(await run(socket, code)), flush=True)
    browser.stop_server(user)


asyncio.run(main(*sys.argv[1:]))
