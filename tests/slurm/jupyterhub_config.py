"""A JupyterHub whose servers are jobs of the Slurm that up.sh has started. Its files lie in the working directory;
GOFIVE_HUB_PORTS are its ports: of the public address, of the hub itself and of the proxy's interface.
"""

import asyncio
import os
import shlex

from jupyterhub.spawner import Spawner
from jupyterhub.utils import random_port

NET = "10.78.0."  # of the nodes, as up.sh makes it
GATE = NET + "254"  # this computer, as nodes see it
public, own, proxy = os.environ["GOFIVE_HUB_PORTS"].split()


class JobSpawner(Spawner):
    """Runs a server as a job of two nodes, under the account of the hub: the nodes of tests have no other."""

    job = ""

    async def slurm(self, *command, text=""):
        child = await asyncio.create_subprocess_exec(
            *command, env=self.get_env(), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE)
        said, _ = await child.communicate(text.encode())
        return said.decode().strip()

    async def start(self):
        self.port = random_port()
        script = "#!/bin/sh\nexec " + shlex.join(self.cmd + self.get_args()) + "\n"
        self.job = await self.slurm("sbatch", "--parsable", "--nodes=2", "--ntasks-per-node=2", "--job-name=server",
                                    "--output=" + os.path.abspath("server.log"), text=script)
        while True:
            state, _, node = (await self.slurm("squeue", "-h", "-j", self.job, "-o", "%T %B")).partition(" ")
            if state == "RUNNING":
                return NET + node.removeprefix("gonode"), self.port
            if state not in ("PENDING", "CONFIGURING"):
                raise RuntimeError(f"job {self.job} is {state or 'gone'}")
            await asyncio.sleep(0.1)

    async def poll(self):
        left = self.job and await self.slurm("squeue", "-h", "-j", self.job, "-o", "%T")
        return None if left else 0

    async def stop(self, now=False):
        await self.slurm("scancel", self.job)
        while await self.poll() is None:
            await asyncio.sleep(0.1)


c = get_config()  # noqa: F821, JupyterHub gives it
c.JupyterHub.bind_url = f"http://127.0.0.1:{public}"
c.JupyterHub.hub_bind_url = c.JupyterHub.hub_connect_url = f"http://{GATE}:{own}"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{proxy}"
c.JupyterHub.authenticator_class = "jupyterhub.auth.DummyAuthenticator"
c.JupyterHub.spawner_class = JobSpawner
c.Spawner.start_timeout = c.Spawner.http_timeout = 120  # seconds; a busy computer may need more than 60 and 30
c.Spawner.ip = "0.0.0.0"  # of a node that only this computer sees
c.Spawner.args = ["--allow-root", "--NotebookApp.terminals_enabled=False"]
c.Spawner.environment = {"JUPYTERHUB_SINGLEUSER_APP": "notebook.notebookapp.NotebookApp", "HOME": os.getcwd()}
c.Spawner.env_keep = [name for name in os.environ if not name.startswith(("CONFIGPROXY", "JUPYTERHUB"))]
