"""Measure the language of cells in one run: Go compiled, CPython, plain cells and %%native cells.

usage: language.py FOLDER

FOLDER takes the Go program, which is made of the same text as the cells. All do the same work; each
is measured by its own clock, around the call alone. Like is compared with like: memory that is handed
over has been worked on before, the compiler may not put a function into the loop that calls it, since cells
and native code are two programs, and what is compiled runs often enough for the collector to
give out memory that was in use before. Run by make bench.
"""

import json
import os
import statistics
import subprocess
import sys
import time

from bench import Client

# name -> declarations, the functions to make native, what comes before the clock, what is measured,
# and the same for Python.
WORKS = {
    "fib(30)": (
        "",
        "func fib(n int) int {\n\tif n < 2 {\n\t\treturn n\n\t}\n\treturn fib(n-1) + fib(n-2)\n}",
        "",
        "fib(30)",
        "def fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)",
        "",
        "fib(30)",
    ),
    "nested loop, 1e7": (
        "",
        "func nested(n int) (s int) {\n\tfor i := 0; i < n; i++ {\n\t\tfor j := 0; j < n; j++ {\n\t\t\ts += i ^ j\n\t\t}\n\t}\n\treturn s\n}",
        "",
        "nested(3163)",
        "def nested(n):\n    s = 0\n    for i in range(n):\n        for j in range(n):\n            s += i ^ j\n    return s",
        "",
        "nested(3163)",
    ),
    "saxpy, 1e6": (
        "var sx, sy = make([]float64, 1000000), make([]float64, 1000000)",
        "func saxpy(a float64, x, y []float64) {\n\tfor i := range x {\n\t\ty[i] += a * x[i]\n\t}\n}",
        "saxpy(1, sx, sy)",
        "saxpy(2, sx, sy)",
        "sx, sy = [1.0] * 1000000, [1.0] * 1000000\ndef saxpy(a, x, y):\n    for i in range(len(x)):\n        y[i] += a * x[i]",
        "saxpy(1, sx, sy)",
        "saxpy(2, sx, sy)",
    ),
    "map insert, 1e6": (
        "",
        "func fill(n int) int {\n\tm := map[int]int{}\n\tfor i := 0; i < n; i++ {\n\t\tm[i*7] = i\n\t}\n\treturn len(m)\n}",
        "",
        "fill(1000000)",
        "def fill(n):\n    m = {}\n    for i in range(n):\n        m[i * 7] = i\n    return len(m)",
        "",
        "fill(1000000)",
    ),
    "pointer method, 1e6": (
        "type counter struct{ n int }\nfunc (c *counter) inc(k int) { c.n += k }",
        "func byPointer(n int) int {\n\tvar c counter\n\tfor i := 0; i < n; i++ {\n\t\tc.inc(i)\n\t}\n\treturn c.n\n}",
        "",
        "byPointer(1000000)",
        "class Counter:\n    def __init__(self):\n        self.n = 0\n    def inc(self, k):\n        self.n += k\ndef by_pointer(n):\n    c = Counter()\n    for i in range(n):\n        c.inc(i)\n    return c.n",
        "",
        "by_pointer(1000000)",
    ),
    "value method, 1e6": (
        "type point struct{ x, y int }\nfunc (p point) sum(k int) int { return p.x + p.y + k }",
        "func byValue(n int) (s int) {\n\tp := point{1, 2}\n\tfor i := 0; i < n; i++ {\n\t\ts += p.sum(i)\n\t}\n\treturn s\n}",
        "",
        "byValue(1000000)",
        "class Point:\n    def __init__(self):\n        self.x, self.y = 1, 2\n    def sum(self, k):\n        return self.x + self.y + k\ndef by_value(n):\n    p, s = Point(), 0\n    for i in range(n):\n        s += p.sum(i)\n    return s",
        "",
        "by_value(1000000)",
    ),
    "interface method, 1e6": (
        "type shape interface{ area(k int) int }\ntype square struct{ s int }\nfunc (q square) area(k int) int { return q.s*q.s + k }",
        "func byInterface(n int) (s int) {\n\tqs := []shape{square{3}, square{4}}\n\tfor i := 0; i < n; i++ {\n\t\ts += qs[i&1].area(i)\n\t}\n\treturn s\n}",
        "",
        "byInterface(1000000)",
        "class Square:\n    def __init__(self, s):\n        self.s = s\n    def area(self, k):\n        return self.s * self.s + k\ndef by_interface(n):\n    qs, s = [Square(3), Square(4)], 0\n    for i in range(n):\n        s += qs[i & 1].area(i)\n    return s",
        "",
        "by_interface(1000000)",
    ),
    "sort of 1e6 ints": (
        "",
        "func sorted(v []int) int {\n\tsort.Ints(v)\n\treturn v[0]\n}",
        "sv := rand.Perm(1000000)",
        "sorted(sv)",
        "def in_order(v):\n    v.sort()\n    return v[0]",
        "import random\nsv = random.sample(range(1000000), 1000000)",
        "in_order(sv)",
    ),
    "sort of 1e5 by a function": (
        "type row struct {\n\tkey int\n\tname string\n}",
        "func byKey(v []row) int {\n\tsort.Slice(v, func(i, j int) bool { return v[i].key < v[j].key })\n\treturn v[0].key\n}",
        "sr := make([]row, 100000)\nfor i, k := range rand.Perm(100000) {\n\tsr[i].key = k\n}",
        "byKey(sr)",
        "def by_key(v):\n    v.sort(key=lambda r: r[0])\n    return v[0][0]",
        "import random\nsr = [(k, '') for k in random.sample(range(100000), 100000)]",
        "by_key(sr)",
    ),
}

