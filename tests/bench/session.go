package main

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"time"

	"gofive/kernel/cell"
	"gofive/kernel/cell/exports"
	"gofive/tests/cells"
)

// warmCell is what a person types again and again: a function and its use. In place of %d stands a
// number, always the same or a new one.
const warmCell = `func norm%[1]d(x, y float64) float64 { return math.Sqrt(x*x + y*y) }
n%[1]d := norm%[1]d(3, 4)
s%[1]d := []float64{n%[1]d, n%[1]d / 2}
fmt.Sprint(s%[1]d, len(s%[1]d))`

// session runs a cell in one notebook of this process, the same again and again and then with names of
// its own each time, and prints what the last of them took and what each has left on the heap.
func session(args []string) error {
	n, err := strconv.Atoi(args[0])
	if err != nil {
		return err
	}
	fmt.Printf("check and lower a cell of four lines: %.2f ms, median of 200\n", ms(frontEnd()))
	if err := repeat("run again", n, func(int) int { return 0 }); err != nil {
		return err
	}
	return repeat("with names of its own", n, func(i int) int { return i })
}

// repeat runs n cells in a new notebook, with the number that each has in its names.
func repeat(kind string, n int, number func(i int) int) error {
	nb, err := cells.NewNotebook()
	if err != nil {
		return err
	}
	var took []time.Duration
	var before uint64
	for i := 1; i <= n; i++ {
		start := time.Now()
		if r := nb.Run(cells.Cell{Code: fmt.Sprintf(warmCell, number(i))}); r.Failure != "" {
			return fmt.Errorf("cell %d: %s", i, r.Failure)
		}
		took = append(took, time.Since(start))
		if i == 100 {
			before = heap() // what the first cells load stays anyway
		}
		if i == 1000 || i == n {
			kept := float64(heap()-before) / 1024 / float64(i-100)
			fmt.Printf("%6d cells, %s: the last 100 took %.2f ms each, each keeps %.1f KB\n", i, kind, ms(median(took[len(took)-100:])), kept)
		}
	}
	return nil
}

// frontEnd is what the kernel does with a cell before an engine sees it.
func frontEnd() time.Duration {
	s := cell.NewSession(exports.Library())
	var took []time.Duration
	for i := range 220 {
		start := time.Now()
		if _, err := s.Check(fmt.Sprintf("In[%d]", i+1), fmt.Sprintf(warmCell, 0)); err != nil {
			fmt.Fprintln(os.Stderr, err) // it would be no measurement
			os.Exit(1)
		}
		took = append(took, time.Since(start))
	}
	return median(took[20:])
}

func ms(d time.Duration) float64 { return d.Seconds() * 1000 }

func median(d []time.Duration) time.Duration {
	d = slices.Sorted(slices.Values(d))
	return d[len(d)/2]
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
