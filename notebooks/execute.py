"""Execute a notebook through the real Jupyter client and say how it goes, cell by cell.

usage: execute.py NOTEBOOK EXECUTED [PAGE]

NOTEBOOK is run by the kernel it names, in its own folder; what came of it is written to EXECUTED,
also when a cell failed, and as an HTML page to PAGE. The exit status is 1 when a cell failed that
is not tagged raises-exception.
"""

import os
import sys
import time

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError


class Teller(NotebookClient):
    """Prints one line for every code cell: its number, its first line, how it ended, how long it took."""

    async def async_execute_cell(self, cell, cell_index, **kwargs):
        if cell.cell_type != "code":
            return await super().async_execute_cell(cell, cell_index, **kwargs)
        code = [c for c in self.nb.cells if c.cell_type == "code"]
        number = next(i for i, c in enumerate(code, 1) if c is cell)
        first = (cell.source.splitlines() or [""])[0]
        print(f"  cell {number:2} of {len(code)}  {first[:60]:60}", end=" ", flush=True)
        start = time.monotonic()
        try:
            done = await super().async_execute_cell(cell, cell_index, **kwargs)
        except Exception:
            print("failed", flush=True)
            raise
        failed = any(o.output_type == "error" for o in done.outputs)
        word = "error, as intended" if failed else "ok"
        print(f"{word} ({time.monotonic() - start:.2f} s)", flush=True)
        return done


def page(notebook, title):
    """The notebook as one HTML page that asks no other server for anything."""
    from nbconvert import HTMLExporter

    exporter = HTMLExporter(require_js_url="", mathjax_url="", widget_renderer_url="")
    return exporter.from_notebook_node(notebook, resources={"metadata": {"name": title}})[0]


def main(source, executed, html=None):
    notebook = nbformat.read(source, as_version=4)
    folder = os.path.dirname(os.path.abspath(source))
    client = Teller(notebook, timeout=300, startup_timeout=60, resources={"metadata": {"path": folder}})
    status = 0
    try:
        client.execute()
    except (CellExecutionError, DeadKernelError) as err:
        print(err, file=sys.stderr)
        status = 1
    nbformat.write(notebook, executed)
    if html:
        with open(html, "w", encoding="utf-8") as out:
            out.write(page(notebook, os.path.splitext(os.path.basename(html))[0]))
    return status


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
