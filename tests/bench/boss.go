package main

import (
	"fmt"
	"time"

	"gofive/h5/boss"
)

// stackSpectra adds up all spectra of a file at rest, n times, and prints the seconds of each.
func stackSpectra(path string, n int) error {
	for range n {
		start := time.Now()
		set, err := boss.Query(path, "")
		if err != nil {
			return err
		}
		if _, err := set.Stack(); err != nil {
			return err
		}
		fmt.Printf("%.6f ", time.Since(start).Seconds())
	}
	return nil
}
