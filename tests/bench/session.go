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

// warmCell is what a person types again and again: a function and its use.
const warmCell = `func norm(x, y float64) float64 { return math.Sqrt(x*x + y*y) }
n := norm(3, 4)
s := []float64{n, n / 2}
fmt.Sprint(s, len(s))`

// session runs the same cell in one notebook of this process and prints, as it goes, what the last of
// them took and what each has left on the heap.
func session(args []string) error {
	n, err := strconv.Atoi(args[0])
	if err != nil {
		return err
	}
	start := time.Now()
	nb, err := cells.NewNotebook()
	if err != nil {
		return err
	}
	fmt.Printf("an interpreter with all packages: %.1f ms\n", ms(time.Since(start)))
	fmt.Printf("check and lower a cell of four lines: %.2f ms, median of 200\n", ms(frontEnd()))
	var took []time.Duration
	var before uint64
	for i := 1; i <= n; i++ {
		start := time.Now()
		if r := nb.Run(cells.Cell{Code: warmCell}); r.Failure != "" {
			return fmt.Errorf("cell %d: %s", i, r.Failure)
		}
		took = append(took, time.Since(start))
		if i == 100 {
			before = heap() // what the first cells load stays anyway
		}
		if i == 1000 || i == n {
			kept := float64(heap()-before) / 1024 / float64(i-100)
			fmt.Printf("%6d cells: the last 100 took %.2f ms each, each keeps %.1f KB\n", i, ms(median(took[len(took)-100:])), kept)
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
		if _, err := s.Check(fmt.Sprintf("In[%d]", i+1), warmCell); err != nil {
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
