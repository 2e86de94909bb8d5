package main

import (
	"testing"
	"time"

	"gofive/mpi"
)

// TestTellWaits: a call that lasts is told once, and one that comes later again.
func TestTellWaits(t *testing.T) {
	told := make(chan mpi.Call, 10)
	go tellWaits(20*time.Millisecond, func(c mpi.Call, span time.Duration) { told <- c })
	for _, name := range []string{"MPI_One", "MPI_Two"} {
		end := mpi.Begin(name)
		if c := <-told; c.Func != name {
			t.Errorf("%v is told, want %s", c, name)
		}
		time.Sleep(50 * time.Millisecond)
		if len(told) > 0 {
			t.Errorf("%v is told twice", <-told)
		}
		end()
	}
}