REPEAT = 3
COMPILED = 20


def timed(before, call, repeat):
    """A Go statement that prints the least of some runs in seconds."""
    call = f"_ = {call}" if "saxpy" not in call else call
    return (
        f"best := time.Hour\nfor range {repeat} {{\n{before}\nstart := time.Now()\n{call}\n"
        "best = min(best, time.Since(start))\n}\nfmt.Println(best.Seconds())"
    )


def go(folder):
    """Each work as a program of its own, built by Go."""
    found = {}
    for i, (name, (decls, funcs, before, call, *_)) in enumerate(WORKS.items()):
        program = f"{folder}/language{i}"
        os.makedirs(program, exist_ok=True)
        uses = [p for p in ("fmt", "math/rand", "sort", "time") if p.split("/")[-1] + "." in decls + funcs + before + "fmt.time."]
        imports = "\n".join(f'"{p}"' for p in uses)
        with open(f"{program}/main.go", "w") as out:
            out.write(f"package main\nimport (\n{imports}\n)\n{decls}\n//go:noinline\n{funcs}\nfunc main() {{\n{timed(before, call, COMPILED)}\n}}\n")
        subprocess.run(["go", "build", "-o", f"{program}/run", f"{program}/main.go"], check=True)
        found[name] = float(subprocess.run([f"{program}/run"], check=True, capture_output=True, text=True).stdout)
    return found


def python():
    found = {}
    for name, (*_, decls, before, call) in WORKS.items():
        space = {}
        exec(decls, space)
        best = float("inf")
        for _ in range(REPEAT):
            exec(before, space)
            start = time.perf_counter()
            eval(call, space)
            best = min(best, time.perf_counter() - start)
        found[name] = best
    return found


def cells(native):
    """The works in cells of a new kernel; with native, their functions are compiled first."""
    client = Client("gofive")
    found = {}
    try:
        client.ready()
        for name, (decls, funcs, before, call, *_) in WORKS.items():
            if decls:
                client.output(decls)
            client.output(("%%native\n" if native else "") + funcs)
            found[name] = float(client.output(f"func() {{\n{timed(before, call, COMPILED if native else REPEAT)}\n}}()"))
    finally:
        client.stop()
    return found


def session():
    """Round trips of one cell at the start of a session and after 10,000 cells."""
    client = Client("gofive")
    code = "func norm(x, y float64) float64 { return math.Sqrt(x*x + y*y) }\nn := norm(3, 4)\nn"
    try:
        client.ready()
        times = [client.run(code) for _ in range(10_000)]
    finally:
        client.stop()
    return statistics.median(times[100:200]), statistics.median(times[-100:])


def main(folder):
    readers = {"Go": go(folder), "CPython": python(), "cells": cells(False), "%%native": cells(True)}
    print(f"{'':28}" + "".join(f"{r + ' ms':>14}" for r in readers) + f"{'cells/CPython':>15}{'native/Go':>11}")
    for name in WORKS:
        t = {r: found[name] for r, found in readers.items()}
        print(f"{name:28}" + "".join(f"{1e3 * s:>14.2f}" for s in t.values())
              + f"{t['cells'] / t['CPython']:>13.1f} x{t['%%native'] / t['Go']:>9.2f} x")
    first, last = session()
    print(f"a cell of three lines, round trip: {1e3 * first:.1f} ms at first, {1e3 * last:.1f} ms after 10,000 cells")
    with open(f"{folder}/language.json", "w") as out:
        json.dump({**readers, "session": [first, last]}, out, indent=1)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
