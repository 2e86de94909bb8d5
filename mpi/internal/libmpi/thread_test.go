//go:build mpi && linux

package libmpi

import (
	"sync"
	"syscall"
	"testing"
)

// TestOneThread stands for a library that lets no other thread in.
func TestOneThread(t *testing.T) {
	th := thread{work: make(chan func())}
	go th.serve()
	var first int
	th.send(func() { first = syscall.Gettid() })
	var callers sync.WaitGroup
	for range 8 {
		callers.Go(func() {
			th.run(func() {
				if got := syscall.Gettid(); got != first {
					t.Errorf("a call on thread %d, want %d", got, first)
				}
			})
		})
	}
	callers.Wait()
}
