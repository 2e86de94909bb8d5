package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
	"time"
)

// plain reads a file n times with all processors, does nothing with the bytes, and prints the seconds of
// each: the limit of all that has to look at them.
func plain(path string, n int) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	for range n {
		start := time.Now()
		if err := readAll(f, info.Size()); err != nil {
			return err
		}
		fmt.Printf("%.6f ", time.Since(start).Seconds())
	}
	return nil
}

func readAll(f *os.File, size int64) error {
	const piece = 1 << 20
	n := runtime.GOMAXPROCS(0)
	errs := make([]error, n)
	var all sync.WaitGroup
	for k := range n {
		all.Go(func() {
			b := make([]byte, piece)
			for at := int64(k) * piece; at < size && errs[k] == nil; at += int64(n) * piece {
				_, errs[k] = f.ReadAt(b[:min(piece, size-at)], at)
			}
		})
	}
	all.Wait()
	return errors.Join(errs...)
}
