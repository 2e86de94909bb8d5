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

from kernels import Kernel

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
    "sum of 1e6 floats": (
        "",
        "func total(x []float64) (s float64) {\n\tfor _, v := range x {\n\t\ts += v\n\t}\n\treturn s\n}",
        "st := make([]float64, 1000000)",
        "total(st)",
        "def total(x):\n    s = 0.0\n    for v in x:\n        s += v\n    return s",
        "st = [0.0] * 1000000",
        "total(st)",
    ),
    "sieve to 1e6": (
        "",
        "func sieve(n int) (c int) {\n\tout := make([]bool, n+1)\n\tfor i := 2; i <= n; i++ {\n\t\tif out[i] {\n\t\t\tcontinue\n\t\t}\n\t\tc++\n\t\tfor j := i * i; j <= n; j += i {\n\t\t\tout[j] = true\n\t\t}\n\t}\n\treturn c\n}",
        "",
        "sieve(1000000)",
        "def sieve(n):\n    out, c = [False] * (n + 1), 0\n    for i in range(2, n + 1):\n        if out[i]:\n            continue\n        c += 1\n        for j in range(i * i, n + 1, i):\n            out[j] = True\n    return c",
        "",
        "sieve(1000000)",
    ),
    "matrix product, 100x100": (
        "",
        "func product(a, b [][]float64) [][]float64 {\n\tc := make([][]float64, len(a))\n\tfor i := range a {\n\t\tc[i] = make([]float64, len(b[0]))\n\t\tfor j := range c[i] {\n\t\t\tfor k := range b {\n\t\t\t\tc[i][j] += a[i][k] * b[k][j]\n\t\t\t}\n\t\t}\n\t}\n\treturn c\n}",
        "pa := make([][]float64, 100)\nfor i := range pa {\n\tpa[i] = make([]float64, 100)\n}",
        "product(pa, pa)",
        "def product(a, b):\n    c = []\n    for i in range(len(a)):\n        c.append([0.0] * len(b[0]))\n        for j in range(len(b[0])):\n            for k in range(len(b)):\n                c[i][j] += a[i][k] * b[k][j]\n    return c",
        "pa = [[0.0] * 100 for i in range(100)]",
        "product(pa, pa)",
    ),
    "count words, 2e5": (
        "",
        "func words(list []string) int {\n\tcount := map[string]int{}\n\tfor _, w := range list {\n\t\tcount[w]++\n\t}\n\treturn len(count)\n}",
        "cw := strings.Fields(strings.Repeat(\"to be or not to \", 40000))",
        "words(cw)",
        "def words(list):\n    count = {}\n    for w in list:\n        count[w] = count.get(w, 0) + 1\n    return len(count)",
        "cw = ('to be or not to ' * 40000).split()",
        "words(cw)",
    ),
    "build a string, 2e5": (
        "",
        "func build(n int) int {\n\tvar b strings.Builder\n\tfor i := range n {\n\t\tb.WriteByte(byte('a' + i%26))\n\t}\n\treturn b.Len()\n}",
        "",
        "build(200000)",
        "def build(n):\n    b = []\n    for i in range(n):\n        b.append(chr(97 + i % 26))\n    return len(''.join(b))",
        "",
        "build(200000)",
    ),
    "format, 1e5": (
        "",
        "func formatted(n int) (s int) {\n\tfor i := range n {\n\t\ts += len(fmt.Sprintf(\"%d:%.2f\", i, float64(i)))\n\t}\n\treturn s\n}",
        "",
        "formatted(100000)",
        "def formatted(n):\n    s = 0\n    for i in range(n):\n        s += len('%d:%.2f' % (i, float(i)))\n    return s",
        "",
        "formatted(100000)",
    ),
    "filter and append, 1e6": (
        "",
        "func filter(x []int) []int {\n\tvar out []int\n\tfor _, v := range x {\n\t\tif v%3 == 0 {\n\t\t\tout = append(out, v)\n\t\t}\n\t}\n\treturn out\n}",
        "fa := rand.Perm(1000000)",
        "filter(fa)",
        "def filtered(x):\n    out = []\n    for v in x:\n        if v % 3 == 0:\n            out.append(v)\n    return out",
        "import random\nfa = random.sample(range(1000000), 1000000)",
        "filtered(fa)",
    ),
    "call a function value, 1e5": (
        "",
        "func apply(f func(int) int, n int) (s int) {\n\tfor i := range n {\n\t\ts += f(i)\n\t}\n\treturn s\n}",
        "",
        "apply(func(i int) int { return i * 2 }, 100000)",
        "def apply(f, n):\n    s = 0\n    for i in range(n):\n        s += f(i)\n    return s",
        "",
        "apply(lambda i: i * 2, 100000)",
    ),
    "binary trees, depth 12": (
        "type tree struct{ left, right *tree }",
        "func grow(d int) *tree {\n\tif d == 0 {\n\t\treturn &tree{}\n\t}\n\treturn &tree{grow(d - 1), grow(d - 1)}\n}",
        "",
        "grow(12)",
        "class Tree:\n    def __init__(self, left, right):\n        self.left, self.right = left, right\ndef grow(d):\n    if d == 0:\n        return Tree(None, None)\n    return Tree(grow(d - 1), grow(d - 1))",
        "",
        "grow(12)",
    ),
    "mandelbrot, 60x60": (
        "",
        "func mandelbrot(n int) (s int) {\n\tfor i := range n {\n\t\tfor j := range n {\n\t\t\tcx, cy := float64(i)/float64(n)*3-2, float64(j)/float64(n)*2-1\n\t\t\tx, y := 0.0, 0.0\n\t\t\tk := 0\n\t\t\tfor ; k < 100 && x*x+y*y < 4; k++ {\n\t\t\t\tx, y = x*x-y*y+cx, 2*x*y+cy\n\t\t\t}\n\t\t\ts += k\n\t\t}\n\t}\n\treturn s\n}",
        "",
        "mandelbrot(60)",
        "def mandelbrot(n):\n    s = 0\n    for i in range(n):\n        for j in range(n):\n            cx, cy = i / n * 3 - 2, j / n * 2 - 1\n            x, y, k = 0.0, 0.0, 0\n            while k < 100 and x * x + y * y < 4:\n                x, y = x * x - y * y + cx, 2 * x * y + cy\n                k += 1\n            s += k\n    return s",
        "",
        "mandelbrot(60)",
    ),
    "a loop on a variable of the notebook, 1e6": (
        "",
        "",
        "lt := 0",
        "func() int {\n\tfor i := 0; i < 1000000; i++ {\n\t\tlt += i & 3\n\t}\n\treturn lt\n}()",
        "def top():\n    s = 0\n    for i in range(1000000):\n        s += i & 3\n    return s",
        "",
        "top()",
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
        uses = [p for p in ("fmt", "math/rand", "sort", "strings", "time") if p.split("/")[-1] + "." in decls + funcs + before + "fmt.time."]
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
    kernel = Kernel("gofive")
    found = {}
    try:
        kernel.ready()
        for name, (decls, funcs, before, call, *_) in WORKS.items():
            if decls:
                kernel.main.execute(decls)
            kernel.main.execute(("%%native\n" if native else "") + funcs)
            printed = kernel.main.execute(f"func() {{\n{timed(before, call, COMPILED if native else REPEAT)}\n}}()")[1]
            found[name] = float("".join(m["content"]["text"] for m, _ in printed if m["msg_type"] == "stream"))
    finally:
        kernel.stop()
    return found


def session():
    """Round trips of one cell at the start of a session and after 10,000 cells."""
    kernel = Kernel("gofive")
    code = "func norm(x, y float64) float64 { return math.Sqrt(x*x + y*y) }\nn := norm(3, 4)\nn"
    try:
        kernel.ready()
        times = [kernel.main.execute(code)[0] for _ in range(10_000)]
    finally:
        kernel.stop()
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
