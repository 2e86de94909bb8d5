//go:build mpi

package libmpi

import "runtime"

// thread is the OS thread that called MPI_Init_thread: MPI_Finalize is for it alone, and so is every
// call where the library does not let other threads in.
type thread struct {
	work chan func()
	free bool // other threads may call, too
}

// serve does the work of the thread; it never ends, as the thread must not.
func (t *thread) serve() {
	runtime.LockOSThread()
	for f := range t.work {
		f()
	}
}

// run calls f where MPI allows it and waits.
func (t *thread) run(f func()) {
	if t.free {
		f()
		return
	}
	t.send(f)
}

// send calls f on the thread and waits.
func (t *thread) send(f func()) {
	done := make(chan struct{})
	t.work <- func() {
		defer close(done)
		f()
	}
	<-done
}
