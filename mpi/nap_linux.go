package mpi

import (
	"syscall"
	"time"
)

const (
	setTimerSlack = 29 // PR_SET_TIMERSLACK of prctl(2)
	// napSlack is by how much the system may lengthen a nap, in nanoseconds. Threads of a rank are less exact elsewhere.
	napSlack = 50_000
)

// nap is a sleep of microseconds. The runtime's own is rounded up to a millisecond.
func nap(d time.Duration) {
	_, _, _ = syscall.RawSyscall(syscall.SYS_PRCTL, setTimerSlack, napSlack, 0) // of this thread, whichever it is
	t := syscall.NsecToTimespec(int64(d))
	_ = syscall.Nanosleep(&t, nil) // a signal only makes it shorter
}
